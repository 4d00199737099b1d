"""Finding a rhythm on simulated people whose true peak is known: how near, how sure, and when silent.

Swing = 2 + 12 gain(pace - peak), a first-order response of 20 s, each breath scattered by 3 bpm, a drift of
0.6 bpm per square root of a minute; peaks evenly in 4.5-6.5/min; 15 minutes from rest. Curves: gain
1 / sqrt(1 + x²), 0.5, 0.9 or 1.5/min wide (sharp, medium, broad), 1.4 below and 0.7 above the peak
(asymmetric) or the other way round (mirrored), a bell of SD 1.15, and no peak at all (flat).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.row import Row, at_most
from breathsync.breath.next_pace import MINUTE, next_pace
from breathsync.breath.resonance import Answer, SwingAndPace
from breathsync.breath.resonance_curves import FloatArray
from breathsync.practice.rhythm_protocols import (
    FIRST,
    SLIDING_BREATHS,
    SLIDING_FROM_PER_MIN,
    SLIDING_LONGER_S,
)

MINUTES = 15.0
STEPS = (6.5, 6.0, 5.5, 5.0, 4.5)
SEED, TUNING_SEED = 20_000, 5_000  # what is tuned is tuned on the second and never on the first
SHAPES = {
    "sharp": (0.5, 0.5),
    "medium": (0.9, 0.9),
    "broad": (1.5, 1.5),
    "asymmetric": (1.4, 0.7),
    "mirrored": (0.7, 1.4),
    "bell": (1.15, 1.15),
    "flat": (1.0, 1.0),
}
FARTHEST = {"sharp": 0.12, "medium": 0.22, "broad": 0.28}
COVERED = (75.0, 90.0)
MOST_FLAT, LEAST_SHARP = 3.0, 95.0


class People:
    """Breathers of one kind of curve, all at once."""

    def __init__(self, shape: str, count: int, seed: int) -> None:
        self._rng = np.random.default_rng([seed, list(SHAPES).index(shape)])
        self.peaks = self._rng.uniform(4.5, 6.5, count)
        self._shape = shape
        self._drift = np.zeros(count)
        self._swing = np.full(count, 2.0)

    def _settled(self, per_min: FloatArray) -> FloatArray:
        away, (below, above) = per_min - self.peaks, SHAPES[self._shape]
        x = away / np.where(away > 0, above, below)
        gain = np.exp(-0.5 * x * x) if self._shape == "bell" else 1 / np.sqrt(1 + x * x)
        return 2 + (0.0 if self._shape == "flat" else 12.0) * gain

    def breathe(self, per_min: FloatArray) -> FloatArray:
        """The swing of one more breath."""
        lasts_s = 60 / per_min
        self._swing += (self._settled(per_min) - self._swing) * (1 - np.exp(-lasts_s / 20))
        self._drift += 0.6 * np.sqrt(lasts_s / 60) * self._rng.standard_normal(len(self.peaks))
        return self._swing + self._drift + 3 * self._rng.standard_normal(len(self.peaks))


@dataclass
class Found:
    """What came of it, for each person."""

    peaks: FloatArray
    best: FloatArray
    low: FloatArray
    high: FloatArray
    evidence: FloatArray

    @property
    def error(self) -> float:
        return float(np.sqrt(np.mean((self.best - self.peaks) ** 2)))

    @property
    def covered(self) -> float:
        return 100 * float(np.mean((self.low <= self.peaks) & (self.peaks <= self.high)))

    @property
    def named(self) -> float:
        clear = Answer(self.best, self.low, self.high, self.evidence).clear
        return 100 * float(np.mean(clear))


def _steps(minutes: float) -> Iterator[float]:
    for pace in STEPS:
        yield from [pace] * round(pace * minutes)


def _sliding() -> Iterator[float]:
    for breath in range(SLIDING_BREATHS):
        yield 60 / (60 / SLIDING_FROM_PER_MIN + breath * SLIDING_LONGER_S)


def planned(paces: Iterator[float], people: People) -> Found:
    """Everybody breathes the same paces."""
    fit, count = SwingAndPace(len(people.peaks)), len(people.peaks)
    for pace in paces:
        fit.breathe(pace)
        fit.observe(people.breathe(np.full(count, pace)))
    answer = fit.answer()
    return Found(people.peaks, answer.best, answer.low, answer.high, answer.evidence)


def adaptive(people: People) -> Found:
    """Everybody breathes what the program chooses for them, minute by minute."""
    count = len(people.peaks)
    fit, pace = SwingAndPace(count), np.zeros(count)
    passed_s, left, stretches = np.zeros(count), np.zeros(count, dtype=int), np.zeros(count, dtype=int)
    columns = np.full((4, count), np.nan)
    while np.isnan(columns[0]).any():
        over = (left == 0) & (passed_s >= 60 * (MINUTES - MINUTE / 2)) & np.isnan(columns[0])
        if over.any():
            answer = fit.of(over).answer()
            columns[:, over] = answer.best, answer.low, answer.high, answer.evidence
        for number in np.unique(stretches[left == 0]):
            due = (left == 0) & (stretches == number)
            first = FIRST[number] if number < len(FIRST) else None
            pace[due] = next_pace(fit.of(due), int(number)) if first is None else first
        left = np.where(left == 0, np.round(pace * MINUTE).astype(int), left)
        fit.breathe(pace)
        fit.observe(people.breathe(pace))
        passed_s += 60 / pace
        left -= 1
        stretches += left == 0
    return Found(people.peaks, *columns)


def best_of_five(people: People) -> Found:
    """The usual way: the step with the widest mean swing, its neighbours telling where between them."""
    count = len(people.peaks)
    means = np.array(
        [
            np.mean([people.breathe(np.full(count, pace)) for _ in range(round(pace * 3))], axis=0)
            for pace in STEPS
        ]
    )
    widest = means.argmax(axis=0)
    middle = np.clip(widest, 1, 3)
    before, at, after = (np.take_along_axis(means, (middle + d)[None], 0)[0] for d in (-1, 0, 1))
    between = np.array(STEPS)[middle] - 0.25 * (before - after) / (before - 2 * at + after)
    best = np.where(widest == middle, between, np.array(STEPS)[widest])
    return Found(people.peaks, best, best - 0.5, best + 0.5, np.full(count, np.inf))


PROTOCOLS: dict[str, Callable[[People], Found]] = {
    "best of five steps": best_of_five,
    "stepped": lambda people: planned(_steps(3), people),
    "sliding": lambda people: planned(_sliding(), people),
    "adaptive": adaptive,
}


def found(protocol: str, shape: str, count: int, seed: int = SEED) -> Found:
    """So many people of one shape after 15 minutes."""
    return PROTOCOLS[protocol](People(shape, count, seed))


def run(*, full: bool) -> list[Row]:
    """The rows of this benchmark."""
    count = 500 if full else 100
    rows: list[Row] = []
    for protocol in PROTOCOLS:
        for shape in SHAPES:
            rows += _rows(protocol, shape, found(protocol, shape, count), held=full)
    return rows


def _rows(protocol: str, shape: str, result: Found, *, held: bool) -> list[Row]:
    """The adaptive protocol is held to its aims with all people; the others stand beside it."""
    what = f"{protocol}, {shape}"
    usual = protocol == "best of five steps"
    rows = [] if shape == "flat" else [Row(f"{what}: RMS error", f"{result.error:.3f}/min")]
    if not usual:
        rows += [] if shape == "flat" else [Row(f"{what}: in the 80 % range", f"{result.covered:.1f} %")]
        rows.append(Row(f"{what}: a pace is named", f"{result.named:.1f} %"))
    if protocol != "adaptive" or not held:
        return rows
    if shape in FARTHEST:
        rows[0] = at_most(rows[0].what, result.error, FARTHEST[shape], "/min")
    if shape != "flat":
        low, high = COVERED
        within = low <= result.covered <= high
        rows[1] = Row(rows[1].what, rows[1].figure, f"{low:g}-{high:g} %", within)
    if shape == "sharp":
        rows[-1] = Row(rows[-1].what, rows[-1].figure, f">= {LEAST_SHARP:g} %", result.named >= LEAST_SHARP)
    if shape == "flat":
        rows[-1] = at_most(rows[-1].what, result.named, MOST_FLAT, " %")
    return rows
