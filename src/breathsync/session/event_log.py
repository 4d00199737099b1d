"""Writes derived events: one JSON object a line, for other tools to build on.

    {"event":"Beat","at":12.250000,"time":7.812500,"rr_ms":834.960938,"flaw":"NONE","source":"rr"}

`at` is the session time when it was known, `time` the moment that it speaks about. Every number is
rounded to six decimals, times are written with all six; unknown is null. Lines come in order of `at`.
"""

import json
from collections.abc import Callable, Collection
from dataclasses import fields
from enum import Enum
from functools import lru_cache
from typing import Any, TextIO

from breathsync import events
from breathsync.events import Event, Input, Tick

DERIVED: dict[str, type[Event]] = {
    name: value
    for name, value in vars(events).items()
    if isinstance(value, type)
    and issubclass(value, Event)
    and not issubclass(value, Input)
    and value not in (Event, Tick)
}

SHOWN: dict[str, type[Event]] = {
    cls.__name__: cls
    for cls in (
        events.StrapStatus,
        events.StepStarted,
        events.CueShown,
        events.PaceChanged,
        events.GuideShown,
        events.NumbersShown,
        events.SoundChanged,
        events.Softened,
        events.Paused,
        events.Marked,
        events.CheckedIn,
    )
}
"""Inputs that are written where they are asked for by name: what the person saw and did, never a note."""


class EventLog:
    """A listener that writes what it hears from session time `since` on, flushed once a session second."""

    def __init__(
        self, out: TextIO, only: Collection[str] = (), since: float = 0.0, person: str | None = None
    ) -> None:
        self._out = out
        known = DERIVED | SHOWN
        self._writers = {known[n]: _writer(known[n], person) for n in (only or DERIVED)}
        self._since = since
        self._second = 0

    def __call__(self, at: float, event: Event) -> None:
        """Write the event, if it is one of those asked for."""
        write = self._writers.get(type(event))
        if write is None or at < self._since:
            return
        if int(at) != self._second:
            self._second = int(at)
            self._out.flush()
        self._out.write(write(at, event))


def _writer(cls: type[Event], person: str | None) -> Callable[[float, Event], str]:
    """How an event of this class becomes a line: decided once, as it is done very often."""
    names = [f.name for f in fields(cls)[1:]]
    owner = f'"person":{json.dumps(person, ensure_ascii=False)},' if person else ""
    start = f'{{{owner}"event":"{cls.__name__}","at":'
    keys = [f',"{name}":' for name in names]

    def write(at: float, event: Event) -> str:
        values = "".join([k + _value(getattr(event, n)) for k, n in zip(keys, names, strict=True)])
        return f'{start}{at:.6f},"time":{event.time:.6f}{values}}}\n'

    return write


def _value(value: Any) -> str:
    if isinstance(value, float):
        return repr(round(value, 6) + 0.0)  # + 0.0: there is no minus nought
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, tuple):
        return "[" + ",".join([_value(v) for v in value]) + "]"
    return _word(value.value if isinstance(value, Enum) else value)


@lru_cache(maxsize=256)  # the same few names, thousands of times
def _word(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
