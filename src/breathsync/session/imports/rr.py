"""RR intervals in a text file: one a line, or a column; with times of their own, gaps show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from breathsync.devices.simulator import SOURCE
from breathsync.errors import InputFileError
from breathsync.events import RrIntervals, Stamp
from breathsync.session.imports import doubts
from breathsync.session.imports.columns import (
    Column,
    beat_column,
    days_counted,
    moment,
    rr_column,
    time_column,
)
from breathsync.session.imports.table import Table, number

MS_PER_UNIT = {"ms": 1.0, "s": 1000.0, "ticks": 1000.0 / 1024.0, "us": 1e-3}
LONGEST_MS = 64_000.0  # the longest that a strap can express
_LONGEST_BETWEEN_BEATS_MS = 3000.0  # further apart: beats are missing, and this is no interval
_DELIVERED_AGAIN = "DUPLICATE"
_OUR_OWN = ("flaw",)  # a column of our exports that is found anew


@dataclass(frozen=True, slots=True)
class Intervals:
    """What a table says of intervals: `rr_ms` and, where there are any, `times_s`, by line.

    `described` is for people: which columns were taken, in which units. `remarks` are codes.
    """

    lines: tuple[int, ...]
    rr_ms: tuple[float, ...]
    times_s: tuple[float, ...] | None
    stamp: Stamp
    unit: str
    column: str
    time_column: str | None
    unused: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def looks_like_intervals(table: Table) -> bool:
    """Whether the names of the columns, or plain numbers in one or two columns, make this certain."""
    if table.header:
        return rr_column(table) is not None
    return table.width == 1 or (table.width == 2 and doubts.pair(table) is not None)


def looks_like_beats(table: Table) -> bool:
    """Whether these are the times of beats: named so, or one column of numbers that only rise."""
    if table.header:
        return rr_column(table) is None and beat_column(table) is not None
    return table.width == 1 and doubts.only_rises([v for _, v in _column(table, 0)])


def read_intervals(table: Table, told: str | None) -> Intervals:
    """Everything that the table says. InputFileError where it is not certain, or cannot be."""
    rr, time = _where(table)
    rows = [(n, row) for n, row in table.rows if not _again(table, row)]
    kept = Table(table.file, table.header, tuple(rows), table.remarks)
    values = list(_column(kept, rr.index))
    if not values:
        raise InputFileError("no_rows", file=table.file)
    told_times = dict(_times(kept, time)) if time else {}
    times = days_counted(told_times) if time and time.unit == "iso" else told_times
    doubts.check_zeros(table.file, values)
    if time:
        doubts.check_swapped(table.file, rr, time, values, times)
    unit = _unit(table, told, rr, [v for _, v in values])
    intervals = [(line, _checked(table, line, v * MS_PER_UNIT[unit])) for line, v in values]
    lines, rr_ms = zip(*intervals, strict=True)
    remarks, times_s = table.remarks, None
    if times != told_times:
        remarks += ("over_midnight",)
    if time is not None:
        times_s, remark = _placed(table, time, lines, rr_ms, times)
        remarks += (remark,) if remark else ()
    named = time.name if time and times_s else None
    unused = tuple(
        n for i, n in enumerate(table.header) if i != rr.index and n not in (named, "", *_OUR_OWN)
    )
    stamp = time.stamp if time and times_s else Stamp.BEAT
    return Intervals(lines, rr_ms, times_s, stamp, unit, rr.name, named, unused, remarks)


def read(intervals: Intervals, zero_s: float | None = None) -> Iterator[RrIntervals]:
    """RR intervals; session time starts at the beginning of the first one.

    Where other sources share the clock of this file's time column, `zero_s` is the session's zero on it.
    """
    times = intervals.times_s
    if times is None:
        end = 0.0
        for rr in intervals.rr_ms:
            end += rr / 1000
            yield RrIntervals(round(end, 6), SOURCE, (rr,), Stamp.BEAT)
        return
    zero = times[0] - intervals.rr_ms[0] / 1000 if zero_s is None else zero_s
    for time, rr in zip(times, intervals.rr_ms, strict=True):
        yield RrIntervals(max(0.0, round(time - zero, 6)), SOURCE, (rr,), intervals.stamp)


def read_beats(table: Table, zero_s: float | None = None) -> Iterator[RrIntervals]:
    """The intervals between beats that were given by their times; the first beat ends none."""
    column = beat_column(table) if table.header else Column(0, "1", None)
    if column is None:
        raise InputFileError("no_column", file=table.file, wanted="beat_time_s", found=_names(table))
    values = list(_column(table, column.index))
    scale = 1.0 if doubts.unit_of_beats(table.file, column, [v for _, v in values]) == "s" else 1e-3
    beats = [(line, value * scale) for line, value in values]
    yield from between(table, beats, zero_s)


def between(
    table: Table, beats: Sequence[tuple[int, float]], zero_s: float | None
) -> Iterator[RrIntervals]:
    """The intervals between beats in a row, by line and time in s."""
    zero = beats[0][1] if zero_s is None else zero_s
    for (_, before), (line, time) in pairwise(beats):
        if time < before:
            raise InputFileError("time_backwards", file=table.file, line=line)
        rr = round(1000 * (time - before), 6)
        if 0 < rr <= _LONGEST_BETWEEN_BEATS_MS:
            yield RrIntervals(round(time - zero, 6), SOURCE, (rr,), Stamp.BEAT)


def _where(table: Table) -> tuple[Column, Column | None]:
    """The columns of intervals and of times."""
    if table.header:
        rr = rr_column(table)
        if rr is None:
            raise InputFileError("no_column", file=table.file, wanted="rr_ms", found=_names(table))
        return rr, time_column(table)
    pair = doubts.pair(table) if table.width == 2 else None
    if pair is not None:
        return pair
    if table.width != 1:
        raise InputFileError("no_column", file=table.file, wanted="rr_ms", found=_names(table))
    return Column(0, "1", None), None


def _unit(table: Table, told: str | None, rr: Column, values: Sequence[float]) -> str:
    """The unit of the intervals: told, named by the column, or plain from the values (ms only)."""
    unit = told or rr.unit or "ms"
    if _fit(values, unit):
        doubts.check_mixed(table.file, values, unit)
        return unit
    middle = f"{median(values):g}"
    if 25 <= median(values) <= 230 and unit == "ms":
        raise InputFileError("looks_like_rate", file=table.file, value=middle)
    likely = next((other for other in ("s", "ms", "us") if _fit(values, other)), None)
    if likely is None:
        raise InputFileError("unit_unsure", file=table.file, unit=unit, value=middle)
    raise InputFileError("unit_looks_like", file=table.file, unit=unit, value=middle, likely=likely)


def _fit(values: Sequence[float], unit: str) -> bool:
    return 2 * sum(250 <= value * MS_PER_UNIT[unit] <= 2500 for value in values) >= len(values)


def _placed(
    table: Table,
    time: Column,
    lines: tuple[int, ...],
    rr_ms: tuple[float, ...],
    times: dict[int, float],
) -> tuple[tuple[float, ...] | None, str | None]:
    """The time of every interval in seconds, if its unit is certain; a code for what is to be said."""
    if set(lines) - set(times):
        raise InputFileError("columns_differ", file=table.file, column=time.name)
    found = [times[line] for line in lines]
    unit = "s" if time.unit == "iso" else time.unit or doubts.unit_of_times(found, rr_ms)
    if unit is None:
        return None, "time_left_out"
    if time.stamp is Stamp.BEAT:
        doubts.check_times(table.file, time, unit, found, rr_ms)
    scale = 1e-3 if unit == "ms" else 1.0
    seconds = tuple(t * scale for t in found)
    for line, (before, after) in zip(lines[1:], pairwise(seconds), strict=True):
        if after < before:
            raise InputFileError("time_backwards", file=table.file, line=line)
    return seconds, "one_a_second" if doubts.one_a_second(seconds, rr_ms) else None


def _times(table: Table, column: Column) -> Iterator[tuple[int, float]]:
    if column.unit != "iso":
        yield from _column(table, column.index)
        return
    for line, text in table.fields(column.index):
        if (found := moment(text)) is None:
            raise InputFileError("not_a_time", file=table.file, line=line, text=text[:40])
        yield line, found


def _column(table: Table, index: int) -> Iterator[tuple[int, float]]:
    """Line and value of every field that is not empty."""
    for line, text in table.fields(index):
        if text:
            yield line, number(table.file, line, text)


def _again(table: Table, row: tuple[str, ...]) -> bool:
    """An interval that our own export marks as delivered twice."""
    return "flaw" in table.header and _DELIVERED_AGAIN in row


def _names(table: Table) -> str:
    return ", ".join(table.header)


def _checked(table: Table, line: int, rr_ms: float) -> float:
    if not 0 < rr_ms <= LONGEST_MS:
        raise InputFileError("no_rr", file=table.file, line=line, rr=f"{rr_ms:g}")
    return rr_ms
