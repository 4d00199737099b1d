"""Which column of a table is what: by the names that programs and people give, in their languages.

A name counts only where every part of it is understood: `RR-Intervall (ms)` is, `rr_count` is not.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from breathsync.events import Stamp
from breathsync.session.imports.table import Table

_RR = {"rr", "ibi", "nn", "rri", "nni"}
_RR_MORE = {
    *("interval", "intervals", "intervall", "intervalle", "intervalles", "intervalo", "intervalos"),
    *("intervallo", "abstand", "abstände", "duration", "dauer", "durée", "data", "raw", "r", "de", "in"),
}
_TIME = {"time", "zeit", "temps", "tiempo", "tempo", "tijd", "tid", "elapsed", "beat", "t", "peak", "r"}
_OF_DAY = {
    "timestamp",
    "datetime",
    "date",
    "datum",
    "uhrzeit",
    "zeitstempel",
    "heure",
    "fecha",
    "hora",
    "data",
    "ora",
}
_RATE = {"hr", "bpm", "heart", "heartrate", "herzfrequenz", "hf", "puls", "pulse", "fc", "frecuencia"}
_BEAT = {"beat", "peak", "peaks", "rpeak", "rpeaks", "herzschlag"}
_UNITS = {
    "ms": "ms", "msec": "ms", "milliseconds": "ms", "millisekunden": "ms",
    "s": "s", "sec": "s", "seconds": "s", "sekunden": "s", "secondes": "s", "segundos": "s",
    "us": "us", "µs": "us", "μs": "us",
    "ticks": "ticks", "1024": "ticks",
}  # fmt: skip
_ECG = {"ecg", "ekg"}
_VOLTS = {"mv": "mV", "uv": "uV", "µv": "uV", "μv": "uV", "v": "V"}
_ACC_UNITS = {"mg": "mG", "g": "g", "m/s2": "m/s2", "m/s²": "m/s2"}
_RESP = {"resp", "respiration", "breath", "atem", "atmung"}
_DATES = ("%H:%M:%S", "%H:%M:%S.%f", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M:%S.%f")
_DAY_S = 86_400.0
_UNDATED_UNTIL_S = datetime(1900, 1, 2, tzinfo=UTC).timestamp()  # strptime's day for a time of day alone
_SECONDS = {"s": 1.0, "ms": 1e-3, "ns": 1e-9}


@dataclass(frozen=True, slots=True)
class Column:
    """A column and its unit, where its name says so (`iso`: dates with times of day)."""

    index: int
    name: str
    unit: str | None
    stamp: Stamp = Stamp.BEAT


def rr_column(table: Table) -> Column | None:
    """The column of RR intervals."""
    for index, name in enumerate(table.header):
        parts, unit = _parts(name, _UNITS)
        is_rr = bool(parts & _RR) or re.search(r"\br-r\b|\br interval", name) is not None
        if is_rr and parts <= _RR | _RR_MORE:
            return Column(index, name, unit)
    return None


def time_column(table: Table) -> Column | None:
    """The column with each interval's time; times of arrival are told from times of beats."""
    for index, name in enumerate(table.header):
        if name in ("since start", "since_start"):
            return Column(index, name, "ms", Stamp.ARRIVAL)
        if name == "arrival_time_s":
            return Column(index, name, "s", Stamp.ARRIVAL)
    for index, name in enumerate(table.header):
        parts, unit = _parts(name, _UNITS)
        if name == "phone timestamp":
            return Column(index, name, "iso", Stamp.ARRIVAL)
        if (parts and parts <= _TIME) or (not parts and unit):
            return (
                Column(index, name, unit)
                if unit
                else _of_day(table, index, name) or Column(index, name, None)
            )
    for index, name in enumerate(table.header):
        words = set(re.split(r"\W+", name)) - {""}
        if words and words <= _TIME | _OF_DAY and (found := _of_day(table, index, name)):
            return found
    return None


