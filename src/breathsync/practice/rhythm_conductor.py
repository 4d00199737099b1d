"""Leads through finding a rhythm: arrive, slow down to the first pace, one stretch after the other, let go.

A conductor whose practice grows: each stretch is decided when the one before it ends, from what the swings
said until then. What it decides is recorded like any guide's, so a replay shows the same paces. After each
stretch the person may say how it felt; nothing waits for that.
"""

from collections.abc import Iterator
from dataclasses import replace

from breathsync.breath.rhythm_finding import FIND, SETTLE
from breathsync.events import Comfort, Event, Input, PaceAsked, PaceFelt, SwingByPace
from breathsync.practice.conductor import Choices, Conductor, Wish
from breathsync.practice.path import Path
from breathsync.practice.practice_file import Practice, Step, Words
from breathsync.practice.rhythm_protocols import Protocol, Stretch

_ARRIVE_S, _SETTLE_S, _LET_GO_S = 30.0, 75.0, 30.0
_ASKED_FOR_S = 25.0
_NO_PACE_WISHES = (Wish.KEEP, Wish.SLOWER, Wish.QUICKER)


class RhythmConductor(Conductor):
    """One search for a rhythm being led."""

    def __init__(self, protocol: Protocol, choices: Choices | None = None) -> None:
        chosen = replace(choices or Choices(), listens=False)
        super().__init__(opening(protocol), chosen)
        self._path = _AnyPath(chosen.own_per_min, self._practice.shape)
        self._protocol = protocol
        self._seen: SwingByPace | None = None
        self._done = 0
        self._first_began: float | None = None
        self._asked: tuple[float, float] | None = None  # about which pace, and when

    def hear(self, at: float, event: Event) -> None:
        """A listener: takes what the swings say as well."""
        if isinstance(event, SwingByPace):
            self._seen = event
        super().hear(at, event)

    def at(self, now: float) -> Iterator[Input]:
        """What is due by `now`. A question that nobody answers goes away by itself."""
        yield from super().at(now)
        if self._asked is not None and now >= self._asked[1] + _ASKED_FOR_S:
            yield from self._felt(now, None)

    def wish(self, now: float, wish: Wish, words: str = "") -> Iterator[Input]:
        """What a person's wish changes. The pace is the search's own, as long as it lasts."""
        if wish is Wish.FELT:
            yield from self._felt(now, Comfort(words) if words else None)
        elif wish not in _NO_PACE_WISHES:
            yield from super().wish(now, wish, words)

    def _next_step(self, now: float) -> Iterator[Input]:
        before = self._step
        if before is not None and before.kind == FIND:
            self._done += 1
        last = self._index + 1 == len(self._practice.steps)
        if before is not None and last and before.kind != "let_go":
            self._grow(now)
        pace = self._mean_pace(before, now)
        yield from super()._next_step(now)
        if pace is not None and not self.finished:
            yield from self._felt(now, None)
            self._asked = pace, now
            yield PaceAsked(now, pace)

    def _grow(self, now: float) -> None:
        """One more stretch, or the end."""
        if self._first_began is None:
            self._first_began = now
        stretch = self._protocol.following(self._done, now - self._first_began, self._seen)
        step = _step(stretch) if stretch is not None else closing()
        self._practice = replace(self._practice, steps=(*self._practice.steps, step))

    def _steps_in_all(self) -> int:
        return max(len(self._practice.steps), self._protocol.stretches + 3)

    def _mean_pace(self, step: Step | None, now: float) -> float | None:
        """What was breathed in a stretch: its pace, or of a slide its middle."""
        if step is None or step.kind != FIND or step.pace_per_min is None:
            return None
        begin, end = self.pacer.at(self._began), self.pacer.at(now)
        slides = step.lengthen_s < 1.0
        if not slides or begin is None or end is None:
            return step.pace_per_min
        return round((begin.breaths_per_min + end.breaths_per_min) / 2, 1)

    def _felt(self, now: float, comfort: Comfort | None) -> Iterator[Input]:
        if self._asked is not None:
            pace, self._asked = self._asked[0], None
            yield PaceFelt(now, pace, comfort)


class _AnyPath(Path):
    """A path that also leads upwards: every pace is to be looked at, also one quicker than one's own."""

    def _until_s(self, period_s: float) -> float:
        return 60 / self._slope.target_per_min if self._slope.target_per_min else period_s


def opening(protocol: Protocol) -> Practice:
    """What comes before the first stretch."""
    arrive = Step("arrive", "practice.step.arrive", _ARRIVE_S, _words("arrive", 0))
    settle = Step(
        SETTLE,
        "practice.step.slow_down",
        _SETTLE_S,
        _words("settle", 10),
        guide=True,
        pace_per_min=protocol.first_per_min,
        lengthen_s=0.5,
    )
    return Practice("find-rhythm", "rhythm.name", (arrive, settle), listens=False)


def _step(stretch: Stretch) -> Step:
    seconds = stretch.breaths * 60 / stretch.per_min
    return Step(
        FIND,
        "rhythm.step",
        seconds,
        guide=True,
        pace_per_min=stretch.per_min,
        lengthen_s=stretch.lengthen_s,
        breaths=stretch.breaths,
    )


def closing() -> Step:
    """What comes after the last stretch."""
    return Step("let_go", "practice.step.let_go", _LET_GO_S, _words("let_go", 0))


def _words(name: str, at_s: float) -> tuple[Words, ...]:
    return (Words(at_s, f"rhythm.{name}"),)


def length_s(protocol: Protocol) -> float:
    """About how long it takes, from arriving to letting go."""
    return _ARRIVE_S + _SETTLE_S + 60 * protocol.minutes + _LET_GO_S
