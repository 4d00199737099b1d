"""The one vocabulary: everything that flows from a strap to the screen.

Every event is frozen. `time` is in seconds since the session began: the moment that the event speaks
about. Units stand in the field names; what is unknown is `None`.

Its roots stand in `event_kinds.py`, what belongs to straps in `strap_events.py`, to sampled signals in
`sample_events.py`; everybody imports all of them from here.

An `Input` is something that happened to the session from outside: bytes from a strap, a key that was
pressed, the guide that was shown. Inputs are recorded. Every other event but `Tick` is derived from
inputs and is computed anew whenever a recording is replayed.
"""

from dataclasses import dataclass
from enum import StrEnum

from breathsync.event_kinds import Event as Event
from breathsync.event_kinds import Input as Input
from breathsync.event_kinds import Tick as Tick
from breathsync.sample_events import AccSamples as AccSamples
from breathsync.sample_events import EcgSamples as EcgSamples
from breathsync.sample_events import FrameLeftOut as FrameLeftOut
from breathsync.sample_events import PulseIntervals as PulseIntervals
from breathsync.sample_events import Samples as Samples
from breathsync.sample_events import StreamState as StreamState
from breathsync.sample_events import StreamStatus as StreamStatus
from breathsync.strap_events import BatteryLevel as BatteryLevel
from breathsync.strap_events import BodyLocation as BodyLocation
from breathsync.strap_events import DeviceInformation as DeviceInformation
from breathsync.strap_events import StrapKnown as StrapKnown
from breathsync.strap_events import StrapNotice as StrapNotice
from breathsync.strap_events import StrapState as StrapState
from breathsync.strap_events import StrapStatus as StrapStatus

# --- Inputs from straps and imported files -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Notification(Input):
    """Bytes of one GATT notification; `time` is their arrival, `characteristic` e.g. `2a37`."""

    source: str
    characteristic: str
    payload: bytes


class Stamp(StrEnum):
    """What the time of an imported value means."""

    BEAT = "beat"  # the heartbeat itself
    ARRIVAL = "arrival"  # when the value reached a computer: the strap's delay is still in it


@dataclass(frozen=True, slots=True)
class RrIntervals(Input):
    """Imported RR intervals, oldest first; `time` belongs to the end of the last one."""

    source: str
    rr_ms: tuple[float, ...]
    stamp: Stamp


# --- Inputs from the guide and the person ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PaceChanged(Input):
    """From `time` on the guide breathes like this, going on from where it is in the breath.

    One breath lasts `period_s`; `inhale_share` of what remains without the rests is the in-breath.
    With `lengthen_s` each further breath is that much longer (or shorter, if negative) until it lasts
    `until_period_s`. A change replaces whatever was planned for later times. `anew` begins an in-breath
    at `time`, for a guide that was out of sight.
    """

    period_s: float
    inhale_share: float = 0.5
    rest_full_s: float = 0.0
    rest_empty_s: float = 0.0
    lengthen_s: float = 0.0
    until_period_s: float | None = None
    anew: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class GuideShown(Input):
    """The guide came into sight (`shown`) or left it; its breath goes on unseen."""

    shown: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class StepStarted(Input):
    """A step of the practice began. `title` is a key of the wording or a practitioner's own words."""

    practice: str
    step: int
    steps: int
    step_kind: str
    title: str
    length_s: float | None = None


@dataclass(frozen=True, slots=True)
class CueShown(Input):
    """Words for the person appeared: a key of the wording or a practitioner's own words."""

    words: str


@dataclass(frozen=True, slots=True)
class Softened(Input):
    """The person let everything go: guide, sound and numbers left."""


@dataclass(frozen=True, slots=True)
class Paused(Input):
    """The session was put on hold (`paused`) or taken up again."""

    paused: bool


@dataclass(frozen=True, slots=True)
class Marked(Input):
    """The person or the practitioner marked this moment."""

    label: str = ""


@dataclass(frozen=True, slots=True)
class Noted(Input):
    """Words that somebody wrote down, in their own words."""

    words: str


@dataclass(frozen=True, slots=True)
class SessionEnded(Input):
    """Nothing more will come."""


