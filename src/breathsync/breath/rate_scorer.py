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
from numpy.typing import NDArray

from breathsync.breath.filter_bank import RATES, STEPS_PER_OCTAVE

Array = NDArray[np.float32]
FINE_STEP = 0.1  # breaths/min, grid of the estimates
Feature = tuple[str, int]  # row name, offset in grid steps
Lists = dict[str, tuple[Feature, ...]]  # by scorer


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
    """Named rows over the candidate rates in one flat array, so that features are one gather.

    A row may have a past: "name@8" is what "name" was 8 s ago (held where unknown).
    """

    def __init__(self, plain: list[str], remembered: dict[str, int]) -> None:
        self._place: dict[str, int] = {name: i for i, name in enumerate(plain)}
        count = len(plain)
        self._block: dict[str, tuple[int, int]] = {}
        for name, depth in remembered.items():
            self._block[name] = (count, depth + 1)
            for lag in range(depth + 1):
                self._place[f"{name}@{lag}"] = count + lag
            count += depth + 1
        # one cell of zero behind the rows: what lies outside the range of rates
        self.cells = np.zeros(count * RATES.size + 1, np.float32)
        self.rows = self.cells[:-1].reshape(count, RATES.size)
        self._empty = set(remembered)

    def place(self, name: str) -> int:
        """Number of a row."""
        return self._place[name]

    def indices(self, features: tuple[Feature, ...]) -> NDArray[np.intp]:
        """Flat index (rates, features) into cells."""
        rate = np.arange(RATES.size)
        columns = []
        for name, offset in features:
            at = rate + offset
            inside = (at >= 0) & (at < RATES.size)
            flat = self._place[name] * RATES.size + at
            columns.append(np.where(inside, flat, self.cells.size - 1))
        return np.stack(columns, 1).astype(np.intp)

    def push(self, name: str, values: Array, seconds: int = 1) -> None:
        """Remember a new value `seconds` after the one before."""
        first, depth = self._block[name]
        block = self.rows[first : first + depth]
        if name in self._empty:
            self._empty.discard(name)
            block[:] = values
            return
        for _ in range(min(seconds, depth)):
            block[1:] = block[:-1]  # numpy copies where they overlap
        block[0] = values

    def forget(self) -> None:
        """Start all memories afresh."""
        self._empty = set(self._block)


class PairScorer:
    """Two scorers asked at one moment (now and settled), computed together."""

    def __init__(self, pair: tuple[ScorerWeights, ScorerWeights]) -> None:
        self._wide = max(w.rate.shape[0] for w in pair)
        self._hidden = pair[0].bias.size
        self._rate = np.zeros((2, self._wide, self._hidden), np.float32)
        for i, w in enumerate(pair):
            self._rate[i, : w.rate.shape[0]] = w.rate
        self._out = np.stack([w.out for w in pair])[:, :, None]
        blocks = [np.concatenate([w.moment, w.none_moment], 1) for w in pair]
        self._moment = np.ascontiguousarray(np.concatenate(blocks, 1))
        self._bias = np.concatenate([np.concatenate([w.bias, w.none_bias]) for w in pair])
        self._none_out = np.stack([w.none_out for w in pair])[:, :, None]
        self._none_offset = np.stack([w.none_offset for w in pair])
        self._scores = np.empty((2, RATES.size + 1, 1), np.float32)  # used again every second
        self._of_rates, self._of_none = self._scores[:, :-1], self._scores[:, -1:]

    def indices(self, rows: Rows, features: tuple[tuple[Feature, ...], ...]) -> NDArray[np.intp]:
        """Gather (2, rates, wide); short lists are filled with the cell of zero."""
        out = np.full((2, RATES.size, self._wide), rows.cells.size - 1, np.intp)
        for i, chosen in enumerate(features):
            out[i, :, : len(chosen)] = rows.indices(chosen)
        return out

    def probabilities(self, features: Array, moment: Array) -> Array:
        """Features (2, rates, wide), moment (m,) -> (2, rates + 1), the last is "none"."""
        shift = np.dot(moment, self._moment)
        shift += self._bias
        shift = shift.reshape(2, 1, -1)
        hidden = np.matmul(features, self._rate)
        hidden += shift[:, :, : self._hidden]
        np.tanh(hidden, out=hidden)
        np.matmul(hidden, self._out, out=self._of_rates)
        np.matmul(np.tanh(shift[:, :, self._hidden :]), self._none_out, out=self._of_none)
        self._of_none += self._none_offset[:, :, None]
        p: Array = np.exp(self._scores[:, :, 0])  # tanh bounds the scores: no overflow
        p /= np.add.reduce(p, axis=1, keepdims=True)
        return p


class BeliefPair:
    """The scorers of now and settled of one source, with the gather of their features."""

    def __init__(self, rows: Rows, features: Lists, weights: dict[str, Any]) -> None:
        now, settled = (ScorerWeights.from_lists(weights[name]) for name in features)
        self._scorer = PairScorer((now, settled))
        self._index = self._scorer.indices(rows, tuple(features.values()))
        self._cells = rows.cells

    def probabilities(self, moment: Array) -> Array:
        """Moment (m,) -> (2, rates + 1), from the rows as they are."""
        return self._scorer.probabilities(self._cells.take(self._index), moment)


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
        distance = np.abs(RATES[:, None] - fine)
        losses = [np.minimum(distance, cap) for cap in caps]
        self._losses = np.ascontiguousarray(np.stack(losses), np.float32)
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
        losses = np.matmul(mass[:, None, :], self._losses)[:, 0]
        out = []
        for p, loss, at in zip(mass, losses, losses.argmin(axis=1).tolist(), strict=True):
            rate = 3.0 + FINE_STEP * at
            if 0 < at < loss.size - 1:  # vertex of the parabola through three points
                left, middle, right = loss[at - 1 : at + 2].tolist()
                bend = left - 2.0 * middle + right
                rate += FINE_STEP * 0.5 * (left - right) / bend if bend > 1e-9 else 0.0
            out.append((rate, float(p @ self._within[at])))
        return out
