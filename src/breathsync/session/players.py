"""Sessions ready to be shown, in the window or in the terminal: live, a demo, or a recording."""

import itertools
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from breathsync.clock import Clock, SessionClock, wall_time
from breathsync.errors import UsageError
from breathsync.events import Event, Input, StrapState, StrapStatus
from breathsync.practice import practice_file
from breathsync.practice.conductor import Conductor, Wish
from breathsync.session import library, playback
from breathsync.session.live import LiveSession, Source, run
from breathsync.session.pipeline import pipeline
from breathsync.session.recorder import Recorder
from breathsync.session.recording import Header
from breathsync.session.replay import RecordingReader
from breathsync.session.simulation import Scenario, strap_of
from breathsync.session.sitting import Listener, Sitting
from breathsync.settings import Settings


class Player(Protocol):
    """A session that can be run once, and shown while it runs."""

    @property
    def length_s(self) -> float | None:
        """How long it will last, where that is known."""

    @property
    def recording(self) -> Path | None:
        """The file that this session is being recorded into."""

    def now(self) -> float:
        """Session time; may be asked from any thread."""

    async def ready(self) -> None:
        """Raise what keeps it from beginning, before anything is shown or recorded."""

    async def run(self, listeners: Sequence[Listener]) -> None:
        """Let it happen, telling the listeners."""

    def wish(self, wish: Wish, words: str = "") -> None:
        """Do what the person asks for; call it in the thread that runs the session."""


class DemoPlayer:
    """A simulated person's guided session, recorded like any other."""

    def __init__(
        self, scenario: Scenario, seed: int, settings: Settings, seconds: float | None = None
    ) -> None:
        self._scenario, self._seed, self._settings, self._seconds = scenario, seed, settings, seconds
        self._practice = practice_file.shipped(scenario.practice)
        self._clock: Clock | None = None
        self._live: LiveSession | None = None
        self.recording: Path | None = None

    @property
    def length_s(self) -> float | None:
        """How long it will last."""
        return min(self._seconds or self._practice.length_s, self._practice.length_s)

    def now(self) -> float:
        """Session time."""
        return self._clock.now() if self._clock else 0.0

    async def ready(self) -> None:
        """It always is."""

    async def run(self, listeners: Sequence[Listener]) -> None:
        """Record and run the whole practice, or as long as was asked for."""
        started = wall_time()
        header = Header(
            started_at=started.isoformat(timespec="seconds"),
            details={"scenario": self._scenario.name, "seed": self._seed},
        )
        recorder = library.new_recording(self._settings.recordings_folder, started, "demo", header)
        self.recording = recorder.file
        conductor = Conductor(self._practice)
        sitting = Sitting(pipeline(self._settings.profiles_folder), listeners)
        self._live = LiveSession(sitting, conductor, recorder)
        self._clock = SessionClock()
        await run(self._live, strap_of(self._scenario, conductor, self._seed), self._clock, self._seconds)

    def wish(self, wish: Wish, words: str = "") -> None:
        """Do what the person asks for."""
        if self._live is not None:
            self._live.wish(self.now(), wish, words)


