"""Whether variability can be said of a window of beats, and if not, why not.

* `too_short`          beats have not come for the whole window yet.
* `intervals_missing`  too much of the window has no interval: contact or link lost, or a program that
                       kept one interval a second.
* `too_irregular`      irregular throughout, as in atrial fibrillation: the median bend of the series
                       exceeds anything that sinus arrhythmia makes, however deep. The median tells
                       "throughout" from "some odd beats".
* `too_many_doubtful`  too many marked beats: 5 % of them roughly double RMSSD, so the limit lies below.
                       Where ectopy was seen within about ten minutes, a more sensitive rule counts dips
                       that are too small to mark one by one.
* `unchanging`         every interval is the same: a paced rhythm, or a strap that repeats itself.

The limits were chosen on annotated recordings (docs/scoring.md; `benchmarks.accuracy`).
"""

from dataclasses import dataclass

import numpy as np

from breathsync.events import Beat, Flaw
from breathsync.heart.hrv import FloatArray
from breathsync.heart.window import CODES, Usable

_ABNORMAL = np.zeros(len(CODES), dtype=bool)  # LONG is not one of them: it is the shadow of a SHORT
_ABNORMAL[[CODES[flaw] for flaw in (Flaw.SHORT, Flaw.MISSED, Flaw.EXTRA, Flaw.RANGE)]] = True
_NO_INTERVAL = np.zeros(len(CODES), dtype=bool)
_NO_INTERVAL[[CODES[flaw] for flaw in (Flaw.GAP, Flaw.DUPLICATE, Flaw.RANGE)]] = True


@dataclass(frozen=True, slots=True)
class GateSettings:
    """Limits; shares are of the window's beats or of an interval."""

    least_coverage: float = 0.9
    least_beats: int = 8
    most_abnormal: float = 0.035
    most_bend: float = 0.10  # median |RR - mean of neighbours| / RR; the deepest real swing has 0.077
    constant_ms: float = 1.0
    ectopy_memory_beats: float = 600.0
    ectopy_proven: float = 0.008
    dip: float = 0.02
    shift: float = 0.02
    shift_over_median: float = 2.5
    most_dips: float = 0.03


class Gate:
    """Judges windows; remembers how much ectopy there was lately."""

    def __init__(self, settings: GateSettings | None = None) -> None:
        self._settings = settings or GateSettings()
        self._ectopy = 0.0

    def hear(self, beat: Beat) -> None:
        """Take in a final beat."""
        if beat.flaw is not Flaw.DUPLICATE:
            early = beat.flaw is Flaw.SHORT
            self._ectopy += (early - self._ectopy) / self._settings.ectopy_memory_beats

    def reason(self, window: Usable | None) -> str | None:
        """Why variability of this window is withheld, or `None` where it can be said."""
        limits = self._settings
        if window is None or not window.full:
            return "too_short"
        rr = window.rr_ms[~_NO_INTERVAL[window.codes]]
        if window.coverage < limits.least_coverage or rr.size < limits.least_beats:
            return "intervals_missing"
        bends = np.abs(rr[1:-1] - 0.5 * (rr[:-2] + rr[2:])) / rr[1:-1]
        if _middle(bends) > limits.most_bend:
            return "too_irregular"
        abnormal = int(np.count_nonzero(_ABNORMAL[window.codes]))
        if abnormal > limits.most_abnormal * window.codes.size or self._hidden_ectopy(rr):
            return "too_many_doubtful"
        if rr.max() - rr.min() <= limits.constant_ms:
            return "unchanging"
        return None if window.differences_ms.size >= 2 else "too_many_doubtful"

    def _hidden_ectopy(self, rr: FloatArray) -> bool:
        """After proven ectopy: more small dips, each moved forward in time, than a sinus rhythm has."""
        limits = self._settings
        if self._ectopy <= limits.ectopy_proven:
            return False
        a, b, c, d = rr[:-3], rr[1:-2], rr[2:-1], rr[3:]
        dip = np.minimum(a, c) - b
        shift = (a - 3 * b + 3 * c - d) / 6
        least = max(limits.shift, limits.shift_over_median * _middle(np.abs(shift) / b))
        dips = int(np.count_nonzero((dip > limits.dip * b) & (shift > least * b)))
        return dips > limits.most_dips * rr.size


def _middle(values: FloatArray) -> float:
    """The median, without the checks that make numpy's cost more than all the rest."""
    half = values.size // 2
    if values.size % 2:
        return float(np.partition(values, half)[half])
    low, high = np.partition(values, (half - 1, half))[half - 1 : half + 1]
    return float(low + high) / 2
