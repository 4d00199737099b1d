"""Synthetic hearts for the tests: RR series and an ECG with P, QRS and T waves."""

import numpy as np

from breathsync.events import Flaw
from breathsync.heart.artifacts import BeatMarker
from breathsync.heart.hrv import FloatArray

WAVES = (  # offset from R (s), width (s), height
    (-0.17, 0.025, 0.12),
    (-0.028, 0.008, -0.12),
    (0.0, 0.010, 1.0),
    (0.028, 0.009, -0.25),
    (0.28, 0.045, 0.30),
)


def mark(rr_ms, gap_at=()) -> list[Flaw]:
    """The flaw of every interval."""
    marker, finals = BeatMarker(), []
    for i, rr in enumerate(rr_ms):
        finals += marker.push(float(rr), after_gap=i in gap_at)
    finals += marker.flush()
    assert len(finals) == len(rr_ms)
    return finals


def sinus_arrhythmia(
    breaths_per_min: float, swing_bpm: float, heart_rate_bpm: float = 70.0, n: int = 300
) -> FloatArray:
    """RR (ms) of `n` beats with a sinusoidal swing of heart rate, 3 ms of beat noise."""
    rng = np.random.default_rng(0)
    rr, now = [], 0.0
    for _ in range(n):
        phase = 2.0 * np.pi * breaths_per_min / 60.0 * now
        interval = 60.0 / (heart_rate_bpm + 0.5 * swing_bpm * np.sin(phase))
        now += interval
        rr.append(1000.0 * interval + rng.normal(0.0, 3.0))
    return np.array(rr)


def beat_times(seconds: float, rr_s: float = 0.85, swing_s: float = 0.05) -> FloatArray:
    times = [0.7]
    while times[-1] < seconds - 1.0:
        times.append(times[-1] + rr_s + swing_s * float(np.sin(2.0 * np.pi * times[-1] / 10.0)))
    return np.array(times)


def ecg(
    r_times_s: FloatArray,
    rate_hz: float,
    seconds: float,
    t_height: float = 0.30,
    t_width_s: float = 0.045,
) -> FloatArray:
    """Millivolts; every wave a Gaussian."""
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    signal = np.zeros(len(t))
    for offset, width, height in WAVES:
        if offset > 0.2:
            width, height = t_width_s, t_height
        for centre in r_times_s + offset:
            low, high = np.searchsorted(t, [centre - 5 * width, centre + 5 * width])
            signal[low:high] += height * np.exp(-0.5 * ((t[low:high] - centre) / width) ** 2)
    return signal
