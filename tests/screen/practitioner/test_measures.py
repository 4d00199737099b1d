"""The table of measures: each with its window, or with the reason why it is not given."""

import pytest
from tests.screen.practitioner.events import guide, minute, model, rows, step

from breathsync.events import (
    Beat,
    BreathEstimate,
    BreathSource,
    Flaw,
    GuideFollowed,
    HrvMetrics,
    RhythmMatch,
    RsaCycle,
    SignalQuality,
    StrapKnown,
    SwingMean,
    Synchrony,
)

GIVEN = [
    pytest.param(minute(55.0), "Heart rate, mean", ("62.5 /min", "60 s"), id="heart rate"),
    pytest.param(
        RsaCycle(55.0, 14.12, 6.0, True), "Swing, last breath", ("14.1 /min", "each breath"), id="swing"
    ),
    pytest.param(
        SwingMean(55.0, 14.12, 0.83, 6), "Swing, mean", ("14.1 ± 0.8 /min", "six clean breaths"), id="mean"
    ),
    pytest.param(
        BreathEstimate(50.0, 6.04, 0.91, BreathSource.RR_ACC, True),
        "Breath",
        ("6.0 /min", "91 % sure"),
        id="breath",
    ),
    pytest.param(
        BreathEstimate(50.0, 6.04, 0.91, BreathSource.RR, True),
        "Rhythm in heart rate",
        ("6.0 /min", "RR: may not be breath"),
        id="rhythm",
    ),
    pytest.param(
        Synchrony(55.0, 0.08, 0.9), "Heart after guide", ("29° later", "six clean breaths"), id="later"
    ),
    pytest.param(
        Synchrony(55.0, -0.05, 0.9), "Heart after guide", ("18° sooner", "six clean breaths"), id="sooner"
    ),
    pytest.param(
        RhythmMatch(55.0, 64, 0.913, None), "At the guide's pace", ("0.91", "64 s at one pace"), id="match"
    ),
    pytest.param(
        SignalQuality(55.0, 60, 0.987, False, None), "Usable signal", ("99 %", "60 s"), id="usable"
    ),
    pytest.param(
        StrapKnown(1.0, "s", "polar-h10", 2.6), "Strap's delay", ("2.6 s", "taken off"), id="delay"
    ),
]
WITHHELD = [
    pytest.param(minute(55.0, rate=None), "Heart rate, mean", "needs some beats", id="heart rate"),
    pytest.param(
        RsaCycle(55.0, None, 6.0, False), "Swing, last breath", "beats uncertain in it", id="swing"
    ),
    pytest.param(SwingMean(5.0, 14.1, 0.8, 6), "Swing, mean", "needs six clean breaths", id="long ago"),
    pytest.param(
        BreathEstimate(50.0, 6.0, 0.5, BreathSource.RR_ECG, True),
        "Breath",
        "not sure enough yet",
        id="breath",
    ),
    pytest.param(Synchrony(55.0, None, 0.9), "Heart after guide", "strap's delay not known", id="delay"),
    pytest.param(Synchrony(55.0, 0.1, 0.4), "Heart after guide", "differs breath by breath", id="unsteady"),
    pytest.param(
        RhythmMatch(55.0, 64, None, "pace_changing"),
        "At the guide's pace",
        "the guide's pace is changing",
        id="match",
    ),
    pytest.param(StrapKnown(1.0, "s", "any", None), "Strap's delay", "strap's delay not known", id="strap"),
]


@pytest.mark.parametrize(("event", "name", "said"), GIVEN)
def test_requirement_23_a_measure_stands_with_the_window_that_it_needs(event, name, said):
    assert rows(model(event), 60.0)[name] == said


@pytest.mark.parametrize(("event", "name", "reason"), WITHHELD)
def test_requirement_23_a_measure_that_cannot_be_given_says_why(event, name, reason):
    assert rows(model(event), 60.0)[name] == ("–", reason)


def test_at_first_everything_is_withheld_with_a_reason():
    for row in model().practitioner.rows(0.0):
        assert row.value == "–" and row.beside, row.name


