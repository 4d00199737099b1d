"""Is the guide (pacer) being followed?  A probability, from what the estimator believes.

Followed means: the breathing rate (20 s mean) is within 0.5/min of the guide's; not followed: more
than 1/min away.  Knowing the one rate to ask about makes this easier than naming the rate: the
features are how much belief lies about the guide's rate now and 10 s ago, how well a sinusoid of
the guide's rate explains the last 20, 32 and 64 s, and how well the best other rate does.
The prior is even odds; a program that knows better can shift the log odds.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from breathsync.breath.filter_bank import RATES, STEPS_PER_OCTAVE
from breathsync.breath.respiration_rate import KINDS, RespirationRate, load_weights

Array = NDArray[np.float32]

BELIEF_LAGS = (0, 5, 10, 15, 20)
SPECTRA = ("rr.n20", "rr.n32", "rr.n64")
WITHIN = (0.5, 1.0, 1.5)  # breaths/min about the guide's rate
LARGEST = 2.5  # of any feature; l = 2.5 means 92 % explained
OTHER_THAN = 1.0  # breaths/min: rates further away compete with the guide's
_HALF_STEP = 2.0 ** (0.5 / STEPS_PER_OCTAVE)
_EDGES = np.append(RATES / _HALF_STEP, RATES[-1] * _HALF_STEP)
_SPACING = np.diff(_EDGES)[:, None]
_WIDTHS = np.array(WITHIN)
_MOST_SCORE = 30.0


class GuideFollowing:
    """Ask after RespirationRate.estimate(t) of the same second."""

    def __init__(self, weights: dict[str, Any] | None = None) -> None:
        loaded = load_weights() if weights is None else weights
        nets = loaded.get("guide", {})
        sources = {name.split(".")[0] for name in nets}
        self._nets = {s: _Net([nets[f"{s}.{kind}"] for kind in KINDS]) for s in sources}
        self._places: dict[str, NDArray[np.intp]] = {}
        self._about: dict[tuple[float, float], _About] = {}

    def probabilities(
        self, breath: RespirationRate, rate_now: float, rate_settled: float
    ) -> tuple[float | None, float | None]:
        """Followed now / 10 s ago, given the guide's rates (breaths/min) at those moments."""
        if breath.frame.final is None or not self._nets:
            return None, None
        now, settled = self._nets[breath.frame.source].ask(self.both(breath, rate_now, rate_settled))
        return now, settled

    def both(self, breath: RespirationRate, rate_now: float, rate_settled: float) -> Array:
        """Features of the questions about now and 10 s ago: (2, 18) with RR alone, (2, 23) with ECG."""
        p = breath.frame.final
        assert p is not None
        about = self._about_rates(rate_now, rate_settled)
        rows, places = breath.rows.rows, self._rows(breath)
        here = about.interpolated(rows, places)
        lags = places.shape[1] - len(SPECTRA)
        x = np.empty((2, 7 + lags + 2 * len(SPECTRA)), np.float32)
        x[:, :7] = about.beliefs(p)
        x[:, 7 : 7 + lags] = here[:, :lags]
        x[:, 7 + lags :: 2] = here[:, lags:]
        x[:, 8 + lags :: 2] = about.best_other(rows[places[0, lags:]])
        # very clean signals lie beyond everything seen in training: keep all features in its range
        np.minimum(x, LARGEST, out=x)
        return np.maximum(x, -6.0, out=x)

    def _about_rates(self, rate_now: float, rate_settled: float) -> "_About":
        """A guide mostly holds its pace: what follows from it is kept until it changes."""
        rates = rate_now, rate_settled
        if rates not in self._about:
            self._about = {rates: _About(rates)}
        return self._about[rates]

    def _rows(self, breath: RespirationRate) -> NDArray[np.intp]:
        """Where the rows stand, for now and settled: earlier beliefs of each source, then spectra."""
        source = breath.frame.source
        if source not in self._places:
            names = [
                [*(f"{s}.{kind}@{lag}" for s in source.split("+") for lag in BELIEF_LAGS), *SPECTRA]
                for kind in KINDS
            ]
            self._places[source] = np.array([[breath.rows.place(n) for n in of_kind] for of_kind in names])
        return self._places[source]


class _About:
    """What two rates ask of beliefs and spectra, now and 10 s ago."""

    def __init__(self, rates: tuple[float, float]) -> None:
        asked = np.array(rates)[:, None, None]
        self._log_rates = [math.log(rate / 6.0) for rate in rates]
        overlap = np.minimum(_EDGES[1:, None], asked + _WIDTHS) - np.maximum(
            _EDGES[:-1, None], asked - _WIDTHS
        )
        self._inside = (np.maximum(overlap, 0.0) / _SPACING).astype(np.float32)  # (2, rates, WITHIN)
        positions = [STEPS_PER_OCTAVE * math.log2(rate / RATES[0]) for rate in rates]
        lows = [min(max(int(position), 0), RATES.size - 2) for position in positions]
        shares = [min(max(at - low, 0.0), 1.0) for at, low in zip(positions, lows, strict=True)]
        self._pair = np.array([[[low, low + 1]] for low in lows])
        self._shares = np.array([[[1.0 - share], [share]] for share in shares], np.float32)
        self._far = (np.abs(RATES - asked) > OTHER_THAN).astype(np.float32)

    def beliefs(self, p: Array) -> list[list[float]]:
        """Beliefs (2, rates + 1) -> what the belief about each moment says of its rate, 2 x 7."""
        masses = np.matmul(p[:, None, :-1], self._inside)[:, 0].tolist()
        near = [[_log_odds(mass) for mass in of_one] for of_one in masses]
        best, none = np.maximum.reduce(p, axis=1).tolist(), p[:, -1].tolist()
        return [
            [*near[i], near[1 - i][1], math.log(min(best[i], 0.35)), math.log(none[i] + 1e-5), log_rate]
            for i, log_rate in enumerate(self._log_rates)
        ]

    def interpolated(self, rows: Array, places: NDArray[np.intp]) -> Array:
        """The rows at `places` (2, n) read at the rates: (2, n)."""
        pairs: Array = rows[places[:, :, None], self._pair]
        read: Array = np.matmul(pairs, self._shares)[:, :, 0]
        return read

    def best_other(self, spectra: Array) -> Array:
        """The best of each spectrum (3, rates) away from the rates: (2, 3)."""
        best: Array = np.maximum.reduce(spectra * self._far, axis=2)
        return best


class _Net:
    """One hidden layer for each of both questions."""

    def __init__(self, pair: list[dict[str, Any]]) -> None:
        hidden, bias, out, offset = (
            np.stack([np.asarray(net[name], np.float32) for net in pair])
            for name in ("hidden", "bias", "out", "offset")
        )
        self._hidden, self._bias = hidden, bias[:, None, :]
        self._out, self._offset = out[:, :, None], offset[:, 0].tolist()

    def ask(self, x: Array) -> list[float]:
        """Features (2, n) -> two probabilities."""
        hidden = np.matmul(x[:, None, :], self._hidden)
        hidden += self._bias
        np.tanh(hidden, out=hidden)
        scores = np.matmul(hidden, self._out)[:, 0, 0].tolist()
        return [_chance(score + offset) for score, offset in zip(scores, self._offset, strict=True)]


def _chance(log_odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-min(max(log_odds, -_MOST_SCORE), _MOST_SCORE)))


def _log_odds(p: float) -> float:
    p = min(max(p, 0.003), 0.997)
    return math.log(p / (1.0 - p))
