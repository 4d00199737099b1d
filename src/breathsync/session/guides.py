"""A guide to replay a recording against: one pace, a file of paces, or another recording's guide."""

from pathlib import Path

from breathsync.breath.patterns import checked_rate
from breathsync.errors import InputFileError, RecordingError, UsageError
from breathsync.events import GuideShown, Input, PaceChanged
from breathsync.session.imports.table import read_table
from breathsync.session.replay import RecordingReader

_COLUMNS = ("time_s", "breaths_per_min")


def guide_from(text: str) -> list[Input]:
    """The guide for `--guide`: breaths a minute, a CSV of times and paces, or a recording."""
    try:
        rate = float(text)
    except ValueError:
        return _from_file(Path(text))
    return _at([(0.0, checked_rate(rate, target=False))])


def _from_file(file: Path) -> list[Input]:
    if not file.is_file():
        raise UsageError("guide", text=file)
    try:
        events = RecordingReader(file).inputs()
        return [event for event in events if isinstance(event, PaceChanged | GuideShown)]
    except RecordingError as problem:
        if problem.code != "not_a_recording":
            raise
    table = read_table(file)
    for name in _COLUMNS:
        if name not in table.header:
            raise InputFileError("no_column", file=file, wanted=name, found=", ".join(table.header))
    times, rates = (table.numbers(name) for name in _COLUMNS)
    return _at([(t, checked_rate(r, target=False)) for (_, t), (_, r) in zip(times, rates, strict=True)])


def _at(paces: list[tuple[float, float]]) -> list[Input]:
    changes: list[Input] = [PaceChanged(time, period_s=60 / rate) for time, rate in sorted(paces)]
    return [changes[0], GuideShown(changes[0].time, shown=True), *changes[1:]]
