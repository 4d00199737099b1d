"""The breathing rate of every second: from RR the rhythm in the heart rate, with ECG the breath."""

import numpy as np
import pytest
from tests.heart.hearts import ecg
from tests.helpers import heard, only, placed

from breathsync.breath import rate_features
from breathsync.breath.respiration_rate import load_weights
from breathsync.events import (
    Beat,
    BreathEstimate,
    BreathSource,
    GuideFollowed,
    GuideShown,
    InBreathEnd,
    PaceChanged,
    QrsShape,
    Samples,
    SwingMean,
    Synchrony,
)

RATE = 130.0


def beats(per_min, seconds=200.0, swing_s=0.06, mean_s=0.85, noise_s=0.0, seed=1):
    """When heartbeats are whose intervals swing with a breath; full at a quarter of each breath."""
    rng = np.random.default_rng(seed)
    times = [0.6]
    while times[-1] < seconds - 1:
        swing = swing_s * np.sin(2 * np.pi * per_min / 60 * times[-1])
        times.append(times[-1] + mean_s - swing + rng.normal(0, noise_s))
    return np.array(times)


def from_rr(times, guide=()):
    return heard(sorted([*guide, *placed(times[1:], 1000 * np.diff(times))], key=lambda e: e.time))


def from_ecg(times, per_min, guide=(), depth=0.15):
    """ECG alone, whose height follows the breath, as a chest strap's does."""
    seconds = times[-1] + 1
    signal = ecg(times, RATE, seconds)
    signal = signal * (1 + depth * np.sin(2 * np.pi * per_min / 60 * np.arange(signal.size) / RATE))
    pieces = [
        Samples(round((low + 64) / RATE, 6), "strap", "ecg", RATE, "mV", tuple(signal[low : low + 65]))
        for low in range(0, signal.size - 65, 65)
    ]
    return heard(sorted([*guide, *pieces], key=lambda e: e.time))


def guide(per_min, until=None):
    shown = [PaceChanged(0.0, 60 / per_min), GuideShown(0.0, shown=True)]
    return shown if until is None else [*shown, GuideShown(until, shown=False)]


def last(found, *, settled):
    return [e for e in only(BreathEstimate, found) if e.settled is settled][-1]


def test_each_whole_second_there_is_one_about_now_and_one_about_ten_seconds_ago():
    said = [(at, e) for at, e in from_rr(beats(6.0, 60.0)) if isinstance(e, BreathEstimate)]
    now = [(at, e.time) for at, e in said if not e.settled]
    settled = [(at, e.time) for at, e in said if e.settled]
    assert now == [(float(s), float(s)) for s in range(len(now))] and len(now) >= 58
    assert settled == [(float(s), s - 10.0) for s in range(10, len(now))]


@pytest.mark.parametrize("per_min", [5.0, 6.0, 10.0, 15.0])
def test_a_steady_rhythm_is_found_in_rr(per_min):
    found = from_rr(beats(per_min))
    for settled, within in ((False, 1.0), (True, 0.5)):
        estimate = last(found, settled=settled)
        assert estimate.breaths_per_min == pytest.approx(per_min, abs=within)
        assert estimate.source is BreathSource.RR
    assert last(found, settled=True).confidence >= 0.7


@pytest.mark.parametrize("per_min", [6.0, 15.0])
def test_with_the_ecg_it_is_breath(per_min):
    estimate = last(from_ecg(beats(per_min), per_min), settled=True)
    assert estimate.source is BreathSource.RR_ECG
    assert estimate.breaths_per_min == pytest.approx(per_min, abs=0.5)
    assert estimate.confidence >= 0.7


def test_where_the_heart_swings_with_something_else_the_ecg_is_not_misled():
    """A vessel wave at 6/min in the heart, breath at 15/min in the ECG: never surely 6."""
    found = from_ecg(beats(6.0, 240.0), 15.0)
    told = [e for e in only(BreathEstimate, found) if e.confidence >= 0.7 and e.time > 60]
    assert all(abs(e.breaths_per_min - 15.0) < 2 for e in told)


