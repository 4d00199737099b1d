"""The stage of swing: how far the heart rate moves with each guided breath, and how late.

The fit itself, and what it rests on, stands in `swing_fit.py`. What several breaths say together is said
only where the guide was followed over them: without that it would be the swing of another rhythm.
"""

from cmath import exp, phase
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import pi, sqrt
from statistics import mean, stdev

import numpy as np

from breathsync.events import (
    Beat,
    BreathPart,
    Event,
    Flaw,
    GuideFollowed,
    GuideShown,
    PacerStep,
    RrIntervals,
    RsaCycle,
    Stamp,
    StrapKnown,
    SwingMean,
    Synchrony,
    Tick,
)
from breathsync.heart.swing_fit import fit_swing

_BREATHS_FOR_MEAN = 6
_FOLLOWED = 0.5  # mean probability over the breaths: more likely than not
_FOLLOWED_KEPT_S = 300
_LATEST_S = 12.0  # after a breath's end: a strap's delay, a packet, two beats, and some patience


@dataclass(frozen=True, slots=True)
class SwingSettings:
    """`only_followed`: several breaths speak together only where the guide was, as is known, followed."""

    only_followed: bool = True


@dataclass(slots=True)
class _Breath:
    """A guided breath: it begins, is full, and ends where the next one begins."""

    start: float
    full: float | None = None
    end: float | None = None


class _Followed:
    """How likely the guide was followed, by second; the later word about a second counts."""

    def __init__(self) -> None:
        self._by_second: dict[float, float] = {}

    def hear(self, event: GuideFollowed) -> None:
        """Now and settled speak about the same second, ten seconds apart."""
        self._by_second[event.time] = event.probability
        if len(self._by_second) > _FOLLOWED_KEPT_S:
            del self._by_second[next(iter(self._by_second))]

    def over(self, start: float, end: float) -> bool:
        """Whether it was, more likely than not, between two moments."""
        known = [chance for time, chance in self._by_second.items() if start <= time <= end]
        return bool(known) and mean(known) >= _FOLLOWED


class Swing:
    """The stage that measures each guided breath's swing, its mean over six clean ones, and the lag."""

    hears = frozenset({Beat, StrapKnown, RrIntervals, GuideFollowed, GuideShown, PacerStep, Tick})

    def __init__(self, settings: SwingSettings | None = None) -> None:
        self._settings = settings or SwingSettings()
        self._beats: deque[Beat] = deque(maxlen=200)
        self._breaths: deque[_Breath] = deque(maxlen=3)
        self._due: deque[tuple[float, _Breath]] = deque()
        self._lags: deque[complex] = deque(maxlen=_BREATHS_FOR_MEAN)
        self._delay_known = True
        self._clean: deque[float] = deque(maxlen=_BREATHS_FOR_MEAN)
        self._starts: deque[float] = deque(maxlen=_BREATHS_FOR_MEAN)
        self._followed = _Followed()
        self._shown = False

    def push(self, event: Event) -> Iterable[Event]:
        """`RsaCycle` for each breath whose beats are known, and what the last six say together."""
        match event:
            case Beat(time, rr_ms, flaw):
                if flaw is not Flaw.DUPLICATE:
                    self._beats.append(event)
                return self._measure(time - (rr_ms or 0.0) / 2000)
            case StrapKnown(rr_latency_s=latency):
                self._delay_known = latency is not None
            case RrIntervals(stamp=Stamp.BEAT):
                self._delay_known = True
            case GuideFollowed():
                self._followed.hear(event)
            case GuideShown(shown=shown):
                self._begin_anew(shown)
            case PacerStep() if self._shown:
                self._guide_moved(event)
            case Tick(time):
                return self._measure(time - _LATEST_S)
        return ()

    def _begin_anew(self, shown: bool) -> None:
        self._shown = shown
        self._breaths.clear()
        if not shown:
            self._clean.clear()
            self._starts.clear()
            self._lags.clear()

    def _guide_moved(self, step: PacerStep) -> None:
        if step.part is BreathPart.IN:
            if self._breaths:
                self._breaths[-1].end = step.time
            if len(self._breaths) >= 2:
                self._due.append((self._breaths[-2].start, self._breaths[-1]))
            self._breaths.append(_Breath(step.time))
        elif self._breaths and self._breaths[-1].full is None:
            self._breaths[-1].full = step.time

    def _measure(self, known_s: float) -> list[Event]:
        """Measure every breath that ended before `known_s`: all its beats have come."""
        found: list[Event] = []
        while self._due and known_s > (self._due[0][1].end or 0.0):
            found += self._cycle(*self._due.popleft())
        return found

    def _cycle(self, since: float, breath: _Breath) -> Iterator[Event]:
        end = breath.end or 0.0
        beats = [b for b in self._beats if since < b.time < end + 4.0]
        columns = [(b.time, b.rr_ms or 1.0, b.flaw is Flaw.NONE) for b in beats]
        times, rr, usable = np.array(columns).reshape(-1, 3).T
        fit = fit_swing(times, rr, usable.astype(bool), [since, breath.start, end])
        per_min = 120 / (end - since)
        if fit is None:
            yield RsaCycle(end, None, per_min, clean=False)
            return
        yield RsaCycle(end, fit.swing_bpm, per_min, fit.clean)
        if fit.clean:
            full_turns = ((breath.full or breath.start) - breath.start) / (end - breath.start)
            self._clean.append(fit.swing_bpm)
            self._starts.append(breath.start)
            self._lags.append(exp(2j * pi * (fit.peak_turns - full_turns)))
            if len(self._clean) == _BREATHS_FOR_MEAN and self._may_speak(end):
                yield from self._together(end)

    def _may_speak(self, end: float) -> bool:
        return not self._settings.only_followed or self._followed.over(self._starts[0], end)

    def _together(self, end: float) -> Iterator[Event]:
        n = len(self._clean)
        # Neighbouring fits share a breath and correlate by about a half: between n of them the mean
        # pairwise correlation is 1 / n, and SE² = s² (2 - 1 / n) / (n - 1).
        error = stdev(self._clean) * sqrt((2 - 1 / n) / (n - 1))
        yield SwingMean(end, mean(self._clean), error, n)
        resultant = sum(self._lags) / n
        known = self._delay_known
        lag = phase(resultant) / (2 * pi) if known else None
        yield Synchrony(end, lag, abs(resultant) if known else None)
