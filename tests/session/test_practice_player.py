"""Whole practices, from a clean start: on a simulated person, on a recording, and with no strap at all."""

import asyncio
from pathlib import Path

import pytest

from breathsync import settings
from breathsync.cli import main
from breathsync.clock import ManualClock
from breathsync.events import (
    Beat,
    BreathPart,
    CueShown,
    GuideShown,
    NumbersShown,
    PaceChanged,
    PacerStep,
    SessionEnded,
    SoundChanged,
    StepStarted,
    StrapState,
    StrapStatus,
)
from breathsync.practice.conductor import Choices, Wish
from breathsync.practice.practice_file import shipped, shipped_names
from breathsync.session import practice_player
from breathsync.session.practice_player import NoStrap, PracticePlayer, RecordedStrap
from breathsync.session.replay import RecordingReader
from breathsync.session.simulation import SCENARIOS, strap_of

RECORDINGS = Path(__file__).parents[2] / "recordings"


@pytest.fixture
def lead(tmp_path, monkeypatch):
    """Leads through a practice as fast as can be; what was heard, and the player."""
    monkeypatch.setattr(practice_player, "SessionClock", ManualClock)

    def run(name, strap_of=lambda _: NoStrap(), wishes=(), **options):
        chosen = settings.Settings(tmp_path / "recordings", tmp_path / "profiles")
        practice = shipped(name) if isinstance(name, str) else name
        player = PracticePlayer(practice, chosen, strap_of, **options)
        heard, waiting = [], list(wishes)

        def hear(at, event):
            heard.append((at, event))
            while waiting and at >= waiting[0][0]:
                player.wish(waiting.pop(0)[1])

        asyncio.run(player.run([hear]))
        return [event for _, event in heard], player

    return run


def of(kind, events):
    return [event for event in events if isinstance(event, kind)]


def replayed(player):
    return list(RecordingReader(player.recording).inputs())


def demo(guide):
    return strap_of(SCENARIOS["first-session"], guide, 1)


def recorded(guide):
    return RecordedStrap(RecordingReader(RECORDINGS / "steady-practice.jsonl"))


@pytest.mark.parametrize("strap", [lambda _: NoStrap(), demo, recorded], ids=["none", "demo", "replay"])
def test_requirement_1_soothing_rhythm_runs_as_a_whole_with_whatever_heart_there_is(lead, strap):
    events, player = lead("soothing-rhythm", strap)
    kinds = [step.step_kind for step in of(StepStarted, events)]
    assert kinds == ["arrive", "notice", "slow_down", "steady", "let_go", "reflect"]
    assert of(SessionEnded, events)[0].time == pytest.approx(600, abs=0.3)
    breaths = [step for step in of(PacerStep, events) if step.part is BreathPart.IN]
    assert breaths[-1].breaths_per_min <= 6.5  # the guide may have waited for the simulated person
    assert bool(of(Beat, events)) == (strap is not NoStrap and strap in (demo, recorded))
    assert replayed(player)[-1].time == pytest.approx(600, abs=0.3)


@pytest.mark.parametrize("strap", [demo, recorded], ids=["a strap that sends", "a bundled recording"])
@pytest.mark.parametrize("name", ["workshop-a", "workshop-b", "workshop-c"])
def test_requirement_29_workshop_sequences_run_unattended(lead, name, strap):
    events, _ = lead(name, strap)
    assert of(Beat, events)
    assert len(of(StepStarted, events)) == len(shipped(name).steps)
    assert of(SessionEnded, events)[0].time == pytest.approx(shipped(name).length_s, abs=0.3)


@pytest.mark.parametrize("name", shipped_names())
def test_every_shipped_practice_comes_to_its_end(lead, name):
    events, _ = lead(name)
    assert len(of(StepStarted, events)) == len(shipped(name).steps)


