"""What an event is: the three roots of the vocabulary in `events.py`. Import them from there."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """Something at a moment of the session."""

    time: float


@dataclass(frozen=True, slots=True)
class Input(Event):
    """Something from outside: recorded, and given back by a replay."""


@dataclass(frozen=True, slots=True)
class Tick(Event):
    """Session time has come this far. Ticks stand on a fixed grid of four a second."""
