"""Leads through a practice: which step it is, what is said, and how the guide breathes.

The conductor only exists live. What it decides enters the session as inputs and is recorded, so a replay
shows the guide that the person saw. It is asked with the time and answers with inputs of that time.
"""

from collections.abc import Iterator
from enum import StrEnum

from breathsync.breath.pacer import Pacer
from breathsync.breath.patterns import QUICKEST_TARGET_PER_MIN
from breathsync.events import (
    CueShown,
    GuideShown,
    Input,
    Marked,
    Noted,
    PaceChanged,
    Paused,
    Softened,
    StepStarted,
)
from breathsync.practice.practice_file import Practice, Step


class Wish(StrEnum):
    """What a person can ask for at any time."""

    NATURAL = "natural"  # the guide fades or comes back, nothing else changes
    SOFTEN = "soften"  # guide, sound and numbers go
    PAUSE = "pause"  # hold, or go on
    MARK = "mark"
    NOTE = "note"
    FINISH = "finish"


class Conductor:
    """One practice being led. Times are session seconds.

    `pacer` is the guide's breath as it goes on whether or not it is in sight.
    """

    def __init__(self, practice: Practice, own_per_min: float | None = None) -> None:
        self._practice = practice
        self._own_per_min = own_per_min
        self._index = -1
        self._began = 0.0
        self._words_said = 0
        self._paused_at: float | None = None
        self._natural = False
        self._softened = False
        self._in_sight = False
        self._left_at_period_s: float | None = None
        self.pacer = Pacer()
        self.finished = False

    @property
    def paused(self) -> bool:
        """Whether the practice is on hold."""
        return self._paused_at is not None

    @property
    def _step(self) -> Step | None:
        return self._practice.steps[self._index] if 0 <= self._index < len(self._practice.steps) else None

    def at(self, now: float) -> Iterator[Input]:
        """What is due by `now`: steps, words, paces. Ask at least at every tick."""
        if self._paused_at is not None:
            return
        while not self.finished and (self._step is None or now >= self._began + self._step.length_s):
            yield from self._next_step(now)
        if not self.finished and not self._softened:
            yield from self._words_due(now)

    def wish(self, now: float, wish: Wish, words: str = "") -> Iterator[Input]:
        """What a person's wish changes at `now`."""
        match wish:
            case Wish.NATURAL:
                yield from self._let_go(now) if self._in_sight else self._bring_back(now)
            case Wish.SOFTEN if self._softened:
                yield from self._bring_back(now)
            case Wish.SOFTEN:
                self._softened = True
                yield Softened(now)
                yield CueShown(now, "practice.softened")
                yield from self._guide(now, "softened")
            case Wish.PAUSE:
                yield from self._pause(now)
            case Wish.MARK:
                yield Marked(now, words)
            case Wish.NOTE:
                yield Noted(now, words)
            case Wish.FINISH:
                self.finished = True

    def _let_go(self, now: float) -> Iterator[Input]:
        """Natural breathing: the guide leaves, nothing else changes."""
        self._natural = True
        yield CueShown(now, "practice.natural")
        yield from self._guide(now, "natural")

    def _bring_back(self, now: float) -> Iterator[Input]:
        """The guide, the numbers and the step's last words again."""
        if not (self._natural or self._softened):
            return
        if self._softened:
            yield Softened(now, softened=False)
        self._natural = self._softened = False
        words = self._step.words[: self._words_said] if self._step else ()
        yield CueShown(now, words[-1].words if words else "")
        yield from self._guide(now, "back")

    def _next_step(self, now: float) -> Iterator[Input]:
        if self._step is not None:
            self._began += self._step.length_s
        self._index += 1
        self._words_said = 0
        step = self._step
        if step is None:
            self.finished = True
            return
        place = self._index + 1, len(self._practice.steps)
        yield StepStarted(now, self._practice.name, *place, step.kind, step.title, step.length_s)
        if self._in_sight:
            yield from self._go_on(now, step)
        yield from self._guide(now, step.kind)

    def guide_at(self, time: float) -> tuple[float, float] | None:
        """Turns and breaths a minute of the guide while it is in sight: what a person can follow."""
        position = self.pacer.at(time) if self._in_sight else None
        return (position.turns, position.breaths_per_min) if position else None

    def _guide(self, time: float, reason: str) -> Iterator[Input]:
        """Let the guide come into sight, beginning with an in-breath, or leave it."""
        step = self._step
        held = self._natural or self._softened or self._paused_at is not None
        in_sight = step is not None and step.guide and not held
        if in_sight == self._in_sight:
            return
        self._in_sight = in_sight
        if in_sight and step is not None:
            yield self._pace(time, step, self._left_at_period_s or self._own_period_s(step), anew=True)
        else:
            position = self.pacer.at(time)
            self._left_at_period_s = 60 / position.breaths_per_min if position else None
        yield GuideShown(time, in_sight, reason)

    def _go_on(self, time: float, step: Step) -> Iterator[Input]:
        """The next step's pace, from where the breath is."""
        position = self.pacer.at(time)
        if step.pace_per_min is not None and position is not None:
            yield self._pace(time, step, 60 / position.breaths_per_min)

    def _own_period_s(self, step: Step) -> float:
        return 60 / (self._own_per_min or step.from_per_min or QUICKEST_TARGET_PER_MIN)

    def _pace(self, time: float, step: Step, period_s: float, *, anew: bool = False) -> PaceChanged:
        until_s = 60 / step.pace_per_min if step.pace_per_min else period_s
        pace = PaceChanged(
            time,
            period_s=period_s,
            inhale_share=self._practice.inhale_share,
            lengthen_s=step.lengthen_s if until_s >= period_s else -step.lengthen_s,
            until_period_s=until_s,
            anew=anew,
            reason=step.kind,
        )
        self.pacer.change(pace)
        return pace

    def _words_due(self, now: float) -> Iterator[Input]:
        words = self._step.words if self._step else ()
        while self._words_said < len(words):
            if now < self._began + words[self._words_said].at_s:
                return
            yield CueShown(now, words[self._words_said].words)
            self._words_said += 1

    def _pause(self, now: float) -> Iterator[Input]:
        if self._paused_at is None:
            self._paused_at = now
            yield Paused(now, paused=True)
        else:
            self._began += now - self._paused_at
            self._paused_at = None
            yield Paused(now, paused=False)
        yield from self._guide(now, "paused")
