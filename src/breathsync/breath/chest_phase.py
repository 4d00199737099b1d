"""The phase of a wave, breath by breath, up to now.

Inside, where as much is known after a moment as before it, a wavelet of two breaths tells the phase (its
Hann window has zeros at rest and at twice the rate, so that drift and shape of the breath do not move it).
Towards now a fit over the last breath and a quarter takes over, at the rate that the wavelet saw last.
"""

import math
from dataclasses import dataclass

import numpy as np

from breathsync.breath.chest_bins import HZ, Floats

_LONGEST = 28 * HZ + 1  # quarters of the wavelet
_EDGE_BREATHS = 1.25
_EDGE_LEAST_S = 2.5
_CHANGE = (0.6, 1.6)  # the last rate against the mean one, at most
TURN = 2 * math.pi


@dataclass(frozen=True, slots=True)
class PhaseTrack:
    """Phase in turns at `times_s` (before the newest quarter's end, so negative); at 0 it is `edge`."""

    times_s: Floats
    turns: Floats
    edge: float
    rate_hz: float  # about the edge

    def at(self, moment_s: float) -> float:
        """Turns at a moment; beyond the ends it goes on evenly."""
        if moment_s >= self.times_s[-1]:
            return self.edge + self.rate_hz * moment_s
        if moment_s <= self.times_s[0]:
            return float(self.turns[0]) + self.rate_hz * (moment_s - float(self.times_s[0]))
        return float(np.interp(moment_s, self.times_s, self.turns))

    def mean_rate(self, began_s: float, until_s: float) -> float:
        """Breaths/min between two moments."""
        return 60 * (self.at(until_s) - self.at(began_s)) / (until_s - began_s)


def track(wave: Floats, weight: Floats, rate_hz: float) -> PhaseTrack:
    """Of a wave in quarters of a second (n,); `weight` says how far each counts in the fit at the edge."""
    length = min(round(2 * HZ / rate_hz) | 1, _LONGEST, len(wave) - 2 * HZ)
    lag_s = (np.arange(length) - length // 2) / HZ
    hann = 0.5 + 0.5 * np.cos(TURN * lag_s * HZ / (length + 1))
    kernel = hann * np.exp(-1j * TURN * rate_hz * lag_s)
    seen = np.convolve(wave, kernel[::-1], "valid")
    turns = np.unwrap(np.angle(seen)) / TURN
    times_s = (np.arange(len(seen)) + length // 2 - len(wave) + 0.5) / HZ
    back = min(max(2, round(HZ / rate_hz)), len(turns) - 1)
    last_hz = float(turns[-1] - turns[-1 - back]) * HZ / back
    last_hz = min(max(last_hz, _CHANGE[0] * rate_hz), _CHANGE[1] * rate_hz)
    expected = float(turns[-1]) - last_hz * float(times_s[-1])
    edge = _edge_turns(wave, weight, last_hz)
    return PhaseTrack(times_s, turns, expected + (edge - expected + 0.5) % 1.0 - 0.5, last_hz)


def _edge_turns(wave: Floats, weight: Floats, rate_hz: float) -> float:
    """Phase at the end of the wave: least squares over the last breath or so, the newest counting most."""
    count = min(len(wave), round(max(_EDGE_BREATHS / rate_hz, _EDGE_LEAST_S) * HZ))
    place = (np.arange(count) + 0.5) / count
    counts = weight[-count:] * (0.15 + np.sin(place * math.pi / 2) ** 2)
    angle = (TURN * rate_hz / HZ) * (np.arange(count) - count + 0.5)
    parts = np.stack([np.ones(count), np.cos(angle), np.sin(angle)])
    weighted = parts * counts
    normal = weighted @ parts.T
    normal[[0, 1, 2], [0, 1, 2]] += 1e-3
    _, cosine, sine = np.linalg.solve(normal, weighted @ wave[-count:]).tolist()
    return math.atan2(-sine, cosine) / TURN
