"""What a session has before it, for whoever accompanies it: whose it is, its steps and their lengths."""

from dataclasses import dataclass

from breathsync.practice.practice_file import Practice
from breathsync.session.replay import RecordingReader
from breathsync.session.story import story_of


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step. `title` is a key of the wording or own words; `guided`: whether a guide leads in it."""

    kind: str
    title: str
    length_s: float
    guided: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """`length_s` is how long it lasts in all, also where not every step is known beforehand.

    `until_s` is where it ends whatever step it is in.
    """

    code_name: str | None = None
    steps: tuple[PlannedStep, ...] = ()
    length_s: float | None = None
    until_s: float | None = None


NO_PLAN = Plan()


def steps_of(practice: Practice) -> tuple[PlannedStep, ...]:
    """The steps of a practice."""
    return tuple(PlannedStep(s.kind, s.title, s.length_s, s.guide) for s in practice.steps)


def plan_of_recording(reader: RecordingReader, *, length_s: float, with_steps: bool = True) -> Plan:
    """The steps as they were, unless the recording is shown with another guide than its own."""
    if not with_steps:
        return Plan(reader.header.code_name, length_s=length_s)
    story = story_of(reader.without_streams(), reader.length_s(), ended=True)
    steps = tuple(
        PlannedStep(
            span.kind,
            span.title,
            span.lasts_s,
            any(start < span.end_s - 1 and end > span.start_s + 1 for start, end in story.guided),
        )
        for span in story.steps
    )
    return Plan(reader.header.code_name, steps, length_s, length_s)
