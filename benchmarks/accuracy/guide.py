"""Score "is the guide followed": guides of 4.5-8/min beside real breath of known rate."""

import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from heapq import merge

import numpy as np

from benchmarks.accuracy.breath import SETS, inputs
from benchmarks.accuracy.breath_scoring import Found, area_under_curve
from benchmarks.accuracy.breathers import Breather, people
from benchmarks.accuracy.recordings import Bools
from benchmarks.accuracy.table import Report, Row
from benchmarks.accuracy.through import run
from breathsync.breath.respiration import Respiration
from breathsync.events import (
    Beat,
    BeatHeard,
    BreathPart,
    Event,
    GuideFollowed,
    GuideShown,
    PacerStep,
    QrsShape,
    Tick,
)
from breathsync.heart.hrv import FloatArray

GUIDES = np.arange(4.5, 8.01, 0.5)
HIGHEST_PER_MIN = 14.0  # seconds with a quicker reference ask nothing of a guide
FOLLOWED_WITHIN, NOT_BEYOND = 0.5, 1.0
STEADY_S, STEADY_WITHIN = 35, 2.0
Chances = dict[tuple[bool, int], FloatArray]
"""By with ECG or not and now or settled: probabilities (seconds, guides), 0 where none was given."""


def evaluate() -> Report:
    """All rows of this part."""
    persons = [p for folder in SETS.values() for p in people(folder)]
    with ProcessPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        chances = list(pool.map(_chances, persons))
    report = Report()
    for ecg, kind, limits in (
        (False, 0, (0.93, 0.97)),
        (False, 1, None),
        (True, 0, None),
        (True, 1, (0.97, 0.995)),
    ):
        what = f"{'RR + ECG' if ecg else 'RR'}, {'settled' if kind else 'now'}"
        parts = [_questions(p, c[ecg, kind], steady(p)) for p, c in zip(persons, chances, strict=True)]
        area = area_under_curve(*_joined(parts))
        if limits is not None:
            report.rows.append(
                Row(f"guide followed, steady, {what}: AUC", area, *limits, more_is_better=True)
            )
        every = _joined(
            [_questions(p, c[ecg, kind], p.valid) for p, c in zip(persons, chances, strict=True)]
        )
        each = sorted(area_under_curve(*part) for part in parts if min(map(len, part)) > 30)
        report.details.append(
            f"guide followed, {what}: steady {area:.4f}, all seconds {area_under_curve(*every):.4f}, "
            f"persons {' '.join(f'{value:.3f}' for value in each)}"
        )
    return report


def steady(person: Breather) -> Bools:
    """Reference known and within 2/min over the last 35 s."""
    reference = person.reference
    out = np.zeros(reference.size, np.bool_)
    for second in range(STEADY_S, reference.size):
        part = reference[second - STEADY_S : second + 1]
        out[second] = bool(np.isfinite(part).all()) and float(np.ptp(part)) <= STEADY_WITHIN
    return out


def _chances(person: Breather) -> Chances:
    """What the program's own stage says for each guide, with what came before it heard once."""
    out = {}
    for ecg in (False, True):
        found = run(inputs(person, ecg=ecg))
        told: Found = [(at, e) for at, e in found if isinstance(e, BeatHeard | Beat | QrsShape)]
        kinds = [np.zeros((person.valid.size, GUIDES.size)) for _ in range(2)]
        for i, rate in enumerate(GUIDES.tolist()):
            for at, event in _followed(person, told, rate):
                kinds[int(at - event.time > 5)][round(event.time), i] = event.probability
        out[ecg, 0], out[ecg, 1] = kinds
    return out


def _followed(person: Breather, told: Found, rate: float) -> Iterable[tuple[float, GuideFollowed]]:
    stage = Respiration()
    stage.push(GuideShown(0.0, shown=True))
    stage.push(PacerStep(0.0, 0, BreathPart.IN, 30 / rate, rate))
    seconds: list[tuple[float, Event]] = [(float(s), Tick(float(s))) for s in range(person.valid.size)]
    for at, event in merge(seconds, told, key=lambda pair: pair[0]):
        yield from ((at, e) for e in stage.push(event) if isinstance(e, GuideFollowed))


def _questions(person: Breather, chance: FloatArray, keep: Bools) -> tuple[FloatArray, FloatArray]:
    """Probabilities where the guide was followed, and where it was not."""
    keep = keep & person.valid & (np.nan_to_num(person.reference, nan=99) <= HIGHEST_PER_MIN)
    off = np.abs(person.reference[keep][:, None] - GUIDES)
    return chance[keep][off <= FOLLOWED_WITHIN], chance[keep][off > NOT_BEYOND]


def _joined(parts: list[tuple[FloatArray, FloatArray]]) -> tuple[FloatArray, FloatArray]:
    return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])
