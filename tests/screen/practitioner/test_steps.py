"""Where a session is in its steps."""

import pytest
from tests.screen.practitioner.events import PLAN, guide, model, step

from breathsync.events import GuideShown, Paused
from breathsync.session.plan import NO_PLAN, Plan


def where(made, now, plan=PLAN):
    return made.practitioner.steps.at(now, plan)


def test_before_it_begins_all_is_to_come():
    seen = where(model(), 0.0)
    assert (seen.on, seen.length_s, seen.left_s) == (None, 360.0, 360.0)
    assert [(s.start_s, s.end_s) for s in seen.segments] == [
        (0, 60),
        (60, 120),
        (120, 240),
        (240, 300),
        (300, 360),
    ]


def test_the_step_that_is_on_says_how_long_still():
    seen = where(model(step(0.0, 1), step(60.0, 2)), 75.0)
    assert (seen.on, seen.left_in_step_s, seen.left_s) == (1, 45.0, 285.0)


def test_what_was_stands_as_it_was_and_what_comes_follows_it():
    seen = where(model(step(0.0, 1), step(47.0, 2)), 50.0)
    assert [(s.start_s, s.end_s) for s in seen.segments[:3]] == [(0, 47), (47, 107), (107, 227)]


def test_while_it_is_on_hold_the_end_moves_away():
    made = model(step(0.0, 1), Paused(20.0, paused=True))
    assert where(made, 50.0).left_in_step_s == pytest.approx(40.0)
    assert where(made, 55.0).left_in_step_s == pytest.approx(40.0)
    made.push(56.0, Paused(56.0, paused=False))
    assert where(made, 60.0).left_in_step_s == pytest.approx(36.0)


def test_a_step_that_goes_on_longer_than_planned_never_has_less_than_nothing_left():
    assert where(model(step(0.0, 1)), 80.0).left_in_step_s == 0.0


def test_a_step_that_counts_breaths_lasts_about_as_planned():
    made = model(step(0.0, 1), step(60.0, 2), step(120.0, 3, length_s=0.0), *guide(120.0))
    assert where(made, 130.0).left_in_step_s == pytest.approx(110.0)


def test_a_step_is_guided_where_a_guide_was_seen_also_without_a_plan():
    made = model(step(0.0, 1), step(60.0, 3), *guide(60.0), GuideShown(90.0, shown=False), step(100.0, 5))
    assert [s.guided for s in where(made, 110.0, NO_PLAN).segments] == [False, True, False]


def test_time_that_is_not_planned_in_steps_has_no_title():
    seen = where(model(step(0.0, 1)), 10.0, Plan(steps=PLAN.steps[:2], length_s=600.0))
    assert (seen.segments[-1].title, seen.segments[-1].end_s, seen.left_s) == ("", 600.0, 590.0)


def test_a_session_that_is_cut_short_ends_there():
    seen = where(model(step(0.0, 1)), 10.0, Plan(steps=PLAN.steps, length_s=30.0, until_s=30.0))
    assert (seen.left_in_step_s, seen.left_s) == (20.0, 20.0)


def test_rest_is_unguided_and_begins_anew_when_a_guide_leaves():
    made = model(step(0.0, 1), step(60.0, 2))
    steps = made.practitioner.steps
    assert steps.rest_since == 0.0  # both ask for nothing: one rest
    for event in guide(70.0):
        made.push(70.0, event)
    assert steps.rest_since is None
    made.push(80.0, GuideShown(80.0, shown=False))
    assert steps.rest_since == 80.0
    made.push(120.0, step(120.0, 3))
    assert steps.rest_since is None


def test_requirement_25_an_image_is_hidden_from_its_beginning_to_its_end():
    made = model(step(0.0, 1), step(60.0, 4))
    steps = made.practitioner.steps
    assert steps.unmeasured and steps.hidden(60.0) and not steps.hidden(59.0)
    made.push(120.0, step(120.0, 5))
    assert not steps.unmeasured
    assert steps.hidden(119.0) and not steps.hidden(120.0)
