"""Small scorers: features of each candidate rate -> probability over rates and "no breath".

One hidden layer is shared by all candidate rates, so nothing can be learnt by heart about single
rates:  z_f = v . tanh(W x_f + U g + b),  z_none = n . tanh(M g + m) + c,  p = softmax(z).
x_f: features of the candidate (gathered from rows of the spectrum and of past beliefs, also at
half and double the rate), g: features of the moment (noise, gaps, heart rate).
"""

from bisect import bisect_right
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from breathsync.breath.filter_bank import RATES, STEPS_PER_OCTAVE

Array = NDArray[np.float32]
FINE_STEP = 0.1  # breaths/min, grid of the estimates
Feature = tuple[str, int]  # row name, offset in grid steps
Lists = dict[str, tuple[Feature, ...]]  # by scorer
_MARGIN = 40  # steps: no feature looks further aside
_WIDTH = RATES.size + _MARGIN
_NEAR = 5  # steps of the fine grid about a candidate rate


@dataclass(frozen=True)
class ScorerWeights:
    """Weights with the scaling of features folded in; shapes as in the module text."""

    rate: Array  # W (features, hidden)
    moment: Array  # U (moments, hidden)
    bias: Array  # b (hidden,)
    out: Array  # v (hidden,)
    none_moment: Array  # M (moments, hidden_none)
    none_bias: Array  # m (hidden_none,)
    none_out: Array  # n (hidden_none,)
    none_offset: Array  # c (1,)

    @classmethod
    def from_lists(cls, lists: dict[str, list[float] | list[list[float]]]) -> Self:
        """From the weights file."""
        return cls(**{k: np.asarray(v, np.float32) for k, v in lists.items()})


class Rows:
    """Named rows over the candidate rates, laid out so that a feature is one slice of memory.

    Between the rows lie zeros: what is outside the range of rates. Some rows are remembered: "name@8" is
    what "name@0" was 8 s ago (held where unknown).
    """

    def __init__(self, plain: list[str], remembered: tuple[str, ...], seconds: int) -> None:
        past = [f"{name}@{lag}" for lag in range(seconds + 1) for name in remembered]
        self._place = {name: i for i, name in enumerate([*plain, *past])}
        self._cells = np.zeros(_MARGIN + len(self._place) * _WIDTH, np.float32)
        self._slices = sliding_window_view(self._cells, RATES.size)
        every = self._cells[_MARGIN:].reshape(-1, _WIDTH)
        self.rows = every[:, : RATES.size]
        self._past = every[len(plain) :].reshape(seconds + 1, len(remembered), _WIDTH)
        self._of_name = {name: self._past[:, k, : RATES.size] for k, name in enumerate(remembered)}
        self.forget()

    def place(self, name: str) -> int:
        """Number of a row."""
        return self._place[name]

    def starts(self, features: tuple[Feature, ...]) -> NDArray[np.intp]:
        """Where each feature begins, (features,), for `read`."""
        assert all(abs(offset) <= _MARGIN for _, offset in features), "it would read another row"
        starts = [_MARGIN + self._place[name] * _WIDTH + offset for name, offset in features]
        return np.array(starts, np.intp)

    def read(self, starts: NDArray[np.intp]) -> Array:
        """Starts (..., features) -> features (..., features, rates)."""
        features: Array = self._slices[starts]
        return features

    def pass_on(self, seconds: int) -> None:
        """So many seconds went by: what was remembered is older by them."""
        for _ in range(min(seconds, len(self._past) - 1)):
            self._past[1:] = self._past[:-1]  # numpy copies where they overlap

    def remember(self, name: str, values: Array) -> None:
        """The newest of a remembered row."""
        lags = self._of_name[name]
        lags[0] = values
        if name in self._empty:
            self._empty.discard(name)
            lags[1:] = values

    def forget(self) -> None:
        """Start all memories afresh."""
        self._empty = set(self._of_name)


