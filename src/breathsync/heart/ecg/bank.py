"""Streaming front end of the R-peak detector: decimation and two QRS envelopes.

An envelope is the magnitude of a complex Gabor (Morlet) wavelet; being a magnitude it does not
care for polarity or shape. Around 17 Hz a QRS complex still has half of its spectrum while T and
P waves, which are three to ten times wider, have practically none. The second envelope, around
10 Hz, is for premature ventricular beats: too wide for 17 Hz, still narrower than T waves.

Each output sample is one inner product of the same samples with the same taps, so it is the same
to the last bit however the input was cut into packets.
"""

from dataclasses import dataclass

import numpy as np

from breathsync.heart.hrv import FloatArray

CENTRE_HZ = 17.0
WIDTH_HZ = 5.5
WIDE_CENTRE_HZ = 10.0
WIDE_WIDTH_HZ = 4.0
HALF_LENGTH_S = 0.070
WORKING_RATE_HZ = 125.0
KEEP_S = 6.0


def gabor(rate_hz: float, centre_hz: float, width_hz: float) -> tuple[FloatArray, FloatArray]:
    """Even and odd taps (2 K + 1,), free of response to a constant level."""
    sd_s = 1.0 / (2.0 * np.pi * width_hz)
    half = max(2, round(HALF_LENGTH_S * rate_hz))
    time = np.arange(-half, half + 1) / rate_hz
    window = np.exp(-0.5 * (time / sd_s) ** 2)
    even = window * np.cos(2.0 * np.pi * centre_hz * time)
    odd = window * np.sin(2.0 * np.pi * centre_hz * time)
    even -= window * (even.sum() / window.sum())
    gain = 1.0 / np.sqrt(float(even @ even))
    return even * gain, odd * gain


class Decimator:
    """Averages whole groups of samples so that 250-1000 Hz run at 125-250 Hz."""

    def __init__(self, rate_hz: float) -> None:
        self.factor = max(1, int(rate_hz // WORKING_RATE_HZ))
        self._left_values: FloatArray = np.empty(0)
        self._left_times: FloatArray = np.empty(0)

    def reset(self) -> None:
        """Forget what waits for its group: samples are missing."""
        self._left_values = np.empty(0)
        self._left_times = np.empty(0)

    def __call__(self, times: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Times and values of the groups that are whole by now."""
        if self.factor == 1:
            return times, values
        values = np.concatenate((self._left_values, values))
        times = np.concatenate((self._left_times, times))
        whole = len(values) // self.factor * self.factor
        self._left_values, self._left_times = values[whole:], times[whole:]
        return _group_means(times[:whole], self.factor), _group_means(values[:whole], self.factor)


def _group_means(values: FloatArray, size: int) -> FloatArray:
    groups = values.reshape(-1, size)
    total = groups[:, 0].copy()
    for column in range(1, size):
        total += groups[:, column]
    return total / size


@dataclass
class Recent:
    """The last seconds of signal; index `first` is the absolute number of its first sample."""

    first: int
    times: FloatArray
    values: FloatArray
    envelope: FloatArray  # ends `delay` samples before `values`, and so does
    wide: FloatArray  # the envelope for wide beats

    @property
    def envelope_end(self) -> int:
        """Absolute index one past the last envelope sample."""
        return self.first + len(self.envelope)

    def at(self, index: int) -> int:
        """Position in the arrays of an absolute sample index."""
        return index - self.first

    def time_at(self, position: float) -> float:
        """Time (s) of a fractional position in the arrays."""
        whole = min(max(int(position), 0), len(self.times) - 2)
        step = self.times[whole + 1] - self.times[whole]
        return float(self.times[whole] + (position - whole) * step)


class EnvelopeBank:
    """Keeps `Recent` up to date; a restart pads with the first value, so nothing rings."""

    def __init__(self, rate_hz: float) -> None:
        self._taps = gabor(rate_hz, CENTRE_HZ, WIDTH_HZ)
        self._wide_taps = gabor(rate_hz, WIDE_CENTRE_HZ, WIDE_WIDTH_HZ)
        even, odd = self._taps
        self.delay = len(even) // 2
        # Envelope of a unit step at its edge: sums of one half of the taps.
        self.step_gain = float(np.hypot(even[: self.delay].sum(), odd[: self.delay].sum()))
        self._keep = int(KEEP_S * rate_hz)
        self.restart(0)

    def restart(self, first: int) -> None:
        """Begin anew at absolute sample number `first`."""
        none = np.empty(0)
        self.recent = Recent(first, none, none, none, none)
        self._padded: FloatArray = none

    def push(self, times: FloatArray, values: FloatArray) -> None:
        """Append samples (working rate); the envelopes follow `delay` samples behind."""
        recent = self.recent
        if not len(self._padded):
            self._padded = np.full(self.delay, values[0])
        self._padded = np.concatenate((self._padded, values))
        narrow = self._envelope(self._taps)
        wide = self._envelope(self._wide_taps)
        self._padded = self._padded[len(narrow) :]
        drop = max(0, len(recent.values) + len(values) - self._keep)
        self.recent = Recent(
            recent.first + drop,
            np.concatenate((recent.times, times))[drop:],
            np.concatenate((recent.values, values))[drop:],
            np.concatenate((recent.envelope, narrow))[drop:],
            np.concatenate((recent.wide, wide))[drop:],
        )

    def _envelope(self, taps: tuple[FloatArray, FloatArray]) -> FloatArray:
        """Magnitude of the complex filter: `delay` samples shorter at either end."""
        if len(self._padded) <= 2 * self.delay:
            return np.empty(0)
        even, odd = (np.correlate(self._padded, t, "valid") for t in taps)
        envelope: FloatArray = np.sqrt(even * even + odd * odd)
        return envelope
