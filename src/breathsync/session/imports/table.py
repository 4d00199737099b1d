"""Reads a text table as others write it: comma, semicolon or tab, with or without a header, BOM or CRLF."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from breathsync.errors import InputFileError
from breathsync.session.imports.text_file import read_text

_DECIMAL_COMMA = re.compile(r"-?\d+,\d+")
_SAID = re.compile(r"sep=(.?)")
_DELIMITERS = ("\t", ";", ",")
_MOST_ABOVE = 40
_IN_A_LINE = 10
_Line = tuple[int, str]
_Row = tuple[int, tuple[str, ...]]


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


def read_table(file: Path) -> Table:
    """A text table. Empty lines and comments after `#` are left out, and words above the names of columns.

    Commas stand between columns, or in front of decimals where something else does or where there is
    but one column: what somebody's spreadsheet made of it.
    """
    found = read_text(file)
    if found.words.startswith('{"breathsync":"recording"'):
        raise InputFileError("is_a_recording", file=file)
    numbered = list(_lines(found.words))
    told = _told_delimiter(numbered)
    numbered = numbered[1:] if told else numbered
    if not numbered:
        raise InputFileError("empty_file", file=file)
    delimiter = told or _delimiter(numbered)
    try:
        every = list(_rows(numbered, delimiter))
    except csv.Error as problem:
        raise InputFileError("cannot_read", file=file, problem=problem) from None
    rows = _without_words_above(every)
    remarks = (
        *found.remarks,
        *(["decimal_commas"] if _has_decimal_commas(rows, delimiter) else []),
        *(["words_above"] if len(rows) < len(every) else []),
    )
    rows = [
        (line, tuple(_plain(field, decimal_comma=delimiter != ",") for field in row)) for line, row in rows
    ]
    if len(rows) == 1 and len(rows[0][1]) >= _IN_A_LINE and all(map(_is_number, rows[0][1])):
        rows = [(rows[0][0], (field,)) for field in rows[0][1]]
    header = () if _is_number(rows[0][1][0]) else rows[0][1]
    for number, row in rows[1:] if header else []:
        if len(row) > len(header) and any(row[len(header) :]):
            raise InputFileError("row_too_long", file=file, line=number)
    names = tuple(name.lower() for name in header)
    return Table(file, names, tuple(rows[1 if header else 0 :]), remarks)


def _lines(text: str) -> Iterator[_Line]:
    """The lines with something in them, numbered, without comments."""
    for number, line in enumerate(text.splitlines(), 1):
        line = "" if line.startswith("#") else line.partition(" # ")[0].strip()
        if line:
            yield number, line


def _told_delimiter(numbered: list[_Line]) -> str | None:
    """What stands between the columns, where the first line says so: `sep=;`, which Excel understands."""
    said = _SAID.fullmatch(numbered[0][1].strip('"')) if numbered else None
    return (said[1] or "\t") if said else None


def _delimiter(numbered: list[_Line]) -> str:
    """What stands between the columns: to be seen in their names; a tab where there is one column."""
    for (_, names), (_, values) in pairwise(numbered[:_MOST_ABOVE]):
        for d in (d for d in _DELIMITERS if 0 < names.count(d) == values.count(d)):
            if _is_named(names.split(d), values.split(d)):
                return d
    first = numbered[0][1]
    found = next((d for d in _DELIMITERS if d in first), None)
    if found is None and all(map(_is_number, first.split())) and " " in first:
        return " "
    if found == "," and _is_one_column([line for _, line in numbered]):
        return "\t"
    return found or "\t"


def _is_one_column(lines: list[str]) -> bool:
    """Whether all commas stand before decimals: a number in each line, and no count or time before them."""
    if len(lines) < 2 or not all(_DECIMAL_COMMA.fullmatch(line) for line in lines):
        return False
    values = [float(line.replace(",", ".")) for line in lines]
    wholes = [int(value) for value in values]
    return not all(b > a for a, b in pairwise(wholes)) and max(values) < 10 * max(min(values), 0.1)


def _rows(numbered: list[_Line], delimiter: str) -> Iterator[_Row]:
    lines = (" ".join(line.split()) if delimiter == " " else line for _, line in numbered)
    for (number, _), row in zip(numbered, csv.reader(lines, delimiter=delimiter), strict=False):
        yield number, tuple(field.strip() for field in row)


def _without_words_above(rows: list[_Row]) -> list[_Row]:
    """From the names of the columns on: above numbers, and all that is above them has other fields."""
    for place, ((_, names), (_, values)) in enumerate(pairwise(rows[:_MOST_ABOVE])):
        if len(names) == len(values) and _is_named(names, values):
            return rows[place:] if all(len(row) != len(names) for _, row in rows[:place]) else rows
    return rows


def _is_named(names: Sequence[str], values: Sequence[str]) -> bool:
    """Whether these are names of columns, with numbers below them."""
    return any(map(_is_number, values)) and not any(map(_is_number, names))


def _has_decimal_commas(rows: list[_Row], delimiter: str) -> bool:
    return delimiter != "," and any(_DECIMAL_COMMA.fullmatch(f) for _, row in rows[:20] for f in row)


def _plain(field: str, *, decimal_comma: bool) -> str:
    """A field with its decimals after a point."""
    return field.replace(",", ".") if decimal_comma and _DECIMAL_COMMA.fullmatch(field) else field


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True
