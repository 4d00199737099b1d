"""Live out: a session as streams of the Lab Streaming Layer, each sample at its true time.

Streams are named and typed as the field does (sccn/xdf wiki): RR, HR, ECG, ACC, Breath, Respiration,
Pacer, Markers, with label, unit and type of every channel. Opening them opens network sockets: only when
asked for. A person's notes and words go nowhere.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from breathsync.breath.pacer import Pacer
from breathsync.errors import UsageError
from breathsync.events import (
    AccSamples,
    Beat,
    BeatHeard,
    BreathEstimate,
    BreathSource,
    CueShown,
    EcgSamples,
    Event,
    Flaw,
    GuideShown,
    Input,
    Marked,
    PaceChanged,
    PacerStep,
    Paused,
    Samples,
    SessionEnded,
    Softened,
    StepStarted,
)
from breathsync.wording import text_or_own

PACER_HZ = 10.0
ECG_HZ, ACC_HZ = 130.0, 200.0
"""What a Polar H10 is asked for; each chunk carries the times that were measured."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """A stream: its type, channels (label, unit, type) and rate; 0 is irregular, in beats or events."""

    type: str
    channels: tuple[tuple[str, str, str], ...]
    rate_hz: float = 0.0
    words: bool = False


KINDS: dict[str, _Kind] = {
    "RR": _Kind("RR", (("RR", "milliseconds", "RR"), ("NN", "none", "Validity"))),
    "HR": _Kind("HR", (("HR", "beats/min", "HR"),)),
    "ECG": _Kind("ECG", (("ECG", "microvolts", "ECG"),), ECG_HZ),
    "ACC": _Kind("ACC", tuple((axis, "milli-g", "ACC") for axis in ("X", "Y", "Z")), ACC_HZ),
    "Respiration": _Kind("RESP", (("Respiration", "none", "RESP"),), 25.0),
    "Breath": _Kind(
        "RESP",
        (("Rate", "breaths/min", "RESP"), ("Confidence", "none", "RESP"), ("Seen", "none", "Validity")),
    ),
    "Pacer": _Kind("Pacer", (("Fullness", "none", "Pacer"), ("Pace", "breaths/min", "Pacer")), PACER_HZ),
    "Markers": _Kind("Markers", (("Marker", "none", "Marker"),), words=True),
}
ALWAYS = ("RR", "HR", "Breath", "Pacer", "Markers")


class Outlets:
    """A listener that sends on what it hears. `clock` is session time now, `person` a code name.

    `rates` names the sampled streams that will come (`ECG`, `ACC`, `Respiration`) with their rates.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        person: str | None = None,
        rates: dict[str, float] | None = None,
        lsl: Any = None,
    ) -> None:
        self._lsl = lsl or _pylsl()
        self._clock, self._person = clock, person
        self._rates = dict(rates or {})
        self._zero: float | None = None
        self._pacer = Pacer()
        self._paced = 0
        self._shown = False
        self._outlets = {name: self._opened(name) for name in (*ALWAYS, *self._rates)}

    @property
    def names(self) -> list[str]:
        """The streams that are open."""
        return list(self._outlets)

    def wait_for_consumers(self, seconds: float) -> bool:
        """Wait until every stream has somebody listening; False if that takes longer."""
        return all(outlet.wait_for_consumers(seconds) for outlet in self._outlets.values())

    def __call__(self, at: float, event: Event) -> None:
        """Send what is for others."""
        if self._zero is None:
            self._zero = self._lsl.local_clock() - self._clock()
        match event:
            case Beat(time, rr_ms, flaw) if flaw is not Flaw.DUPLICATE:
                rr = float("nan") if rr_ms is None else rr_ms
                self._sample("RR", [rr, float(flaw is Flaw.NONE)], time)
            case BeatHeard(time, rr_ms) if rr_ms > 0:
                self._sample("HR", [60000 / rr_ms], time)
            case BreathEstimate(time, settled=False):
                self._sample("Breath", _breath(event), time)
            case EcgSamples(microvolts=values):
                self._chunk("ECG", event.time, event.interval_s, values)
            case AccSamples(milli_g=values):
                self._chunk("ACC", event.time, event.interval_s, values)
            case Samples(channel="resp", rate_hz=rate, values=values) if rate > 0:
                self._chunk("Respiration", event.time, 1 / rate, values)
            case PaceChanged():
                self._pacer.change(event)
            case GuideShown(shown=shown):
                self._shown = shown
        self._pace_up_to(at)
        for time, words in _markers(event):
            self._sample("Markers", [words], time)

    def _opened(self, name: str) -> Any:
        kind, lsl = KINDS[name], self._lsl
        rate = self._rates.get(name, kind.rate_hz)
        form = lsl.cf_string if kind.words else lsl.cf_double64
        whose = f"breathsync-{self._person or 'person'}-{name.lower()}"
        title = f"BreathSync {name}" + (f" {self._person}" if self._person else "")
        info = lsl.StreamInfo(title, kind.type, len(kind.channels), rate, form, whose)
        info.desc().append_child("acquisition").append_child_value("manufacturer", "BreathSync")
        channels = info.desc().append_child("channels")
        for label, unit, of in kind.channels:
            channel = channels.append_child("channel")
            for key, value in (("label", label), ("unit", unit), ("type", of)):
                channel.append_child_value(key, value)
        return lsl.StreamOutlet(info, max_buffered=360)

    def _sample(self, name: str, values: list[Any], time: float) -> None:
        self._outlets[name].push_sample(values, (self._zero or 0.0) + time)

    def _chunk(self, name: str, last_s: float, interval_s: float, values: Iterable[Any]) -> None:
        """Samples in a row, each at its own time."""
        rows = np.asarray(tuple(values), dtype=float).reshape(-1, len(KINDS[name].channels))
        if name not in self._outlets:
            self._outlets[name] = self._opened(name)
        times = (self._zero or 0.0) + last_s - interval_s * np.arange(len(rows) - 1, -1, -1)
        self._outlets[name].push_chunk(rows, times.tolist())

    def _pace_up_to(self, now: float) -> None:
        """The guide's path on an even grid, as it was: `nan` while nobody saw it."""
        count = int(now * PACER_HZ) - self._paced
        if count <= 0:
            return
        times = [(self._paced + 1 + i) / PACER_HZ for i in range(count)]
        found = [self._pacer.at(time) if self._shown else None for time in times]
        nothing = float("nan")
        rows = [[p.fullness, p.breaths_per_min] if p else [nothing, nothing] for p in found]
        self._outlets["Pacer"].push_chunk(rows, [(self._zero or 0.0) + time for time in times])
        self._paced += count


