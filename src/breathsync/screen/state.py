"""What the screen shows, as plain values: no Qt, no clock, nothing that draws.

`ScreenModel` takes inputs and derived events as they come; `at(now)` says how things stand at a moment.
Widgets and the terminal view show that and nothing else.
"""

from collections import deque
from typing import Any

from breathsync.breath.pacer import Pacer, PacerPosition
from breathsync.events import (
    Beat,
    BeatHeard,
    BreathEstimate,
    BreathPart,
    BreathSource,
    CueShown,
    Event,
    Flaw,
    GuideShown,
    Marked,
    Noted,
    PaceChanged,
    Paused,
    RecordingAtRisk,
    RecordingStopped,
    RsaCycle,
    Sealed,
    SignalChanged,
    SignalState,
    Softened,
    SoundChanged,
    StepStarted,
    StrapStatus,
    SwingMean,
    Synchrony,
)
from breathsync.heart.artifacts import MarkerSettings
from breathsync.screen.practitioner.model import LOOK_BACK_S, PractitionerModel
from breathsync.screen.rhythm_state import RhythmModel
from breathsync.screen.shown import Motion, ScreenState
from breathsync.screen.strap_state import StrapModel
from breathsync.screen.visible import Visible
from breathsync.wording import clock_words as clock_words
from breathsync.wording import text, text_or_own

STALE_S = 5.0
SAID_S = 4.0
WORDS_FADE_AFTER_BREATHS = 6
TRACE_S = LOOK_BACK_S + 10.0
SWING_S = 300.0
SWING_FRESH_S = 45.0
_CLOSE_TURNS = 0.12
_OPPOSITE_TURNS = 0.35
_STEADY = 0.75
_TOLD = 0.7  # a breathing rate is shown if it is that likely to be within 1/min
_KEPT = ("kept", "slower", "quicker")
_DRAWN = MarkerSettings()


