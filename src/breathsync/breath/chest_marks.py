"""Breaths counted one by one, from turn to turn of the chest: rests bend the phase, not the count."""

from itertools import pairwise

from breathsync.breath.chest_bins import HZ, Floats

_TURN = 0.7  # of the amplitude that the tilt must go back before it has turned
_LEAST_MARKS = 2
_OVERDUE = 0.95  # of a breath that has lasted longer than the one before

Marks = list[float]


def turns(steps: Floats, amplitude_deg: float) -> tuple[Marks, Marks]:
    """When the tilt was highest and lowest in each breath, s before the end of the steps (negative)."""
    highs: Marks = []
    lows: Marks = []
    least, height, extreme, at, rising = _TURN * amplitude_deg, 0.0, 0.0, 0, True
    for k, step in enumerate(steps.tolist()):
        height += step
        if (height > extreme) == rising:
            extreme, at = height, k
        elif abs(extreme - height) > least:
            (highs if rising else lows).append((at - len(steps) + 1) / HZ)
            extreme, at, rising = height, k, not rising
    return highs[1:], lows[1:]


def counted(marks: tuple[Marks, Marks], began_s: float, until_s: float) -> float | None:
    """Breaths/min between two moments: mean over both kinds of mark; `None` with fewer than two of each."""
    rates = [_rate(kind, began_s, until_s) for kind in marks if len(kind) >= _LEAST_MARKS]
    return sum(rates) / len(rates) if rates else None


def _rate(marks: Marks, began_s: float, until_s: float) -> float:
    return 60 * (_count(marks, until_s) - _count(marks, began_s)) / (until_s - began_s)


def _count(marks: Marks, moment_s: float) -> float:
    """How many breaths by a moment; evenly between marks, beyond them as in the nearest breath."""
    if moment_s <= marks[0]:
        return (moment_s - marks[0]) / (marks[1] - marks[0])
    for k, (one, other) in enumerate(pairwise(marks)):
        if moment_s <= other:
            return k + (moment_s - one) / (other - one)
    share = (moment_s - marks[-1]) / (marks[-1] - marks[-2])
    return len(marks) - 1 + min(share, _OVERDUE)