# --- Decoded -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HeartRateMeasurement(Event):
    """One 0x2A37 value. `contact` is `None` where the strap cannot tell; RR are oldest first."""

    source: str
    heart_rate_bpm: int | None
    contact: bool | None
    energy_kj: int | None
    rr_ms: tuple[float, ...]
    problem: str | None = None
    repeats: bool = False  # the same bytes as the notification before it


@dataclass(frozen=True, slots=True)
class RecordingStopped(Event):
    """The disk takes no more; the session goes on without being recorded. `why` is for the person."""

    why: str


# --- Heart -------------------------------------------------------------------------------------------


class Flaw(StrEnum):
    """Why a beat does not count as an NN interval. Its value is never changed."""

    NONE = "NONE"
    SHORT = "SHORT"  # came early: most often a premature beat
    LONG = "LONG"  # the pause after an early beat
    MISSED = "MISSED"  # spans a heartbeat that was not seen
    EXTRA = "EXTRA"  # one interval cut in two by something that was no heartbeat
    RANGE = "RANGE"  # no heart does this at rest or in practice
    GAP = "GAP"  # the first one after data is missing
    DUPLICATE = "DUPLICATE"  # the same notification, delivered again


@dataclass(frozen=True, slots=True)
class BeatHeard(Event):
    """A heartbeat as soon as it is known; `rr_ms` is the interval that it ends."""

    rr_ms: float
    source: str


@dataclass(frozen=True, slots=True)
class Beat(Event):
    """A heartbeat, once and final. Without flaw its `rr_ms` is an NN interval.

    `rr_ms` is `None` where nothing is known of the interval that it ends (`GAP`, from ECG). `source` is
    `rr` or `ecg`: the stream that was chosen.
    """

    rr_ms: float | None
    flaw: Flaw
    source: str


@dataclass(frozen=True, slots=True)
class BeatAlternative(Event):
    """The same as a `Beat`, from the stream that was not chosen."""

    rr_ms: float | None
    flaw: Flaw
    source: str


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


class SignalState(StrEnum):
    """The signal in three neutral words."""

    STEADY = "steady"
    PATCHY = "patchy"
    RESTING = "resting"


@dataclass(frozen=True, slots=True)
class SignalChanged(Event):
    """The signal's state changed."""

    state: SignalState


@dataclass(frozen=True, slots=True)
class SignalQuality(Event):
    """How much of the last `window_s` can be used, and why variability is withheld, if it is."""

    window_s: int
    usable_share: float
    variability_withheld: bool
    reason: str | None


@dataclass(frozen=True, slots=True)
class HrvMetrics(Event):
    """Measures over the NN intervals of the last `window_s`; `None` where they cannot be said.

    `withheld` says why something is `None`.
    """

    window_s: int
    beats: int
    heart_rate_bpm: float | None
    rmssd_ms: float | None
    sdnn_ms: float | None
    pnn50: float | None
    withheld: str | None


@dataclass(frozen=True, slots=True)
class RsaCycle(Event):
    """One breath's swing of the heart rate, peak to trough; `time` is the end of that breath."""

    swing_bpm: float | None
    breaths_per_min: float
    clean: bool


@dataclass(frozen=True, slots=True)
class SwingMean(Event):
    """Mean swing of the last six clean breaths, with its standard error."""

    swing_bpm: float
    standard_error_bpm: float
    breaths: int


@dataclass(frozen=True, slots=True)
class RhythmMatch(Event):
    """The share, 0 to 1, of the heart's rhythm that lies at the guide's pace over the last `window_s`.

    `None` where it cannot be said; `withheld` says why.
    """

    window_s: int
    match: float | None
    withheld: str | None


@dataclass(frozen=True, slots=True)
class Synchrony(Event):
    """How the heart stands to the guide over the last breaths.

    `lag_turns` is how much later than the end of the in-breath the heart rate is highest, in breaths
    (-0.5 to 0.5); `None` where the strap's delay is not known. `steadiness` runs from 0 to 1: the mean
    resultant length of that lag over the last breaths.
    """

    lag_turns: float | None
    steadiness: float | None


# --- Breath ------------------------------------------------------------------------------------------


class BreathPart(StrEnum):
    """The four parts of a guided breath."""

    IN = "in"
    FULL = "full"
    OUT = "out"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class PacerStep(Event):
    """The guide entered a part of a breath that lasts `lasts_s` if nothing changes."""

    breath: int
    part: BreathPart
    lasts_s: float
    breaths_per_min: float
