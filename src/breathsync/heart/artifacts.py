"""Marks doubtful beats; changes none.

The principle: a doubtful beat always shows a SHORT interval, or one near twice its neighbours. A sudden
lengthening alone is what slow breathing does to a healthy heart and is never marked. Thresholds stand on
the recent good beats and are clipped, so that they cannot widen to take frequent ectopy for normal.
"""

from collections import deque
from dataclasses import dataclass

from breathsync.events import Flaw


@dataclass(frozen=True, slots=True)
class MarkerSettings:
    """Limits of what counts as a heartbeat here. Shares are of the local RR interval."""

    shortest_ms: float = 300.0
    longest_ms: float = 2200.0
    least_step: float = 0.06
    most_step: float = 0.13
    context: int = 8


class BeatMarker:
    """Decides each beat's flaw when two more have been heard."""

    def __init__(self, settings: MarkerSettings | None = None) -> None:
        self._settings = settings or MarkerSettings()
        self._good: deque[float] = deque(maxlen=self._settings.context)
        self._steps: deque[float] = deque(maxlen=25)
        self._waiting: list[tuple[float, bool]] = []
        self._before: tuple[float, Flaw] | None = None

    def push(self, rr_ms: float, *, after_gap: bool = False) -> list[Flaw]:
        """Take the next beat; the flaws that became final by it, oldest first."""
        flaws = self.flush() if after_gap else []
        self._waiting.append((rr_ms, after_gap))
        if len(self._waiting) == 3:
            flaws.append(self._decide())
        return flaws

    def flush(self) -> list[Flaw]:
        """Decide what is waiting with what is known: nothing more will come."""
        flaws = []
        while self._waiting:
            flaws.append(self._decide())
        return flaws

    def _decide(self) -> Flaw:
        rr, after_gap = self._waiting[0]
        following = [value for value, _ in self._waiting[1:]]
        flaw = Flaw.GAP if after_gap else self._judge(rr, following)
        del self._waiting[0]
        if flaw is Flaw.NONE:
            if self._before is not None and self._before[1] is Flaw.NONE:
                self._steps.append(abs(rr - self._before[0]))
            self._good.append(rr)
        elif after_gap:
            self._good.clear()
            self._good.append(rr)
        self._before = (rr, flaw)
        return flaw

    def _judge(self, rr: float, following: list[float]) -> Flaw:
        limits = self._settings
        if not limits.shortest_ms <= rr <= limits.longest_ms:
            return Flaw.RANGE
        if not self._good:
            return Flaw.NONE
        local = sorted(self._good)[len(self._good) // 2]
        low, high = min(self._good), max(self._good)
        step = self._step(local)
        after = following[0] if following else rr
        before_rr, before_flaw = self._before or (rr, Flaw.NONE)
        if before_flaw is Flaw.SHORT and rr > high - step:
            return Flaw.LONG
        if before_flaw is Flaw.EXTRA and abs(before_rr + rr - local) < 2 * step:
            return Flaw.EXTRA
        if rr > 1.55 * local and rr > 1.2 * high and after < rr - 2 * step:
            return Flaw.MISSED
        if rr < low - step and rr < before_rr - step:
            if abs(rr + after - local) < 2 * step and after < low:
                return Flaw.EXTRA
            rebound = after > rr + step
            if rebound and (rr < 0.8 * local or after > local + step):
                return Flaw.SHORT
        return Flaw.NONE

    def _step(self, local: float) -> float:
        """3.5 robust SD of the accepted steps, clipped to 6-13 % of the local interval."""
        limits = self._settings
        steps = sorted(self._steps)
        spread = 3.5 * 1.4826 * steps[len(steps) // 2] if steps else 0.0
        return min(max(spread, limits.least_step * local), limits.most_step * local)
