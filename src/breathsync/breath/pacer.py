"""Where in the breath the guide is: continuous, whatever changes.

The guide's breath is a chain of parts (in, full, out, empty), each with a start and a length. A change of
pace, shape or rests goes on from the same point of the same part, so nothing ever jumps. The circle, the
ribbon and the simulated person all ask `at(time)`; it is sampled when drawn and holds no clock.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import cos, nextafter, pi

from breathsync.breath.patterns import Pattern
from breathsync.events import BreathPart, Event, PaceChanged, PacerStep, Tick

_PARTS = tuple(BreathPart)
_KEPT = 400  # links of the chain: some minutes of past, for what is drawn and measured


@dataclass(frozen=True, slots=True)
class PacerPosition:
    """A moment of the guide. `fullness` runs from 0 (empty) to 1 (full)."""

    breath: int
    part: BreathPart
    progress: float
    fullness: float
    breaths_per_min: float

    @property
    def turns(self) -> float:
        """Breaths since the guide began: the first half of each is in, the second out."""
        match self.part:
            case BreathPart.IN:
                return self.breath + self.progress / 2
            case BreathPart.FULL:
                return self.breath + 0.5
            case BreathPart.OUT:
                return self.breath + 0.5 + self.progress / 2
            case BreathPart.EMPTY:
                return self.breath + 1.0


@dataclass(frozen=True, slots=True)
class _Link:
    """A part of a breath, or a piece of it before or after a change: from `progress` to `until`."""

    start: float
    lasts_s: float
    breath: int
    part: int
    progress: float
    period_s: float
    until: float = 1.0

    @property
    def end(self) -> float:
        return self.start + self.lasts_s


class Pacer:
    """The guide's breath, from the first pace on."""

    def __init__(self) -> None:
        self._pace: PaceChanged | None = None
        self._chain: list[_Link] = []
        self._waiting_s: float | None = None  # the period of a change that waits for the next breath

    def change(self, pace: PaceChanged) -> None:
        """From `pace.time` on breathe like this, replacing what was planned after that moment."""
        if self._pace is None or not self._chain or pace.time < self._chain[0].start:
            self._pace = pace
            self._chain = []
            self._waiting_s = None
            self._append_parts(pace.time, 0, 0, 0.0, pace.period_s)
            return
        here = self._link_at(pace.time)
        if pace.next_breath:
            self._chain = [link for link in self._chain if link.breath <= here.breath]
            self._pace, self._waiting_s = pace, pace.period_s
            return
        self._waiting_s = None
        progress = _progress(here, pace.time)
        del self._chain[self._chain.index(here) :]
        if pace.time > here.start:
            self._chain.append(replace(here, lasts_s=pace.time - here.start, until=progress))
        self._pace = pace
        if pace.anew:
            self._append_parts(pace.time, here.breath + 1, 0, 0.0, pace.period_s)
        elif progress < 1.0:
            self._append_parts(pace.time, here.breath, here.part, progress, pace.period_s)
        else:
            self._append_after(here, pace.time, pace.period_s)

    def at(self, time: float) -> PacerPosition | None:
        """The guide at `time`; `None` before the first pace (and longer ago than is kept)."""
        if not self._chain or time < self._chain[0].start:
            return None
        link = self._link_at(time)
        part, progress = _PARTS[link.part], _progress(link, time)
        return PacerPosition(link.breath, part, progress, _fullness(part, progress), 60 / link.period_s)

    def steps(self, after: float, until: float) -> Iterator[PacerStep]:
        """The parts that begin in (`after`, `until`]."""
        if not self._chain:
            return
        self._extend_past(until)
        first = bisect_right(self._chain, after, key=lambda link: link.start)
        for link in self._chain[first:]:
            if link.start > until:
                return
            if link.progress == 0.0:
                yield PacerStep(
                    link.start, link.breath, _PARTS[link.part], link.lasts_s, 60 / link.period_s
                )

    def next_part(self, after: float) -> float:
        """When the part that is on at `after` ends, as things stand; at once where none is."""
        if not self._chain or after < self._chain[0].start:
            return after
        return self._link_at(after).end

    def _link_at(self, time: float) -> _Link:
        self._extend_past(time)
        return self._chain[bisect_right(self._chain, time, key=lambda link: link.start) - 1]

    def _extend_past(self, time: float) -> None:
        while self._chain[-1].end <= time:
            last = self._chain[-1]
            self._append_after(last, last.end, last.period_s)
        if len(self._chain) > 2 * _KEPT:
            del self._chain[:_KEPT]

    def _append_after(self, link: _Link, start: float, period_s: float) -> None:
        """Go on with the part after `link`, or with the next breath, which may be a little longer."""
        if link.part + 1 < len(_PARTS) and self._waiting_s is None:
            self._append_parts(start, link.breath, link.part + 1, 0.0, period_s)
        else:
            self._append_parts(start, link.breath + 1, 0, 0.0, self._next_period(period_s))

    def _append_parts(self, start: float, breath: int, part: int, progress: float, period: float) -> None:
        """Append the rest of a breath from `part` on; parts of no length are left out."""
        pace = self._pace
        assert pace is not None
        shape = Pattern(pace.inhale_share, pace.rest_full_s, pace.rest_empty_s)
        lengths = shape.parts_s(period)
        before = len(self._chain)
        for index in range(part, len(_PARTS)):
            length = lengths[index] * (1.0 - progress)
            if length > 0:
                self._chain.append(_Link(start, length, breath, index, progress, period))
                start += length
            progress = 0.0
        if len(self._chain) == before:  # only a rest was left, and it is gone
            self._append_parts(start, breath + 1, 0, 0.0, self._next_period(period))

    def _next_period(self, period: float) -> float:
        pace = self._pace
        assert pace is not None
        if self._waiting_s is not None:
            period, self._waiting_s = self._waiting_s, None
            return period
        if pace.until_period_s is None or pace.lengthen_s == 0:
            return period
        longer = period + pace.lengthen_s
        return min(longer, pace.until_period_s) if pace.lengthen_s > 0 else max(longer, pace.until_period_s)


def _progress(link: _Link, time: float) -> float:
    done = (time - link.start) / link.lasts_s
    return min(link.until, link.progress + (link.until - link.progress) * done)


def _fullness(part: BreathPart, progress: float) -> float:
    """Breath eases at both ends: half a cosine in, half a cosine out."""
    match part:
        case BreathPart.IN:
            return (1 - cos(pi * progress)) / 2
        case BreathPart.OUT:
            return (1 + cos(pi * progress)) / 2
        case BreathPart.FULL:
            return 1.0
        case BreathPart.EMPTY:
            return 0.0


class PacerSteps:
    """The stage that says when the guide enters a part of its breath."""

    hears = frozenset({PaceChanged, Tick})

    def __init__(self) -> None:
        self._pacer = Pacer()
        self._told_s = self._next_s = float("-inf")
        self._told = (-1, BreathPart.EMPTY)

    def push(self, event: Event) -> Iterable[Event]:
        """`PacerStep` for every part that has begun."""
        if isinstance(event, PaceChanged):
            self._pacer.change(event)
            self._told_s = min(self._told_s, nextafter(event.time, float("-inf")))
            self._next_s = self._told_s
        elif isinstance(event, Tick) and event.time >= self._next_s:
            return self._begun_by(event.time)
        return ()

    def _begun_by(self, now: float) -> Iterator[PacerStep]:
        for step in self._pacer.steps(self._told_s, now):
            if (step.breath, step.part) != self._told:
                self._told = (step.breath, step.part)
                yield step
        self._told_s, self._next_s = now, self._pacer.next_part(now)
