"""Breath from the chest: any rate and split of samples, any posture; movement marked; never invented."""

import gc
import math
import tracemalloc

import numpy as np
import pytest
from tests.breath.chests import frames, full_errors, lived, pulled, tilts
from tests.helpers import only

from breathsync.breath.chest_sign import IN_BREATH
from breathsync.breath.pacer import PacerSteps
from breathsync.breath.respiration import Respiration
from breathsync.events import (
    AccSamples,
    BreathEstimate,
    BreathSource,
    BreathWave,
    GuideShown,
    InBreathEnd,
    Marked,
    PaceChanged,
    Tick,
)
from breathsync.session.pipeline import Pipeline

SHOWN = 0.7


def breath(per_min=12.0, seconds=60.0, rate_hz=50.0, **how):
    belt = how.pop("belt_deg", 5.0)
    return frames(pulled(tilts(seconds, rate_hz, per_min, **how), belt_deg=belt), rate_hz)


def shown(found, *, settled=True, since=0.0, until=math.inf):
    return [
        e
        for at, e in found
        if isinstance(e, BreathEstimate)
        and e.settled == settled
        and since <= at < until
        and e.breaths_per_min is not None
        and e.confidence >= SHOWN
    ]


@pytest.mark.parametrize("per_min", [4.0, 6.0, 9.5, 15.0, 24.0])
def test_the_rate_is_told_from_four_to_twenty_four(per_min):
    said = shown(lived(Respiration(), breath(per_min), 60.0), since=35.0)
    assert len(said) >= 20
    assert all(abs(e.breaths_per_min - per_min) < 0.2 for e in said)
    assert {e.source for e in said} == {BreathSource.RR_ACC}


@pytest.mark.parametrize("rate_hz", [25.0, 50.3, 100.0, 200.7])
def test_every_rate_of_samples_will_do(rate_hz):
    said = shown(lived(Respiration(), breath(7.0, 50.0, rate_hz), 50.0), since=35.0)
    assert len(said) >= 12
    assert all(abs(e.breaths_per_min - 7.0) < 0.2 for e in said)


@pytest.mark.parametrize(
    "how",
    [
        {"recline_deg": 85.0},
        {"recline_deg": -10.0},
        {"belt_deg": 180.0},
        {"belt_deg": -25.0, "recline_deg": 45.0},
        {"tilt_deg": -1.5},
        {"tilt_deg": 0.5},
    ],
    ids=["lying", "bent forward", "upside down", "askew", "chest falls with the in-breath", "shallow"],
)
def test_no_posture_or_belt_hides_the_breath(how):
    said = shown(lived(Respiration(), breath(8.0, **how), 60.0), since=35.0)
    assert len(said) >= 20
    assert all(abs(e.breaths_per_min - 8.0) < 0.3 for e in said)


def test_any_split_of_the_samples_gives_the_same_events():
    values = pulled(tilts(45.0, 52.0, 9.0))
    whole = lived(Respiration(), cut(values, 52.0, []), 45.0)
    assert shown(whole)
    for seed in (1, 2):
        places = np.random.default_rng(seed).integers(1, len(values), 200).tolist()
        assert lived(Respiration(), cut(values, 52.0, places), 45.0) == whole


def cut(values, rate_hz, places):
    """Frames cut at places, and at whole seconds so that every second has heard the same samples."""
    seconds = [math.ceil(second * rate_hz) for second in range(int(len(values) / rate_hz) + 1)]
    borders = sorted({*places, *seconds, len(values)} - {0})
    pieces = np.split(values, borders[:-1])
    return [
        AccSamples(
            (end - 1) / rate_hz, "strap", end / rate_hz, 1 / rate_hz, tuple(map(tuple, piece.tolist()))
        )
        for end, piece in zip(borders, pieces, strict=True)
        if len(piece)
    ]


