"""Beat values (RR, ECG features) on a uniform time grid, as far as they are known.

Beats are unevenly spaced; the filter bank wants even samples.  Usable beats are joined by
straight lines at `GRID_HZ`; flawed beats and lost contact are bridged and remembered as gap.
Samples behind the last *final* beat may be provisional: they are written over later.
"""

import math

import numpy as np
from numpy.typing import NDArray

GRID_HZ = 2
WINDOW_S = 64
WINDOW = WINDOW_S * GRID_HZ  # samples given to the filter bank
CAPACITY = 16 * WINDOW  # samples kept before the buffer is moved to its start

Array = NDArray[np.float32]
Values = float | NDArray[np.float64]  # of one channel, or of several


class BeatSeries:
    """A growing 2 Hz series of `channels` values; memory is fixed."""

    def __init__(self, channels: int, longest_gap_s: float, gap_ratio: float) -> None:
        self._longest_gap_s = longest_gap_s
        self._gap_ratio = gap_ratio
        self._values = np.zeros((CAPACITY, channels), np.float32)
        self._gap = np.zeros(CAPACITY, np.float32)
        self._average = np.full(WINDOW, 1.0 / WINDOW, np.float32)
        self.clear()

    def clear(self) -> None:
        """Forget everything (lost contact, clock jump)."""
        self._first = WINDOW  # buffer index of the oldest real sample
        self._final = self._end = WINDOW  # one past the newest final / provisional sample
        self._origin = 0  # grid number (time * GRID_HZ) of buffer index 0
        self._last_s = math.nan  # newest final usable beat
        self._last: Values | None = None
        self._ahead_s = math.nan  # newest usable beat, final or provisional
        self._ahead: Values | None = None

    @property
    def last_usable_s(self) -> float:
        """Time of the newest usable beat, provisional ones too (nan: none)."""
        return self._ahead_s

    @property
    def newest(self) -> Values:
        """Values of the newest usable beat (nan: none)."""
        return math.nan if self._ahead is None else self._ahead

    def add(self, time_s: float, values: Values, rr_ms: float) -> None:
        """A usable beat that will not change any more."""
        self._end, self._ahead_s, self._ahead = self._final, self._last_s, self._last
        self._append(time_s, values, rr_ms)
        self._final, self._last_s, self._last = self._end, self._ahead_s, self._ahead

    def rewind(self) -> None:
        """Drop what is provisional."""
        self._end, self._ahead_s, self._ahead = self._final, self._last_s, self._last

    def add_provisional(self, time_s: float, values: Values, rr_ms: float) -> None:
        """A beat that looks usable, though its mark may still change."""
        self._append(time_s, values, rr_ms)

    def _append(self, time_s: float, values: Values, rr_ms: float) -> None:
        before = self._ahead
        step = time_s - self._ahead_s
        if before is None or not 0.0 < step <= self._longest_gap_s:
            if before is not None and -2.0 < step <= 0.0:
                return  # the same beat again, or a small step back of the clock
            self.clear()
            self._origin = math.ceil(time_s * GRID_HZ) - WINDOW
            self._ahead_s, self._ahead = time_s, values
            return
        start = self._end
        stop = math.floor(time_s * GRID_HZ + 1e-9) - self._origin + 1
        if stop > CAPACITY:
            moved = self._make_room()
            start, stop = start - moved, stop - moved
        change = (values - before) / step
        gap = 1.0 if step > self._gap_ratio * rr_ms / 1000.0 else 0.0
        for i in range(start, stop):  # one to three samples, but for gaps
            lag = (i + self._origin) / GRID_HZ - self._ahead_s
            self._values[i] = before + lag * change
            self._gap[i] = gap
        self._end = max(stop, start)
        self._ahead_s, self._ahead = time_s, values

    def _make_room(self) -> int:
        """Move the last window to the front; return by how many samples."""
        moved = self._final - 2 * WINDOW
        kept = self._end - moved
        self._values[:kept] = self._values[moved : self._end]
        self._gap[:kept] = self._gap[moved : self._end]
        self._first = max(self._first - moved, 0)
        self._origin += moved
        self._final -= moved
        self._end -= moved
        return moved

    def length(self) -> int:
        """Number of known samples, at most one window."""
        return min(self._end - self._first, WINDOW)

    def end_s(self) -> float:
        """Time of the newest sample."""
        return (self._end - 1 + self._origin) / GRID_HZ

    def window(self) -> tuple[Array, Array]:
        """Newest WINDOW samples (WINDOW, channels) and gap marks (WINDOW,), mean 0 where unknown.

        The mean over what is known is removed; before the first beat the series is 0 and gap.
        """
        known = self.length()
        recent = self._values[self._end - WINDOW : self._end]
        # about the newest sample first: float32 sums of small differences stay exact
        out = recent - recent[-1]
        gap = self._gap[self._end - WINDOW : self._end]
        if known == WINDOW:
            out -= self._average @ out
            return out, gap
        part = out[WINDOW - known :]
        part -= np.add.reduce(part, axis=0) / known
        out[: WINDOW - known] = 0.0
        gap = gap.copy()
        gap[: WINDOW - known] = 1.0
        return out, gap
