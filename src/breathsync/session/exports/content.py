"""What a recording holds for other tools: its intervals, beats, signals and what happened, by session time.

Nothing is mended: every interval keeps its mark, and where samples are missing a signal is cut into pieces.
A person's notes are theirs: they stand in no export but a plain copy of the recording.
"""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np

from breathsync.breath.pacer import Pacer
from breathsync.devices import profiles
from breathsync.devices.decoder import Decoder
from breathsync.events import (
    AccSamples,
    Beat,
    CueShown,
    EcgSamples,
    Event,
    Flaw,
    GuideShown,
    Input,
    Marked,
    PaceChanged,
    Paused,
    Samples,
    SessionEnded,
    Softened,
    StepStarted,
    StrapKnown,
    StrapState,
    StrapStatus,
    Tick,
)
from breathsync.heart.beats import Beats
from breathsync.heart.hrv import FloatArray
from breathsync.heart.rr_beats import RrBeats
from breathsync.session.exports.deidentify import deidentified_header, deidentified_inputs
from breathsync.session.exports.signals import Signal, Stream
from breathsync.session.pipeline import EVERYTHING, Pipeline
from breathsync.session.recording import Header
from breathsync.session.replay import RecordingReader
from breathsync.session.sitting import TICKS_PER_SECOND, Sitting
from breathsync.wording import text_or_own

GUIDE_HZ = float(TICKS_PER_SECOND)
_ORDER = "ecg acc res"


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that was shown or done: a step, words, a mark, a pause. `kind` is a code."""

    time_s: float
    kind: str
    words: str = ""


@dataclass(slots=True)
class Content:
    """A recording for export.

    `intervals` are what the strap sent, each once and as exact as it came; where only ECG is there, the
    intervals between its beats. `beats` are the chosen ones, each heartbeat once. `guide` is how full the
    guide's breath was, four times a second, `nan` while it was out of sight.
    """

    header: Header
    model: str | None = None
    length_s: float = 0.0
    intervals: list[Beat] = field(default_factory=list)
    beats: list[Beat] = field(default_factory=list)
    signals: list[Signal] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)
    guide: FloatArray = field(default_factory=lambda: np.empty(0))

    @property
    def started_at(self) -> datetime | None:
        """The wall-clock time of the beginning, where the recording says it."""
        try:
            return datetime.fromisoformat(self.header.started_at) if self.header.started_at else None
        except ValueError:
            return None

    def heartbeats(self) -> list[Beat]:
        """The intervals without those that were delivered twice or are not known."""
        return [b for b in self.intervals if b.flaw is not Flaw.DUPLICATE and b.rr_ms is not None]


def read_content(file: Path, profiles_folder: Path | None = None, *, deidentify: bool = False) -> Content:
    """Replay a recording once and collect what it holds. RecordingError where it cannot be read."""
    known = profiles.load_all(profiles_folder)
    reader = RecordingReader(file)
    header = deidentified_header(reader.header) if deidentify else reader.header
    inputs: Iterable[Input] = reader.with_later()
    if deidentify:
        inputs = deidentified_inputs(inputs, known)
    collector = _Collector(Content(header), known)
    sitting = Sitting(Pipeline([Decoder(known), Beats(), collector]))
    for event in inputs:
        sitting.push(event)
    return collector.finished()


class _Collector:
    """The last stage: keeps what passes."""

    hears = EVERYTHING

    def __init__(self, content: Content, known: tuple[profiles.Profile, ...]) -> None:
        self._content = content
        self._names = {profile.id: profile.name for profile in known}
        self._rr = RrBeats()
        self._streams: dict[str, Stream] = {}
        self._imported: set[str] = set()
        self._pacer = Pacer()
        self._shown = False
        self._guide = array("d")

    def push(self, event: Event) -> Iterable[Event]:
        """Collect; nothing follows."""
        for said in self._rr.push(event):
            if isinstance(said, Beat):
                self._content.intervals.append(said)
        match event:
            case Beat():
                self._content.beats.append(event)
            case EcgSamples(source=source, microvolts=values):
                self._stream("ecg", "uV", source).add(event, values)
            case AccSamples(source=source, milli_g=triples):
                self._stream("acc", "mG", source).add(event, triples)
            case Samples():
                self._sampled(event)
            case Tick(time):
                position = self._pacer.at(time) if self._shown else None
                self._guide.append(position.fullness if position else float("nan"))
            case _:
                self._happened(event)
        return ()

    def _happened(self, event: Event) -> None:
        told = self._content.happenings
        match event:
            case StrapKnown(profile=profile):
                self._content.model = self._names.get(profile)
            case StrapStatus(time, state=StrapState.LOST):
                told.append(Happening(time, "strap_lost"))
            case PaceChanged(time, period_s=period_s):
                self._pacer.change(event)
                told.append(Happening(time, "pace", f"{60 / period_s:.6g}/min"))
            case GuideShown(time, shown):
                self._shown = shown
                told.append(Happening(time, "guide_shown" if shown else "guide_hidden"))
            case StepStarted(time, title=title):
                told.append(Happening(time, "step", text_or_own(title)))
            case CueShown(time, words):
                told.append(Happening(time, "cue", text_or_own(words)))
            case Softened(time, softened):
                told.append(Happening(time, "softened" if softened else "unsoftened"))
            case Paused(time, paused):
                told.append(Happening(time, "paused" if paused else "resumed"))
            case Marked(time, label):
                told.append(Happening(time, "mark", label))
            case SessionEnded(time):
                self._content.length_s = time

    def _sampled(self, event: Samples) -> None:
        """Imported samples: those of ECG and acceleration come decoded as well."""
        self._imported.add(event.channel)
        if event.channel in ("ecg", "acc") or not event.values or event.rate_hz <= 0:
            return
        interval_s = 1 / event.rate_hz
        stream = self._stream(event.channel, event.unit, event.source)
        gap = stream.is_gap(event.time - (len(event.values) - 1) * interval_s, interval_s)
        stream.add(EcgSamples(event.time, event.source, event.time, interval_s, (), gap), event.values)

    def _stream(self, name: str, unit: str, source: str) -> Stream:
        key = (
            name
            if name not in self._streams or self._streams[name].source == source
            else f"{name}_{source}"
        )
        return self._streams.setdefault(key, Stream(key, unit, source))

    def finished(self) -> Content:
        """What was collected."""
        content = self._content
        if not content.intervals:
            content.intervals = list(content.beats)
        streams = sorted(self._streams.values(), key=lambda s: (_ORDER.find(s.name[:3]), s.name))
        content.signals = [s.signal(exact=s.name in self._imported) for s in streams]
        guide = np.array(self._guide)
        content.guide = guide if np.isfinite(guide).any() else np.empty(0)
        return content
