"""The ECG of a simulated person, as a chest strap sees it: a P, a QRS and a T, moved by the breath.

Waves are bells, as in McSharry et al., IEEE Trans Biomed Eng 50:289 (2003); the T wave's distance goes with
the root of the interval (Bazett). Full lungs turn the heart's axis and part the electrodes: R, S and T
change, each by its own share. The strap's band, 0.7-40 Hz on an H10, takes most of the breath out of the
baseline, and all mains hum.
"""

import math
import random
from dataclasses import dataclass

from breathsync.devices.chest import Chest
from breathsync.devices.person import STEP_S, Normal, TrueBeat

_WIDTHS = 3.5  # of a bell on either side that are drawn
_HIGH_PASS_HZ = 0.7
_MOST_UV = 20_000


@dataclass(frozen=True, slots=True)
class LeadSettings:
    """Heights in microvolts; `breath_...` is how much more of it there is with full lungs than without."""

    rate_hz: float = 130.16  # by the strap's own clock, as one real H10 had it
    p_uv: float = 90.0
    q_uv: float = -80.0
    r_uv: float = 950.0
    s_uv: float = -210.0
    t_uv: float = 240.0
    breath_r: float = -0.16
    breath_s: float = 0.12
    breath_t: float = -0.08
    breath_baseline_uv: float = 150.0  # at the skin: the band leaves a fifth of it
    noise_uv: float = 6.0
    muscle_uv: float = 90.0  # while fidgeting
    loose_uv: float = 1500.0  # while an electrode has no contact


@dataclass(frozen=True, slots=True)
class _Wave:
    """One bell: its middle after the R peak, its width, its height and what breath does to that."""

    after_s: float
    width_s: float
    uv: float
    breath: float = 0.0


class SimulatedEcg:
    """Draws beats as they become known and gives samples in order; the first is taken at `0.0`."""

    def __init__(self, settings: LeadSettings, interval_s: float, chest: Chest, rng: random.Random) -> None:
        self._settings, self._interval_s, self._chest = settings, interval_s, chest
        self._rng, self._normal = rng, Normal(rng)
        self._drawn: list[float] = []
        self._first = 0  # number of the first sample that is not taken yet
        self._last_beat_s = -1.0
        self._loose: list[tuple[float, float]] = []
        self._offset_uv = 0.0
        self._was_loose = False
        self._noise = self._raw = self._passed = 0.0
        self._keeps = 1 / (1 + 2 * math.pi * _HIGH_PASS_HZ * interval_s)

    def beat(self, beat: TrueBeat) -> None:
        """Draw a heartbeat."""
        rr_s = min(max(beat.time - self._last_beat_s, 0.3), 2.0)
        self._last_beat_s = beat.time
        step = min(max(round(beat.time / STEP_S), 0), round(self._chest.lived_s / STEP_S))
        fullness = self._chest.at_step(step).excursion - 0.5
        waves = self._normal_beat(rr_s) if beat.label == "normal" else self._early_beat(rr_s)
        for wave in waves:
            self._draw(beat.time + wave.after_s, wave.width_s, wave.uv * (1 + wave.breath * fullness))

    def no_contact(self, began: float, until: float) -> None:
        """An electrode is loose for a while."""
        self._loose.append((began, until))

    def take(self, count: int) -> list[int]:
        """The next samples in microvolts."""
        self._reach(count)
        drawn, self._drawn = self._drawn[:count], self._drawn[count:]
        samples = [self._sample(self._first + k, value) for k, value in enumerate(drawn)]
        self._first += count
        return samples

    # --- waves ---

    def _normal_beat(self, rr_s: float) -> tuple[_Wave, ...]:
        heart, slow = self._settings, math.sqrt(rr_s)
        return (
            _Wave(-0.15 - 0.02 * slow, 0.020, heart.p_uv, heart.breath_t),
            _Wave(-0.026, 0.008, heart.q_uv, heart.breath_s),
            _Wave(0.0, 0.0105, heart.r_uv, heart.breath_r),
            _Wave(0.027, 0.010, heart.s_uv, heart.breath_s),
            _Wave(0.27 * slow, 0.050 * slow, 0.6 * heart.t_uv, heart.breath_t),
            _Wave(0.30 * slow, 0.030 * slow, 0.4 * heart.t_uv, heart.breath_t),
        )

    def _early_beat(self, rr_s: float) -> tuple[_Wave, ...]:
        """From the ventricle: broad, without a P, the T turned over."""
        heart, slow = self._settings, math.sqrt(rr_s)
        return (
            _Wave(0.0, 0.026, 1.25 * heart.r_uv, heart.breath_r),
            _Wave(0.075, 0.034, -0.5 * heart.r_uv, heart.breath_s),
            _Wave(0.33 * slow, 0.055 * slow, -1.3 * heart.t_uv, heart.breath_t),
        )

    def _draw(self, middle_s: float, width_s: float, uv: float) -> None:
        low = max(self._first, math.ceil((middle_s - _WIDTHS * width_s) / self._interval_s))
        high = math.floor((middle_s + _WIDTHS * width_s) / self._interval_s)
        self._reach(high + 1 - self._first)
        drawn, first, interval, scale = self._drawn, self._first, self._interval_s, 1 / width_s
        for k in range(low, high + 1):
            away = (k * interval - middle_s) * scale
            drawn[k - first] += uv * math.exp(-0.5 * away * away)

    def _reach(self, count: int) -> None:
        self._drawn.extend([0.0] * (count - len(self._drawn)))

    # --- samples ---

    def _sample(self, number: int, drawn_uv: float) -> int:
        now = number * self._interval_s
        place = now / STEP_S
        step = int(place)
        before, after = self._chest.at_step(step), self._chest.at_step(step + 1)
        excursion = before.excursion + (place - step) * (after.excursion - before.excursion)
        noise_uv = self._settings.noise_uv + self._settings.muscle_uv * before.fidget
        if self._is_loose(now):
            drawn_uv, noise_uv = 0.0, self._settings.loose_uv
        raw = drawn_uv + self._settings.breath_baseline_uv * excursion + self._offset_uv
        fresh = noise_uv * self._normal()
        self._passed = self._keeps * (self._passed + raw - self._raw)
        value = self._passed + 0.7 * (fresh + self._noise)
        self._raw, self._noise = raw, fresh
        return max(-_MOST_UV, min(_MOST_UV, round(value)))

    def _is_loose(self, now: float) -> bool:
        while self._loose and self._loose[0][1] <= now:
            self._loose.pop(0)
        loose = bool(self._loose) and self._loose[0][0] <= now
        if loose != self._was_loose:  # the electrode's own voltage is another one now
            self._offset_uv = 5000.0 * self._normal()
            self._was_loose = loose
        return loose
