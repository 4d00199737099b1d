"""When samples were taken: from the times in a strap's frames to session time.

A frame carries the strap's time of its last sample. The spacing of samples follows from two frames in a
row, not from the rate that the strap promises: an H10 that promises 130 Hz gave 130.16. Session time
follows from arrivals, which are late by what the radio took: the least late frame tells best, so the offset
between both clocks falls at once and rises slowly (crystals differ by 20 millionths; heart/timeline.py does
the same for RR intervals). No sample is ever placed after the arrival of its frame.
"""

from collections import deque
from dataclasses import dataclass

KNOWN_HZ = (25.0, 26.0, 28.0, 50.0, 52.0, 55.0, 100.0, 104.0, 130.0, 135.0, 176.0, 200.0, 208.0, 416.0)
"""Rates that Polar's sensors offer."""

_NEAR = 0.06  # of a rate: crystals and warm or cold straps stay well within
_GAP = 0.5  # of a frame: Polar's own measure for a frame that is missing
_AGREEING = 3  # frames in a row with another spacing: the rate has changed
_ENVELOPE_FRAMES = 60
_RISE = 0.001  # seconds a second
_OTHER_CLOCK_S = 1.0  # an offset that jumps further at a gap: the strap's clock was set
_NS = 1e-9
LAG_S = 3.0
"""A stream that falls behind by more is to be started anew: it would not catch up by itself."""


def sample_times_ns(
    timestamp_ns: int, count: int, *, previous_ns: int = 0, rate_hz: float = 0.0
) -> tuple[int, ...] | None:
    """The strap's times of a frame's samples: evenly from the frame before (0: none) to its own time.

    Only without a frame before it the nominal rate counts. `None` where neither gives times after zero.
    """
    if previous_ns == 0 and rate_hz > 0:
        previous_ns = timestamp_ns - round(count / rate_hz / _NS)
        if previous_ns + (timestamp_ns - previous_ns) // max(count, 1) < 0:
            return None
    elif previous_ns == 0:
        return None
    if timestamp_ns <= previous_ns or count < 1:
        return None
    span = timestamp_ns - previous_ns
    return tuple(previous_ns + (2 * k * span + count - 1) // (2 * count) for k in range(1, count + 1))


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a frame lies: the time of its last sample, the spacing, whether some are missing before it."""

    time: float
    interval_s: float
    after_gap: bool


class StreamClock:
    """Places the frames of one stream. Without a nominal rate the first frame waits for the second."""

    def __init__(self, nominal_hz: float | None = None) -> None:
        self._interval_s = 1 / nominal_hz if nominal_hz else None
        self._previous_ns: int | None = None
        self._zero_ns = 0
        self._offset_s: float | None = None
        self._late: deque[float] = deque(maxlen=_ENVELOPE_FRAMES)
        self._arrived_s = 0.0
        self._placed_s = float("-inf")
        self._other: tuple[float, int] = (0.0, 0)  # a spacing unlike the one so far, how often in a row

    def place(self, timestamp_ns: int, count: int, arrival_s: float) -> Placed | None:
        """Where a frame of so many samples lies; `None` until the rate is known."""
        spacing = self._spacing(timestamp_ns, count)
        if self._previous_ns is None:
            self._zero_ns = timestamp_ns
        self._previous_ns = timestamp_ns
        self._follow(timestamp_ns, arrival_s, anew=spacing is None)
        if self._interval_s is None or self._offset_s is None:
            return None
        strap_s = (timestamp_ns - self._zero_ns) * _NS
        self._placed_s = min(max(self._placed_s, strap_s + self._offset_s), arrival_s)
        return Placed(self._placed_s, spacing or self._interval_s, after_gap=spacing is None)

    def _spacing(self, timestamp_ns: int, count: int) -> float | None:
        """From sample to sample since the frame before, s; `None` after a gap and for the first frame."""
        if self._previous_ns is None:
            return None
        elapsed_s = (timestamp_ns - self._previous_ns) * _NS
        spacing = elapsed_s / count
        if self._interval_s is None:
            if not _is_known(spacing):
                return None
            self._interval_s = spacing
        if abs(elapsed_s - count * self._interval_s) > _GAP * count * self._interval_s:
            return self._other_spacing(spacing)
        self._other = (0.0, 0)
        self._interval_s += 0.1 * (spacing - self._interval_s)
        return spacing

    def _other_spacing(self, spacing: float) -> float | None:
        """A gap; unless one frame after the other says that the stream now has another rate."""
        other, times = self._other
        same = other > 0 and abs(spacing / other - 1) < _NEAR
        self._other = (spacing, times + 1 if same else 1)
        if self._other[1] < _AGREEING or not _is_known(spacing):
            return None
        self._interval_s, self._other = spacing, (0.0, 0)
        return spacing

    def _follow(self, timestamp_ns: int, arrival_s: float, *, anew: bool) -> None:
        """Let the offset follow the least late frames."""
        late = arrival_s - (timestamp_ns - self._zero_ns) * _NS
        if self._offset_s is None or (anew and abs(late - self._offset_s) > _OTHER_CLOCK_S):
            self._offset_s = late
            self._late.clear()
        self._late.append(late)
        rise = min(_RISE * (arrival_s - self._arrived_s), max(0.0, min(self._late) - self._offset_s))
        self._offset_s = min(late, self._offset_s + rise)
        self._arrived_s = arrival_s


class Lag:
    """How far a stream has fallen behind: how late frames are against the least late so far."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self._zero_ns: int | None = None
        self._least_s = float("inf")
        self._since_s: float | None = None

    def grew(self, timestamp_ns: int, arrival_s: float) -> bool:
        """Whether it is too much, and has been for as long: after a stall of the radio it soon is not."""
        self._zero_ns = timestamp_ns if self._zero_ns is None else self._zero_ns
        late = arrival_s - (timestamp_ns - self._zero_ns) * _NS
        self._least_s = min(self._least_s, late)
        self.now_s = late - self._least_s
        if self.now_s <= LAG_S:
            self._since_s = None
        elif self._since_s is None:
            self._since_s = arrival_s
        return self._since_s is not None and arrival_s - self._since_s >= LAG_S


def _is_known(spacing_s: float) -> bool:
    return spacing_s > 0 and any(abs(1 / spacing_s / rate - 1) < _NEAR for rate in KNOWN_HZ)
