"""The shape of a wearer's breath over its phase, and where in it the lungs are full.

The steps of the tilt are fitted by three harmonics of the phase over the last half minute and averaged over
minutes: their integral is the breath, and its top or bottom, as the sign has it, the end of the in-breath.
"""

import numpy as np

from breathsync.breath.chest_bins import HZ, Bools, Floats
from breathsync.breath.chest_phase import TURN, PhaseTrack

_OVER = 32 * HZ
_HARMONICS = np.arange(1, 4)
_LEAST = 5 * HZ
_KEEPS = 0.85
_PHASES = np.arange(200) / 200
_WAVES = np.exp(1j * TURN * np.outer(_PHASES, _HARMONICS)) / (1j * _HARMONICS)


class BreathShape:
    """Learns from each second's track."""

    def __init__(self) -> None:
        self._shape: np.ndarray[tuple[int], np.dtype[np.complex128]] | None = None

    def forget(self) -> None:
        """A new wearing."""
        self._shape = None

    def learn(self, steps: Floats, known: Bools, track: PhaseTrack, worth: float) -> None:
        """Steps along the axis (n,), where known (n,); `worth` 0 to 1."""
        times_s = (np.arange(_OVER) - _OVER + 0.5) / HZ
        turns = np.interp(times_s, np.append(track.times_s, 0.0), np.append(track.turns, track.edge))
        weight = known[-_OVER:] * (times_s >= track.times_s[0])
        if float(np.add.reduce(weight)) < _LEAST:
            return
        first = np.exp(1j * TURN * turns)
        second = first * first
        waves = np.stack([first, second, first * second])
        parts = np.concatenate([np.ones((1, _OVER)), waves.real, waves.imag])
        weighted = parts * weight
        normal = weighted @ parts.T
        normal[np.diag_indices(len(parts))] += 0.1
        found = np.linalg.solve(normal, weighted @ steps[-_OVER:])
        shape = found[1:4] - 1j * found[4:]
        size = abs(shape[0])
        if size <= 0:
            return
        shape /= size
        learns = (1 - _KEEPS) * worth
        self._shape = shape if self._shape is None else (1 - learns) * self._shape + learns * shape

    def full_at(self, sign: int) -> float:
        """The phase (turns, 0 to 1) at which the tilt is furthest in the direction of `sign`."""
        if self._shape is None:
            return 0.25 if sign > 0 else 0.75
        height = (_WAVES @ self._shape).real * sign
        return float(_PHASES[int(height.argmax())])
