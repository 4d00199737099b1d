"""Nonlinear measures of NN intervals: for analysis and reports only, never live.

What none of these can tell stands in docs/measures.md.
"""

from collections.abc import Sequence

import numpy as np

from breathsync.heart.hrv import FloatArray

ALPHA1_SCALES = tuple(range(4, 17))  # Peng et al., Chaos 5 (1995): 4 to 16 beats
_SAMPLE_DIMENSION = 2
_SAMPLE_TOLERANCE_SD = 0.2


def poincare(nn_ms: FloatArray) -> tuple[float, float]:
    """SD1 and SD2 of the Poincaré plot in ms, of NN intervals in a row, shape (n,), n >= 3.

    Brennan et al., IEEE TBME 48 (2001), eq. 7; standard deviations with n - 1 degrees of freedom.
    """
    before, after = nn_ms[:-1], nn_ms[1:]
    return float(np.std((before - after) / np.sqrt(2), ddof=1)), float(
        np.std((before + after) / np.sqrt(2), ddof=1)
    )


def dfa(nn_ms: FloatArray, scales: Sequence[int] = ALPHA1_SCALES, *, overlap: bool = False) -> float | None:
    """Scaling exponent of detrended fluctuation analysis; with the default scales alpha1.

    Peng et al. 1995: the summed series is cut into boxes of n beats, a line is taken out of each, and
    the slope of log fluctuation over log n is the exponent. `overlap` moves the boxes on by half their
    length, as neurokit2 does. `None` for fewer than 2 boxes of the largest scale, or no variation.
    """
    if nn_ms.size < 2 * max(scales) or np.ptp(nn_ms) == 0:
        return None
    profile = np.cumsum(nn_ms - nn_ms.mean())
    fluctuations = [_fluctuation(profile, n, overlap=overlap) for n in scales]
    return float(np.polyfit(np.log2(scales), np.log2(fluctuations), 1)[0])


def _fluctuation(profile: FloatArray, n: int, *, overlap: bool) -> float:
    starts = np.arange(0, profile.size - n, n // 2) if overlap else np.arange(0, profile.size - n + 1, n)
    boxes = profile[starts[:, None] + np.arange(n)]
    x = np.arange(n) - (n - 1) / 2
    slopes = boxes @ x / (x @ x)
    left = boxes - boxes.mean(axis=1, keepdims=True) - slopes[:, None] * x
    return float(np.sqrt(np.mean(np.mean(left**2, axis=1))))


def sample_entropy(nn_ms: FloatArray) -> float | None:
    """Sample entropy with m = 2 and r = 0.2 SD, shape (n,), n >= 4.

    Richman & Moorman, Am. J. Physiol. 278 (2000): minus the logarithm of how often stretches that match
    for two intervals (each within r) match for the third too. `None` where none does.
    """
    tolerance = _SAMPLE_TOLERANCE_SD * float(np.std(nn_ms, ddof=1))
    templates = nn_ms.size - _SAMPLE_DIMENSION
    both = all_three = 0
    for lag in range(1, templates):  # one diagonal of all pairs at a time: memory stays flat
        near = np.abs(nn_ms[lag:] - nn_ms[:-lag]) <= tolerance
        two = near[:-2] & near[1:-1]
        both += int(np.count_nonzero(two))
        all_three += int(np.count_nonzero(two & near[2:]))
    if both == 0 or all_three == 0:
        return None
    return float(-np.log(all_three / both))
