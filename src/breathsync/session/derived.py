"""Everything that follows from a recording, kept as columns: for reports, history and review.

One full-speed replay fills a table for each kind of event; a table is a column of numbers or codes for
each field of that event. Derived only from inputs, so whoever replays gets the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from breathsync import events
from breathsync.events import Event, Input
from breathsync.session.pipeline import pipeline
from breathsync.session.sitting import Sitting

KEPT: tuple[type[Event], ...] = (
    events.Beat,
    events.PacerStep,
    events.RsaCycle,
    events.SwingMean,
    events.Synchrony,
    events.HrvMetrics,
    events.RhythmMatch,
    events.SignalQuality,
    events.SignalChanged,
    events.StrapKnown,
    events.BreathEstimate,
)
"""What is kept: everything that is drawn or told afterwards, never samples or words of anybody.

Of the two breath estimates of each second only the settled one is.
"""

Columns = Mapping[str, NDArray[Any]]
E = TypeVar("E", bound=Event)


class Derived:
    """Tables by event. Unknown numbers are NaN, unknown codes are empty."""

    def __init__(self, tables: Mapping[str, Columns]) -> None:
        self.tables = tables

    def columns(self, cls: type[Event]) -> Columns:
        """The table of an event, its columns empty where there was none."""
        return self.tables[cls.__name__]

    def events(self, cls: type[E]) -> list[E]:
        """The same as events."""
        columns = [self.columns(cls)[f.name].tolist() for f in fields(cls)]
        readers = [_reader(cls, f.name) for f in fields(cls)]
        return [
            cls(*(read(v) for read, v in zip(readers, row, strict=True)))
            for row in zip(*columns, strict=True)
        ]


class DerivedKeeper:
    """A listener that keeps what passes."""

    def __init__(self) -> None:
        self._kept: dict[type[Event], list[Event]] = {cls: [] for cls in KEPT}

    def __call__(self, _at: float, event: Event) -> None:
        """Keep the event, if it is one of those."""
        kept = self._kept.get(type(event))
        if kept is not None and not (isinstance(event, events.BreathEstimate) and not event.settled):
            kept.append(event)

    def derived(self) -> Derived:
        """The tables so far."""
        return Derived({cls.__name__: _columns(cls, found) for cls, found in self._kept.items()})


def derive(inputs: Iterable[Input], profiles_folder: Path | None = None) -> Derived:
    """Replay inputs at full speed and keep what follows."""
    keeper = DerivedKeeper()
    sitting = Sitting(pipeline(profiles_folder), [keeper])
    for event in inputs:
        sitting.push(event)
    return keeper.derived()


def _columns(cls: type[Event], found: list[Event]) -> Columns:
    return {f.name: _column(cls, f.name, [getattr(e, f.name) for e in found]) for f in fields(cls)}


def _column(cls: type[Event], name: str, values: list[Any]) -> NDArray[Any]:
    kind, _ = _kind(cls, name)
    if kind in (float, int, bool):
        return np.array([np.nan if v is None else v for v in values], dtype=float)
    return np.array(["" if v is None else getattr(v, "value", v) for v in values], dtype=str)


def _kind(cls: type[Event], name: str) -> tuple[type, bool]:
    """What a field holds, and whether it may be unknown."""
    hint = get_type_hints(cls)[name]
    if get_origin(hint) is UnionType:
        return next(h for h in get_args(hint) if h is not NoneType), True
    return hint, False


def _reader(cls: type[Event], name: str) -> Any:
    kind, optional = _kind(cls, name)

    def read(value: Any) -> Any:
        if optional and (value == "" or value != value):
            return None
        return kind(value)

    return kind if not optional and issubclass(kind, Enum | bool | int) else read
