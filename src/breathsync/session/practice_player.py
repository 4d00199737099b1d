"""A practice being led live: with a strap, with the heart of a recording, or with no strap at all."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from breathsync.clock import Clock, SessionClock, wall_time
from breathsync.devices.person import Guide
from breathsync.errors import UsageError
from breathsync.events import (
    Input,
    Notification,
    RrIntervals,
    Samples,
    StrapStatus,
    StreamStatus,
)
from breathsync.practice.conductor import Choices, Conductor, Wish
from breathsync.practice.practice_file import Practice
from breathsync.practice.safety import Participant
from breathsync.session import library
from breathsync.session.live import LiveSession, Source, run
from breathsync.session.pipeline import pipeline
from breathsync.session.plan import Plan, steps_of
from breathsync.session.recorder import Recorder
from breathsync.session.recording import Header
from breathsync.session.replay import RecordingReader
from breathsync.session.sitting import Listener, Sitting
from breathsync.session.told import letterbox_of
from breathsync.settings import Settings

_FROM_A_STRAP = (StrapStatus, Notification, RrIntervals, StreamStatus, Samples)


class NoStrap:
    """Nothing comes: the guide leads alone."""

    async def inputs(self, clock: Clock) -> AsyncIterator[Input]:  # noqa: ARG002 - as every source
        """Nothing, for as long as it takes."""
        await asyncio.Event().wait()
        yield StrapStatus(0.0, "", "lost")  # type: ignore[arg-type]  # pragma: no cover - makes it a source


class RecordedStrap:
    """What a strap sent in a recording, as if it were sent now. What that person was shown is left out."""

    def __init__(self, reader: RecordingReader) -> None:
        self._reader = reader

    async def inputs(self, clock: Clock) -> AsyncIterator[Input]:
        """The strap's inputs at their times; afterwards nothing more comes."""
        for event in self._reader.inputs():
            if isinstance(event, _FROM_A_STRAP):
                await clock.sleep_until(event.time)
                yield event


class PracticePlayer:
    """A guided session, recorded. `strap_of` gives its strap, which may follow the guide.

    Without a `participant` nobody real is asked anything: the heart is simulated, or a recording's. A
    simulated one has an `origin` (`simulation.origin_of`), and the recording says so.
    """

    def __init__(
        self,
        practice: Practice,
        settings: Settings,
        strap_of: Callable[[Guide], Source],
        *,
        choices: Choices | None = None,
        file: Path | None = None,
        participant: Participant | None = None,
        code_name: str | None = None,
        name: str = "practice",
        details: dict[str, Any] | None = None,
        origin: dict[str, Any] | None = None,
        seconds: float | None = None,
    ) -> None:
        self._practice, self._settings, self._strap_of = practice, settings, strap_of
        self._choices, self._file = choices, file
        self._name, self._seconds = name, seconds
        self._code_name = participant.code_name if participant else code_name
        self._details = {**(details or {"practice": practice.id}), **(origin or {})}
        self._clock: Clock | None = None
        self._live: LiveSession | None = None
        self._told: list[Input] = []
        self.recording: Path | None = None
        self.participant = participant

    @property
    def length_s(self) -> float | None:
        """How long it will last."""
        return min(self._seconds or self._practice.length_s, self._practice.length_s)

    @property
    def plan(self) -> Plan:
        """Its steps, and whose it is."""
        return Plan(self._code_name, steps_of(self._practice), self.length_s, self._seconds)

    def now(self) -> float:
        """Session time."""
        return self._clock.now() if self._clock else 0.0

    async def run(self, listeners: Sequence[Listener]) -> None:
        """Record and lead the whole practice, or as long as was asked for."""
        started = wall_time()
        header = Header(
            started_at=started.isoformat(timespec="seconds"),
            code_name=self._code_name,
            details=self._details,
        )
        recorder = self._recorder(started, header)
        self.recording = recorder.file
        conductor = self._conductor()
        sitting = Sitting(pipeline(self._settings.profiles_folder), listeners)
        letterbox = letterbox_of(self._settings.recordings_folder)
        self._live = LiveSession(sitting, conductor, recorder, letterbox=letterbox)
        for event in self._told:
            self._live.take(event)
        self._clock = SessionClock()
        try:
            await run(self._live, self._strap_of(conductor.guide_at), self._clock, self._seconds)
        except UsageError:  # it cannot be said which strap is meant: nothing was recorded
            recorder.file.unlink(missing_ok=True)
            raise

    def _conductor(self) -> Conductor:
        return Conductor(self._practice, self._choices)

    def _recorder(self, started: datetime, header: Header) -> Recorder:
        if self._file is None:
            return library.new_recording(self._settings.recordings_folder, started, self._name, header)
        try:
            return Recorder(self._file, header)
        except FileExistsError as problem:
            raise UsageError("file_exists", file=self._file) from problem

    def tell(self, event: Input) -> None:
        """Keep it for the first moment."""
        self._told.append(event)

    def wish(self, wish: Wish, words: str = "") -> None:
        """Do what the person asks for."""
        if self._live is not None:
            self._live.wish(self.now(), wish, words)
