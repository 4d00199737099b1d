"""Writes derived events: one JSON object a line, for other tools to build on.

    {"event":"Beat","at":12.250000,"time":7.812500,"rr_ms":834.960938,"flaw":"NONE","source":"rr"}

`at` is the session time when it was known, `time` the moment that it speaks about. Every number is
rounded to six decimals, times are written with all six; unknown is null. Lines come in order of `at`,
and of `time` within one class.
"""

import json
from collections.abc import Callable, Collection
from dataclasses import fields
from functools import lru_cache
from operator import attrgetter
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
        self._flush_s = 1

    def __call__(self, at: float, event: Event) -> None:
        """Write the event, if it is one of those asked for."""
        if at >= self._flush_s:  # whatever is heard: what is asked for may be rare
            self._flush_s = int(at) + 1
            self._out.flush()
        write = self._writers.get(type(event))
        if write is not None and at >= self._since:
            self._out.write(write(at, event))


def _writer(cls: type[Event], person: str | None) -> Callable[[float, Event], str]:
    """How an event of this class becomes a line: decided once, as it is done very often."""
    names = [f.name for f in fields(cls)[1:]]
    owner = f'"person":{json.dumps(person, ensure_ascii=False)},'.replace("%", "%%") if person else ""
    rest = "".join(f',"{name}":%s' for name in names)
    line = f'{{{owner}"event":"{cls.__name__}","at":%.6f,"time":%.6f{rest}}}\n'
    values = attrgetter("time", *names)

    def write(at: float, event: Event) -> str:
        time, *others = values(event)
        told = [_number(v) if type(v) is float else _spell(v) for v in others]  # most are numbers
        return line % (at, time, *told)

    return write


def _number(value: float) -> str:
    return repr(round(value, 6) + 0.0)  # + 0.0: there is no minus nought


def _several(values: tuple[Any, ...]) -> str:
    return "[" + ",".join([_spell(v) for v in values]) + "]"


def _spell(value: Any) -> str:
    return _SPELL.get(type(value), _number)(value)  # numpy's numbers have no row in the table


@lru_cache(maxsize=256)  # the same few names, thousands of times
def _word(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


_WORDS = [kind for kind in vars(events).values() if isinstance(kind, type) and issubclass(kind, str)]
_SPELL: dict[type, Callable[[Any], str]] = {
    float: _number,
    int: str,
    bool: lambda value: "true" if value else "false",
    type(None): lambda _: "null",
    tuple: _several,
    **dict.fromkeys([str, *_WORDS], _word),
}
