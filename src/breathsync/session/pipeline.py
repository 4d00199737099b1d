"""The stages in order: the picture of the README as code.

inputs -> Decoder -> Beats -> Notices -> Quality -> Metrics -> PacerSteps -> Respiration -> Swing -> Rhythm
-> events
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from breathsync import events
from breathsync.breath.pacer import PacerSteps
from breathsync.breath.respiration import Respiration
from breathsync.breath.rhythm_finding import RhythmFinding
from breathsync.devices import profiles
from breathsync.devices.decoder import Decoder
from breathsync.devices.notices import Notices
from breathsync.events import Event
from breathsync.heart.beats import Beats
from breathsync.heart.metrics import Metrics
from breathsync.heart.quality import Quality
from breathsync.heart.rhythm import Rhythm
from breathsync.heart.rsa import Swing

EVERYTHING: frozenset[type[Event]] = frozenset(
    kind for kind in vars(events).values() if isinstance(kind, type) and issubclass(kind, Event)
)
"""What a stage hears that only listens."""


class Stage(Protocol):
    """What every stage promises.

    It is given the events that it hears, and those only. It holds no clock, file, thread or window. Its
    settings are given at construction, its state is its own, and it stays bounded however long a session
    lasts.
    """

    @property
    def hears(self) -> frozenset[type[Event]]:
        """The kinds of events that it is given."""

    def push(self, event: Event) -> Iterable[Event]:
        """Take an event; what follows from it."""


class Pipeline:
    """Stages in a row, and itself a stage: each one sees the event and all that came of it so far."""

    def __init__(self, stages: Sequence[Stage]) -> None:
        self.hears = frozenset[type[Event]]().union(*(stage.hears for stage in stages))
        self._stages = [(stage.hears, stage.push) for stage in stages]

    def push(self, event: Event) -> list[Event]:
        """Everything that follows from `event`, in the order in which it became known."""
        known = [event]
        for hears, push in self._stages:
            if len(known) == 1:  # mostly: a tick of which nothing follows
                if type(event) in hears:
                    known += push(event)
            else:
                for heard in [seen for seen in known if type(seen) in hears]:
                    known += push(heard)
        return known[1:]


def pipeline(profiles_folder: Path | None = None) -> Pipeline:
    """One person's pipeline, as fresh as a new session."""
    return Pipeline(
        [
            Decoder(profiles.load_all(profiles_folder)),
            Beats(),
            Notices(),
            Quality(),
            Metrics(),
            PacerSteps(),
            Respiration(),
            Swing(),
            Rhythm(),
            RhythmFinding(),
        ]
    )
