"""Leading through a practice: steps in time, words in time, and wishes at once."""

import pytest

from breathsync.events import (
    CueShown,
    GuideShown,
    Marked,
    Noted,
    PaceChanged,
    Paused,
    Softened,
    StepStarted,
)
from breathsync.practice.conductor import GENTLY, Choices, Conductor, Wish
from breathsync.practice.practice_file import Practice, Step, Words, shipped, shipped_names

SMALL = Practice(
    id="small",
    name="small",
    steps=(
        Step("arrive", "Arriving", 10, (Words(0, "hello"), Words(5, "sit well"))),
        Step("slow_down", "Slowing", 60, guide=True, from_per_min=12, pace_per_min=6),
        Step("steady", "Steady", 60, guide=True, pace_per_min=6),
        Step("let_go", "Letting go", 10),
    ),
)


def led(conductor, until, start=0.0):
    found = []
    for quarter in range(int(start * 4), int(until * 4) + 1):
        found += conductor.at(quarter / 4)
    return found


def of(kind, events):
    return [event for event in events if isinstance(event, kind)]


def test_steps_follow_each_other_in_time():
    steps = of(StepStarted, led(Conductor(SMALL), 200))
    assert [(s.time, s.step, s.steps, s.step_kind) for s in steps] == [
        (0, 1, 4, "arrive"),
        (10, 2, 4, "slow_down"),
        (70, 3, 4, "steady"),
        (130, 4, 4, "let_go"),
    ]


def test_words_come_when_they_are_due():
    practice = Practice("p", "p", (Step("arrive", "a", 40, (Words(10, "hello"), Words(15, "sit well"))),))
    cues = of(CueShown, led(Conductor(practice), 30))
    assert [(cue.time, cue.words) for cue in cues] == [(0, GENTLY), (10, "hello"), (15, "sit well")]


def test_words_wait_until_the_first_ones_were_read():
    cues = of(CueShown, led(Conductor(SMALL), 9.75))
    assert [cue.words for cue in cues] == [GENTLY]


def test_the_guide_starts_at_the_persons_rhythm_and_slows_breath_by_breath():
    pace = of(PaceChanged, led(Conductor(SMALL, Choices(own_per_min=15)), 11))[0]
    assert (pace.period_s, pace.lengthen_s, pace.until_period_s, pace.anew) == (4.0, 0.25, 10.0, True)


def test_without_a_known_rhythm_the_practice_says_where_to_start():
    assert of(PaceChanged, led(Conductor(SMALL), 11))[0].period_s == 5.0


def test_the_guide_is_in_sight_only_in_guided_steps():
    shown = of(GuideShown, led(Conductor(SMALL), 140))
    assert [(g.time, g.shown) for g in shown] == [(10, True), (130, False)]


def test_natural_breathing_takes_the_guide_away_and_brings_it_back_where_it_was():
    conductor = Conductor(SMALL)
    led(conductor, 40)
    away = list(conductor.wish(40.0, Wish.NATURAL))
    assert [type(event) for event in away] == [CueShown, GuideShown]
    left_at = conductor.pacer.at(40.0).breaths_per_min
    back = list(conductor.wish(60.0, Wish.NATURAL))
    assert of(PaceChanged, back)[0].period_s == 60 / left_at
    assert of(PaceChanged, back)[0].anew
    assert of(GuideShown, back)[0].shown


def test_natural_breathing_changes_nothing_else():
    plain, free = Conductor(SMALL), Conductor(SMALL)
    led(plain, 40)
    led(free, 40)
    list(free.wish(40.0, Wish.NATURAL))
    rest_plain, rest_free = led(plain, 150, 40.25), led(free, 150, 40.25)
    assert of(StepStarted, rest_plain) == of(StepStarted, rest_free)


def test_softening_takes_everything_away_at_once_and_grounds():
    conductor = Conductor(SMALL)
    led(conductor, 40)
    softened = list(conductor.wish(40.0, Wish.SOFTEN))
    assert {event.time for event in softened} == {40.0}
    assert [type(event) for event in softened] == [Softened, CueShown, GuideShown]
    assert not of(GuideShown, softened)[0].shown
    assert not of(CueShown, led(conductor, 100, 40.25))


def test_the_words_follow_the_guide_away_and_back():
    conductor = Conductor(SMALL)
    led(conductor, 9)
    led(conductor, 40)
    away = of(CueShown, list(conductor.wish(40.0, Wish.SOFTEN)))
    back = of(CueShown, list(conductor.wish(60.0, Wish.SOFTEN)))
    assert away[0].words == "practice.softened"
    assert back[0].words == ""  # this step has said nothing yet


def test_softening_twice_brings_everything_back():
    conductor = Conductor(SMALL)
    led(conductor, 40)
    list(conductor.wish(40.0, Wish.SOFTEN))
    back = list(conductor.wish(50.0, Wish.SOFTEN))
    assert [event.softened for event in of(Softened, back)] == [False]
    assert of(GuideShown, back)[0].shown


def test_natural_breathing_where_there_is_no_guide_changes_nothing():
    conductor = Conductor(SMALL)
    led(conductor, 5)
    assert list(conductor.wish(5.0, Wish.NATURAL)) == []


def test_a_pause_holds_the_steps_and_going_on_begins_with_an_in_breath():
    conductor = Conductor(SMALL)
    led(conductor, 30)
    held = list(conductor.wish(30.0, Wish.PAUSE))
    assert of(Paused, held)[0].paused and not of(GuideShown, held)[0].shown
    assert led(conductor, 90, 30.25) == []
    on = list(conductor.wish(90.0, Wish.PAUSE))
    assert of(PaceChanged, on)[0].anew and of(GuideShown, on)[0].shown
    assert [s.time for s in of(StepStarted, led(conductor, 200, 90.25))] == [130, 190]


def test_marks_and_notes_are_kept_as_said():
    conductor = Conductor(SMALL)
    led(conductor, 5)
    assert list(conductor.wish(5.5, Wish.MARK)) == [Marked(5.5)]
    assert list(conductor.wish(6.5, Wish.NOTE, "shoulders dropped")) == [Noted(6.5, "shoulders dropped")]


def test_a_practice_ends_by_itself_or_when_wished():
    by_itself, wished = Conductor(SMALL), Conductor(SMALL)
    led(by_itself, 141)
    assert by_itself.finished
    led(wished, 5)
    list(wished.wish(5.0, Wish.FINISH))
    assert wished.finished


@pytest.mark.parametrize("name", shipped_names())
def test_requirement_6_no_deeper_than_easy_is_said_before_every_session_and_where_it_slows(name):
    practice = shipped(name)
    events = led(Conductor(practice), practice.length_s)
    said = [cue.time for cue in of(CueShown, events) if cue.words == GENTLY]
    slowing = [step.time for step in of(StepStarted, events) if step.step_kind == "slow_down"]
    assert set(said) == {0.0, *slowing}


def test_the_shipped_practice_lasts_ten_minutes():
    assert shipped().length_s == 600