def _breath(event: BreathEstimate) -> list[float]:
    """The rate now, how sure it is, and 1 where breath was seen, not a rhythm in the heart rate."""
    rate = float("nan") if event.breaths_per_min is None else event.breaths_per_min
    return [rate, event.confidence, float(event.source is not BreathSource.RR)]


def _markers(event: Event) -> Iterable[tuple[float, str]]:
    """What was shown and done, in words; never what somebody wrote."""
    match event:
        case StepStarted(time, title=title):
            yield time, f"step: {text_or_own(title)}"
        case CueShown(time, words) if words:
            yield time, f"cue: {text_or_own(words)}"
        case PacerStep(time, part=part):
            yield time, f"pacer: {part.value}"
        case GuideShown(time, shown):
            yield time, "guide: shown" if shown else "guide: hidden"
        case Marked(time, label):
            yield time, f"mark: {label}" if label else "mark"
        case Softened(time, softened):
            yield time, "softened" if softened else "softened: over"
        case Paused(time, paused):
            yield time, "paused" if paused else "paused: over"
        case SessionEnded(time):
            yield time, "ended"


def sampled_in(inputs: Iterable[Input], stage: Any, within_s: float = 60.0) -> dict[str, float]:
    """The sampled streams that a recording begins with, and their rates in whole Hz where they are near."""
    found: dict[str, float] = {}
    for event in inputs:
        if event.time > within_s:
            break
        for said in (event, *stage.push(event)):
            match said:
                case EcgSamples(interval_s=interval_s):
                    found.setdefault("ECG", _rate(1 / interval_s))
                case AccSamples(interval_s=interval_s):
                    found.setdefault("ACC", _rate(1 / interval_s))
                case Samples(channel="resp", rate_hz=rate) if rate > 0:
                    found.setdefault("Respiration", rate)
    return found


def _rate(rate_hz: float) -> float:
    return float(round(rate_hz)) if abs(rate_hz / round(rate_hz) - 1) < 0.01 else rate_hz


def _pylsl() -> Any:
    try:
        import pylsl  # an extra, and only needed here
    except ImportError:
        raise UsageError("needs_lsl") from None
    except RuntimeError as problem:  # the package is there, and its library is not
        raise UsageError("no_liblsl", problem=str(problem).partition("\n")[0]) from None
    return pylsl
