"""`breathsync export`: a recording for other tools."""

import argparse

from breathsync.errors import UsageError
from breathsync.session import library
from breathsync.session.exports.export import check_free, default_output, export
from breathsync.settings import Settings
from breathsync.wording import text


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write it, and say which files there are now."""
    recording = library.find(arguments.recording, settings.recordings_folder)
    deidentify = arguments.deidentified
    output = arguments.output or default_output(recording, arguments.to, deidentify=deidentify)
    if output.resolve() == recording.resolve():
        raise UsageError("same_file", file=recording, option="-o")
    check_free(output, arguments.to, chosen=arguments.output is not None)
    written = export(recording, arguments.to, output, settings.profiles_folder, deidentify=deidentify)
    for file in written:
        print(file)
    print(text("cli.export.deidentified_done" if deidentify else "cli.export.done", count=len(written)))
    return 0
