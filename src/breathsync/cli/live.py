"""`breathsync live`: a session with a strap on, in the window or the terminal."""

import argparse
import sys

from breathsync.cli.show import show
from breathsync.devices.held_strap import HeldStrap
from breathsync.devices.streaming import WISHES
from breathsync.errors import UsageError
from breathsync.screen.available import why_no_window
from breathsync.session import straps
from breathsync.session.players import LivePlayer
from breathsync.session.strap_player import StrapPlayer
from breathsync.session.straps import Straps
from breathsync.settings import Settings
from breathsync.wording import text

STREAMS = ("hr", *WISHES)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Hold the strap until the session is over; in the window it begins when the person is ready."""
    around = Straps(settings, _streams(arguments.streams))
    if arguments.output is not None and arguments.output.exists():
        raise UsageError("file_exists", file=arguments.output)

    def session(strap: HeldStrap) -> LivePlayer:
        return LivePlayer(
            strap,
            settings,
            file=arguments.output,
            code_name=arguments.code_name,
            seconds=arguments.seconds,
            ready=straps.ready,
        )

    if not arguments.no_screen and why_no_window() is None:
        from breathsync.screen import app  # Qt, only where there is a window

        player = StrapPlayer(around, settings, session, device=arguments.device, ready=straps.ready)
        return app.show_strap(player, settings)
    last = straps.last_strap()
    if arguments.device is None and last is not None:
        print(text("cli.live.last", name=last.name or last.address), file=sys.stderr)
    strap = around.held(arguments.device)
    return show(session(strap), settings, [], no_screen=arguments.no_screen, quiet=False)


def _streams(named: str) -> tuple[str, ...]:
    wished = tuple(dict.fromkeys(name.strip() for name in named.split(",") if name.strip()))
    for name in wished:
        if name not in STREAMS:
            raise UsageError("streams", name=name, names=", ".join(STREAMS))
    return wished