def _of_day(table: Table, index: int, name: str) -> Column | None:
    """The column where it holds times of day, with their dates or without: those of a computer's clock."""
    first = table.rows[0][1] if table.rows else ()
    known = index < len(first) and moment(first[index]) is not None
    return Column(index, name, "iso", Stamp.ARRIVAL) if known else None


def moment(text: str) -> float | None:
    """Seconds of a date with its time of day, or of a time of day alone; `None` for any other text."""
    text = text.replace(",", ".")
    for form in _DATES if ":" in text else ():
        with suppress(ValueError, OverflowError):
            return datetime.strptime(text, form).replace(tzinfo=UTC).timestamp()
    with suppress(ValueError, OverflowError):
        found = datetime.fromisoformat(text if ":" in text else "")
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    return None


def days_counted(moments: Mapping[int, float]) -> dict[int, float]:
    """Times of day alone go on over midnight: back by more than half a day is the next one."""
    counted: dict[int, float] = {}
    later_s, last_s = 0.0, float("-inf")
    for line, found in moments.items():
        if found < _UNDATED_UNTIL_S and found + later_s < last_s - _DAY_S / 2:
            later_s += _DAY_S
        counted[line] = last_s = found + later_s
    return counted


def rate_column(table: Table) -> str | None:
    """The name of a column of heart rates, by which a file without intervals is known."""
    return next((name for name in table.header if set(re.split(r"[\W_]+", name)) & _RATE), None)


def beat_column(table: Table) -> Column | None:
    """The column with the times of heartbeats, in a table that has no intervals."""
    for index, name in enumerate(table.header):
        parts, unit = _parts(name, _UNITS)
        if parts & _BEAT and parts <= _BEAT | _TIME:
            return Column(index, name, unit)
    return None


def ecg_column(table: Table) -> Column | None:
    """The column of ECG, with a unit."""
    return _sampled(table, _ECG, _VOLTS)


def resp_column(table: Table) -> Column | None:
    """The column of breath, in a unit of its own."""
    for index, name in enumerate(table.header):
        parts = set(re.split(r"[^\w]+|_", name))
        if parts & _RESP and "rate" not in parts and "brpm" not in parts:
            return Column(index, name, "1")
    return None


def _sampled(table: Table, names: set[str], units: dict[str, str]) -> Column | None:
    for index, name in enumerate(table.header):
        parts, unit = _parts(name, units)
        if parts & names and unit and len(parts) == 1:
            return Column(index, name, unit)
    return None


def acc_columns(table: Table) -> tuple[Column, ...]:
    """The three columns of acceleration, with their unit; none where one of them is missing."""
    found = {}
    for index, name in enumerate(table.header):
        parts, unit = _parts(name, _ACC_UNITS)
        axis = parts - {"acc"}
        if unit and len(axis) == 1 and axis <= {"x", "y", "z"}:
            found[axis.pop()] = Column(index, name, unit)
    return tuple(found[axis] for axis in "xyz") if len(found) == 3 else ()


def sample_time_column(table: Table) -> tuple[Column, float] | None:
    """The column that says when each sample was, and how many seconds its unit has."""
    for wanted in ("sensor timestamp [ns]", "timestamp [ms]"):
        if wanted in table.header:
            unit = wanted[-3:-1]
            return Column(table.header.index(wanted), wanted, unit), _SECONDS[unit]
    for index, name in enumerate(table.header):
        parts, named = _parts(name, {**_UNITS, "ns": "ns"})
        unit = named or ""
        if unit in _SECONDS and parts <= {"time", "t", "zeit", "timestamp"}:
            return Column(index, name, unit), _SECONDS[unit]
    return None


def _parts(name: str, units: dict[str, str]) -> tuple[set[str], str | None]:
    """The words of a column's name, and the unit that is one of them."""
    words = [word for word in re.split(r"[\s_\-\[\](){}:,]+", name) if word]
    unit = next((units[word] for word in reversed(words) if word in units), None)
    return {word for word in words if word not in units}, unit
