"""The heart rate of a recording at a glance, before anything is derived: a first look at a long one."""

from collections.abc import Iterable
from itertools import chain

import numpy as np

from breathsync.devices import profiles
from breathsync.devices.decoder import Decoder
from breathsync.events import HeartRateMeasurement, Input, RrIntervals, Stamp, StrapKnown
from breathsync.heart.hrv import FloatArray

_SHORTEST_MS, _LONGEST_MS = 300.0, 2200.0
_APART_S = 1.5


def heart_at_a_glance(inputs: Iterable[Input]) -> tuple[FloatArray, FloatArray]:
    """Times in s and heart rate in bpm of every RR interval as it came, unmarked and unmatched.

    NaN stands where data is missing. Most beats lie within some tens of milliseconds of their place.
    """
    decoder, line = Decoder(profiles.load_all(None)), _Line()
    for event in inputs:
        for known in chain([event], decoder.push(event)):
            match known:
                case StrapKnown(rr_latency_s=latency):
                    line.latency_s = latency or 0.0
                case HeartRateMeasurement(time, rr_ms=rr_ms, repeats=False) if rr_ms:
                    line.add(time - line.latency_s, rr_ms)
                case RrIntervals(time, rr_ms=rr_ms, stamp=stamp) if rr_ms:
                    line.add(time - (line.latency_s if stamp is Stamp.ARRIVAL else 0.0), rr_ms)
    return np.array(line.times), np.array(line.rates)


class _Line:
    """Intervals laid end to end, as long as they agree with when they came."""

    def __init__(self) -> None:
        self.latency_s = 0.0
        self.times: list[float] = []
        self.rates: list[float] = []
        self._end: float | None = None

    def add(self, came_s: float, rr_ms: tuple[float, ...]) -> None:
        """Intervals of which the last ended at about `came_s`."""
        end = came_s if self._end is None else self._end + sum(rr_ms) / 1000
        end = min(end, came_s)  # a packet waits for its time, it never comes before its beats
        if came_s - end > _APART_S:
            end = came_s
            if self.times:
                self.times.append(self.times[-1])
                self.rates.append(np.nan)
        at = end - sum(rr_ms) / 1000
        for rr in rr_ms:
            if _SHORTEST_MS < rr < _LONGEST_MS:
                self.times.append(at + rr / 2000)
                self.rates.append(60000 / rr)
            at += rr / 1000
        self._end = end
