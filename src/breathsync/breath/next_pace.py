"""Which pace to breathe next, so that a further minute tells most about where a heart swings widest.

Two choices take turns. Twice a pace at which the peak may be: a quantile of its posterior, going round by
the golden ratio (Thompson's sampling without chance, so that a replay chooses alike). Then once the pace
after which the peak's variance is expected to be smallest: on the flanks, where a small shift of the peak
shows most. The top tells a peak from no peak, and a lopsided curve from an even one.
"""

import numpy as np
from numpy.typing import NDArray

from breathsync.breath.resonance import SwingAndPace, quantile
from breathsync.breath.resonance_curves import FloatArray

PACES = np.arange(4.25, 7.01, 0.25)
MINUTE = 1.0
_GOLDEN = 0.6180339887
_RESPONSE_LOSS = 1.3  # a minute at a new pace tells as much as 46 s of a settled one


def next_pace(fit: SwingAndPace, stretches: int) -> FloatArray:
    """Breaths a minute of the stretch after so many: shape (people,)."""
    if stretches % 3 == 1:
        telling: FloatArray = PACES[most_telling(fit)]
        return telling
    share = (stretches * _GOLDEN) % 1.0
    peak = quantile(fit.curves.peak_grid, fit.peak_probabilities(), share)
    nearest: FloatArray = PACES[np.abs(PACES[:, None] - peak[None, :]).argmin(axis=0)]
    return nearest


def most_telling(fit: SwingAndPace) -> NDArray[np.intp]:
    """Index into `PACES` of the pace whose next minute narrows the peak most: (people,).

    In the linear approximation a mean y of n breaths takes Cov(peak, y)² / Var(y) off the peak's variance.
    """
    weight, _ = fit.weights()
    gain = fit.curves.gain(PACES).T
    away = weight * (fit.curves.peaks[:, None] - (weight * fit.curves.peaks[:, None]).sum(axis=0))
    with_peak = (away * fit.level).sum(axis=0) + gain @ (away * fit.peak)
    _, error = fit.swing_at(PACES)
    breaths = PACES[:, None] * MINUTE / _RESPONSE_LOSS
    scatter = (weight * fit.scatter).sum(axis=0)
    narrows = with_peak**2 / (error**2 + scatter / breaths)
    telling: NDArray[np.intp] = narrows.argmax(axis=0)
    return telling
