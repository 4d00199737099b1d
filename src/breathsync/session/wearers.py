"""Wearers of all kinds, one for each seed: how they sit or lie, how the strap sits, how they breathe.

The ranges are wide on purpose: what finds the breath in all of them has not learnt one chest by heart.
"""

import random

from breathsync.devices.chest import RestlessnessSettings
from breathsync.devices.person import PersonSettings
from breathsync.devices.simulated_ecg import LeadSettings
from breathsync.devices.simulated_motion import WearSettings
from breathsync.devices.simulated_streams import StreamSettings


def wearer(seed: int) -> tuple[PersonSettings, StreamSettings]:
    """Somebody, with ECG and acceleration."""
    rng = random.Random(f"{seed} wearer")
    person = PersonSettings(
        heart_rate_bpm=_between(rng, 52, 88),
        own_per_min=_between(rng, 8, 18),
        own_unsteadiness=_between(rng, 0.04, 0.16),
        draw=_between(rng, 0.15, 0.45),
        lapses_per_min=_between(rng, 0, 1.5),
        resonance_swing_bpm=_between(rng, 2, 16),
        in_breath_share=_between(rng, 0.35, 0.52),
        rests_share=rng.choice([0, 0, 0, 0.05]),
        talks_per_hour=rng.choice([0, 0, 0, 12]),
    )
    restlessness = RestlessnessSettings(
        fidgets_per_min=_between(rng, 0.1, 2.5),
        shifts_per_hour=_between(rng, 0, 24),
        sway_deg=_between(rng, 0.05, 0.3),
        depth_spread=_between(rng, 0.05, 0.25),
        sighs_share=_between(rng, 0, 0.02),
        peakedness=_between(rng, 0.7, 1.9),
        roll_late_turns=_between(rng, -0.08, 0.08),
        slouch_deg_per_min=_between(rng, 0, 0.6),
        walks_per_hour=rng.choice([0, 0, 0, 0, 10]),
    )
    streams = StreamSettings(_lead(rng), _wear(rng), restlessness, clock_off=_between(rng, -50e-6, 50e-6))
    return person, streams


def _lead(rng: random.Random) -> LeadSettings:
    r_uv = _between(rng, 400, 1800)
    tall_t = rng.random() < 0.2  # as large as the QRS, nearly
    return LeadSettings(
        rate_hz=130 * _between(rng, 0.99, 1.01),
        r_uv=r_uv,
        s_uv=-r_uv * _between(rng, 0.05, 0.6),
        t_uv=r_uv * (_between(rng, 0.6, 0.9) if tall_t else _between(rng, 0.1, 0.35)),
        breath_r=rng.choice([-1, -1, 1]) * _between(rng, 0.05, 0.3),
        breath_s=_between(rng, -0.2, 0.2),
        noise_uv=_between(rng, 3, 25),
    )


def _wear(rng: random.Random) -> WearSettings:
    lies = rng.random() < 0.25
    turned = rng.choice([0, 0, 0, 0, 0, 180])  # the strap was put on upside down
    return WearSettings(
        rate_hz=rng.choice([25, 50, 100, 200, 200, 200]),
        rate_off=_between(rng, -0.005, 0.005),
        recline_deg=_between(rng, 70, 90) if lies else _between(rng, -5, 45),
        belt_deg=turned + _between(rng, -25, 25),
        breath_tilt_deg=rng.choice([-1, 1, 1]) * _between(rng, 0.3, 3.0),
        breath_roll_deg=_between(rng, -1, 1),
        breath_mm=_between(rng, 2, 8),
        thump_milli_g=_between(rng, 1, 5),
        fidget_milli_g=_between(rng, 20, 150),
        rock_milli_g=_between(rng, 0, 8),
        range_g=rng.choice([2, 4, 8]),
    )


def _between(rng: random.Random, low: float, high: float) -> float:
    return low + (high - low) * rng.random()
