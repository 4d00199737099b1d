"""The table on the disk: appended a recording at a time, so that a run can stop anywhere and go on later.

A recording counts as done when all of its rows are there; what was cut off is written again. Parquet cannot
be appended to: its rows grow in a CSV beside it until the run is done.
"""

import csv
import io
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from breathsync.errors import InputFileError, OutputFileError
from breathsync.session.batch.rows import COLUMNS, WHOLE_NUMBERS, WORDS, Row, typed
from breathsync.session.recorder import cannot_write, spare_recording

_PARQUET = ".parquet"
_OTHERS = {".xlsx", ".xls", ".ods", ".json", ".jsonl", ".html", ".pdf", ".edf", ".sav", ".mat"}
_BATCH = 10_000
Whole = list[dict[str, str]]


class TableWriter:
    """Rows of recordings into a file, whole recordings only.

    `done` names those that were in it before, `unread` those of them that could not be measured.
    """

    def __init__(self, file: Path, *, resume: bool) -> None:
        if file.is_dir():
            raise OutputFileError("is_a_folder", file=file)
        if file.suffix.lower() in _OTHERS:
            raise OutputFileError("no_such_table", file=file, ending=file.suffix)
        spare_recording(file)
        self.file = file
        self._growing = file.with_name(file.name + ".rows.csv") if file.suffix == _PARQUET else file
        if file.suffix == _PARQUET:
            _pyarrow(file)  # said before an hour of work, not after it
        self.done: set[str] = set()
        self.unread: set[str] = set()
        try:
            self._begin(resume=resume)
        except OSError as problem:
            raise cannot_write(file, problem) from problem

    def _begin(self, *, resume: bool) -> None:
        part = self._growing.with_name(self._growing.name + ".part")
        with part.open("w", encoding="utf-8", newline="") as out:
            os.chmod(part, 0o600)  # noqa: PTH101 - of the part before anything is in it
            writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
            writer.writeheader()
            for rows in whole_recordings(self._growing) if resume and self._growing.exists() else ():
                name = rows[0]["recording"]
                if name not in self.done:
                    self.done.add(name)
                    if any(row["problem"] for row in rows):
                        self.unread.add(name)
                    writer.writerows(rows)
        part.replace(self._growing)
        self._handle = os.open(self._growing, os.O_WRONLY | os.O_APPEND)

    def add(self, rows: Iterable[Row]) -> None:
        """Append a recording's rows in one piece."""
        text = io.StringIO()
        writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
        writer.writerows({name: _written(value) for name, value in row.items()} for row in rows)
        data = text.getvalue().encode()
        try:
            while data:
                data = data[os.write(self._handle, data) :]
        except OSError as problem:
            raise cannot_write(self.file, problem) from problem

    def close(self, *, finished: bool) -> None:
        """Let go of the file; when all is done a Parquet table is made of it."""
        os.close(self._handle)
        if finished and self.file.suffix == _PARQUET:
            _to_parquet(self._growing, self.file)
            self._growing.unlink()


def whole_recordings(file: Path) -> Iterator[Whole]:
    """The rows of each recording that is wholly in a table. InputFileError if it is no such table."""
    with file.open(encoding="utf-8", newline="") as handle:
        lines = (line for line in handle if line.endswith("\n"))
        reader = csv.DictReader(lines)
        if reader.fieldnames is None or tuple(reader.fieldnames) != COLUMNS:
            raise InputFileError("other_table", file=file)
        rows: Whole = []
        for row in reader:
            if rows and rows[0]["recording"] != row["recording"]:
                rows = []
            if row["row"] != str(len(rows) + 1):
                rows = []
                continue
            rows.append(row)
            if row["rows"] == str(len(rows)):
                yield rows
                rows = []


def _written(value: str | int | float | None) -> str:
    if isinstance(value, float):
        return f"{value:.9g}"
    return "" if value is None else str(value).replace("\n", " ").replace("\r", " ")


def _pyarrow(file: Path) -> Any:
    try:
        import pyarrow.parquet  # an extra, and only needed here
    except ImportError:
        raise OutputFileError("needs_extra", file=file, what="Parquet", extra="parquet") from None
    return pyarrow


def _to_parquet(grown: Path, file: Path) -> None:
    arrow = _pyarrow(file)
    schema = arrow.schema([(name, _kind(arrow, name)) for name in COLUMNS])
    part = file.with_name(file.name + ".part")
    try:
        with part.open("wb") as out, arrow.parquet.ParquetWriter(out, schema) as writer:
            os.chmod(part, 0o600)  # noqa: PTH101 - likewise
            for batch in _batches(grown):
                writer.write_table(arrow.Table.from_pylist(batch, schema))
        part.replace(file)
    except OSError as problem:
        raise cannot_write(file, problem) from problem


def _kind(arrow: Any, name: str) -> Any:
    if name in WORDS:
        return arrow.string()
    return arrow.int64() if name in WHOLE_NUMBERS else arrow.float64()


def _batches(grown: Path) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for rows in whole_recordings(grown):
        batch += [{name: typed(name, value) for name, value in row.items()} for row in rows]
        if len(batch) >= _BATCH:
            yield batch
            batch = []
    yield batch
