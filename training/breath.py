"""Makes `respiration_weights.json` again: `python -m training.breath`, about 25 min on two cores.

Only simulated people (`people.py`) are used; every seed is fixed. Four steps, each with people of its own:
first scorers (RR, ECG), final scorers over their beliefs, calibration, guide. The same numbers to the last
digit need the same BLAS.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # the same sums everywhere; two processes below

import argparse
import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from breathsync.breath.following import GuideFollowing
from breathsync.breath.rate_features import OF_SCORER
from breathsync.breath.respiration_rate import WEIGHTS_FILE, RespirationRate, RespirationSettings
from breathsync.clock import stopwatch
from training.following import ask, fit
from training.people import NEGATIVES, Person, breathing_person, breathless_person
from training.scorers import Examples, TrainingSettings, train

FIRST = ("rr.now", "rr.settled", "ecg.now", "ecg.settled")
FINAL = ("final.rr.now", "final.rr.settled", "final.rr+ecg.now", "final.rr+ecg.settled")
MADE_BY = "python -m training.breath"
PEOPLE = 1600, 1000, 300, 200  # of the four steps
# the program speaks a second sooner after a silence than the people whom it learnt from showed
SETTINGS = RespirationSettings(shortest_again_s=8.0)
BREATHLESS_SHARE = 0.25  # in calibration: such seconds are rarer in life than in training
MARK_LATE_BEATS = 2  # a beat is final two beats later
SETTLED_LAG_S = 10
Hit = tuple[float, float, float]  # mass within 1/min, whether it was, weight


@dataclass(frozen=True)
class Order:
    """Which person to simulate and how much it counts for RR alone / with ECG."""

    seed: int
    kind: str
    every_s: int  # seconds between examples
    rr_weight: float
    ecg_weight: float
    typical: bool = False  # as varied as real recordings; else more varied, to learn from

    def person(self) -> Person:
        """Simulate that person."""
        if self.kind in ("breathing", "mayer+ecg"):
            return breathing_person(self.seed, self.kind == "breathing", self.typical)
        return breathless_person(self.seed, self.kind)


def orders(count: int, first_seed: int, *, typical: bool = False) -> list[Order]:
    """Breathing people, and with them those in whose RR there is no breath."""
    out = []
    for i in range(count):
        out.append(Order(first_seed + i, "breathing", 5, 1.0, 1.0, typical))
        if i % 6 == 0:
            out.append(Order(first_seed + i, "mayer+ecg", 8, 0.0, 1.0, typical))
        if i % 4 == 0:
            kind = NEGATIVES[(i // 4) % len(NEGATIVES)]
            # a pure Mayer wave cannot be told from slow breath by RR: let it count little there
            out.append(Order(first_seed + i, kind, 8, 0.2 if kind == "mayer" else 1.0, 1.0))
    return out


def seconds(person: Person, estimator: RespirationRate, ecg: bool = True) -> Iterator[int]:
    """Feed a recording as it would arrive; yields after each second's estimate() is due."""
    heard = final = 0
    for t in range(person.reference.size):
        while heard < person.beat_s.size and person.beat_s[heard] <= t:
            estimator.hear_beat(float(person.beat_s[heard]), float(person.rr_ms[heard]))
            heard += 1
        while final < heard - MARK_LATE_BEATS:
            estimator.add_beat(
                float(person.beat_s[final]),
                float(person.rr_ms[final]),
                usable=bool(person.usable[final]),
                ecg=tuple(person.ecg[final]) if ecg else None,
            )
            final += 1
        yield t


def _lag(name: str) -> int:
    return SETTLED_LAG_S if "settled" in name else 0


