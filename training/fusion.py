"""Make the `fusion` lines of breath/chest_weights.json again: `uv run python -m training.fusion`.

It comes after `training.chest` and `training.breath`.

Logistic regression of "the chest's rate is within 1/min" on the chest's log odds, the heart's support and
how much of the chest's first minute is known, for RR alone and for RR with ECG, now and settled. All
numbers are free: beside a doubtful chest there usually is a doubtful heart, and settled rates of the first
half minute are wrong so often that without an age all later ones would be told too modestly. Simulated
wearers only, others than those that taught the chest; what is printed was said of wearers left out.
"""

import json
import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import numpy as np
from benchmarks.accuracy.simulated_wearers import session
from numpy.typing import NDArray

from breathsync.breath.chest import ChestSays
from breathsync.breath.chest_confidence import WEIGHTS_FILE
from breathsync.breath.fusion import LEAST_CHANCE, log_odds, support, youth
from breathsync.breath.respiration import Respiration
from breathsync.breath.respiration_rate import KINDS, SETTLED_LAG_S, RateEstimate
from breathsync.devices import polar, profiles
from breathsync.devices.decoder import Decoder
from breathsync.events import Input, Notification
from breathsync.heart.beats import Beats
from breathsync.session.pipeline import Pipeline
from breathsync.session.sitting import Sitting
from training.chest import write

WEARERS = range(300, 400)
SECONDS = 150.0
FOLDS = 5
_ECG = int(polar.Measurement.ECG)
Floats = NDArray[np.float64]
_Row = tuple[
    str, float, float, float, float, float
]  # source and kind, log odds, support, youth, rate, moment

_Found = tuple[str, float, float, float, bool, int]  # ..., youth, whether it was right, wearer


class _Listening(Respiration):
    """Notes what meets where heart and chest are weighed."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[_Row] = []

    def _with_chest(
        self, heart: tuple[RateEstimate, RateEstimate], chest: ChestSays | None
    ) -> tuple[RateEstimate, RateEstimate]:
        final = self._heart.rate.frame.final if self._heart is not None else None
        if chest is not None and final is not None:
            says = (chest.now, chest.chances.now), (chest.settled, chest.chances.settled)
            for kind, belief, estimate, (rate, chance) in zip(KINDS, final, heart, says, strict=True):
                if chance >= LEAST_CHANCE and estimate.breaths_per_min is not None:
                    name, supported = f"{estimate.source}.{kind}", support(belief, rate)
                    young = youth(chest.seen_s)
                    self.rows.append((name, log_odds(chance), supported, young, rate, estimate.time_s))
        return heart


def _without_ecg(inputs: Iterable[Input]) -> list[Input]:
    return [e for e in inputs if not _is_ecg(e)]


def _is_ecg(event: Input) -> bool:
    return (
        isinstance(event, Notification) and event.characteristic == polar.DATA and event.payload[0] == _ECG
    )


def _one(seed: int) -> list[_Found]:
    worn = session(seed, SECONDS, ecg=True)
    truth = worn.rates(np.arange(worn.seconds + 1))
    found: list[_Found] = []
    for inputs in (worn.inputs, _without_ecg(worn.inputs)):
        stage = _Listening()
        sitting = Sitting(Pipeline([Decoder(profiles.load_all()), Beats(), stage]))
        for event in inputs:
            sitting.push(event)
        for name, odds, supported, young, rate, at in stage.rows:
            true = truth[int(at)] if at >= SETTLED_LAG_S else np.nan
            if not np.isnan(true):
                found.append((name, odds, supported, young, bool(abs(rate - true) <= 1), seed))
    return found


def weights_of(said: Floats, hit: Floats) -> list[float]:
    """Offset, chest, heart, age as in `Fusion`, from log odds, support and youth (n, 3): Newton's method.

    Held a little to the chest's own word.
    """
    x = np.column_stack([np.ones(len(hit)), said])
    start = np.array([0.0, 1.0, 0.0, 0.0])
    found = start.copy()
    for _ in range(20):
        chance = 1 / (1 + np.exp(-x @ found))
        bend = (x * (chance * (1 - chance))[:, None]).T @ x + np.eye(4)
        found += np.linalg.solve(bend, x.T @ (hit - chance) - (found - start))
    return [round(float(number), 3) for number in found]


def left_out(said: Floats, hit: Floats, whose: Floats) -> list[tuple[float, float, int]]:
    """Told, true and count by bin, where each fifth of the wearers is told by what the others taught."""
    chance = np.zeros(len(hit))
    for fold in range(FOLDS):
        out = whose // 2 % FOLDS == fold  # in pairs: every second wearer follows a guide
        offset, *slopes = weights_of(said[~out], hit[~out])
        chance[out] = 1 / (1 + np.exp(-(offset + said[out] @ np.array(slopes))))
    parts = [(chance >= low) & (chance < low + 0.1) for low in (0.5, 0.6, 0.7, 0.8)]
    return [(float(chance[p].mean()), float(hit[p].mean()), int(p.sum())) for p in parts if p.any()]


def main() -> None:
    """Simulate, fit, write."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with ProcessPoolExecutor(2) as pool:
        rows = [row for part in pool.map(_one, WEARERS, chunksize=2) for row in part]
    weights: dict[str, Any] = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    weights["fusion"] = {}
    for name in sorted({row[0] for row in rows}):
        table = np.array([row[1:] for row in rows if row[0] == name], dtype=float)
        said, hit, whose = table[:, :3], table[:, 3], table[:, 4]
        weights["fusion"][name] = weights_of(said, hit)
        bins = (f"{told:.2f}>{true:.2f} (n {n})" for told, true, n in left_out(said, hit, whose))
        print(name, len(hit), weights["fusion"][name], *bins)
    write(weights)


if __name__ == "__main__":
    main()
