"""The guide's way from a person's own rhythm to a slow one: how each next breath is to last.

Every change of pace takes effect with a breath, never inside one. The path decides; the pacer breathes.
Rates are in breaths a minute, periods in seconds a breath.
"""

from dataclasses import dataclass

from breathsync.breath.pacer import Pacer, PacerPosition
from breathsync.breath.patterns import (
    EVEN,
    QUICKEST_PER_MIN,
    QUICKEST_TARGET_PER_MIN,
    SLOWEST_PER_MIN,
    Pattern,
)
from breathsync.events import PaceChanged

START_PER_MIN = 12.0  # where nothing is known of a person's own rhythm
NUDGE_PER_MIN = 0.25
_MEETING_S = 0.5  # how much shorter or longer each breath becomes on the way to the person


@dataclass(frozen=True, slots=True)
class Slope:
    """Where a step's guide goes: to `target_per_min`, each breath `lengthen_s` longer than the last."""

    target_per_min: float | None = None
    lengthen_s: float = 0.25
    from_per_min: float | None = None


class Path:
    """One session's guide. Its methods give the change to make known; `pacer` has taken it already."""

    def __init__(self, own_per_min: float | None = None, shape: Pattern = EVEN) -> None:
        self.pacer = Pacer()
        self.own_per_min = own_per_min
        self.kept = False
        self._shape = shape
        self._slope = Slope()
        self._settled_s = 0.0  # the person is at home in breaths this long: they are not hurried
        self._began_per_min = QUICKEST_PER_MIN
        self._left_s: float | None = None  # the breath with which the guide left
        self._nudged_s: float | None = None  # asked for by hand, and perhaps still to come

    def at(self, time: float) -> PacerPosition | None:
        """The guide's breath, also while it is out of sight."""
        return self.pacer.at(time)

    def begin(self, time: float, slope: Slope, *, reason: str) -> PaceChanged:
        """Come into sight with an in-breath: where the guide left off, else at the person's own rhythm."""
        self._slope = slope
        period_s = self._left_s
        if period_s is None:
            own = self.own_per_min or slope.from_per_min or START_PER_MIN
            period_s = 60 / min(max(own, SLOWEST_PER_MIN), QUICKEST_PER_MIN)
            if self.own_per_min:
                self._began_per_min = 60 / period_s
            if self.own_per_min and slope.target_per_min and own < slope.target_per_min:
                self._settled_s = period_s  # slower by themselves than the step leads
        return self._go(time, period_s, self._until_s(period_s), slope.lengthen_s, anew=True, reason=reason)

    def go_on(
        self, time: float, slope: Slope, *, reason: str, share: float = 1.0, waits: bool = False
    ) -> PaceChanged | None:
        """The next step's slope, from where the breath is; none yet while the guide waits for somebody."""
        if slope.target_per_min is None:
            return None
        self._slope = slope
        return None if waits else self.lengthen(time, share=share, reason=reason)

    def leave(self, time: float) -> None:
        """Out of sight: remember where."""
        position = self.pacer.at(time)
        if position is not None:
            self._left_s = 60 / position.breaths_per_min

    def lengthen(self, time: float, *, reason: str, share: float = 1.0) -> PaceChanged:
        """Go on along the slope from the present breath, by a `share` of its lengthening."""
        period_s = self._now_s(time)
        return self._go(
            time, period_s, self._until_s(period_s), share * self._slope.lengthen_s, reason=reason
        )

    def hold(self, time: float, *, reason: str) -> PaceChanged:
        """Stay with the present breath."""
        return self._go(time, self._now_s(time), None, 0.0, reason=reason)

    def meet(self, time: float, per_min: float, *, reason: str) -> PaceChanged:
        """Come to `per_min` over the next breaths, half a second a breath, and stay there.

        Never quicker than where the guide began: it follows nobody upwards who follows it.
        """
        now_s = self._now_s(time)
        per_min = min(per_min, self._began_per_min)
        until_s = 60 / min(max(per_min, SLOWEST_PER_MIN), QUICKEST_PER_MIN)
        first_s = min(now_s + _MEETING_S, until_s) if until_s > now_s else max(now_s - _MEETING_S, until_s)
        return self._go(time, first_s, until_s, _MEETING_S, next_breath=True, reason=reason)

    def settle(self, time: float, per_min: float, *, reason: str) -> PaceChanged:
        """Follow a person who breathes slower than the guide, and do not hurry them later."""
        self._settled_s = 60 / max(per_min, SLOWEST_PER_MIN)
        return self.meet(time, per_min, reason=reason)

    def keep(self, time: float) -> PaceChanged:
        """Let this rhythm be the person's own: it stays until they let it go."""
        self.kept = not self.kept
        if self.kept:
            return self.hold(time, reason="kept")
        return self.lengthen(time, reason="not_kept")

    def nudge(self, time: float, by_per_min: float) -> PaceChanged:
        """A little slower or quicker, and kept there. Never out of 4-12/min by the person's own hand."""
        self.kept = True
        present = 60 / (self._nudged_s or self._now_s(time))
        quickest = max(QUICKEST_TARGET_PER_MIN, present)
        wanted_s = 60 / min(max(present + by_per_min, SLOWEST_PER_MIN), quickest)
        reason = "slower" if by_per_min < 0 else "quicker"
        pace = self._go(time, wanted_s, None, 0.0, next_breath=True, reason=reason)
        self._nudged_s = wanted_s
        return pace

    def _now_s(self, time: float) -> float:
        position = self.pacer.at(time)
        return 60 / position.breaths_per_min if position else 60 / START_PER_MIN

    def _until_s(self, period_s: float) -> float:
        """Where the way leads from here: nowhere, once a rhythm is kept."""
        if self.kept or self._slope.target_per_min is None:
            return period_s
        return max(60 / self._slope.target_per_min, self._settled_s)

    def _go(
        self,
        time: float,
        period_s: float,
        until_s: float | None,
        lengthen_s: float,
        *,
        anew: bool = False,
        next_breath: bool = False,
        reason: str,
    ) -> PaceChanged:
        self._nudged_s = None
        pace = PaceChanged(
            time,
            period_s=period_s,
            inhale_share=self._shape.inhale_share,
            rest_full_s=self._shape.rest_full_s,
            rest_empty_s=self._shape.rest_empty_s,
            lengthen_s=lengthen_s if until_s is None or until_s >= period_s else -lengthen_s,
            until_period_s=until_s,
            anew=anew,
            next_breath=next_breath,
            reason=reason,
        )
        self.pacer.change(pace)
        return pace