def test_requirement_1_the_guide_does_not_jump_when_a_strap_goes_and_comes_back(lead):
    class Leaving:
        async def inputs(self, clock):
            for time, state in ((0.0, "connected"), (150.0, "lost"), (170.0, "connected")):
                while clock.now() < time:  # a clock that leaps is a machine that slept
                    await clock.sleep_until(min(time, clock.now() + 0.25))
                yield StrapStatus(time, "strap", StrapState(state), "Polar H10 12345678")

    with_strap, _ = lead("soothing-rhythm", lambda _: Leaving(), seconds=300.0)
    without, _ = lead("soothing-rhythm", seconds=300.0)
    turns = [[(step.time, step.part) for step in of(PacerStep, events)] for events in (with_strap, without)]
    assert len(turns[0]) > 40
    assert turns[0] == turns[1]


def test_what_was_shown_and_heard_is_recorded_and_replays_as_it_was(lead):
    wishes = [(100.0, Wish.KEEP), (120.0, Wish.SOUND), (130.0, Wish.NUMBERS), (140.0, Wish.SLOWER)]
    kinds = (PaceChanged, GuideShown, CueShown, StepStarted, SoundChanged, NumbersShown)
    events, player = lead(
        "soothing-rhythm", demo, wishes, seconds=160.0, choices=Choices(sound="breath", numbers=False)
    )
    shown = [event for event in events if isinstance(event, kinds)]
    assert [event for event in replayed(player) if isinstance(event, kinds)] == shown
    assert [event.sound for event in of(SoundChanged, shown)] == ["breath", "off"]
    assert [event.shown for event in of(NumbersShown, shown)] == [False, True]
    assert {"kept", "slower"} <= {pace.reason for pace in of(PaceChanged, shown)}


def test_requirement_5_softening_takes_guide_and_sound_within_a_second_and_the_end_is_saved(lead):
    events, player = lead(
        "soothing-rhythm",
        demo,
        [(120.0, Wish.SOFTEN), (125.0, Wish.FINISH)],
        choices=Choices(sound="tone"),
    )
    hidden = [event for event in of(GuideShown, events) if not event.shown]
    assert hidden[0].time == pytest.approx(120, abs=0.5)
    assert [(s.sound, s.time >= 120) for s in of(SoundChanged, events)] == [("tone", False), ("off", True)]
    assert any(cue.words == "practice.softened" for cue in of(CueShown, events))
    assert isinstance(replayed(player)[-1], SessionEnded)
    assert replayed(player)[-1].time == pytest.approx(125, abs=1.0)


def test_requirement_23_numbers_are_off_for_the_client_unless_they_turn_them_on(lead):
    events, _ = lead("a-minute", choices=Choices(numbers=settings.defaults().show_numbers))
    assert [event.shown for event in of(NumbersShown, events)] == [False]


def test_requirement_32_the_teen_profile_has_three_minutes_and_quicker_paces(lead):
    teen = shipped("soothing-rhythm").for_teens()
    assert (teen.length_s, teen.profile) == (180.0, "teen")
    assert {step.pace_per_min for step in teen.steps if step.pace_per_min} == {6.5}
    assert shipped("teen").length_s == 180.0
    events, _ = lead(teen)
    assert of(SessionEnded, events)[0].time == pytest.approx(180, abs=0.3)
    quick = shipped("soothing-rhythm").leading_to(9.5).for_teens()
    assert {step.pace_per_min for step in quick.steps if step.pace_per_min} == {9.5}


def test_a_letter_is_written_after_the_breathing_in_its_own_time(lead):
    events, _ = lead("letter")
    assert of(StepStarted, events)[-1].step_kind == "write"
    assert of(StepStarted, events)[-1].length_s is None
    assert of(SessionEnded, events)[0].time == pytest.approx(shipped("letter").length_s, abs=0.3)


def test_soothing_rhythm_runs_as_a_whole_on_a_real_recording(lead, shared_data, tmp_path):
    """A real Polar H10 session: its heart, under a guide of today; what comes after its end is silence."""
    log = shared_data / "local" / "h10_notifications" / "pulse_2025-09-11_17-56-57.csv"
    file = tmp_path / "real.jsonl"
    assert main(["import", str(log), "-o", str(file), "--strap", "Polar H10"]) == 0
    events, player = lead("soothing-rhythm", lambda _: RecordedStrap(RecordingReader(file)))
    assert len(of(StepStarted, events)) == 6
    assert len(of(Beat, events)) > 300
    assert replayed(player)[-1].time == pytest.approx(600, abs=0.3)
