"""Time-domain measures of NN intervals: pure functions of arrays.

Definitions: Task Force of the ESC and NASPE, Circulation 93 (1996) 1043-1065. Successive differences
are taken only between two intervals that follow each other directly and both count.
"""

from math import sqrt

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def mean_heart_rate(nn_ms: FloatArray) -> float:
    """Beats per minute over NN intervals in ms, shape (n,), n >= 1: 60000 / mean NN."""
    return 60000.0 * nn_ms.size / float(np.add.reduce(nn_ms))


def sdnn(nn_ms: FloatArray) -> float:
    """Standard deviation of NN intervals in ms, shape (n,), n >= 2, with n - 1 degrees of freedom."""
    away = nn_ms - np.add.reduce(nn_ms) / nn_ms.size
    return sqrt(float(away @ away) / (nn_ms.size - 1))


def rmssd(differences_ms: FloatArray) -> float:
    """Root mean square of successive differences in ms, shape (n,), n >= 1."""
    return sqrt(float(differences_ms @ differences_ms) / differences_ms.size)


def pnn50(differences_ms: FloatArray) -> float:
    """Percentage of successive differences beyond 50 ms, shape (n,), n >= 1."""
    return 100.0 * int(np.count_nonzero(np.abs(differences_ms) > 50.0)) / differences_ms.size
