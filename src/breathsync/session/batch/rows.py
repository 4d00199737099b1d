"""One recording -> its rows: each step's measures, how far they can be trusted, and why others are missing.

Only the stages that a row needs are run; variability is judged by the gate over the whole step. Nothing is
ever raised for a recording that cannot be read: it becomes a row that says so.
"""

import platform
from cmath import phase, rect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from math import pi, sqrt, tau
from pathlib import Path
from statistics import fmean, stdev
from typing import Any, ClassVar

import numpy as np

from breathsync import __version__
from breathsync.breath.pacer import PacerSteps
from breathsync.devices import profiles
from breathsync.devices.decoder import Decoder
from breathsync.errors import BreathSyncError
from breathsync.events import (
    Beat,
    BreathPart,
    Event,
    Flaw,
    GuideShown,
    PacerStep,
    RsaCycle,
    StepStarted,
    StrapKnown,
    Synchrony,
)
from breathsync.heart.analysis import Analysis, analyse
from breathsync.heart.beats import Beats
from breathsync.heart.gate import Gate
from breathsync.heart.rsa import Swing, SwingSettings
from breathsync.heart.window import CODES, Usable, usable
from breathsync.session.pipeline import EVERYTHING, Pipeline
from breathsync.session.replay import RecordingReader
from breathsync.session.sitting import Sitting
from breathsync.wording import text_or_own

Row = dict[str, str | int | float | None]

_ABOUT = (
    "recording",
    "row",
    "rows",
    "problem",
    "code_name",
    "started_at",
    "made_by",
    "strap",
    "damaged_lines",
)
_STEP = ("practice", "step", "step_kind", "title", "start_s", "length_s")
_QUALITY = ("source", "beats", "marked_percent", "coverage", "usable_share", "variability_withheld")
_VARIABILITY = tuple(
    f.name for f in fields(Analysis) if f.name not in ("beats", "seconds", "heart_rate_bpm")
)
_GUIDE = ("guide_per_min", "guide_range_per_min", "breaths", "breaths_clean")
_BREATH = ("swing_bpm", "swing_error_bpm", "lag_turns", "steadiness")
_VERSIONS = ("breathsync", "python", "numpy")
COLUMNS = (
    *_ABOUT, *_STEP, *_QUALITY, "heart_rate_bpm", *_VARIABILITY, *_GUIDE, *_BREATH, "missing", *_VERSIONS
)  # fmt: skip
WHOLE_NUMBERS = frozenset({"row", "rows", "damaged_lines", "step", "beats", "breaths", "breaths_clean"})
WORDS = frozenset(
    {*_ABOUT, *_STEP, *_VERSIONS, "source", "variability_withheld", "missing"}
    - WHOLE_NUMBERS
    - {"start_s", "length_s"}
)

_LEAST_S = 60.0  # of a step, for variability
_LEAST_RATE_S = 10.0  # for a heart rate (Munoz et al., PLoS One 2015)
_LEAST_BREATHS = 6
_UNJUDGED = SwingSettings(
    only_followed=False
)  # to find out costs ten times the rest: steadiness tells it too


def rows_of(file: Path, profiles_folder: Path | None = None) -> list[Row]:
    """The rows of one recording; one row with a `problem` where there is nothing to measure."""
    about: Row = {"recording": str(file), "damaged_lines": None, **_versions()}
    try:
        rows = _measured(file, about, profiles_folder)
    except BreathSyncError as problem:
        rows = [about | {"problem": problem.code}]
    except Exception as problem:  # one recording is never worth the whole run
        rows = [about | {"problem": f"{type(problem).__name__}: {problem}"}]
    return [row | {"row": number, "rows": len(rows)} for number, row in enumerate(rows, 1)]


def _versions() -> Row:
    return {"breathsync": __version__, "python": platform.python_version(), "numpy": np.__version__}


