"""The vocabulary of straps: how they stand, what they say of themselves. Import it from `events.py`."""

from dataclasses import dataclass
from enum import StrEnum

from breathsync.event_kinds import Event, Input

# --- Inputs ------------------------------------------------------------------------------------------


class StrapState(StrEnum):
    """How a strap stands to us."""

    SEARCHING = "searching"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    LOST = "lost"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class StrapStatus(Input):
    """A strap's connection changed. `name` is what the strap calls itself, `reason` a code."""

    source: str
    state: StrapState
    name: str | None = None
    reason: str | None = None


# --- Decoded -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StrapKnown(Event):
    """Which profile a strap goes by. `rr_latency_s` is heartbeat to arrival; `None` is unknown."""

    source: str
    profile: str
    rr_latency_s: float | None


@dataclass(frozen=True, slots=True)
class BatteryLevel(Event):
    """The strap's battery, 0-100."""

    source: str
    percent: int


@dataclass(frozen=True, slots=True)
class DeviceInformation(Event):
    """What a strap says of its make: `subject` is `manufacturer`, `model` or `firmware`."""

    source: str
    subject: str
    words: str


@dataclass(frozen=True, slots=True)
class BodyLocation(Event):
    """Where a strap says that it is worn: `chest`, `wrist`, `finger`, `hand`, `ear`, `foot` or `other`."""

    source: str
    place: str


@dataclass(frozen=True, slots=True)
class StrapNotice(Event):
    """Something about what a strap sends that its wearer should know: a code, said once a session."""

    source: str
    code: str