def collect(order: Order, weights: dict[str, Any], names: tuple[str, ...]) -> dict[str, Examples]:
    """Examples of one person for the named scorers."""
    person = order.person()
    estimator = RespirationRate(weights, SETTINGS)
    starts = {name: estimator.rows.starts(OF_SCORER[name]) for name in names}
    rows: dict[str, list[tuple[Any, Any, float, float]]] = {name: [] for name in names}
    for t in seconds(person, estimator):
        estimator.estimate(float(t))
        if t % order.every_s != order.seed % order.every_s:
            continue
        for name in names:
            source = name.rsplit(".", 1)[0]
            moment = estimator.frame.moments.get(source)
            at = t - _lag(name)
            base = order.ecg_weight if "ecg" in source else order.rr_weight
            if moment is None or at < 0 or base * person.weight[at] <= 0:
                continue
            features = estimator.rows.read(starts[name]).T.astype(np.float16)
            rows[name].append((features, moment, person.reference[at], base * person.weight[at]))
    return {name: _stack(part) for name, part in rows.items() if part}


def _stack(rows: list[tuple[Any, Any, float, float]]) -> Examples:
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    return Examples(columns[0], columns[1].astype(np.float32), columns[2], columns[3])


def _join(parts: list[Examples]) -> Examples:
    return Examples(
        np.concatenate([p.features for p in parts]),
        np.concatenate([p.moments for p in parts]),
        np.concatenate([p.reference for p in parts]),
        np.concatenate([p.weight for p in parts]),
    )


def _collect(task: tuple[Order, dict[str, Any], tuple[str, ...]]) -> dict[str, Examples]:
    return collect(*task)


def fit_scorers(
    pool: ProcessPoolExecutor,
    weights: dict[str, Any],
    names: tuple[str, ...],
    people: list[Order],
    settings: TrainingSettings,
) -> None:
    """Collect examples for the named scorers, train them, put them into weights."""
    begun = stopwatch()
    tasks = [(order, weights, names) for order in people]
    parts = list(pool.map(_collect, tasks, chunksize=8))
    print(f"  examples {stopwatch() - begun:.0f} s", flush=True)
    for name in names:
        examples = _join([part.pop(name) for part in parts if name in part])
        lists, loss = train(examples, settings)
        weights["scorers"][name] = lists
        print(
            f"  {name}: {len(examples.reference)} examples, loss {loss:.4f}, {stopwatch() - begun:.0f} s",
            flush=True,
        )


# ---------------------------------------------------------------- calibration


def _confidences(task: tuple[Order, dict[str, Any], bool]) -> dict[str, list[Hit]]:
    """(mass, hit, weight) by source and kind for one person, every fourth second."""
    order, weights, ecg = task
    person = order.person()
    estimator = RespirationRate(weights, SETTINGS)
    out: dict[str, list[Hit]] = {}
    for t in seconds(person, estimator, ecg):
        for kind, estimate in zip(("now", "settled"), estimator.estimate(float(t)), strict=True):
            at = t - (SETTLED_LAG_S if kind == "settled" else 0)
            if t % 4 or at < 0 or estimate.breaths_per_min is None:
                continue
            base = order.ecg_weight if estimate.source == "rr+ecg" else order.rr_weight
            weight = base * person.weight[at]
            if order.kind != "breathing":
                weight *= BREATHLESS_SHARE
            if weight > 0:
                hit = abs(estimate.breaths_per_min - person.reference[at]) <= 1.0
                row = (estimate.confidence, float(hit), float(weight))
                out.setdefault(f"{estimate.source}.{kind}", []).append(row)
    return out


def isotonic(mass: Any, hit: Any, weight: Any, knots: int = 15) -> dict[str, list[float]]:
    """Monotone table mass -> share of hits: pooled adjacent violators over equal-count bins."""
    order = np.argsort(mass, kind="stable")
    groups = np.array_split(order, 4 * knots)
    blocks: list[list[float]] = []
    for g in groups:
        w = float(weight[g].sum())
        blocks.append([w, float((weight * hit)[g].sum()), float((weight * mass)[g].sum())])
        while len(blocks) > 1 and blocks[-2][1] / blocks[-2][0] >= blocks[-1][1] / blocks[-1][0]:
            last = blocks.pop()
            blocks[-1] = [a + b for a, b in zip(blocks[-1], last, strict=True)]
    x = [0.0] + [b[2] / b[0] for b in blocks] + [1.0]
    y = [b[1] / b[0] for b in blocks]
    y = [min(y[0], x[1]), *y, y[-1]]
    return {"mass": [round(v, 4) for v in x], "share": [round(v, 4) for v in y]}


