"""A folder after the Brain Imaging Data Structure: `*_physio.tsv.gz` for what was sampled, and events.

BIDS 1.9: physio tables have no header; a JSON file beside each says rate, start and columns. Where samples
are missing, and where the guide was out of sight, stands `n/a`. Beats are events: they are not sampled.
"""

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from breathsync import __version__
from breathsync.session.exports.content import GUIDE_HZ, Content
from breathsync.session.exports.output import exact, new_file, write_lines
from breathsync.session.exports.signals import Piece, Signal
from breathsync.session.exports.tables import VALUE_COLUMNS

VERSION = "1.9.0"
_TASK = "breathing"
_UNITS = {"ecg_uv": "uV", "x_mg": "mg", "y_mg": "mg", "z_mg": "mg"}


def write_bids(content: Content, folder: Path) -> list[Path]:
    """One participant, one session of breathing practice."""
    person = f"sub-{_label(content.header.code_name) or '01'}"
    place, stem = folder / person / "beh", f"{person}_task-{_TASK}"
    files = [
        _json(folder / "dataset_description.json", _description()),
        *_text(folder / "README", ["Breathing practice with a heart-rate strap, exported by BreathSync."]),
        *_text(folder / "participants.tsv", ["participant_id", person]),
        *_text(place / f"{stem}_events.tsv", _events(content)),
        _json(place / f"{stem}_events.json", _EVENT_COLUMNS),
    ]
    for signal in _signals(content):
        name = f"{stem}_recording-{_label(signal.name)}_physio"
        files += [
            _physio(place / f"{name}.tsv.gz", signal),
            _sidecar(place / f"{name}.json", signal, content),
        ]
    return files


def _signals(content: Content) -> list[Signal]:
    if not content.guide.size:
        return content.signals
    return [*content.signals, Signal("guide", "1", GUIDE_HZ, (Piece(0.0, content.guide),))]


def _columns(signal: Signal) -> tuple[str, ...]:
    return VALUE_COLUMNS.get(signal.name, (signal.name,))


def _physio(file: Path, signal: Signal) -> Path:
    with new_file(file) as out, gzip.GzipFile("", "wb", fileobj=out, mtime=0) as packed:
        at = 0
        for piece in signal.pieces:
            start = max(at, round((piece.start_s - signal.pieces[0].start_s) * signal.rate_hz))
            packed.write(("\t".join(["n/a"] * len(_columns(signal))) + "\n").encode() * (start - at))
            rows = piece.values.reshape(len(piece.values), -1).tolist()
            lines = ["\t".join("n/a" if v != v else exact(v) for v in row) for row in rows]
            packed.write(("\n".join(lines) + "\n").encode())
            at = start + len(rows)
    return file


def _sidecar(file: Path, signal: Signal, content: Content) -> Path:
    columns = _columns(signal)
    about: dict[str, object] = {
        "SamplingFrequency": signal.rate_hz,
        "StartTime": round(signal.pieces[0].start_s, 6),
        "Columns": list(columns),
    }
    if content.model:
        about["ManufacturersModelName"] = content.model
    about |= {column: {"Units": _UNITS.get(column, signal.unit)} for column in columns}
    return _json(file, about)


def _events(content: Content) -> Iterator[str]:
    """Beats and happenings in order of time."""
    yield "onset\tduration\ttrial_type\trr_ms\tflaw\tvalue"
    rows = [(e.time_s, e.kind, "n/a", "n/a", e.words) for e in content.happenings]
    for b in content.intervals:
        rr = "n/a" if b.rr_ms is None else exact(b.rr_ms)
        rows.append((b.time, "beat", rr, b.flaw.value, ""))
    for time, kind, rr, flaw, words in sorted(rows, key=lambda row: row[0]):
        yield f"{time:.6f}\tn/a\t{kind}\t{rr}\t{flaw}\t{' '.join(words.split()) or 'n/a'}"


_EVENT_COLUMNS = {
    "onset": {"Description": "when it was", "Units": "s"},
    "duration": {"Description": "not given: each is a moment", "Units": "s"},
    "trial_type": {"Description": "a heartbeat, or what was shown or done"},
    "rr_ms": {"Description": "the RR interval that a beat ended, as the strap sent it", "Units": "ms"},
    "flaw": {"Description": "why a beat does not count as an NN interval; NONE where it does"},
    "value": {"Description": "words that go with it"},
}


def _description() -> dict[str, object]:
    made_by = {"Name": "BreathSync", "Version": __version__}
    return {
        "Name": "BreathSync session",
        "BIDSVersion": VERSION,
        "DatasetType": "raw",
        "GeneratedBy": [made_by],
    }


def _label(name: str | None) -> str:
    return re.sub(r"[^0-9A-Za-z]", "", name or "")


def _text(file: Path, lines: Iterable[str]) -> list[Path]:
    write_lines(file, lines)
    return [file]


def _json(file: Path, values: dict[str, object] | dict[str, dict[str, str]]) -> Path:
    write_lines(file, [json.dumps(values, indent=2, ensure_ascii=False)])
    return file
