"""How likely a second's breath is right: a small net over what speaks for it, calibrated.

The weights come from simulated wearers alone (`training/chest.py` makes them again).
"""

import json
import math
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from breathsync.breath.chest_bins import Floats

WEIGHTS_FILE = Path(__file__).with_name("chest_weights.json")
KINDS = ("now", "settled", "full")
_MOST = 4.0  # standard deviations


class Chances(NamedTuple):
    """Probabilities: rates within 1/min, now and settled; the end of an in-breath within a second."""

    now: float
    settled: float
    full: float


class ChestConfidence:
    """Features to probabilities; and how the proposed rates make the one about now."""

    def __init__(self) -> None:
        weights = load_weights()
        net = {name: np.array(values) for name, values in weights["net"].items()}
        self._hidden = net["hidden"] / net["spread"][:, None]
        self._mean, self._reach = net["mean"], _MOST * net["spread"]
        self._bias, self._out, self._offset = net["bias"], net["out"], net["offset"]
        self._tables = [weights["calibration"][kind] for kind in KINDS]
        self._now: list[float] = weights["now"]

    def chances(self, features: Floats) -> Chances:
        """For the features of one second."""
        away = np.clip(features - self._mean, -self._reach, self._reach)
        odds = np.tanh(away @ self._hidden + self._bias) @ self._out + self._offset
        said = [1 / (1 + math.exp(-max(min(x, 30.0), -30.0))) for x in odds.tolist()]
        found = [
            float(np.interp(x, t["said"], t["share"])) for x, t in zip(said, self._tables, strict=True)
        ]
        return Chances(*found)

    def rate_now(self, proposals: tuple[float, float, float, float]) -> float:
        """Breaths/min about now: half of those twenty seconds are still to come."""
        return sum(share * rate for share, rate in zip(self._now, proposals, strict=True))


@cache
def load_weights() -> dict[str, Any]:
    """The weights file."""
    loaded: dict[str, Any] = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    return loaded
