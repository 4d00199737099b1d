"""What the review shows, as plain values: a recording, the piece of it in view, a moment in it. No Qt."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from breathsync.events import (
    Beat,
    Event,
    Flaw,
    HrvMetrics,
    Input,
    Marked,
    Noted,
    PacerStep,
    RsaCycle,
    Sealed,
    SignalQuality,
    SwingMean,
)
from breathsync.heart.hrv import FloatArray
from breathsync.session.derived import Derived
from breathsync.session.overview import heart_at_a_glance
from breathsync.session.recorder import add_later
from breathsync.session.recording import Header
from breathsync.session.replay import RecordingReader
from breathsync.session.report import curves
from breathsync.session.report.findings import StepFound, step_found
from breathsync.session.story import Span, Story, story_of
from breathsync.session.told import letterbox_of, sealed
from breathsync.wording import text

LEAST_VIEW_S = 5.0
_FRESH_S = 45.0
_RATE_BEATS = 5
_MANY = 2000


@dataclass(frozen=True, slots=True)
class View:
    """From when to when is looked at."""

    start: float
    end: float

    @property
    def lasts(self) -> float:
        """Its length in seconds."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Reading:
    """What can be said of a moment; `None` is shown as a dash, `withheld` says why."""

    step: Span | None
    unmeasured: bool
    heart_rate_bpm: float | None
    swing_bpm: float | None
    swing_error_bpm: float | None
    guide_per_min: float | None
    rmssd_ms: float | None
    sdnn_ms: float | None
    usable_share: float | None
    withheld: str | None


_NOTHING = (None,) * 7


