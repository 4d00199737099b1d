"""Swing (RSA amplitude): peak to trough of heart rate over one breath, in bpm.

Least squares over two breaths: constant, slope and one or two harmonics of the breath. An RR
interval is the time the heart rate needs to integrate to one beat, so 60 000 / RR is exactly the
MEAN heart rate inside the interval (integral pulse frequency model: Mateo & Laguna, IEEE Trans.
Biomed. Eng. 47(8):985-996, 2000). The basis functions are therefore averaged over each interval
too, which is the exact form of dividing by sinc(f RR): no loss at fast breathing or slow hearts.

An error of one beat time lengthens one interval and shortens the next, so the errors of
neighbouring intervals are correlated (-0.5 where only detection errs, 0 where the heart itself is
irregular). Weighting for -0.4 costs nothing in the second case and a third less scatter in the
first. Every harmonic's power has its noise power subtracted: a small swing is not inflated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import atan2, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from breathsync.heart.hrv import FloatArray

Bools = NDArray[np.bool_]

NEIGHBOUR_CORRELATION = -0.4
BEATS_FOR_SECOND_HARMONIC = 5.0  # per breath
LEAST_SPARE_BEATS = 2
LEAST_COVERAGE = 0.75  # of the two breaths, inside usable intervals
MOST_FLAGGED = 2  # one ectopic beat and its pause
WAVE = np.outer([1.0, 2.0], np.linspace(0.0, 2.0 * np.pi, 96, endpoint=False))
COSINE, SINE = np.cos(WAVE), np.sin(WAVE)  # of both harmonics over a breath


@dataclass(frozen=True, slots=True)
class SwingFit:
    """Swing of one breath. `peak_turns` is when in the breath, 0 to 1, its own frequency peaks."""

    swing_bpm: float
    peak_turns: float
    clean: bool  # enough usable beats, few enough flagged ones


def fit_swing(
    beat_time_s: FloatArray, rr_ms: FloatArray, usable: Bools, boundaries_s: Sequence[float]
) -> SwingFit | None:
    """Fit the breaths between `boundaries_s` (breaths may differ in length).

    `beat_time_s`, `rr_ms`, `usable` have shape (n,): the beat that ends each interval, the
    interval, and whether it is free of flaws. None where too few beats carry the fit.
    """
    edges = np.asarray(boundaries_s, dtype=np.float64)
    end, start = beat_time_s, beat_time_s - 0.001 * rr_ms
    middle = 0.5 * (start + end)
    inside = (middle > edges[0]) & (middle <= edges[-1])
    used = np.flatnonzero(inside & usable)
    breaths = len(edges) - 1
    harmonics = 2 if len(used) >= BEATS_FOR_SECOND_HARMONIC * breaths else 1
    if len(used) < 2 + 2 * harmonics + LEAST_SPARE_BEATS:
        return None
    coefficients, noise_power = _least_squares(start[used], end[used], used, edges, harmonics)
    length_s = float(edges[-1] - edges[0])
    covered = float(np.add.reduce(rr_ms[used])) * 0.001 / length_s
    flagged = int(np.count_nonzero(inside & ~usable))
    (cosine, sine), *_ = coefficients.tolist()
    return SwingFit(
        swing_bpm=_peak_to_trough(coefficients, noise_power),
        peak_turns=atan2(sine, cosine) / (2 * pi) % 1.0,
        clean=covered >= LEAST_COVERAGE and flagged <= MOST_FLAGGED,
    )


def _least_squares(
    start: FloatArray, end: FloatArray, index: NDArray[np.intp], edges: FloatArray, harmonics: int
) -> tuple[FloatArray, FloatArray]:
    """(harmonics, 2) cosine and sine coefficients in bpm and their (harmonics,) noise power."""
    rr = end - start
    both = _integrals(np.concatenate((start, end)), edges, harmonics)
    design = both[len(rr) :] - both[: len(rr)]
    # A time error e changes the rate by 60 e / rr^2: multiplying by rr^2 makes errors equal.
    design *= rr[:, None]
    rate = 60.0 * rr
    whiten = _whitening((index[1:] - index[:-1] == 1).tobytes())
    design, rate = whiten @ design, whiten @ rate
    inverse = np.linalg.inv(design.T @ design)
    solution = inverse @ (design.T @ rate)
    residual = rate - design @ solution
    variance = float(residual @ residual) / (len(rr) - design.shape[1])
    noise = variance * np.add.reduce(inverse.diagonal()[2:].reshape(harmonics, 2), axis=1)
    return solution[2:].reshape(harmonics, 2), noise


@lru_cache(maxsize=64)  # mostly all beats are neighbours, and their number is one of few
def _whitening(adjacent: bytes) -> FloatArray:
    """What makes errors independent, (n, n): `adjacent` has n - 1 bytes, 1 where two intervals touch."""
    beside = NEIGHBOUR_CORRELATION * np.frombuffer(adjacent, dtype=np.bool_)
    covariance = np.eye(len(beside) + 1) + np.diag(beside, 1) + np.diag(beside, -1)
    return np.asarray(np.linalg.inv(np.linalg.cholesky(covariance)))


def _integrals(time: FloatArray, edges: FloatArray, harmonics: int) -> FloatArray:
    """Integrals from edges[0] to each time of 1, t, cos(h phase), sin(h phase): (n, 2 + 2 h).

    The phase runs linearly through each breath, so both integrals vanish at every boundary.
    """
    breath = edges[1:-1].searchsorted(time)
    omega = (2.0 * np.pi / (edges[1:] - edges[:-1]))[breath]
    phase = omega * (time - edges[breath])
    elapsed = time - edges[0]
    integrals = np.empty((time.size, 2 + 2 * harmonics))
    integrals[:, 0] = elapsed
    integrals[:, 1] = 0.5 * elapsed * elapsed
    for h in range(1, harmonics + 1):
        integrals[:, 2 * h] = np.sin(h * phase) / (h * omega)
        integrals[:, 2 * h + 1] = (1.0 - np.cos(h * phase)) / (h * omega)
    return integrals


def _peak_to_trough(coefficients: FloatArray, noise_power: FloatArray) -> float:
    """Extent of the periodic part, each harmonic shrunk by its share of noise power."""
    wave = np.zeros_like(WAVE[0])
    pairs = zip(coefficients.tolist(), noise_power.tolist(), strict=True)
    for h, ((cosine, sine), noise) in enumerate(pairs, 1):
        power = cosine * cosine + sine * sine
        # An overtone always widens the wave, whichever way noise turned it: shrink it twice.
        kept = sqrt(max(0.0, 1.0 - min(h, 2) * noise / power)) if power > 0.0 else 0.0
        wave += kept * (cosine * COSINE[h - 1] + sine * SINE[h - 1])
    return float(wave.max() - wave.min())