def test_every_beat_of_the_ecg_has_its_shape_before_it_is_final():
    found = from_ecg(beats(6.0, 60.0), 6.0)
    known = {}
    for place, (_, event) in enumerate(found):
        if isinstance(event, QrsShape):
            known[event.time] = place
    final = [(event.time, place) for place, (_, event) in enumerate(found) if isinstance(event, Beat)]
    assert all(known[time] < place for time, place in final[2:-1])


@pytest.mark.parametrize(
    "times",
    [
        beats(6.0, swing_s=0.0),
        np.cumsum(np.random.default_rng(3).normal(0.85, 0.02, 220)),
        np.cumsum(np.random.default_rng(4).gamma(8.0, 0.1, 240)),
    ],
    ids=["flat", "white noise", "irregular throughout"],
)
def test_where_there_is_no_breath_to_find_hardly_anything_is_told(times):
    told = [e.confidence >= 0.7 for e in only(BreathEstimate, from_rr(times))]
    assert sum(told) <= 0.03 * len(told)


def test_an_irregular_rhythm_is_no_breath_even_where_some_beats_look_even():
    found = from_rr(np.cumsum(np.random.default_rng(4).gamma(8.0, 0.1, 240)))
    assert all(e.breaths_per_min is None for e in only(BreathEstimate, found) if e.time > 20)


def test_the_guide_is_followed_or_not():
    times = beats(6.0, noise_s=0.005)
    yes = [e.probability for e in only(GuideFollowed, from_rr(times, guide(6.0))) if e.time > 60]
    no = [e.probability for e in only(GuideFollowed, from_rr(times, guide(7.5))) if e.time > 60]
    assert np.median(yes) > 0.8 and np.median(no) < 0.2


def test_it_is_asked_about_the_same_two_moments():
    found = from_rr(beats(6.0), guide(6.0))
    lags = {round(at - e.time, 6) for at, e in found if isinstance(e, GuideFollowed)}
    assert lags == {0.0, 10.0}


def test_of_a_guide_that_nobody_sees_nothing_is_asked():
    assert only(GuideFollowed, from_rr(beats(6.0))) == []
    hidden = only(GuideFollowed, from_rr(beats(6.0), guide(6.0, until=100.0)))
    assert hidden and all(e.time <= 100.0 for e in hidden)


def test_what_heart_and_guide_do_together_is_said_only_while_the_guide_is_followed():
    followed = from_rr(beats(6.0, noise_s=0.005), guide(6.0))
    assert only(SwingMean, followed) and only(Synchrony, followed)
    other = from_rr(beats(13.0, noise_s=0.005), guide(6.0))
    assert only(SwingMean, other) == [] and only(Synchrony, other) == []


def test_ends_of_in_breaths_come_once_a_breath_and_are_never_sure():
    """The heart is quickest a quarter of a breath after each beginning; 6/min: at 2.5, 12.5, ..."""
    ends = only(InBreathEnd, from_ecg(beats(6.0), 6.0))
    assert len(ends) > 12
    apart = np.diff([e.time for e in ends])
    assert np.median(apart) == pytest.approx(10.0, abs=0.4)
    assert max(abs((e.time - 2.5 + 5) % 10 - 5) for e in ends) < 0.8
    assert all(0.3 < e.confidence < 0.7 for e in ends)


def test_from_rr_alone_no_end_of_an_in_breath_is_told():
    assert only(InBreathEnd, from_rr(beats(6.0))) == []


def test_what_was_learnt_is_whole_and_says_how_it_was_made():
    weights = load_weights()
    assert weights["made_by"] == "python -m training.breath"
    assert set(weights["scorers"]) == set(rate_features.OF_SCORER)
    for name, features in rate_features.OF_SCORER.items():
        assert len(weights["scorers"][name]["rate"]) == len(features)
    for table in weights["calibration"].values():
        assert table["mass"] == sorted(table["mass"]) and table["share"] == sorted(table["share"])
