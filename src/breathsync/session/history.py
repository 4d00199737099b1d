"""Practice over weeks: days, minutes, swing and self-report, in the person's own units. Values, no words.

Nothing here is a target, and nothing counts what was left out. Simulated sessions are nobody's practice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from math import sqrt
from pathlib import Path
from statistics import mean, stdev

from breathsync.errors import InputFileError, RecordingError
from breathsync.events import CheckedIn
from breathsync.session import library
from breathsync.session.derived import Derived
from breathsync.session.replay import RecordingReader, header_in
from breathsync.session.report.findings import SwingFound, steady_guide, swing_between
from breathsync.session.story import Story, story_of
from breathsync.wording import date_words, text

SAID = ("threat", "drive", "soothing", "pleasure", "arousal")


@dataclass(frozen=True, slots=True)
class PastSession:
    """One session. `swing` is that of its longest guided stretch at one pace, once it is derived."""

    file: Path
    started: datetime
    code_name: str | None
    practice: str
    minutes: float
    story: Story
    swing: SwingFound | None = None

    @property
    def day(self) -> date:
        """The day on which it began, where the person was."""
        return self.started.date()

    def said(self, name: str, moment: str) -> int | None:
        """What the person said of themselves `before` or `after`."""
        check_in: CheckedIn | None = next((c for c in self.story.check_ins if c.moment == moment), None)
        value: int | None = getattr(check_in, name, None)
        return value

    def with_swing(self, derived: Derived) -> "PastSession":
        """The same with its swing."""
        steady = steady_guide(self.story, derived)
        return replace(self, swing=swing_between(derived, *steady) if steady else None)


@dataclass(frozen=True, slots=True)
class Week:
    """A week with practice in it, by its Monday. `swing_error_bpm` is the mean's standard error."""

    monday: date
    days: int
    minutes: float
    sessions: int
    swing_bpm: float | None
    swing_error_bpm: float | None
    swing_sessions: int
    paces_per_min: tuple[float, float] | None
    before: dict[str, float]
    after: dict[str, float]


def past_session(file: Path) -> PastSession | None:
    """A recording as a past session; `None` for what is no session of a person, or bears no day."""
    try:
        reader = RecordingReader(file)
        if reader.header.simulated:
            return None
        inputs = list(reader.without_streams())
        started = datetime.fromisoformat(reader.header.started_at or "")
    except (RecordingError, ValueError):
        return None
    story = story_of(inputs, reader.last_s, ended=reader.ended, later=reader.later())
    minutes = (story.length_s - sum(end - start for start, end in story.paused)) / 60
    return PastSession(file, started, reader.header.code_name, story.practice, minutes, story)


def past_sessions(folder: Path, code_name: str | None) -> list[PastSession]:
    """A person's sessions, oldest first. Without a name there must be only one person in the folder.

    InputFileError says which names there are.
    """
    everyone = [s for file in library.kept(folder) if (s := past_session(file)) is not None]
    names = {s.code_name for s in everyone}
    if code_name is None and len(names) > 1:
        told = ", ".join(sorted(name for name in names if name))
        raise InputFileError("history_whose", names=told)
    if code_name is not None and code_name not in names:
        code = "only_simulated" if _is_simulated(code_name, folder) else "no_such_person"
        raise InputFileError(code, name=code_name, folder=folder)
    chosen = [s for s in everyone if code_name is None or s.code_name == code_name]
    return sorted(chosen, key=lambda s: s.started.timestamp())


def _is_simulated(code_name: str, folder: Path) -> bool:
    """Whether a simulated session bears this name."""
    headers = (header for file in library.kept(folder) if (header := header_in(file)) is not None)
    return any(header.simulated and header.code_name == code_name for header in headers)


def weeks(sessions: Iterable[PastSession]) -> list[Week]:
    """The weeks with practice in them, oldest first."""
    ordered = sorted(sessions, key=lambda s: s.day)
    return [_week(monday, list(group)) for monday, group in groupby(ordered, key=lambda s: _monday(s.day))]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _week(monday: date, sessions: Sequence[PastSession]) -> Week:
    swings = [s.swing for s in sessions if s.swing is not None]
    middle, error = _mean_with_error(swings)
    paces = [(s.slowest_per_min + s.quickest_per_min) / 2 for s in swings]
    return Week(
        monday=monday,
        days=len({s.day for s in sessions}),
        minutes=sum(s.minutes for s in sessions),
        sessions=len(sessions),
        swing_bpm=middle,
        swing_error_bpm=error,
        swing_sessions=len(swings),
        paces_per_min=(min(paces), max(paces)) if paces else None,
        before=_means(sessions, "before"),
        after=_means(sessions, "after"),
    )


def _mean_with_error(swings: Sequence[SwingFound]) -> tuple[float | None, float | None]:
    """The mean over sessions. Its error comes from how they differ, and is no less than their own say."""
    if not swings:
        return None, None
    values = [s.swing_bpm for s in swings]
    within = mean(s.standard_error_bpm**2 for s in swings)
    between = stdev(values) ** 2 if len(values) > 1 else 0.0
    return mean(values), sqrt(max(between, within) / len(values))


def _means(sessions: Sequence[PastSession], moment: str) -> dict[str, float]:
    found = {name: [v for s in sessions if (v := s.said(name, moment)) is not None] for name in SAID}
    return {name: mean(values) for name, values in found.items() if values}


def in_a_sentence(sessions: Sequence[PastSession]) -> str:
    """How much practice there was, since when: of at least one session, the earliest first."""
    return text(
        "history.heading",
        days=len({s.day for s in sessions}),
        minutes=round(sum(s.minutes for s in sessions)),
        sessions=len(sessions),
        first=date_words(sessions[0].day),
    )
