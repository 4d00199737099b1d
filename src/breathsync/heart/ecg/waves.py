"""The shape of a heartbeat in the ECG: six numbers that breathing modulates.

Each breath turns the heart's axis and moves the electrodes, so QRS and T wave grow and shrink with it
(Moody et al., Comput. Cardiol. 12:113-116, 1985; QRS slopes: Lazaro et al., IEEE J. Biomed. Health
Inform. 18(2):664-676, 2014). Which number answers most, and which way, differs from person to person.
"""

from dataclasses import dataclass

import numpy as np

from breathsync.heart.ecg.evidence import middle
from breathsync.heart.ecg.interpolation import KERNEL_HALF_S, interpolation
from breathsync.heart.hrv import FloatArray

BEFORE_S, AFTER_S = 0.12, 0.40
SMOOTH_HZ = 40.0  # what a chest strap passes
STEPS = 4  # interpolated points per sample


@dataclass(frozen=True, slots=True)
class BeatShape:
    """One heartbeat in the unit of the input (V, mV, uV ...); levels above the PQ segment."""

    r_height: float  # highest within 30 ms of the R peak
    s_depth: float  # lowest in the 80 ms after it
    up_slope: float  # steepest rise from 60 ms before to 20 ms after it, per second
    down_slope: float  # steepest fall from 20 ms before to 60 ms after it, per second (negative)
    qrs_mean: float  # mean distance from the level, 50 ms before to 70 ms after it
    t_range: float  # highest minus lowest from 150 to 380 ms after it


class WaveMeter:
    """Measures `BeatShape` once the T wave is over."""

    def __init__(self, rate_hz: float) -> None:
        self._before, self._after = (round(s * rate_hz) for s in (BEFORE_S, AFTER_S))
        self._matrix = interpolation(rate_hz, self._before, self._after, STEPS, SMOOTH_HZ)
        support = round(KERNEL_HALF_S * rate_hz)
        self._low, self._high = self._before + support, self._after + support
        self._fine_hz = rate_hz * STEPS

    @property
    def needs(self) -> int:
        """Samples after the R peak that have to be known."""
        return self._high + 1

    def measure(self, values: FloatArray, position: float) -> BeatShape:
        """The shape of the beat whose R peak is at `position` (samples, fractional) in `values`."""
        near = round(position)
        known = np.clip(np.arange(near - self._low, near + self._high + 1), 0, len(values) - 1)
        fine = self._matrix @ values[known]
        peak = (self._before + position - near) * STEPS  # place of the R peak in `fine`

        def part(low_s: float, high_s: float) -> slice:
            return slice(
                max(0, round(peak + low_s * self._fine_hz)), round(peak + high_s * self._fine_hz) + 1
            )

        fine -= middle(fine[part(-0.11, -0.06)].tolist())
        slope = np.diff(fine) * self._fine_hz
        t_wave = fine[part(0.15, 0.38)]
        return BeatShape(
            r_height=float(fine[part(-0.03, 0.03)].max()),
            s_depth=float(fine[part(0.0, 0.08)].min()),
            up_slope=float(slope[part(-0.06, 0.02)].max()),
            down_slope=float(slope[part(-0.02, 0.06)].min()),
            qrs_mean=float(np.abs(fine[part(-0.05, 0.07)]).mean()),
            t_range=float(t_wave.max() - t_wave.min()),
        )
