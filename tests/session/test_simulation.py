"""The simulated person: a person, not a sine; the same for the same seed; with a truth that is true."""

import asyncio
import json
import random
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from breathsync.devices.person import Person, PersonSettings
from breathsync.events import (
    AccSamples,
    Beat,
    EcgSamples,
    Flaw,
    Notification,
    RsaCycle,
    StrapState,
    StrapStatus,
)
from breathsync.session import playback, simulation
from breathsync.session.pipeline import pipeline
from breathsync.session.recorder import made_recording
from breathsync.session.replay import RecordingReader
from breathsync.session.simulation import SCENARIOS
from breathsync.session.sitting import Sitting
from breathsync.session.summary import summarise


def simulated(scenario, seed=1, seconds=None, file=None):
    found = []
    sitting = Sitting(pipeline(), [lambda at, event: found.append((at, event))])
    if file is None:
        return simulation.simulate(scenario, seed, sitting, None, seconds), found
    with made_recording(file, simulation.header_of(scenario, seed)) as recorder:
        return simulation.simulate(scenario, seed, sitting, recorder, seconds), found


SHORT = [name for name in SCENARIOS if name != "long-day"]


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """Two minutes of a scenario: the recording, and all that followed."""
    folder = tmp_path_factory.mktemp("lived")

    @cache
    def once(name):
        file = folder / name
        return file, simulated(SCENARIOS[name], 2, 120.0, file)[1]

    return once


