"""What the practitioner's window shows, as plain values: no Qt, no clock, nothing that draws.

A part of `ScreenModel`, which feeds it with all that the client's window hears. What a person said of
themselves stands apart (`told`): it is shown as it was told, and nothing here is made of it.
"""

from collections import deque

from breathsync.events import (
    Beat,
    BreathWave,
    CheckedIn,
    Event,
    Flaw,
    Marked,
    Noted,
    RsaCycle,
    Sealed,
    StepStarted,
)
from breathsync.screen.practitioner.measures import Measures, Row
from breathsync.screen.practitioner.rhythm import RhythmNow
from breathsync.screen.practitioner.steps import Steps
from breathsync.wording import text

LOOK_BACK_S = 90.0
_KEPT_S = LOOK_BACK_S + 10.0
_MOST_BREATHS, _MOST_MARKS = 12_000, 500  # eight hours of quick breath


class PractitionerModel:
    """Follows a session for whoever accompanies it."""

    def __init__(self) -> None:
        self.steps, self.measures, self.rhythm = Steps(), Measures(), RhythmNow()
        self.swings: deque[tuple[float, float]] = deque(maxlen=_MOST_BREATHS)  # end of a breath, beats/min
        self.doubtful: deque[float] = deque()  # times of marked beats
        self.breath: deque[tuple[float, float | None]] = deque()  # time, height from its middle
        self.breath_direction_known = False
        self.marks: deque[tuple[float, str]] = deque(maxlen=_MOST_MARKS)  # time, words
        self.told: CheckedIn | None = None

    def push(self, at: float, event: Event) -> None:
        """Take in what became known at `at`."""
        self.steps.push(event)
        self.measures.push(at, event)
        match event:
            case Beat():
                self._beat(event)
            case RsaCycle(time, swing, clean=True) if swing is not None:
                if not self.steps.hidden(time):
                    self.swings.append((time, swing))
            case BreathWave():
                self._draw_breath(event)
            case StepStarted():
                if self.steps.unmeasured:
                    self.rhythm.begin_anew()
            case Marked(time, label):
                self.marks.append((time, label))
            case Noted(time) | Sealed(time):  # its words stay with who wrote them
                self.marks.append((time, text("practitioner.a_note")))
            case CheckedIn():
                self.told = event

    def rows(self, now: float) -> tuple[Row, ...]:
        """The table of measures."""
        steps = self.steps
        return self.measures.rows(now, rest_since=steps.rest_since, unmeasured=steps.unmeasured)

    def _beat(self, beat: Beat) -> None:
        if not self.steps.hidden(beat.time):
            self.rhythm.push(beat)
        if beat.flaw not in (Flaw.NONE, Flaw.GAP, Flaw.DUPLICATE):
            self.doubtful.append(beat.time)
            while self.doubtful[0] < beat.time - _KEPT_S:
                self.doubtful.popleft()

    def _draw_breath(self, wave: BreathWave) -> None:
        self.breath_direction_known = wave.direction_known
        first = wave.time - wave.interval_s * (len(wave.heights) - 1)
        self.breath.extend((first + k * wave.interval_s, height) for k, height in enumerate(wave.heights))
        while self.breath and self.breath[0][0] < wave.time - _KEPT_S:
            self.breath.popleft()
