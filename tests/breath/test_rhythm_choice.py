"""The heart says where it swings widest, the person what is comfortable; comfort decides ties."""

import pytest

from breathsync.breath.rhythm_choice import choose
from breathsync.events import Comfort, PaceFelt, SwingByPace
from breathsync.session.rhythm_words import answer_words


def found(best=5.6, low=5.32, high=5.94, *, clear=True):
    return SwingByPace(900.0, best, low, high, clear, 5.0, 40, 5.5, (), (), (), (), ())


def felt(**comforts):
    return [PaceFelt(0.0, float(pace[1:].replace("_", ".")), c) for pace, c in comforts.items()]


def test_a_clear_answer_is_a_range_with_one_decimal():
    choice = choose(found(), [])
    assert (choice.low, choice.high, choice.offered, choice.felt) == (5.3, 5.9, 5.6, None)


def test_inside_the_range_the_more_comfortable_pace_is_offered():
    choice = choose(found(), felt(p5_5=Comfort.EASY, p5_75=Comfort.BETWEEN))
    assert (choice.offered, choice.felt) == (5.5, Comfort.EASY)


def test_comfort_outside_the_range_does_not_move_it():
    assert choose(found(), felt(p6_5=Comfort.EASY)).offered == 5.6


def test_a_pace_that_was_an_effort_gives_way_to_one_nobody_was_asked_about():
    assert choose(found(), felt(p5_5=Comfort.EFFORT)).offered == 5.6


def test_without_a_clear_difference_comfort_alone_chooses():
    answers = felt(p4_5=Comfort.EFFORT, p5_5=Comfort.BETWEEN, p6_5=Comfort.EASY)
    choice = choose(found(clear=False), answers)
    assert (choice.low, choice.high, choice.offered) == (None, None, 6.5)


def test_between_equally_comfortable_paces_the_usual_one_is_nearest():
    choice = choose(None, felt(p4_5=Comfort.EASY, p5_75=Comfort.EASY))
    assert choice.offered == 5.8  # as it is said


def test_without_a_clear_difference_and_answers_nothing_is_offered():
    assert choose(found(clear=False), []).offered is None
    assert choose(found(clear=False), [PaceFelt(0.0, 5.5, None)]).offered is None
    assert choose(None, felt(p5_0=Comfort.EFFORT)).offered is None


def test_the_last_word_about_a_pace_counts():
    answers = [PaceFelt(0.0, 5.5, Comfort.EFFORT), PaceFelt(9.0, 5.5, Comfort.EASY)]
    assert choose(None, answers).felt is Comfort.EASY


@pytest.mark.parametrize(
    ("clear", "said"),
    [(True, "widest around 5.3 to 5.9 breaths a minute"), (False, "No clear difference")],
)
def test_requirement_30_the_answer_is_a_range_or_that_there_is_no_clear_difference(clear, said):
    answer = found(clear=clear)
    words = answer_words(choose(answer, []), answer)
    assert said in words[0]
    assert ("choose by comfort" in words[0]) is not clear
