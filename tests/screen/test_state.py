"""What the screen says, decided without a screen."""

import numpy as np
import pytest
from tests.helpers import connected, one_by_one

from breathsync.events import (
    BatteryLevel,
    Beat,
    BeatHeard,
    CueShown,
    Flaw,
    GuideShown,
    Marked,
    PaceChanged,
    Paused,
    RsaCycle,
    SignalChanged,
    SignalState,
    Softened,
    StepStarted,
    StrapState,
    StrapStatus,
    SwingMean,
    Synchrony,
)
from breathsync.screen.curves import NOTHING, RibbonCurves
from breathsync.screen.state import ScreenModel, clock_words
from breathsync.session.pipeline import pipeline
from breathsync.session.sitting import Sitting
from breathsync.wording import language, languages


def model(*events):
    made = ScreenModel()
    for event in events:
        made.push(max(event.time, 0.0), event)
    return made


GUIDE = (PaceChanged(0.0, 10.0, anew=True), GuideShown(0.0, shown=True))


def test_what_nobody_saw_of_the_guide_is_not_drawn():
    made = model(*GUIDE, GuideShown(20.0, shown=False, reason="natural"), GuideShown(30.0, shown=True))
    assert made.fullness(15.0) is not None
    assert made.fullness(25.0) is None
    assert made.fullness(35.0) is not None


def test_a_mark_and_a_note_are_acknowledged_for_some_seconds():
    made = model(Marked(10.0))
    assert (made.at(11.0).said, made.at(15.0).said) == ("marked", "")


def test_a_lag_that_is_not_steady_is_not_shown():
    made = model(*GUIDE, Synchrony(60.0, 0.02, 0.3))
    assert made.at(61.0).lag_turns is None


def test_at_first_nothing_is_known_and_nothing_is_made_up():
    state = ScreenModel().at(0.0)
    assert (state.heart_rate_bpm, state.swing_bpm, state.lag_turns, state.strap.battery_percent) == (
        None,
    ) * 4
    assert (state.guide, state.guide_visible, state.signal) == (None, 0.0, SignalState.RESTING)


def test_heart_rate_is_the_mean_of_the_last_five_beats():
    beats = [
        BeatHeard(float(i), rr, "rr") for i, rr in enumerate([500.0, 1000.0, 1000.0, 900.0, 1100.0, 1000.0])
    ]
    assert model(*beats).at(5.0).heart_rate_bpm == 60


def test_a_stale_heart_rate_is_never_shown_as_current():
    made = model(BeatHeard(10.0, 1000.0, "rr"))
    assert made.at(14.9).heart_rate_bpm == 60
    assert made.at(15.1).heart_rate_bpm is None


def test_the_guide_fades_in_and_out():
    made = model(*GUIDE)
    assert [round(made.at(t).guide_visible, 2) for t in (0.0, 1.0, 2.0)] == [0.0, 0.5, 1.0]
    made.push(20.0, GuideShown(20.0, shown=False, reason="natural"))
    assert [round(made.at(t).guide_visible, 2) for t in (20.0, 21.0, 22.0)] == [1.0, 0.5, 0.0]
    assert made.at(22.0).natural


def test_requirement_5_softened_within_a_second_guide_and_numbers_are_gone_and_words_ground():
    made = model(*GUIDE)
    for event in (
        Softened(30.0),
        CueShown(30.0, "practice.softened"),
        GuideShown(30.0, shown=False, reason="softened"),
    ):
        made.push(30.0, event)
    state = made.at(31.0)
    assert (state.guide_visible, state.numbers_visible) == (0.0, 0.0)
    assert "Feel your feet" in state.cue


def test_numbers_come_back_with_the_guide():
    made = model(*GUIDE, Softened(30.0), GuideShown(30.0, shown=False, reason="softened"))
    made.push(60.0, Softened(60.0, softened=False))
    made.push(60.0, GuideShown(60.0, shown=True))
    assert made.at(63.0).numbers_visible == 1.0


def test_in_and_out_are_said_for_six_breaths_then_they_fade():
    made = model(*GUIDE)
    assert made.at(30.0).words_visible == 1.0
    assert 0 < made.at(65.0).words_visible < 1
    assert made.at(75.0).words_visible == 0.0


def test_a_doubtful_beat_is_not_drawn():
    made = model(BeatHeard(1.0, 1000.0, "rr"), BeatHeard(1.4, 400.0, "rr"), BeatHeard(2.4, 1000.0, "rr"))
    made.push(4.0, Beat(1.4, 400.0, Flaw.EXTRA, "rr"))
    assert [time for time, _ in made.trace] == [1.0, 2.4]


def test_the_trace_keeps_what_is_drawn_and_no_more():
    made = model(*(BeatHeard(float(i), 1000.0, "rr") for i in range(1000)))
    assert len(made.trace) <= 102  # 90 s in the practitioner's window, and what comes into it


