"""`breathsync live`: a session with a strap on, in the window or the terminal."""

import argparse
import signal
import sys
from types import FrameType

from breathsync.cli import straps
from breathsync.cli.show import show
from breathsync.devices.streaming import WISHES
from breathsync.errors import UsageError
from breathsync.session.players import LivePlayer
from breathsync.settings import Settings
from breathsync.wording import text

STREAMS = ("hr", *WISHES)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Hold the strap until the session is over."""
    streams = _streams(arguments.streams)
    if arguments.output is not None and arguments.output.exists():
        raise UsageError("file_exists", file=arguments.output)
    player = LivePlayer(
        straps.held_strap(arguments.device, settings, streams),
        settings,
        file=arguments.output,
        code_name=arguments.code_name,
        seconds=arguments.seconds,
        ready=straps.ready,
    )
    last = straps.last_strap()
    if arguments.device is None and last is not None:
        print(text("cli.live.last", name=last.name or last.address), file=sys.stderr)
    signal.signal(signal.SIGTERM, _interrupt)
    return show(player, settings, [], no_screen=arguments.no_screen, quiet=False)


def _streams(named: str) -> tuple[str, ...]:
    wished = tuple(dict.fromkeys(name.strip() for name in named.split(",") if name.strip()))
    for name in wished:
        if name not in STREAMS:
            raise UsageError("streams", name=name, names=", ".join(STREAMS))
    return wished


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """End as after Ctrl-C: the recording is closed, the strap is let go."""
    raise KeyboardInterrupt
