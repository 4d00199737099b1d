"""Arrays as what Qt paints, without an object for each point."""

from typing import Any

import numpy as np
from PySide6.QtGui import QPolygonF
from shiboken6 import VoidPtr

from breathsync.heart.hrv import FloatArray

_BYTES = 2 * np.dtype(np.float64).itemsize


def polygon(x: FloatArray, y: FloatArray) -> QPolygonF:
    """Points at `x` and `y`, both of shape (n,): written into the polygon's own memory."""
    made = QPolygonF()
    made.resize(x.size)
    if x.size:
        # PySide6's types know neither that `data` is an address nor the size of a VoidPtr
        memory: Any = VoidPtr(made.data(), x.size * _BYTES, True)  # type: ignore[call-arg, arg-type]
        points = np.frombuffer(memory, dtype=np.float64).reshape(-1, 2)
        points[:, 0], points[:, 1] = x, y
    return made