@pytest.mark.parametrize(
    ("lag", "steadiness", "words"),
    [
        (0.02, 0.95, "your heart's rhythm moves with the guide"),
        (0.3, 0.95, "your heart's rhythm comes a little later than the guide"),
        (-0.3, 0.95, "your heart's rhythm comes a little sooner than the guide"),
        (0.45, 0.95, "your heart's rhythm moves at another time than the guide"),
        (0.02, 0.3, "a mixed rhythm, that is common"),
        (None, None, "this strap's delay is not known"),
    ],
)
def test_heart_and_breath_together_are_described_not_graded(lag, steadiness, words):
    made = model(*GUIDE, Synchrony(60.0, lag, steadiness))
    assert made.at(61.0).together == words


def test_requirement_9_a_swing_is_the_last_mean_with_its_error_while_it_is_fresh():
    made = model(RsaCycle(60.0, 11.0, 6.0, clean=True), SwingMean(60.0, 12.4, 0.5, 6))
    assert made.at(61.0).swing_bpm is None  # no heart is heard: nothing beside it is current either
    made.push(70.0, BeatHeard(70.0, 1000.0, "rr"))
    assert (made.at(70.0).swing_bpm, made.at(70.0).swing_error_bpm) == (12.4, 0.5)
    made.push(130.0, BeatHeard(130.0, 1000.0, "rr"))
    assert made.at(130.0).swing_bpm is None
    assert list(made.swings) == [(60.0, 11.0)]


def test_steps_words_strap_and_battery_are_shown_as_they_are():
    made = model(
        StepStarted(0.0, "practice.soothing_rhythm.name", 3, 6, "slow_down", "practice.step.steady"),
        CueShown(1.0, "my own words"),
        StrapStatus(1.0, "strap", StrapState.CONNECTED, "Polar H10 12345678"),
        BatteryLevel(1.0, "strap", 82),
        SignalChanged(2.0, SignalState.STEADY),
        Paused(3.0, paused=True),
        Marked(4.0),
    )
    state = made.at(5.0)
    assert (state.title, state.step) == ("Soothing rhythm", "Soothing rhythm · step 3 of 6")
    assert (state.strap.name, state.strap.battery_percent) == ("Polar H10 12345678", 82)
    assert state.cue == "my own words"
    assert (state.signal, state.paused, state.marks) == (SignalState.STEADY, True, (4.0,))


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "00:00"), (462.9, "07:42"), (3605, "1:00:05"), (-1, "00:00")]
)
def test_time_reads_like_a_clock(seconds, words):
    assert clock_words(seconds) == words


def sat(*inputs):
    """A model that follows a whole session, and the session."""
    made = ScreenModel()
    sitting = Sitting(pipeline(), [made.push])
    for event in inputs:
        sitting.push(event)
    return made, sitting


def test_requirement_8_the_heart_rate_is_there_at_once_and_the_guide_lies_behind_it():
    """Within 2 s of the packet that brings an interval; a strap's delay moves the curve, not the number."""
    made, sitting = sat(connected(), *GUIDE)
    shown = []
    for packet in one_by_one([922] * 20 + [614] * 20, delay_s=2.6):
        sitting.push(packet)
        shown.append(made.at(packet.time + 0.05).heart_rate_bpm)
        assert made.at(packet.time + 0.05).heart_rate_bpm is not None
    assert (shown[0], shown[19], shown[-1]) == (67, 67, 100)
    assert shown[20] > 67  # the very next packet is in the number already
    curves = RibbonCurves(made)
    now = sitting.now
    times, fullness = curves.guide(now)
    beats, rates = curves.heart(now)
    there = beats > times[0]
    assert beats[-1] > now - 4
    assert np.isfinite(rates[there]).any()
    assert (np.interp(beats[there], times, fullness) > NOTHING).all()


def test_requirement_35_within_five_seconds_of_a_loss_the_signal_rests():
    packets = one_by_one([922] * 30)
    made, sitting = sat(connected(), *packets)
    last, due = packets[-1].time, packets[-1].time + 0.9  # when the next one would have come
    assert made.at(last).signal is SignalState.STEADY
    sitting.advance(due + 5.0)
    assert made.at(due + 5.0).signal is SignalState.RESTING
    assert made.at(due + 5.0).heart_rate_bpm is None

    made, sitting = sat(connected(), *packets)
    sitting.push(StrapStatus(last + 0.3, "strap", StrapState.LOST, "Polar H10 12345678"))
    assert made.at(sitting.now).signal is SignalState.RESTING


@pytest.mark.parametrize("code", languages())
def test_requirement_35_the_states_have_three_words(code):
    words = [language(code)[f"signal.{state.value}"] for state in SignalState]
    assert len(words) == len(set(words)) == 3
    lines = [language(code)[f"strap.{state.value}"] for state in SignalState]
    assert all(word.split()[-1] in line for word, line in zip(words, lines, strict=True))
