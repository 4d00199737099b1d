"""Reads a text table as others write it: comma, semicolon or tab, with or without a header, BOM or CRLF."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from breathsync.errors import InputFileError

_MOST_BYTES = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a text file; `header` is empty where the first row is numbers. Rows carry line numbers."""

    file: Path
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    def column(self, name: str) -> Iterator[tuple[int, str]]:
        """Line number and text of every row's field in column `name`."""
        index = self.header.index(name)
        for line, row in self.rows:
            if index >= len(row):
                raise InputFileError("row_too_short", file=self.file, line=line, column=name)
            yield line, row[index]

    def numbers(self, name: str) -> list[tuple[int, float]]:
        """Line number and value of every row's field in column `name`; blank fields are left out."""
        found = ((line, text) for line, text in self.column(name) if text)
        return [(line, number(self.file, line, text)) for line, text in found]


def number(file: Path, line: int, text: str) -> float:
    """A finite number, or an error that names the line."""
    try:
        value = float(text)
    except ValueError:
        raise InputFileError("not_a_number", file=file, line=line, text=text[:40]) from None
    if not abs(value) < 1e12:
        raise InputFileError("not_a_number", file=file, line=line, text=text[:40])
    return value


def read_text(file: Path) -> str:
    """A text file's contents. InputFileError says what it is instead."""
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        raise InputFileError("no_such_file", file=file) from None
    except IsADirectoryError:
        raise InputFileError("is_a_folder", file=file) from None
    except OSError as problem:
        raise InputFileError("cannot_read", file=file, problem=problem.strerror) from None
    if not data:
        raise InputFileError("empty_file", file=file)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputFileError("not_text", file=file) from None
    if "\0" in text:
        raise InputFileError("not_text", file=file)
    return text


def read_table(file: Path) -> Table:
    """A text table. Lines that begin with `#` and empty lines are left out."""
    lines = read_text(file).splitlines()
    first = next((text for text in lines if text.strip() and not text.startswith("#")), "")
    delimiter = next((d for d in ("\t", ";", ",") if d in first), ",")
    numbered = [(i, text) for i, text in enumerate(lines, 1) if text.strip() and not text.startswith("#")]
    if not numbered:
        raise InputFileError("empty_file", file=file)
    fields = csv.reader((text for _, text in numbered), delimiter=delimiter)
    rows = [(i, tuple(f.strip() for f in row)) for (i, _), row in zip(numbered, fields, strict=False)]
    header = () if _is_number(rows[0][1][0]) else rows[0][1]
    return Table(file, tuple(name.lower() for name in header), tuple(rows[1 if header else 0 :]))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
