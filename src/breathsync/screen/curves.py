"""What the ribbon draws, as arrays: the guide's wave and the heart's rhythm at its true time. No Qt."""

from itertools import pairwise

import numpy as np

from breathsync.heart.hrv import FloatArray
from breathsync.screen.state import ScreenModel

PAST_S = 30.0
FUTURE_S = 10.0
_STEP_S = 0.1
_BREAK_S = 3.0
_POINTS_PER_BEAT = 6
_LEAST_RANGE_BPM = 8.0


class RibbonCurves:
    """Samples what a model knows; keeps what cannot change any more."""

    def __init__(self, model: ScreenModel) -> None:
        self._model = model
        self._center_bpm: float | None = None
        self._half_range_bpm = _LEAST_RANGE_BPM

    def guide(self, now: float) -> tuple[FloatArray, FloatArray]:
        """Times in s, shape (n,), and fullness 0-1 of the guide's past and next seconds."""
        first, last = round((now - PAST_S) / _STEP_S), round((now + FUTURE_S) / _STEP_S)
        times = np.arange(first, last + 1) * _STEP_S
        values = [self._model.fullness(t) for t in times.tolist()]
        known = np.array([v is not None for v in values])
        return times[known], np.array([v for v in values if v is not None], dtype=np.float64)

    def heart(self, now: float) -> tuple[FloatArray, FloatArray]:
        """Times in s and the heart rate scaled into 0-1, NaN between stretches."""
        points = [p for p in self._model.trace if p[0] >= now - PAST_S - 2]
        if len(points) < 2:
            return np.empty(0), np.empty(0)
        rates = np.array([rate for _, rate in points])
        self._follow_range(rates)
        times, curve = _smooth(np.array([t for t, _ in points]), rates)
        center = self._center_bpm if self._center_bpm is not None else float(rates.mean())
        return times, 0.5 + 0.45 * (curve - center) / self._half_range_bpm

    def _follow_range(self, rates: FloatArray) -> None:
        """The scale moves slowly, so that the line never jumps."""
        center = (float(rates.max()) + float(rates.min())) / 2
        half = max(_LEAST_RANGE_BPM, float(np.ptp(rates)) / 2)
        if self._center_bpm is None:
            self._center_bpm, self._half_range_bpm = center, half
        self._center_bpm += 0.05 * (center - self._center_bpm)
        self._half_range_bpm += 0.05 * (half - self._half_range_bpm)


def _smooth(times: FloatArray, rates: FloatArray) -> tuple[FloatArray, FloatArray]:
    """A cubic (Catmull-Rom) curve through every point, broken where beats are missing."""
    slopes = np.gradient(rates, times)
    share = np.linspace(0, 1, _POINTS_PER_BEAT, endpoint=False)
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
