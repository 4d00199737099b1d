"""Training of the guide's question on simulated people (called by train_breath.py)."""

from typing import Any

import numpy as np

from breathsync.breath.following import GuideFollowing
from breathsync.breath.respiration_rate import RespirationRate
from training.people import Person

HIDDEN = 6
FOLLOWED_WITHIN, NOT_FOLLOWED_BEYOND = 0.5, 1.0
Row = tuple[Any, bool, float]


def ask(
    person: Person,
    estimator: RespirationRate,
    guide: GuideFollowing,
    t: int,
    rng: np.random.Generator,
) -> list[tuple[str, Row]]:
    """Questions about steady guides with the answers yes and no, for now and settled."""
    out: list[tuple[str, Row]] = []
    for kind, at in (("now", t), ("settled", t - 10)):
        if at < 0 or person.weight[at] <= 0:
            continue
        truth = person.reference[at]
        if np.isnan(truth):
            rates = [float(rng.uniform(3.5, 14))]
        elif truth > 16:
            continue
        else:
            away = float(np.exp(rng.uniform(0.0, np.log(7))) * rng.choice([-1, 1]))
            rates = [truth + float(rng.uniform(-0.5, 0.5)), truth + away]
            rates.append(float(rng.uniform(4, 9)))
        for rate in rates:
            off = abs(rate - truth) if not np.isnan(truth) else np.inf
            if not 3.2 < rate < 20 or FOLLOWED_WITHIN < off <= NOT_FOLLOWED_BEYOND:
                continue
            x = guide.both(estimator, rate, rate)[("now", "settled").index(kind)]
            name = f"{estimator.frame.source}.{kind}"
            out.append((name, (x, off <= FOLLOWED_WITHIN, float(person.weight[at]))))
    return out


def fit(rows: list[Row], seed: int = 5, epochs: int = 30) -> dict[str, Any]:
    """A small net by Adam on the logistic loss, both answers weighted to even odds."""
    x = np.array([r[0] for r in rows], np.float64)
    y = np.array([r[1] for r in rows], float)
    w = np.array([r[2] for r in rows])
    w = w * np.where(y > 0, 1 / w[y > 0].sum(), 1 / w[y == 0].sum())
    w *= len(w) / w.sum()
    mean, sd = x.mean(axis=0), x.std(axis=0) + 1e-3
    z = (x - mean) / sd
    rng = np.random.default_rng(seed)
    p = {
        "hidden": rng.normal(size=(x.shape[1], HIDDEN)) / np.sqrt(x.shape[1]),
        "bias": np.zeros(HIDDEN),
        "out": rng.normal(size=HIDDEN) / np.sqrt(HIDDEN),
        "offset": np.zeros(1),
    }
    first = {k: np.zeros_like(v) for k, v in p.items()}
    second = {k: np.zeros_like(v) for k, v in p.items()}
    batch, steps = 256, 0
    total = epochs * (len(z) // batch)
    for _ in range(epochs):
        order = rng.permutation(len(z))
        for i in range(len(z) // batch):
            pick = order[i * batch : (i + 1) * batch]
            hidden = np.tanh(z[pick] @ p["hidden"] + p["bias"])
            chance = 1 / (1 + np.exp(-(hidden @ p["out"] + p["offset"][0])))
            error = (chance - y[pick]) * w[pick] / batch
            back = error[:, None] * p["out"] * (1 - hidden**2)
            gradient = {
                "hidden": z[pick].T @ back + 1e-4 * p["hidden"],
                "bias": back.sum(axis=0),
                "out": hidden.T @ error,
                "offset": np.array([error.sum()]),
            }
            steps += 1
            rate = 5e-3 * (0.5 + 0.5 * np.cos(np.pi * steps / total) + 0.01)
            for k, d in gradient.items():
                first[k] = 0.9 * first[k] + 0.1 * d
                second[k] = 0.999 * second[k] + 0.001 * d * d
                mean_k, square = first[k] / (1 - 0.9**steps), second[k] / (1 - 0.999**steps)
                p[k] = p[k] - rate * mean_k / (np.sqrt(square) + 1e-8)
    p["hidden"] = p["hidden"] / sd[:, None]
    p["bias"] = p["bias"] - mean @ p["hidden"]
    return {k: np.vectorize(lambda a: float(f"{a:.5g}"))(v).tolist() for k, v in p.items()}
