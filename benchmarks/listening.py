"""A guide that listens against the same guide that does not, each with the same simulated people.

Whole sessions of Soothing rhythm with four kinds of people. What the guide hears of their breath is cheap
here: the true mean over twenty seconds, ten seconds late, as uncertain as the accuracy floors of breath
from RR and ECG allow (shown 80 % of the time, mean absolute error 0.45/min, 3 % off by more than
2/min). The long form also leads a few through the whole pipeline, with a strap that streams.
"""

import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from statistics import median

import numpy as np

from benchmarks.row import Row
from breathsync.devices.person import STEP_S, Person, PersonSettings
from breathsync.devices.simulated_ecg import LeadSettings
from breathsync.devices.simulated_motion import WearSettings
from breathsync.devices.simulated_streams import StreamSettings
from breathsync.events import BreathEstimate, BreathSource, Event, GuideShown
from breathsync.practice.conductor import Choices, Conductor
from breathsync.practice.practice_file import shipped
from breathsync.session.pipeline import pipeline
from breathsync.session.simulation import Scenario, simulate
from breathsync.session.sitting import Sitting

_WINDOW = round(20 / STEP_S)
_SECOND = round(1 / STEP_S)

UNITS = {"time within 0.5/min": " %", "largest gap": "/min", "breath at the end": "/min"}
PEOPLE = {
    "attentive": PersonSettings(own_per_min=12.0, draw=0.4, lapses_per_min=0.1, own_unsteadiness=0.06),
    "restless": PersonSettings(
        own_per_min=17.0, draw=0.15, lapses_per_min=2.5, lapse_s=20, own_unsteadiness=0.18
    ),
    "slow learner": PersonSettings(own_per_min=15.0, draw=0.25, lapses_per_min=0.3, eases_per_min=1.0),
    "never follows": PersonSettings(own_per_min=13.5, draw=0.0, lapses_per_min=1e9, lapse_s=1e9),
}


@dataclass(frozen=True, slots=True)
class Session:
    """How near breath and guide were, over the guided time, each as a mean over twenty seconds."""

    near_share: float  # of the time within 0.5/min
    largest_gap: float  # breath and guide, breaths a minute
    end_per_min: float  # the breath at the end of the guided time

    @property
    def figures(self) -> dict[str, float]:
        """By what they are called in the table."""
        return dict(zip(UNITS, (100 * self.near_share, self.largest_gap, self.end_per_min), strict=True))


class _Breather(Person):
    """A person of whom only the breath is wanted."""

    def _beat(self) -> None:
        pass


def person(kind: str, seed: int) -> PersonSettings:
    """Somebody of this kind: no two are alike."""
    rng = random.Random(f"{seed} {kind}")
    who = PEOPLE[kind]
    eases = who.eases_per_min
    return replace(
        who,
        own_per_min=who.own_per_min * rng.uniform(0.8, 1.2),
        draw=who.draw * rng.uniform(0.7, 1.3),
        lapses_per_min=who.lapses_per_min * rng.uniform(0.5, 1.5),
        slowest_per_min=rng.uniform(4.0, 6.5),
        eases_per_min=None if eases is None else eases * rng.uniform(0.5, 1.5),
    )


def led(kind: str, seed: int, *, listens: bool) -> Session:
    """One session of Soothing rhythm with what the guide hears being cheap."""
    practice = shipped()
    conductor = Conductor(practice, Choices(listens=listens))
    rng = random.Random(f"{seed} heard")
    breather = _Breather(person(kind, seed), random.Random(seed))
    lived, heard = breather.keep_turns(), _Heard(rng)
    followed: list[tuple[float, float]] = []
    guided: list[float] = []
    for second in range(round(practice.length_s)):
        for quarter in range(4):
            now = second + quarter / 4
            list(conductor.at(now))
            breather.live_until(now + 0.25 + 1e-9, conductor.guide_at)
            for step in range(len(guided), len(lived)):
                position = conductor.guide_at(step * STEP_S)
                guided.append(float("nan") if position is None else position[0])
        if len(lived) > _WINDOW:
            breath = 3.0 * (lived[-1] - lived[-1 - _WINDOW])
            for estimate in heard.say(second + 1.0, breath):
                conductor.hear(second + 1.0, estimate)
            guide = 3.0 * (guided[-1] - guided[-1 - _WINDOW])
            if guide == guide:  # in sight all along
                followed.append((breath, guide))
    return _session(followed)


