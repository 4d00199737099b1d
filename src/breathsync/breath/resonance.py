"""At which pace does a heart swing widest? A Bayesian fit of swing against pace, breath by breath.

For each curve of `resonance_curves` a Kalman filter follows two unknowns: the swing that is there at every
pace, which drifts (a random walk), and how much more the curve's peak gives. The heart answers a change of
pace with a first-order response of 20 s, so that nothing has to be thrown away after a change. The
scatter of breaths is unknown too and is integrated out (normal and inverse gamma), which makes each
curve's evidence a Student t. One more filter without a peak gives the evidence of a flat answer: a pace is
named only where the peaks together explain more than `CLEAR_EVIDENCE` (a natural logarithm) beyond it, and
lie close together.

All arrays have a last axis of people, so that a benchmark runs hundreds at once; a session has one.
"""

from copy import copy
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from breathsync.breath.resonance_curves import Curves, FloatArray, curves

RESPONSE_S = 20.0
CLEAR_EVIDENCE = 1.0
WIDEST_HALF = 0.5  # breaths a minute: a wider range names no pace
_DRIFT_PER_MIN = 0.04  # variance of the drift, in variances of a breath's scatter
_LEVEL_SD, _PEAK_SD = 10.0, 5.0  # prior, in standard deviations of a breath's scatter
_LEVEL_BPM = 3.0
_SHAPE, _SCATTER_BPM = 2.0, 2.5  # inverse gamma prior of the scatter's variance
_SPREADS, _SHARES = (0.06, 0.28), (0.60, 0.78)  # SD of the posterior of the peak -> how much of it is given
# as the range: the prior allows for more kinds of curves than people have, most of all where a narrow curve
# is seen. So it holds the truth of 75-90 % of simulated people of every kind (benchmarks/find_rhythm.py),
# which was tuned on others.


@dataclass(frozen=True, slots=True)
class Answer:
    """What the fit says, arrays of shape (people,): breaths a minute, and the logarithm of the evidence.

    `low` to `high` holds 80 % of the probability. `clear`: a pace may be named.
    """

    best: FloatArray
    low: FloatArray
    high: FloatArray
    evidence: FloatArray

    @property
    def clear(self) -> NDArray[np.bool_]:
        """Where a peak explains the swings better than none, and where it lies is known well enough."""
        return (self.evidence > CLEAR_EVIDENCE) & (self.high - self.low <= 2 * WIDEST_HALF)


