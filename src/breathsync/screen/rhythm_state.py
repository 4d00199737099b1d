"""What a search for a rhythm has said and asked so far. No Qt, nothing that draws."""

from breathsync.breath.rhythm_choice import RhythmChoice, choose
from breathsync.breath.rhythm_finding import FIND
from breathsync.events import Event, PaceAsked, PaceFelt, StepStarted, SwingByPace


class RhythmModel:
    """Follows a search for whoever shows it."""

    def __init__(self) -> None:
        self.searched = False
        self.asked: float | None = None  # the pace that the person is being asked about
        self.found: SwingByPace | None = None
        self.felt: list[PaceFelt] = []

    def push(self, event: Event) -> None:
        """Take an event in."""
        match event:
            case StepStarted(step_kind=kind) if kind == FIND:
                self.searched = True
            case SwingByPace():
                self.found = event
            case PaceAsked(breaths_per_min=pace):
                self.asked = pace
            case PaceFelt():
                self.asked = None
                self.felt.append(event)

    @property
    def choice(self) -> RhythmChoice:
        """The heart's answer and the person's."""
        return choose(self.found, self.felt)
