"""Points between samples, by a windowed sinc below some frequency."""

import numpy as np

from breathsync.heart.hrv import FloatArray

KERNEL_HALF_S = 0.06  # support of one interpolated point on either side


def interpolation(rate_hz: float, before: int, after: int, steps: int, smooth_hz: float) -> FloatArray:
    """Matrix: samples -before - s ... after + s in, points every 1 / steps sample out (s: support).

    A windowed sinc below `smooth_hz`, so that neither time nor height of a wave depends on where the
    samples happened to fall: at 130 Hz a QRS flank lasts only three of them.
    """
    support = round(KERNEL_HALF_S * rate_hz)
    fine = np.arange(-before * steps, after * steps + 1) / steps
    samples = np.arange(-(before + support), after + support + 1)
    distance = fine[:, None] - samples[None, :]
    window = np.where(np.abs(distance) <= support, np.cos(0.5 * np.pi * distance / (support + 1)) ** 2, 0.0)
    weights = np.sinc(distance * min(1.0, 2.0 * smooth_hz / rate_hz)) * window
    normalised: FloatArray = weights / weights.sum(axis=1, keepdims=True)
    return normalised
