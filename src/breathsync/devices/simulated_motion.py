"""The acceleration of a simulated chest, as a strap below the breast sees it, gravity included.

x points along the belt, y up along the breastbone, z out of the chest (an H10 worn upright). Breath tilts
the chest wall by a degree or so, which turns gravity by some tens of milli-g, and moves it by a few
millimetres, which is next to nothing at rest. Each heartbeat gives two thumps of a few milli-g, 10-20 Hz
(the seismocardiogram). Belt, posture and fidgeting stand in `chest.py` and in the settings here.
"""

import math
import random
from dataclasses import dataclass

from breathsync.devices.chest import Chest, Moment
from breathsync.devices.person import STEP_S, Normal, TrueBeat

_MILLI_G_PER_M_S2 = 1000 / 9.80665
_THUMPS = ((0.035, 14.0, 0.055, 1.0), (0.33, 18.0, 0.040, 0.55))  # after R, Hz, fades over, share
_ROCK = 2.5, 0.15  # Hz, fades over
_THUMP_S = 0.25
_THUMP_AXES = (0.25, 0.5, 1.0)

Triple = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class WearSettings:
    """How the strap sits, and what moves it. Angles in degrees; breath is empty to full lungs."""

    rate_hz: int = 200
    rate_off: float = 0.0016  # the true rate is so much higher, by the strap's own clock
    recline_deg: float = 15.0
    belt_deg: float = 5.0
    breath_tilt_deg: float = 1.4
    breath_roll_deg: float = 0.3
    breath_mm: float = 5.0
    thump_milli_g: float = 3.0
    fidget_milli_g: float = 70.0
    noise_milli_g: float = 1.2
    rock_milli_g: float = 0.0  # the chest's slow answer to each heartbeat
    walk_milli_g: float = 180.0
    range_g: float = 8.0


class SimulatedMotion:
    """Gives samples in order; the first is taken at `0.0`."""

    def __init__(self, settings: WearSettings, interval_s: float, chest: Chest, rng: random.Random) -> None:
        self._settings, self._interval_s, self._chest = settings, interval_s, chest
        self._rng, self._normal = rng, Normal(rng)
        self._thumps: list[float] = []
        self._first = 0
        self._shaking = [0.0, 0.0, 0.0]
        self._step = -1
        self._before = self._after = (0.0, 0.0, 0.0)

    def beat(self, beat: TrueBeat) -> None:
        """The heart thumps against the chest."""
        strength = self._settings.thump_milli_g * (1 + 0.15 * self._normal())
        strength *= 1.0 if beat.label == "normal" else 0.6
        for after_s, hz, fades_s, share in _THUMPS:
            self._thump(beat.time + after_s, hz, fades_s, strength * share)
        if self._settings.rock_milli_g:
            self._thump(beat.time + 0.1, *_ROCK, self._settings.rock_milli_g)

    def take(self, count: int) -> list[Triple]:
        """The next samples in milli-g."""
        self._reach(count)
        thumps, self._thumps = self._thumps[:count], self._thumps[count:]
        samples = [self._sample(self._first + k, thump) for k, thump in enumerate(thumps)]
        self._first += count
        return samples

    def _thump(self, began: float, hz: float, fades_s: float, milli_g: float) -> None:
        low = max(self._first, math.ceil(began / self._interval_s))
        high = math.floor((began + max(_THUMP_S, 4 * fades_s)) / self._interval_s)
        self._reach(high + 1 - self._first)
        for k in range(low, high + 1):
            since = k * self._interval_s - began
            swing = math.sin(2 * math.pi * hz * since) * math.exp(-since / fades_s)
            self._thumps[k - self._first] += milli_g * swing

    def _reach(self, count: int) -> None:
        self._thumps.extend([0.0] * (count - len(self._thumps)))

    # --- samples ---

    def _sample(self, number: int, thump: float) -> Triple:
        place = number * self._interval_s / STEP_S
        step = int(place)
        if step != self._step:
            self._before, self._after = self._pull(step), self._pull(step + 1)
            self._step = step
        share, normal = place - step, self._normal
        noise, most = self._settings.noise_milli_g, 1000 * self._settings.range_g
        shaking = self._shake(self._chest.at_step(step).fidget)
        x, y, z = [
            round(
                max(
                    -most,
                    min(most, before + share * (after - before) + thump * axis + shake + noise * normal()),
                )
            )
            for before, after, axis, shake in zip(
                self._before, self._after, _THUMP_AXES, shaking, strict=True
            )
        ]
        return x, y, z

    def _pull(self, step: int) -> tuple[float, float, float]:
        """Gravity and the movement of the chest wall at a step, milli-g."""
        wear, moment = self._settings, self._chest.at_step(step)
        lifted, sideways = moment.excursion - 0.5, moment.sideways - 0.5
        recline = math.radians(wear.recline_deg + moment.recline_deg + wear.breath_tilt_deg * lifted)
        roll = math.radians(wear.belt_deg + moment.roll_deg + wear.breath_roll_deg * sideways)
        moved = wear.breath_mm / 1000 * self._bend(step, moment) * _MILLI_G_PER_M_S2
        bounce = wear.walk_milli_g * moment.bounce
        upright = 1000 * math.cos(recline) + bounce
        return (
            upright * math.sin(roll),
            upright * math.cos(roll),
            1000 * math.sin(recline) + moved + 0.5 * bounce,
        )

    def _bend(self, step: int, moment: Moment) -> float:
        """The second derivative of the breath's excursion, per s²."""
        if step < 1:
            return 0.0
        before, after = self._chest.at_step(step - 1), self._chest.at_step(step + 1)
        return (before.excursion - 2 * moment.excursion + after.excursion) / STEP_S**2

    def _shake(self, fidget: float) -> list[float]:
        """What fidgeting adds on each axis: noise below some hertz."""
        if fidget == 0.0:
            self._shaking = [0.0, 0.0, 0.0]
            return self._shaking
        keeps = math.exp(-self._interval_s / 0.06)
        fresh = self._settings.fidget_milli_g * math.sqrt(1 - keeps * keeps)
        self._shaking = [keeps * shake + fidget * fresh * self._normal() for shake in self._shaking]
        return self._shaking
