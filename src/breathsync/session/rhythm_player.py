"""Finding a rhythm, live and recorded: with a strap, or with a simulated person."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from breathsync.devices.person import Guide
from breathsync.practice.conductor import Choices, Conductor
from breathsync.practice.rhythm_conductor import RhythmConductor, length_s, opening
from breathsync.practice.rhythm_protocols import Protocol
from breathsync.practice.safety import Participant
from breathsync.session.live import Source
from breathsync.session.practice_player import PracticePlayer
from breathsync.settings import Settings


class RhythmPlayer(PracticePlayer):
    """A search for a rhythm. `strap_of` gives the strap, which may follow the guide."""

    def __init__(
        self,
        protocol: Protocol,
        settings: Settings,
        strap_of: Callable[[Guide], Source],
        *,
        file: Path | None = None,
        participant: Participant | None = None,
        code_name: str | None = None,
        seconds: float | None = None,
        origin: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(
            opening(protocol),
            settings,
            strap_of,
            choices=Choices(numbers=settings.show_numbers),
            file=file,
            participant=participant,
            code_name=code_name,
            name="find-rhythm",
            details={"practice": "find-rhythm", "protocol": protocol.name},
            origin=origin,
            seconds=seconds,
        )
        self._protocol = protocol

    @property
    def length_s(self) -> float | None:
        """How long it will last, about."""
        whole = length_s(self._protocol)
        return min(self._seconds or whole, whole)

    def _conductor(self) -> Conductor:
        return RhythmConductor(self._protocol, self._choices)
