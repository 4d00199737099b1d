"""Streaming R-peak detector for one ECG lead at 100-1000 Hz.

Latency about 0.14 s behind the newest sample. Any split of the input gives the same peaks.

A candidate is a local maximum of the QRS envelope (`ecg_bank`); `ecg_evidence` says how much it
resembles a beat. Strong ones are announced at once, weak ones wait 0.26 s for a stronger one, so
a spike just before a QRS does not steal its place. Steps of the baseline are known by staying.
The detector believes a level of beats only while it stands clear above what lies between (it is
LOCKED); noise, hum and flat lines therefore give no beats, and 2.5 s of good signal are enough
to lock again.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from breathsync.heart.ecg.bank import Decimator, EnvelopeBank
from breathsync.heart.ecg.evidence import Candidate, EvidenceSettings, UsualBeat, mean, middle
from breathsync.heart.ecg.features import QrsMeter
from breathsync.heart.ecg.quality import EcgQuality, QualityMeter
from breathsync.heart.ecg.waves import BeatShape, WaveMeter
from breathsync.heart.hrv import FloatArray


@dataclass(frozen=True, slots=True)
class RPeak:
    """One heartbeat found in the ECG."""

    time_s: float
    after_gap: bool  # beats may be missing between the previous peak and this one
    strength: float  # relative to the usual beat, about 1


@dataclass(frozen=True, slots=True)
class ShapedPeak:
    """The shape of the heartbeat at `time_s`: known half a second after its R peak."""

    time_s: float
    shape: BeatShape


Found = RPeak | ShapedPeak


@dataclass(frozen=True)
class EcgSettings:
    """Limits of the detector; times in seconds, shares of what the name says."""

    evidence: EvidenceSettings = field(default_factory=EvidenceSettings)
    neighbourhood_s: float = 0.06  # a candidate is the maximum within this, before and after
    step_share: float = 0.8  # of the jump which would explain the whole envelope
    step_extent: float = 0.6  # of what happened in between: a QRS goes far beyond its ends
    learn_windows_s: tuple[float, float] = (2.5, 5.0)  # the longer one for very slow hearts
    relearn_every_s: float = 0.5
    alike: float = 0.4  # the two largest candidates are both beats if no more different
    prominence: float = 4.0  # of beats over the median envelope


FROZEN = EcgSettings()


class RPeakDetector:
    """`push` frames in order; peaks come out in order, each once, and likewise their shapes."""

    def __init__(self, rate_hz: float, settings: EcgSettings = FROZEN) -> None:
        self._s = settings
        self._decimate = Decimator(rate_hz)
        self._rate = rate_hz / self._decimate.factor
        self._slice = max(1, round(rate_hz))  # long input is taken a second at a time
        self._bank = EnvelopeBank(self._rate)
        self._usual = UsualBeat(self._rate, settings.evidence)
        self._meter = QrsMeter(self._rate)
        self._waves = WaveMeter(self._rate)
        self._quality = QualityMeter(self._rate)
        self._near = self._samples(settings.neighbourhood_s)
        self._hold = self._samples(settings.evidence.refractory_s) + self._near
        self._step_inner, self._step_outer = self._samples(0.05), self._samples(0.16)
        self._expected_s: float | None = None
        self._restart(0)

    def push(
        self,
        first_sample_time_s: float,
        sample_interval_s: float,
        samples: Sequence[float] | FloatArray,
    ) -> list[Found]:
        """Take one frame (times in s, samples in any unit); the peaks and shapes that are now certain."""
        values: FloatArray = np.asarray(samples, dtype=np.float64)
        times: FloatArray = first_sample_time_s + sample_interval_s * np.arange(
            len(values), dtype=np.float64
        )
        times, values = self._continue(times, values, sample_interval_s)
        found: list[Found] = []
        for low in range(0, len(values), self._slice):
            part = slice(low, low + self._slice)
            slow_times, slow_values = self._decimate(times[part], values[part])
            if len(slow_values):
                self._bank.push(slow_times, slow_values)
                self._advance(found)
        return found

    def take_quality(self) -> list[EcgQuality]:
        """Verdicts on the signal since the last call, one every two seconds."""
        return self._quality.take()

    # -- continuity -----------------------------------------------------------------------------

    def _continue(
        self, times: FloatArray, values: FloatArray, interval: float
    ) -> tuple[FloatArray, FloatArray]:
        """Drop repeated and unreadable samples; start anew after missing ones."""
        finite = np.isfinite(values)
        if not finite.all():
            times, values = times[finite], values[finite]
        if not len(values):
            return times, values
        if self._expected_s is not None:
            # Frame times may wander a little before samples count as missing or repeated.
            tolerance = max(0.02, 2.5 * interval)
            if times[0] < self._expected_s - tolerance:
                new = times > self._expected_s - 0.5 * interval
                times, values = times[new], values[new]
            elif times[0] > self._expected_s + tolerance:
                self._restart(self._bank.recent.first + len(self._bank.recent.values))
        if len(values):
            self._expected_s = float(times[-1]) + interval
        return times, values

    def _restart(self, first: int) -> None:
        """Filters start anew at absolute sample `first`; the usual beat is remembered."""
        self._decimate.reset()
        self._bank.restart(first)
        self._quality.restart(first)
        self._scanned = first
        self._last: int | None = None
        self._held: Candidate | None = None
        self._pending: deque[Candidate] = deque(maxlen=160)
        self._unshaped: deque[tuple[float, float]] = deque()  # absolute position and time of peaks
        self._learn_at = first + self._samples(self._s.learn_windows_s[0])
        self._locked = self._usual.known
        self._broken = True

    def _samples(self, seconds: float) -> int:
        return round(seconds * self._rate)

    # -- order of events: everything happens at a sample number, never at a packet border ---------

    def _advance(self, found: list[Found]) -> None:
        end = self._bank.recent.envelope_end
        for candidate in self._candidates(end):
            self._run_due(candidate.index + self._near, found)
            self._consider(candidate, found)
        self._run_due(end - 1, found)

    def _run_due(self, now: int, found: list[Found]) -> None:
        """Whatever was due up to sample `now`: a held candidate, a shape, learning, quality."""
        while True:
            held = self._held
            held_at = now + 1 if held is None else held.index + self._hold
            shape_at = int(self._unshaped[0][0]) + self._waves.needs if self._unshaped else now + 1
            due = min(held_at, shape_at, self._learn_at, self._quality.due_at)
            if due > now:
                return
            if due == shape_at:
                self._shape(found)
            elif due == held_at:
                self._release(found)
            elif due == self._learn_at:
                self._learn(found)
            elif self._quality.judge(self._bank.recent, self._locked) == 0.0:
                self._unlock()

    def _candidates(self, end: int) -> list[Candidate]:
        """Envelope maxima whose whole neighbourhood is known, in order."""
        recent = self._bank.recent
        low, high = max(self._scanned, recent.first + 1), end - self._near
        if high <= low:
            return []
        self._scanned = high
        narrow = self._tops(recent.envelope, recent.at(low), recent.at(high))
        wide = self._tops(recent.wide, recent.at(low), recent.at(high))
        return [
            Candidate(recent.first + at, float(recent.envelope[at]), float(recent.wide[at]))
            for at in sorted({*narrow, *wide})
        ]

    def _tops(self, envelope: FloatArray, low: int, high: int) -> list[int]:
        """Positions in [low, high) which are the maximum of their neighbourhood."""
        here = envelope[low:high]
        top = (here > envelope[low - 1 : high - 1]) & (here >= envelope[low + 1 : high + 1])
        near = self._near
        return [
            at
            for at in (low + np.flatnonzero(top)).tolist()
            if envelope[at] >= envelope[max(0, at - near) : at + near + 1].max()
        ]

    # -- decisions ------------------------------------------------------------------------------

    def _consider(self, candidate: Candidate, found: list[Found]) -> None:
        self._pending.append(candidate)
        if not self._locked:
            return
        values, at = self._known(candidate)
        since = float("inf") if self._last is None else candidate.index - self._last
        strength, least, sure = self._usual.judge(candidate, since, values, at)
        if strength < least or self._is_step(candidate, values, at):
            return
        if self._held is not None and strength <= self._held.strength:
            return
        candidate.strength = strength
        self._held = candidate
        if strength >= sure:
            self._release(found)

    def _known(self, candidate: Candidate) -> tuple[FloatArray, int]:
        """The samples at hand when the candidate was found, and its position in them.

        More may be at hand by now, but a beat must not depend on how samples were packed.
        """
        recent = self._bank.recent
        end = recent.at(candidate.index + self._near + self._bank.delay + 1)
        return recent.values[:end], recent.at(candidate.index)

    def _is_step(self, candidate: Candidate, values: FloatArray, at: int) -> bool:
        """Whether a level that jumped and stayed explains the envelope (wander allowed for)."""
        inner, outer = self._step_inner, self._step_outer
        if at < outer:
            return False
        half = (outer - inner) // 2
        early = mean(values[at - outer : at - outer + half])
        late = mean(values[at - inner - half : at - inner])
        after = mean(values[at + inner :])
        gap = 0.5 * half + inner + 0.5 * (len(values) - at - inner)
        drift = (late - early) / (outer - inner - half) * gap
        jump = abs(after - late)
        least = self._s.step_share * candidate.envelope / self._bank.step_gain
        if jump < least or abs(after - late - drift) < least:
            return False
        between = values[at - inner : at + inner + 1]
        return jump > self._s.step_extent * float(between.max() - between.min())

    def _release(self, found: list[Found]) -> None:
        """The held candidate is a beat."""
        beat, self._held = self._held, None
        if beat is None:
            return
        recent = self._bank.recent
        values, at = self._known(beat)
        position = self._meter.locate(values, at)
        if self._last is not None:
            skip = self._samples(0.1)
            low, high = recent.at(self._last + skip), recent.at(beat.index - skip)
            between = recent.envelope[max(0, low) : max(0, high)]
            self._usual.learn_interval(beat.index - self._last, between)
        self._usual.learn(beat, values, round(position))
        self._quality.heard(beat.index, beat.strength)
        self._last = beat.index
        self._learn_at = beat.index + self._samples(self._s.learn_windows_s[0])
        while self._pending and self._pending[0].index <= beat.index:
            self._pending.popleft()
        time_s = recent.time_at(position)
        self._unshaped.append((recent.first + position, time_s))
        found.append(RPeak(time_s, self._broken, beat.strength))
        self._broken = False

    def _shape(self, found: list[Found]) -> None:
        """The T wave of the oldest peak without a shape is over."""
        position, time_s = self._unshaped.popleft()
        recent = self._bank.recent
        found.append(ShapedPeak(time_s, self._waves.measure(recent.values, position - recent.first)))

    # -- finding the level of a beat ------------------------------------------------------------

    def _unlock(self) -> None:
        """Nothing stands out any more: believe nothing for now."""
        self._locked = False
        self._held = None
        self._broken = True

    def _learn(self, found: list[Found]) -> None:
        """Too long without a beat, or the start: look for a level that stands out."""
        now = self._learn_at
        self._learn_at = now + self._samples(self._s.relearn_every_s)
        self._unlock()
        for window_s in self._s.learn_windows_s:
            since = now - self._samples(window_s)
            if self._find_level(since, now):
                self._locked = True
                self._replay(since, found)
                return

    def _find_level(self, since: int, now: int) -> bool:
        """Two alike candidates which stand clear above the rest tell what a beat is here."""
        recent = self._bank.recent
        heights = sorted((c.envelope for c in self._pending if c.index > since), reverse=True)
        window = recent.envelope[max(0, recent.at(since)) : recent.at(now)]
        if len(heights) < 2 or not len(window) or heights[1] < self._s.alike * heights[0]:
            return False
        level = middle([h for h in heights if h > 0.5 * heights[1]])
        floor = middle(window.tolist())
        if level <= self._s.prominence * floor:
            return False
        self._usual.assume(level, floor)
        return True

    def _replay(self, since: int, found: list[Found]) -> None:
        """Judge the candidates which had to wait for the level."""
        waiting = [c for c in self._pending if c.index > since]
        self._pending.clear()
        for candidate in waiting:
            if self._held is not None and candidate.index > self._held.index + self._hold:
                self._release(found)
            self._consider(candidate, found)
