"""Time-domain measures of NN intervals: pure functions of arrays.

Definitions: Task Force of the ESC and NASPE, Circulation 93 (1996) 1043-1065. Successive differences
are taken only between two intervals that follow each other directly and both count.
"""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def mean_heart_rate(nn_ms: FloatArray) -> float:
    """Beats per minute over NN intervals in ms, shape (n,), n >= 1: 60000 / mean NN."""
    return float(60000.0 / nn_ms.mean())


def sdnn(nn_ms: FloatArray) -> float:
    """Standard deviation of NN intervals in ms, shape (n,), n >= 2, with n - 1 degrees of freedom."""
    return float(nn_ms.std(ddof=1))


def rmssd(differences_ms: FloatArray) -> float:
    """Root mean square of successive differences in ms, shape (n,), n >= 1."""
    return float(np.sqrt(np.mean(differences_ms**2)))


def pnn50(differences_ms: FloatArray) -> float:
    """Percentage of successive differences beyond 50 ms, shape (n,), n >= 1."""
    return float(100.0 * np.mean(np.abs(differences_ms) > 50.0))
