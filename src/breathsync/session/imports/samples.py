"""Sampled signals: ECG, acceleration and respiration, from CSV with a rate, or from EDF."""

import heapq
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from breathsync.devices.simulator import SOURCE
from breathsync.errors import InputFileError
from breathsync.events import Samples
from breathsync.session.imports.table import Table

ECG_COLUMNS = {"ecg_mv": "mV", "ecg_uv": "uV"}
ACC_COLUMNS = ("x_mg", "y_mg", "z_mg")
_CHUNK_S = 0.5


def read_ecg(table: Table, rate_hz: float) -> Iterator[Samples]:
    """ECG from the column `ecg_mv` or `ecg_uv`; session time starts with the first sample."""
    column = next((name for name in ECG_COLUMNS if name in table.header), None)
    if column is None:
        raise InputFileError("no_column", file=table.file, wanted="ecg_mv", found=", ".join(table.header))
    values = [value for _, value in table.numbers(column)]
    return chunks("ecg", rate_hz, ECG_COLUMNS[column], values)


def read_acc(table: Table, rate_hz: float) -> Iterator[Samples]:
    """Acceleration from the columns `x_mg`, `y_mg`, `z_mg`; session time starts with the first."""
    for name in ACC_COLUMNS:
        if name not in table.header:
            raise InputFileError("no_column", file=table.file, wanted=name, found=", ".join(table.header))
    axes = [[value for _, value in table.numbers(name)] for name in ACC_COLUMNS]
    if len({len(axis) for axis in axes}) > 1:
        raise InputFileError("columns_differ", file=table.file, column="z_mg")
    return chunks("acc", rate_hz, "mG", list(zip(*axes, strict=True)))


def chunks(channel: str, rate_hz: float, unit: str, values: Sequence[Any]) -> Iterator[Samples]:
    """Samples in pieces of half a second, each known when its last sample is."""
    size = max(1, round(rate_hz * _CHUNK_S))
    for start in range(0, len(values), size):
        piece = tuple(values[start : start + size])
        last_s = round((start + len(piece) - 1) / rate_hz, 6)
        yield Samples(last_s, SOURCE, channel, rate_hz, unit, piece)


def is_edf(file: Path) -> bool:
    """Whether a file begins as EDF, EDF+ does."""
    try:
        with file.open("rb") as handle:
            return handle.read(8) == b"0       "
    except OSError:
        return False


def read_edf(file: Path) -> Iterator[Samples]:
    """The ECG of an EDF or EDF+ file, and respiration where there is some."""
    try:
        import edfio  # an extra, and only needed here
    except ImportError:
        raise InputFileError("needs_edf", file=file) from None
    try:
        edf = edfio.read_edf(file)
        signals = {name: _edf_signal(edf, words) for name, words in _EDF_LABELS.items()}
        if signals["ecg"] is None and len(edf.signals) == 1:
            signals["ecg"] = edf.signals[0]
    except Exception as problem:  # whatever a foreign file does to the library
        raise InputFileError("not_edf", file=file, problem=problem) from None
    ecg = signals["ecg"]
    if ecg is None:
        labels = ", ".join(signal.label for signal in edf.signals)
        raise InputFileError("no_ecg", file=file, labels=labels)
    channels = [_edf_chunks(name, signal) for name, signal in signals.items() if signal is not None]
    yield from heapq.merge(*channels, key=lambda piece: piece.time)


def _edf_chunks(name: str, signal: Any) -> Iterator[Samples]:
    unit = signal.physical_dimension or "mV"
    return chunks(name, signal.sampling_frequency, unit, signal.data.tolist())


_EDF_LABELS = {"ecg": ("ecg", "ekg"), "resp": ("resp", "breath", "thor", "abd", "chest")}


def _edf_signal(edf: Any, words: tuple[str, ...]) -> Any:
    for signal in edf.signals:
        if any(word in signal.label.lower() for word in words):
            return signal
    return None
