"""A folder of CSV tables: intervals, beats, signals, what happened. Times are session seconds.

Every table opens with pandas.read_csv and without anything told; an empty field is what is not known.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from breathsync.events import Beat
from breathsync.session.exports.content import GUIDE_HZ, Content
from breathsync.session.exports.output import exact, new_file
from breathsync.session.exports.signals import Signal

VALUE_COLUMNS = {"ecg": ("ecg_uv",), "acc": ("x_mg", "y_mg", "z_mg")}
_ROWS_AT_ONCE = 4096


def write_tables(content: Content, folder: Path) -> list[Path]:
    """`rr.csv` always, the others where there is something to write."""
    files = [_table(folder / "rr.csv", ("beat_time_s", "rr_ms", "flaw"), map(_interval, content.intervals))]
    if any(beat.source == "ecg" for beat in content.beats):
        columns = ("beat_time_s", "rr_ms", "flaw", "source")
        beats = ((*_interval(beat), beat.source) for beat in content.beats)
        files.append(_table(folder / "beats.csv", columns, beats))
    for signal in content.signals:
        named = VALUE_COLUMNS.get(signal.name, (f"{signal.name}_{signal.unit}",))
        files.append(_table(folder / f"{signal.name}.csv", ("time_s", *named), samples(signal)))
    if content.guide.size:
        guide = ((exact(i / GUIDE_HZ), _number(v)) for i, v in enumerate(content.guide.tolist()))
        files.append(_table(folder / "guide.csv", ("time_s", "fullness"), guide))
    events = ((_time(e.time_s), e.kind, e.words) for e in content.happenings)
    files.append(_table(folder / "events.csv", ("time_s", "kind", "words"), events))
    return files


def samples(signal: Signal) -> Iterator[tuple[str, ...]]:
    """Time and values of each sample, as text; nothing stands where samples are missing."""
    for piece in signal.pieces:
        times = piece.start_s + np.arange(len(piece.values)) / signal.rate_hz
        rows = piece.values.reshape(len(piece.values), -1).tolist()
        for time, row in zip(times.tolist(), rows, strict=True):
            yield (_time(time), *map(exact, row))


def _interval(beat: Beat) -> tuple[str, str, str]:
    return _time(beat.time), "" if beat.rr_ms is None else exact(beat.rr_ms), beat.flaw.value


def _time(seconds: float) -> str:
    return f"{seconds:.6f}"


def _number(value: float) -> str:
    return "" if value != value else f"{value:.6g}"  # nan is not equal to itself


def _table(file: Path, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> Path:
    with new_file(file) as out:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns)
        for number, row in enumerate(rows, 1):
            writer.writerow(row)
            if number % _ROWS_AT_ONCE == 0:
                _flush(text, out)
        _flush(text, out)
    return file


def _flush(text: io.StringIO, out: BinaryIO) -> None:
    out.write(text.getvalue().encode())
    text.seek(0)
    text.truncate()