class SwingAndPace:
    """The fit, told of one breath after the other."""

    _BY_PERSON = (
        *("_gain_now", "_gain_before", "level", "peak", "var_level", "covariance", "var_peak"),
        *("_log_spread", "_misfit"),
    )

    def __init__(self, people: int = 1, among: Curves | None = None) -> None:
        self.curves = among or curves()
        shape = len(self.curves.peaks), people
        self._gain_now = np.zeros(shape)
        self._gain_before = np.zeros(shape)
        self.level, self.peak = np.full(shape, _LEVEL_BPM), np.zeros(shape)
        self.var_level, self.covariance = np.full(shape, _LEVEL_SD**2), np.zeros(shape)
        self.var_peak = np.full(shape, _PEAK_SD**2)
        self._log_spread, self._misfit = np.zeros(shape), np.zeros(shape)
        self._flat = _Flat(people)
        self.observations = 0

    def breathe(self, per_min: float | FloatArray) -> None:
        """A breath at this pace, seen or not: the response goes on, and so does the drift."""
        lasts_s = 60 / np.asarray(per_min, dtype=np.float64)
        follows = 1 - np.exp(-lasts_s / RESPONSE_S)
        self._gain_before = self._gain_now
        self._gain_now = self._gain_now + (self.curves.gain(per_min) - self._gain_now) * follows
        self.var_level += _DRIFT_PER_MIN * lasts_s / 60
        self._flat.variance += _DRIFT_PER_MIN * lasts_s / 60

    def observe(self, swing_bpm: float | FloatArray, breaths: int = 1) -> None:
        """The swing of the last breath, or of the last two together."""
        gain = self._gain_now if breaths == 1 else (self._gain_before + self._gain_now) / 2
        with_level = self.var_level + self.covariance * gain
        with_peak = self.covariance + self.var_peak * gain
        spread = with_level + with_peak * gain + 1 / breaths
        away = swing_bpm - self.level - self.peak * gain
        share = away / spread
        self.level += with_level * share
        self.peak += with_peak * share
        self.var_level -= with_level * with_level / spread
        self.covariance -= with_level * with_peak / spread
        self.var_peak -= with_peak * with_peak / spread
        self._log_spread += np.log(spread)
        self._misfit += away * share
        self._flat.observe(swing_bpm, breaths)
        self.observations += 1

    def of(self, people: NDArray[np.bool_]) -> "SwingAndPace":
        """A copy for some of the people."""
        part = copy(self)
        for name in self._BY_PERSON:
            setattr(part, name, getattr(self, name)[:, people])
        part._flat = self._flat.of(people)
        return part

    @property
    def scatter(self) -> FloatArray:
        """Each curve's estimate of the variance of a breath's scatter, in bpm²: (curves, people)."""
        return (_SHAPE * _SCATTER_BPM**2 + self._misfit / 2) / (_SHAPE + self.observations / 2)

    def weights(self) -> tuple[FloatArray, FloatArray]:
        """Posterior probability of every curve, and the log evidence of a peak over a flat answer."""
        shape = _SHAPE + self.observations / 2
        errors = self.peak / np.sqrt(self.var_peak * self.scatter)
        log_weight = (
            self.curves.log_prior[:, None]
            - self._log_spread / 2
            - shape * np.log(_SHAPE * _SCATTER_BPM**2 + self._misfit / 2)
            + log(2)  # a peak is a rise: half of the prior's normal
            + _log_share_above_zero(errors, 2 * shape)
        )
        most = log_weight.max(axis=0)
        weight = np.exp(log_weight - most)
        total = weight.sum(axis=0)
        evidence: FloatArray = most + np.log(total) - self._flat.log_evidence(shape)
        return weight / total, evidence

    def peak_probabilities(self) -> FloatArray:
        """Posterior of the peak over `curves.peak_grid`: (peaks, people)."""
        weight, _ = self.weights()
        return self._by_peak(weight)

    def answer(self) -> Answer:
        """Where swing is widest, as a range, and how sure it is that there is such a place."""
        weight, evidence = self.weights()
        by_peak, grid = self._by_peak(weight), self.curves.peak_grid
        best: FloatArray = grid @ by_peak
        spread = np.sqrt(np.maximum(grid**2 @ by_peak - best**2, 0))
        outside = (1 - np.interp(spread, _SPREADS, _SHARES)) / 2
        low, high = quantile(grid, by_peak, outside), quantile(grid, by_peak, 1 - outside)
        return Answer(best, low, high, evidence)

    def swing_at(self, paces: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Mean swing at each pace, once settled, and its standard error: (paces, people)."""
        weight, _ = self.weights()
        gain = self.curves.gain(paces).T
        mean = (weight * self.level).sum(axis=0) + gain @ (weight * self.peak)
        scatter = self.scatter
        square = (
            (weight * (self.level**2 + scatter * self.var_level)).sum(axis=0)
            + 2 * gain @ (weight * (self.level * self.peak + scatter * self.covariance))
            + gain**2 @ (weight * (self.peak**2 + scatter * self.var_peak))
        )
        return mean, np.sqrt(np.maximum(square - mean**2, 0))

    def _by_peak(self, weight: FloatArray) -> FloatArray:
        by_peak: FloatArray = weight.reshape(len(self.curves.peak_grid), -1, weight.shape[1]).sum(axis=1)
        return by_peak


class _Flat:
    """The same filter without a peak."""

    def __init__(self, people: int) -> None:
        self.variance = np.full(people, _LEVEL_SD**2)
        self._level = np.full(people, _LEVEL_BPM)
        self._log_spread, self._misfit = np.zeros(people), np.zeros(people)

    def of(self, people: NDArray[np.bool_]) -> "_Flat":
        part = copy(self)
        for name in ("variance", "_level", "_log_spread", "_misfit"):
            setattr(part, name, getattr(self, name)[people])
        return part

    def observe(self, swing_bpm: float | FloatArray, breaths: int) -> None:
        spread = self.variance + 1 / breaths
        away = swing_bpm - self._level
        self._level = self._level + self.variance * away / spread
        self.variance = self.variance - self.variance**2 / spread
        self._log_spread = self._log_spread + np.log(spread)
        self._misfit = self._misfit + away**2 / spread

    def log_evidence(self, shape: float) -> FloatArray:
        misfit: FloatArray = np.log(_SHAPE * _SCATTER_BPM**2 + self._misfit / 2)
        evidence: FloatArray = -self._log_spread / 2 - shape * misfit
        return evidence


def quantile(grid: FloatArray, probability: FloatArray, share: float | FloatArray) -> FloatArray:
    """Where `share` of the probability lies below, each cell of the grid filled evenly: (people,)."""
    step = grid[1] - grid[0]
    below = np.cumsum(probability, axis=0)
    cell = np.minimum((below < share).sum(axis=0), len(grid) - 1)
    people = np.arange(probability.shape[1])
    mass = probability[cell, people]
    inside = (share - (below[cell, people] - mass)) / np.maximum(mass, 1e-300)
    result: FloatArray = grid[cell] + step * (inside - 0.5)
    return result


def _log_share_above_zero(t: FloatArray, freedom: float) -> FloatArray:
    """Logarithm of the share of a Student t, `t` standard errors above zero, that lies above zero.

    Wallace's (1959) normal equivalent of t, then Page's (1977) formula or, in the far tail, Mills' ratio.
    """
    equivalent = np.sign(t) * np.sqrt(freedom * np.log1p(t * t / freedom))
    z = equivalent * (8 * freedom + 1) / (8 * freedom + 3)
    middle = np.maximum(z, -3.0)
    near = np.log(0.5 * (1 + np.tanh(np.minimum(0.7978845608 * (middle + 0.044715 * middle**3), 14))))
    far = np.minimum(z, -3.0)
    tail: FloatArray = -far * far / 2 - np.log(-far * np.sqrt(2 * np.pi)) + np.log1p(-1 / far**2)
    return np.where(z > -3.0, near, tail)
