"""`breathsync review`: a session, looked at closely in the window."""

import argparse
import sys

from breathsync.screen.available import why_no_window
from breathsync.session import library
from breathsync.settings import Settings


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Open it."""
    file = library.find(arguments.recording, settings.recordings_folder)
    reason = why_no_window()
    if reason is not None:
        print(reason, file=sys.stderr)
        return 2
    from breathsync.screen import app  # Qt, only where there is a window

    return app.review(file, settings)
