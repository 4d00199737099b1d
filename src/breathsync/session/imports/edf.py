"""EDF and EDF+: ECG, acceleration and respiration; of our own exports the beats as well, gaps as gaps."""

import heapq
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from breathsync.devices.simulator import SOURCE
from breathsync.errors import InputFileError
from breathsync.events import Input, RrIntervals, Samples, Stamp
from breathsync.session.imports.samples import chunks

BEAT = "beat rr_ms="
NO_DATA = "no data: "
"""What our own EDF+ files say of beats, and of samples that stand in for missing ones."""

_LABELS = {"ecg": ("ecg", "ekg"), "resp": ("resp", "breath", "thor", "abd", "chest")}


def is_edf(file: Path) -> bool:
    """Whether a file begins as EDF, EDF+ does."""
    try:
        with file.open("rb") as handle:
            return handle.read(8) == b"0       "
    except OSError:
        return False


def read(file: Path) -> Iterator[Input]:
    """What is in the file, in order of time. InputFileError where there is no ECG and no beats."""
    try:
        import edfio  # an extra, and only needed here
    except ImportError:
        raise InputFileError("needs_edf", file=file) from None
    try:
        edf = edfio.read_edf(file)
        signals, notes = list(edf.signals), list(edf.annotations)
        channels = list(_channels(signals, notes))
    except Exception as problem:  # whatever a foreign file does to the library
        raise InputFileError("not_edf", file=file, problem=problem) from None
    beats = [note for note in notes if note.text.startswith(BEAT)]
    if not channels and not beats:
        raise InputFileError("no_ecg", file=file, labels=", ".join(signal.label for signal in signals))
    yield from heapq.merge(*channels, _beats(file, beats), key=lambda event: event.time)


def _beats(file: Path, notes: list[Any]) -> Iterator[RrIntervals]:
    for note in notes:
        try:
            rr = float(note.text.removeprefix(BEAT).split()[0])
        except (ValueError, IndexError):
            raise InputFileError("not_edf", file=file, problem=note.text) from None
        yield RrIntervals(round(note.onset, 6), SOURCE, (rr,), Stamp.BEAT)


def _channels(signals: list[Any], notes: list[Any]) -> Iterator[Iterator[Samples]]:
    found = {name: _labelled(signals, words) for name, words in _LABELS.items()}
    if found["ecg"] is None and len(signals) == 1 and signals[0].label.lower() != "guide":
        found["ecg"] = signals[0]
    for name, signal in found.items():
        if signal is not None:
            yield _pieces(name, signal, signal.data.tolist(), notes)
    axes = [_labelled(signals, (f"acc {letter}",)) for letter in "xyz"]
    if all(axis is not None and axis.physical_dimension for axis in axes):
        triples = list(zip(*(axis.data.tolist() for axis in axes), strict=True))
        yield _pieces("acc", axes[0], triples, notes)


def _pieces(name: str, signal: Any, values: list[Any], notes: list[Any]) -> Iterator[Samples]:
    """The channel without what only stands in for missing samples."""
    rate_hz, unit = float(signal.sampling_frequency), signal.physical_dimension or "mV"
    holes = sorted(
        (round(n.onset * rate_hz), round((n.onset + n.duration) * rate_hz))
        for n in notes
        if n.text == NO_DATA + signal.label and n.duration
    )
    start = 0
    for begins, ends in [*holes, (len(values), len(values))]:
        if begins > start:
            yield from chunks(name, rate_hz, unit, values[start:begins], start / rate_hz)
        start = max(start, ends)


def _labelled(signals: list[Any], words: tuple[str, ...]) -> Any:
    for signal in signals:
        if any(word in signal.label.lower() for word in words):
            return signal
    return None