def _measured(file: Path, about: Row, profiles_folder: Path | None) -> list[Row]:
    reader = RecordingReader(file)
    known = profiles.load_all(profiles_folder)
    heard = _Heard()
    sitting = Sitting(Pipeline([Decoder(known), Beats(), PacerSteps(), Swing(_UNJUDGED), heard]))
    for event in reader.inputs():
        sitting.push(event)
    header = reader.header
    about |= {
        "code_name": header.code_name,
        "started_at": header.started_at,
        "made_by": header.maker,
        "strap": next((p.name for p in known if p.id == heard.profile), None),
        "damaged_lines": reader.damage.lines,
    }
    if not heard.beats:
        return [about | {"problem": "no_heartbeats", "start_s": 0.0, "length_s": reader.last_s}]
    measure = _Measure(heard)
    return [about | measure.step(*step) for step in heard.stretches(reader.last_s)]


@dataclass(slots=True)
class _Heard:
    """The last stage: keeps what the rows are made of."""

    profile: str | None = None
    beats: list[Beat] = field(default_factory=list)
    steps: list[StepStarted] = field(default_factory=list)
    paces: list[tuple[float, float]] = field(default_factory=list)
    cycles: list[RsaCycle] = field(default_factory=list)
    synchronies: list[Synchrony] = field(default_factory=list)
    shown: list[tuple[float, bool]] = field(default_factory=list)
    hears: ClassVar = EVERYTHING

    def push(self, event: Event) -> Iterable[Event]:
        """Keep it; nothing follows."""
        match event:
            case Beat():
                if event.flaw is not Flaw.DUPLICATE:
                    self.beats.append(event)
            case StepStarted():
                self.steps.append(event)
            case PacerStep(time, part=BreathPart.IN, breaths_per_min=pace):
                self.paces.append((time, pace))
            case RsaCycle():
                self.cycles.append(event)
            case Synchrony():
                self.synchronies.append(event)
            case GuideShown(time, shown):
                self.shown.append((time, shown))
            case StrapKnown(profile=profile):
                self.profile = profile
        return ()

    def stretches(self, end_s: float) -> list[tuple[StepStarted | None, float, float]]:
        """Each step with its beginning and end; without steps the whole recording."""
        if not self.steps:
            first = self.beats[0]  # heard late: it may have been before the recording began
            return [(None, min(0.0, first.time - (first.rr_ms or 0.0) / 1000), end_s)]
        ends = [step.time for step in self.steps[1:]] + [end_s]
        return [
            (step, step.time, end) for step, end in zip(self.steps, ends, strict=True) if end > step.time
        ]

    def guide_in_sight(self, start: float, end: float) -> bool:
        """Whether the guide was shown at some time between these."""
        before = [shown for time, shown in self.shown if time <= start]
        return bool(before and before[-1]) or any(
            shown and start < time < end for time, shown in self.shown
        )


