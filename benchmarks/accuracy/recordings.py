"""The real beat recordings as plain arrays for scoring: times in s, RR in ms."""

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.real_input import data_folder
from breathsync.heart.hrv import FloatArray

Bools = NDArray[np.bool_]

LABELS = Path(__file__).with_name("beat_labels.csv")


@dataclass
class BeatSeries:
    """One recording: n beats, `bad` where the label (or its review) says not sinus rhythm."""

    dataset: str
    person: str
    name: str
    time_s: FloatArray
    rr_ms: FloatArray
    bad: Bools
    after_gap: Bools


def _series(
    dataset: str, person: str, name: str, time_s: FloatArray, rr_ms: FloatArray, bad: Bools | None = None
) -> BeatSeries:
    n = len(rr_ms)
    gap = np.zeros(n, dtype=np.bool_)
    gap[0] = True
    gap[1:] = np.diff(time_s) * 1000.0 > rr_ms[1:] + 100.0
    return BeatSeries(
        dataset, person, name, time_s, rr_ms, np.zeros(n, np.bool_) if bad is None else bad, gap
    )


def _columns(path: Path, *names: str) -> list[FloatArray]:
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    return [np.array([float(row[name]) for row in rows]) for name in names]


def marsh() -> Iterator[BeatSeries]:
    """15 people; a beat whose detections disagree is bad (its RR may be wrong)."""
    for path in sorted((data_folder() / "local/marsh").glob("*_rr.csv")):
        time_s, rr_ms, ok = _columns(path, "beat_time_s", "rr_ms", "both_beats_confirmed")
        name = path.name.removesuffix("_rr.csv")
        yield _series("marsh", name, name, time_s, rr_ms, ok < 0.5)


def gudb() -> Iterator[BeatSeries]:
    """13 people, 5 activities, hand-corrected R peaks of the chest strap."""
    for path in sorted((data_folder() / "open/gudb_rpeaks").glob("gudb_*.csv")):
        with path.open(newline="") as file:
            rows = list(csv.DictReader(file))
        person = path.stem
        for activity, channel in dict.fromkeys((r["activity"], r["channel"]) for r in rows):
            if channel != "cs":
                continue
            peaks = np.array(
                [
                    float(r["r_peak_s"])
                    for r in rows
                    if r["activity"] == activity and r["channel"] == channel
                ]
            )
            if len(peaks) > 30:
                yield _series("gudb", person, f"{person}_{activity}", peaks[1:], np.diff(peaks) * 1000.0)


def crnl() -> Iterator[BeatSeries]:
    """Slow paced breathing (6 and 8 /min) with very large RSA; beats from a detector."""
    for name in ("crnl_1", "crnl_2"):
        time_s, rr_ms = _columns(data_folder() / f"open/ecg_resp/{name}_rr.csv", "beat_time_s", "rr_ms")
        yield _series("crnl", name, name, time_s, rr_ms)


def straps() -> Iterator[BeatSeries]:
    """Genuine strap exports; real artefacts are labelled in `labels_corrected.csv`."""
    for folder in ("open/strap_rr", "local/strap_rr"):
        for path in sorted((data_folder() / folder).glob("*.csv")):
            (rr_ms,) = _columns(path, "rr_ms")
            time_s = np.cumsum(rr_ms) / 1000.0
            yield _series("strap", path.stem.rsplit("_", 1)[0], path.stem, time_s, rr_ms)


def annotated() -> Iterator[BeatSeries]:
    """PhysioNet records with expert beat labels; every type but N counts as ectopy."""
    for path in sorted((data_folder() / "open/annotated_beats").glob("*.csv.gz")):
        with gzip.open(path, "rt", newline="") as file:
            rows = list(csv.reader(file))[1:]
        time_s = np.array([float(r[0]) for r in rows])
        rr_ms = np.array([float(r[1]) if r[1] else np.nan for r in rows])
        bad = np.array([r[2] != "N" for r in rows])
        keep = np.isfinite(rr_ms)
        name = path.name.split("_")[0]
        yield _series("annotated", name, name, time_s[keep], rr_ms[keep], bad[keep])


def corrected(series: BeatSeries) -> BeatSeries:
    """Apply the reviewed labels (`bad` or `sinus`) to the beat nearest each listed time."""
    with LABELS.open(newline="") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            if row["recording"] != series.name:
                continue
            at = int(np.argmin(np.abs(series.time_s - float(row["beat_time_s"]))))
            if abs(series.time_s[at] - float(row["beat_time_s"])) < 0.05:
                series.bad[at] = row["label"] != "sinus"
    return series
