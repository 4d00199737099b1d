"""Chests made by hand: a breath that tilts a strap, in frames of any size and rate."""

import math
from itertools import pairwise

import numpy as np

from breathsync.events import AccSamples, Event, InBreathEnd, Input, SessionEnded, Tick
from breathsync.session.pipeline import Stage


def tilts(seconds, rate_hz, per_min, *, tilt_deg=1.5, recline_deg=15.0, sway_deg=0.02, seed=1):
    """Recline by sample (n,) in degrees: the lungs are full at half a breath and each breath after it."""
    t = np.arange(int(seconds * rate_hz)) / rate_hz
    rng = np.random.default_rng(seed)
    keeps = math.exp(-1 / rate_hz / 15)
    steps = sway_deg * math.sqrt(1 - keeps * keeps) * rng.normal(size=len(t))
    sway = np.zeros(len(t))
    for k in range(1, len(t)):
        sway[k] = keeps * sway[k - 1] + steps[k]
    breath = -0.5 * np.cos(2 * np.pi * per_min / 60 * t)
    return recline_deg + tilt_deg * breath + sway


def pulled(recline_deg, *, belt_deg=5.0, noise=1.0, seed=2):
    """Gravity as the strap sees it (n, 3), whole milli-g."""
    rng = np.random.default_rng(seed)
    recline, belt = np.radians(recline_deg), math.radians(belt_deg)
    upright = 1000 * np.cos(recline)
    clean = np.stack([upright * math.sin(belt), upright * math.cos(belt), 1000 * np.sin(recline)], 1)
    return np.round(clean + noise * rng.normal(size=clean.shape))


def frames(values, rate_hz, *, size=36, began_s=0.0, source="strap"):
    """Frames of `size` samples, or cut at random where `size` is a generator."""
    cuts = [0]
    while cuts[-1] < len(values):
        cuts.append(cuts[-1] + (size if isinstance(size, int) else int(size.integers(1, 60))))
    frames_ = []
    for low, high in pairwise([*cuts[:-1], len(values)]):
        rows = tuple(map(tuple, values[low:high].tolist()))
        time = began_s + (high - 1) / rate_hz
        frames_.append(AccSamples(time, source, time, 1 / rate_hz, rows, low == 0))
    return frames_


def lived(stage: Stage, events: list[Event], until_s: float) -> list[tuple[float, Event]]:
    """All that a stage says, tick by tick; a frame is there with its last sample."""
    found, waiting = [], sorted(events, key=lambda e: e.time)
    for quarter in range(int(until_s * 4) + 1):
        now = quarter / 4
        while waiting and waiting[0].time < now:
            event = waiting.pop(0)
            found += [(now, e) for e in stage.push(event)]
        found += [(now, e) for e in stage.push(Tick(now))]
    found += [(until_s, e) for e in stage.push(SessionEnded(until_s))]
    return [(at, event) for at, event in found if not isinstance(event, Input)]


def full_errors(found, per_min, from_s=0.0):
    """How far each told end of an in-breath lies from the true one, s."""
    period = 60 / per_min
    times = [e.time for _, e in found if isinstance(e, InBreathEnd) and e.time >= from_s]
    return [(time / period - 0.5 + 0.5) % 1.0 * period - 0.5 * period for time in times]
