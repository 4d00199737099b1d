"""Which beats of two streams are the same heartbeats: told by their intervals, then by their times."""

from collections.abc import Sequence

from breathsync.events import Beat

_LEAST_PAIRS = 5
_MOST_PAIRS = 12
_MOST_DIFFERENCE_MS = 15.0  # a real H10's RR against our R peaks: robust SD 1.6 ms
_MOST_OFFSET_S = 3.0


def offset_s(old: Sequence[Beat], new: Sequence[Beat]) -> float | None:
    """How much later the old stream places a heartbeat than the new one; `None` if they do not fit.

    The newest beats are laid over each other in every way; of those in which the intervals agree, the one
    counts in which the times are nearest (even breathing makes several fit).
    """
    best: tuple[float, float] | None = None
    for shift in range(-len(new), len(old) + 1):
        pairs = _pairs(old, new, shift)
        if len(pairs) < _LEAST_PAIRS:
            continue
        difference = sum(abs(a - b) for a, b, _ in pairs) / len(pairs)
        offset = sorted(later for _, _, later in pairs)[len(pairs) // 2]
        if difference > _MOST_DIFFERENCE_MS or abs(offset) > _MOST_OFFSET_S:
            continue
        if best is None or (difference / 5 + abs(offset)) < best[0]:
            best = difference / 5 + abs(offset), offset
    return best[1] if best else None


def _pairs(old: Sequence[Beat], new: Sequence[Beat], shift: int) -> list[tuple[float, float, float]]:
    """Intervals and time differences of old[i + shift] and new[i], newest first."""
    pairs: list[tuple[float, float, float]] = []
    for i in range(len(new) - 1, -1, -1):
        if 0 <= i + shift < len(old) and len(pairs) < _MOST_PAIRS:
            a, b = old[i + shift], new[i]
            if a.rr_ms is not None and b.rr_ms is not None:
                pairs.append((a.rr_ms, b.rr_ms, a.time - b.time))
    return pairs
