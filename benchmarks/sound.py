"""How far the sound of the guide is from the guide, in time, on a device that plays into nothing."""

import threading
from dataclasses import dataclass, field

import numpy as np

from benchmarks.row import Row, at_most, percentile
from breathsync.breath.pacer import Pacer
from breathsync.clock import SessionClock, stopwatch
from breathsync.events import GuideShown, PaceChanged, SoundChanged
from breathsync.heart.hrv import FloatArray
from breathsync.sound.speaker import Speaker
from breathsync.sound.voice import RATE_HZ, At, Voice

_PACE = PaceChanged(0.0, 1.0)  # quicker than anybody breathes, for many turns in a short time
_SETTLED = 25  # pieces


@dataclass
class _Asked(Voice):
    """Notes what was asked for and when: clock, session time of the first sample, samples."""

    clock: SessionClock
    pieces: list[tuple[float, float, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def piece(self, at: At, start: float, samples: int, *, shown: bool) -> FloatArray:
        self.pieces.append((self.clock.now(), start, samples))
        return super().piece(at, start, samples, shown=shown)


def asked_for(seconds: float) -> list[tuple[float, float, int]]:
    """What the null device asked for while it played a guide."""
    import miniaudio

    clock = SessionClock()
    voice = _Asked(clock)
    speaker = Speaker(clock.now, backends=[miniaudio.Backend.NULL], voice=voice)
    for event in (_PACE, GuideShown(0.0, shown=True), SoundChanged(0.0, "tone")):
        speaker(0.0, event)
    end = stopwatch() + seconds
    while stopwatch() < end:
        threading.Event().wait(0.1)
    speaker.close()
    return voice.pieces[_SETTLED:]


def off_s(pieces: list[tuple[float, float, int]]) -> tuple[list[float], list[float]]:
    """When each turn of the breath is heard, against when the guide turns; without what is constant.

    First as a device plays, evenly, sample after sample: on the line through the moments at which it asked.
    Then as if each piece began to sound at the very moment at which it was asked for.
    """
    pacer = Pacer()
    pacer.change(_PACE)
    clock, starts, counts = (np.array(column, float) for column in zip(*pieces, strict=True))
    played = np.concatenate(([0.0], np.cumsum(counts)[:-1])) / RATE_HZ
    even = np.polyval(np.polyfit(played, clock, 1), played)
    evenly, at_once = [], []
    for index, (_, start, samples) in enumerate(pieces):
        for _ in pacer.steps(start, start + samples / RATE_HZ):
            evenly.append(float(even[index] - starts[index]))
            at_once.append(float(clock[index] - starts[index]))
    return _without_constant(evenly), _without_constant(at_once)


def _without_constant(values: list[float]) -> list[float]:
    middle = percentile(values, 0.5)
    return [abs(value - middle) for value in values]


def run(*, full: bool) -> list[Row]:
    """The rows of this benchmark."""
    evenly, at_once = off_s(asked_for(120.0 if full else 20.0))
    p99, asked = 1000 * percentile(evenly, 0.99), 1000 * percentile(at_once, 0.99)
    return [
        at_most(f"sound against the guide, null device, p99 of {len(evenly)} turns", p99, 20, " ms"),
        Row("the same, worst", f"{1000 * max(evenly):.2g} ms"),
        Row("when samples were asked for, against the guide, p99", f"{asked:.2g} ms"),
    ]