class _Heard:
    """What is heard of a breath: late and uncertain, with errors that last some seconds."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._error = 0.0
        self._sure = True
        self._far = 0.0

    def say(self, at: float, per_min: float) -> Iterator[BreathEstimate]:
        rng = self._rng
        self._error += -self._error / 8 + 0.5 * (2 / 8) ** 0.5 * rng.gauss(0, 1)
        if rng.random() < 0.1:
            self._sure = rng.random() < 0.8
            self._far = rng.choice([-3.0, 3.0]) if rng.random() < 0.03 else 0.0
        rate = max(3.0, per_min + self._error + self._far)
        confidence = 0.9 if self._sure else 0.5
        yield BreathEstimate(at - 10.0, rate, confidence, BreathSource.RR_ECG, settled=True)


def through_the_pipeline(kind: str, seed: int, *, listens: bool) -> Session:
    """The same with a strap that streams ECG and acceleration, and breath as the program tells it."""
    streams = StreamSettings(LeadSettings(), WearSettings())
    scenario = Scenario("people", person=person(kind, seed), streams=streams)
    practice = shipped()
    conductor = Conductor(practice, Choices(listens=listens))
    shown: list[GuideShown] = []

    def watch(_at: float, event: Event) -> None:
        if isinstance(event, GuideShown):
            shown.append(event)

    sitting = Sitting(pipeline(), [watch])
    truth = simulate(scenario, seed, sitting, seconds=practice.length_s - 1, conductor=conductor)
    begins = [one.time for one in truth if one.kind == "breath"]
    followed = []
    for second in range(int(shown[0].time) + 20, int(shown[1].time)):
        first, last = (conductor.pacer.at(moment) for moment in (second - 20.0, float(second)))
        if first is not None and last is not None:
            ends = np.interp([second - 20.0, second], begins, range(len(begins)))
            followed.append((3.0 * float(ends[1] - ends[0]), 3.0 * (last.turns - first.turns)))
    return _session(followed)


def _session(followed: list[tuple[float, float]]) -> Session:
    near = sum(abs(b - g) <= 0.5 for b, g in followed) / len(followed)
    return Session(near, max(abs(b - g) for b, g in followed), followed[-1][0])


def _pair(job: tuple[str, int]) -> tuple[Session, Session]:
    kind, seed = job
    return led(kind, seed, listens=True), led(kind, seed, listens=False)


def _pair_through(job: tuple[str, int]) -> tuple[Session, Session]:
    kind, seed = job
    return through_the_pipeline(kind, seed, listens=True), through_the_pipeline(kind, seed, listens=False)


def compared(kind: str, seeds: range, *, through: bool = False) -> list[tuple[Session, Session]]:
    """Sessions with a guide that listens, and the same people's with one that does not."""
    with ProcessPoolExecutor(2) as pool:
        return list(pool.map(_pair_through if through else _pair, [(kind, seed) for seed in seeds]))


def run(*, full: bool) -> list[Row]:
    """The rows of this benchmark."""
    rows = []
    for kind in PEOPLE:
        rows += _rows(kind, compared(kind, range(1, 201 if full else 41)), "people")
        if full:
            rows += _rows(kind, compared(kind, range(1, 5), through=True), "through the whole pipeline")
    return rows


def _rows(kind: str, pairs: list[tuple[Session, Session]], what_they_are: str) -> list[Row]:
    rows = []
    for what, unit in UNITS.items():
        listening = median(one.figures[what] for one, _ in pairs)
        other = median(two.figures[what] for _, two in pairs)
        figure = f"{listening:.3g}{unit} listening, {other:.3g}{unit} not"
        rows.append(Row(f"{kind} ({len(pairs)} {what_they_are}), {what}", figure))
    return rows
