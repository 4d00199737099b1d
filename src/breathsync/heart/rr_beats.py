"""A strap's RR intervals -> heartbeats on one timeline: heard at once, final two beats later."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from breathsync.events import (
    Beat,
    BeatHeard,
    Event,
    Flaw,
    HeartRateMeasurement,
    RrIntervals,
    SessionEnded,
    Stamp,
    StrapKnown,
    StrapState,
    StrapStatus,
    Tick,
)
from breathsync.heart.artifacts import BeatMarker
from breathsync.heart.timeline import SAME_INSTANT_S, GapFinder, Segment

_SILENCE_S = 10.0  # nothing for so long: what waits becomes final with what is known
_HOLE_S = 0.2  # between imported beats that carry their times: shorter than any heartbeat


@dataclass(slots=True)
class _Waiting:
    """A heartbeat whose flaw is not final yet. Its time is known once its segment's anchor is."""

    rr_ms: float
    segment: Segment | None
    sum_s: float  # of its segment up to this beat; the beat's own time where there is no segment
    flaw: Flaw | None = None


class RrBeats:
    """Heartbeats as the strap counts them.

    Packets that arrive in the same instant count as one, so it does not matter how a strap cuts its
    intervals into packets: a beat is placed in time when the next event shows that the instant is over.
    """

    def __init__(self) -> None:
        self._latency_s = 0.0
        self._segment = Segment()
        self._gaps = GapFinder()
        self._marker = BeatMarker()
        self._waiting: deque[_Waiting] = deque()
        self._packets: list[tuple[float, tuple[float, ...], bool]] = []
        self._imported_rr: tuple[float, ...] = ()
        self._after_gap = False
        self._last_arrival_s: float | None = None
        self._last_placed_s: float | None = None
        self._last_final_s = float("-inf")
        self._now = 0.0

    def push(self, event: Event) -> Iterable[Event]:
        """Beats heard and beats that became final."""
        self._now = max(self._now, event.time)
        match event:
            case HeartRateMeasurement(time, _, rr_ms=rr_ms, repeats=repeats):
                return self._arrived(time, rr_ms, repeats)
            case Tick(time):
                return self._time_passed(time)
            case RrIntervals(time, _, rr_ms, Stamp.ARRIVAL):
                repeats, self._imported_rr = rr_ms == self._imported_rr, rr_ms
                return self._arrived(time, rr_ms, repeats)
            case RrIntervals(time, _, rr_ms, Stamp.BEAT):
                return self._imported(time, rr_ms)
            case StrapKnown(rr_latency_s=latency):
                self._latency_s = latency or 0.0
            case StrapStatus(state=StrapState.LOST | StrapState.CONNECTED):
                return self._begin_anew()
            case SessionEnded():
                return [*self._settle(), *self._finals(self._marker.flush())]
        return ()

    def _arrived(self, arrival: float, rr_ms: tuple[float, ...], repeats: bool) -> Iterator[Event]:
        if self._packets and arrival - self._packets[0][0] > SAME_INSTANT_S:
            yield from self._settle()
        self._gaps.notified(arrival)
        if not rr_ms:
            return
        self._last_arrival_s = arrival
        anchor, sum_s = self._segment.anchor_s, self._segment.sum_s
        sum_s += sum(sum(packet_rr) for _, packet_rr, _ in self._packets) / 1000
        heard_s = arrival - sum(rr_ms) / 1000 if anchor is None else anchor + sum_s
        self._packets.append((arrival, rr_ms, repeats))
        for rr in rr_ms:
            heard_s += rr / 1000
            yield BeatHeard(min(heard_s - self._latency_s, self._now), rr, "rr")

    def _time_passed(self, now: float) -> Iterable[Event]:
        if self._packets and now - self._packets[0][0] > SAME_INSTANT_S:
            return self._settle()
        silent = self._last_arrival_s is not None and now - self._last_arrival_s > _SILENCE_S
        if silent and self._waiting:
            return self._finals(self._marker.flush())
        return ()

    def _begin_anew(self) -> Iterator[Event]:
        yield from self._settle()
        yield from self._finals(self._marker.flush())
        self._restart()

    def _restart(self) -> None:
        self._after_gap = self._after_gap or self._segment.anchor_s is not None
        self._segment = Segment()
        self._gaps.restart()

    def _settle(self) -> Iterator[Event]:
        """The instant is over: place what came in it, and pass it on to the marker."""
        if not self._packets:
            return
        packets, self._packets = self._packets, []
        flaws: list[Flaw] = []
        for arrival, rr_ms, repeats in packets:
            flaws += self._take(arrival, rr_ms, repeats)
        lateness = self._segment.settle(packets[-1][0])
        yield from self._finals(flaws)
        if self._gaps.missing(lateness, packets[-1][1][-1] / 1000):
            self._restart()

    def _take(self, arrival: float, rr_ms: tuple[float, ...], repeats: bool) -> list[Flaw]:
        segment = self._segment
        total_s = sum(rr_ms) / 1000
        if repeats and segment.lead_s(arrival, total_s) > max(0.15, 0.25 * total_s):
            ends = _sums(segment.sum_s - total_s, rr_ms)
            self._waiting.extend(
                _Waiting(rr, segment, end, Flaw.DUPLICATE) for rr, end in zip(rr_ms, ends, strict=True)
            )
            return []
        flaws = []
        for rr in rr_ms:
            segment.sum_s += rr / 1000
            self._waiting.append(_Waiting(rr, segment, segment.sum_s))
            flaws += self._marker.push(rr, after_gap=self._after_gap)
            self._after_gap = False
        return flaws

    def _imported(self, time: float, rr_ms: tuple[float, ...]) -> Iterator[Event]:
        """Imported beats that carry their own times: a hole between two of them is a gap."""
        ends = [end + time for end in _sums(-sum(rr_ms) / 1000, rr_ms)]
        self._last_arrival_s = time
        for rr, end in zip(rr_ms, ends, strict=True):
            yield BeatHeard(end, rr, "rr")
            last, self._last_placed_s = self._last_placed_s, end
            hole = last is not None and end - rr / 1000 - last > _HOLE_S
            self._waiting.append(_Waiting(rr, None, end))
            yield from self._finals(self._marker.push(rr, after_gap=hole))

    def _finals(self, flaws: list[Flaw]) -> Iterator[Event]:
        waiting = iter(flaws)
        while self._waiting:
            beat = self._waiting[0]
            flaw = beat.flaw or next(waiting, None)
            if flaw is None:
                return
            self._waiting.popleft()
            yield Beat(self._placed_at(beat), beat.rr_ms, flaw, "rr")

    def _placed_at(self, beat: _Waiting) -> float:
        """When the heartbeat was: never after it was known, never before the one before it."""
        time = beat.sum_s
        if beat.segment is not None:
            time += (beat.segment.anchor_s or 0.0) - self._latency_s
        self._last_final_s = max(self._last_final_s, min(time, self._now))
        return self._last_final_s


def _sums(start_s: float, rr_ms: Iterable[float]) -> list[float]:
    sums = []
    for rr in rr_ms:
        start_s += rr / 1000
        sums.append(start_s)
    return sums
