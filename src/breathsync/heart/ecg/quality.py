"""How far an ECG can be trusted at the moment: 0 (no ECG) to 1, every two seconds."""

from collections import deque
from dataclasses import dataclass

import numpy as np

from breathsync.heart.ecg.bank import Recent

EVERY_S = 2.0
WINDOW_S = 4.0
NO_BEAT_S = 2.5
CLEAN_PROMINENCE = 8.0  # usual beat over median envelope; 20 % white noise gives about 6
NO_PROMINENCE = 2.6
LEAST_STRENGTH = 0.72  # picked out of noise, "beats" lie just above the threshold; real ones near 1
RAIL_SHARE = 0.2  # of the samples on one extreme value: saturated


@dataclass(frozen=True, slots=True)
class EcgQuality:
    """Verdict on the seconds before `time_s`."""

    time_s: float
    quality: float  # 0..1
    has_ecg: bool


class QualityMeter:
    """Prominence of the beats over what lies between, evenness of the beats, flat or railed."""

    def __init__(self, rate_hz: float) -> None:
        self._rate = rate_hz
        self._beats: deque[tuple[int, float]] = deque(maxlen=32)
        self._verdicts: list[EcgQuality] = []
        self.due_at = 0
        self.restart(0)

    def restart(self, first: int) -> None:
        """Begin anew at absolute sample number `first`."""
        self.due_at = first + round(EVERY_S * self._rate)
        self._beats.clear()

    def heard(self, index: int, strength: float) -> None:
        """Take in a beat and its strength relative to the usual one."""
        self._beats.append((index, strength))

    def take(self) -> list[EcgQuality]:
        """The verdicts since the last call."""
        verdicts, self._verdicts = self._verdicts, []
        return verdicts

    def judge(self, recent: Recent, locked: bool) -> float:
        """Judge the window that ends at `due_at`; to be called when that sample is known."""
        now = self.due_at
        self.due_at = now + round(EVERY_S * self._rate)
        quality = self._quality(recent, now) if locked else 0.0
        time_s = float(recent.times[min(recent.at(now), len(recent.times) - 1)])
        self._verdicts.append(EcgQuality(time_s, quality, quality > 0.0))
        del self._verdicts[:-64]  # nobody reads: keep the last two minutes
        return quality

    def _quality(self, recent: Recent, now: int) -> float:
        since = now - round(WINDOW_S * self._rate)
        strengths = [strength for index, strength in self._beats if since < index <= now]
        if not self._beats or now - self._beats[-1][0] > NO_BEAT_S * self._rate or not strengths:
            return 0.0
        window = slice(max(0, recent.at(since)), recent.at(now) + 1)
        values, envelope = recent.values[window], recent.envelope[window]
        top, bottom = values.max(), values.min()
        railed = max(float(np.mean(values == top)), float(np.mean(values == bottom)))
        if top == bottom or railed > RAIL_SHARE:
            return 0.0
        beats = [recent.at(index) for index, _ in self._beats if since < index <= now]
        heights = np.sort(recent.envelope[np.clip(beats, 0, len(recent.envelope) - 1)])
        height = float(heights[len(heights) // 2])
        floor = float(np.partition(envelope, len(envelope) // 2)[len(envelope) // 2])
        prominence = height / max(floor, 1e-12 * height)
        clear = (prominence - NO_PROMINENCE) / (CLEAN_PROMINENCE - NO_PROMINENCE)
        even = sum(0.6 < s < 1.7 for s in strengths) / len(strengths)
        if len(strengths) > 2 and sorted(strengths)[len(strengths) // 2] < LEAST_STRENGTH:
            return 0.0
        return float(min(max(clear, 0.0), 1.0)) * even
