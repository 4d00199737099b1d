"""Score the R-peak detector at 130 Hz, clean and with white noise, beside neurokit2."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.accuracy.scoring import Peaks, score_peaks
from benchmarks.accuracy.table import Report, Row
from benchmarks.accuracy.through import run
from benchmarks.real_input import data_folder
from breathsync.clock import stopwatch
from breathsync.devices.decoder import Decoder
from breathsync.events import Beat
from breathsync.heart.beats import Beats
from breathsync.heart.ecg.detector import RPeak, RPeakDetector
from breathsync.heart.hrv import FloatArray
from breathsync.session.imports.samples import chunks
from breathsync.session.pipeline import Pipeline

RATE_HZ = 130.0
MARKS = Path(__file__).with_name("ecg_marks.csv")


class Ecg(NamedTuple):
    name: str
    samples: FloatArray  # at 130 Hz
    peaks_s: FloatArray


def evaluate() -> Report:
    """All rows of this part."""
    report = Report()
    recordings = list(_recordings())
    for noise, limits in ((0.0, (0.999, 0.9999, 0.995, 0.999)), (0.2, (0.98, 0.99, 0.95, 0.985))):
        report += _at_noise([r for r in recordings if r.name.startswith("marsh")], noise, limits)
    report.details.append("other ECG at 130 Hz, reference = a detector's marks: sensitivity, PPV")
    for ecg in recordings:
        if not ecg.name.startswith("marsh"):
            score = score_peaks(ecg.peaks_s, _detect(ecg.samples))
            sens, ppv, _ = _totals([score])
            report.details.append(f"  {ecg.name:<20} {sens:.4f} {ppv:.4f}")
    return report


def _at_noise(recordings: list[Ecg], noise: float, limits: tuple[float, ...]) -> Report:
    rng = np.random.default_rng(1)
    ours: list[Peaks] = []
    theirs: list[Peaks] = []
    delays: list[float] = []
    seconds = spent = 0.0
    details = [f"R peaks with {noise:.0%} noise: sensitivity, PPV, robust jitter ms (neurokit2)"]
    for ecg in recordings:
        size = noise * float(np.quantile(np.abs(ecg.samples - np.median(ecg.samples)), 0.995))
        samples = ecg.samples + size * rng.standard_normal(len(ecg.samples))
        began = stopwatch()
        found = _detect(samples)
        spent += stopwatch() - began
        seconds += len(samples) / RATE_HZ
        delays += _delays(samples)
        ours.append(score_peaks(ecg.peaks_s, found))
        theirs.append(score_peaks(ecg.peaks_s, _neurokit(samples)))
        details.append(f"  {ecg.name:<20} {_text(ours[-1])}  ({_text(theirs[-1])})")
    sens, sens_aim, ppv, ppv_aim = limits
    name = f"R peaks, {noise:.0%} noise"
    mine, other = _totals(ours), _totals(theirs)
    rows = [
        Row(f"{name}: sensitivity", mine[0], sens, sens_aim, True, baselines={"nk": other[0]}),
        Row(f"{name}: positive predictive value", mine[1], ppv, ppv_aim, True, baselines={"nk": other[1]}),
    ]
    if noise == 0.0:
        rows += [
            Row(f"{name}: robust jitter", mine[2], 0.5, 0.3, unit="ms", baselines={"nk": other[2]}),
            Row(
                "  latency behind the newest sample, median", float(np.median(delays)), 0.3, 0.14, unit="s"
            ),
        ]
    details.append(
        f"  a second of ECG takes {1000.0 * spent / seconds:.2f} ms, decoder, beats and ticks together"
    )
    return Report(rows, details)


def _totals(scores: list[Peaks]) -> tuple[float, float, float]:
    matched = sum(s.matched for s in scores)
    errors = np.concatenate([s.errors_ms for s in scores])
    return (
        matched / sum(s.true for s in scores),
        matched / sum(s.found for s in scores),
        1.4826 * float(np.median(np.abs(errors))),
    )


def _text(score: Peaks) -> str:
    sens, ppv, jitter = _totals([score])
    return f"{sens:.4f} {ppv:.4f} {jitter:.2f}"


def _detect(samples: FloatArray) -> FloatArray:
    """When the program says that heartbeats were (s), from ECG in pieces as an import gives them."""
    pieces = chunks("ecg", RATE_HZ, "V", samples.tolist())
    found = run(pieces, Pipeline([Decoder(()), Beats()]))
    return np.array([event.time for _, event in found if isinstance(event, Beat)])


def _delays(samples: FloatArray) -> list[float]:
    """How long after each peak it is known (s), sample by sample, in the first 30 s."""
    detector = RPeakDetector(RATE_HZ)
    delays: list[float] = []
    for k in range(min(len(samples), int(30 * RATE_HZ))):
        found = detector.push(k / RATE_HZ, 1.0 / RATE_HZ, samples[k : k + 1])
        peaks = [p for p in found if isinstance(p, RPeak)]
        delays += [k / RATE_HZ - p.time_s for p in peaks if p.time_s > 3.0]
    return delays


def _neurokit(samples: FloatArray) -> FloatArray:
    import neurokit2 as nk

    cleaned = nk.ecg_clean(samples, sampling_rate=int(RATE_HZ))
    _, info = nk.ecg_peaks(cleaned, sampling_rate=int(RATE_HZ))
    peaks = np.asarray(info["ECG_R_Peaks"], dtype=int)
    inner = peaks[(peaks > 0) & (peaks < len(cleaned) - 1)]
    left, top, right = cleaned[inner - 1], cleaned[inner], cleaned[inner + 1]
    bend = left - 2.0 * top + right
    shift = np.where(bend < 0.0, 0.5 * (left - right) / np.where(bend < 0.0, bend, -1.0), 0.0)
    return np.asarray((inner + shift) / RATE_HZ)


def _recordings() -> Iterator[Ecg]:
    from scipy.signal import resample_poly

    folders = (data_folder() / "local/marsh", data_folder() / "open/ecg_resp")
    for path in sorted(p for folder in folders for p in folder.glob("*.npz")):
        data = np.load(path)
        rate = int(data["fs_ecg"]) if "fs_ecg" in data.files else 250
        raw = data["ecg_i16"] * float(data["ecg_scale"]) + float(data["ecg_offset"])
        marks = data["r_refined_s" if "r_refined_s" in data.files else "r_detected_s"]
        samples = resample_poly(raw, 130, rate, padtype="line")
        yield Ecg(path.stem, samples, _corrected_marks(path.stem, np.asarray(marks, dtype=float)))


def _corrected_marks(name: str, marks: FloatArray) -> FloatArray:
    with MARKS.open(newline="") as file:
        for row in csv.DictReader(file):
            if row["recording"] != name:
                continue
            at = float(row["time_s"])
            if row["action"] == "add":
                marks = np.sort(np.append(marks, at))
            else:
                marks = marks[np.abs(marks - at) > 0.06]
    return marks
