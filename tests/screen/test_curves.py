"""What the ribbon draws."""

import numpy as np
import pytest

from breathsync.events import BeatHeard, GuideShown, PaceChanged
from breathsync.screen.curves import NOTHING, RibbonCurves
from breathsync.screen.state import ScreenModel


def test_the_guide_is_drawn_for_its_past_and_its_next_ten_seconds():
    model = ScreenModel()
    model.push(0.0, PaceChanged(0.0, 10.0))
    model.push(0.0, GuideShown(0.0, shown=True))
    times, fullness = RibbonCurves(model).guide(60.0)
    assert (times[0], times[-1]) == (pytest.approx(30.0, abs=0.2), pytest.approx(70.0, abs=0.2))
    assert fullness == pytest.approx((1 - np.cos(2 * np.pi * times / 10)) / 2, abs=1e-9)


def test_before_the_guide_began_nothing_is_drawn():
    model = ScreenModel()
    assert set(RibbonCurves(model).guide(60.0)[1]) == {NOTHING}
    model.push(0.0, PaceChanged(55.0, 10.0))
    model.push(0.0, GuideShown(55.0, shown=True))
    times, fullness = RibbonCurves(model).guide(60.0)
    assert times[fullness > NOTHING][0] >= 55.0


def test_moments_in_any_order_are_drawn_as_each_would_be_alone():
    model = ScreenModel()
    model.push(0.0, PaceChanged(0.0, 10.0))
    model.push(0.0, GuideShown(0.0, shown=True))
    one = RibbonCurves(model)
    for now in (40.0, 40.05, 47.3, 200.0, 45.0, 45.2):
        for kept, alone in zip(one.guide(now), RibbonCurves(model).guide(now), strict=True):
            assert kept == pytest.approx(alone, abs=1e-12)


def heard(*times):
    model = ScreenModel()
    for time in times:
        model.push(time, BeatHeard(time, 1000.0 + 50 * np.sin(time), "rr"))
    return RibbonCurves(model)


def test_the_hearts_line_ends_at_the_last_beat_and_is_never_drawn_on():
    times, _ = heard(*range(1, 31)).heart(33.0)
    assert times[-1] == 30.0


def test_it_passes_through_every_beat():
    curves = heard(*range(1, 31))
    times, values = curves.heart(31.0)
    drawn = dict(zip(times.tolist(), values.tolist(), strict=True))
    rates = [60000 / (1000 + 50 * np.sin(t)) for t in (10, 11, 12)]
    drawn_steps = np.diff([drawn[t] for t in (10.0, 11.0, 12.0)])
    assert drawn_steps / np.diff(rates) == pytest.approx([drawn_steps[0] / np.diff(rates)[0]] * 2)


def test_it_is_broken_where_beats_are_missing():
    times, values = heard(1, 2, 3, 9, 10, 11).heart(12.0)
    assert np.isnan(values).sum() == 1
    assert not ((times > 3.0) & (times < 9.0)).any()


def test_one_beat_is_no_line():
    assert heard(1).heart(2.0)[0].size == 0


def test_an_interval_that_spans_missing_data_is_no_heart_rate():
    model = ScreenModel()
    for time, rr_ms in (
        (1.0, 900.0),
        (2.0, 950.0),
        (5.5, 3555.0),
        (6.4, 900.0),
        (6.6, 210.0),
        (7.3, 920.0),
    ):
        model.push(time, BeatHeard(time, rr_ms, "rr"))
    assert [time for time, _ in model.trace] == [1.0, 2.0, 6.4, 7.3]


def test_a_longer_past_and_fewer_points_can_be_asked_for():
    model = ScreenModel()
    for time in range(1, 100):
        model.push(time, BeatHeard(float(time), 1000.0, "rr"))
    times, rates = RibbonCurves(model, past_s=90.0, future_s=0.0, per_beat=3).rates(99.0)
    assert times[0] <= 9.0 and times[-1] == 99.0 and times.size == 3 * (99 - times[0]) + 1
    assert rates == pytest.approx(60.0)
