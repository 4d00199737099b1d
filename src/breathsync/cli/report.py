"""`breathsync report`: a page to keep of a session, and one for practitioners."""

import argparse
import os
from pathlib import Path

from breathsync.errors import OutputFileError, UsageError
from breathsync.session import library
from breathsync.session.recorder import cannot_write
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
    if ending == ".pdf":
        _write(output, _pdf(made))
    else:
        _write(output, html(made).encode())
    print(text("cli.report.done", file=output))
    return 0


def _pdf(made: Document) -> bytes:
    from breathsync.screen.available import why_no_drawing

    reason = why_no_drawing()
    if reason is not None:
        raise OutputFileError("no_pdf", reason=reason)
    from breathsync.screen.report_pdf import pdf  # Qt, only where a PDF is wanted

    return pdf(made)


def _write(file: Path, data: bytes) -> None:
    """Write all of it or nothing, for its owner's eyes alone."""
    part = file.with_name(file.name + ".part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(data)
        part.replace(file)
    except OSError as problem:
        part.unlink(missing_ok=True)
        raise cannot_write(file, problem) from problem
