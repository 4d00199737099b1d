"""The guide waits for people instead of dragging them: what it does about the breath that it hears.

Where breath (from ECG or acceleration, with confidence) stays well above the guide, the guide comes
half-way to meet the person, waits, and tries again later and more gently. Where they have settled below it,
it follows. The rhythm in RR alone may be a vessel wave: for that it only stops slowing for a while.

Only settled estimates are heard: each is the mean over twenty seconds, and is held against the guide's mean
over the same twenty seconds.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from breathsync.events import BreathEstimate, BreathSource

_HALF_WINDOW_S = 10.0  # an estimate is the mean over the 20 s around its time


@dataclass(frozen=True, slots=True)
class ListeningSettings:
    """Gaps are breath minus guide, in breaths a minute."""

    least_confidence: float = 0.7
    well_above: float = 1.2
    well_below: float = 1.2
    near: float = 0.5
    elsewhere: float = 0.8  # while the guide waits: it comes nearer
    span_s: float = 18.0  # how long it has to be so
    least_heard: int = 9
    rest_s: float = 15.0  # how long the guide waits, at first
    longest_rest_s: float = 120.0
    deaf_s: float = 40.0  # nothing heard for so long: go on as if not listening
    gentlest: float = 0.1  # of the practice's own slowing
    taken_up_s: float = 60.0  # followed for so long, it may slow less gently


class Turn(StrEnum):
    """What the guide does now."""

    WAIT = "wait"  # stop slowing
    MEET = "meet"  # come to meet the person, and wait there
    GO_ON = "go_on"  # slow down again
    FOLLOW = "follow"  # the person is slower: go there


@dataclass(frozen=True, slots=True)
class Decision:
    """A turn; with the pace it leads to, or how gently (a share of the practice's own slowing) it slows."""

    turn: Turn
    per_min: float | None = None
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class _Heard:
    at: float
    per_min: float
    gap: float
    steers: bool


class Listening:
    """Hears a person's breath beside the guide's; `decide` says what follows, if anything.

    `waiting`: the guide waits for the person. `share`: how gently it slows, of the practice's own slowing.
    """

    def __init__(self, settings: ListeningSettings | None = None) -> None:
        self._settings = settings or ListeningSettings()
        self._heard: deque[_Heard] = deque()
        self.waiting = False
        self.share = 1.0
        self._changed_s = float("-inf")
        self._rest_s = self._settings.rest_s

    def hear(
        self, at: float, estimate: BreathEstimate, guide_mean: Callable[[float, float], float | None]
    ) -> None:
        """Take an estimate known at `at`; `guide_mean` gives the guide's pace from a time to a time."""
        rate = estimate.breaths_per_min
        if not estimate.settled or rate is None or estimate.confidence < self._settings.least_confidence:
            return
        guide = guide_mean(estimate.time - _HALF_WINDOW_S, min(at, estimate.time + _HALF_WINDOW_S))
        if guide is None:
            return
        steers = estimate.source is not BreathSource.RR
        self._heard.append(_Heard(at, rate, rate - guide, steers))

    def forget(self) -> None:
        """The guide left, or the person chose their own pace: begin anew."""
        self._heard.clear()
        self.waiting = False

    def decide(self, now: float, guide_per_min: float) -> Decision | None:
        """What the guide should do at `now`, while it breathes at `guide_per_min`."""
        while self._heard and self._heard[0].at < now - self._settings.span_s:
            self._heard.popleft()
        enough = len(self._heard) >= self._settings.least_heard
        if not enough:
            return self._after_silence(now) if self.waiting else None
        away = median(heard.per_min for heard in self._heard) - guide_per_min
        steers = all(heard.steers for heard in self._heard)
        if self.waiting:
            return self._while_waiting(now, guide_per_min, away, steers=steers)
        return self._while_leading(now, guide_per_min, away, steers=steers)

    def _while_leading(
        self, now: float, guide_per_min: float, away: float, *, steers: bool
    ) -> Decision | None:
        settings = self._settings
        gap = median(heard.gap for heard in self._heard)
        if gap > settings.well_above and away > settings.near:
            self.waiting = True
            self.share = max(settings.gentlest, self.share / 2)
            if not steers:
                return self._changed(now, Decision(Turn.WAIT))
            return self._changed(now, Decision(Turn.MEET, guide_per_min + away / 2))
        if steers and gap < -settings.well_below and away < -settings.well_below:
            return self._changed(now, Decision(Turn.FOLLOW, guide_per_min + away))
        if abs(gap) < settings.near and self.share < 1.0 and now - self._changed_s > settings.taken_up_s:
            self.share = min(1.0, 1.5 * self.share)
            self._rest_s = settings.rest_s
            return self._changed(now, Decision(Turn.GO_ON, share=self.share))
        return None

    def _while_waiting(
        self, now: float, guide_per_min: float, away: float, *, steers: bool
    ) -> Decision | None:
        """Come all the way where they still are elsewhere; try again where they are with the guide."""
        since = now - self._changed_s
        if since < self._settings.rest_s:
            return None
        if steers and abs(away) > self._settings.elsewhere:
            return self._changed(now, Decision(Turn.MEET, guide_per_min + away))
        if since > self._rest_s:
            self._rest_s = min(1.5 * self._rest_s, self._settings.longest_rest_s)
            return self._try_again(now)
        return None

    def _after_silence(self, now: float) -> Decision | None:
        if now - self._changed_s < max(self._settings.deaf_s, self._rest_s):
            return None
        return self._try_again(now)

    def _try_again(self, now: float) -> Decision:
        self.waiting = False
        return self._changed(now, Decision(Turn.GO_ON, share=self.share))

    def _changed(self, now: float, decision: Decision) -> Decision:
        self._changed_s = now
        self._heard.clear()
        return decision
