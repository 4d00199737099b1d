"""Shows a session: in the window where one can open, else in the terminal."""

import asyncio
import signal
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from rich.console import Console

from breathsync.cli.consent import asked
from breathsync.cli.keys import keys
from breathsync.events import Beat, Comfort, Event, Flaw, RecordingAtRisk, RecordingStopped
from breathsync.practice.conductor import Wish
from breathsync.screen.available import why_no_window
from breathsync.screen.state import ScreenModel, clock_words
from breathsync.screen.terminal import TerminalView
from breathsync.session.players import Player
from breathsync.session.sitting import Listener
from breathsync.settings import Settings
from breathsync.sound.speaker import Speaker
from breathsync.wording import text

_FRAMES_PER_SECOND = 10
_FELT_KEYS = {"1": Comfort.EASY, "2": Comfort.BETWEEN, "3": Comfort.EFFORT, "0": "", "\n": ""}


def show(
    player: Player, settings: Settings, listeners: Sequence[Listener], *, no_screen: bool, quiet: bool
) -> int:
    """Run a session to its end in front of the person. `quiet` keeps standard output free."""
    console = Console(stderr=quiet, highlight=False)
    reason = None if no_screen else why_no_window()
    if not no_screen and reason is None:
        from breathsync.screen import app  # Qt, only where there is a window

        code = app.show(player, settings, listeners)
        _say_kept(player, console)
        return code
    if reason:
        console.print(reason, text("terminal.goes_on"), soft_wrap=True)
    if not asked(player.participant, settings, console):
        return 2
    with Speaker(player.now) as speaker:
        code = _in_terminal(player, [speaker, *listeners], console)
    if speaker.missing is not None:
        console.print(text("sound.missing", problem=speaker.missing), soft_wrap=True)
    return code


def _in_terminal(player: Player, listeners: Sequence[Listener], console: Console) -> int:
    model, heard, told = ScreenModel(), Counter[str](), list[int]()
    began: list[bool] = []

    def count(_at: float, event: Event) -> None:
        if isinstance(event, Beat) and event.flaw is not Flaw.DUPLICATE:
            heard["beats"] += 1
        elif isinstance(event, RecordingStopped | RecordingAtRisk):
            console.print(event.why, soft_wrap=True)

    async def run() -> None:
        began.append(True)
        if console.is_terminal:
            console.print(text("terminal.how_to_end"))
        session = asyncio.create_task(player.run([model.push, count, *listeners]))
        loop = asyncio.get_running_loop()
        _finish_when_told(loop, player, told)
        felt = partial(_answer, model, player)
        with TerminalView(console, model, player.length_s) as view, keys(loop, felt):
            while not session.done():
                view.show(player.now())
                with suppress(TimeoutError):
                    await asyncio.wait_for(asyncio.shield(session), 1 / _FRAMES_PER_SECOND)
            view.show_last(player.now())
        await session

    try:
        asyncio.run(run())
    finally:
        if began:
            console.print(text("terminal.ended", length=clock_words(player.now()), beats=heard["beats"]))
    _keep_or_discard(player, console)
    return 130 if told else 0


def _answer(model: ScreenModel, player: Player, key: str) -> None:
    """A key that answers what is being asked."""
    if model.rhythm.asked is not None and key in _FELT_KEYS:
        player.wish(Wish.FELT, _FELT_KEYS[key])


def _finish_when_told(loop: asyncio.AbstractEventLoop, player: Player, told: list[int]) -> None:
    """Ctrl-C, and being told to end, finish a session as its own end does: saved and closed."""

    def finish(number: int) -> None:
        told.append(number)
        player.wish(Wish.FINISH)

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        with suppress(NotImplementedError, AttributeError):  # not on Windows, where Ctrl-C interrupts
            number = getattr(signal, name)
            loop.add_signal_handler(number, finish, number)


def _keep_or_discard(player: Player, console: Console) -> None:
    """Ask where somebody can answer; without an answer nothing is thrown away."""
    if _recorded(player) and sys.stdin.isatty() and console.is_terminal:
        answer = ""
        with suppress(EOFError):  # Ctrl-D is no answer
            answer = console.input(text("terminal.keep_question")).strip().lower()
        if answer.startswith("n") and player.recording is not None:
            player.recording.unlink()
            console.print(text("terminal.discarded"))
            return
    _say_kept(player, console)


def _say_kept(player: Player, console: Console) -> None:
    if _recorded(player):
        console.print(text("terminal.kept", file=player.recording), soft_wrap=True)


def _recorded(player: Player) -> bool:
    return player.recording is not None and player.recording.exists()
