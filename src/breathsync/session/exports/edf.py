"""EDF+: ECG, acceleration, respiration and the guide as signals; beats and happenings as annotations.

ECG and acceleration come back exactly: the values that were measured are written as the file's own
integers. EDF knows no holes: missing samples are held at the last value and covered by an annotation
`no data: LABEL`, and each signal begins with the file.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from math import floor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from breathsync.errors import OutputFileError
from breathsync.heart.hrv import FloatArray
from breathsync.session.exports.content import GUIDE_HZ, Content
from breathsync.session.exports.output import exact, new_file
from breathsync.session.exports.signals import Piece

NO_DATA = "no data: "
BEAT = "beat rr_ms="
LABELS = {"ecg": "ECG", "acc": "Acc", "resp": "Resp", "guide": "Guide"}
_LARGEST = 32767
_LONGEST_RECORD_S = 30
_SMALLEST_STEPS = (1.0, 0.5, 0.25, 0.1, 0.05, 0.025, 0.01, 0.005, 0.0025, 0.001)


_Note = tuple[float, float | None, str]


@dataclass(frozen=True, slots=True)
class _Channel:
    label: str
    unit: str
    rate_hz: float
    pieces: tuple[Piece, ...]


def write_edf(content: Content, file: Path) -> list[Path]:
    """One EDF+ file. OutputFileError where the small extra for it is not installed."""
    try:
        import edfio  # an extra, and only needed here
    except ImportError:
        raise OutputFileError("needs_edf", file=file) from None
    if not (content.heartbeats() or content.signals or content.guide.size):
        raise OutputFileError("nothing_to_export", file=file, to="edf")
    channels = list(_channels(content))
    record_s = _record_s([c.rate_hz for c in channels])
    records = max(1, -(-content.length_s // record_s))
    signals = [_signal(edfio, c, record_s, int(records)) for c in channels]
    said = _annotations(content, channels, records * record_s)
    notes = sorted(said, key=lambda note: (note[0], note[1] or 0.0, note[2]))
    edf = edfio.Edf(
        signals,
        recording=_recording(edfio, content),
        starttime=content.started_at.time().replace(microsecond=0) if content.started_at else None,
        data_record_duration=record_s,
        annotations=[edfio.EdfAnnotation(*note) for note in notes],
    )
    whole = io.BytesIO()
    edf.write(whole)
    with new_file(file) as out:
        out.write(whole.getbuffer())
    return [file]


def _recording(edfio: Any, content: Content) -> Any:
    date = content.started_at.date() if content.started_at else None
    equipment = (content.model or "X").replace(" ", "_")
    return edfio.Recording(startdate=date, equipment_code=equipment)


def _channels(content: Content) -> Iterator[_Channel]:
    for signal in content.signals:
        label = LABELS.get(signal.name, signal.name)[:14]
        if signal.name != "acc":
            yield _Channel(label, signal.unit, signal.rate_hz, signal.pieces)
            continue
        for axis, letter in enumerate("XYZ"):
            pieces = tuple(Piece(p.start_s, p.values[:, axis]) for p in signal.pieces)
            yield _Channel(f"{label} {letter}", signal.unit, signal.rate_hz, pieces)
    if content.guide.size or not content.signals:
        yield from _guide(content)  # a file needs a signal; where nobody saw a guide, it says "no data"


def _guide(content: Content) -> Iterator[_Channel]:
    shown = np.isfinite(content.guide)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], shown, [False])).astype(int)))
    spans = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    pieces = tuple(Piece(a / GUIDE_HZ, np.round(content.guide[a:b], 4)) for a, b in spans)
    yield _Channel(LABELS["guide"], "", GUIDE_HZ, pieces)


def _record_s(rates: list[float]) -> float:
    """The length of a data record in which every signal has a whole number of samples, nearly.

    A strap's rate is no round number: 129.96 Hz needs a record of 25 s for 3249 of them. What is left over
    stays below one part in a hundred thousand, which is less than a strap's crystal is off.
    """
    best, least = 1.0, float("inf")
    for seconds in range(1, _LONGEST_RECORD_S + 1):
        off = max((abs(round(r * seconds) / (r * seconds) - 1) for r in rates), default=0.0)
        if off < 0.5 * least:
            best, least = float(seconds), off
        if least < 1e-6:
            break
    return best


def _signal(edfio: Any, channel: _Channel, record_s: float, records: int) -> Any:
    count = max(1, round(channel.rate_hz * record_s))
    held = _held(channel, count * records, count / record_s)
    step, offset = _grid(held)
    digital = np.clip(np.rint((held - offset) / step), -_LARGEST, _LARGEST).astype(np.int16)
    low, high = int(digital.min()), int(digital.max())
    low, high = (low, high) if high > low else (low, low + 1)
    return edfio.EdfSignal.from_digital(
        digital,
        count / record_s,
        label=channel.label,
        physical_dimension=channel.unit.replace("µ", "u")[:8],
        physical_range=_range(low * step + offset, high * step + offset),
        digital_range=(low, high),
    )


def _held(channel: _Channel, size: int, rate_hz: float) -> FloatArray:
    """The samples from the file's beginning to its end; the last value is held where there are none."""
    values = np.full(size, channel.pieces[0].values[0] if channel.pieces else 0.0)
    for piece in channel.pieces:
        start = round(piece.start_s * rate_hz)
        row = piece.values[max(0, -start) : max(0, size - start)]
        if row.size:
            start = max(0, start)
            values[start : start + row.size] = row
            values[start + row.size :] = row[-1]
    return values


