"""RR intervals in a text file: one a line, or a column; with times of their own, gaps show."""

from collections.abc import Iterator
from statistics import median

from breathsync.devices.simulator import SOURCE
from breathsync.errors import InputFileError
from breathsync.events import RrIntervals, Stamp
from breathsync.session.imports.table import Table, number

MS_PER_UNIT = {"ms": 1.0, "s": 1000.0, "ticks": 1000.0 / 1024.0}
COLUMN_UNITS = {"rr_ms": "ms", "rr_s": "s", "rr_ticks": "ticks", "rr_1024": "ticks"}
TIME_COLUMNS = {"beat_time_s": Stamp.BEAT, "time_s": Stamp.BEAT, "arrival_time_s": Stamp.ARRIVAL}
_LONGEST_MS = 64_000.0  # the longest that a strap can express


def column_of(table: Table) -> str | None:
    """The column with RR intervals, if its name says so."""
    return next((name for name in (*COLUMN_UNITS, "rr") if name in table.header), None)


def time_column_of(table: Table) -> str | None:
    """The column with each interval's time, if there is one."""
    return next((name for name in TIME_COLUMNS if name in table.header), None)


def unit_of(table: Table, told: str | None) -> str:
    """The unit of the intervals: told, named by the column, or plain from the values (ms only)."""
    column = column_of(table)
    unit = told or COLUMN_UNITS.get(column or "", "ms")
    values = [value for _, value in _values(table)]
    if sum(250 <= value * MS_PER_UNIT[unit] <= 2500 for value in values) >= len(values) / 2:
        return unit
    raise InputFileError("unit_unsure", file=table.file, unit=unit, value=f"{median(values):g}")


def read(table: Table, unit: str, zero_s: float | None = None) -> Iterator[RrIntervals]:
    """RR intervals; session time starts at the beginning of the first one.

    Where other sources share the clock of this file's time column, `zero_s` is the session's zero on it.
    """
    intervals = [(line, _checked(table, line, v * MS_PER_UNIT[unit])) for line, v in _values(table)]
    column = time_column_of(table)
    if column is None:
        end = 0.0
        for _, rr in intervals:
            end += rr / 1000
            yield RrIntervals(round(end, 6), SOURCE, (rr,), Stamp.BEAT)
        return
    times = table.numbers(column)
    if len(times) != len(intervals):
        raise InputFileError("columns_differ", file=table.file, column=column)
    zero = times[0][1] - intervals[0][1] / 1000 if zero_s is None else zero_s
    before = times[0][1]
    for (line, time), (_, rr) in zip(times, intervals, strict=True):
        if time < before:
            raise InputFileError("time_backwards", file=table.file, line=line)
        before = time
        yield RrIntervals(round(time - zero, 6), SOURCE, (rr,), TIME_COLUMNS[column])


def _values(table: Table) -> list[tuple[int, float]]:
    column = column_of(table)
    if column is not None:
        values = table.numbers(column)
    elif table.header or any(len(row) != 1 for _, row in table.rows):
        raise InputFileError("no_column", file=table.file, wanted="rr_ms", found=", ".join(table.header))
    else:
        values = [(line, number(table.file, line, row[0])) for line, row in table.rows]
    if not values:
        raise InputFileError("no_rows", file=table.file)
    return values


def _checked(table: Table, line: int, rr_ms: float) -> float:
    if not 0 < rr_ms <= _LONGEST_MS:
        raise InputFileError("no_rr", file=table.file, line=line, rr=f"{rr_ms:g}")
    return rr_ms