def test_a_fidget_is_marked_and_nothing_is_drawn_there():
    values = pulled(tilts(70.0, 50.0, 10.0))
    rng = np.random.default_rng(3)
    low, high = 40 * 50, 43 * 50
    values[low:high] += rng.normal(size=(high - low, 3)) * 80
    found = lived(Respiration(), frames(values, 50.0), 70.0)
    drawn = _drawn(found)
    assert all(height is None for time, height in drawn if 40.3 < time < 42.7)
    assert sum(height is not None for time, height in drawn if 46.0 < time < 66.0) > 70
    said = shown(found, since=50.0)
    assert len(said) >= 15
    assert all(abs(e.breaths_per_min - 10.0) < 0.5 for e in said)


def _drawn(found):
    return [
        (e.time - (len(e.heights) - 1 - k) * e.interval_s, height)
        for e in only(BreathWave, found)
        for k, height in enumerate(e.heights)
    ]


def test_the_curve_rises_and_falls_by_about_a_breath():
    drawn = _drawn(lived(Respiration(), breath(6.0, 80.0), 80.0))
    heights = np.array([h for time, h in drawn if time > 40.0 and h is not None])
    assert len(heights) > 140
    assert 0.7 < np.ptp(heights) < 1.5


def test_after_lying_down_the_breath_is_found_again_within_ten_seconds():
    recline = np.concatenate([tilts(40.0, 50.0, 14.0), tilts(40.0, 50.0, 14.0, recline_deg=80.0)])
    turn = np.linspace(recline[1999], recline[2100], 100)
    recline[2000:2100] = turn
    found = lived(Respiration(), frames(pulled(recline), 50.0), 80.0)
    said = shown(found, settled=False, since=46.0)  # the turn ends at 42 s
    assert any(e.time <= 52.0 for e in said)
    assert len(said) >= 20
    assert all(abs(e.breaths_per_min - 14.0) < 1.0 for e in said)


def test_lost_frames_leave_a_hole_and_no_more():
    sent = [f for f in breath(9.0, 70.0) if not 40.0 < f.time < 43.0]
    found = lived(Respiration(), sent, 70.0)
    assert all(height is None for time, height in _drawn(found) if 40.5 < time < 42.2)
    said = shown(found, since=52.0)
    assert len(said) >= 15
    assert all(abs(e.breaths_per_min - 9.0) < 0.4 for e in said)


def test_an_hour_of_silence_says_nothing_and_is_over_within_ten_seconds_of_signal():
    first = breath(15.0, 40.0)
    again = frames(pulled(tilts(40.0, 50.0, 15.0)), 50.0, began_s=3640.0)
    found = lived(Respiration(), [*first, *again], 3680.0)
    assert shown(found, since=30.0, until=40.0)
    assert not [
        e for at, e in found if isinstance(e, BreathEstimate) and 45 < at < 3640 and e.breaths_per_min
    ]
    assert not [e for e in only(BreathWave, found) if 45 < e.time < 3640]
    assert shown(found, settled=False, since=3648.0, until=3651.0)


def _never(found):
    return not shown(found) and not shown(found, settled=False) and not only(InBreathEnd, found)


def test_a_strap_on_a_table_does_not_breathe():
    rng = np.random.default_rng(4)
    values = np.array([12.0, -8.0, 1002.0]) + np.round(rng.normal(size=(6000, 3)) * 1.2)
    assert _never(lived(Respiration(), frames(values, 100.0), 60.0))


def test_a_sensor_that_is_stuck_or_saturated_tells_nothing():
    values = pulled(tilts(60.0, 50.0, 10.0))
    stuck = values.copy()
    stuck[:, 2] = -2000.0
    assert _never(lived(Respiration(), frames(stuck, 50.0), 60.0))
    still = np.repeat(values[:1], len(values), axis=0)
    assert _never(lived(Respiration(), frames(still, 50.0), 60.0))