class ReviewModel:
    """One recording. Before it is `derived` there is its heart rate at a glance."""

    def __init__(
        self, file: Path, derived: Derived | None = None, words_folder: Path | None = None
    ) -> None:
        self._words_folder = words_folder or file.parent
        reader = RecordingReader(file)
        inputs = list(reader.without_streams())
        self.file: Path = file
        self.header: Header = reader.header
        self.story: Story = story_of(inputs, reader.last_s, ended=reader.ended, later=reader.later())
        self.derived: Derived | None = None
        self.length_s = max(LEAST_VIEW_S, self.story.length_s)
        self.view = View(0.0, self.length_s)
        self.cursor = 0.0
        self.version = 0  # changes with what is drawn, whatever the view
        self.times: FloatArray = np.empty(0)
        self.rates: FloatArray = np.empty(0)
        self.doubtful: FloatArray = np.empty(0)
        if derived is not None:
            self.take(derived)
            return
        self.times, self.rates = heart_at_a_glance(inputs)
        self._hide_unmeasured()

    @property
    def title(self) -> str:
        """What was practised."""
        return self.story.practice or "report.title"

    def take(self, derived: Derived) -> None:
        """Show what was derived instead of the first look."""
        self.derived = derived
        self.times, self.rates = curves.rates(derived.columns(Beat))
        beats = derived.columns(Beat)
        self.doubtful = beats["time"][(beats["flaw"] != Flaw.NONE.value)]
        self._hide_unmeasured()

    # --- moving ---

    def look(self, start: float, end: float) -> None:
        """Look at a piece, kept within the session."""
        lasts = min(max(end - start, LEAST_VIEW_S), self.length_s)
        start = min(max(0.0, start), self.length_s - lasts)
        self.view = View(start, start + lasts)

    def zoom(self, factor: float, around: float | None = None) -> None:
        """Look closer (`factor` below 1) or from further away, `around` staying where it is."""
        view = self.view
        fixed = self.cursor if around is None else around
        fixed = min(max(fixed, view.start), view.end)
        lasts = min(max(view.lasts * factor, LEAST_VIEW_S), self.length_s)
        start = fixed - (fixed - view.start) / view.lasts * lasts
        self.look(start, start + lasts)

    def move(self, seconds: float) -> None:
        """Let the view go on by so many seconds."""
        self.look(self.view.start + seconds, self.view.end + seconds)

    def point(self, moment: float) -> None:
        """Put the cursor somewhere; the view follows where it has to."""
        self.cursor = min(max(0.0, moment), self.length_s)
        if not self.view.start <= self.cursor <= self.view.end:
            self.look(self.cursor - self.view.lasts / 2, self.cursor + self.view.lasts / 2)

    def neighbouring_step(self, direction: int) -> float:
        """Where the step before or after the cursor begins."""
        edges = [0.0, *(s.start_s for s in self.story.steps), self.length_s]
        if direction > 0:
            return min((e for e in edges if e > self.cursor + 0.01), default=self.length_s)
        return max((e for e in edges if e < self.cursor - 0.01), default=0.0)

    # --- reading ---

    def reading(self) -> Reading:
        """What can be said of the cursor's moment."""
        step = self.story.step_at(self.cursor)
        if step is not None and step.unmeasured:
            return Reading(step, True, *_NOTHING, None)
        swing, error = self._swing()
        rmssd, sdnn, withheld = self._variability()
        return Reading(
            step,
            False,
            self._heart_rate(),
            swing,
            error,
            self._guide(),
            rmssd,
            sdnn,
            self._usable(),
            withheld,
        )

    def found_of(self, place: int) -> StepFound | None:
        """What was found of a step, once the recording is derived."""
        return step_found(self.story.steps[place], self.story, self.derived) if self.derived else None

    def _heart_rate(self) -> float | None:
        place = int(np.searchsorted(self.times, self.cursor, side="right"))
        near = slice(max(0, place - _RATE_BEATS), place)
        recent = self.rates[near][self.times[near] > self.cursor - 10]
        known = recent[~np.isnan(recent)]
        return float(len(known) / np.sum(1 / known)) if known.size else None

    def _last(self, cls: type[Event], name: str) -> float | None:
        if self.derived is None:
            return None
        table = self.derived.columns(cls)
        place = int(np.searchsorted(table["time"], self.cursor, side="right")) - 1
        if place < 0 or self.cursor - table["time"][place] > _FRESH_S:
            return None
        return float(table[name][place])

    def _swing(self) -> tuple[float | None, float | None]:
        return self._last(SwingMean, "swing_bpm"), self._last(SwingMean, "standard_error_bpm")

    def _guide(self) -> float | None:
        return self._last(PacerStep, "breaths_per_min") if self.story.was_guided(self.cursor) else None

    def _usable(self) -> float | None:
        return self._last(SignalQuality, "usable_share")

    def _variability(self) -> tuple[float | None, float | None, str | None]:
        """RMSSD and SDNN of the minute before the cursor, or why they are withheld."""
        if self.derived is None:
            return None, None, None
        table = self.derived.columns(HrvMetrics)
        rows = np.flatnonzero((table["window_s"] == 60) & (table["time"] <= self.cursor + 0.01))
        if rows.size == 0 or self.cursor - table["time"][rows[-1]] > _FRESH_S:
            return None, None, None
        row = rows[-1]
        values = [
            None if np.isnan(table[n][row]) else float(table[n][row]) for n in ("rmssd_ms", "sdnn_ms")
        ]
        return values[0], values[1], str(table["withheld"][row]) or None

    # --- what is drawn ---

    def visible_rates(self, view: View, most: int) -> list[tuple[FloatArray, FloatArray]]:
        """The heart rate within a view, in unbroken pieces of at most about so many points together."""
        low, high = np.searchsorted(self.times, (view.start - 3, view.end + 3))
        times, rates = curves.thinned(self.times[low:high], self.rates[low:high], most)
        return curves.pieces(times, rates)

    def rate_range(self, view: View) -> tuple[float, float]:
        """The lowest and highest heart rate of a view, with some air."""
        low, high = np.searchsorted(self.times, (view.start, view.end))
        known = self.rates[low:high]
        known = known[~np.isnan(known)]
        if known.size == 0:
            return 50.0, 90.0
        if known.size > _MANY:  # a few odd intervals of a night do not flatten all the others
            least, most = np.percentile(known, (0.1, 99.9)).tolist()
        else:
            least, most = float(known.min()), float(known.max())
        air = max(4.0, 0.08 * (most - least))
        return least - air, most + air

    def visible_swings(self, view: View) -> tuple[FloatArray, FloatArray]:
        """Ends of clean guided breaths within a view, and their swings."""
        if self.derived is None:
            return np.empty(0), np.empty(0)
        table = self.derived.columns(RsaCycle)
        inside = (table["time"] >= view.start) & (table["time"] <= view.end) & (table["clean"] > 0)
        return table["time"][inside], table["swing_bpm"][inside]

    def noted(self) -> list[tuple[float, str]]:
        """Marks and notes in order; a mark without words has none, sealed words stay sealed."""
        story = self.story
        own = [(m.time, m.label) for m in story.marks] + [(n.time, n.words) for n in story.notes]
        return sorted(own + [(s.time, text("report.sealed")) for s in story.sealed], key=lambda p: p[0])

    # --- adding ---

    def mark(self) -> None:
        """Mark the cursor's moment. OutputFileError where the recording cannot be added to."""
        self._add(Marked(round(self.cursor, 3)))

    def note(self, words: str) -> None:
        """Write words down at the cursor's moment, sealed where a passphrase was set. Else as `mark`."""
        event = Noted(round(self.cursor, 3), words)
        self._add(sealed(event, letterbox_of(self._words_folder), self.header))

    def _add(self, event: Input) -> None:
        add_later(self.file, event)
        if isinstance(event, Marked):
            self.story.marks.append(event)
        elif isinstance(event, Noted):
            self.story.notes.append(event)
        elif isinstance(event, Sealed):
            self.story.sealed.append(event)
        self.version += 1

    def _hide_unmeasured(self) -> None:
        """Nothing of imagery or writing is shown."""
        self.rates = self.rates.copy()
        for span in self.story.steps:
            if span.unmeasured:
                self.rates[(self.times >= span.start_s) & (self.times < span.end_s)] = np.nan
        self.version += 1
