"""What a session has before it: for the practitioner's window."""

import pytest
from tests.helpers import pipeline

from breathsync import settings
from breathsync.practice.practice_file import shipped
from breathsync.session import simulation
from breathsync.session.players import DemoPlayer, ReplayPlayer
from breathsync.session.practice_player import NoStrap, PracticePlayer
from breathsync.session.recorder import made_recording
from breathsync.session.replay import RecordingReader
from breathsync.session.simulation import SCENARIOS
from breathsync.session.sitting import Sitting


@pytest.fixture
def chosen(tmp_path):
    return settings.Settings(tmp_path / "recordings", tmp_path / "profiles")


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    file = tmp_path_factory.mktemp("plan") / "session.jsonl"
    scenario = SCENARIOS["steady-practice"]
    with made_recording(file, simulation.header_of(scenario, 1)) as recorder:
        simulation.simulate(scenario, 1, Sitting(pipeline()), recorder, 200.0)
    return file


def test_a_practice_is_planned_step_by_step(chosen):
    practice = shipped("soothing-rhythm")
    plan = PracticePlayer(practice, chosen, lambda _: NoStrap(), code_name="Willow-17").plan
    assert plan.code_name == "Willow-17"
    assert [(step.kind, step.length_s) for step in plan.steps] == [
        (step.kind, step.length_s) for step in practice.steps
    ]
    assert [step.guided for step in plan.steps] == [step.guide for step in practice.steps]
    assert (plan.length_s, plan.until_s) == (practice.length_s, None)


def test_a_session_that_is_cut_short_says_where(chosen):
    assert DemoPlayer(SCENARIOS["first-session"], 1, chosen, seconds=90.0).plan.until_s == 90.0


def test_a_recording_is_planned_as_it_was_lived(recording, chosen):
    plan = ReplayPlayer(RecordingReader(recording), chosen).plan
    assert [step.kind for step in plan.steps] == ["arrive", "notice", "slow_down"]
    assert [step.guided for step in plan.steps] == [False, False, True]
    assert sum(step.length_s for step in plan.steps) == pytest.approx(plan.length_s, abs=0.5)


def test_under_another_guide_the_recorded_steps_are_not_the_plan(recording, chosen):
    plan = ReplayPlayer(RecordingReader(recording), chosen, guide=()).plan
    assert plan.steps == () and plan.length_s == pytest.approx(200.0)
