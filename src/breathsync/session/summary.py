"""What is in a recording: for `info`, without judging any of it."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from breathsync.events import (
    AccSamples,
    Beat,
    EcgSamples,
    Event,
    Flaw,
    FrameLeftOut,
    HeartRateMeasurement,
    Notification,
    RrIntervals,
    Samples,
    StrapKnown,
    StrapState,
    StrapStatus,
)
from breathsync.session.pipeline import pipeline
from breathsync.session.recording import Header
from breathsync.session.replay import Damage, RecordingReader
from breathsync.session.sitting import Sitting

_DECODED = ("ecg", "acc")  # counted as they come out of the decoder, from a strap or imported


@dataclass(slots=True)
class Summary:
    """A recording at a glance. Times in session seconds."""

    header: Header
    damage: Damage
    duration_s: float = 0.0
    ended: bool = False
    straps: list[str] = field(default_factory=list)
    profiles: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    samples: Counter[str] = field(default_factory=Counter)
    flaws: Counter[Flaw] = field(default_factory=Counter)
    gaps: list[tuple[float, float]] = field(default_factory=list)
    odd_notifications: int = 0
    rr_s: float = 0.0
    beats_s: float = 0.0

    @property
    def coverage(self) -> float:
        """The share of the time from the first beat to the last that RR intervals cover.

        Beats are placed as their packets come, so intervals can be a little longer than what lies between.
        """
        return min(1.0, self.rr_s / self.beats_s) if self.beats_s else 0.0

    @property
    def beats(self) -> int:
        """How many heartbeats, each counted once."""
        return self.flaws.total() - self.flaws[Flaw.DUPLICATE]


def summarise(file: Path, profiles_folder: Path | None = None) -> Summary:
    """Read and replay a recording once, at full speed."""
    reader = RecordingReader(file)
    summary = Summary(reader.header, reader.damage)
    watcher = _Watcher(summary)
    sitting = Sitting(pipeline(profiles_folder), [watcher.derived])
    for event in reader.inputs():
        watcher.input(event)
        sitting.push(event)
    summary.damage, summary.ended, summary.duration_s = reader.damage, reader.ended, reader.last_s
    return summary


class _Watcher:
    """Counts what passes."""

    def __init__(self, summary: Summary) -> None:
        self._summary = summary
        self._last_beat_s: float | None = None

    def input(self, event: Event) -> None:
        summary = self._summary
        match event:
            case StrapStatus(name=name, state=StrapState.CONNECTED):
                summary.counts["connected"] += 1
                if name and name not in summary.straps:
                    summary.straps.append(name)
            case StrapStatus(state=StrapState.LOST):
                summary.counts["lost"] += 1
            case Notification():
                summary.counts["notifications"] += 1
            case RrIntervals(rr_ms=rr_ms):
                summary.counts["rr"] += len(rr_ms)
            case Samples(channel=channel, values=values) if channel not in _DECODED:
                summary.samples[channel] += len(values)

    def derived(self, _at: float, event: Event) -> None:
        summary = self._summary
        match event:
            case HeartRateMeasurement(problem=str()) | FrameLeftOut():
                summary.odd_notifications += 1
            case EcgSamples(microvolts=values):
                summary.samples["ecg"] += len(values)
            case AccSamples(milli_g=triples):
                summary.samples["acc"] += len(triples)
            case StrapKnown(profile=profile) if profile not in summary.profiles:
                summary.profiles.append(profile)
            case Beat(time, rr_ms, flaw):
                summary.flaws[flaw] += 1
                rr_s = (rr_ms or 0.0) / 1000
                if flaw is Flaw.GAP and self._last_beat_s is not None:
                    summary.gaps.append((self._last_beat_s, time - rr_s))
                if flaw is not Flaw.DUPLICATE:
                    began = time - rr_s if self._last_beat_s is None else self._last_beat_s
                    summary.beats_s += time - began
                    summary.rr_s += rr_s
                    self._last_beat_s = time
