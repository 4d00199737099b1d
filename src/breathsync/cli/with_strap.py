"""A session with a strap over Bluetooth, in the window or the terminal, for every command that leads."""

import asyncio
import sys
from collections.abc import Callable, Coroutine, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from breathsync.cli.show import show
from breathsync.devices.held_strap import HeldStrap
from breathsync.practice.safety import Participant
from breathsync.screen.available import why_no_window
from breathsync.session import straps
from breathsync.session.practice_player import PracticePlayer
from breathsync.session.sitting import Listener
from breathsync.session.strap_player import StrapPlayer
from breathsync.session.straps import Straps
from breathsync.settings import Settings
from breathsync.wording import text

Session = Callable[[HeldStrap], PracticePlayer]


def lead(
    session: Session,
    settings: Settings,
    *,
    device: str | None,
    streams: Iterable[str] = (),
    person: Participant,
    no_screen: bool,
    listeners: Sequence[Listener] = (),
) -> int:
    """Hold the strap until the session is over; in the window it begins when the person is ready.

    The `listeners` hear it in the terminal; a window shows by itself what there is to say.
    BluetoothError where straps cannot be heard, before anything is asked, shown or recorded.
    """
    _apart(straps.ready())
    around = Straps(settings, streams)
    if not no_screen and why_no_window() is None:
        from breathsync.screen import app  # Qt, only where there is a window

        player = StrapPlayer(around, settings, session, device=device, participant=person)
        return app.show_strap(player, settings)
    last = straps.last_strap()
    if device is None and last is not None:
        print(text("cli.live.last", name=last.name or last.address), file=sys.stderr)
    return show(session(around.held(device)), settings, listeners, no_screen=no_screen, quiet=False)


def _apart(asking: Coroutine[object, object, None]) -> None:
    """In a thread of its own: on Windows one that has spoken to Bluetooth may show no window any more.

    Qt wants a single-threaded apartment, WinRT gives a thread the other kind (bleak #1132, #1556).
    """
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(asyncio.run, asking).result()
