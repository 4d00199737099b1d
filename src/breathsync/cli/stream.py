"""`breathsync stream`: a session as Lab Streaming Layer outlets, while it is shown in the terminal."""

import argparse
import sys

from breathsync.cli.show import show
from breathsync.devices import profiles
from breathsync.devices.decoder import Decoder
from breathsync.errors import UsageError
from breathsync.practice.safety import Participant
from breathsync.session import library
from breathsync.session.outlets import ACC_HZ, ECG_HZ, Outlets, sampled_in
from breathsync.session.players import DemoPlayer, LivePlayer, Player, ReplayPlayer
from breathsync.session.replay import RecordingReader
from breathsync.session.simulation import SCENARIOS
from breathsync.settings import Settings
from breathsync.wording import text

_WHO = "ecg-practice"


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Open the outlets, say which there are, and let the session happen."""
    sources = {_demo: arguments.demo, _replay: arguments.recording, _live: arguments.device}
    chosen = [source for source, asked in sources.items() if asked]
    if len(chosen) != 1:
        raise UsageError("stream_source")
    player, person, rates = chosen[0](arguments, settings)
    outlets = Outlets(player.now, person, rates)
    print(text("cli.stream.open", names=", ".join(outlets.names)), file=sys.stderr)
    return show(player, settings, [outlets], no_screen=True, quiet=False)


def _demo(arguments: argparse.Namespace, settings: Settings) -> tuple[Player, str | None, dict[str, float]]:
    player = DemoPlayer(SCENARIOS[_WHO], arguments.seed, settings, arguments.seconds)
    return player, None, {"ECG": ECG_HZ, "ACC": ACC_HZ}


def _replay(
    arguments: argparse.Namespace, settings: Settings
) -> tuple[Player, str | None, dict[str, float]]:
    file = library.find(arguments.recording, settings.recordings_folder)
    reader = RecordingReader(file)
    known = Decoder(profiles.load_all(settings.profiles_folder))
    rates = sampled_in(RecordingReader(file).inputs(), known)
    return ReplayPlayer(reader, settings, end=arguments.seconds), reader.header.code_name, rates


def _live(arguments: argparse.Namespace, settings: Settings) -> tuple[Player, str | None, dict[str, float]]:
    """A strap on a person; what it can stream besides its beats opens when it comes."""
    from breathsync.session.straps import Straps  # Bluetooth, only where it is asked for

    strap = Straps(settings, ("ecg", "acc")).held(arguments.device)
    person = Participant(arguments.code_name)
    player = LivePlayer(strap, settings, participant=person, seconds=arguments.seconds)
    return player, arguments.code_name, {}
