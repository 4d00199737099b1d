"""Files that are almost right: what is off about them is found and said, never guessed away."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median

from breathsync.errors import InputFileError
from breathsync.session.imports.columns import Column
from breathsync.session.imports.table import Table

_SOME_ZEROS = 5
_ENOUGH = 10  # values that only rise are times; so many intervals in a row never do
_AGREE = 0.2  # of an interval: programs round times and intervals differently
_STEP_S = 0.02
_LEAST_MS, _MOST_MS = 250.0, 2500.0
_SOME_MIXED = 5
_LEAST_PASSED, _MOST_PASSED = 0.5, 300.0  # of the time that the intervals fill


def only_rises(values: Sequence[float]) -> bool:
    """Whether these are moments rather than intervals."""
    return len(values) >= _ENOUGH and all(b > a for a, b in pairwise(values))


def unit_of_times(times: Sequence[float], rr_ms: Sequence[float]) -> str | None:
    """Seconds or milliseconds: the one in which times move on as the intervals do."""
    if len(times) < 3:
        return None
    steps = [b - a for a, b in pairwise(times)]
    share = median(steps) / median(rr_ms[1:])
    return next((unit for unit, one_ms in (("s", 1e-3), ("ms", 1.0)) if 0.5 < share / one_ms < 2), None)


def unit_of_beats(file: Path, column: Column, times: Sequence[float]) -> str:
    """Seconds or milliseconds, from how far beats are apart. InputFileError where neither can be."""
    middle = median([b - a for a, b in pairwise(times)] or [1.0])
    fitting = [
        unit for unit, one_ms in (("s", 1e-3), ("ms", 1.0)) if _LEAST_MS <= middle / one_ms <= _MOST_MS
    ]
    if not fitting:
        raise InputFileError("no_beat_times", file=file, value=f"{middle:g}")
    if column.unit not in (None, *fitting):
        raise InputFileError(
            "sample_unit",
            file=file,
            column=column.name,
            value=f"{middle:g}",
            unit=column.unit,
            likely=fitting[0],
        )
    return fitting[0]


def pair(table: Table) -> tuple[Column, Column] | None:
    """Two columns of plain numbers: intervals and times, if one moves on as the other says, else `None`."""
    try:
        first, second = ([float(row[i]) for _, row in table.rows] for i in (0, 1))
    except (ValueError, IndexError):
        return None
    for rr, time, where in ((second, first, 0), (first, second, 1)):
        for unit, scale in (("ms", 1.0), ("s", 1000.0)):
            in_ms = [value * scale for value in rr]
            times = unit_of_times(time, in_ms) if only_rises(time) else None
            if times and _LEAST_MS <= median(in_ms) <= _MOST_MS:
                return Column(1 - where, str(2 - where), unit), Column(where, str(where + 1), times)
    return None


def check_zeros(file: Path, values: Sequence[tuple[int, float]]) -> None:
    """Some programs write 0 where the strap sent nothing."""
    zeros = [line for line, value in values if value == 0]
    if len(zeros) >= _SOME_ZEROS:
        raise InputFileError("zeros", file=file, count=len(zeros), all=len(values), first=zeros[0])


def check_mixed(file: Path, values: Sequence[float], unit: str) -> None:
    """Some values in ms and some in s: two files in one, or points and commas that divide thousands."""
    small, large = (0.25, 2.5), (250.0, 2500.0)
    other = {"ms": small, "s": large}.get(unit)
    found = [value for value in values if other and other[0] <= value <= other[1]]
    if len(found) >= _SOME_MIXED:
        likely = "s" if unit == "ms" else "ms"
        raise InputFileError(
            "units_mixed", file=file, unit=unit, count=len(found), all=len(values), likely=likely
        )


def check_times(
    file: Path, column: Column, unit: str, times: Sequence[float], rr_ms: Sequence[float]
) -> None:
    """Beats cannot be closer together than their intervals are long, nor hundreds of intervals apart."""
    passed, filled = times[-1] - times[0], sum(rr_ms[1:])
    if len(times) < _ENOUGH or passed < 0:
        return
    per_ms = passed / filled / (1e-3 if unit == "s" else 1.0)
    if not _LEAST_PASSED <= per_ms <= _MOST_PASSED:
        raise InputFileError(
            "times_unlike", file=file, column=column.name, unit=unit, filled=f"{filled / 1000:.0f}"
        )


def check_swapped(
    file: Path, rr: Column, time: Column, values: Sequence[tuple[int, float]], times: Mapping[int, float]
) -> None:
    """Where the intervals only rise and the times do not, the two columns have changed places."""
    found = [times[line] for line, _ in values if line in times]
    if only_rises([value for _, value in values]) and not only_rises(found) and len(found) >= _ENOUGH:
        raise InputFileError("columns_swapped", file=file, rr=rr.name, time=time.name)


def one_a_second(times_s: Sequence[float], rr_ms: Sequence[float]) -> bool:
    """Whether one interval was kept each second, and not each interval: they do not fill the time."""
    steps = [b - a for a, b in pairwise(times_s)]
    if len(steps) < _ENOUGH:
        return False
    regular = sum(abs(step - 1) < _STEP_S for step in steps) > 0.9 * len(steps)
    filled = sum(abs(step - rr / 1000) < _AGREE * step for step, rr in zip(steps, rr_ms[1:], strict=True))
    return regular and (
        filled < 0.5 * len(steps) or abs(sum(rr_ms[1:]) / 1000 - sum(steps)) > 0.05 * sum(steps)
    )
