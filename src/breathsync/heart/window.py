"""The final beats of the last seconds, and what of them can be used."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from breathsync.events import Beat, Flaw
from breathsync.heart.due import KNOWN_WITHIN_S
from breathsync.heart.hrv import FloatArray

CODES = {flaw: code for code, flaw in enumerate(Flaw)}
_GOOD = CODES[Flaw.NONE]
_FASTEST_PER_S = 5.0  # more beats than that a second are not kept


@dataclass(frozen=True, slots=True)
class Usable:
    """What a window holds; it is `full` once beats have come for all of its length.

    `times_s`, `rr_ms` (0 where unknown) and `codes` (of `CODES`) have shape (n,), one for each beat;
    `good` says which are NN. `differences_ms` are those between two neighbouring NN intervals.
    `coverage` is the sum of all RR over the window's time: below 1 where intervals are missing;
    `usable_share` the same of the NN alone.
    """

    full: bool
    times_s: FloatArray
    rr_ms: FloatArray
    codes: NDArray[np.int8]
    good: NDArray[np.bool_]
    nn_ms: FloatArray
    differences_ms: FloatArray
    coverage: float
    usable_share: float


class BeatWindow:
    """Keeps the beats of the last `length_s` seconds in arrays, so that looking at them is cheap."""

    def __init__(self, length_s: float) -> None:
        self._kept = round((length_s + 2 * KNOWN_WITHIN_S) * _FASTEST_PER_S)
        self._times = np.empty(2 * self._kept)
        self._rr = np.empty(2 * self._kept)
        self._codes = np.empty(2 * self._kept, dtype=np.int8)
        self._count = 0
        self._first_s: float | None = None

    def add(self, beat: Beat) -> None:
        """Take a final beat in."""
        if beat.flaw is Flaw.DUPLICATE:
            return
        rr = beat.rr_ms or 0.0
        if self._first_s is None:
            self._first_s = beat.time - rr / 1000
        if self._count == self._times.size:
            for column in (self._times, self._rr, self._codes):
                column[: self._kept] = column[self._kept :]
            self._count = self._kept
        n = self._count
        self._times[n], self._rr[n], self._codes[n] = beat.time, rr, CODES[beat.flaw]
        self._count = n + 1

    def at(self, moment: float, length_s: float) -> Usable | None:
        """The `length_s` seconds up to `moment`; `None` before the first beat.

        Speak about a moment only when it is due (`due.py`): then every beat of it is here.
        """
        if self._first_s is None or self._first_s >= moment:
            return None
        start = max(moment - length_s, self._first_s)
        n, full = self._count, self._first_s <= moment - length_s + 1.0
        return usable(self._times[:n], self._rr[:n], self._codes[:n], start, moment, full=full)


def usable(
    times_s: FloatArray, rr_ms: FloatArray, codes: NDArray[np.int8], start: float, end: float, *, full: bool
) -> Usable:
    """What can be used of the beats after `start` and up to `end`; all arrays have shape (n,), in order."""
    low, high = np.searchsorted(times_s, (start, end), side="right")
    rr, codes = rr_ms[low:high], codes[low:high]
    good = codes == _GOOD
    whole_ms = 1000 * (end - start)
    nn = rr[good]
    return Usable(
        full=full,
        times_s=times_s[low:high],
        rr_ms=rr,
        codes=codes,
        good=good,
        nn_ms=nn,
        differences_ms=(rr[1:] - rr[:-1])[good[1:] & good[:-1]],
        coverage=float(np.add.reduce(rr)) / whole_ms,
        usable_share=min(1.0, float(np.add.reduce(nn)) / whole_ms),
    )
