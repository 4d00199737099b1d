"""What the wearer's beats usually look like, and how far a candidate resembles one.

Three situations, three kinds of evidence:

* clean signal: the height of the QRS envelope against the usual beat, and while a T wave may stand
  there, its sharpness: a T wave that is as tall in the QRS envelope is far taller in the wide one;
* noise between the beats: the match with the usual QRS (`ecg_template`), because height alone
  cannot tell a QRS from the highest of many noise peaks;
* a beat too wide for the QRS envelope: its height in the wide envelope, after the T wave's time.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

import numpy as np

from breathsync.heart.ecg.template import QrsTemplate
from breathsync.heart.hrv import FloatArray


@dataclass(slots=True)
class Candidate:
    """A maximum of one of the envelopes."""

    index: int  # absolute sample number at the working rate
    envelope: float
    wide: float  # the wide envelope at the same sample
    strength: float = 1.0  # relative to the usual beat, once judged


class Evidence(NamedTuple):
    """All relative to the usual beat."""

    strength: float
    least: float  # that would be believed at this moment
    sure: float  # from here on there is no need to wait for a stronger one


@dataclass(frozen=True)
class EvidenceSettings:
    """Shares of the usual beat unless a unit is given."""

    refractory_s: float = 0.20
    beat: float = 0.33
    sure: float = 0.70
    t_wave_s: float = 0.36  # until then after a beat, a little more is asked
    t_wave: float = 0.55
    smooth: float = 0.5  # narrow over wide envelope: tall T waves have 0.2-0.4, beats 0.85 and more
    # noise: 3.6 medians of the envelope between beats are 4.2 sigma of its Rayleigh distribution
    noise_factor: float = 3.6
    noise_most: float = 0.62
    noisy: float = 0.30  # from this noise on, a beat must look like the usual one
    other_shape: float = 0.90  # or be this strong
    sure_match: float = 0.85
    surprise: float = 1.4  # log odds against a beat just now ...
    surprise_early: float = 14.0  # ... and more, the earlier it is in the usual interval
    # wide beats
    wide: float = 0.70
    wide_in_narrow: float = 0.15  # a T wave, however tall, has less than this at 17 Hz
    t_wave_over_s: float = 0.42  # at RR 1 s; QT scales with the root of RR (Bazett 1920)
    remembered: int = 8


class UsualBeat:
    """Running picture of the beats; learns only from accepted ones."""

    def __init__(self, rate_hz: float, settings: EvidenceSettings) -> None:
        self._s = settings
        self._rate = rate_hz
        self._levels: deque[float] = deque(maxlen=settings.remembered)
        self._wide_levels: deque[float] = deque(maxlen=settings.remembered)
        self._noise: deque[float] = deque(maxlen=5)
        self._intervals: deque[int] = deque(maxlen=9)
        self._template = QrsTemplate(rate_hz)

    @property
    def known(self) -> bool:
        """Whether enough beats were heard to know what is usual."""
        return len(self._levels) == self._s.remembered

    def assume(self, level: float, floor: float) -> None:
        """Start from this height of beats and this median envelope between them."""
        self._levels.clear()
        self._levels.extend([level] * self._s.remembered)
        self._noise.clear()
        self._noise.append(floor)

    def judge(self, candidate: Candidate, since: float, values: FloatArray, at: int) -> Evidence:
        """`since`: samples since the last beat (inf: none); the candidate is values[at]."""
        s = self._s
        if since < s.refractory_s * self._rate:
            return Evidence(0.0, 1.0, 1.0)
        usual = middle(self._levels)
        strength = candidate.envelope / usual
        noise = s.noise_factor * middle(self._noise) / usual if self._noise else 0.0
        if strength < s.beat:
            wide = 0.0 if noise > s.noisy else self._wide_strength(candidate, since, usual)
            return Evidence(wide, s.beat, float("inf"))
        if not self._after_t_wave(since) and strength < s.smooth * self._wide_height(candidate):
            return Evidence(0.0, s.beat, s.sure)
        if noise > s.noisy and self._template.ready:
            match = self._template.match(values, at)
            if strength < s.other_shape or match > 0.5:
                return Evidence(match, self._least_match(since), s.sure_match)
        if since < s.t_wave_s * self._rate:
            return Evidence(strength, s.t_wave, s.sure)
        return Evidence(strength, max(s.beat, min(noise, s.noise_most)), s.sure)

    def _wide_strength(self, candidate: Candidate, since: float, usual: float) -> float:
        """A premature ventricular beat: large in the wide envelope, after the T wave's time.

        Halved, so that any ordinary QRS beside it takes its place.
        """
        s = self._s
        if not self._wide_levels or not self._intervals:
            return 0.0
        if candidate.envelope < s.wide_in_narrow * usual:
            return 0.0  # smooth as a T wave
        relative = self._wide_height(candidate)
        return 0.5 * relative if relative > s.wide and self._after_t_wave(since) else 0.0

    def _wide_height(self, candidate: Candidate) -> float:
        """In the wide envelope, relative to the usual beat; 0 while that is not known."""
        return candidate.wide / middle(self._wide_levels) if self._wide_levels else 0.0

    def _after_t_wave(self, since: float) -> bool:
        """Whether the T wave of the last beat is over."""
        if not self._intervals:
            return since > self._s.t_wave_s * self._rate
        rr_s = min(max(middle(self._intervals) / self._rate, 0.4), 1.2)
        return since > self._s.t_wave_over_s * sqrt(rr_s) * self._rate

    def _least_match(self, since: float) -> float:
        """Bayes: half a beat, more where a beat is unlikely at this time since the last one."""
        snr = self._template.snr
        usual_interval = middle(self._intervals) if self._intervals else self._rate
        early = max(0.0, 0.85 - since / usual_interval)
        surprise = self._s.surprise + self._s.surprise_early * early
        return 0.5 + min(surprise / (snr * snr), 0.3)

    def learn(self, candidate: Candidate, values: FloatArray, peak: int) -> None:
        """An accepted beat whose R peak is values[peak]."""
        usual = middle(self._levels)
        if 0.6 < candidate.envelope / usual < 1.6:
            self._template.learn(values, peak)
        if candidate.envelope > self._s.beat * usual:  # a wide beat says nothing about the height
            self._levels.append(min(candidate.envelope, 2.0 * usual))
            self._wide_levels.append(candidate.wide)

    def learn_interval(self, samples: int, between: FloatArray) -> None:
        """The interval between two beats, and the envelope from 0.1 s after to 0.1 s before."""
        if samples > 2.0 * self._rate:
            return
        self._intervals.append(samples)
        if len(between) > 0.1 * self._rate:
            self._noise.append(middle(between.tolist()))


def middle(values: Iterable[float]) -> float:
    """Upper median; numpy's costs twenty times as much on a few values."""
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def mean(values: FloatArray) -> float:
    """The mean of a few samples, without numpy's checks."""
    return float(np.add.reduce(values)) / len(values)
