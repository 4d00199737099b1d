"""Swing: how far the heart rate moves with a breath (RSA amplitude, peak to trough, bpm), and when.

Per guided breath, a least-squares fit over that breath and the one before: constant, slope and the
breath's frequency with its second harmonic where beats allow. An RR interval averages the rate over its
own length, which flattens the swing by sinc(f RR); the fit takes that out again.
"""

from cmath import exp, phase
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import pi
from statistics import mean, stdev

import numpy as np

from breathsync.events import (
    Beat,
    BreathPart,
    Event,
    Flaw,
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
from breathsync.heart.hrv import FloatArray

_BREATHS_FOR_MEAN = 6
_MOST_DOUBTFUL = 0.1
_LEAST_COVERED = 0.8
_LATEST_S = 12.0  # after a breath's end: a strap's delay, a packet, two beats, and some patience


@dataclass(frozen=True, slots=True)
class SwingFit:
    """Peak-to-trough swing in bpm, and a time at which the breath's own frequency peaks in the heart."""

    swing_bpm: float
    peak_s: float


def fit_swing(times_s: FloatArray, rr_ms: FloatArray, period_s: float) -> SwingFit | None:
    """The swing of beats over a few breaths; `None` where too few beats tell.

    `times_s` are the ends of the intervals `rr_ms`, shape (n,).
    """
    per_breath = times_s.size * period_s / max(np.ptp(times_s), period_s) if times_s.size else 0
    if times_s.size < 6 or per_breath < 2.5:
        return None
    middle = times_s - rr_ms / 2000
    rate = 60000 / rr_ms
    harmonics = 2 if per_breath >= 5 else 1
    angle = 2 * np.pi / period_s * (middle - middle.mean())
    columns = [np.ones_like(middle), middle - middle.mean()]
    for h in range(1, harmonics + 1):
        flattening = np.sinc(h * rr_ms / 1000 / period_s)
        columns += [np.cos(h * angle) * flattening, np.sin(h * angle) * flattening]
    solution = np.linalg.lstsq(np.column_stack(columns), rate, rcond=None)[0]
    turn = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    wave = sum(
        solution[2 * h] * np.cos(h * turn) + solution[2 * h + 1] * np.sin(h * turn)
        for h in range(1, harmonics + 1)
    )
    peak = float(np.arctan2(solution[3], solution[2])) * period_s / (2 * np.pi)
    return SwingFit(float(np.ptp(wave)), float(middle.mean()) + peak)


@dataclass(slots=True)
class _Breath:
    """A guided breath: it begins, is full, and ends where the next one begins."""

    start: float
    full: float | None = None
    end: float | None = None


class Swing:
    """The stage that measures each guided breath's swing, its mean over six clean ones, and the lag."""

    def __init__(self) -> None:
        self._beats: deque[Beat] = deque(maxlen=200)
        self._breaths: deque[_Breath] = deque(maxlen=3)
        self._due: deque[tuple[float, _Breath]] = deque()
        self._lags: deque[complex] = deque(maxlen=_BREATHS_FOR_MEAN)
        self._delay_known = True
        self._clean: deque[float] = deque(maxlen=_BREATHS_FOR_MEAN)
        self._shown = False

    def push(self, event: Event) -> Iterable[Event]:
        """`RsaCycle` for each breath whose beats are known, and what the last six say together."""
        match event:
            case Beat():
                self._beats.append(event)
                return self._measure(event.time)
            case StrapKnown(rr_latency_s=latency):
                self._delay_known = latency is not None
            case RrIntervals(stamp=Stamp.BEAT):
                self._delay_known = True
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

    def _measure(self, known_s: float) -> Iterator[Event]:
        """Measure every breath that ended before `known_s`: all its beats have come."""
        while self._due and known_s > (self._due[0][1].end or 0.0):
            yield from self._cycle(*self._due.popleft())

    def _cycle(self, since: float, breath: _Breath) -> Iterator[Event]:
        end = breath.end or 0.0
        period_s = end - breath.start
        beats = [b for b in self._beats if since < b.time <= end and b.flaw is not Flaw.DUPLICATE]
        good = [b for b in beats if b.flaw is Flaw.NONE]
        covered = sum(b.rr_ms for b in good) / 1000 / (end - since)
        clean = len(good) >= (1 - _MOST_DOUBTFUL) * len(beats) and covered > _LEAST_COVERED
        times, rr = np.array([b.time for b in good]), np.array([b.rr_ms for b in good])
        fit = fit_swing(times, rr, period_s)
        yield RsaCycle(end, fit.swing_bpm if fit else None, 60 / period_s, clean and fit is not None)
        if fit is not None and clean:
            self._clean.append(fit.swing_bpm)
            lag_turns = (fit.peak_s - (breath.full or breath.start)) / period_s
            self._lags.append(exp(2j * pi * lag_turns))
            if len(self._clean) == _BREATHS_FOR_MEAN:
                yield from self._together(end)

    def _together(self, end: float) -> Iterator[Event]:
        error = stdev(self._clean) / _BREATHS_FOR_MEAN**0.5
        yield SwingMean(end, mean(self._clean), error, _BREATHS_FOR_MEAN)
        resultant = sum(self._lags) / len(self._lags)
        known = self._delay_known
        lag = phase(resultant) / (2 * pi) if known else None
        yield Synchrony(end, lag, abs(resultant) if known else None)
