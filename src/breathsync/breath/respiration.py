"""The stage of breath: its rate every second, the ends of in-breaths, and whether the guide is followed.

From RR alone it is the rhythm in the heart rate, which need not be breath; with the ECG it is breath.
"""

from collections import deque
from collections.abc import Iterable, Iterator

from breathsync.breath.following import GuideFollowing
from breathsync.breath.in_breaths import InBreaths
from breathsync.breath.respiration_rate import SETTLED_LAG_S, RateEstimate, RespirationRate
from breathsync.events import (
    Beat,
    BeatHeard,
    BreathEstimate,
    BreathSource,
    Event,
    Flaw,
    GuideFollowed,
    GuideShown,
    PacerStep,
    QrsShape,
    Tick,
)

_SAME_BEAT_S = 0.001


class Respiration:
    """Every whole second a `BreathEstimate` about now and one about ten seconds ago.

    Where a guide is in sight, `GuideFollowed` about the same two moments; with the ECG, `InBreathEnd`.
    """

    def __init__(self) -> None:
        self._heart: _Heart | None = None  # with the first beat: what was learnt takes a moment to load
        self._shapes: deque[QrsShape] = deque(maxlen=8)
        self._in_breaths = InBreaths()
        self._paces: deque[tuple[float, float]] = deque(maxlen=64)  # start of a part, breaths a minute
        self._shown: list[tuple[float, float]] = []  # from, until

    def push(self, event: Event) -> Iterable[Event]:
        """Listen to beats, their shapes and the guide; speak each whole second."""
        match event:
            case BeatHeard(time, rr_ms):
                self._listening().rate.hear_beat(time, rr_ms)
            case QrsShape():
                self._shapes.append(event)
            case Beat():
                return self._final(event)
            case PacerStep(time):
                self._paces.append((time, event.breaths_per_min))
            case GuideShown(time, shown):
                self._show(time, shown)
            case Tick(time) if time % 1 == 0:
                return self._second(time)
        return ()

    def _listening(self) -> "_Heart":
        if self._heart is None:
            self._heart = _Heart()
        return self._heart

    def _final(self, beat: Beat) -> Iterable[Event]:
        if beat.rr_ms is None:
            return ()
        while self._shapes and self._shapes[0].time < beat.time - _SAME_BEAT_S:
            self._shapes.popleft()
        shape = None
        if beat.source == "ecg" and self._shapes and self._shapes[0].time < beat.time + _SAME_BEAT_S:
            s = self._shapes.popleft()
            shape = s.r_height, s.s_depth, s.up_slope, s.down_slope, s.qrs_mean, s.t_range
        usable = beat.flaw is Flaw.NONE
        self._listening().rate.add_beat(beat.time, beat.rr_ms, usable=usable, ecg=shape)
        return self._in_breaths.push(beat)

    def _show(self, time: float, shown: bool) -> None:
        if shown:
            self._shown = [*self._shown[-1:], (time, float("inf"))]
        elif self._shown:
            self._shown[-1] = (self._shown[-1][0], time)

    def _second(self, now: float) -> Iterator[Event]:
        heart = self._heart
        estimates = heart.rate.estimate(now) if heart is not None else RespirationRate.nothing(now)
        for estimate, settled in zip(estimates, (False, True), strict=True):
            if settled and now < SETTLED_LAG_S:
                continue
            said = _said(estimate, settled)
            self._in_breaths.hear(said)
            yield said
        yield from self._followed(now)

    def _followed(self, now: float) -> Iterator[GuideFollowed]:
        moments = now, now - SETTLED_LAG_S
        paces = [self._pace(moment) for moment in moments]
        if self._heart is None or paces == [None, None]:
            return
        rates = paces[0] or paces[1] or 0.0, paces[1] or paces[0] or 0.0
        chances = self._heart.following.probabilities(self._heart.rate, *rates)
        for moment, pace, chance in zip(moments, paces, chances, strict=True):
            if pace is not None and chance is not None:
                yield GuideFollowed(moment, chance)

    def _pace(self, moment: float) -> float | None:
        """The pace of the guide that was in sight."""
        if not any(since <= moment < until for since, until in self._shown):
            return None
        return next((pace for since, pace in reversed(self._paces) if since <= moment), None)


class _Heart:
    """What the heart says of the breath."""

    def __init__(self) -> None:
        self.rate = RespirationRate()
        self.following = GuideFollowing()


def _said(estimate: RateEstimate, settled: bool) -> BreathEstimate:
    source = BreathSource(estimate.source)
    return BreathEstimate(estimate.time_s, estimate.breaths_per_min, estimate.confidence, source, settled)
