"""Finding a rhythm: three protocols, a question after each pace, a guide that replays as it was shown."""

from itertools import pairwise

import pytest
from tests.helpers import heard

from breathsync.breath.rhythm_finding import FIND, SETTLE
from breathsync.events import (
    Comfort,
    GuideFollowed,
    Input,
    PaceAsked,
    PaceChanged,
    PaceFelt,
    RsaCycle,
    StepStarted,
    SwingByPace,
)
from breathsync.practice.conductor import Wish
from breathsync.practice.practice_file import KINDS, shipped, shipped_names
from breathsync.practice.rhythm_conductor import RhythmConductor
from breathsync.practice.rhythm_protocols import PROTOCOLS


def seen(time=0.0, widest=5.5, following=5.25):
    paces = (4.5, 5.0, 5.5, 6.0, 6.5)
    swings = tuple(10 - abs(pace - widest) for pace in paces)
    return SwingByPace(time, 5.5, 5.2, 5.8, True, 3.0, 30, following, (), (), (), paces, swings)


def led(conductor, until=2000.0, start=0.0, tell=None):
    found = []
    for quarter in range(int(start * 4), int(until * 4) + 1):
        if tell is not None:
            conductor.hear(quarter / 4, tell)
        found += conductor.at(quarter / 4)
        if conductor.finished:
            break
    return found


def of(kind, events):
    return [event for event in events if isinstance(event, kind)]


def paces_of(protocol, tell=None):
    """Where the guide goes in each stretch."""
    changes = of(PaceChanged, led(RhythmConductor(PROTOCOLS[protocol]), tell=tell))
    return [60 / change.until_period_s for change in changes if change.reason == FIND]


def test_it_arrives_settles_looks_and_lets_go():
    kinds = [step.step_kind for step in of(StepStarted, led(RhythmConductor(PROTOCOLS["stepped"])))]
    assert kinds[:2] == ["arrive", SETTLE]
    assert set(kinds[2:-1]) == {FIND}
    assert kinds[-1] == "let_go"


def test_requirement_30_stepped_breathes_five_paces_for_two_minutes_each():
    steps = of(StepStarted, led(RhythmConductor(PROTOCOLS["stepped"]), tell=seen()))
    starts = [step.time for step in steps if step.step_kind in (FIND, "let_go")]
    assert paces_of("stepped", seen()) == pytest.approx([6.5, 6.0, 5.5, 5.0, 4.5])
    lengths = [b - a for a, b in pairwise(starts)]
    assert all(100 <= length <= 130 for length in lengths)


@pytest.mark.parametrize(("widest", "beyond"), [(6.5, 7.0), (4.5, 4.0)])
def test_requirement_30_stepped_goes_on_where_the_widest_swing_is_at_an_end(widest, beyond):
    assert paces_of("stepped", seen(widest=widest))[5:] == pytest.approx([beyond])


def test_requirement_30_sliding_is_78_breaths_each_67_ms_longer():
    conductor = RhythmConductor(PROTOCOLS["sliding"])
    found = led(conductor)
    changes = [change for change in of(PaceChanged, found) if change.reason == FIND]
    assert {round(change.lengthen_s, 5) for change in changes} == {0.06704}
    steps = [step.time for step in of(StepStarted, found) if step.step_kind in (FIND, "let_go")]
    assert steps[-1] - steps[0] == pytest.approx(895, abs=12)
    end = conductor.pacer.at(steps[-1])
    assert end is not None
    assert end.breaths_per_min == pytest.approx(4.25, abs=0.05)


def test_adaptive_looks_at_five_paces_and_then_goes_where_most_is_to_be_learnt():
    paces = paces_of("adaptive", seen(following=5.25))
    assert paces[:5] == pytest.approx([6.5, 6.0, 5.5, 5.0, 4.5])
    assert len(paces) > 10
    assert paces[5:] == pytest.approx([5.25] * len(paces[5:]))


def test_adaptive_takes_fifteen_minutes():
    steps = of(StepStarted, led(RhythmConductor(PROTOCOLS["adaptive"]), tell=seen()))
    starts = [step.time for step in steps if step.step_kind in (FIND, "let_go")]
    assert starts[-1] - starts[0] == pytest.approx(900, abs=45)


def test_adaptive_goes_on_without_a_strap():
    paces = paces_of("adaptive")
    assert paces == pytest.approx(([6.5, 6.0, 5.5, 5.0, 4.5] * 4)[: len(paces)])
    assert len(paces) >= 14


def test_after_each_pace_the_person_is_asked_about_the_one_that_ended():
    found = led(RhythmConductor(PROTOCOLS["stepped"]), tell=seen())
    assert [asked.breaths_per_min for asked in of(PaceAsked, found)] == [6.5, 6.0, 5.5, 5.0, 4.5]


