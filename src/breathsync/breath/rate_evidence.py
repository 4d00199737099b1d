"""What the newest minute of RR and of ECG features says about every candidate rate.

Two kinds of evidence: rows over the candidate rates (how much of the series a breath of that rate would
explain, and the same some seconds ago), and a moment: numbers that hold for all rates (noise, gaps, heart
rate). The scorers read both.
"""

import math

import numpy as np

from breathsync.breath import rate_features as chosen
from breathsync.breath.beat_series import GRID_HZ, WINDOW, Array, BeatSeries
from breathsync.breath.filter_bank import ECG_ATOMS, RATES, RR_ATOMS, FilterBank
from breathsync.breath.rate_scorer import Rows

RR_FLOOR_MS = 0.4  # spread of RR that counts as nothing (1/1024 s quantum / sqrt 12)
ECG_FLOOR = 0.02  # the same for standardised ECG features
ECG_CLIP = 4.0  # standard deviations
ECG_COVER = 0.6  # share of the last 32 s with ECG features; below: RR alone
LEAST_ECG_S = 8
COVER_S = (12, 20, 32, 64)
RR_PEAKS = ("n20", "n32", "n64", "s20", "s32")
ECG_PEAKS = ("n20", "n32", "n64", "s20")
# of the moment of RR, for the ECG too: roughness, roughness against spread, heart rate, two gaps, length
SHARED = (9, 10, 11, 12, 13, 17)


class RateEvidence:
    """Rows and moments of this second, from series of beats."""

    def __init__(self) -> None:
        self._rr_bank = FilterBank(RR_ATOMS, RR_FLOOR_MS)
        self._ecg_bank = FilterBank(ECG_ATOMS, ECG_FLOOR)
        self._log_rate = np.log(RATES / 12.0).astype(np.float32)
        self.rows = self._make_rows()
        self._index_rows()
        self._ones = np.ones(WINDOW, np.float32)
        self._cover = np.zeros((len(COVER_S), WINDOW), np.float32)
        for i, seconds in enumerate(COVER_S):
            self._cover[i, -seconds * GRID_HZ :] = 1.0 / (seconds * GRID_HZ)

    def _make_rows(self) -> Rows:
        bank_rr = [f"rr.{name}" for name in self._rr_bank.names]
        bank_ecg = [f"{p}.{n}" for p in ("ecg_mean", "ecg_max") for n in self._ecg_bank.names]
        plain = [*bank_rr, *bank_ecg, "log_rate", "log_rate_squared", "nyquist"]
        rows = Rows(plain, (*chosen.PAST_ROWS, *chosen.BELIEFS), chosen.BELIEF_PAST_S)
        rows.rows[rows.place("log_rate")] = self._log_rate
        rows.rows[rows.place("log_rate_squared")] = self._log_rate**2
        rr, ecg = len(bank_rr), len(bank_ecg) // 2
        self._rr_rows = slice(0, rr)
        self._mean_rows = slice(rr, rr + ecg)
        self._max_rows = slice(rr + ecg, rr + 2 * ecg)
        return rows

    def _index_rows(self) -> None:
        place, shape = self.rows.place, self._rr_bank.shape_of
        self._nyquist = place("nyquist")
        self._peaks = np.array([place(f"rr.{n}") for n in RR_PEAKS])
        parts = ("ecg_mean", "ecg_max")
        self._remembered = [(past, place(past.replace("past.", "rr."))) for past in chosen.PAST_ROWS]
        self._ecg_peaks = np.array([place(f"{p}.{n}") for n in ECG_PEAKS for p in parts])
        self._shared = np.array(SHARED)
        self._spreads = [shape[n] for n in ("n20", "n32", "n64")]

    def of_rr(self, series: BeatSeries, age_s: float, passed_s: int) -> Array:
        """Fill the rows of RR; the moment (18,). `age_s`: since the newest beat."""
        window, gap = series.window()
        x = window[:, 0]
        rows = self.rows.rows
        likely, variances = self._rr_bank.explained(x)
        rows[self._rr_rows] = likely
        self.rows.pass_on(passed_s)
        for name, row in self._remembered:
            self.rows.remember(name, rows[row])
        heart = 60000.0 / max(self._mean_rr(series, x), 200.0)
        self._fill_nyquist(heart)
        step = x[-32 * GRID_HZ + 1 :] - x[-32 * GRID_HZ : -1]
        rough = 0.5 * math.log(float(step @ step) / step.size + 0.01)
        variance = variances.tolist()
        spread = [0.5 * math.log(variance[shape]) for shape in self._spreads]
        peaks = rows[self._peaks]
        values = [s - 3.0 for s in spread]
        values += np.maximum.reduce(peaks, axis=1).tolist()
        values += float(np.add.reduce(peaks[1])) / RATES.size, rough - 2.0, rough - spread[1]
        values.append(3.0 * math.log(heart / 70.0))
        values += (self._cover @ gap).tolist()
        values += 0.5 * min(age_s, 5.0), 1.0 - series.length() / WINDOW
        return np.array(values, np.float32)

    @staticmethod
    def _mean_rr(series: BeatSeries, x: Array) -> float:
        """Of the last five seconds, ms."""
        recent = x[-5 * GRID_HZ :]
        return float(series.newest) + float(np.add.reduce(recent)) / recent.size - float(x[-1])

    def _fill_nyquist(self, heart_bpm: float) -> None:
        """How far each rate lies below half the heart rate: beyond that beats cannot show a breath."""
        nyquist = self.rows.rows[self._nyquist]
        np.subtract(self._log_rate, math.log(heart_bpm / 24.0), out=nyquist)
        np.maximum(nyquist, -1.5, out=nyquist)
        np.minimum(nyquist, 0.3, out=nyquist)

    def of_ecg(self, series: BeatSeries, rr_moment: Array) -> Array | None:
        """Fill the rows of the ECG; the moment (15,), `None` where there is too little ECG."""
        if series.length() < LEAST_ECG_S * GRID_HZ:
            return None
        window, gap = series.window()
        missing = float(self._cover[2] @ gap)
        if missing > 1.0 - ECG_COVER:
            return None
        power = self._ones @ (window * window) / series.length()
        window *= 1.0 / (np.sqrt(power) + 1e-9)
        np.minimum(window, ECG_CLIP, out=window)
        np.maximum(window, -ECG_CLIP, out=window)
        mean, largest = self._ecg_bank.explained_channels(window)
        rows = self.rows.rows
        rows[self._mean_rows] = mean
        rows[self._max_rows] = largest
        moment = np.empty(15, np.float32)
        moment[:6] = rr_moment.take(self._shared)
        np.maximum.reduce(rows[self._ecg_peaks], axis=1, out=moment[6:14])
        moment[14] = missing
        return moment
