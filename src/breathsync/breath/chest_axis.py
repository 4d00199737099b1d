"""Where gravity points in the strap's frame, and along which axis the breath turns it.

Breath tilts the chest, so the breath lies in the plane across gravity (Schipper et al., Physiol Meas
42:045004, 2021, constrain their principal components the same way). Within it the axis is the main one
of the wave at the breath's own rate: sway and heart, which plain PCA would let in, have no part in it.
When somebody lies down the axis turns with gravity, and what was known of its sign stays true.
"""

import math

import numpy as np

from breathsync.breath.chest_bins import HZ, Bools, Floats

_GRAVITY_S = 10
_OTHER_POSTURE = 0.9  # cosine: steps from before a greater change are not used
_FORGETS_S = 25.0
DEG = 180 / math.pi


class BreathAxis:
    """Follows gravity and the breath's axis, once a second."""

    def __init__(self) -> None:
        self.gravity: Floats | None = None
        self._plane = np.zeros((3, 2))
        self._waves = np.zeros((3, 3))  # of the breath, decaying
        self._axis: Floats | None = None

    def forget(self) -> None:
        """A new wearing."""
        self.gravity = self._axis = None
        self._waves[:] = 0.0

    @property
    def direction(self) -> Floats | None:
        """The axis in the strap's frame (3,), of either sign; `None` before any breath."""
        return self._axis

    def steps(self, mean: Floats, still: Bools) -> tuple[Floats, Bools] | None:
        """Tilt from quarter to quarter in two directions across gravity (n - 1, 2), deg; where known."""
        recent = mean[-_GRAVITY_S * HZ :][still[-_GRAVITY_S * HZ :]]
        if len(recent) < HZ:
            return None
        gravity = np.add.reduce(recent)
        gravity /= math.sqrt(float(gravity @ gravity))
        self._turn_to(gravity)
        known = still[1:] & still[:-1] & (mean[1:] @ gravity > 1000.0 * _OTHER_POSTURE)
        steps = (mean[1:] - mean[:-1]) @ self._plane
        steps *= (0.001 * DEG) * known[:, None]
        return steps, known

    def follow(self, wave: Floats, worth: float, passed_s: int) -> Floats:
        """Let the axis follow a fitted wave (cosine and sine, 2); the axis in the plane (2,)."""
        turned = self._plane @ wave.T
        size = float(np.vdot(turned, turned)) + 1e-12
        self._waves *= math.exp(-passed_s / _FORGETS_S)
        self._waves += (worth / size) * (turned @ turned.T)
        seen = self._plane.T @ self._waves @ self._plane
        angle = 0.5 * math.atan2(2 * seen[0, 1], seen[0, 0] - seen[1, 1])
        flat = np.array([math.cos(angle), math.sin(angle)])
        axis = self._plane @ flat
        if self._axis is not None and float(axis @ self._axis) < 0:
            axis, flat = -axis, -flat
        self._axis = axis
        return flat

    def _turn_to(self, gravity: Floats) -> None:
        """Carry what is known along the shortest turn from the gravity before."""
        if self.gravity is not None:
            turn = _rotation(self.gravity, gravity)
            self._waves = turn @ self._waves @ turn.T
            if self._axis is not None:
                self._axis = turn @ self._axis
        self.gravity = gravity
        least = int(np.abs(gravity).argmin())
        first = -gravity * gravity[least]
        first[least] += 1.0
        first /= math.sqrt(float(first @ first))
        self._plane[:, 0] = first
        x, y, z = gravity.tolist()
        u, v, w = first.tolist()
        self._plane[:, 1] = (y * w - z * v, z * u - x * w, x * v - y * u)


def _rotation(old: Floats, new: Floats) -> Floats:
    """The shortest turn from one direction to another (Rodrigues); half a turn has none: nothing then."""
    cosine = float(old @ new)
    if cosine < -0.999:
        return np.eye(3)
    x, y, z = (
        old[1] * new[2] - old[2] * new[1],
        old[2] * new[0] - old[0] * new[2],
        old[0] * new[1] - old[1] * new[0],
    )
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.asarray(np.eye(3) + cross + cross @ cross / (1 + cosine))
