"""Training of one scorer: soft cross-entropy over the candidate rates, Adam, plain numpy."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from breathsync.breath.filter_bank import RATES

Floats = NDArray[np.float32]
Parameters = dict[str, Floats]


@dataclass
class Examples:
    """Seconds to learn from: features (n, rates, k), moments (n, m), reference (nan: none)."""

    features: NDArray[np.float16]
    moments: Floats
    reference: NDArray[np.float64]
    weight: NDArray[np.float64]


@dataclass(frozen=True)
class TrainingSettings:
    """Sizes and steps; the same for all scorers unless named otherwise."""

    hidden: int = 16
    hidden_none: int = 8
    epochs: int = 6
    batch: int = 256
    step: float = 4e-3
    decay: float = 1e-5
    width: float = 0.4  # breaths/min, SD of the soft target
    seed: int = 7


def soft_targets(reference: NDArray[np.float64], width: float) -> Floats:
    """(n,) -> (n, rates + 1): a narrow bell about the reference, or all on "none"."""
    spacing = np.gradient(RATES)
    none = np.isnan(reference)
    centre = np.where(none, 10.0, reference)
    spread = np.maximum(width, 0.6 * np.interp(centre, RATES, spacing))
    bell = np.exp(-0.5 * ((RATES - centre[:, None]) / spread[:, None]) ** 2) * spacing
    bell /= np.maximum(bell.sum(axis=1, keepdims=True), 1e-12)
    bell[none] = 0.0
    return np.asarray(np.concatenate([bell, none[:, None]], 1), np.float32)


def _start(k: int, m: int, settings: TrainingSettings) -> Parameters:
    rng = np.random.default_rng(settings.seed)
    h, g = settings.hidden, settings.hidden_none

    def draw(rows: int, columns: int, size: float = 1.0) -> Floats:
        return np.asarray(size * rng.normal(size=(rows, columns)) / np.sqrt(rows), np.float32)

    return {
        "rate": draw(k, h),
        "moment": draw(m, h, 0.5),
        "bias": np.zeros(h, np.float32),
        "out": draw(h, 1)[:, 0],
        "none_moment": draw(m, g),
        "none_bias": np.zeros(g, np.float32),
        "none_out": draw(g, 1)[:, 0],
        "none_offset": np.zeros(1, np.float32),
    }


def _gradient(p: Parameters, x: Floats, g: Floats, y: Floats, w: Floats) -> tuple[float, Parameters]:
    """Loss and gradient of the weighted cross-entropy; shapes as in rate_scorer."""
    hidden = np.tanh(x @ p["rate"] + (g @ p["moment"] + p["bias"])[:, None, :])
    none = np.tanh(g @ p["none_moment"] + p["none_bias"])
    scores = np.concatenate([hidden @ p["out"], (none @ p["none_out"])[:, None]], 1)
    scores[:, -1] += p["none_offset"][0]
    scores -= scores.max(axis=1, keepdims=True)
    chance = np.exp(scores)
    chance /= chance.sum(axis=1, keepdims=True)
    loss = -float((w[:, None] * y * np.log(chance + 1e-9)).sum())
    error = (chance - y) * w[:, None]
    rates, last = error[:, :-1], error[:, -1]
    back = rates[:, :, None] * p["out"] * (1.0 - hidden * hidden)
    flat = back.reshape(-1, back.shape[2])
    summed = back.sum(axis=1)
    back_none = last[:, None] * p["none_out"] * (1.0 - none * none)
    gradient = {
        "rate": x.reshape(-1, x.shape[2]).T @ flat,
        "moment": g.T @ summed,
        "bias": summed.sum(axis=0),
        "out": rates.reshape(-1) @ hidden.reshape(-1, hidden.shape[2]),
        "none_moment": g.T @ back_none,
        "none_bias": back_none.sum(axis=0),
        "none_out": none.T @ last,
        "none_offset": np.array([last.sum()], np.float32),
    }
    return loss, gradient


def _fold(p: Parameters, scale: dict[str, Floats]) -> dict[str, list[float] | list[list[float]]]:
    """Put the standardisation of the inputs into the weights; round to 5 digits."""
    folded = dict(p)
    folded["rate"] = p["rate"] / scale["rate_sd"][:, None]
    for name, bias in (("moment", "bias"), ("none_moment", "none_bias")):
        folded[name] = p[name] / scale["moment_sd"][:, None]
        folded[bias] = p[bias] - scale["moment_mean"] @ folded[name]
    folded["bias"] = folded["bias"] - scale["rate_mean"] @ folded["rate"]
    return {k: np.vectorize(lambda a: float(f"{a:.5g}"))(v).tolist() for k, v in folded.items()}


def train(
    examples: Examples, settings: TrainingSettings
) -> tuple[dict[str, list[float] | list[list[float]]], float]:
    """Weights for ScorerWeights.from_lists, and the last epoch's mean loss."""
    x, g = examples.features, examples.moments
    some = x[::37].astype(np.float32).reshape(-1, x.shape[2])
    scale = {
        "rate_mean": some.mean(axis=0),
        "rate_sd": some.std(axis=0) + 1e-3,
        "moment_mean": g.mean(axis=0),
        "moment_sd": g.std(axis=0) + 0.05,
    }
    y = soft_targets(examples.reference, settings.width)
    p = _start(x.shape[2], g.shape[1], settings)
    first: Parameters = {k: np.zeros_like(v) for k, v in p.items()}
    second: Parameters = {k: np.zeros_like(v) for k, v in p.items()}
    rng = np.random.default_rng(settings.seed + 1)
    batches = len(x) // settings.batch
    steps, loss = 0, 0.0
    for _ in range(settings.epochs):
        order, total = rng.permutation(len(x)), 0.0
        for i in range(batches):
            pick = np.sort(order[i * settings.batch : (i + 1) * settings.batch])
            weight = examples.weight[pick].astype(np.float32)
            loss, gradient = _gradient(
                p,
                (x[pick].astype(np.float32) - scale["rate_mean"]) / scale["rate_sd"],
                (g[pick] - scale["moment_mean"]) / scale["moment_sd"],
                y[pick],
                weight / weight.sum(),
            )
            total += loss
            steps += 1
            share = steps / (settings.epochs * batches)
            rate = settings.step * min(1.0, steps / 50) * (0.5 + 0.5 * np.cos(np.pi * share) + 0.01)
            for k, value in p.items():
                d = gradient[k] + settings.decay * value
                first[k] = (0.9 * first[k] + 0.1 * d).astype(np.float32)
                second[k] = (0.999 * second[k] + 0.001 * d * d).astype(np.float32)
                mean, square = first[k] / (1 - 0.9**steps), second[k] / (1 - 0.999**steps)
                p[k] = (value - rate * mean / (np.sqrt(square) + 1e-8)).astype(np.float32)
        loss = total / max(batches, 1)
    return _fold(p, scale), loss
