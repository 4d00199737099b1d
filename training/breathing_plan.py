"""How simulated people breathe: a plan of stretches, breath after breath, and its reference."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

REFERENCE_WINDOW_S = 20.0


@dataclass
class Breaths:
    """Breath by breath: start (s), period (s), depth, share of in-breath."""

    start: Floats
    period: Floats
    depth: Floats
    inspiration: Floats
    talking: Bools
    guide: Floats  # pacer rate at the breath, nan = none


def _ramp(rng: np.random.Generator, low: float, high: float, duration: float) -> Floats:
    """Ramp of rates (1 s steps): linear, exponential, or linear in period."""
    u = np.linspace(0.0, 1.0, max(int(duration), 2))
    form = rng.integers(3)
    if form == 0:
        return np.asarray(low + (high - low) * u)
    if form == 1:
        return np.asarray(low * (high / low) ** u)
    return np.asarray(1.0 / (1 / low + (1 / high - 1 / low) * u**0.6))


@dataclass
class Segment:
    """A stretch of the plan: rate per second, breath-to-breath irregularity, guided or not."""

    rate: Floats
    irregular: float
    depth_spread: float
    guided: bool = False
    talking: bool = False


def _free(rng: np.random.Generator, base: float, duration: float) -> Segment:
    n = int(duration)
    wander = np.interp(np.arange(n), np.arange(0, n + 31, 30), rng.normal(0, 1, n // 30 + 2))
    rate = np.clip(base * np.exp(rng.uniform(0.02, 0.16) * wander), 4.0, 34.0)
    return Segment(rate, rng.uniform(0.03, 0.25), rng.uniform(0.05, 0.35))


def _guided(rng: np.random.Generator, rate: Floats) -> Segment:
    return Segment(rate, rng.uniform(0.005, 0.06), rng.uniform(0.03, 0.2), guided=True)


def make_plan(rng: np.random.Generator) -> list[Segment]:
    """A session of 8-15 min: test ramps, resting, slow practice, or a mixture."""
    base = float(np.clip(13.0 * np.exp(rng.normal(0, 0.3)), 7.0, 26.0))

    def free(low: float = 30, high: float = 180) -> Segment:
        return _free(rng, base * float(np.exp(rng.normal(0, 0.12))), rng.uniform(low, high))

    def plateau(low: float = 4, high: float = 12, shortest: float = 45) -> Segment:
        seconds = int(rng.uniform(shortest, 240))
        return _guided(rng, np.full(seconds, rng.uniform(low, high)))

    def ramp(up: bool) -> Segment:
        ends = rng.uniform(4.5, 9), rng.uniform(16, 37)
        low, high = ends if up else ends[::-1]
        return _guided(rng, _ramp(rng, low, high, rng.uniform(70, 170)))

    def slow() -> Segment:
        part = _free(rng, rng.uniform(3.5, 8), rng.uniform(90, 300))
        part.irregular = rng.uniform(0.02, 0.12)
        return part

    def talk() -> Segment:
        part = _free(rng, base, rng.uniform(15, 60))
        part.irregular, part.depth_spread, part.talking = 0.4, 0.5, True
        return part

    style = rng.random()
    if style < 0.4:  # a laboratory protocol: rest, ramp up, rest, slow plateau, rest, ramp down
        parts = [free(100, 190), ramp(True), free(60, 130), plateau(5, 10), free(60, 120)]
        return [*parts, ramp(False), free(80, 180)]
    if style < 0.6:  # practice
        return [free(40, 120), plateau(), slow(), plateau(4, 7.5, 90), free(40, 90)]
    if style < 0.75:  # rest only
        return [free(200, 400), free(100, 300), *([talk()] if rng.random() < 0.5 else []), free()]
    menu = [free, plateau, slow, lambda: ramp(True), lambda: ramp(False), free, talk]
    return [menu[int(rng.integers(len(menu)))]() for _ in range(6)]


def draw_breaths(rng: np.random.Generator, plan: list[Segment]) -> tuple[Breaths, float]:
    """Draw breaths one after the other; periods vary as a first-order autoregression."""
    rate = np.concatenate([part.rate for part in plan])
    label = np.repeat(np.arange(len(plan)), [part.rate.size for part in plan])
    memory = rng.uniform(0.0, 0.6)
    sighs = rng.uniform(0, 0.02)
    pauses = rng.choice([0.0, 0.01, 0.03])
    smooth_depth, smooth_period = 0.0, 0.0
    rows: list[tuple[float, float, float, float, bool, float]] = []
    t, end = -float(rng.uniform(0, 5)), float(rate.size)
    base_inspiration = rng.uniform(0.32, 0.5)
    while t < end:
        second = int(np.clip(t, 0, end - 1))
        part = plan[label[second]]
        kick = np.sqrt(1 - memory**2)
        smooth_period = memory * smooth_period + kick * rng.normal()
        smooth_depth = 0.5 * smooth_depth + 0.87 * rng.normal()
        # deeper breaths are longer ones: the two irregularities share a part
        period = 60.0 / rate[second] * np.exp(part.irregular * smooth_period)
        depth = np.exp(part.depth_spread * (0.8 * smooth_depth + 0.4 * smooth_period))
        if part.guided is False:
            if rng.random() < sighs:
                depth, period = depth * rng.uniform(1.8, 3.0), period * rng.uniform(1.2, 1.8)
            elif rng.random() < pauses:
                period *= rng.uniform(1.4, 2.5)
            depth *= (rate[second] / 12.0) ** -0.3
        inspiration = np.clip(base_inspiration + 0.04 * rng.normal(), 0.2, 0.7)
        guide = rate[second] if part.guided else np.nan
        rows.append((t, float(np.clip(period, 1.4, 25)), depth, inspiration, part.talking, guide))
        t += rows[-1][1]
    table = np.array(rows, dtype=float)
    start, periods, depths, inspirations, talking, guides = table.T
    breaths = Breaths(start, periods, depths, inspirations, talking > 0, guides)
    return breaths, end


def _mean_rate(start: Floats, seconds: int) -> Floats:
    """Time-weighted 20 s centred mean of the rate between marks, by second."""
    count = np.arange(start.size, dtype=float) * 60.0  # 60 / period held over the period
    half = REFERENCE_WINDOW_S / 2
    t = np.arange(seconds, dtype=float)
    low, high = np.maximum(t - half, start[0]), np.minimum(t + half, start[-1])
    mean = np.interp(high, start, count) - np.interp(low, start, count)
    return np.asarray(mean / np.maximum(high - low, 1.0))


def _marks(rng: np.random.Generator, breaths: Breaths) -> Floats:
    """Breath marks of one sensor: a little jitter, some shallow breaths overlooked."""
    edges = np.append(breaths.start, breaths.start[-1] + breaths.period[-1])
    jitter = 0.04 * np.append(breaths.period, breaths.period[-1])
    edges = edges + jitter * np.clip(rng.normal(0, 1, edges.size), -3, 3)
    shallow = np.append(breaths.depth, 1.0) < 0.5 * np.median(breaths.depth)
    lost = rng.random(edges.size) < np.where(shallow, 0.4, 0.004)
    lost[[0, -1]] = False
    return np.sort(edges[~lost])


def reference(rng: np.random.Generator, breaths: Breaths, seconds: int) -> tuple[Floats, Floats]:
    """Mean rate of two sensors by second; weight 0 where they disagree, as in real references."""
    one, other = (_mean_rate(_marks(rng, breaths), seconds) for _ in range(2))
    mean = 0.5 * (one + other)
    weight = (np.abs(one - other) <= np.maximum(1.5, 0.1 * mean)).astype(float)
    t = np.arange(seconds, dtype=float)
    which = np.clip(np.searchsorted(breaths.start, t, "right") - 1, 0, breaths.start.size - 1)
    weight *= np.where(breaths.talking[which] | (breaths.period[which] > 17), 0.3, 1.0)
    half = REFERENCE_WINDOW_S / 2
    weight[(t < half) | (t > seconds - half)] = 0.0
    return mean, weight
