"""Make the `fusion` line of breath/chest_weights.json again: `uv run python -m training.fusion`.

It comes after `training.chest` and `training.breath`.

Logistic regression of "the chest's rate is within 1/min" on its own log odds and the heart's support, for
RR alone and for RR with ECG. Simulated wearers only, others than those that taught the chest.
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
from breathsync.breath.fusion import LEAST_CHANCE, log_odds, support
from breathsync.breath.respiration import Respiration
from breathsync.breath.respiration_rate import SETTLED_LAG_S, RateEstimate
from breathsync.devices import polar, profiles
from breathsync.devices.decoder import Decoder
from breathsync.events import Input, Notification
from breathsync.heart.beats import Beats
from breathsync.session.pipeline import Pipeline
from breathsync.session.sitting import Sitting
from training.chest import write

WEARERS = range(300, 350)
_ECG = int(polar.Measurement.ECG)
Floats = NDArray[np.float64]
_Row = tuple[str, float, float, float, float]  # heart's source, log odds, support, rate, moment


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
            for belief, estimate, (rate, chance) in zip(final, heart, says, strict=True):
                if chance >= LEAST_CHANCE and estimate.breaths_per_min is not None:
                    supported = support(belief, rate)
                    self.rows.append((estimate.source, log_odds(chance), supported, rate, estimate.time_s))
        return heart


def _without_ecg(inputs: Iterable[Input]) -> list[Input]:
    return [e for e in inputs if not _is_ecg(e)]


def _is_ecg(event: Input) -> bool:
    return (
        isinstance(event, Notification) and event.characteristic == polar.DATA and event.payload[0] == _ECG
    )


def _one(seed: int) -> list[tuple[str, float, float, bool]]:
    worn = session(seed, ecg=True)
    truth = worn.rates(np.arange(worn.seconds + 1))
    found: list[tuple[str, float, float, bool]] = []
    for inputs in (worn.inputs, _without_ecg(worn.inputs)):
        stage = _Listening()
        sitting = Sitting(Pipeline([Decoder(profiles.load_all()), Beats(), stage]))
        for event in inputs:
            sitting.push(event)
        for source, odds, supported, rate, at in stage.rows:
            true = truth[int(at)] if at >= SETTLED_LAG_S else np.nan
            if not np.isnan(true):
                found.append((source, odds, supported, bool(abs(rate - true) <= 1)))
    return found


def weight_of(support: Floats, odds: Floats, hit: Floats) -> list[float]:
    """How far the heart's support counts; the chest's chance is calibrated, so usual support leaves it.

    Logistic regression with one unknown, by Newton's method; offset, chest, heart as in `Fusion`.
    """
    usual = float(support.mean())
    away, heart = support - usual, 0.0
    for _ in range(20):
        said = 1 / (1 + np.exp(-odds - heart * away))
        heart += float(away @ (hit - said)) / (float(away**2 @ (said * (1 - said))) + 1.0)
    return [round(-heart * usual, 3), 1.0, round(heart, 3)]


def main() -> None:
    """Simulate, fit, write."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with ProcessPoolExecutor(2) as pool:
        rows = [row for part in pool.map(_one, WEARERS, chunksize=2) for row in part]
    weights: dict[str, Any] = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    weights["fusion"] = {}
    for source in ("rr", "rr+ecg"):
        table = np.array([row[1:] for row in rows if row[0] == source], dtype=float)
        weights["fusion"][source] = weight_of(table[:, 1], table[:, 0], table[:, 2])
        print(source, len(table), weights["fusion"][source])
    write(weights)


if __name__ == "__main__":
    main()
