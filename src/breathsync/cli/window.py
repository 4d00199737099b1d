"""`breathsync` alone: the window, ready to start."""

import argparse
import sys

from breathsync.screen.available import why_no_window
from breathsync.settings import Settings
from breathsync.wording import text


def run(arguments: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001 - as every command
    """Open the window."""
    reason = why_no_window()
    if reason is not None:
        from breathsync.cli.arguments import parser

        print(reason, text("terminal.instead"), file=sys.stderr)
        parser().print_help()
        return 2
    from breathsync.screen import app  # Qt, only where there is a window

    return app.start(settings)
