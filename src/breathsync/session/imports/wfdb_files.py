"""PhysioNet's WFDB: a record (`.hea`, with its `.dat`) or the beats of an annotation file (`.atr`, ...)."""

import heapq
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from breathsync.errors import InputFileError
from breathsync.events import Input, Samples
from breathsync.session.imports.rr import between
from breathsync.session.imports.samples import chunks
from breathsync.session.imports.table import Table

ANNOTATIONS = (".atr", ".qrs", ".ecg", ".ari", ".wqrs", ".gqrs")
_RECORD = (".hea", ".dat")
_BEATS = frozenset("NLRBAaJSVrFejnE/fQ?")  # beat codes of the MIT format; others are no beats
_LEADS = {"i", "ii", "iii", "avr", "avl", "avf", "mli", "mlii", "mliii", "cm5", "cs"}
_LEADS |= {f"v{n}" for n in range(1, 10)}


def is_wfdb(file: Path) -> bool:
    """Whether the name is that of a record or its annotations, with the header beside it."""
    suffix = file.suffix.lower()
    return suffix == ".hea" or (suffix in (*_RECORD, *ANNOTATIONS) and file.with_suffix(".hea").is_file())


def kind_of(file: Path) -> str:
    """`beats` for annotations, else `ecg`."""
    return "beats" if file.suffix.lower() in ANNOTATIONS else "ecg"


def read(file: Path, zero_s: float | None) -> Iterator[Input]:
    """The record's ECG and respiration, or its beats. InputFileError where it cannot be read."""
    try:
        import wfdb  # an extra, and only needed here
    except ImportError:
        raise InputFileError("needs_extra", file=file, what="WFDB", extra="wfdb") from None
    try:
        if kind_of(file) == "beats":
            marks = wfdb.rdann(str(file.with_suffix("")), file.suffix[1:])
            rate_hz = marks.fs or wfdb.rdheader(str(file.with_suffix(""))).fs
            samples = [s for s, code in zip(marks.sample, marks.symbol, strict=True) if code in _BEATS]
        else:
            record = wfdb.rdrecord(str(file.with_suffix("")))
    except Exception as problem:  # whatever a foreign file does to the library
        raise InputFileError("not_wfdb", file=file, problem=problem) from None
    if kind_of(file) == "beats":
        beats = [(number, sample / rate_hz) for number, sample in enumerate(samples, 1)]
        yield from between(Table(file, (), ()), beats, zero_s)
        return
    yield from _record(file, record)


def _record(file: Path, record: Any) -> Iterator[Input]:
    chosen: dict[str, int] = {}
    for index, name in enumerate(record.sig_name):
        lower = name.lower()
        if (
            "ecg" in lower
            or "ekg" in lower
            or lower in _LEADS
            or (lower[:1] == "v" and lower[1:].isdigit())
        ):
            chosen.setdefault("ecg", index)
        elif "resp" in lower:
            chosen.setdefault("resp", index)
    if "ecg" not in chosen:
        raise InputFileError("no_ecg", file=file, labels=", ".join(record.sig_name))
    channels = [_pieces(name, record, index) for name, index in chosen.items()]
    yield from heapq.merge(*channels, key=lambda event: event.time)


def _pieces(name: str, record: Any, index: int) -> Iterator[Samples]:
    """The channel; where the record says that nothing was measured there is a gap."""
    values, rate_hz = record.p_signal[:, index], float(record.fs)
    there = np.concatenate(([False], np.isfinite(values), [False])).astype(int)
    edges = np.flatnonzero(np.diff(there)).tolist()
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        yield from chunks(name, rate_hz, record.units[index], values[start:end].tolist(), start / rate_hz)
