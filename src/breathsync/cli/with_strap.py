"""A session with a strap over Bluetooth, in the window or the terminal, for `live` and `practice`."""

import asyncio
import sys
from collections.abc import Callable, Iterable

from breathsync.cli.show import show
from breathsync.devices.held_strap import HeldStrap
from breathsync.practice.safety import Participant
from breathsync.screen.available import why_no_window
from breathsync.session import straps
from breathsync.session.players import LivePlayer
from breathsync.session.strap_player import StrapPlayer
from breathsync.session.straps import Straps
from breathsync.settings import Settings
from breathsync.wording import text

Session = Callable[[HeldStrap], LivePlayer]


def lead(
    session: Session,
    settings: Settings,
    *,
    device: str | None,
    streams: Iterable[str] = (),
    person: Participant,
    no_screen: bool,
) -> int:
    """Hold the strap until the session is over; in the window it begins when the person is ready.

    BluetoothError where straps cannot be heard, before anything is asked, shown or recorded.
    """
    asyncio.run(straps.ready())
    around = Straps(settings, streams)
    if not no_screen and why_no_window() is None:
        from breathsync.screen import app  # Qt, only where there is a window

        player = StrapPlayer(around, settings, session, device=device, participant=person)
        return app.show_strap(player, settings)
    last = straps.last_strap()
    if device is None and last is not None:
        print(text("cli.live.last", name=last.name or last.address), file=sys.stderr)
    return show(session(around.held(device)), settings, [], no_screen=no_screen, quiet=False)
