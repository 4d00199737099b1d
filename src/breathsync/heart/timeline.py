"""Where each RR interval lies in session time.

A strap sends intervals without times. Their sum is a clock that runs exactly as the heart beat; what is
missing is one number, the anchor: the session time at which that sum was zero. Arrival times give it,
late by the strap's delay and by up to a packet more. The least late packet tells best, so the anchor
follows the lower envelope of (arrival - sum), falling and rising so slowly that no interval is bent by
more than a fifth at the start or 2 % later.

A gap starts a new segment with a new anchor. Nothing is interpolated across one.
"""

from collections import deque
from statistics import median

SAME_INSTANT_S = 0.06  # packets this close came in one go: a real H10 sends four within 16 ms
_ENVELOPE_PACKETS = 30
_START_PACKETS = 20
_FALL_AT_START = 0.2  # of each interval, while the anchor is young
_FALL = 0.02  # seconds a second: a link that was slow has become fast
_RISE = 0.005  # seconds a second: crystals differ by 20 ppm, straps' clocks by up to 0.5 %


class Segment:
    """A stretch without gap: `anchor_s` is the session time at which the sum of RR was zero."""

    def __init__(self) -> None:
        self.anchor_s: float | None = None
        self.sum_s = 0.0
        self._arrived_s = 0.0
        self._packets = 0
        self._lateness: deque[float] = deque(maxlen=_ENVELOPE_PACKETS)

    def lead_s(self, arrival_s: float, rr_s: float) -> float:
        """How far the sum would run ahead of the clock if `rr_s` counted too."""
        if self.anchor_s is None:
            return 0.0
        return self.anchor_s + self.sum_s + rr_s - arrival_s

    def settle(self, arrival_s: float) -> float:
        """Take in that the sum had come this far at `arrival_s`; how late against the anchor, s."""
        lateness = arrival_s - self.sum_s
        self._lateness.append(lateness)
        if self.anchor_s is None:
            self.anchor_s = lateness
        elapsed = arrival_s - self._arrived_s if self._packets else 0.0
        fall = _FALL_AT_START if self._packets < _START_PACKETS else _FALL
        wanted = min(self._lateness) - self.anchor_s
        self.anchor_s += max(-fall * elapsed, min(_RISE * elapsed, wanted))
        self._arrived_s = arrival_s
        self._packets += 1
        return lateness - self.anchor_s


class GapFinder:
    """Tells from arrivals that intervals are missing.

    Two signs: (a) after a pause between notifications that no quick one made up for, the least lateness of
    the next six packets is more than an interval, and most of one more than before; (b) a dozen packets
    in a row are later than any waiting for the next packet explains. A live link loses nothing, and a
    real H10 holds intervals back for seconds before it catches up, so the signs are strict: on 5.8 hours
    of its packets, none of them lost, they see 2 gaps, and of single packets taken out they find three
    in four.
    """

    _AFTER = 6
    _BEFORE = 8
    _IN_A_ROW = 12

    def __init__(self) -> None:
        self._pauses: deque[float] = deque(maxlen=9)
        self._late: deque[float] = deque(maxlen=self._IN_A_ROW + self._AFTER)
        self._notified_s: float | None = None
        self._since_pause: int | None = None

    def notified(self, arrival_s: float) -> None:
        """A notification came, with or without intervals in it."""
        if self._notified_s is not None:
            pause = arrival_s - self._notified_s
            if pause > SAME_INSTANT_S:
                self._weigh(pause)
        self._notified_s = arrival_s

    def _weigh(self, pause: float) -> None:
        usual = median(self._pauses) if len(self._pauses) == self._pauses.maxlen else None
        self._pauses.append(pause)
        if usual is None:
            return
        if pause > 1.6 * usual:
            self._since_pause = 0
        elif self._since_pause is not None and self._since_pause <= 1 and pause < 0.6 * usual:
            self._since_pause = None  # it was late, not lost

    def missing(self, lateness_s: float, rr_s: float) -> bool:
        """Whether the packets up to this one show that intervals are missing."""
        self._late.append(lateness_s)
        late = list(self._late)
        if lateness_s > 10.0:
            return True
        if len(late) >= self._IN_A_ROW and min(late[-self._IN_A_ROW :]) > 1.6 * rr_s + 0.6:
            return True
        if self._since_pause is None:
            return False
        self._since_pause += 1
        if self._since_pause < self._AFTER:
            return False
        self._since_pause = None
        before = late[: -self._AFTER][-self._BEFORE :]
        after = min(late[-self._AFTER :])
        return len(before) >= 3 and after > rr_s and after - min(before) > 0.8 * rr_s

    def restart(self) -> None:
        """Begin anew after a gap."""
        self._late.clear()
        self._since_pause = None
        self._notified_s = None
