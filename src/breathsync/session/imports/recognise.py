"""What a foreign file is, and its inputs: told, or recognised where it is certain."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from breathsync.devices.simulator import SOURCE
from breathsync.errors import InputFileError
from breathsync.events import Input, StrapState, StrapStatus
from breathsync.session.imports import edf, fit, hrm, notifications, rr, samples, wfdb_files
from breathsync.session.imports.columns import rate_column
from breathsync.session.imports.table import Table, read_table
from breathsync.session.imports.text_file import read_text

FORMATS = ("notifications", "rr", "beats", "ecg", "acc", "resp")
_SAMPLED = ("ecg", "acc", "resp")


@dataclass(frozen=True, slots=True)
class Foreign:
    """One file to import: its format, whose file it is if that is known, and its table if it is one."""

    file: Path
    format: str
    table: Table | None
    program: str | None = None


def recognise(file: Path, told: str | None = None) -> Foreign:
    """What `file` is. InputFileError says what to add where that is not certain."""
    if edf.is_edf(file):
        if told not in (None, "ecg"):
            raise InputFileError("is_edf", file=file, told=told)
        return Foreign(file, "ecg", None, "EDF")
    if fit.is_fit(file):
        return Foreign(file, "rr", fit.as_table(file), "FIT")
    if wfdb_files.is_wfdb(file):
        return Foreign(file, wfdb_files.kind_of(file), None, "WFDB")
    if file.suffix.lower() == ".hrm" and hrm.is_hrm(read_text(file).words):
        return Foreign(file, "rr", hrm.as_table(file), "Polar .hrm")
    table = read_table(file)
    return Foreign(file, told or _certain(table), table, _program(table))


def _certain(table: Table) -> str:
    if set(table.header).issuperset(notifications.COLUMNS):
        return "notifications"
    kind = samples.kind_of(table)
    if kind in ("ecg", "acc"):
        return kind
    if rr.looks_like_beats(table):
        return "beats"
    if rr.looks_like_intervals(table):
        return "rr"
    if kind:
        return kind
    if (rate := rate_column(table)) is not None:
        raise InputFileError("holds_rates", file=table.file, column=rate)
    found = ", ".join(table.header) or f"{table.width} without names"
    raise InputFileError("format_unsure", file=table.file, formats=", ".join(FORMATS), found=found[:80])


def _program(table: Table) -> str | None:
    """The program that writes such columns."""
    header = set(table.header)
    if header >= {"rr"} and header & {"since start", "since_start"}:
        return "HRV Logger"
    if "phone timestamp" in header:
        return "Polar Sensor Logger"
    return None


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
    table, zero = source.table, None if alone else 0.0
    if table is None:
        return edf.read(source.file) if source.program == "EDF" else wfdb_files.read(source.file, zero)
    if source.format == "notifications":
        for column in notifications.COLUMNS:
            if column not in table.header:
                found = ", ".join(table.header)
                raise InputFileError("no_column", file=table.file, wanted=column, found=found)
        return notifications.read(table)
    if source.format in _SAMPLED:
        return samples.read(table, source.format, rate_hz, alone=alone)
    if source.format == "beats":
        return rr.read_beats(table, zero)
    return rr.read(rr.read_intervals(table, unit), zero)
