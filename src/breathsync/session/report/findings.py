"""What a recording holds for its report: stretches, steps, swing, marks of beats. Values, no words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from pathlib import Path

import numpy as np

from breathsync.devices.profiles import GENERIC, load_all
from breathsync.events import (
    Beat,
    BreathEstimate,
    BreathPart,
    BreathSource,
    Flaw,
    PacerStep,
    RsaCycle,
    StrapKnown,
)
from breathsync.heart.analysis import Analysis, analyse
from breathsync.heart.gate import Gate
from breathsync.heart.hrv import FloatArray
from breathsync.heart.window import BeatWindow
from breathsync.session.derived import Derived, derive
from breathsync.session.recording import Header
from breathsync.session.replay import Damage, RecordingReader
from breathsync.session.story import REST_KINDS, Span, Story, story_of

LEAST_STRETCH_S = 30.0
LEAST_BREATHS = 6
_SAME_PACE = 0.1  # breaths/min
_EDGE_S = 0.05
SURE = 0.7  # what the practice window asks of a breath, too
_LEAST_TOLD, _LEAST_SHARE = 10, 0.25
_LEAST_FOR_HEART_RATE_S = 10.0

Paces = tuple[float, float]
"""The slowest and the quickest, in breaths a minute."""


@dataclass(frozen=True, slots=True)
class SwingFound:
    """Mean swing of so many clean guided breaths, its standard error, and the guide's pace in them."""

    swing_bpm: float
    standard_error_bpm: float
    breaths: int
    slowest_per_min: float
    quickest_per_min: float


@dataclass(frozen=True, slots=True)
class BreathFound:
    """Breath that was measured, from ECG or movement: its mean pace, and the share of time it was told."""

    breaths_per_min: float
    share: float
    source: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a session that is measured as a whole. `name` is `before`, `rhythm` or `whole`."""

    name: str
    start_s: float
    end_s: float
    beats: tuple[Beat, ...]
    usable_share: float
    withheld: str | None
    analysis: Analysis
    guide: Paces | None
    swing: SwingFound | None
    breath: BreathFound | None
    from_ecg: float

    @property
    def lasts_s(self) -> float:
        """How long it is."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class StepFound:
    """A step with what can be said of it; nothing is said of an unmeasured one."""

    span: Span
    heart_rate_bpm: float | None
    usable_share: float | None
    guide: Paces | None
    swing: SwingFound | None
    breath: BreathFound | None


@dataclass(frozen=True, slots=True)
class Findings:
    """A recording, read and derived once."""

    file: Path
    header: Header
    damage: Damage
    story: Story
    derived: Derived
    beats: tuple[Beat, ...]
    flaws: Counter[Flaw]
    gaps: tuple[tuple[float, float], ...]
    steps: tuple[StepFound, ...]
    before: Stretch | None
    rhythm: Stretch | None
    whole: Stretch | None
    straps: tuple[tuple[str, float | None], ...]

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """Those that are there."""
        return tuple(s for s in (self.before, self.rhythm, self.whole) if s is not None)


def findings(file: Path, profiles_folder: Path | None = None) -> Findings:
    """Read and replay a recording once. RecordingError says why that cannot be."""
    reader = RecordingReader(file)
    inputs = list(reader.inputs())
    later = reader.later()
    story = story_of(inputs, reader.last_s, ended=reader.ended, later=later)
    return found(reader, story, derive(inputs, profiles_folder), profiles_folder)


def found(
    reader: RecordingReader, story: Story, derived: Derived, profiles_folder: Path | None = None
) -> Findings:
    """What a report says, from a recording that is read and derived."""
    beats = tuple(beat for beat in derived.events(Beat) if beat.flaw is not Flaw.DUPLICATE)
    before, rhythm = _before(beats, story, derived), _rhythm(beats, story, derived)
    whole = (
        None if before or rhythm else _stretch("whole", beats, 0.0, _measured_until(story), story, derived)
    )
    return Findings(
        file=reader.file,
        header=reader.header,
        damage=reader.damage,
        story=story,
        derived=derived,
        beats=beats,
        flaws=Counter(beat.flaw for beat in derived.events(Beat)),
        gaps=tuple(_gaps(beats)),
        steps=tuple(step_found(span, story, derived) for span in story.steps if span.lasts_s > 0),
        before=before,
        rhythm=rhythm,
        whole=whole,
        straps=_straps(derived, profiles_folder),
    )