def test_requirement_11_variability_is_given_at_rest_alone():
    resting = model(step(0.0, 1), step(60.0, 2), minute(65.0))
    assert rows(resting, 70.0)["RMSSD"] == ("48 ms", "60 s of rest")
    assert rows(resting, 70.0)["SDNN"] == ("72 ms", "60 s of rest")
    for event in (step(120.0, 3), *guide(120.0), minute(125.0), minute(200.0)):
        resting.push(event.time, event)
        assert rows(resting, event.time + 5)["RMSSD"] == ("–", "only while resting")


def test_requirement_11_a_minute_that_began_before_the_rest_is_not_of_it():
    made = model(step(0.0, 3), step(100.0, 2), minute(130.0))
    assert rows(made, 135.0)["RMSSD"] == ("–", "needs 33 s more")  # to 160 s, and until its beats are known
    made.push(168.0, minute(160.0))
    assert rows(made, 168.0)["RMSSD"][0] == "48 ms"


def test_requirement_11_what_the_gate_withholds_stays_withheld():
    made = model(step(0.0, 1), minute(65.0, rmssd=None, sdnn=None, withheld="too_many_doubtful"))
    assert rows(made, 70.0)["SDNN"] == ("–", "too many beats are uncertain")


def test_five_minutes_do_not_stand_where_one_is_meant():
    made = model(step(0.0, 1), HrvMetrics(65.0, 300, 60, 90.0, 11.0, 12.0, 0.0, None))
    assert rows(made, 70.0)["Heart rate, mean"][0] == "–"


def test_requirement_40_whether_the_guide_is_followed_is_told_by_ecg_or_movement_alone():
    seen = model(BreathEstimate(50.0, 6.0, 0.9, BreathSource.RR_ACC, True))
    seen.push(60.0, GuideFollowed(50.0, 0.873))
    seen.push(60.0, GuideFollowed(60.0, 0.2))  # about now: the word of ten seconds ago is surer
    assert rows(seen, 60.0)["Guide followed"] == ("87 %", "how likely it is")
    unseen = model(BreathEstimate(50.0, 6.0, 0.9, BreathSource.RR, True))
    unseen.push(60.0, GuideFollowed(50.0, 0.9))
    assert rows(unseen, 60.0)["Guide followed"] == ("–", "needs ECG or movement")


def test_a_chance_is_never_shown_as_certain():
    made = model(BreathEstimate(50.0, 6.0, 0.9999, BreathSource.RR_ECG, True))
    made.push(60.0, GuideFollowed(50.0, 0.9999))
    assert rows(made, 60.0)["Breath"][1] == "99 % sure"
    assert rows(made, 60.0)["Guide followed"][0] == "99 %"


def test_marked_beats_are_counted_among_those_that_were_heard():
    flaws = [Flaw.GAP, Flaw.NONE, Flaw.SHORT, Flaw.LONG, Flaw.DUPLICATE, Flaw.NONE]
    made = model(*(Beat(float(n), 900.0, flaw, "rr") for n, flaw in enumerate(flaws)))
    assert rows(made, 10.0)["Beats marked"] == ("2 of 5", "whole session")


def test_beats_from_the_ecg_have_no_delay_to_take_off():
    made = model(StrapKnown(0.0, "s", "polar-h10", 2.6), Beat(1.0, 900.0, Flaw.NONE, "ecg"))
    assert rows(made, 5.0)["Strap's delay"] == ("–", "beats are from the ECG")


def test_requirement_25_an_image_has_no_measures():
    made = model(step(0.0, 1), minute(65.0), SignalQuality(65.0, 60, 0.99, False, None), step(66.0, 4))
    table = rows(made, 70.0)
    measured = [
        said
        for name, said in table.items()
        if name not in ("Usable signal", "Beats marked", "Strap's delay")
    ]
    assert set(measured) == {("–", "not in this step")} and len(measured) == 9
    assert table["Usable signal"][0] == "99 %"


def test_no_measure_is_one_of_those_for_analysis_alone():
    names = " ".join(row.name + row.beside for row in model().practitioner.rows(0.0))
    for word in ("LF", "HF", "VLF", "SD1", "ratio"):
        assert word not in names