class BeliefPair:
    """The scorers of now and settled of one source, asked at one moment and computed together."""

    def __init__(self, rows: Rows, features: Lists, weights: dict[str, Any]) -> None:
        pair = [ScorerWeights.from_lists(weights[name]) for name in features]
        self._rows = rows
        self._hidden = pair[0].bias.size
        wide = max(map(len, features.values()))
        self._starts = np.zeros((2, wide), np.intp)  # what fills the shorter list up has no weight
        self._rate = np.zeros((2, self._hidden, wide), np.float32)
        for i, (chosen, w) in enumerate(zip(features.values(), pair, strict=True)):
            self._starts[i, : len(chosen)] = rows.starts(chosen)
            self._rate[i, :, : len(chosen)] = w.rate.T
        self._out = np.stack([w.out for w in pair])[:, None, :]
        blocks = [np.concatenate([w.moment, w.none_moment], 1) for w in pair]
        self._moment = np.ascontiguousarray(np.concatenate(blocks, 1))
        self._bias = np.concatenate([np.concatenate([w.bias, w.none_bias]) for w in pair])
        self._none_out = np.stack([w.none_out for w in pair])[:, None, :]
        self._none_offset = np.stack([w.none_offset for w in pair])[:, :, None]
        self._scores = np.empty((2, 1, RATES.size + 1), np.float32)  # used again every second
        self._of_rates, self._of_none = self._scores[:, :, :-1], self._scores[:, :, -1:]

    def probabilities(self, moment: Array) -> Array:
        """Moment (m,) -> (2, rates + 1) from the rows as they are, the last is "none"."""
        shift = np.dot(moment, self._moment)
        shift += self._bias
        shift = shift.reshape(2, -1, 1)
        hidden = np.matmul(self._rate, self._rows.read(self._starts))
        hidden += shift[:, : self._hidden]
        np.tanh(hidden, out=hidden)
        np.matmul(self._out, hidden, out=self._of_rates)
        np.matmul(self._none_out, np.tanh(shift[:, self._hidden :]), out=self._of_none)
        self._of_none += self._none_offset
        p: Array = np.exp(self._scores[:, 0])  # tanh bounds the scores: no overflow
        p /= np.add.reduce(p, axis=1, keepdims=True)
        return p


class Calibration:
    """Monotone table from the mass within 1/min to the share that was within 1/min."""

    def __init__(self, mass: list[float], share: list[float]) -> None:
        self._mass, self._share = mass, share

    def share(self, mass: float) -> float:
        """Linear between the knots."""
        x, y = self._mass, self._share
        i = min(max(bisect_right(x, mass), 1), len(x) - 1)
        part = (mass - x[i - 1]) / max(x[i] - x[i - 1], 1e-9)
        return y[i - 1] + min(max(part, 0.0), 1.0) * (y[i] - y[i - 1])


class Decoder:
    """From probabilities over rates to one rate and the probability of being within 1/min of it.

    The rate is the one with the least expected loss min(|error|, cap): without a cap the median
    of the belief, with a small cap its mode.  `slow_odds` raises the odds of slow rates (all of
    it up to 8.5/min, fading to nothing at 11/min): people who practise breathe slowly, and there
    the commonest mistake is to take the second harmonic for the breath.
    """

    def __init__(
        self,
        caps: tuple[float, float],
        slow_odds: tuple[float, float],
        confident_within: float = 1.0,
    ) -> None:
        slow = np.clip((11.0 - RATES) / 2.5, 0.0, 1.0)
        self._prior = (1.0 + np.outer(slow_odds, slow)).astype(np.float32)
        half_step = 2.0 ** (0.5 / STEPS_PER_OCTAVE)
        edges = np.append(RATES / half_step, RATES[-1] * half_step)
        fine = np.arange(3.0, 40.01, FINE_STEP)
        losses = np.minimum(np.abs(RATES - fine[:, None]), np.array(caps)[:, None, None])
        self._losses = np.ascontiguousarray(losses, np.float32)  # (2, fine, rates)
        at_rates = np.minimum(np.abs(RATES - RATES[:, None]), np.array(caps)[:, None, None])
        self._at_rates = np.ascontiguousarray(at_rates, np.float32)
        first = np.rint((RATES - fine[0]) / FINE_STEP).astype(np.intp) - _NEAR // 2
        self._first = np.clip(first, 0, fine.size - _NEAR).tolist()
        low = np.maximum(edges[:-1], fine[:, None] - confident_within)
        high = np.minimum(edges[1:], fine[:, None] + confident_within)
        share = np.clip(high - low, 0.0, None) / np.diff(edges)
        self._within = np.ascontiguousarray(share, np.float32)

    def decode(self, probabilities: Array) -> list[tuple[float, float]]:
        """(2, rates + 1) -> for now and settled: rate (breaths/min), mass within 1/min of it."""
        mass = probabilities[:, :-1] * self._prior
        whole = np.add.reduce(mass, axis=1, keepdims=True)
        whole += probabilities[:, -1:]
        mass /= whole
        losses = np.matmul(self._at_rates, mass[:, :, None])[:, :, 0]
        return [self._finely(i, mass[i], best) for i, best in enumerate(losses.argmin(axis=1).tolist())]

    def _finely(self, i: int, mass: Array, best: int) -> tuple[float, float]:
        """The rate about the best candidate, and the mass within 1/min of it.

        The expected loss has its least value at a candidate: between two of them it only bends downwards.
        """
        first = self._first[best]
        losses = (self._losses[i, first : first + _NEAR] @ mass).tolist()
        at = min(range(_NEAR), key=losses.__getitem__)
        rate = 3.0 + FINE_STEP * (first + at)
        if 0 < at < _NEAR - 1:  # vertex of the parabola through three points
            left, middle, right = losses[at - 1 : at + 2]
            bend = left - 2.0 * middle + right
            rate += FINE_STEP * 0.5 * (left - right) / bend if bend > 1e-9 else 0.0
        return rate, float(mass @ self._within[first + at])
