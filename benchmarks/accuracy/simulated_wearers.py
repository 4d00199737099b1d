"""Sessions of simulated wearers with a known breath: paced or free, sitting or lying, still or restless."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from breathsync.breath.chest_sign import IN_BREATH
from breathsync.devices.person import Guide
from breathsync.devices.simulated_motion import WearSettings
from breathsync.devices.simulator import RadioSettings, SimulatedStrap, StrapSettings, Truth
from breathsync.events import GuideShown, Input, Marked, PaceChanged
from breathsync.heart.hrv import FloatArray
from breathsync.session.wearers import wearer

SECONDS = 240.0
PACED_FROM_S = 20.0
CALIBRATED_FROM_S = 35.0
_HALF_WINDOW_S = 10.0


@dataclass(frozen=True, slots=True)
class Worn:
    """A session: inputs as they arrive, what was true, and which kinds of wearer this one is of."""

    seed: int
    kinds: tuple[str, ...]
    inputs: list[Input]
    truth: list[Truth]
    seconds: float

    def in_breath_ends(self) -> FloatArray:
        """When the lungs were full (s)."""
        return np.array([t.fields["in_breath_ends"] for t in self.truth if t.kind == "breath"])

    def rates(self, times_s: FloatArray) -> FloatArray:
        """Breaths a minute, mean over the 20 s about each time; NaN where the truth does not reach."""
        breaths = [t for t in self.truth if t.kind == "breath"]
        if not breaths:
            return np.full(len(times_s), np.nan)
        marks = np.array([t.time for t in breaths] + [breaths[-1].fields["ends"]])
        count = np.arange(len(marks), dtype=float)
        low, high = times_s - _HALF_WINDOW_S, times_s + _HALF_WINDOW_S
        mean = 60 * (np.interp(high, marks, count) - np.interp(low, marks, count)) / (2 * _HALF_WINDOW_S)
        return np.where((low >= marks[0]) & (high <= marks[-1]), mean, np.nan)


def session(seed: int, seconds: float = SECONDS, *, ecg: bool = False) -> Worn:
    """Every second wearer follows a guide, 4 to 15 a minute; the others breathe their own 4 to 24.

    Half of these tell by one calibration breath which way is in.
    """
    rng = random.Random(f"{seed} worn")
    person, streams = wearer(seed)
    own = math.exp(rng.uniform(math.log(5), math.log(24)))
    person = replace(person, own_per_min=own, slowest_per_min=3.5)
    if not ecg:
        streams = replace(streams, ecg=None)
    paced = seed % 2 == 0
    pace = math.exp(rng.uniform(math.log(4), math.log(15)))
    guide = _guide(pace) if paced else _no_guide
    strap = SimulatedStrap(person, StrapSettings(), RadioSettings(lost_share=0.002), guide, seed, streams)
    inputs: list[Input] = list(strap.until(seconds))
    if paced:
        inputs += [
            PaceChanged(PACED_FROM_S, 60 / pace, anew=True),
            GuideShown(PACED_FROM_S, shown=True),
        ]
    elif seed % 4 == 1:
        inputs += _calibration(strap.truth, rng)
    inputs.sort(key=lambda event: event.time)
    wear, rest = streams.motion or WearSettings(), streams.restlessness
    lies, weak = wear.recline_deg >= 70, abs(wear.breath_tilt_deg) < 0.7
    restless = rest.fidgets_per_min > 1.5 or rest.walks_per_hour > 0
    kinds = (
        "paced" if paced else "free, calibrated" if seed % 4 == 1 else "free",
        "lying" if lies else "sitting",
        "restless" if restless else "quieter",
        "breath < 0.7 deg" if weak else "breath >= 0.7 deg",
        *(["heart >= 4 mg"] if max(wear.rock_milli_g, wear.thump_milli_g) >= 4 else []),
        *(["upside down"] if abs(wear.belt_deg) > 90 else []),
        *(["talks"] if person.talks_per_hour else []),
        f"{wear.rate_hz} Hz",
    )
    return Worn(seed, kinds, inputs, [t for t in strap.truth if t.time <= seconds], seconds)


def _calibration(truth: list[Truth], rng: random.Random) -> list[Input]:
    """The wearer marks the beginning of an in-breath, a little late."""
    began = next(t.time for t in truth if t.kind == "breath" and t.time > CALIBRATED_FROM_S)
    return [Marked(began + 0.3 * rng.random(), IN_BREATH)]


def breathless(seed: int, seconds: float = SECONDS) -> Worn:
    """A strap on a table, on a chest that shows no breath, or on somebody who walks all the time."""
    kind = ("table", "no breath", "walking")[seed % 3]
    person, streams = wearer(seed)
    wear, rest = streams.motion or WearSettings(), streams.restlessness
    wear = replace(wear, breath_tilt_deg=0.0, breath_roll_deg=0.0, breath_mm=0.0)
    if kind == "table":
        wear = replace(wear, thump_milli_g=0.0, rock_milli_g=0.0)
        rest = replace(rest, sway_deg=0.0, fidgets_per_min=0.05, shifts_per_hour=2, slouch_deg_per_min=0.0)
    rest = replace(rest, walks_per_hour=3600.0 if kind == "walking" else 0.0)
    streams = replace(streams, ecg=None, motion=wear, restlessness=rest)
    strap = SimulatedStrap(person, StrapSettings(), RadioSettings(), _no_guide, seed, streams)
    return Worn(seed, ("breathless", kind), list(strap.until(seconds)), [], seconds)


def _no_guide(_time: float) -> None:
    return None


def _guide(per_min: float) -> Guide:
    """A steady guide from `PACED_FROM_S` on, beginning with an in-breath."""

    def at(time: float) -> tuple[float, float] | None:
        since = time - PACED_FROM_S
        return (since * per_min / 60, per_min) if since >= 0 else None

    return at


def sessions(count: int, first_seed: int = 0, seconds: float = SECONDS) -> Iterator[Worn]:
    """Seeds in a row."""
    return (session(seed, seconds) for seed in range(first_seed, first_seed + count))
