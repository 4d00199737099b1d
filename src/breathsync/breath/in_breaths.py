"""When the lungs were full, read from the heart: the heart rate is highest about the end of an in-breath.

How much earlier or later differs between people by two seconds either way, and two sensors of breath agree
no better than that among themselves, so a single in-breath end is never sure (`confidence`). It is only
said while the ECG shows that the rhythm is breath, at rates where a breath holds enough beats.

Peaks of heart rate are found with hysteresis: a quarter of the range of the last beats, at least 1/min.
"""

from collections import deque
from collections.abc import Iterator

from breathsync.events import Beat, BreathEstimate, BreathSource, Flaw, InBreathEnd

_RANGE_BEATS = 25
_TURN_SHARE = 0.25
_LEAST_TURN_BPM = 1.0
_LEAST_CONFIDENCE = 0.7
_QUICKEST_PER_MIN = 12.0
_SAME_RHYTHM = (0.65, 1.5)  # time since the last peak, in breaths
_WITHIN_A_SECOND = 0.55  # of peaks in a known breath, over people whose own offset is not known
_Point = tuple[float, float]  # the middle of an interval, its rate in beats/min


class InBreaths:
    """Follows the heart rate over its peaks."""

    def __init__(self) -> None:
        self._points: deque[_Point] = deque(maxlen=_RANGE_BEATS)
        self._rising = True
        self._extreme: int = 0  # how many points ago
        self._last_peak_s: float | None = None
        self._breath: BreathEstimate | None = None

    def hear(self, breath: BreathEstimate) -> None:
        """What is known of the breath; the settled one is worth most."""
        if breath.settled:
            self._breath = breath

    def push(self, beat: Beat) -> Iterator[InBreathEnd]:
        """An in-breath end where this beat shows that the heart rate has begun to fall."""
        if beat.rr_ms is None or beat.flaw is not Flaw.NONE:
            return
        point = beat.time - beat.rr_ms / 2000, 60000 / beat.rr_ms
        if self._points and point[0] <= self._points[-1][0]:
            return  # a beat on top of the last one tells nothing of a rate
        self._points.append(point)
        if (peak_s := self._turned()) is None:
            return
        before, self._last_peak_s = self._last_peak_s, peak_s
        confidence = self._confidence(peak_s - before) if before is not None else None
        if confidence is not None:
            yield InBreathEnd(peak_s, confidence)

    def _turned(self) -> float | None:
        """The time of a peak that is over now."""
        points, sign = self._points, 1 if self._rising else -1
        self._extreme += 1
        if self._extreme >= len(points) or sign * (points[-1][1] - points[-1 - self._extreme][1]) >= 0:
            self._extreme = 0
            return None
        if sign * (points[-1 - self._extreme][1] - points[-1][1]) < self._threshold():
            return None
        top, was_rising = len(points) - 1 - self._extreme, self._rising
        self._rising, self._extreme = not was_rising, 0
        return _vertex(points, top) if was_rising else None

    def _threshold(self) -> float:
        rates = sorted(rate for _, rate in self._points)
        spread = rates[int(0.9 * (len(rates) - 1))] - rates[int(0.1 * (len(rates) - 1))]
        return max(_LEAST_TURN_BPM, _TURN_SHARE * spread)

    def _confidence(self, since_s: float) -> float | None:
        breath = self._breath
        if breath is None or breath.breaths_per_min is None or breath.source is BreathSource.RR:
            return None
        if breath.confidence < _LEAST_CONFIDENCE or breath.breaths_per_min > _QUICKEST_PER_MIN:
            return None
        breaths = since_s * breath.breaths_per_min / 60
        if not _SAME_RHYTHM[0] < breaths < _SAME_RHYTHM[1]:
            return None
        return breath.confidence * _WITHIN_A_SECOND


def _vertex(points: deque[_Point], top: int) -> float:
    """The top of the parabola through a point and its neighbours."""
    if not 0 < top < len(points) - 1:
        return points[top][0]
    (t0, y0), (t1, y1), (t2, y2) = points[top - 1], points[top], points[top + 1]
    rise, fall = (y1 - y0) / (t1 - t0), (y2 - y1) / (t2 - t1)
    if rise <= fall:
        return t1
    middle_rise, middle_fall = (t0 + t1) / 2, (t1 + t2) / 2
    vertex = middle_rise + (middle_fall - middle_rise) * rise / (rise - fall)
    return min(max(vertex, t0), t2)
