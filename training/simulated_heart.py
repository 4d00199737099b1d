"""What the heart and the ECG of simulated people make of their breaths.

Breath moves heart rate (RSA) through a gain that falls with rate; Mayer waves, 1/f noise, drift and
startles do not know about breath; beats follow by integral pulse frequency modulation (IPFM:
Berger et al., IEEE TBME 33:900, 1986).
"""

import numpy as np
from numpy.typing import NDArray

from training.breathing_plan import Breaths

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

STEP_S = 0.05  # grid of the continuous signals
ECG_FEATURES = 6  # R height, S depth, up slope, down slope, QRS area, T height


def pink_noise(rng: np.random.Generator, n: int, slope: float, low_hz: float) -> Floats:
    """Noise with power ~ 1/f**slope above low_hz, flat below; unit SD, length n on the grid."""
    freq = np.fft.rfftfreq(n, STEP_S)
    shape = np.maximum(freq, low_hz) ** (-slope / 2)
    shape[0] = 0.0
    wave = np.fft.irfft(shape * np.exp(2j * np.pi * rng.random(freq.size)), n)
    return np.asarray(wave / max(float(np.std(wave)), 1e-12))


def band_noise(rng: np.random.Generator, n: int, low_hz: float, high_hz: float) -> Floats:
    """Gaussian noise within one band, unit SD."""
    freq = np.fft.rfftfreq(n, STEP_S)
    inside = (freq >= low_hz) & (freq <= high_hz)
    spectrum = inside * (rng.normal(size=freq.size) + 1j * rng.normal(size=freq.size))
    wave = np.fft.irfft(spectrum, n)
    return np.asarray(wave / max(float(np.std(wave)), 1e-12))


def waves(breaths: Breaths, n: int, roundness: float, pause: float) -> tuple[NDArray[np.intp], Floats]:
    """Index of the breath at each grid point, and breath volume in -1..1 (n,)."""
    t = np.arange(n) * STEP_S
    which = np.clip(np.searchsorted(breaths.start, t, "right") - 1, 0, breaths.start.size - 1)
    share = np.clip((t - breaths.start[which]) / breaths.period[which], 0, 1)
    turn = breaths.inspiration[which]
    # slow breaths often rest at the end of the out-breath
    rate = 60.0 / breaths.period[which]
    moving = 1.0 - pause * np.clip((11.0 - rate) / 5.0, 0.0, 1.0)
    share = np.minimum(share / moving, 1.0)
    warped = np.where(share < turn, 0.5 * share / turn, 0.5 + 0.5 * (share - turn) / (1 - turn))
    plain = -np.cos(2 * np.pi * warped)
    return which, np.asarray(np.sign(plain) * np.abs(plain) ** roundness)


def smooth(x: Floats, seconds: float) -> Floats:
    """Gaussian smoothing by FFT; takes the corners between breaths away."""
    n = x.size
    freq = np.fft.rfftfreq(2 * n, STEP_S)
    padded = np.concatenate([x, x[::-1]])
    kernel = np.exp(-0.5 * (2 * np.pi * freq * seconds) ** 2)
    return np.asarray(np.fft.irfft(np.fft.rfft(padded) * kernel, 2 * n)[:n])


def _second_harmonic(rng: np.random.Generator, breaths: Breaths, which: NDArray[np.intp], n: int) -> Floats:
    """The heart's answer to a slow breath may have two humps: relative size grows as rate falls."""
    size = abs(float(rng.normal(0, 0.35)))
    always = rng.uniform(0.2, 0.6) if rng.random() < 0.06 else 0.0
    slow = np.clip((10.0 - 60.0 / breaths.period) / 4.0, 0.0, 1.5)
    each = np.maximum(size * slow, always) * np.exp(rng.normal(0, 0.3, breaths.period.size))
    share = (np.arange(n) * STEP_S - breaths.start[which]) / breaths.period[which]
    return np.asarray(each[which] * np.cos(4 * np.pi * share + rng.uniform(0, 2 * np.pi)))


def _startles(rng: np.random.Generator, n: int) -> Floats:
    """Movements, swallowing, thoughts: heart rate (bpm) jumps for some seconds now and then."""
    out = np.zeros(n)
    often = rng.choice([0.0, 0.15, 0.5]) / 60.0 * STEP_S
    t = np.arange(n) * STEP_S
    for first in np.flatnonzero(rng.random(n) < often):
        lag = t[first:] - t[first]
        rise, fall = rng.uniform(1, 4), rng.uniform(3, 15)
        size = rng.normal(0, 6)
        out[first:] += size * (1 - np.exp(-lag / rise)) * np.exp(-lag / fall)
    return out


def rsa(rng: np.random.Generator, breaths: Breaths, n: int, pause: float, typical: bool) -> Floats:
    """Respiratory part of heart rate (bpm) on the grid: gain falls with rate, bump near 0.1 Hz."""
    middle, spread = (18.5, 0.4) if typical else (17.0, 0.6)  # peak to trough at 8/min, bpm
    swing = float(np.clip(middle * np.exp(rng.normal(0, spread)), 0.6, 45.0))
    fall = float(np.clip(rng.normal(1.0, 0.4), 0.3, 2.2))
    resonance_hz, bump = rng.uniform(0.075, 0.115), rng.uniform(0.0, 0.8)
    hz = 1.0 / breaths.period
    gain = np.where(hz > 0.13, (hz / 0.13) ** -fall, (np.maximum(hz, 0.03) / 0.13) ** 0.15)
    gain = gain * (1 + bump * np.exp(-0.5 * ((hz - resonance_hz) / 0.02) ** 2)) / (1 + bump / 4)
    which, volume = waves(breaths, n, rng.uniform(0.7, 1.3), pause)
    volume = volume + _second_harmonic(rng, breaths, which, n)
    depth = np.minimum(breaths.depth, 3.0) ** rng.uniform(0.3, 1.0)
    wave = smooth(0.5 * swing * (gain * depth)[which] * volume, rng.uniform(0.1, 0.35))
    if rng.random() < 0.5:  # the tone comes and goes over minutes
        wave = wave * np.exp(rng.uniform(0.1, 0.5) * pink_noise(rng, n, 2.0, 0.004))
    second = rng.normal(0, 0.15)  # curvature: HR answers unequally up and down
    return np.asarray(wave + second * (np.abs(wave) ** 2) / (0.5 * swing))


