"""The stage of breath: its rate every second, the ends of in-breaths, and whether the guide is followed.

From RR alone it is the rhythm in the heart rate, which need not be breath; with the ECG it is breath. The
chest's acceleration, where there is any, is weighed with both (`fusion`), and tells the ends of in-breaths
better than the heart can.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from statistics import median

from breathsync.breath.chest import Chest, ChestSays
from breathsync.breath.chest_sign import IN_BREATH
from breathsync.breath.following import GuideFollowing
from breathsync.breath.fusion import fused
from breathsync.breath.in_breaths import InBreaths
from breathsync.breath.respiration_rate import SETTLED_LAG_S, RateEstimate, RespirationRate
from breathsync.events import (
    AccSamples,
    Beat,
    BeatHeard,
    BreathEstimate,
    BreathPart,
    BreathSource,
    Event,
    Flaw,
    GuideFollowed,
    GuideShown,
    InBreathEnd,
    Marked,
    PacerStep,
    QrsShape,
    Tick,
)
from breathsync.heart.gate import GateSettings

_SAME_BEAT_S = 0.001
_Pair = tuple[RateEstimate, RateEstimate]
_CHEST_TELLS_S = 20.0  # after an end of an in-breath by the chest the heart does not tell any
_IRREGULAR = GateSettings().most_bend


class Respiration:
    """Every whole second a `BreathEstimate` about now and one about ten seconds ago.

    Where a guide is in sight, `GuideFollowed` about the same two moments; with ECG or acceleration,
    `InBreathEnd`; with acceleration, `BreathWave`.
    """

    hears = frozenset({BeatHeard, QrsShape, Beat, AccSamples, PacerStep, GuideShown, Marked, Tick})

    def __init__(self) -> None:
        self._heart: _Heart | None = None  # with the first beat: what was learnt takes a moment to load
        self._chest: Chest | None = None  # with the first samples
        self._chest_told_s = float("-inf")
        self._guide_part: BreathPart | None = None
        self._shapes: deque[QrsShape] = deque(maxlen=8)
        self._in_breaths = InBreaths()
        self._regular = _Regularity()
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
            case AccSamples():
                self._worn().push(event)
            case PacerStep():
                self._guide_moves(event)
            case GuideShown(time, shown):
                self._show(time, shown)
            case Marked(time, label) if label == IN_BREATH:
                self._worn().sign.mark(time)
            case Tick(time) if time % 1 == 0:
                return self._second(time)
        return ()

    def _listening(self) -> "_Heart":
        if self._heart is None:
            self._heart = _Heart()
        return self._heart

    def _worn(self) -> Chest:
        if self._chest is None:
            self._chest = Chest()
        return self._chest

    def _guide_moves(self, step: PacerStep) -> None:
        self._paces.append((step.time, step.breaths_per_min))
        ended = self._guide_part is BreathPart.IN and step.part is not BreathPart.IN
        self._guide_part = step.part
        if ended and self._chest is not None and self._pace(step.time) is not None:
            self._chest.sign.guide_is_full(step.time)

    def _final(self, beat: Beat) -> Iterable[Event]:
        if beat.rr_ms is None:
            return ()
        while self._shapes and self._shapes[0].time < beat.time - _SAME_BEAT_S:
            self._shapes.popleft()
        shape = None
        if beat.source == "ecg" and self._shapes and self._shapes[0].time < beat.time + _SAME_BEAT_S:
            s = self._shapes.popleft()
            shape = s.r_height, s.s_depth, s.up_slope, s.down_slope, s.qrs_mean, s.t_range
        self._regular.hear(beat)
        usable = beat.flaw is Flaw.NONE
        self._listening().rate.add_beat(beat.time, beat.rr_ms, usable=usable, ecg=shape)
        if self._chest is not None and usable:
            self._chest.sign.beat(beat.time, beat.rr_ms)
        if beat.source == "rr":
            return ()  # without an ECG the rhythm need not be breath
        return [
            end for end in self._in_breaths.push(beat) if end.time > self._chest_told_s + _CHEST_TELLS_S
        ]

    def _show(self, time: float, shown: bool) -> None:
        if shown:
            self._shown = [*self._shown[-1:], (time, float("inf"))]
        elif self._shown:
            self._shown[-1] = (self._shown[-1][0], time)

    def _second(self, now: float) -> Iterator[Event]:
        heart = self._heart
        estimates = heart.rate.estimate(now) if heart is not None else RespirationRate.nothing(now)
        if self._regular.lost:
            estimates = RespirationRate.nothing(now)
        if self._chest is not None:
            estimates = self._with_chest(estimates, self._chest.second(now))
        for estimate, settled in zip(reversed(estimates), (True, False), strict=True):  # in order of time
            if settled and now < SETTLED_LAG_S:
                continue
            said = _said(estimate, settled)
            self._in_breaths.hear(said)
            yield said
        yield from self._chest_events()
        yield from self._followed(now)

    def _with_chest(self, heart: _Pair, chest: ChestSays | None) -> _Pair:
        """Each of both estimates weighed with what the chest says."""
        if chest is None:
            return heart
        final = self._heart.rate.frame.final if self._heart is not None else None
        beliefs = (None, None) if final is None else final
        rates, chances = (chest.now, chest.settled), (chest.chances.now, chest.chances.settled)
        now, settled = (
            fused(estimate, belief, rate, chance, settled=settled, seen_s=chest.seen_s)
            for estimate, belief, rate, chance, settled in zip(
                heart, beliefs, rates, chances, (False, True), strict=True
            )
        )
        return now, settled

    def _chest_events(self) -> Iterator[Event]:
        for event in self._chest.events() if self._chest is not None else ():
            if isinstance(event, InBreathEnd):
                self._chest_told_s = event.time
            yield event

    def _followed(self, now: float) -> Iterator[GuideFollowed]:
        moments = now, now - SETTLED_LAG_S
        paces = [self._pace(moment) for moment in moments]
        if self._heart is None or self._regular.lost or paces == [None, None]:
            return
        rates = paces[0] or paces[1] or 0.0, paces[1] or paces[0] or 0.0
        chances = self._heart.following.probabilities(self._heart.rate, *rates)
        for moment, pace, chance in reversed(list(zip(moments, paces, chances, strict=True))):
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


class _Regularity:
    """Whether the rhythm is irregular throughout, as in atrial fibrillation: then it holds no breath.

    The measure is the gate's (`heart/gate.py`), over half a minute, so that it knows soon.
    """

    def __init__(self) -> None:
        self._rr: deque[float] = deque(maxlen=3)
        self._bends: deque[float] = deque(maxlen=40)
        self.lost = False

    def hear(self, beat: Beat) -> None:
        """Take in a final beat, also a marked one: marks are what an irregular rhythm has most of."""
        if beat.rr_ms is None or beat.flaw in (Flaw.GAP, Flaw.DUPLICATE, Flaw.RANGE):
            return
        self._rr.append(beat.rr_ms)
        if len(self._rr) == 3:
            before, rr, after = self._rr
            self._bends.append(abs(rr - 0.5 * (before + after)) / rr)
            self.lost = len(self._bends) >= 10 and median(self._bends) > _IRREGULAR


def _said(estimate: RateEstimate, settled: bool) -> BreathEstimate:
    source = BreathSource(estimate.source)
    return BreathEstimate(estimate.time_s, estimate.breaths_per_min, estimate.confidence, source, settled)
