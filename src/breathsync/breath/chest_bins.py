"""Acceleration in quarters of a second: any rate and any split of the samples, movement marked.

A quarter counts as still where its samples differ no more among themselves, and from the quarter before,
than this wearer's usually do: a heart that thumps strongly is no movement. Nothing is filled in.
"""

import math

import numpy as np
from numpy.typing import NDArray

from breathsync.events import AccSamples

HZ = 4
KEPT = 64 * HZ
_CAPACITY = 4 * KEPT
_OTHER_STRAP_S = 5.0  # of silence until another strap may take over
_LEAST_SHARE = 0.6  # of a quarter's samples
_GRAVITY_OFF = 150.0  # milli-g from 1000: no chest at rest, or a sensor that is stuck
_ROUGH_RATIO, _ROUGH_MORE, _ROUGH_MOST = 2.2, 2.0, 12.0  # against the usual; milli-g; usual at most
_STEP_RATIO, _STEP_MORE, _STEP_MOST = 6.0, 4.0, 15.0
_ROUGH_FIRST, _STEP_FIRST = 4.0, 6.0  # milli-g, while nothing is known of the wearer
_KNOWN_AFTER = 3 * HZ

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class ChestBins:
    """The last minute of one chest. Memory is fixed."""

    def __init__(self) -> None:
        self._mean = np.zeros((_CAPACITY, 3))
        self._rough = np.zeros(_CAPACITY)
        self._step = np.zeros(_CAPACITY)
        self._still = np.zeros(_CAPACITY, np.bool_)
        self._there = np.zeros(_CAPACITY, np.bool_)
        self._source: str | None = None
        self._heard_s = -math.inf
        self._clear()

    def _clear(self) -> None:
        self._end = KEPT  # one behind the newest quarter
        self._still[:KEPT] = self._there[:KEPT] = False
        self._open: int | None = None  # number of the quarter that is being filled
        self._parts: list[Floats] = []
        self._expected = 1.0
        self._usual_rough, self._usual_step = _ROUGH_FIRST, _STEP_FIRST

    @property
    def number(self) -> int | None:
        """Number of the newest whole quarter, counted from session time zero."""
        return None if self._open is None else self._open - 1

    def push(self, event: AccSamples) -> None:
        """Samples in order."""
        if event.source != self._source:
            if event.time - self._heard_s < _OTHER_STRAP_S:
                return
            self._source = event.source
            self._clear()
        self._heard_s = event.time
        values = np.array(event.milli_g, dtype=np.float64)
        count = len(values)
        times = event.time - event.interval_s * np.arange(count - 1, -1, -1)
        numbers = np.floor(times * HZ + 1e-6).astype(np.int64)
        first = int(numbers[0]) if self._open is None else self._open
        np.maximum(numbers, first, out=numbers)  # frames may overlap by some milliseconds
        np.maximum.accumulate(numbers, out=numbers)
        self._expected = 1 / (HZ * event.interval_s)
        cuts = np.flatnonzero(numbers[1:] != numbers[:-1]) + 1
        low = 0
        for high in [*cuts.tolist(), count]:
            self._fill(int(numbers[low]), values[low:high])
            low = high

    def window(self, quarters: int) -> tuple[Floats, Bools]:
        """Mean acceleration (quarters, 3) in milli-g, and which are still; the newest last."""
        low = self._end - quarters
        return self._mean[low : self._end], self._still[low : self._end]

    def there(self, quarters: int) -> Bools:
        """Where there were samples."""
        return self._there[self._end - quarters : self._end]

    # --- quarters ---

    def _fill(self, number: int, values: Floats) -> None:
        if self._open is None:
            self._open = number
        if number - self._open > KEPT:
            self._clear()
            self._open = number
        while self._open < number:
            self._close()
        self._parts.append(values)

    def _close(self) -> None:
        if self._end == _CAPACITY:
            self._make_room()
        at, self._end = self._end, self._end + 1
        parts, self._parts = self._parts, []
        self._open = (self._open or 0) + 1
        self._there[at] = self._still[at] = False
        self._mean[at] = self._mean[at - 1]
        self._rough[at] = self._step[at] = math.nan
        if sum(map(len, parts)) >= _LEAST_SHARE * self._expected:
            self._judge(at, np.concatenate(parts) if len(parts) > 1 else parts[0])
        if self._open % HZ == 0:
            self._learn()

    def _judge(self, at: int, values: Floats) -> None:
        """Whether the chest kept still; movement marks the quarters beside it too."""
        mean = np.add.reduce(values) / len(values)
        x, y, z = mean.tolist()
        if not math.isfinite(x + y + z):
            return
        away = (values - mean).ravel()
        rough = math.sqrt(float(away @ away) / len(values))
        before = self._mean[at - 1].tolist()
        step = math.dist(before, (x, y, z)) if self._there[at - 1] else 0.0
        self._mean[at], self._rough[at], self._step[at] = mean, rough, step
        self._there[at] = True
        moved = (
            rough > _ROUGH_RATIO * self._usual_rough + _ROUGH_MORE
            or step > _STEP_RATIO * self._usual_step + _STEP_MORE
            or abs(math.hypot(x, y, z) - 1000.0) > _GRAVITY_OFF
        )
        self._still[at] = not (moved or self._moved_before(at))
        if moved:
            self._still[at - 1] = False

    def _moved_before(self, at: int) -> bool:
        """The quarter before was itself rough, not only beside one that was."""
        if not self._there[at - 1]:
            return False
        return bool(
            self._rough[at - 1] > _ROUGH_RATIO * self._usual_rough + _ROUGH_MORE
            or self._step[at - 1] > _STEP_RATIO * self._usual_step + _STEP_MORE
        )

    def _learn(self) -> None:
        """How rough this wearer usually is: medians of the last minute and half minute."""
        rough = self._rough[self._end - KEPT : self._end]
        rough = rough[self._there[self._end - KEPT : self._end]]
        if len(rough) < _KNOWN_AFTER:
            return
        step = self._step[self._end - KEPT // 2 : self._end]
        step = step[self._there[self._end - KEPT // 2 : self._end]]
        self._usual_rough = min(_median(rough), _ROUGH_MOST)
        self._usual_step = min(_median(step), _STEP_MOST) if len(step) else _STEP_FIRST

    def _make_room(self) -> None:
        for kept in (self._mean, self._rough, self._step, self._still, self._there):
            kept[:KEPT] = kept[self._end - KEPT : self._end].copy()
        self._end = KEPT


def _median(values: Floats) -> float:
    """The lower one of two in the middle: quicker than numpy's."""
    middle = (len(values) - 1) // 2
    return float(np.partition(values, middle)[middle])
