"""Takes out of a recording who it is of: what is left names the kind of strap, and time since the start.

Only what is known to be harmless passes; whatever is new passes nothing until somebody has looked at it.

* no wall-clock time, no code name, no details of where it came from
* a strap's name and address become its model; the bytes that straps send of themselves (serial number,
  system id) do not pass
* a strap's own clock counts from the first frame: with it, somebody could tell the date
* a person's or practitioner's own words (notes, marks, titles, cues) do not pass
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import replace

from breathsync.devices import heart_rate, polar, polar_messages
from breathsync.devices.about import BATTERY_LEVEL
from breathsync.devices.profiles import Profile, profile_named
from breathsync.events import (
    CueShown,
    GuideShown,
    Input,
    Marked,
    Notification,
    NumbersShown,
    PaceChanged,
    Paused,
    RrIntervals,
    Samples,
    SessionEnded,
    Softened,
    SoundChanged,
    StepStarted,
    StrapStatus,
    StreamStatus,
)
from breathsync.session.recording import Header
from breathsync.wording import known

_PASS = frozenset({heart_rate.CHARACTERISTIC, BATTERY_LEVEL, polar.DATA, polar_messages.CONTROL})
_AS_IT_IS = (PaceChanged, GuideShown, NumbersShown, SoundChanged, Softened, Paused, SessionEnded)
_FIRST_NS = 100_000_000_000  # of the strap's clock: some way after zero, which means "none"
_CLOCK_WAS_SET_NS = 3_600_000_000_000
_STAMP = struct.Struct("<Q")


def deidentified_header(header: Header) -> Header:
    """A header that says only what made the recording."""
    return Header(made_by=header.maker, program=header.program, details={"deidentified": True})


def deidentified_inputs(inputs: Iterable[Input], profiles: tuple[Profile, ...]) -> Iterator[Input]:
    """The inputs that may pass, each without what could name somebody."""
    cleaner = _Cleaner(profiles)
    for event in inputs:
        cleaned = cleaner.cleaned(event)
        if cleaned is not None:
            yield cleaned


class _Cleaner:
    """Remembers which strap is which, and where its clock began."""

    def __init__(self, profiles: tuple[Profile, ...]) -> None:
        self._profiles = profiles
        self._sources: dict[str, str] = {}
        self._clocks: dict[str, _ShiftedClock] = {}

    def cleaned(self, event: Input) -> Input | None:
        match event:
            case StrapStatus(source=source, name=name):
                model = profile_named(name, self._profiles).name if name else None
                return replace(event, source=self._source(source), name=model, reason=None)
            case Notification(characteristic=kind):
                return self._notification(event) if kind in _PASS else None
            case StreamStatus(source=source):
                return replace(event, source=self._source(source), reason=None)
            case RrIntervals(source=source) | Samples(source=source):
                return replace(event, source=self._source(source))
            case StepStarted(practice=practice, title=title):
                titled = title if known(title) else ""
                return replace(event, practice=practice if titled else "", title=titled)
            case CueShown(words=words):
                return event if known(words) else None
            case Marked():
                return replace(event, label="")
        return event if isinstance(event, _AS_IT_IS) else None

    def _notification(self, event: Notification) -> Notification:
        payload = event.payload
        if event.characteristic == polar.DATA and len(payload) >= 1 + _STAMP.size:
            clock = self._clocks.setdefault(event.source, _ShiftedClock())
            shifted = clock.shifted(_STAMP.unpack_from(payload, 1)[0])
            payload = payload[:1] + _STAMP.pack(shifted) + payload[1 + _STAMP.size :]
        return replace(event, source=self._source(event.source), payload=payload)

    def _source(self, source: str) -> str:
        number = len(self._sources) + 1
        return self._sources.setdefault(source, "strap" if number == 1 else f"strap-{number}")


class _ShiftedClock:
    """A strap's clock with another zero. Where it was set during the session it just runs on."""

    def __init__(self) -> None:
        self._zero_ns: int | None = None
        self._last_ns = 0

    def shifted(self, stamp_ns: int) -> int:
        if not stamp_ns:
            return 0
        if self._zero_ns is None:
            self._zero_ns = stamp_ns - _FIRST_NS
        elif abs(stamp_ns - self._zero_ns - self._last_ns) > _CLOCK_WAS_SET_NS:
            self._zero_ns = stamp_ns - self._last_ns - _CLOCK_WAS_SET_NS
        self._last_ns = max(1, stamp_ns - self._zero_ns)
        return self._last_ns
