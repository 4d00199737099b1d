"""From the first look for a strap to the end of a session with it, over one connection."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from breathsync.clock import pause
from breathsync.devices.finding import SeveralStrapsError
from breathsync.devices.held_strap import HeldStrap
from breathsync.devices.leaving import until_ended
from breathsync.devices.nearby import Nearby, NearbyStrap
from breathsync.events import Input, StrapState
from breathsync.practice.conductor import Wish
from breathsync.practice.safety import Participant
from breathsync.session.plan import NO_PLAN, Plan
from breathsync.session.players import Preview
from breathsync.session.practice_player import PracticePlayer
from breathsync.session.sitting import Listener
from breathsync.settings import Settings

_LOOK_S = 0.5


class Around(Protocol):
    """The straps around this machine: `straps.Straps`, which loads the radio's library."""

    def nearby(self) -> Nearby:
        """What will be heard."""

    async def listen(self, nearby: Nearby) -> None:
        """Let it hear until it is cancelled."""

    def held(self, words: str | None) -> HeldStrap:
        """The strap that is meant."""


class StrapPlayer:
    """Looks for straps and holds one; then, when the person wishes, the session with it.

    The strap of last time is taken when it is heard, else the only one that is here; where several are, the
    person chooses. `nearby` may be read by any thread, all else belongs to the session's.
    """

    def __init__(
        self,
        around: Around,
        settings: Settings,
        session: Callable[[HeldStrap], PracticePlayer],
        *,
        device: str | None = None,
        participant: Participant | None = None,
    ) -> None:
        self._around, self._settings, self._session = around, settings, session
        self._device = device
        self._told: list[Input] = []
        self.participant = participant or Participant()
        self._playing: Preview | PracticePlayer | None = None
        self._next: asyncio.Event | None = None
        self._begin = self._leave = False
        self._heard: Nearby | None = None
        self.nearby: tuple[NearbyStrap, ...] = ()
        self.several = False  # it cannot be said which one is meant
        self.begins: Callable[[], None] = lambda: None
        """Called in the session's thread just before the session, and its own time, begins."""

    @property
    def length_s(self) -> float | None:
        """How long the session will last, once it has begun."""
        return self._playing.length_s if self._playing else None

    @property
    def recording(self) -> Path | None:
        """The file that the session is being recorded into, once it has begun."""
        return self._playing.recording if self._playing else None

    @property
    def plan(self) -> Plan:
        """The session's steps, once it has begun."""
        return self._playing.plan if self._playing else NO_PLAN

    def tell(self, event: Input) -> None:
        """Keep it for the session's first moment."""
        self._told.append(event)

    def now(self) -> float:
        """Time of the session, and before it time since the strap is looked for."""
        return self._playing.now() if self._playing else 0.0

    async def run(self, listeners: Sequence[Listener]) -> None:
        """Until the session is over, or the person leaves before it."""
        self._heard = self._around.nearby()
        looking = asyncio.create_task(self._look())
        try:
            while not self._leave:
                self._next = asyncio.Event()
                strap = self._around.held(self._device)
                async with strap:
                    await self._show(strap, listeners, self._next)
                    if self._begin and not self._leave:
                        looking.cancel()
                        self._playing = self._session(strap)
                        for event in self._told:
                            self._playing.tell(event)
                        self.begins()
                        await self._playing.run(listeners)
                        return
        finally:
            await until_ended(looking)

    def choose(self, device: str) -> None:
        """Hold this strap instead."""
        self._device = device
        self._stop_showing()

    def begin(self) -> None:
        """Let the session begin."""
        self._begin = True
        self._stop_showing()

    def wish(self, wish: Wish, words: str = "") -> None:
        """Do what the person asks for."""
        if isinstance(self._playing, PracticePlayer):
            self._playing.wish(wish, words)
        elif wish is Wish.FINISH:
            self._leave = True
            self._stop_showing()

    async def _show(self, strap: HeldStrap, listeners: Sequence[Listener], until: asyncio.Event) -> None:
        """Show what the strap says until the person wishes for something else."""
        self.several = False
        self._playing = Preview(strap, self._settings)
        showing = asyncio.create_task(self._playing.run(listeners))
        wished = asyncio.create_task(until.wait())
        try:
            await asyncio.wait({showing, wished}, return_when=asyncio.FIRST_COMPLETED)
            if showing.done():
                self._unclear(showing)
                await wished
        finally:
            await until_ended(showing, wished)

    def _unclear(self, showing: asyncio.Task[None]) -> None:
        """They are listed: the person chooses."""
        try:
            showing.result()
        except SeveralStrapsError:
            self.several = True

    async def _look(self) -> None:
        """Hear who is here as long as no link stands: a scanner slows the links that there are."""
        while self._heard is not None:
            listening = asyncio.create_task(self._around.listen(self._heard))
            try:
                while not listening.done() and not self._linked():
                    await asyncio.wait({listening}, timeout=_LOOK_S)
                    self.nearby = self._heard.rows()
            finally:
                await until_ended(listening)  # the strap that is held says what is in the way
            await pause(_LOOK_S)

    def _linked(self) -> bool:
        preview = self._playing
        return isinstance(preview, Preview) and preview.strap_state is StrapState.CONNECTED

    def _stop_showing(self) -> None:
        if self._next is not None:
            self._next.set()