def fit_calibration(pool: ProcessPoolExecutor, weights: dict[str, Any], people: list[Order]) -> None:
    """Tables from posterior mass to the share of hits, on people of their own."""
    tasks = [(order, weights, ecg) for order in people for ecg in (False, True)]
    rows: dict[str, list[Hit]] = {}
    for part in pool.map(_confidences, tasks, chunksize=4):
        for name, more in part.items():
            rows.setdefault(name, []).extend(more)
    weights["calibration"] = {name: isotonic(*np.array(part).T) for name, part in sorted(rows.items())}


# ---------------------------------------------------------------- guide


def _questions(task: tuple[Order, dict[str, Any], bool]) -> list[tuple[str, Any]]:
    order, weights, ecg = task
    person = order.person()
    estimator, guide = RespirationRate(weights, SETTINGS), GuideFollowing(weights)
    rng = np.random.default_rng([20263, order.seed])
    out: list[tuple[str, Any]] = []
    for t in seconds(person, estimator, ecg):
        estimator.estimate(float(t))
        due = t % 6 == order.seed % 6 and estimator.frame.final is not None
        if due and (ecg or order.rr_weight == 1.0):
            out += ask(person, estimator, guide, t, rng)
    return out


def fit_guide(pool: ProcessPoolExecutor, weights: dict[str, Any], people: list[Order]) -> None:
    """Nets for the guide's question."""
    tasks = [(order, weights, ecg) for order in people for ecg in (False, True)]
    rows: dict[str, list[Any]] = {}
    for part in pool.map(_questions, tasks, chunksize=4):
        for name, row in part:
            rows.setdefault(name, []).append(row)
    weights["guide"] = {name: fit(part) for name, part in sorted(rows.items())}
    print({name: len(part) for name, part in rows.items()}, flush=True)


def learn(shares: float, processes: int) -> dict[str, Any]:
    """All steps, with that share of the people."""
    settings, weights = TrainingSettings(), {"made_by": MADE_BY, "scorers": {}}
    first, final, calibration, guide = (max(4, round(shares * count)) for count in PEOPLE)
    with ProcessPoolExecutor(processes) as pool:
        print("first scorers")
        fit_scorers(pool, weights, FIRST, orders(first, 0), settings)
        print("final scorers")
        fit_scorers(pool, weights, FINAL, orders(final, 200_000), settings)
        print("calibration")
        fit_calibration(pool, weights, orders(calibration, 400_000, typical=True))
        print("guide")
        fit_guide(pool, weights, orders(guide, 600_000))
    return weights


def as_text(value: Any, indent: int = 0) -> str:
    """JSON to be read and compared: a row of an array a line."""
    pad = " " * indent
    if isinstance(value, dict):
        inner = (f"{pad} {json.dumps(key)}: {as_text(more, indent + 1)}" for key, more in value.items())
        return "{\n" + ",\n".join(inner) + f"\n{pad}}}"
    if isinstance(value, list) and value and isinstance(value[0], list):
        return "[\n" + ",\n".join(f"{pad} {json.dumps(row)}" for row in value) + f"\n{pad}]"
    return json.dumps(value)


def main() -> None:
    """Run all steps and write the weights file."""
    parser = argparse.ArgumentParser(prog=MADE_BY, description=__doc__)
    parser.add_argument("--out", type=Path, default=WEIGHTS_FILE, help="where to (default: the package)")
    parser.add_argument("--share", type=float, default=1.0, help="of the people, to try it (default: 1)")
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    given.out.write_text(as_text(learn(given.share, given.processes)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