@pytest.mark.parametrize("name", SHORT)
def test_the_same_seed_gives_the_same_bytes(name, lived, tmp_path):
    simulated(SCENARIOS[name], 2, 120.0, tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == lived(name)[0].read_bytes()


def test_another_seed_is_another_session(tmp_path):
    for seed in (1, 2):
        simulated(SCENARIOS["first-session"], seed, 60.0, tmp_path / str(seed))
    assert (tmp_path / "1").read_text().splitlines()[5:] != (tmp_path / "2").read_text().splitlines()[5:]


def test_a_committed_recording_can_be_made_again_to_the_byte(tmp_path):
    """On whatever machine and Python this runs: what a seed means never changes unnoticed."""
    committed = sorted((Path(__file__).parents[2] / "recordings").glob("*.jsonl"))
    recordings = [file for file in committed if not file.name.endswith(".truth.jsonl")]
    assert len(recordings) >= 4
    for file in recordings:
        details = RecordingReader(file).header.details
        again = tmp_path / file.name
        length = list(RecordingReader(file).inputs())[-1].time
        simulated(SCENARIOS[details["scenario"]], details["seed"], length, again)
        assert again.read_bytes() == file.read_bytes(), file.name


@pytest.mark.parametrize("name", SHORT)
def test_every_scenario_replays(name, lived):
    file, found = lived(name)
    again = []
    sitting = Sitting(pipeline(), [lambda at, event: again.append((at, event))])
    asyncio.run(playback.play(RecordingReader(file).inputs(), sitting))
    assert again == found


def test_beats_lie_where_the_truth_says():
    truth, found = simulated(SCENARIOS["first-session"], 1, 300.0)
    true = [t.time for t in truth if t.kind == "beat" and t.fields["seen"]][1:]
    beats = [event.time for _, event in found if isinstance(event, Beat)]
    errors = np.array(beats[30:]) - np.array(true[30 : len(beats)])
    assert np.abs(errors).max() < 0.2
    assert np.median(np.abs(errors)) < 0.06


def test_the_swing_that_is_measured_is_the_swing_of_the_truth():
    truth, found = simulated(SCENARIOS["steady-practice"], 1, 500.0)
    true = [t.fields["swing_bpm"] for t in truth if t.kind == "breath" and t.time > 360]
    measured = [e.swing_bpm for _, e in found if isinstance(e, RsaCycle) and e.clean and e.time > 360]
    assert np.mean(measured) == pytest.approx(np.mean(true), rel=0.1)


def test_resonance_makes_the_swing_larger_near_it():
    def mean_swing(per_min):
        person = Person(PersonSettings(resonance_per_min=6.0), random.Random(3))
        person.live_until(400.0, lambda t: (t * per_min / 60, per_min))
        return np.mean([b.swing_bpm for b in person.breaths[-10:]])

    assert mean_swing(6.0) > 1.5 * mean_swing(9.0) > 1.5 * mean_swing(15.0) / 1.5


def test_an_attentive_person_follows_the_guide_and_a_wandering_one_less():
    def off_guide(**settings):
        person = Person(PersonSettings(own_per_min=12.0, **settings), random.Random(1))
        person.live_until(300.0, lambda t: (t * 0.1, 6.0))
        rates = [60 / (b.ends - b.time) for b in person.breaths if b.time > 60]
        return np.mean(np.abs(np.array(rates) - 6.0))

    attentive = off_guide(lapses_per_min=0.0, draw=0.4)
    wandering = off_guide(lapses_per_min=3.0, lapse_s=30, draw=0.15)
    assert attentive < 0.3 < wandering


def test_nobody_breathes_slower_than_is_comfortable_for_them():
    person = Person(PersonSettings(slowest_per_min=7.0, lapses_per_min=0.0), random.Random(2))
    person.live_until(300.0, lambda t: (t * 5 / 60, 5.0))
    rates = [60 / (b.ends - b.time) for b in person.breaths if b.time > 60]
    assert np.mean(rates) == pytest.approx(7.0, abs=0.4)


def test_ectopic_beats_come_early_and_are_made_up_for_by_a_pause():
    truth, _ = simulated(SCENARIOS["ectopic"], 4, 400.0)
    beats = [(t.time, t.fields["label"]) for t in truth if t.kind == "beat"]
    early = [i for i, (_, label) in enumerate(beats) if label == "ectopic" and 1 < i < len(beats) - 2]
    assert len(early) >= 3
    for i in early:
        before, coupling, pause = (beats[i + k][0] - beats[i + k - 1][0] for k in (-1, 0, 1))
        assert coupling < 0.85 * before < before < pause
        assert coupling + pause == pytest.approx(2 * before, rel=0.2)


def test_what_the_strap_and_the_radio_did_is_in_the_truth():
    truth, found = simulated(SCENARIOS["patchy-signal"], 1, 600.0)
    kinds = {t.kind for t in truth}
    assert {"beat", "breath", "packet_lost", "stall", "link_lost", "contact_lost"} <= kinds
    labels = {t.fields["label"] for t in truth if t.kind == "beat"}
    assert "extra" in labels
    assert any(not t.fields["seen"] for t in truth if t.kind == "beat")
    lost = [e for _, e in found if isinstance(e, StrapStatus) and e.state is StrapState.LOST]
    assert len(lost) == sum(t.kind == "link_lost" for t in truth)


def test_no_beat_is_lost_or_doubled_on_its_way_through_a_clean_link():
    for name in ("first-session", "steady-practice", "teen"):
        _, found = simulated(SCENARIOS[name], 9, 200.0)
        sent = [e for _, e in found if isinstance(e, Notification)]
        count = sum((len(n.payload) - 2) // 2 for n in sent)
        beats = [e for _, e in found if isinstance(e, Beat)]
        assert len(beats) == count
        assert {b.flaw for b in beats} == {Flaw.NONE}


def test_wearers_are_somebody_else_for_each_seed():
    worn = []
    for seed in (1, 2, 3):
        truth, found = simulated(SCENARIOS["wearers"], seed, 20.0)
        worn += [t.fields for t in truth if t.kind == "wearer"]
        assert any(isinstance(event, EcgSamples) for _, event in found)
        assert any(isinstance(event, AccSamples) for _, event in found)
    assert len({fields["acceleration"]["belt_deg"] for fields in worn}) == 3
    assert len({fields["ecg"]["r_uv"] for fields in worn}) == 3


def test_what_info_says_of_a_recording_with_samples(tmp_path):
    simulated(SCENARIOS["ecg-practice"], 1, 20.0, tmp_path / "s.jsonl")
    summary = summarise(tmp_path / "s.jsonl")
    assert summary.samples["ecg"] % 73 == 0
    assert summary.samples["ecg"] == pytest.approx(17.9 * 130, rel=0.05)
    assert summary.samples["acc"] == pytest.approx(17.9 * 200, rel=0.05)
    assert summary.odd_notifications == 0


def test_the_truth_is_written_beside_the_recording(tmp_path):
    scenario = replace(SCENARIOS["teen"], seconds=30.0)
    truth, _ = simulated(scenario, 1)
    file = simulation.truth_file(tmp_path / "teen.jsonl")
    simulation.write_truth(file, scenario, 1, truth)
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert file.name == "teen.truth.jsonl"
    assert lines[0] == {"breathsync": "truth", "format": 1, "scenario": "teen", "seed": 1}
    assert [line["t"] for line in lines[1:]] == sorted(line["t"] for line in lines[1:])
