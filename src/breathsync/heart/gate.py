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

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from statistics import median

from breathsync.events import Beat, Flaw
from breathsync.heart.window import Usable

_ABNORMAL = frozenset({Flaw.SHORT, Flaw.MISSED, Flaw.EXTRA, Flaw.RANGE})  # LONG is the shadow of a SHORT
_NO_INTERVAL = frozenset({Flaw.GAP, Flaw.DUPLICATE, Flaw.RANGE})


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
        rr = [b.rr_ms for b in window.beats if b.rr_ms is not None and b.flaw not in _NO_INTERVAL]
        if window.coverage < limits.least_coverage or len(rr) < limits.least_beats:
            return "intervals_missing"
        triples = list(zip(rr, islice(rr, 1, None), islice(rr, 2, None), strict=False))
        if median(abs(b - 0.5 * (a + c)) / b for a, b, c in triples) > limits.most_bend:
            return "too_irregular"
        abnormal = sum(beat.flaw in _ABNORMAL for beat in window.beats)
        if abnormal > limits.most_abnormal * len(window.beats) or self._hidden_ectopy(rr, triples):
            return "too_many_doubtful"
        if max(rr) - min(rr) <= limits.constant_ms:
            return "unchanging"
        return None if window.differences_ms.size >= 2 else "too_many_doubtful"

    def _hidden_ectopy(self, rr: Sequence[float], triples: Sequence[tuple[float, float, float]]) -> bool:
        """After proven ectopy: more small dips, each moved forward in time, than a sinus rhythm has."""
        limits = self._settings
        if self._ectopy <= limits.ectopy_proven:
            return False
        moves = [
            (min(a, c) - b, (a - 3 * b + 3 * c - d) / 6, b)
            for (a, b, c), d in zip(triples, islice(rr, 3, None), strict=False)
        ]
        usual = median(abs(shift) / interval for _, shift, interval in moves)
        least = max(limits.shift, limits.shift_over_median * usual)
        dips = sum(dip > limits.dip * b and shift > least * b for dip, shift, b in moves)
        return dips > limits.most_dips * len(rr)
