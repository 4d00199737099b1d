"""A strap that is looked for, held, and looked for again until it is let go: a source of inputs.

A connection lives like this: look, connect, say so, subscribe to the heart rate, read what there is to know
of the strap, start the streams that are wished for; then watch the data. When the link is lost, or silent
for too long, leave it and look again: for ever, until whoever holds the strap lets it go. Every change is
an input of the session, stamped like every other when it arrives.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Self

from breathsync.clock import Clock, LoopClock
from breathsync.devices.air import Air, Heard, Link
from breathsync.devices.finding import HEART_RATE_SERVICE, KnownStrap, Return, Search, Sighting
from breathsync.devices.holding import HEART_RATE, NO_RADIO_PAUSE_S, Change, Holding, Watchdog
from breathsync.devices.leaving import to_its_end, until_ended
from breathsync.devices.profiles import Profile
from breathsync.devices.streaming import Ears, Streaming, control_of
from breathsync.errors import BreathSyncError
from breathsync.events import Input, Notification, StrapState, StrapStatus, StreamStatus

SOURCE = "strap"
BATTERY = ("180f", "2a19")
ABOUT = (  # read once for each connection; the serial number is nobody's business
    BATTERY,
    (HEART_RATE_SERVICE, "2a38"),  # body location
    ("180a", "2a29"),  # manufacturer
    ("180a", "2a24"),  # model
    ("180a", "2a26"),  # firmware
)


class HeldStrap:
    """One strap of one person. Hold it with `async with`; it is let go when the last holder leaves.

    `inputs` may be asked for again and again, by one session after the other: each hears first how the
    strap stands, then what comes.
    """

    def __init__(
        self,
        air: Air,
        search: Search | Return,
        profiles: tuple[Profile, ...],
        *,
        streams: Iterable[str] = (),
        remember: Callable[[KnownStrap], None] | None = None,
        source: str = SOURCE,
    ) -> None:
        self._air, self._search, self._profiles = air, search, profiles
        self._remember = remember
        self._source = source
        self._control = control_of(source, streams)
        self._streams: dict[str, StreamStatus] = {}
        self._holding = Holding()
        self._watchdog = Watchdog(0.0)
        self._name = search.name if isinstance(search, Return) else None
        self._connections = 0
        self._about: dict[str, bytes] = {}
        self._holders = 0
        self._held: asyncio.Task[None] | None = None
        self._time: Clock | None = None  # by which it is held
        self._clock: Clock | None = None  # of the session that listens
        self._heard: asyncio.Queue[Input | BaseException] | None = None
        self._problem: BaseException | None = None

    # --- for whoever holds it ---

    async def __aenter__(self) -> Self:
        """Hold it: it is looked for from now on."""
        self._holders += 1
        if self._held is None:
            self._time = LoopClock()
            self._held = asyncio.create_task(self._hold())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Let it go; the last one waits until the link is ended."""
        self._holders -= 1
        if self._holders == 0 and self._held is not None:
            await to_its_end(until_ended(self._held))
            self._held = None

    async def inputs(self, clock: Clock) -> AsyncIterator[Input]:
        """Inputs as they happen, for ever, stamped by this session's clock."""
        heard: asyncio.Queue[Input | BaseException] = asyncio.Queue()
        self._clock, self._heard = clock, heard
        self._tell_how_it_stands()
        try:
            async with self:
                while True:
                    event = await heard.get()
                    if isinstance(event, BaseException):
                        raise event
                    yield event
        finally:
            if self._heard is heard:
                self._heard = None

    # --- the life of a connection ---

    async def _hold(self) -> None:
        try:
            while (heard := await self._look()) is not None:
                await self._stay(heard)
                await self._sleep(self._holding.pause_s)
        except Exception as problem:  # a question for the person, or a fault of ours: the session says it
            self._problem = problem
            self._put(problem)

    async def _look(self) -> Heard | None:
        """Until the strap is heard; what keeps this machine from hearing is told and outlived.

        `None` where nobody holds it any more: a stack may answer our wish to end with an error of its own.
        """
        self._tell(self._holding.looking())
        while self._holders:
            try:
                return await self._air.find(self._accepts, self._now_listening)
            except BreathSyncError:
                raise
            except Exception as problem:  # no stack's error may end a session
                self._tell(self._holding.looking(self._air.trouble_of(problem)))
                await self._sleep(NO_RADIO_PAUSE_S)
        return None

    async def _stay(self, heard: Heard) -> None:
        """One connection from its beginning to its end."""
        gone = asyncio.Event()
        self._name = heard.seen.name or self._name
        self._holding.attempt()
        self._tell(self._holding.connecting())
        try:
            async with self._air.connect(heard, gone.set) as link:
                self._meet(heard.seen)
                self._tell(self._holding.connected())
                self._tell(self._holding.over(await self._ending(link, gone)))
        except Exception as problem:  # no stack's error may end a session
            self._tell(self._holding.over(self._air.trouble_of(problem)))

    async def _ending(self, link: Link, gone: asyncio.Event) -> str:
        """Stay while the link is worth it; why it is not any more. To leave it takes seconds after that."""
        try:
            return await self._listen(link, gone)
        except Exception as problem:  # no stack's error may end a session
            return self._air.trouble_of(problem)

    async def _listen(self, link: Link, gone: asyncio.Event) -> str:
        """Until the link is lost or a stream is silent for too long; says which."""
        self._connections += 1
        self._watchdog = Watchdog(self._now())
        ears = Ears(self._notify, self._stream_stands, self._now)
        streaming = Streaming(self._control, link, self._air, ears) if self._control else None
        talking = asyncio.create_task(self._talk(link, self._connections, streaming))
        losing = asyncio.create_task(gone.wait())
        try:
            while True:
                waited_for = {task for task in (talking, losing) if not task.done()}
                limit_s = self._watchdog.look_again_s(self._now())
                await asyncio.wait(waited_for, timeout=limit_s, return_when=asyncio.FIRST_COMPLETED)
                if losing.done():
                    return "link_lost"
                if talking.done():
                    talking.result()
                if self._watchdog.is_silent(self._now()):
                    return "silent"
        finally:
            await to_its_end(_leave((talking, losing), streaming, gone))

    async def _talk(self, link: Link, connection: int, streaming: Streaming | None) -> None:
        """Subscribe, ask, and keep the streams going."""

        def hear(payload: bytes) -> None:
            if connection == self._connections:  # an earlier client's last words count no more
                self._watchdog.heard(self._now())
                self._holding.heard()
                self._notify(HEART_RATE, payload)

        await link.subscribe(HEART_RATE_SERVICE, HEART_RATE, hear)
        for service, characteristic in ABOUT:
            if link.offers(service, characteristic):
                with suppress(Exception):  # a strap that does not say this says other things
                    self._learn(characteristic, await link.read(service, characteristic))
        if link.offers(*BATTERY):
            with suppress(Exception):  # not every strap says when its battery changes
                await link.subscribe(*BATTERY, lambda payload: self._learn(BATTERY[1], payload))
        if streaming is not None:
            await streaming.run()

    def _accepts(self, seen: Sighting) -> bool:
        return self._search.accepts(seen, self._now())

    def _now_listening(self) -> None:
        self._tell(self._holding.looking())

    def _meet(self, seen: Sighting) -> None:
        """From now on this very strap is looked for, and no other."""
        strap = KnownStrap(seen.address, self._name)
        self._search = Return(strap, self._profiles)
        self._about.clear()
        if self._remember is not None:
            self._remember(strap)

    # --- what the session hears ---

    def _tell(self, change: Change | None) -> None:
        if change is not None:
            self._put_status()

    def _tell_how_it_stands(self) -> None:
        """A session that begins later hears what it missed: the strap's state, and what it is."""
        if self._problem is not None:
            self._put(self._problem)
        self._put_status()
        if self._holding.told.state is StrapState.CONNECTED:
            for characteristic, payload in self._about.items():
                self._notify(characteristic, payload)
            for status in self._streams.values():
                self._stream_stands(status)

    def _put_status(self) -> None:
        if self._clock is not None:
            told = self._holding.told
            now = self._clock.now()
            self._put(StrapStatus(now, self._source, told.state, self._name, told.reason))

    def _learn(self, characteristic: str, payload: bytes) -> None:
        self._about[characteristic] = payload
        self._notify(characteristic, payload)

    def _stream_stands(self, status: StreamStatus) -> None:
        self._streams[status.stream] = status
        if self._clock is not None:
            self._put(replace(status, time=self._clock.now()))

    def _notify(self, characteristic: str, payload: bytes) -> None:
        if self._clock is not None:
            self._put(Notification(self._clock.now(), self._source, characteristic, payload))

    def _put(self, event: Input | BaseException) -> None:
        if self._heard is not None:
            self._heard.put_nowait(event)

    def _now(self) -> float:
        return self._time.now() if self._time is not None else 0.0

    async def _sleep(self, seconds: float) -> None:
        if self._time is not None and seconds > 0:
            await self._time.sleep_until(self._time.now() + seconds)


async def _leave(
    busy: tuple[asyncio.Task[object], ...], streaming: Streaming | None, gone: asyncio.Event
) -> None:
    """Nothing more is asked of the link, except that its streams stop."""
    await until_ended(*busy)
    if streaming is not None:
        await streaming.end(link_stands=not gone.is_set())