class LivePlayer:
    """A person's session with a strap on, recorded; with a guide if a practice is named.

    `ready` is asked first: it raises what keeps the session from beginning.
    """

    def __init__(
        self,
        strap: Source,
        settings: Settings,
        *,
        file: Path | None = None,
        code_name: str | None = None,
        practice: str | None = practice_file.DEFAULT,
        seconds: float | None = None,
        ready: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._strap, self._settings, self._file = strap, settings, file
        self._code_name, self._seconds, self._ready = code_name, seconds, ready
        self._practice = practice_file.shipped(practice) if practice else None
        self._clock: Clock | None = None
        self._live: LiveSession | None = None
        self.recording: Path | None = None

    @property
    def length_s(self) -> float | None:
        """How long it will last, if a practice leads it."""
        lengths = [self._seconds, self._practice.length_s if self._practice else None]
        return min((length for length in lengths if length is not None), default=None)

    def now(self) -> float:
        """Session time."""
        return self._clock.now() if self._clock else 0.0

    async def ready(self) -> None:
        """BluetoothError where straps cannot be heard."""
        if self._ready is not None:
            await self._ready()

    async def run(self, listeners: Sequence[Listener]) -> None:
        """Record it until the person, the practice or the time ends it."""
        recorder = self._recorder()
        self.recording = recorder.file
        conductor = Conductor(self._practice) if self._practice else None
        sitting = Sitting(pipeline(self._settings.profiles_folder), listeners)
        self._live = LiveSession(sitting, conductor, recorder)
        self._clock = SessionClock()
        try:
            await run(self._live, self._strap, self._clock, self._seconds)
        except UsageError:  # it cannot be said which strap is meant: nothing was recorded
            recorder.file.unlink(missing_ok=True)
            raise

    def _recorder(self) -> Recorder:
        started = wall_time()
        header = Header(started_at=started.isoformat(timespec="seconds"), code_name=self._code_name)
        if self._file is None:
            return library.new_recording(self._settings.recordings_folder, started, "live", header)
        try:
            return Recorder(self._file, header)
        except FileExistsError as problem:
            raise UsageError("file_exists", file=self._file) from problem

    def wish(self, wish: Wish, words: str = "") -> None:
        """Do what the person asks for."""
        if self._live is not None:
            self._live.wish(self.now(), wish, words)


class Preview:
    """A strap held before a session begins: what comes is shown and not recorded."""

    length_s = None
    recording = None

    def __init__(self, strap: Source, settings: Settings) -> None:
        self._strap, self._settings = strap, settings
        self._clock: Clock | None = None
        self._live: LiveSession | None = None
        self.strap_state: StrapState | None = None

    def now(self) -> float:
        """Time since it began."""
        return self._clock.now() if self._clock else 0.0

    async def ready(self) -> None:
        """It always is: what is in the way is shown as the strap's state."""

    async def run(self, listeners: Sequence[Listener]) -> None:
        """Let it happen until a session takes over."""
        sitting = Sitting(pipeline(self._settings.profiles_folder), [self._follow, *listeners])
        self._live = LiveSession(sitting)
        self._clock = SessionClock()
        await run(self._live, self._strap, self._clock)

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

    def __init__(
        self,
        reader: RecordingReader,
        settings: Settings,
        *,
        rate: float | None = 1.0,
        start: float = 0.0,
        end: float | None = None,
        guide: Iterable[Input] | None = None,
    ) -> None:
        self._reader, self._settings, self._rate = reader, settings, rate
        self._start, self._end, self._guide = start, end, guide
        self._clock: Clock | None = None
        self._sitting: Sitting | None = None
        self._stopped = False

    @property
    def length_s(self) -> float | None:
        """Where the replay will end."""
        return self._end

    def now(self) -> float:
        """Session time."""
        if self._clock is not None:
            return self._clock.now()
        return self._sitting.now if self._sitting and self._rate is None else self._start

    async def ready(self) -> None:
        """It always is."""

    async def run(self, listeners: Sequence[Listener]) -> None:
        """Play it: what lies before the start is computed at once."""
        self._sitting = Sitting(pipeline(self._settings.profiles_folder), listeners)
        inputs = self._inputs()
        if self._rate is None:
            await playback.play(inputs, self._sitting, self._end)
            return
        ahead = next((e for e in self._before_start(inputs)), None)
        self._sitting.advance(self._start)
        self._clock = SessionClock(self._rate, self._start)
        rest = itertools.chain([ahead] if ahead else [], inputs)
        await playback.play_at_pace(rest, self._sitting, self._clock, self._end)

    def wish(self, wish: Wish, words: str = "") -> None:  # noqa: ARG002 - a recording hears no words
        """A recording can only be ended."""
        if wish is Wish.FINISH:
            self._stopped = True

    def _before_start(self, inputs: Iterator[Input]) -> Iterator[Input]:
        """Let in what lies before the start; gives the first input after it."""
        for event in inputs:
            if event.time > self._start:
                yield event
                return
            if self._sitting is not None:
                self._sitting.push(event)

    def _inputs(self) -> Iterator[Input]:
        recorded = self._reader.inputs()
        inputs = recorded if self._guide is None else playback.with_guide(recorded, self._guide)
        for event in inputs:
            if self._stopped:
                return
            yield event