def background(rng: np.random.Generator, n: int) -> Floats:
    """Heart rate that has nothing to do with breath (bpm): Mayer waves, 1/f noise, drift."""
    low = rng.uniform(0.065, 0.1)
    mayer = band_noise(rng, n, low, low + rng.uniform(0.01, 0.04))
    mayer *= np.exp(0.4 * pink_noise(rng, n, 2.0, 0.01))
    mayer *= 1.5 * np.exp(rng.normal(0, 0.7))
    broad = pink_noise(rng, n, rng.uniform(1.0, 2.0), 0.01) * 2.0 * np.exp(rng.normal(0, 0.5))
    fast = pink_noise(rng, n, rng.uniform(0.0, 1.0), 0.1) * 0.9 * np.exp(rng.normal(0, 0.7))
    drift = pink_noise(rng, n, 2.5, 0.002) * rng.uniform(1, 6)
    return np.asarray(mayer + broad + smooth(fast, 0.3) + drift + _startles(rng, n))


def beats(heart_bpm: Floats) -> Floats:
    """Beat times where the integral of heart rate passes whole numbers (IPFM)."""
    count = np.cumsum(np.clip(heart_bpm, 30, 190)) / 60.0 * STEP_S
    whole = np.arange(1, int(count[-1]))
    return np.asarray(np.interp(whole, count, np.arange(1, count.size + 1) * STEP_S))


def flaws(rng: np.random.Generator, beat_s: Floats) -> tuple[Floats, Floats, Bools]:
    """Move, drop and add some beats; return times, RR (ms) and usable marks."""
    often = float(rng.choice([0.0, 0.0, 0.0005, 0.002, 0.01]))
    times, marks = list(beat_s), np.ones(beat_s.size, bool)
    rr = np.diff(beat_s, prepend=2 * beat_s[0] - beat_s[1])
    found = 0.95
    drop: list[int] = []
    for i in np.flatnonzero(rng.random(beat_s.size) < often):
        if i < 2 or i > beat_s.size - 4:
            continue
        seen = bool(rng.random() > found)
        if rng.random() < 0.7:  # premature beat and pause
            times[i] -= rr[i] * rng.uniform(0.15, 0.45)
            marks[i] = marks[i + 1] = seen
        else:  # missed beat
            drop.append(int(i))
            marks[i + 1] = seen
    if rng.random() < 0.15:  # lost contact
        first = int(rng.integers(20, beat_s.size - 60))
        lost = int(rng.uniform(3, 20))
        drop.extend(range(first, first + lost))
        marks[first + lost] = False
    keep = np.ones(beat_s.size, bool)
    keep[drop] = False
    false_marks = rng.random(beat_s.size) < rng.choice([0.0, 0.001, 0.004])
    kept = np.asarray(times)[keep]
    usable = (marks & ~false_marks)[keep]
    return kept, 1000 * np.diff(kept, prepend=2 * kept[0] - kept[1]), usable


def quantise(rng: np.random.Generator, rr_ms: Floats) -> Floats:
    """Straps send RR in 1/1024 s, some in whole ms."""
    quantum = rng.choice([1000 / 1024, 1.0, 0.1])
    return np.asarray(np.round(rr_ms / quantum) * quantum)


def ecg(rng: np.random.Generator, beat_s: Floats, rr_ms: Floats, chest: Floats, n: int) -> Floats:
    """Beat features (beats, 6): breath moves each with its own sign, gain, lag; plus noise."""
    t = np.arange(n) * STEP_S
    strength = 0.05 * np.exp(rng.normal(0, 0.6))
    quality = np.exp(rng.normal(0.35, 0.6))
    shared = rng.normal(0, 1, beat_s.size)
    shared_lag = rng.uniform(-0.5, 0.5)
    out = np.empty((beat_s.size, ECG_FEATURES))
    for j in range(ECG_FEATURES):
        gain = strength * rng.choice([-1, 1]) * np.exp(rng.normal(0, 0.5))
        if rng.random() < 0.2:
            gain *= 0.15
        lag = shared_lag + rng.normal(0, 0.15)
        wave = np.interp(beat_s - lag, t, chest)
        bent = wave + rng.normal(0, 0.2) * wave**2
        slow = np.interp(beat_s, t, pink_noise(rng, n, rng.uniform(1.0, 2.2), 0.005))
        noise = 0.6 * shared + rng.normal(0, 1, beat_s.size)
        mixed = bent + rng.uniform(0.2, 0.9) * slow / quality + 0.45 * noise / quality
        rr_part = rng.normal(0, 0.15) * (rr_ms - rr_ms.mean()) / max(float(rr_ms.std()), 5.0)
        out[:, j] = rng.uniform(0.3, 2) * (1 + gain * (mixed + rr_part))
    bumps = rng.random(beat_s.size) < rng.choice([0, 0, 0.005])  # electrode knocks
    return np.asarray(out * np.where(bumps[:, None], rng.uniform(0.3, 2.5, out.shape), 1.0))
