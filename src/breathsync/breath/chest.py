"""What the chest's acceleration tells of the breath: rates, chances, a curve, ends of in-breaths."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from breathsync.breath.chest_bins import HZ
from breathsync.breath.chest_breath import ChestBreath, ChestMoment
from breathsync.breath.chest_confidence import Chances, ChestConfidence
from breathsync.breath.chest_features import features, proposals
from breathsync.breath.chest_shape import BreathShape
from breathsync.breath.chest_sign import BreathSign
from breathsync.events import AccSamples, BreathWave, InBreathEnd

_TOLD_AFTER = 0.2  # breaths after an in-breath's end: half a breath later it would be surer, and too late
_TOLD_AFTER_LEAST_S = 0.4
_TOLD = 0.5  # likelier than not, or neither curve nor ends are given
_NEXT_BREATH = 0.5
_NOTICED_SHARE = 0.6  # of the steps about an end that must be known
_LEAST_RISE = 0.7  # of the usual amplitude: a third of the way from empty to full
_LEAK_BREATHS = 2.0
_FORGET_S = 60.0


@dataclass(frozen=True, slots=True)
class ChestSays:
    """Rates in breaths/min, and their chances to be within 1/min of the truth."""

    now: float
    settled: float
    chances: Chances
    seen_s: float  # since the first look at this chest


class Chest:
    """One chest: samples in, once a second a word."""

    def __init__(self) -> None:
        self.sign = BreathSign()
        self._breath = ChestBreath()
        self._confidence = ChestConfidence()
        self._shape = BreathShape()
        self._seen_s = -math.inf
        self._first_s: float | None = None
        self._told_s = -math.inf
        self._drawn: int | None = None  # number of the newest quarter that is in the curve
        self._height_deg = 0.0
        self._usual_deg: float | None = None
        self._moment: ChestMoment | None = None
        self._says: ChestSays | None = None

    def push(self, samples: AccSamples) -> None:
        """Samples in order."""
        self._breath.bins.push(samples)

    def second(self, now: float) -> ChestSays | None:
        """What is known at `now`; `None` where nothing can be told."""
        moment = self._moment = self._breath.look(now)
        self._says = None
        if moment is None:
            if now - self._seen_s > _FORGET_S:
                self._forget()
            return None
        self._seen_s = now
        self._first_s = now if self._first_s is None else self._first_s
        rates = proposals(moment)
        chances = self._confidence.chances(features(moment, rates))
        self._shape.learn(moment.steps, moment.known, moment.phase, chances.settled)
        if chances.full >= _TOLD:
            self.sign.look(moment, self._shape.full_at(1))
        rate_now = self._confidence.rate_now(rates)
        self._says = ChestSays(rate_now, rates[0], chances, now - self._first_s)
        return self._says

    def events(self) -> Iterator[BreathWave | InBreathEnd]:
        """The curve of this second, and an in-breath that has ended."""
        newest = self._breath.bins.number
        if newest is None:
            return
        moment, says = self._moment, self._says
        likely = moment if moment is not None and says is not None and says.chances.full >= _TOLD else None
        yield from self._draw(newest, likely)
        if likely is not None and says is not None:
            yield from self._in_breath(likely, says.chances.full)

    def _forget(self) -> None:
        self._first_s = None
        self._breath.axis.forget()
        self._shape.forget()
        self.sign.forget()
        self._usual_deg = None

    # --- curve ---

    def _draw(self, newest: int, moment: ChestMoment | None) -> Iterator[BreathWave]:
        """The quarters since the last curve, as shares of the usual breath from its middle."""
        fresh = HZ if self._drawn is None else min(newest - self._drawn, 2 * HZ)
        self._drawn = newest
        if fresh <= 0:
            return
        time, sign = (newest + 0.5) / HZ, self.sign.known()
        if moment is None:
            self._height_deg = 0.0
            yield BreathWave(time, 1 / HZ, (None,) * fresh, sign is not None)
            return
        size = self._usual_deg or moment.amplitude_deg
        self._usual_deg = size + 0.05 * (moment.amplitude_deg - size)
        keeps = math.exp(-moment.rate_hz / (HZ * _LEAK_BREATHS))
        heights: list[float | None] = []
        for step, known in zip(moment.steps[-fresh:].tolist(), moment.known[-fresh:].tolist(), strict=True):
            self._height_deg = keeps * self._height_deg + step
            height = (sign or 1) * self._height_deg / (2 * self._usual_deg)
            heights.append(round(height, 3) if known else None)
        yield BreathWave(time, 1 / HZ, tuple(heights), sign is not None)

    # --- ends of in-breaths ---

    def _in_breath(self, moment: ChestMoment, chance: float) -> Iterator[InBreathEnd]:
        sign, phase = self.sign.known(), moment.phase
        if sign is None:
            return
        full = self._shape.full_at(sign)
        latest = phase.at(-max(_TOLD_AFTER / moment.rate_hz, _TOLD_AFTER_LEAST_S))
        turns = math.floor(latest - full) + full
        before_s = float(
            np.interp(turns, np.append(phase.turns, phase.edge), np.append(phase.times_s, 0.0))
        )
        time = moment.end_s + before_s
        if time < self._told_s + _NEXT_BREATH / moment.rate_hz or -before_s > 1.2 / moment.rate_hz:
            return
        reach = max(2, round(0.3 * HZ / moment.rate_hz))
        at = len(moment.known) + round(before_s * HZ)
        if moment.known[max(at - reach, 0) : at + reach].mean() < _NOTICED_SHARE:
            return
        rise = sign * float(np.add.reduce(moment.steps[max(at - round(0.5 * HZ / moment.rate_hz), 0) : at]))
        if rise < _LEAST_RISE * (self._usual_deg or moment.amplitude_deg):
            return
        self._told_s = time
        yield InBreathEnd(time, chance * self.sign.chance())
