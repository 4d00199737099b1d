"""What a guide may do to a breath, and what it refuses with a plain explanation."""

import pytest

from breathsync.breath.patterns import EVEN, LONGER_OUT, Pattern, checked_rate
from breathsync.errors import UsageError


def test_even_is_five_and_five_of_ten_seconds():
    assert EVEN.parts_s(10.0) == (5.0, 0.0, 5.0, 0.0)


def test_a_longer_out_breath_is_four_and_six():
    assert LONGER_OUT.parts_s(10.0) == (4.0, 0.0, 6.0, 0.0)


@pytest.mark.parametrize("rate", [4.0, 6.0, 12.0])
def test_targets_between_four_and_twelve_are_taken(rate):
    assert checked_rate(rate) == rate


@pytest.mark.parametrize("rate", [3.9, 12.1, 0.0, -6.0, float("nan")])
def test_other_targets_are_refused_in_words(rate):
    with pytest.raises(UsageError, match="Choose between 4"):
        checked_rate(rate)


def test_the_way_to_a_target_may_start_as_quick_as_24():
    assert checked_rate(24.0, target=False) == 24.0


@pytest.mark.parametrize("rests", [{"rest_full_s": 1.1}, {"rest_empty_s": -0.1}])
def test_rests_longer_than_a_second_are_refused(rests):
    with pytest.raises(UsageError, match="rest"):
        Pattern(**rests)


@pytest.mark.parametrize("share", [0.1, 0.9])
def test_a_breath_needs_both_an_in_and_an_out(share):
    with pytest.raises(UsageError, match="in-breath"):
        Pattern(inhale_share=share)
