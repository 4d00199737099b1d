"""The guide's way from a person's own rhythm into a slow one."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breathsync.breath.patterns import LONGER_OUT, Pattern
from breathsync.errors import UsageError
from breathsync.events import BreathPart
from breathsync.practice.path import Path, Slope

SLOW = Slope(target_per_min=6.0)


def breaths(path, start, end):
    """When each breath of the guide begins."""
    return [s.time for s in path.pacer.steps(start - 1e-9, end) if s.part is BreathPart.IN]


def lengths(path, start, end):
    return [round(b - a, 6) for a, b in pairwise(breaths(path, start, end))]


def rate(path, time):
    return round(path.at(time).breaths_per_min, 4)


def test_requirement_2_it_begins_at_the_persons_own_rhythm_and_each_breath_is_a_quarter_second_longer():
    path = Path(own_per_min=15)
    path.begin(10.0, SLOW, reason="slow_down")
    assert lengths(path, 10.0, 60.0)[:4] == [4.0, 4.25, 4.5, 4.75]
    assert rate(path, 400.0) == 6.0


def test_requirement_2_without_a_known_rhythm_it_begins_where_the_practice_says_or_at_12():
    for slope, first in ((Slope(6.0, from_per_min=10.0), 6.0), (SLOW, 5.0)):
        path = Path()
        path.begin(0.0, slope, reason="slow_down")
        assert lengths(path, 0.0, 20.0)[0] == first


@pytest.mark.parametrize(("own", "begins"), [(40, 24.0), (2, 4.0)])
def test_it_begins_within_what_a_guide_may_breathe(own, begins):
    path = Path(own_per_min=own)
    path.begin(0.0, SLOW, reason="slow_down")
    assert rate(path, 0.0) == begins


def test_who_breathes_slower_than_the_target_is_not_hurried():
    path = Path(own_per_min=5.0)
    path.begin(0.0, SLOW, reason="slow_down")
    path.go_on(60.0, SLOW, reason="steady")
    assert rate(path, 200.0) == 5.0


def test_requirement_3_four_in_six_out_and_short_rests_are_there_by_choice_and_no_more():
    path = Path(own_per_min=6.0, shape=LONGER_OUT)
    path.begin(0.0, SLOW, reason="steady")
    assert [round(s.lasts_s, 6) for s in path.pacer.steps(-1, 9.9)] == [4.0, 6.0]
    with pytest.raises(UsageError, match="too long to be comfortable"):
        Pattern(rest_full_s=1.5)


def test_requirement_4_keeping_this_rhythm_holds_within_one_breath_and_letting_it_go_slows_again():
    path = Path(own_per_min=12)
    path.begin(0.0, SLOW, reason="slow_down")
    path.keep(30.0)
    kept = lengths(path, 30.0, 90.0)
    assert len(set(kept)) == 1
    path.go_on(60.0, SLOW, reason="steady")
    assert lengths(path, 60.0, 200.0)[-1] == kept[0]
    path.keep(90.0)
    assert lengths(path, 90.0, 300.0)[-1] == 10.0


@pytest.mark.parametrize(("by", "after"), [(-0.25, 5.75), (0.25, 6.25)])
def test_requirement_4_slower_and_quicker_by_a_quarter_breath_a_minute_and_kept(by, after):
    path = Path(own_per_min=6.0)
    path.begin(0.0, SLOW, reason="steady")
    path.nudge(3.0, by)
    assert (rate(path, 9.9), rate(path, 10.1)) == (6.0, after)
    path.go_on(30.0, SLOW, reason="steady")
    assert rate(path, 100.0) == after


def test_several_presses_within_a_breath_add_up():
    path = Path(own_per_min=6.0)
    path.begin(0.0, SLOW, reason="steady")
    for _ in range(3):
        path.nudge(3.0, -0.25)
    assert rate(path, 11.0) == 5.25


def test_no_hand_leads_it_out_of_four_to_twelve():
    for by, limit in ((-0.25, 4.0), (0.25, 12.0)):
        path = Path(own_per_min=6.0)
        path.begin(0.0, SLOW, reason="steady")
        for press in range(60):
            path.nudge(press / 10, by)
        assert rate(path, 40.0) == limit


def test_it_comes_to_meet_a_person_breath_by_breath_and_never_quicker_than_it_began():
    path = Path(own_per_min=12)
    path.begin(0.0, SLOW, reason="slow_down")
    path.meet(100.0, 10.0, reason="meets")
    shortened = lengths(path, 100.0, 200.0)
    assert all(-0.5001 <= b - a <= 0 for a, b in pairwise(shortened))
    assert shortened[-1] == 6.0
    path.meet(200.0, 20.0, reason="meets")
    assert rate(path, 300.0) == 12.0


def test_who_settled_below_it_is_followed_and_not_hurried_later():
    path = Path(own_per_min=12)
    path.begin(0.0, SLOW, reason="slow_down")
    path.settle(200.0, 5.0, reason="follows")
    path.go_on(300.0, SLOW, reason="steady")
    assert rate(path, 400.0) == 5.0


moves = st.lists(
    st.tuples(
        st.floats(0.1, 20),
        st.sampled_from(["keep", "slower", "quicker", "meet", "settle", "hold", "lengthen", "go_on"]),
        st.floats(3.0, 26.0),
    ),
    max_size=25,
)


@given(st.floats(3, 26), moves)
def test_whatever_happens_the_phase_never_jumps_and_no_breath_changes_its_rate(own, wishes):
    """Property: continuous, forward only, and one rate a breath (requirement 2)."""
    path = Path(own_per_min=own)
    path.begin(0.0, SLOW, reason="slow_down")
    now = 0.0
    moments = []
    for wait, move, per_min in wishes:
        now += wait
        before = path.at(now)
        match move:
            case "keep":
                path.keep(now)
            case "slower" | "quicker":
                path.nudge(now, -0.25 if move == "slower" else 0.25)
            case "meet":
                path.meet(now, per_min, reason="meets")
            case "settle":
                path.settle(now, per_min, reason="follows")
            case "hold":
                path.hold(now, reason="waits")
            case "lengthen":
                path.lengthen(now, share=0.5, reason="tries_again")
            case "go_on":
                path.go_on(now, Slope(8.0), reason="steady")
        after = path.at(now)
        assert after.turns == pytest.approx(before.turns, abs=1e-9)
        assert after.breaths_per_min == pytest.approx(before.breaths_per_min, abs=1e-9)
        moments.append(now)
    rates: dict[int, set[float]] = {}
    last = -1.0
    for step in range(int((now + 30) / 0.1)):
        position = path.at(step * 0.1)
        if position is None:
            continue
        assert position.turns >= last - 1e-9
        assert position.turns - last < 1.0 or last < 0
        last = position.turns
        rates.setdefault(position.breath, set()).add(round(position.breaths_per_min, 6))
        assert 4.0 - 1e-6 <= position.breaths_per_min <= 24.0 + 1e-6
    assert all(len(seen) == 1 for seen in rates.values())


def test_over_an_hour_of_changes_the_phase_is_on_its_path_within_a_millisecond():
    """The path as plain sums of breaths, in exact arithmetic, against the pacer after an hour of nudges."""
    from fractions import Fraction

    path = Path(own_per_min=6.0)
    path.begin(0.0, SLOW, reason="steady")
    begins, period, per_min = Fraction(0), Fraction(10), Fraction(6)
    count, presses = 0, 0
    while begins < 3600:
        count += 1
        begins += period
        if count % 7 == 0:  # in the breath that begins now: it holds from the next one on
            step = Fraction(-1, 4) if presses % 2 == 0 else Fraction(1, 4)
            path.nudge(float(begins) + 1.0, float(step))
            begins += period
            count += 1
            per_min += step
            period = 60 / per_min
            presses += 1
    just_begun = path.at(float(begins) + 1e-3)
    assert presses > 30
    assert just_begun.breath == count
    assert just_begun.progress * float(period) / 2 == pytest.approx(1e-3, abs=1e-3)
