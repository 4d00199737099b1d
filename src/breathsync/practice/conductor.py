"""Leads through a practice: which step it is, what is said, shown and heard, and how the guide breathes.

The conductor only exists live. What it decides enters the session as inputs and is recorded, so a replay
shows the guide that the person saw. It is asked with the time and answers with inputs of that time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from breathsync.breath.pacer import Pacer
from breathsync.events import (
    BreathEstimate,
    CueShown,
    Event,
    GuideShown,
    Input,
    Marked,
    Noted,
    NumbersShown,
    Paused,
    Softened,
    SoundChanged,
    StepStarted,
)
from breathsync.practice.listening import Decision, Listening, Turn
from breathsync.practice.own_rhythm import MeasuredRhythm
from breathsync.practice.path import NUDGE_PER_MIN, Path
from breathsync.practice.practice_file import Practice, Step

GENTLY = "practice.gently"
_GENTLY_S = 10.0
_IMAGE_FADE_S = 8.0


class Wish(StrEnum):
    """What a person can ask for at any time."""

    NATURAL = "natural"  # the guide fades or comes back, nothing else changes
    SOFTEN = "soften"  # guide, sound and numbers go
    KEEP = "keep"  # this rhythm stays, or goes on changing
    SLOWER = "slower"
    QUICKER = "quicker"
    SOUND = "sound"  # on or off
    NUMBERS = "numbers"  # seen or not
    PAUSE = "pause"  # hold, or go on
    MARK = "mark"
    NOTE = "note"
    FELT = "felt"  # how a pace felt, where that was asked
    FINISH = "finish"


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person chose before; `None` leaves it to the practice."""

    own_per_min: float | None = None
    listens: bool | None = None
    sound: str | None = None
    numbers: bool = True


