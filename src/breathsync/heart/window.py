"""The final beats of the last seconds, and what of them can be used."""

from collections import deque
from dataclasses import dataclass

import numpy as np

from breathsync.events import Beat, Flaw
from breathsync.heart.due import KNOWN_WITHIN_S
from breathsync.heart.hrv import FloatArray


@dataclass(frozen=True, slots=True)
class Usable:
    """What a window holds; it is `full` once beats have come for all of its length.

    `differences_ms` are those between two neighbouring NN intervals. `coverage` is the sum of all RR
    over the window's time: below 1 where intervals are missing; `usable_share` the same of the NN alone.
    """

    full: bool
    beats: tuple[Beat, ...]
    nn_ms: FloatArray
    differences_ms: FloatArray
    coverage: float
    usable_share: float


class BeatWindow:
    """Keeps the beats of the last `length_s` seconds."""

    def __init__(self, length_s: float) -> None:
        self._kept_s = length_s + 2 * KNOWN_WITHIN_S
        self._beats: deque[Beat] = deque()
        self._first_s: float | None = None

    def add(self, beat: Beat) -> None:
        """Take a final beat in."""
        if beat.flaw is Flaw.DUPLICATE:
            return
        if self._first_s is None:
            self._first_s = beat.time - (beat.rr_ms or 0.0) / 1000
        self._beats.append(beat)
        while self._beats[0].time <= beat.time - self._kept_s:
            self._beats.popleft()

    def at(self, moment: float, length_s: float) -> Usable | None:
        """The `length_s` seconds up to `moment`; `None` before the first beat.

        Speak about a moment only when it is due (`due.py`): then every beat of it is here.
        """
        if self._first_s is None or self._first_s >= moment:
            return None
        start = max(moment - length_s, self._first_s)
        beats = tuple(b for b in self._beats if start < b.time <= moment)
        rr = np.array([b.rr_ms or 0.0 for b in beats])
        good = np.array([b.flaw is Flaw.NONE for b in beats], dtype=bool)
        whole_ms = 1000 * (moment - start)
        return Usable(
            full=self._first_s <= moment - length_s + 1.0,
            beats=beats,
            nn_ms=rr[good],
            differences_ms=np.diff(rr)[good[1:] & good[:-1]],
            coverage=float(rr.sum()) / whole_ms,
            usable_share=min(1.0, float(rr[good].sum()) / whole_ms),
        )
