"""The guide waits for people: what it hears, what it does, and what only RR may do."""

import pytest
from benchmarks.listening import PEOPLE
from benchmarks.listening import led as session

from breathsync.events import BreathEstimate, BreathSource, PaceChanged
from breathsync.practice.conductor import Choices, Conductor, Wish
from breathsync.practice.practice_file import Practice, Step

PRACTICE = Practice(
    "p",
    "p",
    (
        Step("notice", "n", 60),
        Step("slow_down", "s", 240, guide=True, pace_per_min=6, lengthen_s=0.25),
        Step("steady", "s", 120, guide=True, pace_per_min=6),
    ),
)


def led(breath, until=420, *, source=BreathSource.RR_ECG, confidence=0.9, choices=None, wishes=()):
    """A session with somebody whose breath is `breath(time, guide)` breaths a minute, as it is heard."""
    conductor = Conductor(PRACTICE, choices)
    events = []
    for quarter in range(until * 4):
        now = quarter / 4
        events += conductor.at(now)
        for at, wish in wishes:
            if at == now:
                events += conductor.wish(now, wish)
        if quarter % 4 == 0 and now >= 10:
            guide = conductor.guide_at(now - 10)
            rate = breath(now - 10, guide[1] if guide else None)
            conductor.hear(now, BreathEstimate(now - 10, rate, confidence, source, settled=True))
    return conductor, [event for event in events if isinstance(event, PaceChanged)]


def reasons(paces):
    return [pace.reason for pace in paces]


def follows(_time, guide):
    return guide or 13.0


def stays(per_min):
    return lambda _time, _guide: per_min


def test_who_follows_is_led_as_if_nobody_listened():
    _, paces = led(follows)
    assert reasons(paces) == ["slow_down", "steady"]


def test_requirement_2_the_own_rhythm_is_measured_where_breath_is_heard_with_confidence():
    _, paces = led(stays(15.0), 61)
    assert 60 / paces[0].period_s == pytest.approx(15.0)


@pytest.mark.parametrize(("source", "confidence"), [(BreathSource.RR, 0.95), (BreathSource.RR_ECG, 0.5)])
def test_the_rhythm_in_rr_or_an_unsure_breath_is_nobodys_own_rhythm(source, confidence):
    _, paces = led(stays(15.0), 61, source=source, confidence=confidence)
    assert paces[0].period_s == 5.0


def test_what_a_person_said_of_their_rhythm_comes_before_what_is_measured():
    _, paces = led(stays(15.0), 61, choices=Choices(own_per_min=10))
    assert paces[0].period_s == 6.0


def test_it_comes_half_way_to_meet_who_stays_above_waits_and_tries_again():
    _, paces = led(stays(12.0))
    assert reasons(paces)[:2] == ["slow_down", "meets"]
    assert "tries_again" in reasons(paces)
    first, meets = paces[:2]
    guide = 60 / (meets.period_s + 0.5)
    assert 60 / meets.until_period_s == pytest.approx((guide + 12.0) / 2, abs=0.6)
    assert meets.time - first.time < 60


def test_each_try_is_gentler_than_the_last():
    _, paces = led(stays(12.0))
    steps = [pace.lengthen_s for pace in paces if pace.reason == "tries_again"]
    assert len(steps) >= 2
    assert steps == sorted(steps, reverse=True)
    assert steps[0] < 0.25


def test_while_it_waits_at_the_next_step_it_goes_on_waiting():
    _, paces = led(stays(12.0))
    meets = [pace.time for pace in paces if pace.reason == "meets"]
    assert any(at < 300 for at in meets)
    assert sum(pace.reason == "steady" for pace in paces) <= 1


def test_who_settled_below_is_followed():
    conductor, paces = led(lambda time, guide: 12.0 if time < 120 else 5.0)
    assert "follows" in reasons(paces)
    assert conductor.pacer.at(415.0).breaths_per_min == pytest.approx(5.0, abs=0.3)


def test_rr_alone_only_stops_the_slowing_for_a_while():
    _, paces = led(stays(12.0), source=BreathSource.RR)
    assert set(reasons(paces)) <= {"slow_down", "steady", "waits", "tries_again"}
    assert "waits" in reasons(paces)


def test_near_six_a_minute_rr_alone_does_nothing_to_a_guide_that_is_quicker():
    """A vessel wave at 0.1 Hz looks like six breaths a minute."""
    _, paces = led(stays(6.0), source=BreathSource.RR)
    assert set(reasons(paces)) == {"slow_down", "steady"}


def test_what_is_heard_without_confidence_changes_nothing():
    _, paces = led(stays(16.0), confidence=0.6)
    assert reasons(paces) == ["slow_down", "steady"]


def test_a_kept_rhythm_stays_whatever_is_heard():
    _, paces = led(stays(14.0), wishes=[(80.0, Wish.KEEP)])
    assert reasons(paces)[-1] in ("kept", "steady")
    assert "meets" not in reasons(paces)


def test_one_switch_turns_listening_off():
    _, paces = led(stays(16.0), choices=Choices(listens=False))
    assert reasons(paces) == ["slow_down", "steady"]


@pytest.mark.parametrize("kind", PEOPLE)
def test_simulated_people_are_nearer_to_a_guide_that_listens(kind):
    """A slice of `benchmarks.listening`: who follows anyway loses little, everybody else is not dragged."""
    pairs = [
        (session(kind, seed, listens=True), session(kind, seed, listens=False)) for seed in range(1, 5)
    ]
    near = [sum(one.near_share for one in arm) / 4 for arm in zip(*pairs, strict=True)]
    gap = [sum(one.largest_gap for one in arm) / 4 for arm in zip(*pairs, strict=True)]
    if kind == "attentive":
        assert near[0] > near[1] - 0.15
    else:
        assert near[0] > near[1]
        assert gap[0] < gap[1]
