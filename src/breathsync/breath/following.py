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
from breathsync.breath.respiration_rate import RespirationRate, load_weights

Array = NDArray[np.float32]

SETTLED_LAG_S = 10.0
BELIEF_LAGS = (0, 5, 10, 15, 20)
SPECTRA = ("rr.n20", "rr.n32", "rr.n64")
LARGEST = 2.5  # of any feature; l = 2.5 means 92 % explained
OTHER_THAN = 1.0  # breaths/min: rates further away compete with the guide's


class GuideFollowed:
    """Ask after RespirationRate.estimate(t) of the same second."""

    def __init__(self, weights: dict[str, Any] | None = None) -> None:
        loaded = load_weights() if weights is None else weights
        self._nets = {
            name: {k: np.asarray(v, np.float32) for k, v in net.items()}
            for name, net in loaded.get("guide", {}).items()
        }
        half = 2.0 ** (0.5 / STEPS_PER_OCTAVE)
        self._edges = np.append(RATES / half, RATES[-1] * half)

    def probabilities(
        self, breath: RespirationRate, rate_now: float, rate_settled: float
    ) -> tuple[float | None, float | None]:
        """Followed now / 10 s ago, given the guide's rates (breaths/min) at those moments."""
        source = breath.frame.source
        if not breath.frame.final or not self._nets:
            return None, None
        out = []
        for kind in ("now", "settled"):
            net = self._nets[f"{source}.{kind}"]
            x = self.features(breath, kind, rate_now, rate_settled)
            hidden = np.tanh(x @ net["hidden"] + net["bias"])
            score = float(hidden @ net["out"]) + float(net["offset"][0])
            out.append(1.0 / (1.0 + math.exp(-min(max(score, -30.0), 30.0))))
        return out[0], out[1]

    def features(self, breath: RespirationRate, kind: str, rate_now: float, rate_settled: float) -> Array:
        """Features of one question (18 with RR alone, 23 with ECG)."""
        final = breath.frame.final
        rate = rate_now if kind == "now" else rate_settled
        other = "settled" if kind == "now" else "now"
        other_rate = rate_settled if kind == "now" else rate_now
        mass = self._cumulated(final[kind])
        x = [_log_odds(mass(rate, within)) for within in (0.5, 1.0, 1.5)]
        x.append(_log_odds(self._cumulated(final[other])(other_rate, 1.0)))
        peak = min(float(np.maximum.reduce(final[kind])), 0.35)
        x += [math.log(peak), math.log(float(final[kind][-1]) + 1e-5)]
        x += [math.log(rate / 6.0)]
        position = (math.log(rate / RATES[0])) / math.log(2.0) * STEPS_PER_OCTAVE
        low = min(max(int(position), 0), RATES.size - 2)
        share = min(max(position - low, 0.0), 1.0)
        sources = ("rr", "ecg") if breath.frame.source == "rr+ecg" else ("rr",)
        for source in sources:
            for lag in BELIEF_LAGS:
                row = breath.rows.rows[breath.rows.place(f"{source}.{kind}@{lag}")]
                x.append(float(row[low] + share * (row[low + 1] - row[low])))
        far = np.abs(RATES - rate) > OTHER_THAN
        for name in SPECTRA:
            row = breath.rows.rows[breath.rows.place(name)]
            x.append(float(row[low] + share * (row[low + 1] - row[low])))
            x.append(float(np.maximum.reduce(row, where=far, initial=0.0)))
        # very clean signals lie beyond everything seen in training: keep all features in its range
        return np.clip(np.array(x, np.float32), -6.0, LARGEST)

    def _cumulated(self, p: Array) -> Any:
        """Mass of p within +-within of a rate."""
        total = np.concatenate([[0.0], np.add.accumulate(p[:-1])])

        def mass(rate: float, within: float) -> float:
            ends = np.interp([rate - within, rate + within], self._edges, total)
            return float(ends[1] - ends[0])

        return mass


def _log_odds(p: float) -> float:
    p = min(max(p, 0.003), 0.997)
    return math.log(p / (1.0 - p))
