"""A person's own rhythm, tapped with each in-breath."""

import pytest

from breathsync.practice.own_rhythm import TappedRhythm


def tapped(*times):
    rhythm = TappedRhythm()
    for time in times:
        rhythm.tap(time)
    return rhythm


def test_requirement_2_four_taps_tell_a_rhythm():
    assert tapped(0, 4, 8).per_min is None
    assert tapped(0, 4, 8).still_needed == 1
    assert tapped(0, 4, 8, 12).per_min == 15.0


def test_one_tap_too_late_does_not_change_it():
    assert tapped(0, 4, 8, 12, 19, 23).per_min == 15.0


def test_a_key_that_bounces_is_one_tap():
    assert tapped(0, 0.1, 4, 4.05, 8, 12).per_min == 15.0


def test_after_a_long_pause_it_begins_anew():
    assert tapped(0, 4, 8, 60).still_needed == 3


@pytest.mark.parametrize(("apart", "rate"), [(2.0, 24.0), (20.0, 4.0)])
def test_it_stays_within_what_a_guide_may_breathe(apart, rate):
    assert tapped(*(apart * n for n in range(6))).per_min == rate
