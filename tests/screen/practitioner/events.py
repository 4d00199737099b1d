"""Sessions made by hand for the practitioner's model."""

from breathsync.events import GuideShown, HrvMetrics, PaceChanged, StepStarted
from breathsync.screen.state import ScreenModel
from breathsync.session.plan import Plan, PlannedStep

PLAN = Plan(
    "Willow-17",
    (
        PlannedStep("arrive", "practice.step.arrive", 60.0, guided=False),
        PlannedStep("notice", "practice.step.notice", 60.0, guided=False),
        PlannedStep("steady", "practice.step.steady", 120.0, guided=True),
        PlannedStep("image", "practice.step.image", 60.0, guided=False),
        PlannedStep("reflect", "practice.step.reflect", 60.0, guided=False),
    ),
    360.0,
)


def step(time, place, length_s=None):
    planned = PLAN.steps[place - 1]
    length = planned.length_s if length_s is None else length_s
    measured = planned.kind != "image"
    return StepStarted(
        time, "practice.soothing_rhythm.name", place, 5, planned.kind, planned.title, length, heart=measured
    )


def guide(time, *, shown=True):
    return [PaceChanged(time, 10.0, anew=True), GuideShown(time, shown=shown)]


def minute(time, *, rate=62.5, rmssd=48.2, sdnn=71.6, withheld=None):
    return HrvMetrics(time, 60, 60, rate, rmssd, sdnn, 12.0, withheld)


def model(*events):
    """The events in order, each known some seconds after its moment, as beats are."""
    made = ScreenModel()
    for event in events:
        made.push(max(event.time, 0.0), event)
    return made


def rows(made, now):
    """The table by name: (value, beside)."""
    return {row.name: (row.value, row.beside) for row in made.practitioner.rows(now)}
