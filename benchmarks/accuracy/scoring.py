"""The definitions of found, false and jitter, and the marking rules which we compare with."""

from typing import NamedTuple

import numpy as np

from benchmarks.accuracy.recordings import Bools
from benchmarks.accuracy.through import flaws
from breathsync.events import Flaw
from breathsync.heart.hrv import FloatArray


class Found(NamedTuple):
    """Counts that add up over recordings."""

    found: int
    bad: int
    false: int
    good: int

    def __add__(self, other: object) -> "Found":
        if not isinstance(other, Found):
            return NotImplemented
        return Found(*(a + b for a, b in zip(self, other, strict=True)))

    @property
    def sensitivity(self) -> float:
        return self.found / self.bad if self.bad else float("nan")

    @property
    def false_per_1000(self) -> float:
        return 1000.0 * self.false / self.good if self.good else float("nan")


NOTHING = Found(0, 0, 0, 0)


def widened(mask: Bools, by: int) -> Bools:
    """True within `by` beats of a True."""
    wide = mask.copy()
    for k in range(1, by + 1):
        wide[k:] |= mask[:-k]
        wide[:-k] |= mask[k:]
    return wide


def score_flags(bad: Bools, flagged: Bools) -> Found:
    """Found: a flag within one beat of it. False: a flag more than two beats from any bad one."""
    return Found(
        int((widened(flagged, 1) & bad).sum()),
        int(bad.sum()),
        int((flagged & ~widened(bad, 2)).sum()),
        int((~bad).sum()),
    )


def flags(rr_ms: FloatArray) -> Bools:
    return np.array([flaw is not Flaw.NONE for flaw in flaws(rr_ms)])


def twenty_percent(rr_ms: FloatArray) -> Bools:
    """The usual rule: changed by more than 20 % from the interval before."""
    change = np.abs(np.diff(rr_ms, prepend=rr_ms[0])) / np.roll(rr_ms, 1)
    return change > 0.2


def kubios(rr_ms: FloatArray, chunk: int = 5000) -> Bools:
    """neurokit2's signal_fixpeaks (Lipponen & Tarvainen 2019), not iterated, per 5000 beats."""
    import neurokit2 as nk

    flagged = np.zeros(len(rr_ms), np.bool_)
    for low in range(0, len(rr_ms), chunk):
        part = rr_ms[low : low + chunk]
        if len(part) < 12:
            continue
        peaks = np.concatenate(([0.0], np.cumsum(part))).round().astype(int)
        try:
            found, _ = nk.signal_fixpeaks(peaks, 1000, iterative=False, method="Kubios")
        except (IndexError, ValueError):  # it fails on some very irregular stretches
            continue
        for kind in ("ectopic", "missed", "extra", "longshort"):
            at = np.asarray(found[kind], dtype=int) - 1  # peak k ends interval k - 1
            flagged[low + at[(at >= 0) & (at < len(part))]] = True
    return flagged


def rmssd(rr_ms: FloatArray, flagged: Bools) -> float:
    """ms; only differences between two neighbouring unflagged intervals."""
    both = ~flagged[1:] & ~flagged[:-1]
    return float(np.sqrt(np.mean(np.diff(rr_ms)[both] ** 2))) if both.any() else float("nan")


class Peaks(NamedTuple):
    matched: int
    true: int
    found: int
    errors_ms: FloatArray  # of the matched, minus their median


def score_peaks(true_s: FloatArray, found_s: FloatArray, tolerance_s: float = 0.05) -> Peaks:
    """One-to-one in time order; only the stretch which the reference marks cover."""
    low, high = max(0.5, true_s[0] - 0.2), true_s[-1] + 0.2
    true_s = true_s[true_s > 0.5]
    found_s = found_s[(found_s > low) & (found_s < high)]
    i = j = 0
    errors: list[float] = []
    while i < len(true_s) and j < len(found_s):
        error = float(found_s[j] - true_s[i])
        if abs(error) <= tolerance_s:
            errors.append(1000.0 * error)
            i, j = i + 1, j + 1
        elif error > 0.0:
            i += 1
        else:
            j += 1
    centred = np.array(errors) - np.median(errors) if errors else np.empty(0)
    return Peaks(len(errors), len(true_s), len(found_s), centred)
