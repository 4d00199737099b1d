"""What to say at the end: where the heart swings widest, or that comfort may choose; comfort decides.

The heart says where it swings; the person says what is comfortable. Inside a range the more comfortable
pace is offered, without a range the most comfortable of all; between equals the one nearest to the widest
swing, or without a range nearest to six breaths a minute, where most practices lead.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from breathsync.events import Comfort, PaceFelt, SwingByPace

_ORDER = {Comfort.EASY: 0, Comfort.BETWEEN: 1, None: 2, Comfort.EFFORT: 3}
_USUAL_PER_MIN = 6.0


@dataclass(frozen=True, slots=True)
class RhythmChoice:
    """Breaths a minute. `low` and `high` are `None` where there is no clear difference between paces.

    `offered` is what to practise with, if the person likes; `felt` is how that felt.
    """

    low: float | None
    high: float | None
    offered: float | None
    felt: Comfort | None


def choose(found: SwingByPace | None, felt: Sequence[PaceFelt]) -> RhythmChoice:
    """The heart's answer and the person's, together."""
    said: dict[float, Comfort | None] = {
        _tenth(answer.breaths_per_min): answer.comfort for answer in felt if answer.comfort is not None
    }
    if found is None or not found.clear:
        easy_enough: dict[float, Comfort | None] = {
            pace: comfort for pace, comfort in said.items() if comfort is not Comfort.EFFORT
        }
        offered = _most_comfortable(easy_enough, _USUAL_PER_MIN)
        return RhythmChoice(None, None, offered, said[offered] if offered is not None else None)
    low, high, best = (
        _tenth(pace) for pace in (found.low_per_min, found.high_per_min, found.widest_per_min)
    )
    inside = {best: None} | {pace: comfort for pace, comfort in said.items() if low <= pace <= high}
    offered = _most_comfortable(inside, best)
    return RhythmChoice(low, high, offered, inside[offered] if offered is not None else None)


def _most_comfortable(said: dict[float, Comfort | None], near: float) -> float | None:
    return min(said, key=lambda pace: (_ORDER[said[pace]], abs(pace - near)), default=None)


def _tenth(per_min: float) -> float:
    return round(per_min, 1)
