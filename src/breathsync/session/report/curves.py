"""Series that the figures draw: heart rate, the guide's wave, spectra. Arrays in, arrays out."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from breathsync.events import Beat, BreathPart, Flaw, PacerStep
from breathsync.heart import spectrum
from breathsync.heart.analysis import longest_run
from breathsync.heart.hrv import FloatArray
from breathsync.session.derived import Columns, Derived

WINDOW_S = 64.0
_BREAK_S = 3.0
_FINE = 8


def rates(beats: Columns) -> tuple[FloatArray, FloatArray]:
    """Times in s and heart rate in bpm of all NN intervals; NaN stands where the line is to break."""
    good = beats["flaw"] == Flaw.NONE.value
    rr_ms = beats["rr_ms"][good]
    times, bpm = beats["time"][good] - rr_ms / 2000, 60000 / rr_ms
    breaks = np.flatnonzero(np.diff(times) > _BREAK_S) + 1
    return np.insert(times, breaks, times[breaks - 1]), np.insert(bpm, breaks, np.nan)


def thinned(times: FloatArray, values: FloatArray, most: int) -> tuple[FloatArray, FloatArray]:
    """The same with at most about `most` points: the lowest and the highest of each bin stay."""
    if times.size <= most:
        return times, values
    size = -(-2 * times.size // most)
    usable = times.size // size * size
    blocks = values[:usable].reshape(-1, size)
    holes = np.isnan(blocks)
    low = np.argmin(np.where(holes, np.inf, blocks), axis=1)
    high = np.argmax(np.where(holes, -np.inf, blocks), axis=1)
    both = np.sort(np.stack([low, high], axis=1), axis=1) + np.arange(blocks.shape[0])[:, None] * size
    index = both.ravel()
    index = np.union1d(np.union1d(index, np.flatnonzero(np.isnan(values))), np.arange(usable, times.size))
    return times[index], values[index]


def pieces(times: FloatArray, values: FloatArray) -> list[tuple[FloatArray, FloatArray]]:
    """Split where NaN stands."""
    places = np.flatnonzero(np.isnan(values))
    bounds = [0, *(places + 1).tolist(), values.size + 1]
    return [(times[a : b - 1], values[a : b - 1]) for a, b in pairwise(bounds) if b - a > 2]


def guide_wave(
    derived: Derived, start_s: float, end_s: float, step_s: float
) -> tuple[FloatArray, FloatArray]:
    """Fullness 0-1 of the guide's breath on an even grid, NaN before there was one."""
    table = derived.columns(PacerStep)
    times = np.arange(start_s, end_s, step_s)
    place = np.searchsorted(table["time"], times, side="right") - 1
    known = place >= 0
    fullness = np.full(times.size, np.nan)
    fullness[known] = _fullness(table, place[known], times[known])
    return times, fullness


def _fullness(
    table: Columns, place: np.ndarray[tuple[int], np.dtype[np.intp]], times: FloatArray
) -> FloatArray:
    done = np.clip((times - table["time"][place]) / table["lasts_s"][place], 0.0, 1.0)
    part = table["part"][place]
    rising = (1 - np.cos(np.pi * done)) / 2
    return np.select(
        [part == BreathPart.IN.value, part == BreathPart.OUT.value, part == BreathPart.FULL.value],
        [rising, 1 - rising, np.ones(times.size)],
        0.0,
    )


def rhythm_spectrum(beats: Sequence[Beat]) -> tuple[FloatArray, FloatArray] | None:
    """Paces in cycles a minute and the heart rate's swing there, peak to trough in bpm.

    Mean power of windows of 64 s (Hann, half overlapping, straight line out) of the longest unbroken run
    of beats, as the peak-to-trough swing of a sine with that power: a pure swing of 12 bpm peaks at 12.
    `None` where no run lasts 64 s.
    """
    run = longest_run(beats)
    if not run or run[-1].time - run[0].time < WINDOW_S:
        return None
    times = np.array([b.time - (b.rr_ms or 0.0) / 2000 for b in run])
    bpm = np.array([60000 / (b.rr_ms or 1.0) for b in run])
    rate = spectrum.TACHOGRAM_HZ
    series = np.interp(np.arange(times[0], times[-1], 1 / rate), times, bpm)
    size = min(series.size, round(WINDOW_S * rate))
    starts = range(0, series.size - size + 1, size // 2)
    powers = [spectrum.density(series[k : k + size], rate, fine=_FINE) for k in starts]
    density = np.mean([power for _, power in powers], axis=0)
    taper = np.hanning(size)
    # a sine of amplitude a has the density a² sum(w)² / (2 rate sum(w²)) at its peak
    amplitude = np.sqrt(2 * density * rate * np.sum(taper**2)) / np.sum(taper)
    return 60 * powers[0][0], 2 * amplitude
