"""What views show, as plain values: how things move from frame to frame, and all that is said. No Qt."""

from dataclasses import dataclass

from breathsync.breath.pacer import PacerPosition
from breathsync.events import SignalState
from breathsync.screen.strap_state import StrapLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Motion:
    """What moves: asked for with every frame, where words are not."""

    now: float
    guide: PacerPosition | None
    guide_visible: float
    words_visible: float
    cue: str
    cue_visible: float
    numbers_visible: float
    heart_visible: float
    heard: bool
    lag_turns: float | None
    marks: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenState(Motion):
    """Everything that a view shows at one moment. `None` is shown as a dash."""

    title: str
    step: str
    target_per_min: float | None
    numbers_wanted: bool
    sound: str
    kept: bool
    natural: bool
    softened: bool
    paused: bool
    heart_rate_bpm: int | None
    breaths_per_min: float | None  # measured; of the heart's rhythm alone where `breath_seen` is not
    breath_seen: bool
    swing_bpm: float | None
    swing_error_bpm: float | None
    together: str
    signal: SignalState
    strap: StrapLine
    said: str
