"""Where exactly an R peak is.

The signal around the beat is interpolated with a windowed sinc below 28 Hz, so that its time
depends neither on where the samples happened to fall (at 130 Hz they stand 7.7 ms apart and a QRS
flank lasts only three of them) nor on mains hum.
"""

from collections import deque

import numpy as np

from breathsync.heart.ecg.interpolation import interpolation
from breathsync.heart.hrv import FloatArray

STEPS = 8  # interpolated points per sample
SMOOTH_HZ = 28.0  # keeps a QRS, drops mains hum (50, 60 Hz) and half of white noise
QRS_HALF_S = 0.06
SEARCH_S = 0.05


class QrsMeter:
    """Locates the dominant deflection, keeping to one polarity from beat to beat."""

    REMEMBERED = 9
    PREFER_UP = 1.5  # downward must be this much larger before an inverted lead is believed

    def __init__(self, rate_hz: float) -> None:
        self._fine_rate = rate_hz * STEPS
        self._search = round(SEARCH_S * self._fine_rate)
        self._qrs = round(QRS_HALF_S * self._fine_rate)
        self._half = round((SEARCH_S + QRS_HALF_S) * rate_hz) + 1
        self._matrix = interpolation(rate_hz, self._half, self._half, STEPS, SMOOTH_HZ)
        self._steps = np.arange(len(self._matrix), dtype=np.float64)
        self._reach = self._matrix.shape[1] // 2
        self._up: deque[float] = deque(maxlen=self.REMEMBERED)
        self._down: deque[float] = deque(maxlen=self.REMEMBERED)
        self._sign = 1.0

    def locate(self, values: FloatArray, near: int) -> float:
        """Position of the peak in `values` (samples, fractional)."""
        fine = self._matrix @ _padded(values, near - self._reach, near + self._reach + 1)
        fine -= self._baseline(fine)
        first = len(fine) // 2 - self._search
        around = fine[first : first + 2 * self._search + 1]
        self._learn_polarity(float(around.max()), -float(around.min()))
        best = first + int((self._sign * around).argmax())
        return near + (best + self._top(fine, best) - len(fine) // 2) / STEPS

    def _baseline(self, fine: FloatArray) -> FloatArray:
        """A straight line through both ends: about the PQ segment and the ST segment."""
        end = len(fine) // 8
        low, high = float(fine[:end].mean()), float(fine[-end:].mean())
        return low + (high - low) / (len(fine) - end) * (self._steps - 0.5 * end)

    def _learn_polarity(self, up: float, down: float) -> None:
        self._up.append(up)
        self._down.append(down)
        up = sorted(self._up)[len(self._up) // 2]
        down = sorted(self._down)[len(self._down) // 2]
        if self._sign > 0.0 and down > self.PREFER_UP * up:
            self._sign = -1.0
        elif self._sign < 0.0 and down < up * 0.5 * (1.0 + self.PREFER_UP):
            self._sign = 1.0

    def _top(self, fine: FloatArray, best: int) -> float:
        """Fraction of a fine step to the top of the parabola."""
        left, top, right = (float(v) for v in self._sign * fine[best - 1 : best + 2])
        bend = left - 2.0 * top + right
        shift = 0.5 * (left - right) / bend if bend < 0.0 else 0.0
        return min(max(shift, -1.0), 1.0)  # a flank at the border of the search has no top


def _padded(values: FloatArray, low: int, high: int) -> FloatArray:
    """values[low:high], repeating the edges where it reaches out."""
    return values[np.clip(np.arange(low, high), 0, len(values) - 1)]
