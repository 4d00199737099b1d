"""What a simulated chest does twenty times a second: breath, fidgeting, changes of posture.

Both simulated sensors, ECG and acceleration, look at the same chest. Nothing here draws from the person's
own generator: a session with a chest is the session without one.
"""

import math
import random
from dataclasses import dataclass
from typing import Any

from breathsync.devices.person import STEP_S, Normal


@dataclass(frozen=True, slots=True)
class RestlessnessSettings:
    """How a person keeps still, or does not. Angles are standard deviations."""

    fidgets_per_min: float = 0.7
    fidget_deg: float = 3.0
    shifts_per_hour: float = 8.0
    shift_deg: float = 6.0
    sway_deg: float = 0.15
    depth_spread: float = 0.12  # from breath to breath
    sighs_share: float = 0.0  # of the breaths are two to three times as deep
    peakedness: float = 1.0  # above 1 the lungs are full for a moment and empty for long
    roll_late_turns: float = 0.0  # the chest turns sideways so much later than it lifts
    slouch_deg_per_min: float = 0.0
    walks_per_hour: float = 0.0


@dataclass(frozen=True, slots=True)
class Moment:
    """The chest at one step."""

    excursion: float  # how far the breath has lifted it, 0 to about 1
    recline_deg: float  # against how it was put on
    roll_deg: float
    fidget: float  # how strongly it fidgets, 0 to 1
    sideways: float = 0.0  # how far the breath has turned it, 0 to about 1
    bounce: float = 0.0  # of a walk's steps, -1 to 1


@dataclass(slots=True)
class _Fidget:
    until: float
    began: float
    recline_deg: float
    roll_deg: float

    def strength(self, now: float) -> float:
        """From nothing to all and back to nothing."""
        share = (now - self.began) / (self.until - self.began)
        return math.sin(math.pi * share) if 0 < share < 1 else 0.0


class Chest:
    """Steps are numbered from the beginning; `forget_before` keeps it small."""

    def __init__(self, settings: RestlessnessSettings, turns: float, rng: random.Random) -> None:
        self._settings = settings
        self._rng, self._normal = rng, Normal(rng)
        self._turns, self._depth = turns, 1.0
        self._posture = [0.0, 0.0]
        self._wanted = [0.0, 0.0]
        self._sway = [0.0, 0.0]
        self._fidget = _Fidget(0.0, -1.0, 0.0, 0.0)
        self._steps = 0
        self._first = 0
        self._walks_until = 0.0
        lifted = self._excursion(turns)
        self._moments: list[Moment] = [Moment(lifted, 0.0, 0.0, 0.0, lifted)]
        self.happened: list[tuple[float, str, dict[str, Any]]] = []

    @property
    def lived_s(self) -> float:
        """How far it is known."""
        return self._steps * STEP_S

    def breathe(self, turns: float) -> None:
        """One step on: the breath is at `turns` now."""
        self._steps += 1
        if math.floor(turns) > math.floor(self._turns):
            self._depth = max(0.4, 1.0 + self._settings.depth_spread * self._normal())
            if self._happens(self._settings.sighs_share):
                self._depth *= 2.0 + self._rng.random()
        self._turns = turns
        self._move()
        strength = self._fidget.strength(self.lived_s)
        tilts = [
            posture + sway + strength * fidget
            for posture, sway, fidget in zip(
                self._posture, self._sway, (self._fidget.recline_deg, self._fidget.roll_deg), strict=True
            )
        ]
        sideways = self._excursion(turns - self._settings.roll_late_turns)
        lifted, bounce = self._excursion(turns), self._bounce()
        self._moments.append(Moment(lifted, tilts[0], tilts[1], strength, sideways, bounce))

    def at_step(self, step: int) -> Moment:
        """The chest at a step that is known and not forgotten."""
        return self._moments[step - self._first]

    def forget_before(self, step: int) -> None:
        """Steps before this one will not be asked for."""
        del self._moments[: step - self._first]
        self._first = step

    def _excursion(self, turns: float) -> float:
        filled = (1 - math.cos(2 * math.pi * turns)) / 2
        return self._depth * math.pow(filled, self._settings.peakedness)

    def _bounce(self) -> float:
        """Steps, nearly two a second, while walking."""
        now = self.lived_s
        if now >= self._walks_until and self._happens(self._settings.walks_per_hour / 3600 * STEP_S):
            self._walks_until = now + 8 + 22 * self._rng.random()
            self.happened.append((now, "walk", {"until": self._walks_until}))
        return math.sin(2 * math.pi * 1.85 * now) if now < self._walks_until else 0.0

    def _happens(self, chance: float) -> bool:
        """What never happens draws nothing, so that what a seed means stays as it is."""
        return chance > 0 and self._rng.random() < chance

    def _move(self) -> None:
        settings, now = self._settings, self.lived_s
        wander = settings.sway_deg * math.sqrt(2 * STEP_S / 15)
        self._wanted[0] -= settings.slouch_deg_per_min / 60 * STEP_S
        for axis in (0, 1):
            self._sway[axis] += -self._sway[axis] * STEP_S / 15 + wander * self._normal()
            self._posture[axis] += (self._wanted[axis] - self._posture[axis]) * STEP_S / 0.4
        if now >= self._fidget.until and self._rng.random() < settings.fidgets_per_min / 60 * STEP_S:
            self._begin_fidget(now, "fidget")
        if self._rng.random() < settings.shifts_per_hour / 3600 * STEP_S:
            self._wanted = [wanted + settings.shift_deg * self._normal() for wanted in self._wanted]
            self._begin_fidget(now, "posture")

    def _begin_fidget(self, now: float, kind: str) -> None:
        tilts = [self._settings.fidget_deg * self._normal() for _ in (0, 1)]
        self._fidget = _Fidget(now + 0.6 + 2.2 * self._rng.random(), now, *tilts)
        says: dict[str, Any] = {"until": self._fidget.until}
        if kind == "posture":
            says |= {"recline_deg": self._wanted[0], "roll_deg": self._wanted[1]}
        self.happened.append((now, kind, says))
