"""Breath from the acceleration of the chest: what the last forty seconds say, once a second, causal.

quarters (`chest_bins`) -> steps of the tilt across gravity (`chest_axis`) -> the rate that explains most
(`chest_spectrum`) -> the breath's axis -> phase, breath by breath (`chest_phase`) -> rates as turns
counted, and what speaks for them (`chest_features`).
"""

import math
from collections import deque
from dataclasses import dataclass

import numpy as np

from breathsync.breath.chest_axis import BreathAxis
from breathsync.breath.chest_bins import HZ, Bools, ChestBins, Floats
from breathsync.breath.chest_marks import Marks, turns
from breathsync.breath.chest_phase import PhaseTrack, track
from breathsync.breath.chest_spectrum import RATES, ChestSpectrum, Explained, peak

SPAN = 40 * HZ
_HALF_STEP_S = 0.5 / HZ  # a step's moment is the border of its two quarters
_LEAST_DEG = 0.03  # three times what the noise of an H10 leaves in a quarter of a second
_BEFORE = 6  # seconds remembered, this one too
_LATEST_S = 2.6  # a frame at 25 Hz lasts 1.44 s, and may be late


@dataclass(frozen=True, slots=True)
class ChestMoment:
    """What a second knows. Its wave ends at session time `end_s`, half a step after the newest one."""

    end_s: float
    late_s: float  # how long ago that is
    fits: tuple[Explained | None, ...]
    score: Floats
    best: int
    rate_hz: float
    steps: Floats  # along the axis, degrees a quarter; gaps filled by the fitted breath
    known: Bools
    phase: PhaseTrack
    marks: tuple[Marks, Marks]
    before_hz: float  # the rate that explained most five seconds ago
    amplitude_deg: float
    roundness: float  # 0: to and fro on a line; 1: a circle


class ChestBreath:
    """One chest."""

    def __init__(self) -> None:
        self.bins = ChestBins()
        self.axis = BreathAxis()
        self._spectrum = ChestSpectrum()
        self._asked_s = -math.inf
        self._rates: deque[float] = deque(maxlen=_BEFORE)

    def look(self, now: float) -> ChestMoment | None:
        """What is known at `now`; `None` where there is too little to look at."""
        newest = self.bins.number
        passed = min(round(min(now - self._asked_s, 60.0)), 60)
        self._asked_s = now
        if newest is None or now - (newest + 1) / HZ > _LATEST_S:
            return None
        mean, still = self.bins.window(SPAN + 1)
        steps = self.axis.steps(mean, still)
        if steps is None:
            return None
        fits = self._spectrum.fit(*steps)
        main = next((fit for fit in (fits[1], fits[0], fits[2]) if fit is not None), None)
        if main is None:
            return None
        return self._moment(now, (newest + 1) / HZ - _HALF_STEP_S, *steps, fits, main, max(passed, 1))

    def _moment(
        self,
        now: float,
        end_s: float,
        steps: Floats,
        known: Bools,
        fits: tuple[Explained | None, ...],
        main: Explained,
        passed_s: int,
    ) -> ChestMoment | None:
        score = self._spectrum.score(fits)
        best, per_min = peak(score)
        wave = main.waves[best]
        flat = self.axis.follow(wave, float(main.share[best]), passed_s)
        cosine, sine = (wave @ flat).tolist()
        along = steps @ flat
        angle = (2 * math.pi * RATES[best] / 60 / HZ) * (np.arange(SPAN) - SPAN + 0.5)
        along = np.where(known, along, cosine * np.cos(angle) + sine * np.sin(angle))
        amplitude = math.hypot(cosine, sine) * HZ * 60 / (2 * math.pi * per_min)
        if amplitude < _LEAST_DEG:
            return None
        self._rates.append(per_min / 60)
        minor = float(np.linalg.det(wave)) if wave.size == 4 else 0.0
        power = float(np.vdot(wave, wave)) + 1e-12
        return ChestMoment(
            end_s=end_s,
            late_s=now - end_s,
            fits=fits,
            score=score,
            best=best,
            rate_hz=per_min / 60,
            steps=along,
            known=known,
            phase=track(along, np.where(known, 1.0, 0.001), per_min / 60),
            marks=turns(along, amplitude),
            before_hz=self._rates[0],
            amplitude_deg=amplitude,
            roundness=min(1.0, 2 * abs(minor) / power),
        )
