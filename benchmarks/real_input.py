"""Every real strap recording at hand, imported and replayed, beside what its README says."""

import asyncio
import os
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean, median

from benchmarks.row import Row
from benchmarks.sessions import folder
from breathsync.events import Beat, BreathEstimate, Event, Flaw, HeartRateMeasurement, HrvMetrics
from breathsync.session import playback
from breathsync.session.imports.recognise import inputs_of, recognise
from breathsync.session.pipeline import Pipeline, pipeline
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
    paces: list[float] = field(default_factory=list)
    packets: list[HeartRateMeasurement] = field(default_factory=list)

    def __call__(self, _at: float, event: Event) -> None:
        """Listen."""
        if isinstance(event, Beat) and event.flaw is not Flaw.DUPLICATE:
            self.beats.append(event)
        elif isinstance(event, HrvMetrics):
            self.metrics.append(event)
        elif isinstance(event, HeartRateMeasurement):
            self.packets.append(event)
        elif isinstance(event, BreathEstimate) and event.settled and event.breaths_per_min is not None:
            self.paces.append(event.breaths_per_min)

    def count(self, *flaws: Flaw) -> int:
        """Beats with one of these flaws."""
        return sum(beat.flaw in flaws for beat in self.beats)


def replayed(file: Path, strap: str | None, stages: Pipeline | None = None) -> Heard:
    """Import a file as its user would, and replay the recording, through every stage or these."""
    out, heard = folder() / "real.jsonl", Heard()
    with made_recording(out, Header(made_by="import")) as recorder:
        last_s = 0.0
        for event in inputs_of([recognise(file)], strap=strap):
            recorder.write(event)
            last_s = event.time
        recorder.end(last_s)
    asyncio.run(playback.play(RecordingReader(out).inputs(), Sitting(stages or pipeline(), [heard])))
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


def figure(heard: Heard) -> str:
    """Beats, gaps, marks and measures of a replay, in the order of the README's columns."""
    rr = [beat.rr_ms or 0.0 for beat in heard.beats]
    marked = len(rr) - heard.count(Flaw.NONE)
    outside = sum(not 300 <= interval <= 2000 for interval in rr)
    parts = [
        f"{len(rr)} beats in {sum(rr) / 1000:.1f} s, {heard.count(Flaw.GAP)} gaps, "
        f"{100 * marked / len(rr):.2f} % marked",
        f"RR mean {fmean(rr):.1f} min {min(rr):.0f} max {max(rr):.0f} ms, {outside} outside 300-2000",
        f"heart rate {60_000 / fmean(rr):.1f}",
        _variability(heard.metrics),
    ]
    if heard.paces:
        parts.append(f"rhythm {median(heard.paces):.1f} a minute")
    if heard.packets:
        without = sum(not packet.rr_ms for packet in heard.packets)
        parts.insert(1, f"{len(heard.packets)} packets, {without} without RR")
    return "; ".join(parts)


def _variability(metrics: list[HrvMetrics]) -> str:
    """The middle value of each minute's measures, and how much of the time there were none."""
    minutes = [m for m in metrics if m.window_s == 60 and m.withheld != "too_short"]
    said = [(m.rmssd_ms, m.sdnn_ms) for m in minutes if m.rmssd_ms is not None and m.sdnn_ms is not None]
    share = f"withheld {100 * (1 - len(said) / max(1, len(minutes))):.0f} %"
    if not said:
        return share
    rmssd, sdnn = zip(*said, strict=True)
    return f"RMSSD {median(rmssd):.1f} SDNN {median(sdnn):.1f} ms (median of minutes), {share}"


def run(*, full: bool) -> list[Row]:  # noqa: ARG001 - there is no short form
    """One row a recording; only reported."""
    return [
        Row(file.stem, figure(replayed(file, strap)), f"README: {readme_row(file)}")
        for place, pattern, strap in SETS
        for file in sorted((data_folder() / place).glob(pattern))
    ]
