"""Swing: how far the heart rate moves with a breath (RSA amplitude, peak to trough, bpm).

Per guided breath, a least-squares fit over that breath and the one before: constant, slope and the
breath's frequency with its second harmonic where beats allow. An RR interval averages the rate over its
own length, which flattens the swing by sinc(f RR); the fit takes that out again.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from statistics import mean, stdev

import numpy as np

from breathsync.events import (
    Beat,
    BreathPart,
    Event,
    Flaw,
    GuideShown,
    PacerStep,
    RsaCycle,
    SwingMean,
    Tick,
)
from breathsync.heart.hrv import FloatArray

_BREATHS_FOR_MEAN = 6
_MOST_DOUBTFUL = 0.1
_LATEST_S = 12.0  # after a breath's end: a strap's delay, a packet, two beats, and some patience


def fit_swing(times_s: FloatArray, rr_ms: FloatArray, period_s: float) -> float | None:
    """Peak-to-trough swing in bpm of beats over a few breaths; `None` where too few beats tell.

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
    return float(np.ptp(wave))


class Swing:
    """The stage that measures each guided breath's swing, and its mean over six clean ones."""

    def __init__(self) -> None:
        self._beats: deque[Beat] = deque(maxlen=200)
        self._starts: deque[float] = deque(maxlen=3)
        self._due: deque[tuple[float, float, float]] = deque()
        self._clean: deque[float] = deque(maxlen=_BREATHS_FOR_MEAN)
        self._shown = False

    def push(self, event: Event) -> Iterable[Event]:
        """`RsaCycle` for each breath whose beats are known, then `SwingMean` where there is one."""
        match event:
            case Beat():
                self._beats.append(event)
                return self._measure(event.time, patience=False)
            case GuideShown(shown=shown):
                self._shown = shown
                self._starts.clear()
                if not shown:
                    self._clean.clear()
            case PacerStep(time, part=BreathPart.IN) if self._shown:
                self._begin_breath(time)
            case Tick(time):
                return self._measure(time, patience=True)
        return ()

    def _begin_breath(self, time: float) -> None:
        self._starts.append(time)
        if len(self._starts) == 3:
            self._due.append((self._starts[0], self._starts[1], time))

    def _measure(self, time: float, *, patience: bool) -> Iterator[Event]:
        while self._due and time > self._due[0][2] + (_LATEST_S if patience else 0.0):
            start, middle, end = self._due.popleft()
            yield from self._cycle(start, end, end - middle)

    def _cycle(self, start: float, end: float, period_s: float) -> Iterator[Event]:
        beats = [b for b in self._beats if start < b.time <= end and b.flaw is not Flaw.DUPLICATE]
        good = [b for b in beats if b.flaw is Flaw.NONE]
        covered = sum(b.rr_ms for b in good) / 1000 / (end - start)
        clean = bool(good) and len(good) >= (1 - _MOST_DOUBTFUL) * len(beats) and covered > 0.8
        times = np.array([b.time for b in good])
        swing = fit_swing(times, np.array([b.rr_ms for b in good]), period_s)
        clean = clean and swing is not None
        yield RsaCycle(end, swing, 60 / period_s, clean)
        if clean and swing is not None:
            self._clean.append(swing)
            if len(self._clean) == _BREATHS_FOR_MEAN:
                error = stdev(self._clean) / _BREATHS_FOR_MEAN**0.5
                yield SwingMean(end, mean(self._clean), error, _BREATHS_FOR_MEAN)
