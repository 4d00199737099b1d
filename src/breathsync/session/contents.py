"""A recording at a glance, for a list: how long, of what practice, how much of it can be used."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from breathsync.devices import profiles
from breathsync.devices.decoder import Decoder
from breathsync.events import (
    Beat,
    CheckedIn,
    Event,
    Flaw,
    Marked,
    Noted,
    Sealed,
    StepStarted,
    StrapKnown,
)
from breathsync.heart.beats import Beats
from breathsync.session.pipeline import EVERYTHING, Pipeline
from breathsync.session.recording import Header
from breathsync.session.replay import RecordingReader
from breathsync.session.sitting import Sitting

_ANSWERS = ("threat", "drive", "soothing", "pleasure", "arousal")


@dataclass(slots=True)
class Contents:
    """What a list shows of a recording. `usable` is the share of time inside NN intervals."""

    header: Header
    practice: str | None = None
    length_s: float = 0.0
    ended: bool = False
    strap: str | None = None
    beats: int = 0
    usable: float | None = None
    markers: int = 0
    words: int = 0
    damaged: int = 0
    check_ins: dict[str, dict[str, int]] = field(default_factory=dict)


def contents_of(file: Path, profiles_folder: Path | None = None) -> Contents:
    """Replay a recording once, without measuring anything but its beats. RecordingError if it is none."""
    known = profiles.load_all(profiles_folder)
    reader = RecordingReader(file)
    watcher = _Watcher(Contents(reader.header), {profile.id: profile.name for profile in known})
    sitting = Sitting(Pipeline([Decoder(known), Beats(), watcher]))
    for event in reader.with_later():
        sitting.push(event)
    found = watcher.contents
    found.length_s, found.ended, found.damaged = reader.last_s, reader.ended, reader.damage.lines
    if found.beats and found.length_s > 0:
        found.usable = min(1.0, watcher.nn_s / found.length_s)
    return found


class _Watcher:
    """The last stage: counts what passes."""

    hears = EVERYTHING

    def __init__(self, contents: Contents, names: dict[str, str]) -> None:
        self.contents = contents
        self.nn_s = 0.0
        self._names = names

    def push(self, event: Event) -> Iterable[Event]:
        """Count; nothing follows."""
        found = self.contents
        match event:
            case Beat(rr_ms=rr_ms, flaw=flaw) if flaw is not Flaw.DUPLICATE:
                found.beats += 1
                self.nn_s += (rr_ms or 0.0) / 1000 if flaw is Flaw.NONE else 0.0
            case StepStarted(practice=practice):
                found.practice = practice or found.practice
            case StrapKnown(profile=profile):
                found.strap = self._names.get(profile)
            case Marked():
                found.markers += 1
            case Noted() | Sealed():
                found.words += 1
            case CheckedIn(moment=moment):
                answers = {name: getattr(event, name) for name in _ANSWERS}
                found.check_ins[moment] = {k: v for k, v in answers.items() if v is not None}
        return ()
