"""`breathsync live`: a session with a strap on, in the window or the terminal."""

import argparse

from breathsync.cli.consent import accept
from breathsync.cli.with_strap import lead
from breathsync.devices.held_strap import HeldStrap
from breathsync.devices.streaming import WISHES
from breathsync.errors import UsageError
from breathsync.practice.safety import Participant
from breathsync.session.players import LivePlayer
from breathsync.settings import Settings

STREAMS = ("hr", *WISHES)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Hold the strap until the session is over."""
    streams = _streams(arguments.streams)
    if arguments.output is not None and arguments.output.exists():
        raise UsageError("file_exists", file=arguments.output)
    person = Participant(arguments.code_name)
    if arguments.accept:
        accept(person, settings)

    def session(strap: HeldStrap) -> LivePlayer:
        return LivePlayer(
            strap,
            settings,
            participant=person,
            file=arguments.output,
            seconds=arguments.seconds,
        )

    return lead(
        session,
        settings,
        device=arguments.device,
        streams=streams,
        person=person,
        no_screen=arguments.no_screen,
    )


def _streams(named: str) -> tuple[str, ...]:
    wished = tuple(dict.fromkeys(name.strip() for name in named.split(",") if name.strip()))
    for name in wished:
        if name not in STREAMS:
            raise UsageError("streams", name=name, names=", ".join(STREAMS))
    return wished