class _Measure:
    """Measures steps in their order: the gate remembers how much ectopy came before."""

    def __init__(self, heard: _Heard) -> None:
        self._heard = heard
        self._times = np.array([beat.time for beat in heard.beats])
        self._rr = np.array([beat.rr_ms or 0.0 for beat in heard.beats])
        self._codes = np.array([CODES[beat.flaw] for beat in heard.beats], dtype=np.int8)
        self._gate = Gate()
        self._judged = 0

    def step(self, started: StepStarted | None, start: float, end: float) -> Row:
        """One row; `missing` says of each empty measure why it is."""
        low, high = np.searchsorted(self._times, (start, end), side="right")
        beats = self._heard.beats[low:high]
        row: Row = {"start_s": max(0.0, start), "length_s": end - start, **_named(started)}
        missing: dict[str, str] = {}
        row |= self._heart(beats, start, end, missing)
        row |= self._breath(start, end, missing)
        return row | {"missing": _by_reason(missing)}

    def _heart(self, beats: Sequence[Beat], start: float, end: float, missing: dict[str, str]) -> Row:
        for beat in self._heard.beats[self._judged :]:
            if beat.time > end:
                break
            self._gate.hear(beat)
            self._judged += 1
        window = usable(self._times, self._rr, self._codes, start, end, full=end - start >= _LEAST_S)
        reason = self._gate.reason(window)
        found = analyse(beats)
        row: Row = {**_quality(beats, window), "variability_withheld": reason}
        rate = found.heart_rate_bpm if found.seconds >= _LEAST_RATE_S else None
        row["heart_rate_bpm"] = rate
        if rate is None:
            missing["heart_rate_bpm"] = "too_short"
        for name in _VARIABILITY:
            row[name] = None if reason else getattr(found, name)
            if row[name] is None:
                missing[name] = reason or "no_run_long_enough"
        return row

    def _breath(self, start: float, end: float, missing: dict[str, str]) -> Row:
        paces = [pace for time, pace in self._heard.paces if start <= time < end]
        if not self._heard.guide_in_sight(start, end) or not paces:
            missing |= dict.fromkeys((*_GUIDE[:2], *_BREATH), "no_guide")
            return {"breaths": 0, "breaths_clean": 0}
        cycles = [cycle for cycle in self._heard.cycles if start < cycle.time <= end]
        swings = [cycle.swing_bpm for cycle in cycles if cycle.clean and cycle.swing_bpm is not None]
        row: Row = {
            "guide_per_min": fmean(paces),
            "guide_range_per_min": max(paces) - min(paces),
            "breaths": len(cycles),
            "breaths_clean": len(swings),
        }
        if len(swings) < _LEAST_BREATHS:
            missing |= dict.fromkeys(_BREATH, "too_few_breaths")
            return row
        n = len(swings)
        # neighbouring breaths share beats: as in heart/rsa.py
        error = stdev(swings) * sqrt((2 - 1 / n) / (n - 1))
        return row | {"swing_bpm": fmean(swings), "swing_error_bpm": error} | self._lag(start, end, missing)

    def _lag(self, start: float, end: float, missing: dict[str, str]) -> Row:
        within = [s for s in self._heard.synchronies if start < s.time <= end]
        known = [(s.lag_turns, s.steadiness) for s in within if s.lag_turns is not None]
        if not known:
            missing |= dict.fromkeys(_BREATH[2:], "delay_unknown" if within else "too_few_breaths")
            return {}
        middle = sum(rect(steadiness or 0.0, tau * lag) for lag, steadiness in known) / len(known)
        return {"lag_turns": phase(middle) / (2 * pi), "steadiness": abs(middle)}


def _by_reason(missing: dict[str, str]) -> str | None:
    """The empty measures after the reason for it: `too_short: lf_ms2 hf_ms2; no_guide: swing_bpm`."""
    reasons: dict[str, list[str]] = {}
    for name, why in missing.items():
        reasons.setdefault(why, []).append(name)
    return "; ".join(f"{why}: {' '.join(names)}" for why, names in reasons.items()) or None


def _named(started: StepStarted | None) -> Row:
    if started is None:
        return {}
    return {
        "practice": text_or_own(started.practice),
        "step": started.step,
        "step_kind": started.step_kind,
        "title": text_or_own(started.title),
    }


def _quality(beats: Sequence[Beat], window: Usable) -> Row:
    marked = sum(beat.flaw is not Flaw.NONE for beat in beats)
    sources = sorted({beat.source for beat in beats})
    return {
        "source": "+".join(sources) or None,
        "beats": len(beats),
        "marked_percent": 100 * marked / len(beats) if beats else None,
        "coverage": min(1.0, window.coverage),  # its first interval may begin before it
        "usable_share": window.usable_share,
    }


def typed(name: str, text: str) -> Any:
    """A field of the table as what it is."""
    if not text:
        return None
    if name in WORDS:
        return text
    return int(text) if name in WHOLE_NUMBERS else float(text)
