"""What the ribbon draws, as arrays: the guide's wave and the heart's rhythm at its true time. No Qt."""

from collections import deque
from itertools import pairwise

import numpy as np

from breathsync.heart.hrv import FloatArray
from breathsync.screen.state import ScreenModel

PAST_S = 30.0
FUTURE_S = 10.0
NOTHING = -0.08  # the ribbon's floor
_STEP_S = 0.15
_BREAK_S = 3.0
POINTS_PER_BEAT = 6
_LEAST_RANGE_BPM = 8.0


class RibbonCurves:
    """Samples what a model knows, and keeps what has not changed since."""

    def __init__(
        self,
        model: ScreenModel,
        past_s: float = PAST_S,
        future_s: float = FUTURE_S,
        per_beat: int = POINTS_PER_BEAT,
    ) -> None:
        self._model, self._per_beat = model, per_beat
        self._past_s, self._future_s = past_s, future_s
        self._guide: deque[float] = deque()  # fullness at whole steps, from the step `_first` on
        self._first = 0
        self._guide_version = -1
        self._heart: tuple[FloatArray, FloatArray] = np.empty(0), np.empty(0)
        self._heart_version = -1
        self._center_bpm: float | None = None
        self._half_range_bpm = _LEAST_RANGE_BPM

    def guide(self, now: float) -> tuple[FloatArray, FloatArray]:
        """Times in s, shape (n,), and fullness 0-1 of the guide's past and next seconds.

        Where nobody saw the guide, or will see it as things stand, it is `NOTHING`.
        """
        first, last = int((now - self._past_s) / _STEP_S), int((now + self._future_s) / _STEP_S) + 1
        kept = self._guide
        if (
            self._guide_version != self._model.guide_version
            or not self._first <= first <= self._first + len(kept)
        ):
            self._guide_version = self._model.guide_version
            kept.clear()
            self._first = first
        while self._first < first:
            kept.popleft()
            self._first += 1
        kept.extend([self._level(k * _STEP_S) for k in range(first + len(kept), last + 1)])
        times = _STEP_S * np.arange(first, first + len(kept), dtype=np.float64)
        return times, np.fromiter(kept, np.float64, len(kept))

    def _level(self, time: float) -> float:
        fullness = self._model.fullness(time)
        return NOTHING if fullness is None else fullness

    def rates(self, now: float) -> tuple[FloatArray, FloatArray]:
        """Times in s and the heart rate in beats/min, NaN between stretches."""
        if self._heart_version != self._model.trace_version:
            self._heart_version = self._model.trace_version
            points = np.array([p for p in self._model.trace if p[0] >= now - self._past_s - 2]).reshape(
                -1, 2
            )
            self._heart = (
                _smooth(points[:, 0], points[:, 1], self._per_beat)
                if len(points) > 1
                else (np.empty(0),) * 2
            )
        return self._heart

    def heart(self, now: float) -> tuple[FloatArray, FloatArray]:
        """The same, the heart rate scaled into 0-1."""
        times, curve = self.rates(now)
        if times.size:
            self._follow_range(curve[~np.isnan(curve)])
        center = self._center_bpm or 0.0
        return times, 0.5 + 0.45 * (curve - center) / self._half_range_bpm

    def _follow_range(self, rates: FloatArray) -> None:
        """The scale moves slowly, so that the line never jumps."""
        center = (float(rates.max()) + float(rates.min())) / 2
        half = max(_LEAST_RANGE_BPM, float(np.ptp(rates)) / 2)
        if self._center_bpm is None:
            self._center_bpm, self._half_range_bpm = center, half
        self._center_bpm += 0.05 * (center - self._center_bpm)
        self._half_range_bpm += 0.05 * (half - self._half_range_bpm)


def _smooth(times: FloatArray, rates: FloatArray, per_beat: int) -> tuple[FloatArray, FloatArray]:
    """A cubic (Catmull-Rom) curve through every point, broken where beats are missing."""
    slopes = np.gradient(rates, times)
    share = np.linspace(0, 1, per_beat, endpoint=False)
    pieces_t, pieces_v = [], []
    h00, h10 = 2 * share**3 - 3 * share**2 + 1, share**3 - 2 * share**2 + share
    h01, h11 = -2 * share**3 + 3 * share**2, share**3 - share**2
    for a, b in pairwise(range(times.size)):
        length = times[b] - times[a]
        if length > _BREAK_S:
            pieces_t.append(np.array([times[a], times[a]]))
            pieces_v.append(np.array([rates[a], np.nan]))
            continue
        bent = h00 * rates[a] + h10 * length * slopes[a] + h01 * rates[b] + h11 * length * slopes[b]
        pieces_t.append(times[a] + share * length)
        pieces_v.append(bent)
    pieces_t.append(times[-1:])
    pieces_v.append(rates[-1:])
    return np.concatenate(pieces_t), np.concatenate(pieces_v)
