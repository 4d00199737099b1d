"""Measures for analysis: known signals, values that others published, neurokit2 where definitions agree."""

import csv
import gzip
import json

import numpy as np
import pytest

from breathsync.events import Beat, Flaw
from breathsync.heart import analysis, hrv, nonlinear, spectrum


def beats(rr_ms, flaws=None):
    ends = np.cumsum(rr_ms) / 1000
    flaws = flaws or [Flaw.NONE] * len(rr_ms)
    return [Beat(float(e), float(r), f, "rr") for e, r, f in zip(ends, rr_ms, flaws, strict=True)]


def breathing_rr(per_min, swing_ms=60.0, count=400, noise_ms=0.0, seed=1):
    rng = np.random.default_rng(seed)
    rr, time = [], 0.0
    for _ in range(count):
        rr.append(850 + swing_ms * np.sin(2 * np.pi * per_min / 60 * time) + rng.normal(0, noise_ms))
        time += rr[-1] / 1000
    return np.array(rr)


@pytest.mark.parametrize(("per_min", "band"), [(6.0, "lf"), (15.0, "hf")])
def test_a_sine_has_its_power_in_its_band_at_its_frequency(per_min, band):
    found = analysis.analyse(beats(breathing_rr(per_min)))
    power, peak = getattr(found, f"{band}_ms2"), getattr(found, f"{band}_peak_hz")
    assert power == pytest.approx(60**2 / 2, rel=0.05)
    assert peak == pytest.approx(per_min / 60, abs=0.004)


def test_analysis_says_nothing_of_what_is_too_short():
    short = analysis.analyse(beats(breathing_rr(6.0, count=60)))
    assert short.rmssd_ms is not None
    assert (short.lf_ms2, short.hf_ms2, short.dfa_alpha1, short.sample_entropy) == (None,) * 4
    assert analysis.analyse([]).heart_rate_bpm is None


def test_a_broken_series_is_analysed_over_its_longest_run():
    flaws = [Flaw.NONE] * 400
    flaws[40] = Flaw.SHORT
    assert len(analysis.longest_run(beats(breathing_rr(6.0), flaws))) == 359


# --- values that others published for their series ---


@pytest.fixture(scope="module")
def published(shared_data):
    folder = shared_data / "open" / "hrv_reference"
    return folder, json.loads((folder / "expected.json").read_text())


def test_pyhrv_series(published):
    folder, expected = published
    want = expected["pyhrv_nni_long.txt"]
    nn = np.loadtxt(folder / "pyhrv_nni_long.txt")
    assert nn.mean() == pytest.approx(want["mean_nni"], abs=5e-4)
    assert hrv.sdnn(nn) == pytest.approx(want["sdnn"], abs=5e-4)
    assert hrv.rmssd(np.diff(nn)) == pytest.approx(want["rmssd"], abs=5e-4)
    # their percentage is of n - 1 differences, ours too
    assert hrv.pnn50(np.diff(nn)) == pytest.approx(want["pnn50_pct"], abs=5e-3)


def test_hrvanalysis_series(published, shared_data):
    _, expected = published
    want = expected["hrvanalysis_nn.txt"]
    nn = np.loadtxt(shared_data / "local" / "hrv_reference" / "hrvanalysis_nn.txt")
    assert hrv.sdnn(nn) == pytest.approx(want["sdnn"], abs=1e-9)
    assert hrv.rmssd(np.diff(nn)) == pytest.approx(want["rmssd"], abs=1e-9)
    assert hrv.pnn50(np.diff(nn)) == pytest.approx(want["pnn50_of_n_minus_1_pct"], abs=1e-6)
    sd1, sd2 = nonlinear.poincare(nn)
    # theirs come from SDSD and SDNN by an identity that holds for long series
    assert sd1 == pytest.approx(want["sd1"], rel=1e-3)
    assert sd2 == pytest.approx(want["sd2"], rel=2e-3)


def test_bartels_series(published):
    folder, expected = published
    want = expected["bartels_notebook_rri.txt"]
    rr = np.loadtxt(folder / "bartels_notebook_rri.txt")
    times = np.cumsum(rr) / 1000
    last = rr[times >= times[-1] - 180]
    assert last.size == want["n_rr"]
    assert last.mean() == pytest.approx(want["mrri"], abs=1e-6)
    assert hrv.sdnn(last) == pytest.approx(want["sdnn"], abs=1e-6)
    assert hrv.rmssd(np.diff(last)) == pytest.approx(want["rmssd"], abs=1e-6)


@pytest.mark.parametrize(("name", "band"), [("ec57_tp2", "hf"), ("ec57_tp3", "lf")])
def test_the_patterns_of_ansi_aami_ec57(published, name, band):
    folder, expected = published
    with gzip.open(folder / f"{name}.csv.gz", "rt") as rows:
        table = [(float(r["beat_time_s"]), float(r["rr_s"])) for r in csv.DictReader(rows)]
    times, rr = np.array(table).T
    found = spectrum.density(spectrum.tachogram(times, rr * 1000), hann=False)
    powers = {
        "lf": spectrum.band_power(*found, spectrum.LF_HZ).power_ms2,
        "hf": spectrum.band_power(*found, spectrum.HF_HZ).power_ms2,
    }
    want = expected[f"{name}.csv.gz"]
    assert powers[band] == pytest.approx(want[f"{band}_ms2"], rel=0.02)
    other = "hf" if band == "lf" else "lf"
    assert powers[other] < 0.02 * want[f"{band}_ms2"]


