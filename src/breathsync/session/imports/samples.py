"""Sampled signals in a table: ECG, acceleration and breath, with a rate told or a column of times."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import Any

from breathsync.devices.simulator import SOURCE
from breathsync.errors import InputFileError
from breathsync.events import Samples
from breathsync.session.imports.columns import (
    Column,
    acc_columns,
    ecg_column,
    resp_column,
    sample_time_column,
)
from breathsync.session.imports.sample_doubts import check_unit
from breathsync.session.imports.table import Table, number

_CHUNK_S = 0.5
_HOLE = 1.5  # samples further apart than so many steps have others missing between them
_LEAST_HZ, _MOST_HZ = 1.0, 100_000.0


def kind_of(table: Table) -> str | None:
    """`ecg`, `acc` or `resp`, if the names of the columns make it certain."""
    if ecg_column(table):
        return "ecg"
    if acc_columns(table):
        return "acc"
    return "resp" if resp_column(table) and sample_time_column(table) else None


def read(table: Table, kind: str, rate_hz: float | None, *, alone: bool = True) -> Iterator[Samples]:
    """The samples; session time starts with the first one. InputFileError where the rate is not known.

    A rate that was told is this file's if it is `alone`; beside others it is theirs that have no times.
    """
    columns, unit = _columns(table, kind)
    values = _values(table, columns)
    if kind != "resp":
        check_unit(table.file, columns[0], values)
    timed = sample_time_column(table)
    if timed is None:
        if rate_hz is None:
            raise InputFileError("needs_rate", file=table.file)
        yield from chunks(kind, rate_hz, unit, values)
        return
    times = _times(table, *timed)
    if len(times) != len(values):
        raise InputFileError("columns_differ", file=table.file, column=timed[0].name)
    yield from _timed(table, kind, unit, values, times, rate_hz if alone else None)


def _columns(table: Table, kind: str) -> tuple[list[Column], str]:
    if kind == "acc":
        axes = acc_columns(table)
        if not axes:
            wanted = next((w for w in ("x_mg", "y_mg", "z_mg") if w not in table.header), "x_mg")
            raise _no_column(table, wanted)
        return list(axes), axes[0].unit or "mG"
    column = ecg_column(table) if kind == "ecg" else resp_column(table)
    if column is None:
        raise _no_column(table, "ecg_mv" if kind == "ecg" else "resp")
    return [column], column.unit or ""


def _no_column(table: Table, wanted: str) -> InputFileError:
    return InputFileError("no_column", file=table.file, wanted=wanted, found=", ".join(table.header))


def _values(table: Table, columns: Sequence[Column]) -> list[Any]:
    lists = [list(_numbers(table, column)) for column in columns]
    if len({len(values) for values in lists}) > 1:
        raise InputFileError("columns_differ", file=table.file, column=columns[-1].name)
    if not lists[0]:
        raise InputFileError("no_rows", file=table.file)
    if all(value == lists[0][0] for values in lists for value in values) and len(lists[0]) > 1:
        raise InputFileError("flat", file=table.file, count=len(lists[0]), value=f"{lists[0][0]:g}")
    return lists[0] if len(lists) == 1 else list(zip(*lists, strict=True))


def _numbers(table: Table, column: Column) -> Iterator[float]:
    for line, text in table.fields(column.index):
        if text:
            yield number(table.file, line, text)


def _times(table: Table, column: Column, scale: float) -> list[float]:
    """Seconds since the first sample: nanoseconds since long ago do not fit into a float."""
    texts = [text for _, text in table.fields(column.index) if text]
    if not all(text.isdecimal() for text in texts):
        return [t * scale for t in _numbers(table, column)]
    return [(int(text) - int(texts[0])) * scale for text in texts]


def _timed(
    table: Table, kind: str, unit: str, values: list[Any], times: list[float], told_hz: float | None
) -> Iterator[Samples]:
    """Pieces between holes, each at its own time, all at the rate of the longest one."""
    step = median([b - a for a, b in pairwise(times)] or [0.0])
    if not 1 / _MOST_HZ <= step <= 1 / _LEAST_HZ:
        raise InputFileError("rate_unsure", file=table.file)
    cuts = [
        0,
        *(i for i in range(1, len(times)) if not 0 <= times[i] - times[i - 1] < _HOLE * step),
        len(times),
    ]
    for line, (a, b) in zip(table.rows[1:], pairwise(times), strict=False):
        if b < a:
            raise InputFileError("time_backwards", file=table.file, line=line[0])
    start, end = max(pairwise(cuts), key=lambda piece: piece[1] - piece[0])
    rate_hz = 1 / step if end - start < 2 else (end - start - 1) / (times[end - 1] - times[start])
    rate_hz = _round_rate(rate_hz, end - start)
    if told_hz and abs(told_hz / rate_hz - 1) > 0.05:
        raise InputFileError("rate_differs", file=table.file, told=f"{told_hz:g}", found=f"{rate_hz:.4g}")
    for start, end in pairwise(cuts):
        yield from chunks(kind, rate_hz, unit, values[start:end], times[start] - times[0])


def _round_rate(rate_hz: float, count: int) -> float:
    """A whole number where the times, which are rounded too, cannot tell the rate from it."""
    nearest = round(rate_hz)
    return float(nearest) if nearest and abs(rate_hz / nearest - 1) < 0.5 / max(count, 1) else rate_hz


def chunks(
    channel: str, rate_hz: float, unit: str, values: Sequence[Any], start_s: float = 0.0
) -> Iterator[Samples]:
    """Samples in pieces of half a second, each known when its last sample is."""
    size = max(1, round(rate_hz * _CHUNK_S))
    for start in range(0, len(values), size):
        piece = tuple(values[start : start + size])
        last_s = round(start_s + (start + len(piece) - 1) / rate_hz, 6)
        yield Samples(last_s, SOURCE, channel, rate_hz, unit, piece)
