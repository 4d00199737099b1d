"""Breathing rate from RR intervals, and from RR with what breath does to the ECG, once a second, causal.

beats -> 2 Hz series (`beat_series`) -> explained share per candidate rate (`filter_bank`) -> scorers of
the RR and of the ECG -> scorers over their beliefs of the last 28 s -> rate, and the probability of being
within 1 breath/min of the truth (calibrated on simulated people). *now* speaks about the moment t,
*settled* about t - 10 s. The truth both were trained for is the mean rate in the 20 s about that moment,
so *now* holds a forecast of 10 s.
"""

import json
import math
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from breathsync.breath import rate_features as chosen
from breathsync.breath.beat_series import GRID_HZ, Array, BeatSeries
from breathsync.breath.rate_evidence import RateEvidence
from breathsync.breath.rate_scorer import BeliefPair, Calibration, Decoder, Lists

SETTLED_LAG_S = 10.0
KINDS = ("now", "settled")
WEIGHTS_FILE = Path(__file__).with_name("respiration_weights.json")
ECG_FEATURES = 6  # R height, S depth, steepest up, steepest down, QRS area, T range
NONE_LAGS = (0, 5, 12)  # s
SAME_BEAT_S = 0.15  # heard and final times of a beat differ while a strap's lateness is being learnt


@dataclass(frozen=True)
class RespirationSettings:
    """Frozen choices; times in seconds."""

    shortest_start_s: float = 8.0  # series needed before the first estimate
    shortest_again_s: float = 7.0  # the same after a silence: back ten seconds after its end
    oldest_beat_s: float = 6.0  # no estimate when the newest beat is older
    longest_gap_s: float = 20.0  # longer silences start the series afresh
    gap_ratio: float = 1.45  # a step longer than that times RR has lost a beat
    plausible_ratio: tuple[float, float] = (0.72, 1.38)  # unconfirmed RR against the last usable
    cap_now: float = 40.0  # breaths/min, of the loss the estimate minimises
    cap_settled: float = 6.0
    slow_odds_now: float = 0.8  # added to the odds of slow rates, see Decoder
    slow_odds_settled: float = 0.0


@dataclass(frozen=True)
class RateEstimate:
    """One estimate; `None` = no estimate yet or any more. Worth showing when confidence >= 0.7."""

    time_s: float  # the moment it speaks about
    breaths_per_min: float | None
    confidence: float  # probability of being within 1/min
    source: str  # "rr" or "rr+ecg"


@dataclass
class Frame:
    """What one second left for training and for the guide: moments and probabilities."""

    moments: dict[str, Array] = field(default_factory=dict)
    final: Array | None = None  # (now and settled, rates + 1)
    source: str = "rr"


