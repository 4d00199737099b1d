"""A session as it happens: every input is recorded first, then enters the sitting; the guide answers.

The order of the recording is the order in which inputs entered, and each bears the session time at which
it did. That is all a replay needs to give the same events again.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from dataclasses import replace
from typing import Protocol

from breathsync.clock import Clock
from breathsync.devices.leaving import until_ended
from breathsync.errors import OutputFileError
from breathsync.events import Input, RecordingAtRisk, RecordingStopped, SessionEnded
from breathsync.practice.conductor import Conductor, Wish
from breathsync.session.letterbox import Letterbox
from breathsync.session.recorder import MadeRecording, Recorder
from breathsync.session.sitting import TICKS_PER_SECOND, Sitting
from breathsync.session.told import sealed

ASLEEP_S = 30.0
"""Nothing but a sleeping machine keeps a session from its tick for so long."""


class Source(Protocol):
    """Where a strap's inputs come from: the radio or the simulator."""

    def inputs(self, clock: Clock) -> AsyncIterator[Input]:
        """Inputs as they happen, stamped on arrival."""


class LiveSession:
    """Inputs in, in any order of calls but one thread; time goes forward only.

    The end of the practice ends the session, unless the person is to go on breathing. A disk that takes
    no more ends the recording, never the session. With a letterbox notes are recorded sealed.
    """

    def __init__(
        self,
        sitting: Sitting,
        conductor: Conductor | None = None,
        recorder: Recorder | MadeRecording | None = None,
        *,
        ends_with_practice: bool = True,
        letterbox: Letterbox | None = None,
    ) -> None:
        self._sitting = sitting
        self._conductor = conductor
        self._recorder = recorder
        self._ends_with_practice = ends_with_practice
        self._letterbox = letterbox
        self.ended = False
        if conductor is not None:
            sitting.add_listener(conductor.hear)

    @property
    def now(self) -> float:
        """Session time so far."""
        return self._sitting.now

    def take(self, event: Input) -> None:
        """Record an input and let it in, not earlier than what is in already."""
        if self.ended:
            return
        event = replace(event, time=round(max(event.time, self._sitting.now), 6))
        self._record(event)
        self._sitting.push(event)

    def advance(self, now: float) -> None:
        """Let session time come to `now`, tick by tick, and let the guide do what is due.

        Where time leaps, the machine was asleep, and so was the practice: it waits to be gone on with.
        """
        if now - self._sitting.now > ASLEEP_S and not self.ended:
            self._pause(self._sitting.now)
        while not self.ended and self.next_tick() <= now:
            self._sitting.advance(self.next_tick())
            if self._conductor is not None:
                for event in self._conductor.at(self._sitting.now):
                    self.take(event)
                if self._conductor.finished and self._ends_with_practice:
                    self.end(self._sitting.now)

    def next_tick(self) -> float:
        """When `advance` has something to do again."""
        return (int(self._sitting.now * TICKS_PER_SECOND + 1e-9) + 1) / TICKS_PER_SECOND

    def _pause(self, now: float) -> None:
        if self._conductor is not None and not self._conductor.paused:
            self.wish(now, Wish.PAUSE)

    def wish(self, now: float, wish: Wish, words: str = "") -> None:
        """Do what the person asks for."""
        if self._conductor is None and wish is Wish.FINISH:
            self.end(now)
        elif self._conductor is not None and not self.ended:
            for event in self._conductor.wish(now, wish, words):
                self.take(self._sealed(event))
            if self._conductor.finished:
                self.end(now)

    def end(self, now: float) -> None:
        """Nothing more will come."""
        if not self.ended:
            self.take(SessionEnded(now))
            self.ended = True
            if self._recorder is not None:
                self._recorder.close()

    def _sealed(self, event: Input) -> Input:
        """A note is sealed before anything else sees it, so that the replay knows no more than we do."""
        if isinstance(self._recorder, Recorder):
            return sealed(event, self._letterbox, self._recorder.header)
        return event

    def _record(self, event: Input) -> None:
        if self._recorder is None:
            return
        try:
            self._recorder.write(event)
        except OutputFileError as problem:
            if isinstance(self._recorder, MadeRecording):  # nobody lives it: there is nothing to go on with
                raise
            with suppress(OutputFileError):
                self._recorder.close()
            self._recorder = None
            self._sitting.tell(RecordingStopped(event.time, str(problem)))
            return
        if isinstance(self._recorder, Recorder):
            for code, why in self._recorder.notices():
                self._sitting.tell(RecordingAtRisk(event.time, code, why))


async def run(live: LiveSession, source: Source, clock: Clock, seconds: float | None = None) -> None:
    """Let a session happen until it ends, or for so many seconds. Ends it whatever happens."""

    async def listen() -> None:
        async with aclosing(source.inputs(clock)) as inputs:  # type: ignore[type-var]
            async for event in inputs:
                live.advance(event.time)
                live.take(event)

    listening, reached = asyncio.create_task(listen()), 0.0
    try:
        while not live.ended and (seconds is None or clock.now() < seconds):
            live.advance(max(clock.now(), reached))
            reached = live.next_tick()
            await clock.sleep_until(reached)
            if listening.done():
                listening.result()
    finally:
        live.end(clock.now() if seconds is None else min(seconds, clock.now()))
        await until_ended(listening)  # the strap has stopped what it streams, and the link is ended
