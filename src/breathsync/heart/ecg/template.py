"""The wearer's usual QRS and how well a stretch of ECG matches it.

In white noise the inner product with the known waveform is the best detector there is (matched
filter); unlike any band-pass it also knows the polarity. The usual QRS is a running mean over
accepted beats of ordinary strength, so a premature beat or an artefact does not become usual.
"""

from collections import deque

import numpy as np

from breathsync.heart.hrv import FloatArray

BEFORE_S = 0.075
AFTER_S = 0.105
SHIFT_S = 0.024
MEMORY_BEATS = 24
LEAST_BEATS = 6


class QrsTemplate:
    """Running mean of the QRS (working rate), its norm, and the noise around it."""

    def __init__(self, rate_hz: float) -> None:
        self._before = round(BEFORE_S * rate_hz)
        self._after = round(AFTER_S * rate_hz)
        self._shift = max(1, round(SHIFT_S * rate_hz))
        self._mean: FloatArray = np.zeros(self._before + self._after + 1)
        self._beats = 0
        self._noise_power: deque[float] = deque(maxlen=16)
        self._norm = 0.0

    @property
    def ready(self) -> bool:
        """Whether enough beats were taken in to be matched against."""
        return self._beats >= LEAST_BEATS and self._norm > 0.0

    @property
    def snr(self) -> float:
        """Norm of the template over the noise per sample: the matched filter's own SNR."""
        if not self._noise_power:
            return float("inf")
        ordered = sorted(self._noise_power)
        power = ordered[len(ordered) // 2]
        return (self._norm / power) ** 0.5 if power > 0.0 else float("inf")

    def match(self, values: FloatArray, near: int) -> float:
        """Best amplitude relative to the usual QRS (1 = the usual beat) around `near`."""
        low = near - self._before - self._shift
        high = near + self._after + self._shift + 1
        if low < 0 or high > len(values):
            return 0.0
        return float(np.correlate(values[low:high], self._mean, "valid").max()) / self._norm

    def learn(self, values: FloatArray, at: int) -> None:
        """Take in an accepted beat whose R peak is nearest to sample `at`."""
        segment = values[at - self._before : at + self._after + 1]
        if at < self._before or len(segment) != len(self._mean):
            return
        segment = segment - segment.mean()
        if self.ready:
            residual = segment - self._mean * (float(segment @ self._mean) / self._norm)
            self._noise_power.append(float(residual @ residual) / (len(segment) - 2))
        self._beats += 1
        self._mean += (segment - self._mean) / min(self._beats, MEMORY_BEATS)
        self._norm = float(self._mean @ self._mean)