def test_the_windows_of_the_cardiovascular_signal_toolbox(published, shared_data):
    """Two Holter records, 300 s every 30 s over two hours, NN only; their clock is 128/125 slow."""
    folder, _ = published
    with (folder / "cvst_windows_nsr001_nsr004.csv").open() as rows:
        windows = list(csv.DictReader(rows))
    differences = {"NNmean": [], "SDNN": [], "RMSSD": []}
    for patient in ("nsr001", "nsr004"):
        file = shared_data / "open" / "annotated_beats" / f"{patient}_ecg.csv.gz"
        with gzip.open(file, "rt") as rows:
            table = [
                (float(r["beat_time_s"]), float(r["rr_ms"] or "nan"), r["type"])
                for r in csv.DictReader(rows)
            ]
        times = np.array([t - table[0][0] for t, _, _ in table]) * 128 / 125
        rr = np.array([r for _, r, _ in table]) * 128 / 125
        normal = np.array([kind == "N" for _, _, kind in table])
        nn = normal & np.r_[False, normal[:-1]] & ~np.isnan(rr)
        for row in (w for w in windows if w["patID"] == patient):
            start = float(row["t_start"])
            inside = nn & (times > start) & (times <= start + 300)
            values = {
                "NNmean": rr[inside].mean(),
                "SDNN": hrv.sdnn(rr[inside]),
                "RMSSD": hrv.rmssd(np.diff(rr[inside])),
            }
            for name, value in values.items():
                differences[name].append(abs(value / float(row[name]) - 1))
    assert len(differences["SDNN"]) > 400
    for name, found in differences.items():
        assert np.median(found) < 2e-3, name


# --- neurokit2, where definitions agree ---


@pytest.fixture(scope="module")
def neurokit():
    return pytest.importorskip("neurokit2", reason="neurokit2 is not installed", exc_type=ImportError)


@pytest.mark.filterwarnings("ignore")
def test_neurokit2_agrees_where_the_definitions_do(neurokit):
    nn = np.round(breathing_rr(6.0, noise_ms=20))  # neurokit2 wants peaks on whole milliseconds
    peaks = np.concatenate([[0], np.cumsum(nn)]).astype(int)
    theirs = neurokit.hrv_time(peaks, sampling_rate=1000).iloc[0]
    differences = np.diff(nn)
    assert hrv.sdnn(nn) == pytest.approx(theirs["HRV_SDNN"], abs=1e-9)
    assert hrv.rmssd(differences) == pytest.approx(theirs["HRV_RMSSD"], abs=1e-9)
    assert 60000 / hrv.mean_heart_rate(nn) == pytest.approx(theirs["HRV_MeanNN"], abs=1e-9)
    # neurokit2 divides by the number of differences + 1
    assert hrv.pnn50(differences) * differences.size / nn.size == pytest.approx(
        theirs["HRV_pNN50"], abs=1e-9
    )
    both = neurokit.hrv_nonlinear(peaks, sampling_rate=1000).iloc[0]
    sd1, sd2 = nonlinear.poincare(nn)
    assert sd1 == pytest.approx(both["HRV_SD1"], abs=1e-9)
    assert sd2 == pytest.approx(both["HRV_SD2"], abs=1e-9)
    assert nonlinear.sample_entropy(nn) == pytest.approx(both["HRV_SampEn"], rel=1e-6)
    assert nonlinear.dfa(nn, range(4, 12), overlap=True) == pytest.approx(both["HRV_DFA_alpha1"], rel=1e-6)


@pytest.mark.filterwarnings("ignore")
def test_neurokit2_band_powers_are_near_ours(neurokit):
    """It uses other windows and a quadratic interpolation at 100 Hz, so near is all that can be asked."""
    nn = np.round(breathing_rr(6.0, noise_ms=5))
    peaks = np.concatenate([[0], np.cumsum(nn)]).astype(int)
    theirs = neurokit.hrv_frequency(peaks, sampling_rate=1000, normalize=False).iloc[0]
    assert analysis.analyse(beats(nn)).lf_ms2 == pytest.approx(theirs["HRV_LF"], rel=0.15)


# --- rhythm match ---


def matched(rr, guide_per_min, seconds):
    times = np.cumsum(rr) / 1000
    last = times > times[-1] - seconds
    return spectrum.rhythm_match(times[last], rr[last], guide_per_min / 60)


@pytest.mark.parametrize("per_min", [4.5, 6.0, 7.5, 9.5])
@pytest.mark.parametrize("seconds", [64, 120])
def test_requirement_12_a_clean_paced_rhythm_matches_its_guide(per_min, seconds):
    assert matched(breathing_rr(per_min), per_min, seconds) >= 0.85


@pytest.mark.parametrize("seconds", [64, 120])
def test_requirement_12_quiet_breathing_at_15_matches_no_slow_guide(seconds):
    assert matched(breathing_rr(15.0, noise_ms=8), 6.0, seconds) <= 0.3


def test_a_match_lies_between_0_and_1_and_flat_rhythms_have_none():
    assert 0 <= matched(breathing_rr(6.0, noise_ms=40), 6.0, 64) <= 1
    assert matched(np.full(200, 800.0), 6.0, 64) is None
