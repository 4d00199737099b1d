"""A person's own rhythm: measured while nothing guides them, or tapped with each in-breath."""

from collections import deque
from itertools import pairwise
from statistics import median

from breathsync.breath.patterns import QUICKEST_PER_MIN, SLOWEST_PER_MIN
from breathsync.events import BreathEstimate, BreathSource

_LEAST_CONFIDENCE = 0.7
_SPAN_S = 40.0
_LEAST_ESTIMATES = 8
_LEAST_TAPS = 4
_TAPS_KEPT = 8


class MeasuredRhythm:
    """Breath from ECG or acceleration, when it is sure. The rhythm in RR alone may be something else."""

    def __init__(self) -> None:
        self._heard: deque[tuple[float, float]] = deque()

    def hear(self, estimate: BreathEstimate) -> None:
        """Take an estimate from a time without a guide."""
        sure = estimate.confidence >= _LEAST_CONFIDENCE and estimate.source is not BreathSource.RR
        if estimate.settled and sure and estimate.breaths_per_min is not None:
            self._heard.append((estimate.time, estimate.breaths_per_min))
            while self._heard[0][0] < estimate.time - _SPAN_S:
                self._heard.popleft()

    @property
    def per_min(self) -> float | None:
        """Breaths a minute over the last time that was sure enough."""
        if len(self._heard) < _LEAST_ESTIMATES:
            return None
        return median(rate for _, rate in self._heard)


class TappedRhythm:
    """A tap for each in-breath. A long pause begins anew."""

    def __init__(self) -> None:
        self._taps: deque[float] = deque(maxlen=_TAPS_KEPT)

    def tap(self, time: float) -> None:
        """An in-breath begins at `time`, in seconds; two within a second and a quarter are one."""
        if self._taps:
            since = time - self._taps[-1]
            if since < 0.5 * 60 / QUICKEST_PER_MIN:
                return
            if since > 1.5 * 60 / SLOWEST_PER_MIN:
                self._taps.clear()
        self._taps.append(time)

    @property
    def taps(self) -> int:
        """How many in-breaths there were."""
        return len(self._taps)

    @property
    def still_needed(self) -> int:
        """How many more taps it takes."""
        return max(0, _LEAST_TAPS - len(self._taps))

    @property
    def per_min(self) -> float | None:
        """Breaths a minute, from 4 to 24; `None` until there are enough taps."""
        if self.still_needed:
            return None
        taps = list(self._taps)
        between = median(b - a for a, b in pairwise(taps))
        return min(max(60 / between, SLOWEST_PER_MIN), QUICKEST_PER_MIN)
