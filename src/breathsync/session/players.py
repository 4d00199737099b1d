"""Sessions ready to be shown, in the window or in the terminal: live, a demo, or a recording."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from breathsync.clock import Clock, ReplayClock, SessionClock, give_way
from breathsync.events import Event, Input, StrapState, StrapStatus
from breathsync.practice import practice_file
from breathsync.practice.conductor import Choices, Wish
from breathsync.practice.practice_file import Practice
from breathsync.practice.safety import Participant
from breathsync.session import playback
from breathsync.session.live import LiveSession, Source, run
from breathsync.session.pipeline import pipeline
from breathsync.session.plan import NO_PLAN, Plan, plan_of_recording
from breathsync.session.practice_player import PracticePlayer
from breathsync.session.replay import RecordingReader
from breathsync.session.simulation import Scenario, origin_of, strap_of
from breathsync.session.sitting import Listener, Sitting
from breathsync.settings import Settings

_GIVE_WAY_EVERY = 20  # inputs of about a millisecond: who wishes for something else is heard at once


class Player(Protocol):
    """A session that can be run once, and shown while it runs."""

    @property
    def length_s(self) -> float | None:
        """How long it will last, where that is known."""

    @property
    def recording(self) -> Path | None:
        """The file that this session is being recorded into."""

    @property
    def participant(self) -> Participant | None:
        """The real person who is recorded, and asked first; `None` where there is none."""

    @property
    def plan(self) -> Plan:
        """Its steps, and whose it is; for a recording this reads all of it once."""

    def tell(self, event: Input) -> None:
        """Enter what the person said before the session begins: at its first moment."""

    def now(self) -> float:
        """Session time; may be asked from any thread."""

    async def run(self, listeners: Sequence[Listener]) -> None:
        """Let it happen, telling the listeners."""

    def wish(self, wish: Wish, words: str = "") -> None:
        """Do what the person asks for; call it in the thread that runs the session."""


class DemoPlayer(PracticePlayer):
    """A simulated person's guided session, recorded like any other."""

    def __init__(
        self, scenario: Scenario, seed: int, settings: Settings, seconds: float | None = None
    ) -> None:
        super().__init__(
            practice_file.shipped(scenario.practice),
            settings,
            lambda guide: strap_of(scenario, guide, seed),
            name="demo",
            origin=origin_of(scenario, seed),
            seconds=seconds,
        )


class LivePlayer(PracticePlayer):
    """A person's session with a strap on, led by a practice."""

    def __init__(
        self,
        strap: Source,
        settings: Settings,
        *,
        practice: Practice | None = None,
        choices: Choices | None = None,
        participant: Participant | None = None,
        code_name: str | None = None,
        file: Path | None = None,
        seconds: float | None = None,
    ) -> None:
        super().__init__(
            practice or practice_file.shipped(),
            settings,
            lambda _: strap,
            choices=choices,
            file=file,
            participant=participant or Participant(code_name),
            name="live",
            seconds=seconds,
        )


class Preview:
    """A strap held before a session begins: what comes is shown and not recorded."""

    length_s = None
    recording = None
    participant = None
    plan = NO_PLAN

    def __init__(self, strap: Source, settings: Settings) -> None:
        self._strap, self._settings = strap, settings
        self._clock: Clock | None = None
        self._live: LiveSession | None = None
        self.strap_state: StrapState | None = None

    def now(self) -> float:
        """Time since it began."""
        return self._clock.now() if self._clock else 0.0

    async def run(self, listeners: Sequence[Listener]) -> None:
        """Let it happen until a session takes over."""
        sitting = Sitting(pipeline(self._settings.profiles_folder), [self._follow, *listeners])
        self._live = LiveSession(sitting)
        self._clock = SessionClock()
        await run(self._live, self._strap, self._clock)

    def tell(self, event: Input) -> None:
        """Nothing is recorded yet."""

    def _follow(self, _at: float, event: Event) -> None:
        if isinstance(event, StrapStatus):
            self.strap_state = event.state

    def wish(self, wish: Wish, words: str = "") -> None:  # noqa: ARG002 - nothing is recorded
        """It can only be ended."""
        if self._live is not None:
            self._live.wish(self.now(), wish)


class ReplayPlayer:
    """A recording, played at a rate (`None`: as fast as can be), from `start` to `end`."""

    recording = None
    participant = None

    def __init__(
        self,
        reader: RecordingReader,
        settings: Settings,
        *,
        rate: float | None = 1.0,
        start: float = 0.0,
        end: float | None = None,
        guide: Iterable[Input] | None = None,
        held: bool = False,
    ) -> None:
        self._reader, self._settings, self._rate = reader, settings, rate
        self._start, self._end, self._guide = start, end, None if guide is None else tuple(guide)
        self._held = held
        self._length_s: float | None = None
        self._clock: ReplayClock | None = None
        self._sitting: Sitting | None = None
        self._stopped = False

    @property
    def length_s(self) -> float:
        """Where it ends: as asked for, or as the recording does."""
        if self._length_s is None:
            self._length_s = self._end if self._end is not None else self._reader.length_s()
        return self._length_s

    @property
    def plan(self) -> Plan:
        """Its steps, as far as they were lived."""
        reader = RecordingReader(self._reader.file)
        return plan_of_recording(reader, length_s=self.length_s, with_steps=self._guide is None)

    @property
    def held(self) -> bool:
        """Whether it stands still."""
        return self._clock.held if self._clock is not None else self._held

    def at(self, start: float) -> "ReplayPlayer":
        """The same replay from another moment on, standing still if this one does."""
        how = {"rate": self._rate, "end": self._end, "guide": self._guide, "held": self.held}
        return ReplayPlayer(self._reader, self._settings, start=start, **how)  # type: ignore[arg-type]

    def now(self) -> float:
        """Session time."""
        if self._clock is not None:
            return self._clock.now()
        return self._sitting.now if self._sitting and self._rate is None else self._start

    async def run(self, listeners: Sequence[Listener]) -> None:
        """Play it: what lies before the start is computed at once."""
        self._sitting = Sitting(pipeline(self._settings.profiles_folder), listeners)
        inputs = self._inputs()
        if self._rate is None:
            await playback.play(inputs, self._sitting, self._end)
            return
        ahead = await self._before_start(inputs)
        if self._stopped:
            return
        self._sitting.advance(self._start)
        self._clock = ReplayClock(self._rate, self._start, held=self._held)
        rest = itertools.chain([ahead] if ahead else [], inputs)
        await playback.play_at_pace(rest, self._sitting, self._clock, self._end)

    def tell(self, event: Input) -> None:
        """A recording holds already what was said."""

    def wish(self, wish: Wish, words: str = "") -> None:  # noqa: ARG002 - a recording hears no words
        """A recording can be held and ended."""
        if wish is Wish.FINISH:
            self._stopped = True
            if self._clock is not None:
                self._clock.hurry()
        elif wish is Wish.PAUSE and self._clock is not None:
            if self._clock.held:
                self._clock.go_on()
            else:
                self._clock.hold()

    async def _before_start(self, inputs: Iterator[Input]) -> Input | None:
        """Let in what lies before the start, as long as anybody waits; the first input after it."""
        for count, event in enumerate(inputs):
            if event.time > self._start:
                return event
            if self._sitting is not None:
                self._sitting.push(event)
            if count % _GIVE_WAY_EVERY == 0:
                await give_way()
        return None

    def _inputs(self) -> Iterator[Input]:
        recorded = self._reader.with_later()
        inputs = recorded if self._guide is None else playback.with_guide(recorded, self._guide)
        for event in inputs:
            if self._stopped:
                return
            yield event
