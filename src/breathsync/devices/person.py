"""A simulated person: breathes, follows a guide imperfectly, and has a heart that follows the breath.

Breathing runs in turns (one turn a breath, the first half in). When a guide is in sight and the person
attends, their breath is drawn to it, late by their own lag; attention drifts, wanders off and comes back.
The heart rate is a mean with slow drift, a swing with the breath whose size depends on the breathing
rate through this person's resonance, and a vessel (Mayer) wave near 0.1 Hz. Beats come where its integral
reaches whole numbers (integral pulse frequency modulation). Everything is seeded.
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

STEP_S = 0.05

Guide = Callable[[float], tuple[float, float] | None]
"""The guide at a time: its turns and breaths a minute, or `None` while it is out of sight."""


@dataclass(frozen=True, slots=True)
class PersonSettings:
    """Who breathes here. Swings are peak to trough, in bpm."""

    heart_rate_bpm: float = 68.0
    drift_bpm: float = 1.5
    own_per_min: float = 13.0
    own_unsteadiness: float = 0.08
    in_breath_share: float = 0.5  # of a breath's time
    rests_share: float = 0.0  # of the breaths end in a rest, empty
    talks_per_hour: float = 0.0  # talking: quick in, long and uneven out, no guide
    slowest_per_min: float = 4.0
    eases_per_min: float | None = None  # breaths a minute that become easy in a minute; None: any at once
    lag_s: float = 0.35
    draw: float = 0.3  # share of the distance to the guide closed in a second
    lapses_per_min: float = 0.4
    lapse_s: float = 12.0
    resonance_per_min: float = 5.8
    resonance_width_per_min: float = 1.6
    resonance_swing_bpm: float = 12.0
    base_swing_bpm: float = 3.0
    heart_lag_s: float = 0.4
    mayer_bpm: float = 1.2
    beat_noise_ms: float = 4.0
    ectopic_share: float = 0.0


@dataclass(frozen=True, slots=True)
class TrueBeat:
    """A heartbeat that happened. `label` is `normal` or `ectopic`."""

    time: float
    label: str = "normal"


@dataclass(frozen=True, slots=True)
class TrueBreath:
    """A breath that happened, from the start of the in-breath at `time`."""

    time: float
    in_breath_ends: float
    ends: float
    swing_bpm: float


class Normal:
    """Normal deviates from uniform ones (Box-Muller), so that a seed means the same on every machine."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    def __call__(self) -> float:
        """One standard normal deviate."""
        radius = math.sqrt(-2.0 * math.log(1.0 - self._rng.random()))
        return radius * math.cos(2.0 * math.pi * self._rng.random())


