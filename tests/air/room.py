"""A room to try things in: air, straps, this machine's adapter, and a live session that holds a strap."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from bleak.exc import BleakBluetoothNotAvailableReason as Trouble
from tests.air import bumble_log
from tests.air.backend import Adapter, virtual_bluetooth
from tests.air.faulty import FaultyAir
from tests.air.strap import AirStrap

from breathsync.clock import LoopClock
from breathsync.devices import profiles
from breathsync.devices.bluetooth import Radio
from breathsync.devices.decoder import Decoder
from breathsync.devices.finding import Search
from breathsync.devices.held_strap import HeldStrap
from breathsync.devices.notices import Notices
from breathsync.devices.virtual_air import VirtualController
from breathsync.events import Beat, Event, Flaw, Input, Notification, StrapState, StrapStatus
from breathsync.heart.beats import Beats
from breathsync.heart.quality import Quality
from breathsync.session.live import LiveSession, run
from breathsync.session.pipeline import Pipeline
from breathsync.session.recorder import Recorder
from breathsync.session.recording import Header, line
from breathsync.session.replay import RecordingReader
from breathsync.session.sitting import Sitting

bumble_log.leave_out()


def _to_beats() -> Pipeline:
    """As far as a link matters; what follows from beats is tested elsewhere, and takes longer."""
    return Pipeline([Decoder(profiles.load_all()), Beats(), Notices(), Quality()])


class _Recorder(Recorder):
    """Leaves it to the disk when to write: hours pass in seconds here."""

    def write(self, event: Input) -> None:
        self._put(line(event))


class Session:
    """One strap held by a live session, and what the session was told."""

    def __init__(self, radio: Radio, words: str, recording: Path | None = None, **held: object) -> None:
        known = profiles.load_all()
        self.strap = HeldStrap(radio, Search(words, known), known, **held)  # type: ignore[arg-type]
        self.told: list[tuple[float, Event]] = []
        self.statuses: list[StrapStatus] = []
        self.arrived: list[Notification] = []
        self.beats: list[Beat] = []
        self.recording = recording
        recorder = _Recorder(recording, Header()) if recording else None
        self.clock = LoopClock()
        self.live = LiveSession(Sitting(_to_beats(), [self._tell]), None, recorder)
        self._running = asyncio.create_task(run(self.live, self.strap, self.clock))

    def _tell(self, _at: float, event: Event) -> None:
        match event:
            case StrapStatus():
                self.statuses.append(event)
            case Notification():
                self.arrived.append(event)
            case Beat():
                self.beats.append(event)

    @property
    def state(self) -> StrapState | None:
        return self.statuses[-1].state if self.statuses else None

    @property
    def reasons(self) -> list[str | None]:
        return [status.reason for status in self.statuses if status.reason]

    def packets(self, characteristic: str = "2a37") -> list[bytes]:
        return [n.payload for n in self.arrived if n.characteristic == characteristic]

    def count(self, state: StrapState) -> int:
        return sum(status.state is state for status in self.statuses)

    async def streaming(self, limit_s: float = 120.0) -> float:
        """Wait for the next heart-rate packet; the loop's time when it came."""
        before = len(self.packets())
        await until(lambda: len(self.packets()) > before, limit_s)
        return asyncio.get_running_loop().time()

    async def end(self) -> None:
        self.live.end(self.clock.now())
        await self._running

    async def result(self) -> None:
        await self._running

    def kept(self) -> list[bytes]:
        """Heart-rate packets in the recording."""
        assert self.recording is not None
        inputs = RecordingReader(self.recording).inputs()
        return [n.payload for n in inputs if isinstance(n, Notification) and n.characteristic == "2a37"]

    def doubled(self) -> int:
        return sum(beat.flaw is Flaw.DUPLICATE for beat in self.beats)


class Room:
    """One strap or more, one adapter."""

    def __init__(self, seed: int = 0) -> None:
        self.air = FaultyAir(seed)
        self.straps: list[AirStrap] = []
        self.sessions: list[Session] = []
        self.adapter: Adapter
        self.radio: Radio

    @property
    def strap(self) -> AirStrap:
        return self.straps[0]

    @property
    def session(self) -> Session:
        return self.sessions[0]

    async def bring(self, **strap: object) -> AirStrap:
        """Another strap comes into the room, awake."""
        brought = AirStrap(self.air, **strap)  # type: ignore[arg-type]
        self.straps.append(brought)
        await brought.power_on()
        return brought

    async def bluetooth_off(self) -> None:
        await self.adapter.go_away(Trouble.POWERED_OFF)

    async def bluetooth_on(self) -> None:
        self.adapter.come_back()

    async def unplug(self) -> None:
        await self.adapter.go_away(Trouble.NO_BLUETOOTH)

    async def plug(self) -> None:
        self.adapter.come_back()

    async def be_quiet(self) -> None:
        """Nobody sends any more, and what is on its way arrives."""
        for strap in self.straps:
            strap.silent = True
        await asyncio.sleep(0.05)

    def hold(self, words: str, recording: Path | None = None, **held: object) -> Session:
        """Begin a session that holds a strap."""
        begun = Session(self.radio, words, recording, **held)
        self.sessions.append(begun)
        return begun


@contextlib.asynccontextmanager
async def room(seed: int = 0) -> AsyncIterator[Room]:
    """An empty room with a machine in it that has Bluetooth."""
    made = Room(seed)
    with virtual_bluetooth(VirtualController("adapter", made.air)) as made.adapter:
        made.radio = Radio()
        try:
            yield made
        finally:
            for session in made.sessions:
                with contextlib.suppress(Exception, asyncio.CancelledError):
                    await session.end()
            for strap in made.straps:
                strap.stop()


async def until(condition, limit_s: float = 60.0) -> None:  # type: ignore[no-untyped-def]
    """Wait, looking a hundred times a second."""
    loop = asyncio.get_running_loop()
    end = loop.time() + limit_s
    while not condition():
        assert loop.time() < end, "waited in vain"
        await asyncio.sleep(0.01)
