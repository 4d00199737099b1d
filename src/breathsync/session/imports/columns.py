"""Which column of a table is what: by the names that programs and people give, in their languages.

A name counts only where every part of it is understood: `RR-Intervall (ms)` is, `rr_count` is not.
"""

import re
from dataclasses import dataclass

from breathsync.events import Stamp
from breathsync.session.imports.table import Table

_RR = {"rr", "ibi", "nn", "rri", "nni"}
_RR_MORE = {
    *("interval", "intervals", "intervall", "intervalle", "intervalles", "intervalo", "intervalos"),
    *("intervallo", "abstand", "abstände", "duration", "dauer", "durée", "data", "raw", "r", "de", "in"),
}
_TIME = {"time", "zeit", "temps", "tiempo", "tempo", "tijd", "tid", "elapsed", "beat", "t", "peak", "r"}
_BEAT = {"beat", "peak", "peaks", "rpeak", "rpeaks", "herzschlag"}
_UNITS = {
    "ms": "ms", "msec": "ms", "milliseconds": "ms", "millisekunden": "ms",
    "s": "s", "sec": "s", "seconds": "s", "sekunden": "s", "secondes": "s", "segundos": "s",
    "ticks": "ticks", "1024": "ticks",
}  # fmt: skip
_ECG = {"ecg", "ekg"}
_VOLTS = {"mv": "mV", "uv": "uV", "µv": "uV", "μv": "uV", "v": "V"}
_ACC_UNITS = {"mg": "mG", "g": "g", "m/s2": "m/s2", "m/s²": "m/s2"}
_RESP = {"resp", "respiration", "breath", "atem", "atmung"}
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
        is_rr = bool(parts & _RR) or parts >= {"r", "interval"} or name.startswith("r-r")
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
            return Column(index, name, unit)
    return None


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
