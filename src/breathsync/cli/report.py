"""`breathsync report`: a page to keep of a session, and one for practitioners."""

import argparse
from pathlib import Path

from breathsync.errors import OutputFileError, UsageError
from breathsync.session import library
from breathsync.session.exports.output import new_file
from breathsync.session.report.compose import document
from breathsync.session.report.document import Document
from breathsync.session.report.findings import findings
from breathsync.session.report.html import html
from breathsync.settings import Settings
from breathsync.wording import text


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write it."""
    recording = library.find(arguments.recording, settings.recordings_folder)
    output = arguments.output or Path(f"{recording.stem}.html")
    ending = output.suffix.lower()
    if ending not in (".html", ".htm", ".pdf"):
        raise UsageError("report_ending", file=output)
    made = document(findings(recording, settings.profiles_folder))
    data = _pdf(made) if ending == ".pdf" else html(made).encode()
    with new_file(output) as out:
        out.write(data)
    print(text("cli.report.done", file=output))
    return 0


def _pdf(made: Document) -> bytes:
    from breathsync.screen.available import why_no_drawing

    reason = why_no_drawing()
    if reason is not None:
        raise OutputFileError("no_pdf", reason=reason)
    from breathsync.screen.report_pdf import pdf  # Qt, only where a PDF is wanted

    return pdf(made)
