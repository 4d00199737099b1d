"""The definitions by which breath is scored (docs/scoring.md), and the methods that we compare with."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from benchmarks.accuracy.breathers import Breather
from benchmarks.accuracy.recordings import Bools
from breathsync.events import BreathEstimate, Event
from breathsync.heart.hrv import FloatArray

Found = list[tuple[float, Event]]
"""Events with the session time at which each was known."""
SHOWN = 0.7
WRONG_BY = 2.0
BINS = ((0.5, 0.6), (0.6, 0.7), (0.7, 0.8), (0.8, 0.9))
LEAST_IN_BIN = 100
PEAK_RATES = np.arange(3.5, 42.0, 0.25)


@dataclass(frozen=True)
class Scored:
    """Seconds that are scored: what was said, how surely, and the reference (nan: no breath to find)."""

    estimate: FloatArray  # nan: cannot tell
    confidence: FloatArray
    truth: FloatArray

    @property
    def error(self) -> FloatArray:
        return np.asarray(np.abs(self.estimate - self.truth))

    @property
    def shown(self) -> Bools:
        return np.asarray(np.isfinite(self.estimate) & (self.confidence >= SHOWN))

    def where(self, keep: Bools) -> "Scored":
        return Scored(self.estimate[keep], self.confidence[keep], self.truth[keep])


def pooled(parts: Iterable[Scored]) -> Scored:
    """The seconds of several recordings together."""
    several = list(parts)
    return Scored(
        *(
            np.concatenate([getattr(p, name) for p in several])
            for name in ("estimate", "confidence", "truth")
        )
    )


def scored(person: Breather, found: Found, *, settled: bool) -> Scored:
    """What a replay said about the seconds that are scored; a missing second counts as not shown."""
    estimate = np.full(person.valid.size, np.nan)
    confidence = np.zeros(person.valid.size)
    for _, event in found:
        if isinstance(event, BreathEstimate) and event.settled is settled:
            second = round(event.time)
            if second < estimate.size and event.breaths_per_min is not None:
                estimate[second], confidence[second] = event.breaths_per_min, event.confidence
    return Scored(estimate[person.valid], confidence[person.valid], person.reference[person.valid])


def mean_error(s: Scored) -> float:
    """Mean absolute error over the seconds with an estimate, breaths/min."""
    return float(np.nanmean(s.error)) if np.isfinite(s.error).any() else float("nan")


def within_1(s: Scored) -> float:
    """Per cent of all scored seconds with an estimate that is off by no more than 1/min."""
    return _within(s, 1)


def within_2(s: Scored) -> float:
    """The same for 2/min."""
    return _within(s, 2)


def _within(s: Scored, per_min: float) -> float:
    return (
        100 * float(np.mean(np.nan_to_num(s.error, nan=99.0) <= per_min)) if s.truth.size else float("nan")
    )


def share_shown(s: Scored) -> float:
    """Per cent of the scored seconds."""
    return 100 * float(s.shown.mean())


def confidently_wrong(s: Scored) -> float:
    """Per cent of seconds shown and off by more than 2/min, or shown where there is no breath."""
    wrong = np.isnan(s.truth) | (s.error > WRONG_BY)
    return 100 * float(np.mean(s.shown & wrong))


def calibration(s: Scored) -> tuple[float, str]:
    """Worst gap between said and true share within 1/min, and each bin as said>true."""
    gaps, words = [], []
    for low, high in BINS:
        inside = (s.confidence >= low) & (s.confidence < high)
        if inside.sum() >= LEAST_IN_BIN:
            said, true = float(s.confidence[inside].mean()), float((s.error[inside] <= 1).mean())
            gaps.append(abs(said - true))
            words.append(f"{said:.2f}>{true:.2f}")
    return max(gaps, default=float("nan")), " ".join(words)


def area_under_curve(positive: FloatArray, negative: FloatArray) -> float:
    """The probability that a positive ranks above a negative; ties count half."""
    both = np.concatenate([positive, negative])
    _, place, count = np.unique(both, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - 0.5 * (count - 1))[place]
    n, m = positive.size, negative.size
    return float((rank[:n].sum() - n * (n + 1) / 2) / max(n * m, 1))


def spectral_peak(person: Breather, times_s: FloatArray, values: FloatArray, window_s: float) -> Scored:
    """Baseline: the largest peak of the beat-domain spectrum of (n,) values within the last seconds."""
    rate = np.full(person.valid.size, np.nan)
    for second in np.flatnonzero(person.valid):
        low, high = np.searchsorted(times_s, [second - window_s, second], side="right")
        if high - low < 8:
            continue
        lag, x = times_s[low:high] - second, values[low:high]
        x = x - np.polyval(np.polyfit(lag, x, 1), lag)
        taper = np.sin(np.pi * lag / window_s) ** 2
        power = np.abs(np.exp(-2j * np.pi * np.outer(PEAK_RATES / 60, lag)) @ (taper * x))
        rate[second] = PEAK_RATES[int(power.argmax())]
    keep = person.valid
    return Scored(rate[keep], np.zeros(int(keep.sum())), person.reference[keep])
