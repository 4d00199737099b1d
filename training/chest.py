"""Make breath/chest_weights.json again: `uv run python -m training.chest` (some minutes on two cores).

What speaks for a second's breath becomes the probability that the rate is right, now and settled, and that
the lungs were full when it says so. Only simulated wearers are used; every seed is fixed.
"""

import json
import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.accuracy.simulated_wearers import Worn, breathless, session
from numpy.typing import NDArray

from breathsync.breath.chest_breath import ChestBreath
from breathsync.breath.chest_confidence import WEIGHTS_FILE
from breathsync.breath.chest_features import NAMES, features, proposals
from breathsync.breath.chest_shape import BreathShape
from breathsync.devices import profiles
from breathsync.devices.decoder import Decoder
from breathsync.events import AccSamples, Event
from breathsync.session.sitting import Sitting

WEARERS, BREATHLESS = range(160), range(30)
SETTLED_S = 10
HIDDEN, EPOCHS, BATCH, STEP = 16, 60, 512, 0.01
KNOTS = 24
FULL_AFTER = 0.2  # breaths after the end of an in-breath it is told
BREATHLESS_WEIGHT = 0.5

Floats = NDArray[np.float64]


@dataclass
class Examples:
    """Seconds (n): features, proposed rates (n, 4), truths now and settled, errors of in-breath ends."""

    features: Floats
    rates: Floats
    now: Floats
    settled: Floats
    full_errors: Floats  # (n, 2) seconds, for either sign
    weight: float

    @property
    def breathless(self) -> bool:
        """No breath to find."""
        return bool(np.isnan(self.now).all())


def heard(worn: Worn) -> list[tuple[float, AccSamples]]:
    """Decoded acceleration, with the time at which it was known."""
    found: list[tuple[float, AccSamples]] = []

    def hear(at: float, event: Event) -> None:
        if isinstance(event, AccSamples):
            found.append((at, event))

    sitting = Sitting(Decoder(profiles.load_all()), [hear])
    for event in worn.inputs:
        sitting.push(event)
    return found


def examples_of(
    samples: list[tuple[float, AccSamples]], now: Floats, ends: Floats, weight: float = 1.0
) -> Examples | None:
    """One wearer's seconds, if any can be looked at; `now` has the true rate by second."""
    chest, shape, place = ChestBreath(), BreathShape(), 0
    rows: list[tuple[Floats, tuple[float, ...], float, float, tuple[float, float]]] = []
    for t in range(1, len(now) - 1):
        while place < len(samples) and samples[place][0] <= t:
            chest.bins.push(samples[place][1])
            place += 1
        moment = chest.look(float(t))
        if moment is None:
            continue
        rates = proposals(moment)
        shape.learn(moment.steps, moment.known, moment.phase, 0.7)
        errors = [_full_error(moment, shape.full_at(sign), ends) for sign in (1, -1)]
        settled = now[t - SETTLED_S] if t >= SETTLED_S else np.nan
        rows.append((features(moment, rates), rates, now[t], settled, (errors[0], errors[1])))
    if not rows:
        return None
    columns: list[Floats] = [np.array(column) for column in zip(*rows, strict=True)]
    x, every_rate, true_now, true_settled, full = columns
    return Examples(x, every_rate, true_now, true_settled, full, weight)


def _full_error(moment: Any, phase: float, ends: Floats) -> float:
    """How far the newest end of an in-breath that would be told lies from a true one, s."""
    if not len(ends):
        return np.inf
    turns = moment.phase.at(-FULL_AFTER / moment.rate_hz)
    turns = np.floor(turns - phase) + phase
    times = np.append(moment.phase.times_s, 0.0)
    at = moment.end_s + np.interp(turns, np.append(moment.phase.turns, moment.phase.edge), times)
    return float(at - ends[np.argmin(np.abs(ends - at))])


