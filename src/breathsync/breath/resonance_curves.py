"""The curves of swing against pace that a person's rhythm may follow, and how likely each is beforehand.

A resonance of quality like that of the baroreflex loop: gain 1 / sqrt(1 + x²), x = (pace - peak) / width,
where the width may differ below and above the peak; beside it bell curves, for hearts that do not keep to
the model. Peaks: adults lie at 4.5-6.5 breaths a minute (Shaffer & Meehan 2020), all of it as likely, with
a little room on both sides. The prior is meant for a whole population, not for one kind of curve.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import exp, log2

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

SLOWEST_PEAK, QUICKEST_PEAK, PEAK_STEP = 4.0, 7.0, 0.1
_WIDTHS = (0.35, 0.5, 0.7, 1.0, 1.4, 2.0)  # breaths a minute to 71 % of the gain
_ASYMMETRY = 0.3  # twice as wide on one side, 1.0 on average: exp(-0.3) as likely as an even curve
_BELL_SHARE, _BELL_WIDER = 0.15, 1.2
_ADULTS, _ROOM = (4.5, 6.5), 0.25


@dataclass(frozen=True)
class Curves:
    """Every curve: arrays of shape (peaks * shapes,), all shapes of the first peak first."""

    peaks: FloatArray
    below: FloatArray
    above: FloatArray
    bell: NDArray[np.bool_]
    log_prior: FloatArray

    @cached_property
    def peak_grid(self) -> FloatArray:
        """The peaks, each once."""
        return np.unique(self.peaks)

    def gain(self, per_min: float | FloatArray) -> FloatArray:
        """Gain, 0 to 1, of every curve at each pace: shape (curves, paces)."""
        away = np.atleast_1d(np.asarray(per_min, dtype=np.float64))[None, :] - self.peaks[:, None]
        x = away / np.where(away > 0, self.above[:, None], self.below[:, None])
        bell = self.bell[:, None]
        return np.where(bell, np.exp(-0.5 * x * x), 1 / np.sqrt(1 + x * x))


def curves() -> Curves:
    """The curves that are thought possible, and their prior."""
    peaks = np.round(np.arange(SLOWEST_PEAK, QUICKEST_PEAK + PEAK_STEP / 2, PEAK_STEP), 6)
    shapes = _shapes()
    below, above, bell, prior = (np.array(column) for column in zip(*shapes, strict=True))
    outside = np.maximum(0, np.maximum(_ADULTS[0] - peaks, peaks - _ADULTS[1])) / _ROOM
    peak_prior = np.exp(-0.5 * outside**2)
    both = np.outer(peak_prior / peak_prior.sum(), prior / prior.sum()).ravel()
    n = len(peaks)
    return Curves(
        np.repeat(peaks, len(shapes)), np.tile(below, n), np.tile(above, n), np.tile(bell, n), np.log(both)
    )


def _shapes() -> list[tuple[float, float, bool, float]]:
    """Width below and above the peak, whether it is a bell, and how likely.

    The narrower a curve, the less room there is for its sides to differ.
    """
    pairs = [
        (a, b, False, exp(-_ASYMMETRY * abs(log2(a / b)) / (a * b))) for a, b in product(_WIDTHS, _WIDTHS)
    ]
    bells = _BELL_SHARE / (1 - _BELL_SHARE) * sum(weight for *_, weight in pairs) / len(_WIDTHS)
    return pairs + [(_BELL_WIDER * w, _BELL_WIDER * w, True, bells) for w in _WIDTHS]