class Person:
    """Lives step by step; `beats` and `breaths` collect what happened until they are taken."""

    def __init__(self, settings: PersonSettings, rng: random.Random) -> None:
        self.settings = settings
        self.now = 0.0
        self.beats: list[TrueBeat] = []
        self.breaths: list[TrueBreath] = []
        self.attending = True
        self._rng = rng
        self._normal = Normal(rng)
        self._turns = rng.random()
        self._rate_per_min = settings.own_per_min
        self._own_wander = 0.0
        self._rests_until = self._talks_until = 0.0
        self._talk_pace = 1.0
        self._easy_per_min = settings.own_per_min
        self._drift = 0.0
        self._mayer_turns = rng.random()
        self._mayer_size = 1.0
        self._swing_bpm = self._swing_at(settings.own_per_min)
        self._heart_turns = rng.random()
        self._lapse_until = 0.0
        self._in_breath_began = 0.0
        self._in_breath_ended = 0.0
        self._last_beat_s: float | None = None
        self._early = False
        self._turns_kept: list[float] | None = None

    def live_until(self, moment: float, guide: Guide) -> None:
        """Breathe and beat until `moment`, following the guide as well as this person does."""
        steps = int((moment - self.now) / STEP_S)
        for _ in range(steps):
            self._breathe(guide)
            self._beat()
            self.now += STEP_S
            if self._turns_kept is not None:
                self._turns_kept.append(self._turns)

    def keep_turns(self) -> list[float]:
        """The turns of the breath now; from here on those of each step are added to the same list."""
        self._turns_kept = [self._turns]
        return self._turns_kept

    def fullness(self) -> float:
        """How full the lungs are now, 0 to 1."""
        return (1 - math.cos(2 * math.pi * self._turns)) / 2

    # --- breath ---

    def _breathe(self, guide: Guide) -> None:
        who, before = self.settings, self._turns
        self._own_wander += -self._own_wander * STEP_S / 20 + self._noise(who.own_unsteadiness, 20)
        target = guide(self.now - who.lag_s) if self._attends(guide) else None
        if target is None:
            wanted = who.own_per_min * math.exp(self._own_wander)
            pull = 0.0
        else:
            turns, per_min = target
            slowest = self._slowest(per_min)
            wanted = max(per_min, slowest) * (1 + 0.3 * self._own_wander)
            away = (turns - self._turns + 0.5) % 1.0 - 0.5
            pull = who.draw * away * 60 if per_min >= slowest else 0.0
        self._rate_per_min += (wanted - self._rate_per_min) * STEP_S / 3.0
        if self.now >= self._rests_until:
            self._turns += max(0.2, self._rate_per_min * self._pace() + pull) / 60 * STEP_S
        self._note_turning(before)

    def _pace(self) -> float:
        """How much faster than its mean this half of the breath goes."""
        share, speed = self.settings.in_breath_share, 1.0
        if self.now < self._talks_until:
            share, speed = 0.2, self._talk_pace
        return speed * 0.5 / (share if self._turns % 1.0 < 0.5 else 1 - share)

    def _ends_a_breath(self) -> None:
        """Empty: some rest there, some begin to talk, and who talks never breathes twice alike."""
        who = self.settings
        if self._happens(who.rests_share):
            self._rests_until = self.now + (0.3 + 0.9 * self._rng.random()) * 60 / self._rate_per_min
        if self._happens(who.talks_per_hour / (60 * self._rate_per_min)):
            self._talks_until = self.now + 10 + 40 * self._rng.random()
        if self.now < self._talks_until:
            self._talk_pace = math.exp(0.35 * self._normal())

    def _happens(self, chance: float) -> bool:
        """What never happens draws nothing, so that what a seed means stays as it is."""
        return chance > 0 and self._rng.random() < chance

    def _slowest(self, guide_per_min: float) -> float:
        """How slow is easy by now: some come to it only bit by bit, while something slower leads."""
        who = self.settings
        if who.eases_per_min is None:
            return who.slowest_per_min
        if guide_per_min < self._easy_per_min:
            self._easy_per_min -= who.eases_per_min / 60 * STEP_S
        return max(who.slowest_per_min, self._easy_per_min)

    def _attends(self, guide: Guide) -> bool:
        if guide(self.now) is None or self.now < max(self._lapse_until, self._talks_until):
            self.attending = False
            return False
        self.attending = True
        if self._rng.random() < self.settings.lapses_per_min / 60 * STEP_S:
            self._lapse_until = self.now - self.settings.lapse_s * math.log(1.0 - self._rng.random())
        return True

    def _note_turning(self, before: float) -> None:
        if math.floor(before + 0.5) < math.floor(self._turns + 0.5):
            self._in_breath_ended = self.now
        if math.floor(before) < math.floor(self._turns):
            if self._in_breath_ended > self._in_breath_began:
                breath = self._in_breath_began, self._in_breath_ended, self.now, self._swing_bpm
                self.breaths.append(TrueBreath(*breath))
            self._in_breath_began = self.now
            self._ends_a_breath()

    # --- heart ---

    def _swing_at(self, per_min: float) -> float:
        who = self.settings
        away = (per_min - who.resonance_per_min) / who.resonance_width_per_min
        return who.base_swing_bpm + who.resonance_swing_bpm / (1 + away * away)

    def _rate_bpm(self) -> float:
        who = self.settings
        lag_turns = who.heart_lag_s * self._rate_per_min / 60
        swing = -0.5 * self._swing_bpm * math.cos(2 * math.pi * (self._turns - lag_turns))
        mayer = who.mayer_bpm * self._mayer_size * math.sin(2 * math.pi * self._mayer_turns)
        return max(30.0, who.heart_rate_bpm + self._drift + swing + mayer)

    def _beat(self) -> None:
        who = self.settings
        self._drift += -self._drift * STEP_S / 120 + self._noise(who.drift_bpm, 120)
        self._mayer_size += (1 - self._mayer_size) * STEP_S / 60 + self._noise(0.5, 60)
        self._mayer_turns += (0.1 + 0.01 * self._own_wander) * STEP_S
        self._swing_bpm += (self._swing_at(self._rate_per_min) - self._swing_bpm) * STEP_S / 20
        before = self._heart_turns
        self._heart_turns += self._rate_bpm() / 60 * STEP_S
        if math.floor(before) < math.floor(self._heart_turns):
            share = (math.floor(self._heart_turns) - before) / (self._heart_turns - before)
            self._heart_beats(self.now + share * STEP_S)

    def _heart_beats(self, moment: float) -> None:
        """A sinus beat, or in its place an early one: the beat after it keeps its time (a full pause)."""
        moment += self._normal() * self.settings.beat_noise_ms / 1000
        last = self._last_beat_s
        self._early = not self._early and self._rng.random() < self.settings.ectopic_share
        if self._early and last is not None:
            moment = last + (0.6 + 0.15 * self._rng.random()) * (moment - last)
        self.beats.append(TrueBeat(moment, "ectopic" if self._early else "normal"))
        self._last_beat_s = moment

    def _noise(self, size: float, over_s: float) -> float:
        """One step of a wander of standard deviation `size` that forgets over `over_s`."""
        return size * math.sqrt(2 * STEP_S / over_s) * self._normal()
