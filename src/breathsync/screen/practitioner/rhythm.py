"""The rhythm of the last two minutes: how widely the heart rate swings at each rate. No Qt.

For looking at, beside the guide's rate; no band is summed up (LF and HF power are for analysis alone).
"""

from dataclasses import dataclass
from math import ceil

import numpy as np

from breathsync.events import Beat
from breathsync.heart.gate import Gate
from breathsync.heart.hrv import FloatArray
from breathsync.heart.spectrum import swing_by_rate
from breathsync.heart.window import BeatWindow
from breathsync.wording import text

LENGTHS_S = (120, 64)  # two minutes, or the least that tells rates apart (practice.md 3.4)
EVERY_S = 5.0
LEAST_PER_MIN, MOST_PER_MIN = 2.4, 24.0  # 0.04 Hz, and the quickest pace of a guide
_RATES = np.geomspace(LEAST_PER_MIN, MOST_PER_MIN, 140)  # slow paces have as much room as quick ones
_NOTHING = np.empty(0)


@dataclass(frozen=True, slots=True)
class RhythmSeen:
    """Swing in beats/min, peak to trough, by rate in times a minute; both of shape (n,), or empty.

    `window_s` is how much of the past it is of. `reason` says in words why there is none.
    """

    per_min: FloatArray
    swing_bpm: FloatArray
    window_s: int = 0
    reason: str = ""

    @property
    def strongest_per_min(self) -> float | None:
        """The rate at which it swings widest."""
        return float(self.per_min[int(np.argmax(self.swing_bpm))]) if self.per_min.size else None


class RhythmNow:
    """Beats in; the rhythm as it stands, computed anew every fifth second."""

    def __init__(self) -> None:
        self._gate = Gate()
        self._seen: RhythmSeen | None = None
        self.version = 0
        self.begin_anew()

    def begin_anew(self) -> None:
        """Forget the beats: what follows has nothing to do with what was."""
        self._window = BeatWindow(max(LENGTHS_S))
        self._first_s: float | None = None
        self._last_s = float("-inf")
        self._looked_s = float("-inf")

    def push(self, beat: Beat) -> None:
        """Take a final beat in."""
        self._window.add(beat)
        self._gate.hear(beat)
        self._last_s = max(self._last_s, beat.time)
        if self._first_s is None:
            self._first_s = beat.time

    def at(self, now: float) -> RhythmSeen:
        """As it stands at `now`."""
        if self._seen is None or now - self._looked_s >= EVERY_S or now < self._looked_s:
            self._looked_s = now
            self._seen = self._look(now)
            self.version += 1
        return self._seen

    def _look(self, now: float) -> RhythmSeen:
        least = min(LENGTHS_S)
        if self._first_s is None or now - self._last_s > least:
            return RhythmSeen(_NOTHING, _NOTHING, reason=text("practitioner.needs_more", seconds=least))
        if self._last_s - self._first_s < least:
            more = max(1, ceil(self._first_s + least - self._last_s))
            return RhythmSeen(_NOTHING, _NOTHING, reason=text("practitioner.needs_more", seconds=more))
        reason = None
        for length in LENGTHS_S:
            window = self._window.at(self._last_s, length)
            reason = self._gate.reason(window)
            if window is not None and reason is None:
                rates, swings = swing_by_rate(window.times_s[window.good], window.nn_ms)
                return RhythmSeen(_RATES, np.interp(_RATES, rates, swings), length)
        return RhythmSeen(_NOTHING, _NOTHING, reason=text(f"reason.{reason}"))
