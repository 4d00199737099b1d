"""Every real strap recording at hand, imported and replayed, beside what its README says."""

import asyncio
import os
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.row import Row
from benchmarks.sessions import folder
from breathsync.events import Beat, Event, Flaw, HrvMetrics
from breathsync.session import playback
from breathsync.session.imports.recognise import inputs_of, recognise
from breathsync.session.pipeline import pipeline
from breathsync.session.recorder import made_recording
from breathsync.session.recording import Header
from breathsync.session.replay import RecordingReader
from breathsync.session.sitting import Sitting

SETS = (
    ("local/h10_notifications", "*.csv", "Polar H10"),
    ("open/strap_rr", "*.csv", None),
    ("local/strap_rr", "*.csv", None),
    ("open/ecg_resp", "*_rr.csv", None),
)


def data_folder() -> Path:
    """Where the real recordings lie: beside the project, or where BREATHSYNC_DATA says."""
    named = os.environ.get("BREATHSYNC_DATA")
    return Path(named) if named else Path(__file__).parents[2] / "shared" / "data"


@dataclass(slots=True)
class Heard:
    """What a replay said."""

    beats: list[Beat] = field(default_factory=list)
    metrics: list[HrvMetrics] = field(default_factory=list)

    def __call__(self, _at: float, event: Event) -> None:
        """Listen."""
        if isinstance(event, Beat) and event.flaw is not Flaw.DUPLICATE:
            self.beats.append(event)
        elif isinstance(event, HrvMetrics):
            self.metrics.append(event)

    def count(self, *flaws: Flaw) -> int:
        """Beats with one of these flaws."""
        return sum(beat.flaw in flaws for beat in self.beats)


def replayed(file: Path, strap: str | None) -> Heard:
    """Import a file as its user would, and replay the recording."""
    out, heard = folder() / "real.jsonl", Heard()
    with made_recording(out, Header(made_by="import")) as recorder:
        last_s = 0.0
        for event in inputs_of([recognise(file)], strap=strap):
            recorder.write(event)
            last_s = event.time
        recorder.end(last_s)
    asyncio.run(playback.play(RecordingReader(out).inputs(), Sitting(pipeline(), [heard])))
    return heard


def readme_row(file: Path) -> str:
    """What the README beside a file says of it: its line of the table, without the name."""
    name = file.stem.removesuffix("_rr")
    name = name.removeprefix("pulse_")
    for line in (file.parent / "README.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells and cells[0] == name:
            header = _header_of(file)
            return ", ".join(f"{h} {c}" for h, c in zip(header[1:], cells[1:], strict=False) if h != "src")
    return ""


def _header_of(file: Path) -> list[str]:
    for line in (file.parent / "README.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("| name"):
            return [cell.strip() for cell in line.strip("|").split("|")]
    return []


def run(*, full: bool) -> list[Row]:  # noqa: ARG001 - there is no short form
    """One row a recording; only reported."""
    rows = []
    for place, pattern, strap in SETS:
        for file in sorted((data_folder() / place).glob(pattern)):
            heard = replayed(file, strap)
            rr = [beat.rr_ms or 0.0 for beat in heard.beats]
            said = [m for m in heard.metrics if m.rmssd_ms is not None and m.window_s == 60]
            withheld = [m.withheld for m in heard.metrics if m.window_s == 60 and m.withheld != "too_short"]
            share = sum(w is not None for w in withheld) / max(1, len(withheld))
            marked = len(rr) - heard.count(Flaw.NONE)
            figure = (
                f"{len(rr)} beats, {heard.count(Flaw.GAP)} gaps, {100 * marked / len(rr):.2f} % marked, "
                f"RR mean {sum(rr) / len(rr):.1f} min {min(rr):.0f} max {max(rr):.0f} ms"
            )
            if said:
                mid = said[len(said) // 2]
                figure += f"; mid-way RMSSD {mid.rmssd_ms:.1f} SDNN {mid.sdnn_ms:.1f} ms"
            figure += f"; variability withheld {100 * share:.0f} %"
            rows.append(Row(file.stem, figure, readme_row(file)))
    return rows
