"""Scenarios: who wears which strap in what air, and a session of theirs with its known truth."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from breathsync.devices.person import Guide, PersonSettings
from breathsync.devices.simulated_ecg import LeadSettings
from breathsync.devices.simulated_motion import WearSettings
from breathsync.devices.simulated_streams import StreamSettings
from breathsync.devices.simulator import RadioSettings, SimulatedStrap, StrapSettings, Truth
from breathsync.errors import UsageError
from breathsync.practice import practice_file
from breathsync.practice.conductor import Conductor
from breathsync.session.live import LiveSession
from breathsync.session.recorder import MadeRecording, cannot_write
from breathsync.session.recording import Header
from breathsync.session.sitting import TICKS_PER_SECOND, Sitting
from breathsync.session.wearers import wearer

_STEP_S = 1 / TICKS_PER_SECOND


@dataclass(frozen=True, slots=True)
class Scenario:
    """A person, their strap, the air between, and the practice that leads them."""

    name: str
    seconds: float = 600.0
    person: PersonSettings = field(default_factory=PersonSettings)
    strap: StrapSettings = field(default_factory=StrapSettings)
    radio: RadioSettings = field(default_factory=RadioSettings)
    practice: str = practice_file.DEFAULT
    streams: StreamSettings | None = None
    drawn: Callable[[int], tuple[PersonSettings, StreamSettings]] | None = None  # another one for each seed


SCENARIOS: dict[str, Scenario] = {
    s.name: s
    for s in (
        Scenario(
            "first-session",
            person=PersonSettings(own_per_min=14.5, heart_rate_bpm=74, draw=0.2, lapses_per_min=0.8),
        ),
        Scenario(
            "steady-practice",
            person=PersonSettings(own_per_min=10.0, heart_rate_bpm=62, draw=0.4, lapses_per_min=0.05),
        ),
        Scenario(
            "restless",
            person=PersonSettings(
                own_per_min=17.0,
                own_unsteadiness=0.18,
                heart_rate_bpm=82,
                drift_bpm=4.0,
                draw=0.15,
                lapses_per_min=2.5,
                lapse_s=20,
            ),
        ),
        Scenario(
            "patchy-signal",
            strap=StrapSettings(
                missed_share=0.01, extra_share=0.006, contact_losses_per_hour=25, reports_contact=True
            ),
            radio=RadioSettings(late_s=0.06, lost_share=0.01, stalls_per_hour=60, link_losses_per_hour=12),
        ),
        Scenario("ectopic", person=PersonSettings(ectopic_share=0.02, heart_rate_bpm=66)),
        Scenario(
            "teen",
            seconds=300.0,
            person=PersonSettings(
                own_per_min=17.0,
                heart_rate_bpm=80,
                resonance_per_min=7.5,
                slowest_per_min=5.5,
                lapses_per_min=1.2,
            ),
            strap=StrapSettings(name="HRM-Dual:123456", rr_latency_s=0.7, reports_contact=True),
        ),
        Scenario(
            "flat-response",
            person=PersonSettings(resonance_swing_bpm=0.0, base_swing_bpm=2.5, mayer_bpm=2.0),
        ),
        Scenario(
            "ecg-practice",
            person=PersonSettings(own_per_min=13.0, heart_rate_bpm=66, draw=0.35, lapses_per_min=0.2),
            streams=StreamSettings(LeadSettings(), WearSettings()),
        ),
        Scenario("wearers", drawn=wearer),
        Scenario(
            "long-day",
            seconds=8 * 3600.0,
            strap=StrapSettings(contact_losses_per_hour=1, missed_share=0.0005, extra_share=0.0002),
            radio=RadioSettings(stalls_per_hour=8, link_losses_per_hour=0.5),
        ),
    )
}


def scenario_named(name: str) -> Scenario:
    """The scenario, or UsageError with the names that there are."""
    if name not in SCENARIOS:
        raise UsageError("scenario", name=name, names=", ".join(SCENARIOS))
    return SCENARIOS[name]


def strap_of(scenario: Scenario, guide: Guide, seed: int) -> SimulatedStrap:
    """The scenario's person with their strap on, following this guide."""
    person, streams = scenario.drawn(seed) if scenario.drawn else (scenario.person, scenario.streams)
    return SimulatedStrap(person, scenario.strap, scenario.radio, guide, seed, streams)


def origin_of(scenario: Scenario, seed: int) -> dict[str, Any]:
    """What marks a recording of this person in its header: `Header.simulated` goes by it."""
    return {"scenario": scenario.name, "seed": seed}


def header_of(scenario: Scenario, seed: int) -> Header:
    """What a simulated recording says of itself: the same for the same seed, so without a date."""
    return Header(made_by="simulator", details=origin_of(scenario, seed))


def simulate(
    scenario: Scenario,
    seed: int,
    sitting: Sitting,
    recorder: MadeRecording | None = None,
    seconds: float | None = None,
    conductor: Conductor | None = None,
) -> list[Truth]:
    """A whole session as fast as the machine can, and the truth about it in order of time."""
    conductor = conductor or Conductor(practice_file.shipped(scenario.practice))
    strap = strap_of(scenario, conductor.guide_at, seed)
    live = LiveSession(sitting, conductor, recorder, ends_with_practice=False)
    length = scenario.seconds if seconds is None else seconds
    steps = int(length / _STEP_S)
    for step in range(steps + 1):
        for event in strap.until(step * _STEP_S):
            live.advance(event.time)
            live.take(event)
        live.advance(step * _STEP_S)
    live.end(length)
    return sorted((t for t in strap.truth if t.time <= length), key=lambda t: t.time)


def truth_file(recording: Path) -> Path:
    """Where the truth about a simulated recording lies: beside it."""
    return recording.with_suffix(".truth" + (recording.suffix or ".jsonl"))


def write_truth(file: Path, scenario: Scenario, seed: int, truth: Iterable[Truth]) -> None:
    """One line for each thing that happened, after a header. OutputFileError if it cannot be written."""
    lines = [{"breathsync": "truth", "format": 1, "scenario": scenario.name, "seed": seed}]
    lines += [{"t": _rounded(t.time), "kind": t.kind, **_rounded(t.fields)} for t in truth]
    text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise cannot_write(file, problem) from problem


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(v) for key, v in value.items()}
    return round(value, 6) if isinstance(value, float) else value
