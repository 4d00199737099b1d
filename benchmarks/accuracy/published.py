"""The values that others published for their series, beside ours: how far off, and how far is allowed."""

import csv
import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.accuracy.recordings import Bools
from benchmarks.accuracy.table import Report, Row
from benchmarks.real_input import data_folder
from breathsync.heart import hrv, nonlinear, spectrum
from breathsync.heart.hrv import FloatArray

Value = tuple[str, float, float, float]
"""What, ours, theirs, how far off is allowed (the tolerance of the series' own README)."""
WITHIN_EC57 = 0.02  # of the power
WITHIN_TOOLBOX = 0.002  # median over its windows


def evaluate() -> Report:
    """All rows of this part."""
    values = [*_pyhrv(), *_hrvanalysis(), *_bartels(), *_ec57()]
    rows = [Row(f"{what}, off by", abs(ours - theirs), off, off) for what, ours, theirs, off in values]
    details = [f"  {what:<40} {ours:.6g} (published {theirs:.6g})" for what, ours, theirs, _ in values]
    return Report([*rows, *_toolbox()], ["published values:", *details])


def _expected(name: str) -> dict[str, float]:
    found: dict[str, dict[str, float]] = json.loads((_open() / "expected.json").read_text())
    return found[name]


def _open() -> Path:
    return data_folder() / "open" / "hrv_reference"


def _pyhrv() -> Iterator[Value]:
    want, nn = _expected("pyhrv_nni_long.txt"), np.loadtxt(_open() / "pyhrv_nni_long.txt")
    yield "pyhrv: mean NN, ms", float(nn.mean()), want["mean_nni"], 5e-4
    yield "pyhrv: SDNN, ms", hrv.sdnn(nn), want["sdnn"], 5e-4
    yield "pyhrv: RMSSD, ms", hrv.rmssd(np.diff(nn)), want["rmssd"], 5e-4
    yield "pyhrv: pNN50, %", hrv.pnn50(np.diff(nn)), want["pnn50_pct"], 5e-3


def _hrvanalysis() -> Iterator[Value]:
    want = _expected("hrvanalysis_nn.txt")
    nn = np.loadtxt(data_folder() / "local" / "hrv_reference" / "hrvanalysis_nn.txt")
    yield "hrv-analysis: SDNN, ms", hrv.sdnn(nn), want["sdnn"], 1e-9
    yield "hrv-analysis: RMSSD, ms", hrv.rmssd(np.diff(nn)), want["rmssd"], 1e-9
    yield "hrv-analysis: pNN50, %", hrv.pnn50(np.diff(nn)), want["pnn50_of_n_minus_1_pct"], 1e-6
    sd1, sd2 = nonlinear.poincare(nn)
    # theirs come from SDSD and SDNN by an identity that holds for long series
    yield "hrv-analysis: SD1, ms", sd1, want["sd1"], 1e-3 * want["sd1"]
    yield "hrv-analysis: SD2, ms", sd2, want["sd2"], 2e-3 * want["sd2"]


def _bartels() -> Iterator[Value]:
    want, rr = _expected("bartels_notebook_rri.txt"), np.loadtxt(_open() / "bartels_notebook_rri.txt")
    times = np.cumsum(rr) / 1000
    last = rr[times >= times[-1] - 180]
    yield "Bartels: mean NN, ms", float(last.mean()), want["mrri"], 1e-6
    yield "Bartels: SDNN, ms", hrv.sdnn(last), want["sdnn"], 1e-6
    yield "Bartels: RMSSD, ms", hrv.rmssd(np.diff(last)), want["rmssd"], 1e-6


def _ec57() -> Iterator[Value]:
    """The patterns whose band power is known by construction."""
    for name, band, hz in (("ec57_tp2", "hf", spectrum.HF_HZ), ("ec57_tp3", "lf", spectrum.LF_HZ)):
        with gzip.open(_open() / f"{name}.csv.gz", "rt") as file:
            rows = [(float(row["beat_time_s"]), float(row["rr_s"])) for row in csv.DictReader(file)]
        times, rr = np.array(rows).T
        found = spectrum.density(spectrum.tachogram(times, rr * 1000), hann=False)
        theirs = _expected(f"{name}.csv.gz")[f"{band}_ms2"]
        ours = spectrum.band_power(*found, hz).power_ms2
        yield f"EC57 {name[-3:]}: {band.upper()} power, ms²", ours, theirs, WITHIN_EC57 * theirs


def _toolbox() -> list[Row]:
    """Two Holter records, 300 s every 30 s over two hours, NN only; their clock is 128/125 slow."""
    with (_open() / "cvst_windows_nsr001_nsr004.csv").open() as file:
        windows = list(csv.DictReader(file))
    off: dict[str, list[float]] = {"NNmean": [], "SDNN": [], "RMSSD": []}
    for person in ("nsr001", "nsr004"):
        times, rr, nn = _holter(person)
        for row in (w for w in windows if w["patID"] == person):
            start = float(row["t_start"])
            inside = rr[nn & (times > start) & (times <= start + 300)]
            values = float(inside.mean()), hrv.sdnn(inside), hrv.rmssd(np.diff(inside))
            for name, value in zip(off, values, strict=True):
                off[name].append(abs(value / float(row[name]) - 1))
    return [
        Row(
            f"Cardiovascular Signal Toolbox: {name}, median share off by",
            float(np.median(shares)),
            WITHIN_TOOLBOX,
            WITHIN_TOOLBOX,
        )
        for name, shares in off.items()
    ]


def _holter(person: str) -> tuple[FloatArray, FloatArray, Bools]:
    with gzip.open(data_folder() / "open" / "annotated_beats" / f"{person}_ecg.csv.gz", "rt") as file:
        rows = [
            (float(r["beat_time_s"]), float(r["rr_ms"] or "nan"), r["type"] == "N")
            for r in csv.DictReader(file)
        ]
    times = np.array([t - rows[0][0] for t, _, _ in rows]) * 128 / 125
    rr = np.array([r for _, r, _ in rows]) * 128 / 125
    normal = np.array([n for _, _, n in rows])
    return times, rr, normal & np.r_[False, normal[:-1]] & ~np.isnan(rr)
