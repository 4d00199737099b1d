"""`breathsync demo`: a simulated person, a full guided session."""

import argparse

from breathsync.cli.show import show
from breathsync.session.players import DemoPlayer
from breathsync.session.simulation import SCENARIOS
from breathsync.settings import Settings

_WHO = "first-session"


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Show the session."""
    player = DemoPlayer(SCENARIOS[_WHO], arguments.seed, settings, arguments.seconds)
    return show(player, settings, [], no_screen=arguments.no_screen, quiet=False)
