"""The final beats of the last seconds, and what of them can be used."""

from collections import deque
from dataclasses import dataclass

import numpy as np

from breathsync.events import Beat, Flaw
from breathsync.heart.hrv import FloatArray

KNOWN_WITHIN_S = 8.0  # a strap's delay, a packet and two beats: later than this, beats are missing


@dataclass(frozen=True, slots=True)
class Usable:
    """What a window holds; it is `full` once beats have come for all of its length.

    `coverage` is the sum of all RR over the time that can be known by now: below 1 where intervals are
    missing. `usable_share` is the same of the NN intervals alone.
    """

    full: bool
    nn_ms: FloatArray
    differences_ms: FloatArray
    coverage: float
    usable_share: float
    doubtful_share: float


class BeatWindow:
    """Keeps the beats of the last `length_s` seconds."""

    def __init__(self, length_s: float) -> None:
        self.length_s = length_s
        self._beats: deque[Beat] = deque()
        self._first_s: float | None = None
        self._last_s = 0.0

    def add(self, beat: Beat) -> None:
        """Take a final beat in."""
        if beat.flaw is Flaw.DUPLICATE:
            return
        if self._first_s is None:
            self._first_s = beat.time - beat.rr_ms / 1000
        self._last_s = beat.time
        self._beats.append(beat)
        while self._beats[0].time <= beat.time - self.length_s - KNOWN_WITHIN_S:
            self._beats.popleft()

    def at(self, now: float, length_s: float) -> Usable | None:
        """The last `length_s` seconds; `None` before the first beat."""
        if self._first_s is None:
            return None
        full = self._first_s <= now - length_s + KNOWN_WITHIN_S
        start = max(now - length_s, self._first_s)
        beats = [b for b in self._beats if start < b.time <= now]
        span = max(self._last_s, now - KNOWN_WITHIN_S) - start
        rr = np.array([b.rr_ms for b in beats])
        good = np.array([b.flaw is Flaw.NONE for b in beats], dtype=bool)
        both = good[1:] & good[:-1]
        return Usable(
            full=full,
            nn_ms=rr[good],
            differences_ms=np.diff(rr)[both],
            coverage=float(rr.sum()) / 1000 / span,
            usable_share=min(1.0, float(rr[good].sum()) / 1000 / span),
            doubtful_share=1.0 - float(good.mean()) if beats else 0.0,
        )
