"""A guide that listens against the same guide that does not, each with the same simulated people.

Whole sessions of Soothing rhythm with four kinds of people. What the guide hears of their breath is cheap
here: the true mean over twenty seconds, ten seconds late, as uncertain as the accuracy floors of breath
from RR and ECG allow (shown 80 % of the time, mean absolute error 0.45/min, 3 % off by more than
2/min).
"""

import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from statistics import median

from benchmarks.row import Row
from breathsync.devices.person import STEP_S, Person, PersonSettings
from breathsync.events import BreathEstimate, BreathSource
from breathsync.practice.conductor import Choices, Conductor
from breathsync.practice.practice_file import shipped

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
    near = sum(abs(b - g) <= 0.5 for b, g in followed) / len(followed)
    return Session(near, max(abs(b - g) for b, g in followed), followed[-1][0])


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


def _pair(job: tuple[str, int]) -> tuple[Session, Session]:
    kind, seed = job
    return led(kind, seed, listens=True), led(kind, seed, listens=False)


def compared(kind: str, seeds: range) -> list[tuple[Session, Session]]:
    """Sessions with a guide that listens, and the same people's with one that does not."""
    with ProcessPoolExecutor(2) as pool:
        return list(pool.map(_pair, [(kind, seed) for seed in seeds], chunksize=5))


def run(*, full: bool) -> list[Row]:
    """The rows of this benchmark."""
    rows = []
    for kind in PEOPLE:
        pairs = compared(kind, range(1, 201 if full else 41))
        for what, unit in UNITS.items():
            listening = median(one.figures[what] for one, _ in pairs)
            other = median(two.figures[what] for _, two in pairs)
            figure = f"{listening:.3g}{unit} listening, {other:.3g}{unit} not"
            rows.append(Row(f"{kind} ({len(pairs)} people), {what}", figure))
    return rows
