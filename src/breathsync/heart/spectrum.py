"""Frequency-domain measures of NN intervals: for analysis and reports, and the rhythm match.

Bands after the Task Force of the ESC and NASPE (Circulation 93, 1996): LF 0.04-0.15 Hz, HF 0.15-0.40 Hz.
Power is one-sided and in ms². There is no ratio of LF and HF here: it does not measure a balance
(Billman, Front. Physiol. 4, 2013), and at slow breathing it only tells on which side of 9 a minute it is.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from breathsync.heart.hrv import FloatArray

LF_HZ = (0.04, 0.15)
HF_HZ = (0.15, 0.40)
TACHOGRAM_HZ = 4.0
_MATCH_BAND_HZ = (0.04, 0.40)
_MATCH_HALF_WIDTH_HZ = 0.015


@dataclass(frozen=True, slots=True)
class BandPower:
    """Power of one band in ms², and the frequency of its highest peak in Hz (`None` without power)."""

    power_ms2: float
    peak_hz: float | None


def tachogram(times_s: FloatArray, rr_ms: FloatArray, rate_hz: float = TACHOGRAM_HZ) -> FloatArray:
    """NN intervals on an even grid by a cubic spline, in ms, from the first beat to the last.

    `times_s` are the ends of the intervals, shape (n,), n >= 4, ascending.
    """
    from scipy.interpolate import CubicSpline  # seven tenths of a second that only analysis waits for

    grid = np.arange(times_s[0], times_s[-1], 1 / rate_hz)
    return np.asarray(CubicSpline(times_s, rr_ms)(grid), dtype=np.float64)


def density(
    series: FloatArray, rate_hz: float = TACHOGRAM_HZ, *, hann: bool = True, fine: int = 1
) -> tuple[FloatArray, FloatArray]:
    """Frequencies in Hz and one-sided power density (ms²/Hz for ms) of an even series, shapes (m,).

    The straight line through the series is taken out; with `hann` the series is tapered, and the power
    of the taper is made up for. `fine` divides the grid of frequencies by so much (zeros appended).
    """
    n = series.size
    taper = _hann(n) if hann else np.ones(n)
    size = fine * n
    spectrum = np.abs(np.fft.rfft(_without_line(series) * taper, size)) ** 2
    power: FloatArray = 2 * spectrum / (rate_hz * float(taper @ taper))
    power[0] /= 2
    if size % 2 == 0:
        power[-1] /= 2
    return np.asarray(np.fft.rfftfreq(size, 1 / rate_hz), dtype=np.float64), power


def swing_by_rate(times_s: FloatArray, rr_ms: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Rates in times a minute and the swing of the heart rate at each, peak to trough in beats/min.

    Of the heart rate at 4 Hz (each interval's rate at its middle, straight between), its straight line
    taken out, Hann. A steady sinusoid of some swing reads that swing at its rate; what wanders over several
    rates is spread over them. Two minutes tell rates apart that differ by one a minute, one minute by two.
    """
    grid = np.arange(times_s[0], times_s[-1], 1 / TACHOGRAM_HZ)
    series = _without_line(np.interp(grid, times_s - rr_ms / 2000, 60000 / rr_ms))
    taper, size = _hann(grid.size), 8 * grid.size
    amplitude = 2 * np.abs(np.fft.rfft(series * taper, size)) / float(np.add.reduce(taper))
    rates = 60 * np.fft.rfftfreq(size, 1 / TACHOGRAM_HZ)
    return np.asarray(rates, dtype=np.float64), np.asarray(2 * amplitude, dtype=np.float64)


def _without_line(series: FloatArray) -> FloatArray:
    """The series less the straight line that lies nearest to it (least squares)."""
    steps = np.arange(series.size) - (series.size - 1) / 2
    level = np.add.reduce(series) / series.size
    slope = (steps @ series) / max(float(steps @ steps), 1.0)
    return np.asarray(series - (level + slope * steps))


@lru_cache(maxsize=16)
def _hann(n: int) -> FloatArray:
    return np.hanning(n)


def band_power(
    frequencies_hz: FloatArray, density_ms2: FloatArray, band_hz: tuple[float, float]
) -> BandPower:
    """Power within a band, its lower edge included: the sum of the density times the grid's step."""
    within = (frequencies_hz >= band_hz[0]) & (frequencies_hz < band_hz[1])
    if not within.any():
        return BandPower(0.0, None)
    step = float(frequencies_hz[1] - frequencies_hz[0])
    inside = density_ms2[within]
    peak = float(frequencies_hz[within][int(np.argmax(inside))]) if inside.max() > 0 else None
    return BandPower(float(inside.sum()) * step, peak)


def rhythm_match(times_s: FloatArray, rr_ms: FloatArray, guide_hz: float) -> float | None:
    """How much of the heart's rhythm lies at the guide's pace: a share from 0 to 1.

    Power within 0.015 Hz of `guide_hz` over the power in 0.04-0.40 Hz, of the heart rate at 4 Hz, tapered
    (our own bounded measure, docs/measures.md; no proof that anybody follows, as a vessel wave near
    0.1 Hz looks the same). `None` where there is no variation at all.
    """
    grid = np.arange(times_s[0], times_s[-1], 1 / TACHOGRAM_HZ)
    frequencies, power = density(np.interp(grid, times_s - rr_ms / 2000, 60000 / rr_ms), fine=8)
    step = (frequencies >= _MATCH_BAND_HZ[0]) & (frequencies <= _MATCH_BAND_HZ[1])
    whole = float(power[step].sum())
    if whole <= 1e-9:
        return None
    near = np.abs(frequencies - guide_hz) <= _MATCH_HALF_WIDTH_HZ + 1e-9
    return float(power[step & near].sum()) / whole
