"""Every real file with RR or ECG goes in, is analysed, and comes out again the same."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.real_input import data_folder
from benchmarks.row import Row, at_most
from benchmarks.sessions import folder
from breathsync.clock import stopwatch
from breathsync.session.batch.rows import rows_of
from breathsync.session.exports.content import read_content
from breathsync.session.exports.export import export
from breathsync.session.imports.recognise import inputs_of, recognise
from breathsync.session.recorder import made_recording
from breathsync.session.recording import Header

_RR = (
    "local/h10_notifications/*.csv", "local/strap_rr/*.csv", "open/strap_rr/*.csv",
    "open/ecg_resp/*_rr.csv",
    "local/marsh/*_rr.csv", "local/hrv_reference/*.txt", "open/hrv_reference/*nni*.txt",
    "open/hrv_reference/*rri.txt", "open/annotated_beats/10*.csv.gz",
)  # fmt: skip
_DAYS = ("open/annotated_beats/*.csv.gz", "open/hrv_reference/ec57*.csv.gz")
_ECG = ("local/marsh/*.npz", "open/ecg_resp/*.npz")
_PEAKS = ("open/gudb_rpeaks/*.csv",)


@dataclass(frozen=True, slots=True)
class There:
    """What became of one source: its intervals and ECG samples, and how many did not come back."""

    name: str
    intervals: int
    samples: int
    not_back: int
    problem: str | None


def sources(*, full: bool) -> Iterator[tuple[str, list[Path]]]:
    """Each session as files that `import` takes; days and all ECG only in the long form."""
    data, seen = data_folder(), set()
    for pattern in (*_RR, *(_DAYS if full else ())):
        for file in sorted(data.glob(pattern)):
            if file not in seen:
                seen.add(file)
                yield file.name, [file]
    for pattern in _PEAKS:
        for file in sorted(data.glob(pattern)):
            yield from _series(file)
    for pattern in _ECG:
        files = sorted(data.glob(pattern))
        for file in files if full else files[:1]:
            yield file.name, _signals(file)


def _series(file: Path) -> Iterator[tuple[str, list[Path]]]:
    """A file of several series, cut into one each."""
    found: dict[tuple[str, str], list[str]] = {}
    with file.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            found.setdefault((row["activity"], row["channel"]), []).append(row["r_peak_s"])
    for (activity, channel), peaks in found.items():
        out = folder() / f"{file.stem}-{activity}-{channel}.csv"
        out.write_text("r_peak_s\n" + "".join(f"{peak}\n" for peak in peaks), encoding="utf-8")
        yield out.name, [out]


def _signals(file: Path) -> list[Path]:
    """The arrays of an npz as tables of times and values."""
    found, files = np.load(file), []
    unit = 1e3 if file.stem.startswith("marsh") else 1.0  # volts; the others do not say
    for name, column, rate in (("ecg", "ecg_mv", float(found["fs_ecg"])), ("resp", "resp", 25.0)):
        key = next((k for k in (f"{name}_i16", "nasal_i16") if k in found), None)
        if key is None:
            continue
        stem = key.removesuffix("_i16")
        values = (found[key] * found[f"{stem}_scale"] + found[f"{stem}_offset"]) * (
            unit if name == "ecg" else 1
        )
        out = folder() / f"{file.stem}-{name}.csv"
        rows = "".join(f"{i / rate:.4f},{v:.6f}\n" for i, v in enumerate(values.tolist()))
        out.write_text(f"time_s,{column}\n{rows}", encoding="utf-8")
        files.append(out)
    return files


def recorded(files: Sequence[Path], out: Path) -> Path:
    """What `breathsync import` makes of them."""
    with made_recording(out, Header(made_by="import")) as recorder:
        last_s = 0.0
        for event in inputs_of([recognise(file) for file in files]):
            recorder.write(event)
            last_s = event.time
        recorder.end(last_s)
    return out


def there_and_back(name: str, files: Sequence[Path]) -> There:
    """Import, analyse, export as CSV, import that, and compare."""
    place = folder()
    recording = recorded(files, place / "there.jsonl")
    rows = rows_of(recording)
    first = read_content(recording)
    tables = export(recording, "csv", place / "out")
    wanted = "ecg.csv" if any(s.name == "ecg" for s in first.signals) else "rr.csv"
    again = read_content(recorded([t for t in tables if t.name == wanted], place / "back.jsonl"))
    if wanted == "ecg.csv":
        before, after = (np.concatenate([p.values for p in c.signals[0].pieces]) for c in (first, again))
    else:
        before, after = (np.array([b.rr_ms for b in c.heartbeats()]) for c in (first, again))
    differ = abs(before.size - after.size)
    if not differ:
        differ = int(np.count_nonzero(before != after))
    samples = before.size if wanted == "ecg.csv" else 0
    return There(name, len(first.heartbeats()), samples, differ, next(iter(rows)).get("problem"))  # type: ignore[arg-type]


def run(*, full: bool) -> list[Row]:
    """The rows of this benchmark."""
    start = stopwatch()
    found = [there_and_back(name, files) for name, files in sources(full=full)]
    if not found:
        return [Row("real files", "no real recordings here")]
    intervals, samples = sum(t.intervals for t in found), sum(t.samples for t in found)
    what = f"{len(found)} real files, {intervals:,} intervals, {samples:,} ECG samples"
    problems = [f"{t.name}: {t.problem}" for t in found if t.problem]
    return [
        at_most(f"{what}: values that did not come back", sum(t.not_back for t in found), 0),
        at_most("real files that could not be analysed", len(problems), 0),
        Row("real files, all of it, s", f"{stopwatch() - start:.0f}", "; ".join(problems)),
    ]
