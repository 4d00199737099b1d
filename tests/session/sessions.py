"""Recordings for tests of what is made of a session afterwards: each simulated once in a run."""

from functools import cache

from breathsync.events import CheckedIn, Input, Marked, Noted, SessionEnded
from breathsync.practice.conductor import Wish
from breathsync.practice.rhythm_conductor import RhythmConductor
from breathsync.practice.rhythm_protocols import PROTOCOLS
from breathsync.session import simulation
from breathsync.session.live import LiveSession
from breathsync.session.pipeline import pipeline
from breathsync.session.recorder import made_recording
from breathsync.session.recording import Header
from breathsync.session.simulation import strap_of
from breathsync.session.sitting import Sitting

WORDS = "shoulders dropped, <warm> & heavy hands"


class Keeper:
    """Takes what a recorder would write."""

    def __init__(self):
        self.inputs: list[Input] = []

    def write(self, event):
        self.inputs.append(event)

    def end(self, now):
        self.write(SessionEnded(now))

    def close(self):
        pass


def simulated(scenario="steady-practice", seconds=None, seed=1) -> list[Input]:
    """The inputs of a simulated session."""
    return list(_simulated(scenario, seconds, seed))


@cache
def _simulated(scenario: str, seconds: float | None, seed: int) -> tuple[Input, ...]:
    keeper = Keeper()
    simulation.simulate(simulation.scenario_named(scenario), seed, Sitting(pipeline()), keeper, seconds)
    return tuple(keeper.inputs)


def searched(seed=5) -> list[Input]:
    """The inputs of a stepped search for a rhythm; half past six felt easy."""
    return list(_searched(seed))


@cache
def _searched(seed: int) -> tuple[Input, ...]:
    keeper = Keeper()
    conductor = RhythmConductor(PROTOCOLS["stepped"])
    strap = strap_of(simulation.SCENARIOS["steady-practice"], conductor.guide_at, seed)
    live = LiveSession(Sitting(pipeline()), conductor, keeper)
    moment = 0.0
    while not live.ended:
        for event in strap.until(moment):
            live.advance(event.time)
            live.take(event)
        live.advance(moment)
        live.wish(moment, Wish.FELT, "easy" if 400 < moment < 500 else "between")
        moment += 0.25
    return tuple(keeper.inputs)


def told(inputs) -> list[Input]:
    """The same with a mark, a note and a check-in before and after."""
    end = inputs[-1].time
    more = [
        CheckedIn(0.0, "before", "en 1", threat=7, drive=5, soothing=2, pleasure=4),
        Marked(175.0),
        Noted(312.0, WORDS),
        CheckedIn(end - 1, "after", "en 1", threat=4, soothing=6),
    ]
    return sorted([*inputs, *more], key=lambda event: event.time)


def kept(file, inputs, **header):
    """A file with these inputs."""
    with made_recording(file, Header(started_at="2026-11-20T18:30:00+01:00", **header)) as recorder:
        for event in inputs:
            recorder.write(event)
    return file