def _grid(values: FloatArray) -> tuple[float, float]:
    """The step and offset of the values' own grid, if 16 bits hold it; else the finest they do hold."""
    middle = 0.0 if np.abs(values).max() <= _LARGEST else float(np.rint((values.min() + values.max()) / 2))
    for step in _SMALLEST_STEPS:
        scaled = (values - middle) / step
        if np.abs(scaled).max() <= _LARGEST and np.abs(scaled - np.rint(scaled)).max() < 1e-6:
            return step, middle
    found = _own_grid(values)
    if found is not None:
        return found
    span = float(np.ptp(values)) or 1.0
    return span / (2 * _LARGEST - 1), float((values.min() + values.max()) / 2)


def _own_grid(values: FloatArray) -> tuple[float, float] | None:
    """The step of a signal that was digitised with another scale: its levels are multiples of it."""
    levels: NDArray[np.float64] = np.unique(values)
    if not 2 <= levels.size <= 2 * _LARGEST:
        return None
    gaps = np.diff(levels)
    smallest = float(gaps.min())
    multiples = gaps / smallest
    whole = np.rint(multiples).astype(np.int64)
    if np.abs(multiples - whole).max() > 1e-3 or whole.sum() > 2 * _LARGEST:
        return None
    steps = int(whole.sum())
    step = float(np.ptp(levels)) / steps
    return step, float(levels[0] + floor(steps / 2) * step)


def _range(low: float, high: float) -> tuple[float, float]:
    """Physical limits as the eight characters of an EDF header can hold them."""
    return float(_eight(low)), float(_eight(high))


def _eight(value: float) -> str:
    for digits in range(12, 0, -1):
        text = f"{value:.{digits}g}"
        if len(text) <= 8 and "e" not in text:
            return text
    return f"{value:.0f}"[:8]


def _annotations(
    content: Content, channels: list[_Channel], ends_s: float
) -> Iterator[tuple[float, float | None, str]]:
    for beat in content.heartbeats():
        yield max(0.0, round(beat.time, 6)), None, f"{BEAT}{exact(beat.rr_ms or 0.0)} {beat.flaw.value}"
    for event in content.happenings:
        words = f"{event.kind}: {event.words}" if event.words else event.kind
        yield max(0.0, event.time_s), None, " ".join(words.split())
    for channel in channels:
        covered = 0.0
        for piece in channel.pieces:
            if piece.start_s - covered > 0.5 / channel.rate_hz:
                yield round(covered, 6), round(piece.start_s - covered, 6), NO_DATA + channel.label
            covered = max(0.0, piece.start_s) + piece.values.shape[0] / channel.rate_hz
        if ends_s - covered > 0.5 / channel.rate_hz:
            yield round(covered, 6), round(ends_s - covered, 6), NO_DATA + channel.label