class RespirationRate:
    """Streaming estimator: feed beats in order, ask once per whole second."""

    def __init__(
        self, weights: dict[str, Any] | None = None, settings: RespirationSettings | None = None
    ) -> None:
        self.settings = settings or RespirationSettings()
        limits = self.settings.longest_gap_s, self.settings.gap_ratio
        self._rr = BeatSeries(1, *limits)
        self._ecg = BeatSeries(ECG_FEATURES, *limits)
        self._heard: list[tuple[float, float]] = []
        self._evidence = RateEvidence()
        self.rows = self._evidence.rows
        self._decoder = Decoder(
            (self.settings.cap_now, self.settings.cap_settled),
            (self.settings.slow_odds_now, self.settings.slow_odds_settled),
        )
        past = (2, chosen.BELIEF_PAST_S + 1)
        self._none = {source: np.zeros(past, np.float32) for source in ("rr", "ecg")}
        self._earlier = {
            source: np.array([self.rows.place(f"{source}.{kind}@8") for kind in KINDS])
            for source in ("rr", "ecg")
        }
        self._shortest_s = self.settings.shortest_start_s
        self._asked_s = math.nan
        self._ecg_until_s = -math.inf
        self.frame = Frame()
        self._load(load_weights() if weights is None else weights)

    def _load(self, weights: dict[str, Any]) -> None:
        """Weights may still lack scorers while they are being trained."""
        self._pairs = {}
        for source in ("rr", "ecg", "final.rr", "final.rr+ecg"):
            pair: Lists = {f"{source}.{kind}": chosen.OF_SCORER[f"{source}.{kind}"] for kind in KINDS}
            if all(name in weights["scorers"] for name in pair):
                self._pairs[source] = BeliefPair(self.rows, pair, weights["scorers"])
        self._calibration = {
            name: Calibration(table["mass"], table["share"])
            for name, table in weights.get("calibration", {}).items()
        }

    # ------------------------------------------------------------ beats

    def add_beat(
        self, time_s: float, rr_ms: float, *, usable: bool, ecg: tuple[float, ...] | None = None
    ) -> None:
        """A final beat: `rr_ms` ended at `time_s`; usable = its mark is NONE."""
        heard = self._heard
        while heard and heard[0][0] <= time_s + SAME_BEAT_S:
            heard.pop(0)
        self._rr.rewind()
        if not usable or not 200.0 < rr_ms < 3000.0:
            return
        self._rr.add(time_s, rr_ms, rr_ms)
        if ecg is not None:
            self._ecg.add(time_s, np.array(ecg), rr_ms)
            self._ecg_until_s = time_s

    def hear_beat(self, time_s: float, rr_ms: float) -> None:
        """A beat as heard, its mark still open; used only while it looks plausible."""
        if not self._heard or time_s > self._heard[-1][0]:
            self._heard.append((time_s, rr_ms))
            del self._heard[:-4]

    def _use_heard(self) -> None:
        self._rr.rewind()
        low, high = self.settings.plausible_ratio
        for time_s, rr_ms in self._heard:
            before, known = self._rr.last_usable_s, float(self._rr.newest)
            if math.isnan(before) or time_s <= before:
                continue
            if not low * known < rr_ms < high * known:
                break
            if abs((time_s - before) * 1000.0 - rr_ms) > 0.25 * rr_ms:
                break
            self._rr.add_provisional(time_s, rr_ms, rr_ms)

    # ------------------------------------------------------------ estimates

    def estimate(self, t: float) -> tuple[RateEstimate, RateEstimate]:
        """Estimates about t and about t - 10; call with t growing, once a second."""
        self._use_heard()
        passed = 1 if math.isnan(self._asked_s) else max(round(t - self._asked_s), 1)
        self._asked_s = t
        self.frame = Frame()
        age = t - self._rr.last_usable_s
        enough = self._rr.length() >= self._shortest_s * GRID_HZ
        if not enough or not -1.0 < age <= self.settings.oldest_beat_s:
            if age > self.settings.longest_gap_s:
                self._forget()
            return self.nothing(t)
        return self._finish(t, self._final_moment(t, age, passed))

    def _final_moment(self, t: float, age: float, passed: int) -> Array:
        """Gather all evidence; what the final scorers hear of the moment."""
        frame = self.frame
        moment = frame.moments["rr"] = self._evidence.of_rr(self._rr, age, passed)
        beliefs = [moment, self._believe("rr", moment, passed)]
        frame.moments["final.rr"] = np.concatenate(beliefs)
        if t - self._ecg_until_s > self.settings.oldest_beat_s:
            return frame.moments["final.rr"]
        ecg_moment = self._evidence.of_ecg(self._ecg, moment)
        if ecg_moment is None:
            return frame.moments["final.rr"]
        frame.moments["ecg"] = ecg_moment
        beliefs += [self._believe("ecg", ecg_moment, passed), ecg_moment[-9:]]
        frame.source = "rr+ecg"
        frame.moments["final.rr+ecg"] = np.concatenate(beliefs)
        return frame.moments["final.rr+ecg"]

    @staticmethod
    def nothing(t: float) -> tuple[RateEstimate, RateEstimate]:
        """What can be said about t and t - 10 where there is nothing to read it from."""
        return (
            RateEstimate(t, None, 0.0, "rr"),
            RateEstimate(t - SETTLED_LAG_S, None, 0.0, "rr"),
        )

    def _forget(self) -> None:
        self._shortest_s = self.settings.shortest_again_s
        self.rows.forget()
        self._rr.clear()
        self._ecg.clear()

    def _believe(self, source: str, moment: Array, passed: int) -> Array:
        """First scorers: remember log probabilities; return 2 x 5 features for the final ones."""
        pair = self._pairs.get(source)
        if pair is None:
            return np.zeros(10, np.float32)
        logs = pair.probabilities(moment)
        logs += 1e-5
        np.log(logs, out=logs)
        for kind, row in zip(KINDS, logs, strict=True):
            self.rows.remember(f"{source}.{kind}", row[:-1])
        past = self._none[source]
        past[:, passed:] = past[:, :-passed]
        past[:, :passed] = logs[:, -1:]
        out = np.empty((2, 5), np.float32)
        out[:, :3] = past.take(NONE_LAGS, axis=1)
        np.maximum.reduce(logs[:, :-1], axis=1, out=out[:, 3])
        np.maximum.reduce(self.rows.rows[self._earlier[source]], axis=1, out=out[:, 4])
        return out.ravel()

    def _finish(self, t: float, moment: Array) -> tuple[RateEstimate, RateEstimate]:
        """Final scorers: rate and calibrated confidence, now and settled."""
        source = self.frame.source
        pair = self._pairs.get("final." + source)
        if pair is None:
            return self.nothing(t)
        both = self.frame.final = pair.probabilities(moment)
        decoded = self._decoder.decode(both)
        out = []
        for i, (kind, time_s) in enumerate(zip(KINDS, (t, t - SETTLED_LAG_S), strict=True)):
            rate, mass = decoded[i]
            table = self._calibration.get(f"{source}.{kind}")
            confidence = mass if table is None else table.share(mass)
            out.append(RateEstimate(time_s, rate, confidence, source))
        return out[0], out[1]


@cache
def load_weights() -> dict[str, Any]:
    """The weights file: {"scorers": {name: {array: numbers}}, "calibration": ..., "guide": ...}."""
    loaded: dict[str, Any] = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    return loaded
