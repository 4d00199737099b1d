"""The one vocabulary: everything that flows from a strap to the screen.

Every event is frozen. `time` is in seconds since the session began: the moment that the event speaks
about. Units stand in the field names; what is unknown is `None`.

An `Input` is something that happened to the session from outside: bytes from a strap, a key that was
pressed, the guide that was shown. Inputs are recorded. Every other event but `Tick` is derived from
inputs and is computed anew whenever a recording is replayed.
"""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Event:
    """Something at a moment of the session."""

    time: float


@dataclass(frozen=True, slots=True)
class Input(Event):
    """Something from outside: recorded, and given back by a replay."""


@dataclass(frozen=True, slots=True)
class Tick(Event):
    """Session time has come this far. Ticks stand on a fixed grid of four a second."""


# --- Inputs from straps and imported files -----------------------------------------------------------


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


# --- Inputs from the guide and the person ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PaceChanged(Input):
    """From `time` on the guide breathes like this, going on from where it is in the breath.

    One breath lasts `period_s`; `inhale_share` of what remains without the rests is the in-breath.
    With `lengthen_s` each further breath is that much longer (or shorter, if negative) until it lasts
    `until_period_s`. A change replaces whatever was planned for later times. `anew` begins an in-breath
    at `time`, for a guide that was out of sight; `next_breath` waits until the breath that is on ends.
    """

    period_s: float
    inhale_share: float = 0.5
    rest_full_s: float = 0.0
    rest_empty_s: float = 0.0
    lengthen_s: float = 0.0
    until_period_s: float | None = None
    anew: bool = False
    next_breath: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class GuideShown(Input):
    """The guide came into sight (`shown`) or left it over `fade_s`; its breath goes on unseen."""

    shown: bool
    reason: str | None = None
    fade_s: float = 2.0


@dataclass(frozen=True, slots=True)
class StepStarted(Input):
    """A step of the practice began. `title` is a key of the wording or a practitioner's own words.

    `heart` and `numbers` say whether the heart's rhythm and numbers may be seen in it.
    """

    practice: str
    step: int
    steps: int
    step_kind: str
    title: str
    length_s: float | None = None
    heart: bool = True
    numbers: bool = True


@dataclass(frozen=True, slots=True)
class CueShown(Input):
    """Words for the person appeared: a key of the wording or a practitioner's own words.

    With `lasts_s` they fade after that long.
    """

    words: str
    lasts_s: float | None = None


@dataclass(frozen=True, slots=True)
class NumbersShown(Input):
    """The person turned numbers on or off. Without it they are seen."""

    shown: bool


@dataclass(frozen=True, slots=True)
class SoundChanged(Input):
    """From now on the guide sounds like this: `off`, `tone` or `breath`. Without it there is no sound."""

    sound: str


@dataclass(frozen=True, slots=True)
class Softened(Input):
    """The person let everything go: guide, sound and numbers left (or came back)."""

    softened: bool = True


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
class Sealed(Input):
    """Words that somebody wrote, sealed: only a passphrase opens them (see `session/letterbox.py`).

    `what` is `note`, `letter` or `reflection`; `letterbox` is what sealed them, `box` the sealed words.
    """

    what: str
    letterbox: bytes
    box: bytes


@dataclass(frozen=True, slots=True)
class CheckedIn(Input):
    """What a person said of themselves, each 0 to 10, before or after; from no sensor ever.

    `wording` is the language and version of the words that they answered; `None` is not said.
    """

    moment: str
    wording: str
    threat: int | None = None
    drive: int | None = None
    soothing: int | None = None
    pleasure: int | None = None
    arousal: int | None = None


@dataclass(frozen=True, slots=True)
class PaceAsked(Input):
    """The person was asked how breathing at a pace felt."""

    breaths_per_min: float


class Comfort(StrEnum):
    """How a pace felt, in the person's own word."""

    EASY = "easy"
    BETWEEN = "between"
    EFFORT = "effort"


@dataclass(frozen=True, slots=True)
class PaceFelt(Input):
    """How the pace that was asked about felt; `None` is no answer."""

    breaths_per_min: float
    comfort: Comfort | None = None


@dataclass(frozen=True, slots=True)
class SessionEnded(Input):
    """Nothing more will come."""


# --- Decoded -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StrapKnown(Event):
    """Which profile a strap goes by. `rr_latency_s` is heartbeat to arrival; `None` is unknown."""

    source: str
    profile: str
    rr_latency_s: float | None


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


@dataclass(frozen=True, slots=True)
class RecordingStopped(Event):
    """The disk takes no more; the session goes on without being recorded. `why` is for the person."""

    why: str


@dataclass(frozen=True, slots=True)
class RecordingAtRisk(Event):
    """The recording goes on, and something about it should be known: `room_short` or `moved`.

    `why` is a sentence for the person.
    """

    code: str
    why: str


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
    """The shape of a heartbeat in the ECG, in microvolts and per second: what breathing modulates.

    `time` is that of its `BeatHeard` and `Beat`. Known half a second after the R peak, before the `Beat`.
    What each number is stands in `heart/ecg/waves.py`.
    """

    r_height: float
    s_depth: float
    up_slope: float
    down_slope: float
    qrs_mean: float
    t_range: float


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


class BreathSource(StrEnum):
    """What a breathing rate was read from."""

    RR = "rr"
    RR_ECG = "rr+ecg"
    RR_ACC = "rr+acc"
    RR_ECG_ACC = "rr+ecg+acc"


@dataclass(frozen=True, slots=True)
class BreathEstimate(Event):
    """The breathing rate about `time`: the mean over the 20 s around it.

    Every whole second there are two: one about now, and one about ten seconds ago, which is `settled`.
    `confidence` is the probability of being within 1/min of the truth. `breaths_per_min` is `None` where
    nothing can be told. With `source` `rr` it is the rhythm in the heart rate, which need not be breath.
    """

    breaths_per_min: float | None
    confidence: float
    source: BreathSource
    settled: bool


@dataclass(frozen=True, slots=True)
class InBreathEnd(Event):
    """The lungs were full at `time`; `confidence` is the probability that this is so within a second."""

    confidence: float


@dataclass(frozen=True, slots=True)
class BreathWave(Event):
    """The breath as the chest moved, evenly spaced, oldest first; `time` is the last one's.

    `heights` are shares of a usual breath from its middle: about -0.5 to 0.5, more if deep. Up is full
    where `direction_known`; else either end may be. `None` while the body moved or nothing can be told.
    """

    interval_s: float
    heights: tuple[float | None, ...]
    direction_known: bool


@dataclass(frozen=True, slots=True)
class GuideFollowed(Event):
    """The probability that the breath about `time` goes at the guide's pace (within 0.5/min)."""

    probability: float


@dataclass(frozen=True, slots=True)
class SwingByPace(Event):
    """What swings at several paces say about where the heart swings widest. Rates in breaths a minute.

    `low` to `high` holds it with a probability of about 80 %; `clear` is whether that may be said at all.
    `evidence` is the natural logarithm of how much better a peak explains the swings than none. The curve
    (`paces`, `swings_bpm`, `errors_bpm`) is its mean and standard error; `seen_*` are means of what was
    measured. A further minute at `next_per_min` is expected to tell most.
    """

    best_per_min: float
    low_per_min: float
    high_per_min: float
    clear: bool
    evidence: float
    observations: int
    next_per_min: float
    paces: tuple[float, ...]
    swings_bpm: tuple[float, ...]
    errors_bpm: tuple[float, ...]
    seen_paces: tuple[float, ...]
    seen_swings_bpm: tuple[float, ...]
