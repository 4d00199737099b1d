"""The vocabulary of sampled signals: ECG, acceleration and their streams. Import it from `events.py`."""

from dataclasses import dataclass
from enum import StrEnum

from breathsync.event_kinds import Event, Input

# --- Inputs ------------------------------------------------------------------------------------------


class StreamState(StrEnum):
    """How a stream that was asked of a strap (ECG, acceleration) stands."""

    STARTING = "starting"  # asked for
    WAITING = "waiting"  # the strap said yes; the first data may take half a minute
    STREAMING = "streaming"
    STOPPED = "stopped"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class StreamStatus(Input):
    """A stream of a strap changed its state; `stream` is e.g. `ecg`, `reason` a code."""

    source: str
    stream: str
    state: StreamState
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Samples(Input):
    """Imported samples of one channel; `time` is the last one's.

    `values` are numbers, or for acceleration triples (x, y, z). Channels are `ecg`, `acc`, `resp`.
    """

    source: str
    channel: str
    rate_hz: float
    unit: str
    values: tuple[float, ...] | tuple[tuple[float, float, float], ...]


# --- Decoded -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EcgSamples(Event):
    """Samples of one ECG lead in a row, oldest first; `time` is the last one's.

    `strap_s` is the same moment by the strap's own clock, which counts from a zero of its own: differences
    of it are exact, also over a gap, while `time` follows the least late arrivals: a frame may overlap the
    one before by some milliseconds, at the beginning of a stream by more. `interval_s` is the time from
    sample to sample by the strap's clock. `after_gap`: samples are missing before these, or they are the
    first.
    """

    source: str
    strap_s: float
    interval_s: float
    microvolts: tuple[float, ...]
    after_gap: bool = False


@dataclass(frozen=True, slots=True)
class AccSamples(Event):
    """Samples of acceleration in a row, as `EcgSamples`; each is x, y, z, gravity included."""

    source: str
    strap_s: float
    interval_s: float
    milli_g: tuple[tuple[float, float, float], ...]
    after_gap: bool = False


@dataclass(frozen=True, slots=True)
class PulseIntervals(Event):
    """Intervals between pulses from a light sensor, oldest first, without times of their own.

    `error_ms` is the sensor's own estimate; `usable` is False where it saw movement or no skin.
    """

    source: str
    interval_ms: tuple[float, ...]
    error_ms: tuple[float, ...]
    usable: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class FrameLeftOut(Event):
    """Samples that cannot be used; `problem` is a code. The stream goes on."""

    source: str
    measurement: str | None
    problem: str


# --- Heard in the ECG --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class QrsShape(Event):
    """The shape of a heartbeat in the ECG, in microvolts and seconds: what breathing modulates.

    `time` is the R peak. Known when the next beat is, or half a second later.
    """

    r_height: float
    s_depth: float
    up_slope: float
    down_slope: float
    area: float
    t_height: float


@dataclass(frozen=True, slots=True)
class EcgSignal(Event):
    """How far the ECG of the last seconds can be trusted: 0 (none to be seen) to 1."""

    quality: float
