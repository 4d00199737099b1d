"""Polar's `.hrm` files: the intervals of a recording in R-R mode (HRM file format, `Interval=238`)."""

from pathlib import Path

from breathsync.errors import InputFileError
from breathsync.session.imports.table import Table
from breathsync.session.imports.text_file import read_text

_RR_MODE = 238


def is_hrm(text: str) -> bool:
    """Whether a text begins as a `.hrm` file does."""
    return text.lstrip("\ufeff \r\n").lower().startswith("[params]")


def as_table(file: Path) -> Table:
    """The intervals as a table of one column in ms. InputFileError where it holds heart rates only."""
    rows: list[tuple[int, tuple[str, ...]]] = []
    section, interval = "", None
    for line, text in enumerate(read_text(file).words.splitlines(), 1):
        text = text.strip()
        if text.startswith("["):
            section = text.lower()
        elif section == "[params]" and text.lower().startswith("interval="):
            interval = text.partition("=")[2].strip()
        elif section == "[hrdata]" and text:
            rows.append((line, (text.split()[0],)))
    if interval != str(_RR_MODE):
        raise InputFileError("hrm_without_rr", file=file, interval=interval or "?")
    if not rows:
        raise InputFileError("no_rows", file=file)
    return Table(file, ("rr_ms",), tuple(rows))
