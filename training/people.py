"""Simulated people for training the breath estimator: numpy only, everything from one seed.

A person breathes along a plan (free, paced, slow practice, ramps, talking, pauses); breath moves
the heart rate through a gain that falls with rate (respiratory sinus arrhythmia, RSA); blood
pressure (Mayer) waves, slow drift and 1/f noise are independent of breath; beats come from an
integral pulse frequency modulation (IPFM) of that heart rate (Berger et al., IEEE TBME 33:900,
1986), with beat-time noise, the 1/1024 s quantum of heart-rate straps, and flawed beats.
The ranges below were set by looking at spectra and at fitted swings of real recordings; nothing
is fitted.  Ground truth is the reference of the field: breath marks -> centred 20 s mean rate.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training import breathing_plan as plan
from training import simulated_heart as body
from training.simulated_heart import STEP_S

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Person:
    """One simulated recording; arrays by beat (n,), (n, 6) or by whole second (seconds,)."""

    kind: str
    beat_s: Floats
    rr_ms: Floats
    usable: Bools
    ecg: Floats
    reference: Floats  # breaths/min at each whole second; nan where there is no breath to find
    weight: Floats  # how much each second counts in training (0 = not scored)
    guide: Floats  # rate of the pacer at each whole second, nan = none


NEGATIVES = ("white", "walk", "flat", "fibrillation", "band", "mayer")


def breathing_person(seed: int, rsa: bool = True, typical: bool = False) -> Person:
    """A person who breathes; rsa=False: RR holds only what is not breath (ECG still breathes).

    Typical people are as varied as those of real recordings, others more so, to learn from.
    """
    rng = np.random.default_rng([20261, seed])
    breaths, length = plan.draw_breaths(rng, plan.make_plan(rng))
    n = int(length / STEP_S)
    pause = max(float(rng.uniform(-0.3, 0.45)), 0.0)
    swing = body.rsa(rng, breaths, n, pause, typical)
    exertion = np.interp(np.arange(n) * STEP_S, breaths.start, _smooth_rate(60.0 / breaths.period, 5))
    resting = rng.uniform(50, 105)
    heart = (
        resting
        + rng.uniform(-0.1, 0.5) * (exertion - 12.0)
        + (0.8 if typical else 1.0) * body.background(rng, n)
    )
    if rsa:
        heart = heart + swing
    else:
        low, high = 0.07, 0.13
        heart = heart + rng.uniform(1.5, 7) * body.band_noise(rng, n, low, high)
    beat_s = body.beats(heart)
    beat_s = beat_s + rng.normal(0, 0.001 * 2 ** rng.uniform(-1, 3.5), beat_s.size)
    beat_s, rr_ms, usable = body.flaws(rng, np.sort(beat_s))
    which, volume = body.waves(breaths, n, rng.uniform(0.7, 1.3), pause)
    chest = body.smooth(breaths.depth[which] ** 0.8 * volume, rng.uniform(0.1, 0.3))
    ecg = body.ecg(rng, beat_s, rr_ms, chest, n)
    reference, weight = plan.reference(rng, breaths, int(length))
    seconds = np.arange(int(length))
    at = np.clip(np.searchsorted(breaths.start, seconds, "right") - 1, 0, breaths.start.size - 1)
    kind = "breathing" if rsa else "mayer+ecg"
    guide = breaths.guide[at]
    return Person(kind, beat_s, body.quantise(rng, rr_ms), usable, ecg, reference, weight, guide)


def breathless_person(seed: int, kind: str, seconds: int = 400) -> Person:
    """RR (and ECG features) without any breath to find; the right answer is "cannot tell"."""
    rng = np.random.default_rng([20262, seed])
    mean = rng.uniform(550, 1150)
    count = int(seconds * 1000 / mean)
    n = int(seconds / STEP_S)
    t = np.cumsum(np.full(count, mean / 1000))
    spread = float(np.exp(rng.uniform(np.log(3), np.log(80))))
    if kind == "white":
        rr = mean + spread * rng.normal(size=count)
    elif kind == "walk":
        rr = mean + np.cumsum(rng.normal(size=count)) * rng.uniform(1, 12)
        rr = mean + (rr - mean) - np.linspace(0, rr[-1] - mean, count)
    elif kind == "flat":
        rr = mean + rng.choice([0.0, 0.2, 0.5, 1.0, 2.0]) * rng.normal(size=count)
    elif kind == "fibrillation":
        spread = rng.uniform(0.1, 0.3) * mean
        raw = rng.gamma(8.0, 1.0, count)
        rr = mean + spread * (raw - 8.0) / np.sqrt(8.0)
        rr = rr - rng.uniform(0, 0.4) * np.roll(rr - mean, 1)
    elif kind == "band":
        rr = mean + spread * np.interp(t, np.arange(n) * STEP_S, body.band_noise(rng, n, 0.04, 0.15))
    else:
        low = rng.uniform(0.065, 0.08)
        wave = body.band_noise(rng, n, low, low + rng.uniform(0.02, 0.06))
        rr = mean + spread * np.interp(t, np.arange(n) * STEP_S, wave)
        rr = rr + rng.uniform(0, 0.3) * spread * rng.normal(size=count)
    rr = np.clip(rr, 320, 1900)
    if kind != "flat":
        rr = rr + rng.uniform(0, 5) * rng.normal(size=count)
    beat_s = np.cumsum(rr) / 1000
    beat_s = beat_s[beat_s < seconds]
    rr = rr[: beat_s.size]
    usable = rng.random(beat_s.size) > (0.03 if kind == "fibrillation" else 0.0)
    chest = body.pink_noise(rng, n, rng.uniform(0, 1.5), 0.02)
    ecg = body.ecg(rng, beat_s, rr, chest, n)
    nothing = np.full(seconds, np.nan)
    weight = np.ones(seconds)
    quantised = np.round(rr * 1.024) / 1.024 if kind == "flat" else body.quantise(rng, rr)
    return Person(kind, beat_s, quantised, usable, ecg, nothing, weight, nothing)


def _smooth_rate(x: Floats, width: int) -> Floats:
    padded = np.pad(x, width // 2, mode="edge")
    return np.asarray(np.convolve(padded, np.ones(width) / width, "valid")[: x.size])
