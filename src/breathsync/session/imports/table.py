"""Reads a text table as others write it: comma, semicolon or tab, with or without a header, BOM or CRLF."""

import csv
import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from breathsync.errors import InputFileError

_DECIMAL_COMMA = re.compile(r"-?\d+,\d+")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a text file; `header` is empty where the first row is numbers. Rows carry line numbers.

    `remarks` are codes for what was unusual about the way it is written.
    """

    file: Path
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    remarks: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.header) or max(len(row) for _, row in self.rows)

    def fields(self, index: int) -> Iterator[tuple[int, str]]:
        """Line number and text of every row's field in the column at `index`."""
        for line, row in self.rows:
            if index >= len(row):
                name = self.header[index] if self.header else str(index + 1)
                raise InputFileError("row_too_short", file=self.file, line=line, column=name)
            yield line, row[index]

    def column(self, name: str) -> Iterator[tuple[int, str]]:
        """Line number and text of every row's field in column `name`."""
        return self.fields(self.header.index(name))

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


def read_bytes(file: Path) -> bytes:
    """A file's bytes, unpacked where they were packed by gzip. InputFileError says what is in the way."""
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        raise InputFileError("no_such_file", file=file) from None
    except IsADirectoryError:
        raise InputFileError("is_a_folder", file=file) from None
    except OSError as problem:
        raise InputFileError("cannot_read", file=file, problem=problem.strerror) from None
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error):
            raise InputFileError("cut_short", file=file) from None
    if not data:
        raise InputFileError("empty_file", file=file)
    return data


def read_text(file: Path) -> str:
    """A text file's contents. InputFileError says what it is instead."""
    data = read_bytes(file)
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise InputFileError("not_text", file=file) from None
    if "\0" in text:
        raise InputFileError("not_text", file=file)
    return text


def read_table(file: Path) -> Table:
    """A text table. Lines that begin with `#` and empty lines are left out.

    Commas stand between columns, or in front of decimals where something else does or where there is
    but one column: what somebody's spreadsheet made of it.
    """
    text = read_text(file)
    if text.startswith('{"breathsync":"recording"'):
        raise InputFileError("is_a_recording", file=file)
    numbered = [
        (number, line.strip())
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.startswith("#")
    ]
    if not numbered:
        raise InputFileError("empty_file", file=file)
    delimiter = _delimiter(numbered[0][1])
    if delimiter == " ":
        numbered = [(number, " ".join(line.split())) for number, line in numbered]
    fields = csv.reader((line for _, line in numbered), delimiter=delimiter)
    rows = [
        (number, tuple(_plain(field, decimal_comma=delimiter != ",") for field in row))
        for (number, _), row in zip(numbered, fields, strict=False)
    ]
    header = () if _is_number(rows[0][1][0]) else rows[0][1]
    for number, row in rows[1:] if header else []:
        if len(row) > len(header) and any(row[len(header) :]):
            raise InputFileError("row_too_long", file=file, line=number)
    names = tuple(name.lower() for name in header)
    return Table(file, names, tuple(rows[1 if header else 0 :]), _remarks(file, numbered, delimiter))


def _delimiter(first: str) -> str:
    """What stands between the columns: to be seen in the first line; a tab where there is one column."""
    found = next((d for d in ("\t", ";", ",") if d in first), None)
    if found is None and all(map(_is_number, first.split())) and " " in first:
        return " "
    return found or "\t"


def _remarks(file: Path, numbered: list[tuple[int, str]], delimiter: str) -> tuple[str, ...]:
    start = file.read_bytes()[:4096]
    found = {
        "gzip": start.startswith(b"\x1f\x8b"),
        "byte_order_mark": start.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")),
        "windows_line_ends": b"\r\n" in start,
        "decimal_commas": delimiter != ","
        and any(_DECIMAL_COMMA.search(line) for _, line in numbered[:20]),
    }
    return tuple(code for code, is_so in found.items() if is_so)


def _plain(field: str, *, decimal_comma: bool) -> str:
    """A field without blanks around it, its decimals after a point."""
    field = field.strip()
    return field.replace(",", ".") if decimal_comma and _DECIMAL_COMMA.fullmatch(field) else field


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True
