"""Simulated hearts with a known truth: integral pulse frequency model with sinus arrhythmia."""

import numpy as np

from breathsync.heart.hrv import FloatArray

FINE_HZ = 100.0


def breathing_heart(
    rng: np.random.Generator,
    *,
    breaths_per_min: float,
    swing_bpm: float,
    heart_rate_bpm: float = 70.0,
    seconds: float = 400.0,
    drift_bpm: float = 1.0,
    second_harmonic: float = 0.0,
    noise_ms: float = 0.0,
    noise_in_rr: bool = False,
) -> tuple[FloatArray, FloatArray]:
    """Beat times (s) and RR (ms); `noise_ms` is the SD it adds to RR.

    The noise is an error of each beat time (detection), or of each interval (`noise_in_rr`).
    """
    t = np.arange(int(seconds * FINE_HZ) + 1) / FINE_HZ
    phase = 2.0 * np.pi * breaths_per_min / 60.0 * t
    circle = np.linspace(0.0, 2.0 * np.pi, 2000)

    def shape(x: FloatArray) -> FloatArray:
        return np.cos(x) + second_harmonic * np.cos(2.0 * x + 1.0)

    rate = heart_rate_bpm + swing_bpm * shape(phase) / np.ptp(shape(circle))
    rate += drift_bpm * np.sin(2.0 * np.pi * 2.3 * t / seconds + rng.uniform(0.0, 2.0 * np.pi))
    beats = np.concatenate(([0.0], np.cumsum(0.5 * (rate[1:] + rate[:-1]) / 60.0) / FINE_HZ))
    times = np.interp(np.arange(1, int(beats[-1])), beats, t)
    if noise_in_rr:
        rr = np.diff(times) + rng.normal(0.0, 0.001 * noise_ms, len(times) - 1)
        return times[0] + np.cumsum(rr), 1000.0 * rr
    times = times + rng.normal(0.0, 0.001 * noise_ms / np.sqrt(2.0), len(times))
    return times[1:], 1000.0 * np.diff(times)
