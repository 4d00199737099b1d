"""The guide's breath: continuous, whatever changes, and exact over an hour."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breathsync.breath.pacer import Pacer, PacerSteps
from breathsync.events import BreathPart, PaceChanged, PacerStep, Tick


def pacer(*changes):
    made = Pacer()
    for change in changes:
        made.change(change)
    return made


def test_before_the_first_pace_there_is_no_guide():
    assert Pacer().at(3.0) is None
    assert pacer(PaceChanged(10.0, 10.0)).at(9.9) is None


def test_a_breath_of_ten_seconds_is_five_in_and_five_out():
    guide = pacer(PaceChanged(0.0, 10.0))
    assert [guide.at(t).part for t in (0.0, 4.9, 5.1, 9.9, 10.1)] == ["in", "in", "out", "out", "in"]
    assert guide.at(0.0).fullness == 0
    assert guide.at(2.5).fullness == pytest.approx(0.5)
    assert guide.at(5.0).fullness == pytest.approx(1.0)
    assert guide.at(2.5).breaths_per_min == 6.0


def test_a_longer_out_breath_and_rests_take_their_share():
    guide = pacer(PaceChanged(0.0, 12.0, inhale_share=0.4, rest_full_s=1.0, rest_empty_s=1.0))
    steps = list(guide.steps(-1.0, 11.9))
    assert [(s.part, round(s.time, 6), round(s.lasts_s, 6)) for s in steps] == [
        ("in", 0.0, 4.0),
        ("full", 4.0, 1.0),
        ("out", 5.0, 6.0),
        ("empty", 11.0, 1.0),
    ]


def test_each_breath_is_a_little_longer_until_the_target():
    guide = pacer(PaceChanged(0.0, 5.0, lengthen_s=0.25, until_period_s=10.0))
    starts = [s.time for s in guide.steps(-1.0, 400.0) if s.part is BreathPart.IN]
    lengths = [round(b - a, 6) for a, b in pairwise(starts)]
    assert lengths[:4] == [5.0, 5.25, 5.5, 5.75]
    assert lengths[20:24] == [10.0, 10.0, 10.0, 10.0]


def test_the_sliding_protocol_takes_78_breaths_and_895_seconds():
    """Fisher & Lehrer 2022: 6.75 to 4.25 a minute, 67.04 ms longer each breath (practice.md 3.1)."""
    guide = pacer(PaceChanged(0.0, 60 / 6.75, lengthen_s=0.06704, until_period_s=60 / 4.25))
    starts = [s.time for s in guide.steps(-1.0, 1000.0) if s.part is BreathPart.IN]
    sliding = [a for a, b in pairwise(starts) if b - a < 60 / 4.25 - 1e-9]
    assert len(sliding) == 78
    assert starts[78] == pytest.approx(895, abs=5)


def test_a_guide_that_was_out_of_sight_begins_anew_with_an_in_breath():
    guide = pacer(PaceChanged(0.0, 10.0), PaceChanged(7.0, 8.0, anew=True))
    position = guide.at(7.0)
    assert (position.part, position.progress, position.breath) == ("in", 0.0, 1)


def test_over_an_hour_the_phase_stays_on_its_path_within_a_millisecond():
    guide = pacer(PaceChanged(0.0, 7.3, inhale_share=0.45))
    for breath in (1, 100, 493):
        just_begun = guide.at(breath * 7.3 + 1e-3)
        assert just_begun.breath == breath
        assert just_begun.progress * 7.3 * 0.45 == pytest.approx(1e-3, abs=1e-3)


def test_a_change_planned_for_later_is_replaced_by_an_earlier_one():
    guide = pacer(PaceChanged(0.0, 10.0), PaceChanged(40.0, 5.0), PaceChanged(20.0, 8.0))
    assert guide.at(60.0).breaths_per_min == 60 / 8


paces = st.builds(
    PaceChanged,
    time=st.floats(0, 300),
    period_s=st.floats(2.5, 15),
    inhale_share=st.floats(0.2, 0.8),
    rest_full_s=st.floats(0, 1),
    rest_empty_s=st.floats(0, 1),
    lengthen_s=st.sampled_from([-0.5, 0.0, 0.25]),
    until_period_s=st.one_of(st.none(), st.floats(5, 15)),
)


@given(st.lists(paces, min_size=1, max_size=12))
def test_no_change_ever_makes_the_guide_jump(changes):
    """The steepest that a breath can be: a quarter second of in-breath cannot be asked for."""
    changes = sorted(changes, key=lambda change: change.time)
    guide = pacer(*changes)
    for change in changes[1:]:
        before, after = guide.at(change.time - 1e-4), guide.at(change.time + 1e-4)
        if before is not None:
            assert abs(after.fullness - before.fullness) < 0.01
            assert after.turns >= before.turns - 1e-9


@given(st.lists(paces, min_size=1, max_size=6))
def test_the_guide_only_goes_forward(changes):
    guide = pacer(*sorted(changes, key=lambda change: change.time))
    positions = [guide.at(t * 0.37) for t in range(1000)]
    turns = [p.turns for p in positions if p is not None]
    assert turns == sorted(turns)


def test_the_stage_tells_every_part_once():
    stage = PacerSteps()
    told = list(stage.push(Tick(0.0)))
    told += stage.push(PaceChanged(0.0, 10.0))
    for quarter in range(1, 81):
        if quarter == 40:
            told += stage.push(Tick(10.0))
            told += stage.push(PaceChanged(10.0, 8.0))
        else:
            told += stage.push(Tick(quarter / 4))
    assert all(isinstance(step, PacerStep) for step in told)
    assert [(s.breath, s.part.value, s.time) for s in told] == [
        (0, "in", 0.0),
        (0, "out", 5.0),
        (1, "in", 10.0),
        (1, "out", 14.0),
        (2, "in", 18.0),
    ]


def test_hours_of_breath_need_little_memory():
    guide = pacer(PaceChanged(0.0, 10.0))
    for second in range(0, 8 * 3600, 5):
        guide.at(second)
    assert len(guide._chain) < 1000