def _one(task: tuple[str, int]) -> Examples | None:
    kind, seed = task
    worn = session(seed) if kind == "session" else breathless(seed)
    times = np.arange(worn.seconds + 1)
    weight = 1.0 if kind == "session" else BREATHLESS_WEIGHT
    return examples_of(heard(worn), worn.rates(times), worn.in_breath_ends(), weight)


# --- learning ---


def now_weights(parts: Iterable[Examples]) -> list[float]:
    """Shares of the four proposals in the rate about now: least absolute error where settled is right."""
    use = [p for p in parts if not p.breathless]
    rates, truth = np.concatenate([p.rates for p in use]), np.concatenate([p.now for p in use])
    settled = np.concatenate([p.settled for p in use])
    right = np.abs(rates[:, 0] - settled) < 1
    right &= ~np.isnan(truth)
    x, y = rates[right], truth[right]
    weight, shares = 1 / y, np.zeros(4)
    base = x[:, 1]
    columns = np.stack([x[:, 0] - base, x[:, 2] - base, x[:, 3] - base], 1)
    for _ in range(30):  # iterated least squares, shares add up to one
        weighted = columns * weight[:, None]
        found = np.linalg.solve(weighted.T @ columns + 1e-6 * np.eye(3), weighted.T @ (y - base))
        errors = np.abs(y - base - columns @ found)
        weight = 1 / np.maximum(errors, 0.05)
        shares = np.array([found[0], 1 - found.sum(), found[1], found[2]])
    return [round(float(share), 3) for share in shares]


def targets(parts: list[Examples], shares: list[float]) -> tuple[Floats, Floats, Floats]:
    """Features (n, k), hits (n, 3) with NaN where unknown, weights (n,)."""
    rows, hits, weights = [], [], []
    for part in parts:
        now = np.abs(part.rates @ np.array(shares) - part.now) <= 1
        settled = np.abs(part.rates[:, 0] - part.settled) <= 1
        sign = int(
            np.nanmedian(np.abs(part.full_errors[:, 1])) < np.nanmedian(np.abs(part.full_errors[:, 0]))
        )
        full = np.abs(part.full_errors[:, sign]) <= 1
        hit = np.stack([now, settled, full], 1).astype(float)
        if not part.breathless:
            hit[np.isnan(part.now), 0] = np.nan
            hit[np.isnan(part.settled), 1:] = np.nan
        rows.append(part.features)
        hits.append(hit)
        weights.append(np.full(len(hit), part.weight))
    return np.concatenate(rows), np.concatenate(hits), np.concatenate(weights)


