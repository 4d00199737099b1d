"""Between the session's thread and the window's: events come one way, wishes go the other.

The session lives in an asyncio thread of its own, so that a busy window never delays the strap. What it
says is put into a deque; the window takes it out before each frame. Nothing else is shared.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from breathsync.errors import BreathSyncError, FaultError
from breathsync.events import Event
from breathsync.practice.conductor import Wish
from breathsync.screen.state import ScreenModel
from breathsync.session.players import Player, ReplayPlayer
from breathsync.session.sitting import Listener
from breathsync.session.strap_player import StrapPlayer

_PATIENCE_S = 8.0  # to stop streams takes 2 s at most, to end the link 3


class SessionBridge(QObject):
    """One session, run in its thread; `ended` fires in the window's thread when it is over."""

    ended = Signal()
    begun = Signal()
    _over = Signal()

    def __init__(self, player: Player, listeners: Sequence[Listener] = ()) -> None:
        super().__init__()
        self.model = ScreenModel()
        self.player = player
        self.guided = not isinstance(player, ReplayPlayer)
        self.time_words = "window.recording" if self.guided else "window.replay_time"
        self.replay = player if isinstance(player, ReplayPlayer) and not listeners else None
        self.problem: BaseException | None = None
        self._listeners = listeners
        self._heard: deque[tuple[float, Event] | None] = deque()  # `None`: a session begins, from zero
        self._asked: deque[Callable[[], None]] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="session", daemon=True)
        self._over.connect(self._finish)
        if isinstance(player, StrapPlayer):
            player.begins = lambda: self._heard.append(None)

    def start(self) -> None:
        """Let the session begin."""
        self._thread.start()

    def drain(self) -> float:
        """Give the model what was heard since; the session time to draw."""
        while self._heard:
            heard = self._heard.popleft()
            if heard is None:
                self.model = ScreenModel()
                self.begun.emit()
            else:
                self.model.push(*heard)
        return self.player.now()

    def wish(self, wish: Wish, words: str = "") -> None:
        """Ask for something, in the session's own thread."""
        self.ask(self.player.wish, wish, words)

    def ask(self, what: Callable[..., None], *words: Any) -> None:
        """Call this in the session's own thread, as soon as it runs."""
        self._asked.append(partial(what, *words))
        if self._loop is not None:
            with suppress(RuntimeError):  # the session is over, and its loop closed
                self._loop.call_soon_threadsafe(self._answer)

    def stop(self) -> None:
        """End the session, if it is not over, and wait until everything is saved."""
        self.wish(Wish.FINISH)
        if self._thread.is_alive():
            self._thread.join(_PATIENCE_S)

    def _run(self) -> None:
        try:
            asyncio.run(self._session())
        except BreathSyncError as problem:
            self.problem = problem
        except Exception as fault:  # ours: the page says it, and what was recorded is there
            self.problem = FaultError.of(fault)
        finally:
            self._over.emit()

    async def _session(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.call_soon(self._answer)  # what was asked before there was a loop
        await self.player.run([self._hear, *self._listeners])

    def _answer(self) -> None:
        while self._asked:
            self._asked.popleft()()

    def _hear(self, at: float, event: Event) -> None:
        self._heard.append((at, event))

    def _finish(self) -> None:
        self._thread.join(_PATIENCE_S)
        self.drain()
        self.ended.emit()