class ScreenModel:
    """Follows a session for whoever draws it."""

    def __init__(self) -> None:
        self.pacer = Pacer()
        self.rhythm = RhythmModel()
        self.practitioner = PractitionerModel()
        self.trace: deque[tuple[float, float]] = deque()  # time of a beat, its rate in bpm
        self.swings: deque[tuple[float, float]] = deque()  # end of a breath, its swing in bpm
        self.guide_version = 0  # changes with the guide's path
        self.trace_version = 0  # changes with the trace
        self._heard: deque[tuple[float, float]] = deque(maxlen=5)
        self._pace: PaceChanged | None = None
        self._step: StepStarted | None = None
        self._cue = ""
        self._visible = Visible()
        self._sound = "off"
        self._ever_heard = False
        self._shown: deque[tuple[float, bool]] = deque(maxlen=40)
        self._said: tuple[float, str] | None = None
        self._notice = ""
        self._guide_began_breath: int | None = None
        self._natural = False
        self._softened = False
        self._paused = False
        self._heard_s = float("-inf")
        self._swing: SwingMean | None = None
        self._synchrony: Synchrony | None = None
        self._breath: BreathEstimate | None = None
        self._signal = SignalState.RESTING
        self._strap = StrapModel()
        self._marks: deque[float] = deque(maxlen=200)

    def push(self, at: float, event: Event) -> None:
        """Take in what became known at `at`."""
        self.rhythm.push(event)
        self.practitioner.push(at, event)
        self._strap.push(event)
        self._visible.push(event)
        self._ever_heard = self._ever_heard or isinstance(event, StrapStatus)
        match event:
            case BeatHeard(time, rr_ms):
                self._hear(at, time, rr_ms)
            case Beat(time, rr_ms, flaw) if flaw not in (Flaw.NONE, Flaw.GAP) and rr_ms:
                self._forget(time, 60000 / rr_ms)
            case PaceChanged():
                self.pacer.change(event)
                self._pace = event
                self.guide_version += 1
            case GuideShown(time, shown, reason):
                self._show_guide(time, shown, reason)
            case SoundChanged(sound=sound):
                self._sound = sound
            case StepStarted():
                self._step = event
            case CueShown(words=words):
                self._cue = words
            case Softened(softened=softened):
                self._softened = softened
            case Paused(paused=paused):
                self._paused = paused
            case RsaCycle(time, swing, _, clean):
                self._add_swing(time, swing if clean else None)
            case SwingMean():
                self._swing = event
            case Synchrony():
                self._synchrony = event
            case BreathEstimate(settled=True):
                self._breath = event
            case SignalChanged(state=state):
                self._signal = state
            case Marked(time):
                self._marks.append(time)
                self._said = (time, "window.marked")
            case Noted(time) | Sealed(time):
                self._marks.append(time)
                self._said = (time, "window.noted")
            case RecordingStopped():
                self._notice = "window.recording_ended"
            case RecordingAtRisk(code=code):
                self._notice = f"window.{code}"

    def motion(self, now: float) -> Motion:
        """What moves, at `now`."""
        return Motion(**self._moving(now))

    def _moving(self, now: float) -> dict[str, Any]:
        guide = self.pacer.at(now)
        return {
            "now": now,
            "guide": guide,
            "guide_visible": self._visible.guide.at(now),
            "words_visible": self._words_visible(guide),
            "cue": text_or_own(self._cue) if self._cue else "",
            "cue_visible": self._visible.cue(now),
            "numbers_visible": self._visible.numbers.at(now),
            "heart_visible": self._visible.heart.at(now),
            "heard": self._ever_heard,
            "lag_turns": self._steady_lag(now),
            "marks": tuple(self._marks),
        }

    def at(self, now: float) -> ScreenState:
        """How things stand at `now`."""
        step, swing = self._step, self._recent_swing(now)
        return ScreenState(
            **self._moving(now),
            title=text_or_own(step.practice) if step else text("app.name"),
            step=_step_words(step),
            target_per_min=60 / self._pace.until_period_s
            if self._pace and self._pace.until_period_s
            else None,
            numbers_wanted=self._visible.numbers_wanted,
            sound=self._sound,
            kept=self._pace is not None and self._pace.reason in _KEPT,
            natural=self._natural,
            softened=self._softened,
            paused=self._paused,
            heart_rate_bpm=self._heart_rate(now),
            breaths_per_min=self._breath_rate(now),
            breath_seen=self._breath is not None and self._breath.source is not BreathSource.RR,
            swing_bpm=swing.swing_bpm if swing else None,
            swing_error_bpm=swing.standard_error_bpm if swing else None,
            together=self._together(now),
            signal=self._signal,
            strap=self._strap.at(now, self._signal),
            said=self._said_at(now),
        )

    def _said_at(self, now: float) -> str:
        """What was just done; else what is to be known of the recording."""
        if self._said and now - self._said[0] < SAID_S:
            return text(self._said[1])
        return text(self._notice) if self._notice else ""

    @property
    def step_kind(self) -> str:
        """The kind of the step that is on; empty before the first."""
        return self._step.step_kind if self._step else ""

    def fullness(self, time: float) -> float | None:
        """The guide's fullness at `time`, past or to come; `None` where nobody saw or will see it."""
        position = self.pacer.at(time)
        return position.fullness if position and self._was_shown(time) else None

    def _was_shown(self, time: float) -> bool:
        shown = False
        for since, became in self._shown:
            if since > time:
                break
            shown = became
        return shown

    # --- what events change ---

    def _hear(self, at: float, time: float, rr_ms: float) -> None:
        self._heard_s = at
        self._ever_heard = True
        self._heard.append((time, rr_ms))
        after_all = not self.trace or time > self.trace[-1][0]
        if not (after_all and _DRAWN.lowest_ms <= rr_ms <= _DRAWN.highest_ms):
            return  # an interval that spans missing data is no heart rate
        self.trace.append((time, 60000 / rr_ms))
        self.trace_version += 1
        while self.trace[0][0] < time - TRACE_S:
            self.trace.popleft()

    def _forget(self, time: float, rate: float) -> None:
        """A doubtful beat is not drawn. It was heard with the same interval, near the same time."""
        self.trace_version += 1
        self.trace = deque(p for p in self.trace if abs(p[0] - time) > 1.5 or p[1] != rate)

    def _show_guide(self, time: float, shown: bool, reason: str | None) -> None:
        self._shown.append((time, shown))
        self.guide_version += 1
        self._natural = not shown and reason == "natural"
        if shown:
            position = self.pacer.at(time)
            if self._guide_began_breath is None and position is not None:
                self._guide_began_breath = position.breath

    def _add_swing(self, time: float, swing: float | None) -> None:
        if swing is not None:
            self.swings.append((time, swing))
        while self.swings and self.swings[0][0] < time - SWING_S:
            self.swings.popleft()

    # --- what is said ---

    def _recent_swing(self, now: float) -> SwingMean | None:
        """The mean swing, while it is fresh and the signal is there."""
        fresh = self._swing is not None and now - self._swing.time < SWING_FRESH_S
        return self._swing if fresh and self._heart_rate(now) is not None else None

    def _breath_rate(self, now: float) -> float | None:
        """The settled one: ten seconds old, and twice as often sure enough to be shown."""
        breath = self._breath
        if breath is None or breath.confidence < _TOLD or self._heart_rate(now) is None:
            return None
        return breath.breaths_per_min

    def _fresh_synchrony(self, now: float) -> Synchrony | None:
        """It is said while the guide is followed: what was said long ago is over."""
        sync = self._synchrony
        seen = sync is not None and now - sync.time < SWING_FRESH_S and self._visible.guide.end
        return sync if seen else None

    def _steady_lag(self, now: float) -> float | None:
        sync = self._fresh_synchrony(now)
        if sync is None or (sync.steadiness or 0.0) < _STEADY:
            return None
        return sync.lag_turns

    def _heart_rate(self, now: float) -> int | None:
        if now - self._heard_s > STALE_S or not self._heard:
            return None
        return round(60000 * len(self._heard) / sum(rr for _, rr in self._heard))

    def _words_visible(self, guide: PacerPosition | None) -> float:
        """In and out are said for some breaths, then they fade."""
        if guide is None or self._guide_began_breath is None:
            return 0.0
        breaths = guide.turns - self._guide_began_breath
        return min(1.0, max(0.0, WORDS_FADE_AFTER_BREATHS + 1 - breaths))

    def _together(self, now: float) -> str:
        sync = self._fresh_synchrony(now)
        if sync is None:
            return text("window.together_soon" if self._ever_heard else "window.needs_strap")
        if sync.lag_turns is None or sync.steadiness is None:
            return text("window.together_unknown_delay")
        if sync.steadiness < _STEADY:
            return text("window.together_mixed")
        lag = sync.lag_turns
        if abs(lag) < _CLOSE_TURNS:
            return text("window.together_close")
        if abs(lag) > _OPPOSITE_TURNS:
            return text("window.together_other_time")
        return text("window.together_later" if lag > 0 else "window.together_sooner")


def _step_words(step: StepStarted | None) -> str:
    if step is None:
        return ""
    return text("window.step_of", title=text_or_own(step.title), step=step.step, steps=step.steps)


def part_word(part: BreathPart) -> str:
    """The word for a part of the breath."""
    return text(f"part.{part.value}")
