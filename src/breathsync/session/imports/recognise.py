"""What a foreign file is, and its inputs: told, or recognised where it is certain."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from breathsync.devices.simulator import SOURCE
from breathsync.errors import InputFileError
from breathsync.events import Input, StrapState, StrapStatus
from breathsync.session.imports import notifications, rr, samples
from breathsync.session.imports.table import Table, read_table

FORMATS = ("notifications", "rr", "ecg", "acc")


@dataclass(frozen=True, slots=True)
class Foreign:
    """One file to import: its format, and its table unless it is EDF."""

    file: Path
    format: str
    table: Table | None


def recognise(file: Path, told: str | None = None) -> Foreign:
    """What `file` is. InputFileError says what to add where that is not certain."""
    if samples.is_edf(file):
        if told not in (None, "ecg"):
            raise InputFileError("is_edf", file=file, told=told)
        return Foreign(file, "ecg", None)
    table = read_table(file)
    return Foreign(file, told or _certain(table), table)


def _certain(table: Table) -> str:
    header = set(table.header)
    if header.issuperset(notifications.COLUMNS):
        return "notifications"
    if header.intersection(samples.ECG_COLUMNS):
        return "ecg"
    if header.issuperset(samples.ACC_COLUMNS):
        return "acc"
    if rr.column_of(table) or (not header and all(len(row) == 1 for _, row in table.rows)):
        return "rr"
    raise InputFileError("format_unsure", file=table.file, formats=", ".join(FORMATS))


def inputs_of(
    sources: Iterable[Foreign],
    unit: str | None = None,
    rate_hz: float | None = None,
    strap: str | None = None,
) -> Iterator[Input]:
    """The inputs of one session's sources in order of time, as a recording of it would hold them."""
    together = list(sources)
    streams = [_read(source, unit, rate_hz, alone=len(together) == 1) for source in together]
    yield StrapStatus(0.0, SOURCE, StrapState.CONNECTED, strap)
    yield from heapq.merge(*streams, key=lambda event: event.time)


def _read(source: Foreign, unit: str | None, rate_hz: float | None, *, alone: bool) -> Iterable[Input]:
    table = source.table
    if table is None:
        return samples.read_edf(source.file)
    if source.format == "notifications":
        for column in notifications.COLUMNS:
            if column not in table.header:
                found = ", ".join(table.header)
                raise InputFileError("no_column", file=table.file, wanted=column, found=found)
        return notifications.read(table)
    if source.format == "rr":
        zero = None if alone else 0.0
        return rr.read(table, rr.unit_of(table, unit), zero)
    if rate_hz is None:
        raise InputFileError("needs_rate", file=source.file)
    read = samples.read_ecg if source.format == "ecg" else samples.read_acc
    return read(table, rate_hz)