def test_values_that_are_no_numbers_are_no_movement_and_no_breath():
    values = pulled(tilts(60.0, 50.0, 10.0))
    values[1500:1520] = np.nan
    found = lived(Respiration(), frames(values, 50.0), 60.0)
    said = shown(found, since=45.0)
    assert said
    assert all(abs(e.breaths_per_min - 10.0) < 0.5 for e in said)


def test_walking_is_no_breath():
    t = np.arange(60 * 100) / 100
    values = pulled(tilts(60.0, 100.0, 12.0))
    bounce = 180 * np.sin(2 * np.pi * 1.85 * t)
    values += np.stack([0.1 * bounce, bounce, 0.5 * bounce], 1)
    assert _never(lived(Respiration(), frames(values, 100.0), 60.0))


def test_a_second_strap_is_not_mixed_with_the_first():
    other = frames(pulled(tilts(60.0, 50.0, 20.0)), 50.0, source="other")
    said = shown(lived(Respiration(), [*breath(8.0), *other], 60.0), since=35.0)
    assert len(said) >= 20
    assert all(abs(e.breaths_per_min - 8.0) < 0.3 for e in said)


# --- which way is in ---


def test_without_anything_that_tells_the_direction_no_end_of_an_in_breath_is_told():
    found = lived(Respiration(), breath(15.0), 60.0)
    assert not only(InBreathEnd, found)
    assert not any(e.direction_known for e in only(BreathWave, found))


@pytest.mark.parametrize("tilt_deg", [1.5, -1.5])
def test_one_calibration_breath_tells_the_direction(tilt_deg):
    mark = Marked(40.0, IN_BREATH)  # at 15/min a breath begins at every fourth second
    found = lived(Respiration(), [*breath(15.0, 80.0, tilt_deg=tilt_deg), mark], 80.0)
    errors = full_errors(found, 15.0)
    assert len(errors) >= 7
    assert max(map(abs, errors)) < 0.4
    assert [e.direction_known for e in only(BreathWave, found)][-1]


@pytest.mark.parametrize("tilt_deg", [1.5, -1.5])
def test_a_guide_that_is_followed_tells_the_direction(tilt_deg):
    stage = Pipeline([PacerSteps(), Respiration()])
    guide = [PaceChanged(0.0, 10.0), GuideShown(0.0, shown=True)]
    found = lived(stage, [*guide, *breath(6.0, 120.0, tilt_deg=tilt_deg)], 120.0)
    errors = full_errors(found, 6.0)
    assert len(errors) >= 5
    assert max(map(abs, errors)) < 0.5


def test_a_guide_that_is_not_followed_does_not():
    stage = Pipeline([PacerSteps(), Respiration()])
    guide = [PaceChanged(0.0, 10.0), GuideShown(0.0, shown=True)]
    found = lived(stage, [*guide, *breath(13.7, 120.0)], 120.0)
    assert not only(InBreathEnd, found)


def test_the_direction_stays_known_when_somebody_lies_down():
    recline = np.concatenate([tilts(60.0, 50.0, 15.0), tilts(60.0, 50.0, 15.0, recline_deg=80.0)])
    recline[3000:3100] = np.linspace(recline[2999], recline[3100], 100)
    found = lived(Respiration(), [*frames(pulled(recline), 50.0), Marked(40.0, IN_BREATH)], 120.0)
    errors = full_errors(found, 15.0, from_s=80.0)
    assert len(errors) >= 6
    assert max(map(abs, errors)) < 0.5


def test_ten_minutes_leave_no_more_in_memory_than_five():
    stage, values = Respiration(), pulled(tilts(60.0, 25.0, 10.0))

    def minute(number):
        for event in frames(values, 25.0, began_s=60.0 * number):
            stage.push(event)
        lived_s = 60 * number
        for second in range(lived_s, lived_s + 60):
            for _ in stage.push(Tick(float(second))):
                pass
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        early = [minute(k) for k in range(5)][-1]
        late = [minute(k) for k in range(5, 10)][-1]
    finally:
        tracemalloc.stop()
    assert late < early + 31_000