def between(beats: Sequence[Beat], start_s: float, end_s: float) -> tuple[Beat, ...]:
    """The beats whose intervals lie within a time."""
    return tuple(
        b for b in beats if b.time - (b.rr_ms or 0.0) / 1000 >= start_s - _EDGE_S and b.time <= end_s
    )


def swing_between(derived: Derived, start_s: float, end_s: float) -> SwingFound | None:
    """The mean swing of the clean guided breaths of a time; `None` for fewer than six.

    Neighbouring fits share a breath and correlate by about a half, which the error allows for (see
    `heart/rsa.py`).
    """
    table = derived.columns(RsaCycle)
    inside = (table["time"] > start_s) & (table["time"] <= end_s + 0.5) & (table["clean"] > 0)
    swings, paces = table["swing_bpm"][inside], table["breaths_per_min"][inside]
    n = swings.size
    if n < LEAST_BREATHS:
        return None
    error = float(swings.std(ddof=1)) * sqrt((2 - 1 / n) / (n - 1))
    return SwingFound(float(swings.mean()), error, n, float(paces.min()), float(paces.max()))


def guide_between(story: Story, derived: Derived, start_s: float, end_s: float) -> Paces | None:
    """The paces of the guide's breaths that began in a time, as far as it was in sight."""
    table = derived.columns(PacerStep)
    inside = (table["part"] == BreathPart.IN.value) & (table["time"] >= start_s) & (table["time"] < end_s)
    begun = zip(table["time"][inside].tolist(), table["breaths_per_min"][inside].tolist(), strict=True)
    paces = [pace for time, pace in begun if story.was_guided(time)]
    return (min(paces), max(paces)) if paces else None


def told_breath(derived: Derived) -> tuple[FloatArray, FloatArray, str]:
    """Moments and paces of breath that was measured with confidence, and from what.

    A rhythm read from RR alone is none of them: near 6 a minute it need not be breath.
    """
    table = derived.columns(BreathEstimate)
    told = (table["source"] != BreathSource.RR.value) & (table["confidence"] >= SURE)
    told &= ~np.isnan(table["breaths_per_min"])
    sources = table["source"][told]
    return table["time"][told], table["breaths_per_min"][told], str(sources[-1]) if sources.size else ""


def breath_between(derived: Derived, start_s: float, end_s: float) -> BreathFound | None:
    """The mean pace of measured breath in a time; `None` where it was hardly told."""
    times, paces, source = told_breath(derived)
    inside = (times > start_s) & (times <= end_s)
    share = float(inside.sum()) / max(1.0, end_s - start_s)
    if inside.sum() < _LEAST_TOLD or share < _LEAST_SHARE:
        return None
    return BreathFound(float(paces[inside].mean()), min(1.0, share), source)


def steady_guide(story: Story, derived: Derived) -> tuple[float, float] | None:
    """From when to when the guide was longest in sight at one pace."""
    table = derived.columns(PacerStep)
    ins = table["part"] == BreathPart.IN.value
    best: tuple[float, float] | None = None
    for start, end in _guided_and_measured(story):
        inside = ins & (table["time"] >= start - 0.5) & (table["time"] < end)
        for since, until in _even(table["time"][inside], table["breaths_per_min"][inside], end):
            if best is None or until - since > best[1] - best[0]:
                best = since, until
    return best


def _guided_and_measured(story: Story) -> list[tuple[float, float]]:
    """When the guide was in sight, without imagery."""
    pieces = list(story.guided)
    for span in story.steps:
        if span.unmeasured:
            cut = [(max(a, span.end_s), b) for a, b in pieces] + [
                (a, min(b, span.start_s)) for a, b in pieces
            ]
            pieces = [(a, b) for a, b in sorted(set(cut)) if b > a]
    return pieces


def _even(times: FloatArray, paces: FloatArray, end_s: float) -> list[tuple[float, float]]:
    """Runs of breaths at one pace, as from and to."""
    if times.size == 0:
        return []
    edges = [0, *(np.flatnonzero(np.abs(np.diff(paces)) > _SAME_PACE) + 1).tolist()]
    starts = [float(times[k]) for k in edges]
    return list(zip(starts, [*starts[1:], end_s], strict=True))


