"""The recording format: JSON Lines, inputs only. One line <-> one input; no file is touched here.

The first line is the header, then one input a line in order of time, then a line that ends it:

    {"breathsync":"recording","format":1,"program":"0.1.0","started_at":"2026-11-22T10:00:00+01:00",...}
    {"t":0.0,"kind":"strap","source":"strap","state":"connected","name":"Polar H10 12345678"}
    {"t":0.989,"kind":"notification","source":"strap","characteristic":"2a37","payload":"EEt5Aw=="}
    {"t":600.0,"kind":"end"}

`t` is the input's session time in seconds, in which it entered the session; fields without a value are
left out. Results are never stored: a replay derives them anew.

Marks and notes that somebody adds to a finished recording stand behind its end, with `later`:

    {"t":312.5,"kind":"note","words":"shoulders dropped","later":true}
"""

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import MISSING, asdict, dataclass, field, fields
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from breathsync import events
from breathsync.errors import RecordingError

FORMAT = 1
_HUGE = 1e15  # no time or value of ours comes near; also keeps infinity and NaN out
LONGEST_PAUSE_S = 48 * 3600.0

KINDS: dict[str, type[events.Input]] = {
    "strap": events.StrapStatus,
    "notification": events.Notification,
    "stream": events.StreamStatus,
    "rr": events.RrIntervals,
    "samples": events.Samples,
    "pace": events.PaceChanged,
    "guide": events.GuideShown,
    "step": events.StepStarted,
    "cue": events.CueShown,
    "numbers": events.NumbersShown,
    "sound": events.SoundChanged,
    "softened": events.Softened,
    "paused": events.Paused,
    "mark": events.Marked,
    "note": events.Noted,
    "sealed": events.Sealed,
    "checkin": events.CheckedIn,
    "pace_asked": events.PaceAsked,
    "pace_felt": events.PaceFelt,
    "end": events.SessionEnded,
}
_KIND_OF = {cls: kind for kind, cls in KINDS.items()}
_scan = json.JSONDecoder().raw_decode


class DamagedLineError(ValueError):
    """A line that cannot be read; its argument is a code for why."""


@dataclass(frozen=True, slots=True)
class Header:
    """What stands once at the beginning. `made_by` is `live`, `import` or `simulator`."""

    started_at: str | None = None
    made_by: str = "live"
    code_name: str | None = None
    program: str | None = None
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def maker(self) -> str:
        """Who made it: `made_by`, but the simulator also where its person was led like a real one."""
        return "simulator" if "scenario" in self.details else self.made_by

    @property
    def simulated(self) -> bool:
        """Whether its person, or its heart, is simulated: this is nobody's practice."""
        return self.maker == "simulator"

    def origin(self) -> dict[str, Any]:
        """What marks a session with the same heart; nothing for a real one."""
        return {name: self.details.get(name, "") for name in ("scenario", "seed")} if self.simulated else {}


def identity(header: Header) -> str:
    """What tells this session from every other: sealed words are bound to it."""
    return str(header.details.get("session") or header.started_at or "")


def header_line(header: Header) -> str:
    """The first line of a recording, without its line end."""
    values = {key: value for key, value in asdict(header).items() if value not in (None, {})}
    return _dump({"breathsync": "recording", "format": FORMAT, **values})


def parse_header(line: bytes) -> Header:
    """The header in a recording's first line. RecordingError if this is no recording of ours."""
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        raise RecordingError("not_a_recording") from None
    if not isinstance(values, dict) or values.get("breathsync") != "recording":
        raise RecordingError("not_a_recording")
    if not isinstance(values.get("format"), int) or values["format"] > FORMAT:
        raise RecordingError("newer_format", found=values.get("format"), known=FORMAT)
    known = {f.name for f in fields(Header)}
    kept = {key: value for key, value in values.items() if key in known and isinstance(value, str)}
    details = values.get("details")
    return Header(**kept, details=details if isinstance(details, dict) else {})


def line(event: events.Input, *, later: bool = False) -> str:
    """One input as a line, without its line end; `later` marks what was added afterwards."""
    values: dict[str, Any] = {"t": round(event.time, 6), "kind": _KIND_OF[type(event)]}
    for f in fields(event)[1:]:
        value = getattr(event, f.name)
        if value != f.default or f.default is MISSING:
            values[f.name] = base64.b64encode(value).decode() if isinstance(value, bytes) else value
    return _dump({**values, "later": True} if later else values)


def is_later_line(text: bytes) -> bool:
    """Whether a line was added afterwards: seen without reading it, as quotes within words are escaped."""
    return b',"later":true}' in text


def is_stream_line(text: bytes) -> bool:
    """Whether a line holds samples, or a frame that is no heart rate: seen without reading it."""
    head = text[:200]
    return b'"kind":"samples"' in head or (b'"kind":"notification"' in head and b'"2a37"' not in head)


def parse_line(text: bytes) -> events.Input:
    """The input in a line. DamagedLineError says why there is none."""
    values = _object(text)
    kind = values.get("kind")
    cls = KINDS.get(kind) if isinstance(kind, str) else None
    if cls is None:
        raise DamagedLineError("unknown_kind")
    time = _number(values.get("t"))
    try:
        return cls(time, **{name: read(values[name]) for name, read in _READERS[cls] if name in values})
    except (TypeError, ValueError) as problem:
        raise DamagedLineError("wrong_field") from problem


def _object(text: bytes) -> dict[str, Any]:
    """The JSON object of a line: `json.loads` without its guess of an encoding, as a day has many lines."""
    try:
        words = text.decode("utf-8", "surrogatepass").strip(" \t\r\n")
        values, end = _scan(words)
    except (ValueError, RecursionError):
        raise DamagedLineError("not_json") from None
    if end < len(words) or not isinstance(values, dict):
        raise DamagedLineError("not_json")
    return values


def _dump(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


# --- How a field is read back, by its type ---


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _HUGE:
        raise DamagedLineError("wrong_field")
    return float(value)


def _exactly(kind: type) -> Callable[[object], Any]:
    def read(value: object) -> Any:
        if type(value) is not kind:
            raise DamagedLineError("wrong_field")
        return value

    return read


def _bytes(value: object) -> bytes:
    if not isinstance(value, str):
        raise DamagedLineError("wrong_field")
    return binascii.a2b_base64(value, strict_mode=True)


def _numbers(value: object) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise DamagedLineError("wrong_field")
    return tuple(_numbers(v) if isinstance(v, list) else _number(v) for v in value)


def _reader(hint: Any) -> Callable[[Any], Any]:
    if get_origin(hint) in (Union, UnionType):
        hint = next(h for h in get_args(hint) if h is not NoneType)
    if get_origin(hint) is tuple:
        return _numbers
    if hint is float:
        return _number
    if hint is bytes:
        return _bytes
    if hint in (int, str, bool):
        return _exactly(hint)
    return hint  # type: ignore[no-any-return]  # an enumeration reads its own values


_READERS = {
    cls: [(name, _reader(hint)) for name, hint in get_type_hints(cls).items() if name != "time"]
    for cls in KINDS.values()
}
