"""How much of a chest's turning a breath of each rate would explain.

It looks at the steps of the tilt from quarter to quarter, not at the tilt: a body sways like a random walk,
whose steps are white, so that least squares on steps is the likeliest fit; a change of posture spoils the
steps that it takes and no others; and steps that are not known (movement, lost frames) have no weight.
"""

import math
from dataclasses import dataclass

import numpy as np

from breathsync.breath.chest_bins import HZ, Bools, Floats

STEPS_PER_OCTAVE = 16
RATES = 3.0 * 2.0 ** (np.arange(61) / STEPS_PER_OCTAVE)  # breaths/min, 3 to 40
WINDOWS_S = (12, 20, 32)
LONGEST = max(WINDOWS_S) * HZ
_RISES, _FALLS = 0.3, 0.05  # shares of a window that fade in and out
_LEAST_COVER = 0.35
_PINK = 0.35  # harmonics stand out in steps: odds of a rate fall by its power


@dataclass(frozen=True, slots=True)
class Explained:
    """Of one window: the share explained by each rate (rates,), cosine and sine (rates, 2, 2), cover."""

    share: Floats
    waves: Floats
    cover: float


class SpectralWindow:
    """Weighted least squares of a constant, a cosine and a sine at every rate."""

    def __init__(self, seconds: int) -> None:
        self.length = seconds * HZ
        before_s = (np.arange(self.length) - self.length + 0.5) / HZ
        phase = 2 * np.pi * np.outer(before_s, RATES / 60)
        c, s = np.cos(phase), np.sin(phase)
        self._products = np.concatenate([c * c, s * s, c * s, c, s], 1)
        self._waves = np.stack([c, s], 2).reshape(self.length, -1).T.copy()  # cosine and sine by rate
        self._taper = _taper(self.length)
        self._whole = float(self._taper.sum())
        self._when_all_known = self._inverse(self._taper, self._whole)

    def fit(self, steps: Floats, known: Bools) -> Explained | None:
        """Steps (n, 2), where known (n,); `None` where too few are."""
        known = known[-self.length :]
        if known.all():
            weight, total, inverse = self._taper, self._whole, self._when_all_known
        else:
            weight = known * self._taper
            total = float(np.add.reduce(weight))
            if total < _LEAST_COVER * self._whole:
                return None
            inverse = self._inverse(weight, total)
        x = steps[-self.length :]
        x = x - weight @ x / total
        weighted = x * weight[:, None]
        seen = (self._waves @ weighted).reshape(-1, 2, 2)
        waves = inverse @ seen
        explained = np.einsum("fij,fij->f", waves, seen)
        share = explained / (float(np.vdot(weighted, x)) + 1e-9)
        return Explained(np.clip(share, 0.0, 0.999, out=share), waves, total / self._whole)

    def _inverse(self, weight: Floats, total: float) -> Floats:
        """Of the normal equations of cosine and sine (rates, 2, 2), the constant taken out."""
        cc, ss, cs, c1, s1 = (weight @ self._products).reshape(5, -1)
        cc, ss, cs = cc - c1 * c1 / total, ss - s1 * s1 / total, cs - c1 * s1 / total
        scale = 1 / (cc * ss - cs * cs + 1e-9)
        off = -cs * scale
        return np.stack([ss * scale, off, off, cc * scale], 1).reshape(-1, 2, 2)


class ChestSpectrum:
    """All windows at once, and the rate that explains most."""

    def __init__(self) -> None:
        self._windows = tuple(SpectralWindow(seconds) for seconds in WINDOWS_S)
        self._odds = (RATES / 12) ** -_PINK

    def fit(self, steps: Floats, known: Bools) -> tuple[Explained | None, ...]:
        """One for each of `WINDOWS_S`."""
        return tuple(window.fit(steps, known) for window in self._windows)

    def score(self, fits: tuple[Explained | None, ...]) -> Floats:
        """Which rates are likely (rates,), from the windows that say something."""
        parts = [fit.cover * fit.share for fit in fits[1:] if fit is not None]
        if not parts and fits[0] is not None:
            parts = [fits[0].share]
        return np.asarray(sum(parts, np.zeros(len(RATES))) * self._odds)


def peak(score: Floats) -> tuple[int, float]:
    """Number of the best rate, and the rate at the top of the parabola through it, breaths/min."""
    at = int(score.argmax())
    shift = 0.0
    if 0 < at < len(score) - 1:
        left, middle, right = score[at - 1 : at + 2].tolist()
        bend = left - 2 * middle + right
        shift = 0.5 * (left - right) / bend if bend < 0 else 0.0
    return at, float(RATES[0]) * 2.0 ** ((at + shift) / STEPS_PER_OCTAVE)


def _taper(length: int) -> Floats:
    place = np.arange(length) + 0.5
    rise, fall = _RISES * length, _FALLS * length
    up = np.sin(np.minimum(place / rise, 1.0) * math.pi / 2) ** 2
    down = np.sin(np.minimum((length - place) / fall, 1.0) * math.pi / 2) ** 2
    return np.asarray(up * down)