def _rhythm(beats: Sequence[Beat], story: Story, derived: Derived) -> Stretch | None:
    steady = steady_guide(story, derived)
    return _stretch("rhythm", beats, *steady, story, derived) if steady else None


def _before(beats: Sequence[Beat], story: Story, derived: Derived) -> Stretch | None:
    """Natural breathing before the guide came: as far as nothing else was asked for."""
    if not story.guided:
        return None
    other = next((s.start_s for s in story.steps if s.kind not in REST_KINDS), story.length_s)
    return _stretch("before", beats, 0.0, min(other, story.guided[0][0]), story, derived)


def _measured_until(story: Story) -> float:
    return next((s.start_s for s in story.steps if s.unmeasured), story.length_s)


def _stretch(
    name: str, beats: Sequence[Beat], start_s: float, end_s: float, story: Story, derived: Derived
) -> Stretch | None:
    inside = between(beats, start_s, end_s)
    if not inside:
        return None
    start_s = max(start_s, inside[0].time - (inside[0].rr_ms or 0.0) / 1000)
    if end_s - start_s < LEAST_STRETCH_S:
        return None
    usable, withheld = _judged(beats, inside, start_s, end_s)
    ecg = sum(beat.source == "ecg" for beat in inside) / len(inside)
    return Stretch(
        name,
        start_s,
        end_s,
        inside,
        usable,
        withheld,
        analyse(inside),
        guide_between(story, derived, start_s, end_s),
        swing_between(derived, start_s, end_s),
        breath_between(derived, start_s, end_s),
        ecg,
    )


def _judged(
    beats: Sequence[Beat], inside: Sequence[Beat], start_s: float, end_s: float
) -> tuple[float, str | None]:
    """The usable share of a stretch, and why variability is withheld, as the live gate would say."""
    gate, window = Gate(), BeatWindow(end_s - start_s)
    for beat in beats:
        if beat.time > end_s:
            break
        gate.hear(beat)
    for beat in inside:
        window.add(beat)
    usable = window.at(end_s, end_s - start_s)
    return (usable.usable_share if usable else 0.0), gate.reason(usable)


def step_found(span: Span, story: Story, derived: Derived) -> StepFound:
    """What can be said of a step."""
    if span.unmeasured:
        return StepFound(span, None, None, None, None, None)
    beats = derived.columns(Beat)
    starts = beats["time"] - np.nan_to_num(beats["rr_ms"]) / 1000
    inside = (starts >= span.start_s - _EDGE_S) & (beats["time"] <= span.end_s)
    good = beats["flaw"] == Flaw.NONE.value
    nn = beats["rr_ms"][inside & good]
    # as in a table of many recordings: of the intervals that end in it
    ended = beats["rr_ms"][(beats["time"] > span.start_s) & (beats["time"] <= span.end_s) & good]
    share = min(1.0, float(ended.sum()) / 1000 / max(1.0, span.lasts_s))
    guide = guide_between(story, derived, span.start_s, span.end_s)
    if nn.sum() < 1000 * _LEAST_FOR_HEART_RATE_S:
        return StepFound(span, None, share, guide, None, None)
    swing = swing_between(derived, span.start_s, span.end_s)
    breath = breath_between(derived, span.start_s, span.end_s)
    return StepFound(span, float(60000 / nn.mean()), share, guide, swing, breath)


def _straps(derived: Derived, folder: Path | None) -> tuple[tuple[str, float | None], ...]:
    """The families of the straps (unknown ones have none), never a serial number; the delay taken off."""
    names = {profile.id: profile.name for profile in load_all(folder)} | {GENERIC: ""}
    known = [(names.get(k.profile, k.profile), k.rr_latency_s) for k in derived.events(StrapKnown)]
    return tuple(dict.fromkeys(known))


def _gaps(beats: Sequence[Beat]) -> list[tuple[float, float]]:
    """From which to which moment no beat is known."""
    return [
        (before.time, beat.time - (beat.rr_ms or 0.0) / 1000)
        for before, beat in pairwise(beats)
        if beat.flaw is Flaw.GAP
    ]