class Conductor:
    """One practice being led. Times are session seconds.

    `pacer` is the guide's breath as it goes on whether or not it is in sight. What the strap tells of the
    person's breath comes in by `hear`.
    """

    def __init__(self, practice: Practice, choices: Choices | None = None) -> None:
        choices = choices or Choices()
        self._practice = practice
        self._sound = choices.sound
        self._numbers = choices.numbers
        self._path = Path(choices.own_per_min, practice.shape)
        listens = practice.listens if choices.listens is None else choices.listens
        self._listening = Listening() if listens else None
        self._measured = MeasuredRhythm() if choices.own_per_min is None else None
        self._index = -1
        self._began = 0.0
        self._began_breath = 0
        self._words_said = 0
        self._gently_until = 0.0
        self._paused_at: float | None = None
        self._natural = False
        self._softened = False
        self._in_sight = False
        self._in_sight_since = 0.0
        self._sounding = "off"
        self.finished = False

    @property
    def paused(self) -> bool:
        """Whether the practice is on hold."""
        return self._paused_at is not None

    @property
    def pacer(self) -> Pacer:
        """The guide's breath."""
        return self._path.pacer

    @property
    def _step(self) -> Step | None:
        return self._practice.steps[self._index] if 0 <= self._index < len(self._practice.steps) else None

    # --- what comes in ---

    def hear(self, at: float, event: Event) -> None:
        """A listener: takes what is known of the person's breath."""
        if not isinstance(event, BreathEstimate):
            return
        if self._in_sight and self._listening is not None:
            self._listening.hear(at, event, self._guide_mean)
        elif self._measured is not None and self._left_alone_since(event.time):
            self._measured.hear(event)
            self._path.own_per_min = self._measured.per_min

    def at(self, now: float) -> Iterator[Input]:
        """What is due by `now`: steps, words, paces. Ask at least at every tick."""
        if self._paused_at is not None:
            return
        while not self.finished and (self._step is None or self._step_is_over(now)):
            yield from self._next_step(now)
        if not self.finished and not self._softened:
            yield from self._words_due(now)
        if self._in_sight and self._listening is not None and not self._path.kept:
            yield from self._listen(now, self._listening)

    def wish(self, now: float, wish: Wish, words: str = "") -> Iterator[Input]:
        """What a person's wish changes at `now`."""
        match wish:
            case Wish.NATURAL:
                yield from self._let_go(now) if self._in_sight else self._bring_back(now)
            case Wish.SOFTEN:
                yield from self._bring_back(now) if self._softened else self._soften(now)
            case Wish.KEEP | Wish.SLOWER | Wish.QUICKER:
                yield from self._take_the_pace(now, wish)
            case Wish.SOUND:
                on = self._practice.sound if self._practice.sound != "off" else "tone"
                self._sound = on if self._sounding == "off" else "off"
                yield from self._let_sound(now)
            case Wish.NUMBERS:
                self._numbers = not self._numbers
                yield NumbersShown(now, self._numbers)
            case Wish.PAUSE:
                yield from self._pause(now)
            case Wish.MARK:
                yield Marked(now, words)
            case Wish.NOTE:
                yield Noted(now, words)
            case Wish.FINISH:
                self.finished = True

    def guide_at(self, time: float) -> tuple[float, float] | None:
        """Turns and breaths a minute of the guide while it is in sight: what a person can follow."""
        position = self.pacer.at(time) if self._in_sight else None
        return (position.turns, position.breaths_per_min) if position else None

    # --- steps and words ---

    def _steps_in_all(self) -> int:
        return len(self._practice.steps)

    def _step_is_over(self, now: float) -> bool:
        step = self._step
        if step is None or step.breaths is None:
            return step is not None and now >= self._began + step.length_s
        return self._breath(now) >= self._began_breath + step.breaths

    def _breath(self, now: float) -> int:
        position = self.pacer.at(now)
        return position.breath if position else 0

    def _next_step(self, now: float) -> Iterator[Input]:
        before = self._step
        if before is not None:
            self._began = self._began + before.length_s if before.breaths is None else now
        self._index += 1
        self._words_said = 0
        step = self._step
        if step is None:
            self.finished = True
            return
        length_s = step.length_s if step.breaths is None and step.length_s else None
        place = self._index + 1, self._steps_in_all()
        told = self._practice.name, *place, step.kind, step.title, length_s
        yield StepStarted(now, *told, heart=step.heart, numbers=step.numbers)
        if self._index == 0 and not self._numbers:
            yield NumbersShown(now, shown=False)
        if self._in_sight:
            yield from self._go_on(now, step)
        yield from self._guide(now, step.kind)
        self._began_breath = self._breath(now)
        if step.kind == "write":  # in its own time and on its own page, after the session
            self.finished = True
            return
        yield from self._let_sound(now)
        yield from self._gently(now, step)

    def _gently(self, now: float, step: Step) -> Iterator[Input]:
        """No deeper than easy: before every session, and again where it slows."""
        if (self._index == 0 or step.kind == "slow_down") and not self._softened:
            self._gently_until = now + _GENTLY_S
            yield CueShown(now, GENTLY)

    def _words_due(self, now: float) -> Iterator[Input]:
        step = self._step
        if step is None or now < self._gently_until:
            return
        due = [words for words in step.words[self._words_said :] if now >= self._began + words.at_s]
        self._words_said += len(due)
        for words in due[-1:]:  # what waited behind others and is no longer due is left out
            yield CueShown(now, words.words, words.for_s)

    # --- what the person takes into their own hands ---

    def _let_go(self, now: float) -> Iterator[Input]:
        """Natural breathing: the guide leaves, nothing else changes."""
        self._natural = True
        yield CueShown(now, "practice.natural")
        yield from self._guide(now, "natural")

    def _soften(self, now: float) -> Iterator[Input]:
        """Guide, sound and numbers leave at once, and words ground."""
        self._softened = True
        yield Softened(now)
        yield CueShown(now, "practice.softened")
        yield from self._guide(now, "softened")
        yield from self._let_sound(now)

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
        yield from self._let_sound(now)

    def _take_the_pace(self, now: float, wish: Wish) -> Iterator[Input]:
        """The rhythm is the person's: kept, or a little slower or quicker from the next breath on."""
        if not self._in_sight:
            return
        if self._listening is not None:
            self._listening.forget()
        if wish is Wish.KEEP:
            yield self._path.keep(now)
            yield CueShown(now, "practice.kept" if self._path.kept else "practice.not_kept")
        else:
            yield self._path.nudge(now, -NUDGE_PER_MIN if wish is Wish.SLOWER else NUDGE_PER_MIN)
            yield CueShown(now, f"practice.{wish.value}")

    def _pause(self, now: float) -> Iterator[Input]:
        if self._paused_at is None:
            self._paused_at = now
            yield Paused(now, paused=True)
        else:
            self._began += now - self._paused_at
            self._began_breath += self._breath(now) - self._breath(self._paused_at)
            self._paused_at = None
            yield Paused(now, paused=False)
        yield from self._guide(now, "paused")
        yield from self._let_sound(now)

    # --- the guide and its sound ---

    def _guide(self, time: float, reason: str) -> Iterator[Input]:
        """Let the guide come into sight, beginning with an in-breath, or leave it."""
        step = self._step
        held = self._natural or self._softened or self._paused_at is not None
        in_sight = step is not None and step.guide and not held
        if in_sight == self._in_sight:
            return
        self._in_sight = in_sight
        self._in_sight_since = time
        if self._listening is not None:
            self._listening.forget()
        if in_sight and step is not None:
            yield self._path.begin(time, step.slope, reason=step.kind)
        else:
            self._path.leave(time)
        if reason == "image":
            yield GuideShown(time, in_sight, reason, _IMAGE_FADE_S)
        else:
            yield GuideShown(time, in_sight, reason)

    def _let_sound(self, time: float) -> Iterator[Input]:
        """What is to be heard now, if it is something else than before."""
        step = self._step
        chosen = self._sound or (step.sound if step else None) or self._practice.sound
        sound = "off" if self._softened or self._paused_at is not None else chosen
        if sound != self._sounding:
            self._sounding = sound
            yield SoundChanged(time, sound)

    def _go_on(self, now: float, step: Step) -> Iterator[Input]:
        """The next step's pace, from where the breath is; a guide that waits goes on waiting."""
        listening = self._listening
        share = listening.share if listening is not None else 1.0
        waits = listening is not None and listening.waiting
        pace = self._path.go_on(now, step.slope, share=share, waits=waits, reason=step.kind)
        if pace is not None:
            yield pace

    # --- listening ---

    def _guide_mean(self, start: float, end: float) -> float | None:
        """Breaths a minute of the guide from a time to a time, if it was in sight all along."""
        first, last = self.pacer.at(start), self.pacer.at(end)
        if start < self._in_sight_since or first is None or last is None or end <= start:
            return None
        return 60 * (last.turns - first.turns) / (end - start)

    def _left_alone_since(self, time: float) -> bool:
        """Whether nothing guided the person in the seconds that an estimate about `time` speaks of."""
        return not self._in_sight and (time - 10.0 >= self._in_sight_since or self._in_sight_since == 0.0)

    def _listen(self, now: float, listening: Listening) -> Iterator[Input]:
        position = self.pacer.at(now)
        step = self._step
        if position is None or step is None or step.pace_per_min is None:
            return
        decision = listening.decide(now, position.breaths_per_min)
        if decision is not None:
            yield self._turn(now, decision)

    def _turn(self, now: float, decision: Decision) -> Input:
        match decision.turn, decision.per_min:
            case Turn.MEET, float(per_min):
                return self._path.meet(now, per_min, reason="meets")
            case Turn.FOLLOW, float(per_min):
                return self._path.settle(now, per_min, reason="follows")
            case Turn.GO_ON, _:
                return self._path.lengthen(now, share=decision.share, reason="tries_again")
            case _:
                return self._path.hold(now, reason="waits")
