"""The guide as sound: samples from where its breath is. No device, no clock.

A tone rises softly with the in-breath and falls with the out-breath; or noise swells and ebbs like breath.
It is silent where the breath turns, so nothing ever clicks, and it comes in over some seconds.
"""

from collections.abc import Callable

import numpy as np

from breathsync.breath.pacer import PacerPosition
from breathsync.events import BreathPart
from breathsync.heart.hrv import FloatArray

RATE_HZ = 44_100
FADE_IN_S = 3.0
FADE_OUT_S = 0.4
_LOW_HZ, _HIGH_HZ = 174.6, 261.6  # f to c': a fifth
_OVERTONES = ((1.0, 1.0), (2.0, 0.18), (3.0, 0.05))
_LOUDNESS = 0.16
_BELL_LOUDNESS = 0.12
_BELL_S = 5.0
_BELL = ((523.3, 1.0, 1.4), (1046.5, 0.35, 0.8), (1413.0, 0.2, 0.5))  # Hz, share, seconds to a third
_LEAP_S = 0.02
_GRID_S = 0.005  # the breath is asked this often; between, it moves evenly

At = Callable[[float], PacerPosition | None]


class Voice:
    """Makes one piece of sound after the other. `sound` is `off`, `tone` or `breath`."""

    def __init__(self) -> None:
        self.sound = "off"
        self._last = "tone"
        self._volume = 0.0
        self._turns = 0.0
        self._noise = np.random.default_rng(0)
        self._held = np.zeros(2)
        self._was = 0.0, 0.0  # flow and fullness of the last sample
        self._bells: list[float] = []  # seconds since each was struck

    def strike(self) -> None:
        """Sound a bell."""
        self._bells.append(0.0)

    def piece(self, at: At, start: float, samples: int, *, shown: bool) -> FloatArray:
        """Samples from session time `start` on, shape (samples,), -1 to 1.

        `shown`: the guide is in sight.
        """
        times = start + np.arange(samples) / RATE_HZ
        out = self._bell(samples)
        wanted = 1.0 if shown and self.sound != "off" else 0.0
        if self.sound != "off":
            self._last = self.sound
        if wanted or self._volume > 0:
            out += self._volume_to(wanted, samples) * self._guide(at, times)
        return out

    def _volume_to(self, wanted: float, samples: int) -> FloatArray:
        """The volume on its way to `wanted`, squared, so that it comes in softly."""
        step = 1 / (FADE_IN_S * RATE_HZ) if wanted > self._volume else -1 / (FADE_OUT_S * RATE_HZ)
        path: FloatArray = np.clip(self._volume + step * np.arange(1, samples + 1), 0.0, 1.0)
        self._volume = float(path[-1])
        return path * path

    def _guide(self, at: At, times: FloatArray) -> FloatArray:
        grid = np.arange(times[0], times[-1] + 2 * _GRID_S, _GRID_S)
        rows = [np.interp(times, grid, row) for row in _breath(at, grid)]
        leaves = np.exp(-(times - times[0]) / _LEAP_S)  # where the guide leaps the sound glides after it
        flow: FloatArray
        full: FloatArray
        flow, full = (row + (last - row[0]) * leaves for row, last in zip(rows, self._was, strict=True))
        self._was = float(flow[-1]), float(full[-1])
        if self._last == "tone":
            return _LOUDNESS * flow * self._tone(full)
        return _LOUDNESS * flow * self._rush(full)

    def _tone(self, full: FloatArray) -> FloatArray:
        pitch = _LOW_HZ * (_HIGH_HZ / _LOW_HZ) ** full
        turns = self._turns + np.cumsum(pitch) / RATE_HZ
        self._turns = float(turns[-1] % 1.0)
        waves: list[FloatArray] = [share * np.sin(2 * np.pi * times * turns) for times, share in _OVERTONES]
        return np.asarray(waves[0] + waves[1] + waves[2])

    def _rush(self, full: FloatArray) -> FloatArray:
        """Noise through two gentle low-passes that open with the breath."""
        cut_hz = 300.0 + 500.0 * float(full.mean())
        share = 1 - np.exp(-2 * np.pi * cut_hz / RATE_HZ)
        rough = self._noise.uniform(-1, 1, full.size)
        for stage in (0, 1):
            rough = _low_pass(rough, share, self._held[stage])
            self._held[stage] = rough[-1]
        return 5.0 * rough

    def _bell(self, samples: int) -> FloatArray:
        out = np.zeros(samples)
        since = np.arange(samples) / RATE_HZ
        for struck in self._bells:
            t = since + struck
            for hz, share, fades_s in _BELL:
                out += _BELL_LOUDNESS * share * np.sin(2 * np.pi * hz * t) * np.exp(-t / fades_s)
            out *= np.minimum(1.0, t / 0.008) if struck < 0.008 else 1.0
        length = samples / RATE_HZ
        self._bells = [struck + length for struck in self._bells if struck + length < _BELL_S]
        return out


def _breath(at: At, grid: FloatArray) -> tuple[FloatArray, FloatArray]:
    """How strongly the breath flows (0-1, nothing at its turns) and how full it is, at each time."""
    flow, full = np.zeros(grid.size), np.zeros(grid.size)
    for index, time in enumerate(grid):
        position = at(float(time))
        if position is not None:
            full[index] = position.fullness
            if position.part in (BreathPart.IN, BreathPart.OUT):
                flow[index] = np.sin(np.pi * position.progress)
    return flow, full


def _low_pass(values: FloatArray, share: float, before: float) -> FloatArray:
    """y[n] = y[n-1] + share (x[n] - y[n-1]), in blocks short enough for plain sums."""
    out = np.empty_like(values)
    keep = 1 - share
    block = 256
    for start in range(0, values.size, block):
        piece = values[start : start + block]
        powers = keep ** np.arange(1, piece.size + 1)
        out[start : start + block] = powers * (before + share * np.cumsum(piece / powers))
        before = out[start + piece.size - 1]
    return out