def asked_conductor():
    conductor = RhythmConductor(PROTOCOLS["stepped"])
    found = led(conductor, until=235.0, tell=seen())
    return conductor, of(PaceAsked, found)[-1]


def test_an_answer_is_about_the_pace_that_was_asked_about():
    conductor, asked = asked_conductor()
    answers = list(conductor.wish(236.0, Wish.FELT, "easy"))
    assert answers == [PaceFelt(236.0, asked.breaths_per_min, Comfort.EASY)]


def test_one_key_passes_the_question_by_and_it_is_not_asked_again():
    conductor, asked = asked_conductor()
    assert list(conductor.wish(236.0, Wish.FELT)) == [PaceFelt(236.0, asked.breaths_per_min, None)]
    assert list(conductor.wish(237.0, Wish.FELT, "easy")) == []


def test_a_question_that_nobody_answers_goes_by_itself():
    conductor, asked = asked_conductor()
    answers = of(PaceFelt, led(conductor, until=280.0, start=235.25, tell=seen()))
    assert [answer.comfort for answer in answers] == [None]
    assert answers[0].time - asked.time <= 26


def test_the_pace_is_the_searchs_own():
    conductor, _ = asked_conductor()
    for wish in (Wish.KEEP, Wish.SLOWER, Wish.QUICKER):
        assert list(conductor.wish(236.0, wish)) == []


def test_softening_works_as_ever():
    conductor, _ = asked_conductor()
    assert conductor.guide_at(236.0) is not None
    assert list(conductor.wish(236.0, Wish.SOFTEN))
    assert conductor.guide_at(236.5) is None


# --- the stage: which breaths count ---


def cycles(count, *, followed, clean=True, kind=FIND):
    """Breaths under a guide as the stage hears them, pushed by hand."""
    from breathsync.breath.rhythm_finding import RhythmFinding

    stage, found = RhythmFinding(), []
    found += stage.push(StepStarted(0.0, "p", 1, 1, kind, "t"))
    for n in range(1, count + 1):
        if followed is not None:
            for second in range(10):
                found += stage.push(GuideFollowed(10.0 * n - 10 + second, followed))
        found += stage.push(RsaCycle(10.0 * n, 8.0 + n % 3, 6.0, clean))
    return found


def test_every_second_breath_counts_as_each_swing_spans_two():
    assert len(cycles(20, followed=0.9)) == 10


@pytest.mark.parametrize(
    "how", [{"followed": 0.2}, {"followed": None}, {"followed": 0.9, "clean": False}], ids=str
)
def test_a_breath_counts_only_if_it_is_clean_and_the_guide_was_followed(how):
    assert cycles(20, **how) == []


def test_breaths_on_the_way_to_the_first_pace_do_not_count():
    assert cycles(20, followed=0.9, kind=SETTLE) == []


def test_in_any_other_session_it_says_nothing():
    assert cycles(20, followed=0.9, kind="steady") == []


def simulated(scenario="steady-practice", protocol="adaptive", seed=3):
    """A whole search with a simulated person: its inputs, and all that followed."""
    from breathsync.session.live import LiveSession
    from breathsync.session.pipeline import pipeline
    from breathsync.session.simulation import SCENARIOS, strap_of
    from breathsync.session.sitting import Sitting

    conductor, told = RhythmConductor(PROTOCOLS[protocol]), []
    strap = strap_of(SCENARIOS[scenario], conductor.guide_at, seed)
    live = LiveSession(Sitting(pipeline(), [lambda at, event: told.append(event)]), conductor)
    moment = 0.0
    while not live.ended:
        for event in strap.until(moment):
            live.advance(event.time)
            live.take(event)
        live.advance(moment)
        moment += 0.25
    return told


@pytest.fixture(scope="module")
def search():
    return simulated()


def test_a_simulated_search_finds_the_peak_that_the_person_has(search):
    last = of(SwingByPace, search)[-1]
    assert last.observations >= 30
    assert last.low_per_min - 0.1 <= 5.8 <= last.high_per_min + 0.1


def test_a_replay_of_the_inputs_gives_the_same_answer_and_the_same_guide(search):
    inputs = [event for event in search if isinstance(event, Input)]
    again = [event for _, event in heard(inputs)]
    assert of(SwingByPace, again) == of(SwingByPace, search)
    assert of(PaceChanged, inputs)


def test_requirement_30_no_practice_looks_for_a_rhythm_by_itself():
    """It is a command of its own: nobody meets it who did not ask for it."""
    assert not {FIND, SETTLE} & set(KINDS)
    kinds = {step.kind for name in shipped_names() for step in shipped(name).steps}
    assert not {FIND, SETTLE} & kinds
