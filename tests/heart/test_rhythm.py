"""The rhythm match, live: only under a guide in sight, at a steady pace, over a whole window."""

from tests.heart.test_swing import beats_with_swing
from tests.helpers import heard, only, placed

from breathsync.events import GuideShown, PaceChanged, RhythmMatch


def matches(per_min=6.0, guide=(), **more):
    ends, rr = beats_with_swing(per_min, 12.0, **more)
    return only(RhythmMatch, heard([*guide, *placed(ends, rr)]))


GUIDE = (PaceChanged(0.0, 10.0), GuideShown(0.0, shown=True))


def test_without_a_guide_there_is_nothing_to_match():
    assert matches() == []


def test_who_breathes_with_the_guide_matches_it():
    told = [m for m in matches(guide=GUIDE, noise_ms=5) if m.match is not None]
    assert {m.window_s for m in told} == {64, 120}
    assert all(m.match > 0.85 for m in told)


def test_requirement_12_a_window_is_waited_for():
    assert all((m.match is None) == (m.time < m.window_s) for m in matches(guide=GUIDE))
    assert {m.withheld for m in matches(guide=GUIDE) if m.match is None} == {"too_short"}


def test_while_the_pace_changes_nothing_is_said():
    guide = (PaceChanged(0.0, 5.0, lengthen_s=0.25, until_period_s=10.0), GuideShown(0.0, shown=True))
    told = {m.withheld for m in matches(guide=guide, seconds=120) if m.time >= 70}
    assert told <= {"pace_changing", "too_short"}


def test_who_breathes_otherwise_does_not_match():
    told = [m.match for m in matches(per_min=15.0, guide=GUIDE) if m.match is not None]
    assert told and max(told) < 0.3
