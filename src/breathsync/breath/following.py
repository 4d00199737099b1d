"""Is the guide (pacer) being followed?  A probability, from what the estimator believes.

Followed means: the breathing rate (20 s mean) is within 0.5/min of the guide's; not followed: more
than 1/min away.  Knowing the one rate to ask about makes this easier than naming the rate: the
features are how much belief lies about the guide's rate now and 10 s ago, how well a sinusoid of
the guide's rate explains the last 20, 32 and 64 s, and how well the best other rate does.
The prior is even odds; a program that knows better can shift the log odds.
"""

import math
from bisect import bisect_left, bisect_right
from typing import Any

import numpy as np
from numpy.typing import NDArray

from breathsync.breath.filter_bank import RATES, STEPS_PER_OCTAVE
from breathsync.breath.respiration_rate import KINDS, RespirationRate, load_weights

Array = NDArray[np.float32]

BELIEF_LAGS = (0, 5, 10, 15, 20)
SPECTRA = ("rr.n20", "rr.n32", "rr.n64")
LARGEST = 2.5  # of any feature; l = 2.5 means 92 % explained
OTHER_THAN = 1.0  # breaths/min: rates further away compete with the guide's


class GuideFollowing:
    """Ask after RespirationRate.estimate(t) of the same second."""

    def __init__(self, weights: dict[str, Any] | None = None) -> None:
        loaded = load_weights() if weights is None else weights
        self._nets = {
            name: {k: np.asarray(v, np.float32) for k, v in net.items()}
            for name, net in loaded.get("guide", {}).items()
        }
        half = 2.0 ** (0.5 / STEPS_PER_OCTAVE)
        self._rates: list[float] = RATES.tolist()
        self._edges: list[float] = [*(RATES / half).tolist(), self._rates[-1] * half]
        self._places: dict[tuple[str, str], NDArray[np.intp]] = {}

    def probabilities(
        self, breath: RespirationRate, rate_now: float, rate_settled: float
    ) -> tuple[float | None, float | None]:
        """Followed now / 10 s ago, given the guide's rates (breaths/min) at those moments."""
        source = breath.frame.source
        if not breath.frame.final or not self._nets:
            return None, None
        out = []
        for kind, x in zip(KINDS, self.both(breath, rate_now, rate_settled), strict=True):
            net = self._nets[f"{source}.{kind}"]
            hidden = np.tanh(x @ net["hidden"] + net["bias"])
            score = float(hidden @ net["out"]) + float(net["offset"][0])
            out.append(1.0 / (1.0 + math.exp(-min(max(score, -30.0), 30.0))))
        return out[0], out[1]

    def both(self, breath: RespirationRate, rate_now: float, rate_settled: float) -> tuple[Array, Array]:
        """Features of the questions about now and 10 s ago: (18,) with RR alone, (23,) with ECG."""
        rates = rate_now, rate_settled
        masses = [_Mass(breath.frame.final[kind], self._edges) for kind in KINDS]
        features = []
        for i, kind in enumerate(KINDS):
            p, rate = breath.frame.final[kind], rates[i]
            x = [_log_odds(masses[i].near(rate, within)) for within in (0.5, 1.0, 1.5)]
            x.append(_log_odds(masses[1 - i].near(rates[1 - i], 1.0)))
            x.append(math.log(min(float(np.maximum.reduce(p)), 0.35)))
            x += [math.log(float(p[-1]) + 1e-5), math.log(rate / 6.0)]
            x += self._about(breath, kind, rate)
            # very clean signals lie beyond everything seen in training: keep all features in its range
            features.append(np.array([min(max(v, -6.0), LARGEST) for v in x], np.float32))
        return features[0], features[1]

    def _about(self, breath: RespirationRate, kind: str, rate: float) -> list[float]:
        """Earlier beliefs in the rate, how much it explains, and how much the best other one does."""
        places = self._rows(breath, kind)
        rows = breath.rows.rows
        position = math.log(rate / self._rates[0]) / math.log(2.0) * STEPS_PER_OCTAVE
        low = min(max(int(position), 0), len(self._rates) - 2)
        share = min(max(position - low, 0.0), 1.0)
        pair = rows[places, low : low + 2]
        here: list[float] = (pair[:, 0] + np.float32(share) * (pair[:, 1] - pair[:, 0])).tolist()
        spectra = rows[places[-len(SPECTRA) :]]
        below = bisect_left(self._rates, rate - OTHER_THAN)
        above = bisect_right(self._rates, rate + OTHER_THAN)
        best: list[float] = np.maximum(
            np.maximum.reduce(spectra[:, :below], axis=1, initial=0.0),
            np.maximum.reduce(spectra[:, above:], axis=1, initial=0.0),
        ).tolist()
        beliefs = here[: -len(SPECTRA)]
        for known, other in zip(here[-len(SPECTRA) :], best, strict=True):
            beliefs += [known, other]
        return beliefs

    def _rows(self, breath: RespirationRate, kind: str) -> NDArray[np.intp]:
        """Where the rows stand: earlier beliefs of each source, then spectra."""
        key = breath.frame.source, kind
        if key not in self._places:
            sources = ("rr", "ecg") if breath.frame.source == "rr+ecg" else ("rr",)
            names = [f"{source}.{kind}@{lag}" for source in sources for lag in BELIEF_LAGS]
            self._places[key] = np.array([breath.rows.place(name) for name in (*names, *SPECTRA)])
        return self._places[key]


class _Mass:
    """How much belief lies near a rate."""

    def __init__(self, p: Array, edges: list[float]) -> None:
        self._edges = edges
        self._total: list[float] = [0.0, *np.add.accumulate(p[:-1]).tolist()]

    def near(self, rate: float, within: float) -> float:
        return self._below(rate + within) - self._below(rate - within)

    def _below(self, rate: float) -> float:
        edges, total = self._edges, self._total
        i = bisect_right(edges, rate) - 1
        if i < 0:
            return 0.0
        if i >= len(edges) - 1:
            return total[-1]
        return total[i] + (rate - edges[i]) / (edges[i + 1] - edges[i]) * (total[i + 1] - total[i])


def _log_odds(p: float) -> float:
    p = min(max(p, 0.003), 0.997)
    return math.log(p / (1.0 - p))