def train(x: Floats, hits: Floats, weight: Floats) -> dict[str, Any]:
    """Three logistic outputs on one hidden layer; Adam."""
    rng = np.random.default_rng(5)
    mean, spread = x.mean(0), x.std(0) + 1e-6
    z = np.clip((x - mean) / spread, -4, 4)
    counts = weight[:, None] * ~np.isnan(hits)
    wanted = np.nan_to_num(hits)
    p = [
        rng.normal(size=(x.shape[1], HIDDEN)) / np.sqrt(x.shape[1]),
        np.zeros(HIDDEN),
        rng.normal(size=(HIDDEN, 3)) / np.sqrt(HIDDEN),
        np.zeros(3),
    ]
    m, v = [np.zeros_like(a) for a in p], [np.zeros_like(a) for a in p]
    step = 0
    for epoch in range(EPOCHS):
        rate = STEP * 0.5 * (1 + np.cos(np.pi * epoch / EPOCHS))
        for batch in np.array_split(rng.permutation(len(z)), max(1, len(z) // BATCH)):
            step += 1
            hidden = np.tanh(z[batch] @ p[0] + p[1])
            said = 1 / (1 + np.exp(-(hidden @ p[2] + p[3])))
            away = counts[batch] * (said - wanted[batch]) / len(batch)
            back = (away @ p[2].T) * (1 - hidden**2)
            slopes = [z[batch].T @ back, back.sum(0), hidden.T @ away, away.sum(0)]
            for k, slope in enumerate(slopes):
                slope = slope + 1e-5 * p[k]
                m[k] = 0.9 * m[k] + 0.1 * slope
                v[k] = 0.999 * v[k] + 0.001 * slope**2
                p[k] -= rate * (m[k] / (1 - 0.9**step)) / (np.sqrt(v[k] / (1 - 0.999**step)) + 1e-8)
    return {"mean": mean, "spread": spread, "hidden": p[0], "bias": p[1], "out": p[2], "offset": p[3]}


def said_by(net: dict[str, Any], x: Floats) -> Floats:
    """Probabilities (n, 3) before calibration."""
    z = np.clip((x - net["mean"]) / net["spread"], -4, 4)
    return np.asarray(
        1 / (1 + np.exp(-(np.tanh(z @ net["hidden"] + net["bias"]) @ net["out"] + net["offset"])))
    )


def isotonic(said: Floats, hit: Floats, weight: Floats) -> dict[str, list[float]]:
    """Monotone table said -> share of hits: pooled adjacent violators over bins of equal count."""
    blocks: list[list[float]] = []
    for group in np.array_split(np.argsort(said, kind="stable"), 3 * KNOTS):
        w = float(weight[group].sum())
        blocks.append([w, float(weight[group] @ hit[group]), float(weight[group] @ said[group])])
        while len(blocks) > 1 and blocks[-2][1] / blocks[-2][0] >= blocks[-1][1] / blocks[-1][0]:
            last = blocks.pop()
            blocks[-1] = [a + b for a, b in zip(blocks[-1], last, strict=True)]
    table = np.array(blocks)
    x, y = table[:, 2] / table[:, 0], table[:, 1] / table[:, 0]
    keep = np.unique(np.linspace(0, len(x) - 1, KNOTS).round().astype(int))
    return {"said": [round(float(a), 5) for a in x[keep]], "share": [round(float(a), 4) for a in y[keep]]}


def fit(parts: list[Examples]) -> dict[str, Any]:
    """The whole file: even wearers teach the net that calibrates the odd ones, and the other way round."""
    shares = now_weights(parts)
    x, hits, weight = targets(parts, shares)
    whose = np.concatenate([np.full(len(p.features), i) for i, p in enumerate(parts)])
    said = np.zeros((len(x), 3))
    for fold in range(2):
        learns = whose // 2 % 2 == fold
        said[~learns] = said_by(train(x[learns], hits[learns], weight[learns]), x[~learns])
    net = train(x, hits, weight)
    tables = {}
    for k, name in enumerate(("now", "settled", "full")):
        known = ~np.isnan(hits[:, k])
        tables[name] = isotonic(said[known, k], hits[known, k], weight[known])
        shown = known & (np.interp(said[:, k], tables[name]["said"], tables[name]["share"]) >= 0.7)
        print(
            f"{name}: right where shown {hits[shown, k].mean():.4f}, shown {shown.sum() / known.sum():.3f}"
        )
    rounded = {name: np.round(np.asarray(a), 4).tolist() for name, a in net.items()}
    return {"features": list(NAMES), "now": shares, "net": rounded, "calibration": tables}


def write(weights: dict[str, Any], file: Path = WEIGHTS_FILE) -> None:
    """One array a line, so that a change can be read."""
    parts = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in weights.items()]
    file.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def main() -> None:
    """Simulate, learn, write."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    tasks = [("session", seed) for seed in WEARERS] + [("breathless", seed) for seed in BREATHLESS]
    with ProcessPoolExecutor(2) as pool:
        parts = [part for part in pool.map(_one, tasks, chunksize=4) if part is not None]
    fusion = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))["fusion"]
    write(fit(parts) | {"fusion": fusion})  # then run `training.fusion`


if __name__ == "__main__":
    main()
