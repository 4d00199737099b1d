"""The stages in order: the picture of the README as code.

inputs -> Decoder -> Beats -> Notices -> Quality -> Metrics -> PacerSteps -> Respiration -> Swing -> Rhythm
-> events
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

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


class Stage(Protocol):
    """What every stage promises.

    It ignores events that it does not know. It holds no clock, file, thread or window. Its settings are
    given at construction, its state is its own, and it stays bounded however long a session lasts.
    """

    def push(self, event: Event) -> Iterable[Event]:
        """Take an event; what follows from it."""


class Pipeline:
    """Stages in a row, and itself a stage: each one sees the event and all that came of it so far."""

    def __init__(self, stages: Sequence[Stage]) -> None:
        self._pushes = [stage.push for stage in stages]

    def push(self, event: Event) -> list[Event]:
        """Everything that follows from `event`, in the order in which it became known."""
        known = [event]
        for push in self._pushes:
            for seen in known[:]:
                if found := push(seen):
                    known += found
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
