"""What heart and chest say together of a breathing rate: each counts by what it is worth at that moment.

The chest's chance of being right is turned into odds, and these grow or shrink with how much more (or less)
of the heart's belief lies within 1/min of the chest's rate than if the heart knew nothing. RR alone may
follow a vessel wave instead of the breath, so its belief counts less than that with the ECG. Now and
settled have weights of their own, as support is rarer now. A chest that has been looked at for less than a
minute is right less often than it says. Where the chest is then the less likely of both, the heart's rate
stands, the less sure for the contradiction.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from breathsync.breath.chest_confidence import load_weights
from breathsync.breath.filter_bank import RATES, STEPS_PER_OCTAVE
from breathsync.breath.respiration_rate import KINDS, RateEstimate

LEAST_CHANCE = 0.3
"""Below it the chest is worth nothing, and the heart speaks alone."""

KNOWN_S = 50.0
"""Since the first look at a chest: from then on it counts as known."""

_BEFORE_S = 10.0  # of samples that the first look had
_WITHIN = 1.0  # breaths/min
_HALF_STEP = 2.0 ** (0.5 / STEPS_PER_OCTAVE)
_EDGES = np.append(RATES / _HALF_STEP, RATES[-1] * _HALF_STEP)
_SPAN = math.log(float(_EDGES[-1] / _EDGES[0]))
_DOUBT = 0.05  # of the heart's belief is spread over all rates
_MOST_ODDS = 6.0

Belief = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Fusion:
    """Log odds that the chest is right: offset + chest x its log odds + heart x support + age x `youth`."""

    offset: float
    chest: float
    heart: float
    age: float

    def chance(self, chest: float, support: float, seen_s: float) -> float:
        """Of the chest's rate, 0 to 1."""
        odds = self.offset + self.chest * log_odds(chest) + self.heart * support + self.age * youth(seen_s)
        return 1 / (1 + math.exp(-max(-_MOST_ODDS, min(_MOST_ODDS, odds))))


def fused(
    heart: RateEstimate,
    belief: Belief | None,
    rate: float,
    chance: float,
    *,
    settled: bool,
    seen_s: float = KNOWN_S,
) -> RateEstimate:
    """Both together; `belief` (rates + 1,) is the heart's, the rest the chest's (`ChestSays`)."""
    if chance < LEAST_CHANCE:
        return heart
    both = chance
    if belief is not None and heart.breaths_per_min is not None:
        weights = load_weights()["fusion"][f"{heart.source}.{KINDS[settled]}"]
        both = Fusion(*weights).chance(chance, support(belief, rate), seen_s)
    heart_right = (1 - both) * heart.confidence
    source = heart.source + "+acc"
    if heart.breaths_per_min is None or both >= heart_right:
        return RateEstimate(heart.time_s, rate, both, source)
    return RateEstimate(heart.time_s, heart.breaths_per_min, heart_right, source)


def youth(seen_s: float) -> float:
    """Log of how much of the first minute of a chest is known; 0 from then on."""
    return math.log((min(seen_s, KNOWN_S) + _BEFORE_S) / (KNOWN_S + _BEFORE_S))


def support(belief: Belief, rate: float) -> float:
    """Log of the heart's belief within 1/min of a rate against an even one; its "none" is even."""
    total = np.concatenate([[0.0], np.cumsum(belief[:-1], dtype=np.float64)])
    low, high = np.interp([rate - _WITHIN, rate + _WITHIN], _EDGES, total).tolist()
    even = math.log((rate + _WITHIN) / max(rate - _WITHIN, 1.0)) / _SPAN
    none = float(belief[-1])
    mass = (1 - _DOUBT) * (high - low + none * even) + _DOUBT * even
    return math.log(mass / even)


def log_odds(chance: float) -> float:
    """Kept finite."""
    chance = min(max(chance, 0.003), 0.997)
    return math.log(chance / (1 - chance))
