"""What was done and said in a session: steps, guide, marks, words. Inputs only, no signal.

A story is read quickly, also from a night with ECG, as lines of samples are passed over unread.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from breathsync.events import (
    CheckedIn,
    GuideShown,
    Input,
    Marked,
    Noted,
    PaceChanged,
    PaceFelt,
    Paused,
    Sealed,
    Softened,
    StepStarted,
    StrapState,
    StrapStatus,
)


@dataclass(frozen=True, slots=True)
class Span:
    """A step from its beginning to its end, in session seconds; `title` is a key or own words."""

    start_s: float
    end_s: float
    kind: str
    title: str

    @property
    def lasts_s(self) -> float:
        """How long it lasted."""
        return self.end_s - self.start_s

    @property
    def unmeasured(self) -> bool:
        """Imagery and writing are nobody's measurement: nothing of them is shown or summed up."""
        return self.kind in UNMEASURED_KINDS


UNMEASURED_KINDS = frozenset({"image", "write"})
REST_KINDS = frozenset({"arrive", "notice", "rest"})


@dataclass(slots=True)
class Story:
    """A session without its signal."""

    practice: str = ""
    length_s: float = 0.0
    ended: bool = False
    straps: list[str] = field(default_factory=list)
    links_lost: list[float] = field(default_factory=list)
    steps: list[Span] = field(default_factory=list)
    guided: list[tuple[float, float]] = field(default_factory=list)
    softened: list[tuple[float, float]] = field(default_factory=list)
    paused: list[tuple[float, float]] = field(default_factory=list)
    paces: list[PaceChanged] = field(default_factory=list)
    marks: list[Marked] = field(default_factory=list)
    notes: list[Noted] = field(default_factory=list)
    sealed: list[Sealed] = field(default_factory=list)
    check_ins: list[CheckedIn] = field(default_factory=list)
    felt: list[PaceFelt] = field(default_factory=list)

    def step_at(self, time: float) -> Span | None:
        """The step that was on."""
        return next((s for s in self.steps if s.start_s <= time < s.end_s), None)

    def was_guided(self, time: float) -> bool:
        """Whether the guide was in sight."""
        return any(start <= time < end for start, end in self.guided)


def story_of(
    inputs: Iterable[Input], length_s: float, *, ended: bool, later: Iterable[Input] = ()
) -> Story:
    """The story that these inputs tell, with the marks and notes that were added later."""
    story = Story(length_s=length_s, ended=ended)
    begun: list[StepStarted] = []
    states: dict[type[Input], list[tuple[float, bool]]] = {GuideShown: [], Softened: [], Paused: []}
    for event in (*inputs, *later):
        match event:
            case StepStarted():
                begun.append(event)
            case GuideShown(time, shown):
                states[GuideShown].append((time, shown))
            case Softened(time, softened):
                states[Softened].append((time, softened))
            case Paused(time, paused):
                states[Paused].append((time, paused))
            case _:
                _take(story, event)
    story.marks.sort(key=lambda mark: mark.time)
    story.notes.sort(key=lambda note: note.time)
    story.practice = begun[0].practice if begun else ""
    ends = [*(step.time for step in begun), length_s][1:]
    story.steps = [Span(s.time, e, s.step_kind, s.title) for s, e in zip(begun, ends, strict=True)]
    story.guided, story.softened, story.paused = (_spans(changes, length_s) for changes in states.values())
    return story


def _take(story: Story, event: Input) -> None:
    match event:
        case StrapStatus():
            _strap(story, event)
        case PaceChanged():
            story.paces.append(event)
        case Marked():
            story.marks.append(event)
        case Noted():
            story.notes.append(event)
        case Sealed():
            story.sealed.append(event)
        case CheckedIn():
            story.check_ins.append(event)
        case PaceFelt():
            story.felt.append(event)


def _strap(story: Story, event: StrapStatus) -> None:
    if event.name and event.name not in story.straps:
        story.straps.append(event.name)
    if event.state is StrapState.LOST:
        story.links_lost.append(event.time)


def _spans(changes: list[tuple[float, bool]], end_s: float) -> list[tuple[float, float]]:
    """From when to when something was so."""
    closed = [*changes, (end_s, False)]
    return [(since, until) for (since, on), (until, _) in pairwise(closed) if on]
