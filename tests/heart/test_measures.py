"""Measures: equal to a plain computation over the same window, and withheld where they would mislead."""

import numpy as np
import pytest
from tests.helpers import connected, heard, one_by_one, only, packet

from breathsync.events import Beat, Flaw, HrvMetrics, RrIntervals, SignalQuality, Stamp
from breathsync.heart import hrv


def beats_of(rr_ms, start=0.0):
    ends = start + np.cumsum(rr_ms) / 1000
    return [
        RrIntervals(round(float(end), 6), "strap", (float(rr),), Stamp.BEAT)
        for end, rr in zip(ends, rr_ms, strict=True)
    ]


def wandering_rr(count, seed=1):
    rng = np.random.default_rng(seed)
    return 850 + 60 * np.sin(np.arange(count) / 3) + rng.normal(0, 15, count)


def test_known_values():
    nn = np.array([800.0, 810.0, 790.0, 860.0])
    assert hrv.mean_heart_rate(nn) == pytest.approx(60000 / 815)
    assert hrv.sdnn(nn) == pytest.approx(31.091264, abs=1e-6)
    assert hrv.rmssd(np.diff(nn)) == pytest.approx(np.sqrt((100 + 400 + 4900) / 3))
    assert hrv.pnn50(np.diff(nn)) == pytest.approx(100 / 3)


def test_streaming_values_equal_a_plain_computation_over_the_same_window():
    found = heard(beats_of(wandering_rr(600)))
    known: list[Beat] = []
    compared = 0
    for _, event in found:
        if isinstance(event, Beat):
            known.append(event)
        elif isinstance(event, HrvMetrics) and event.rmssd_ms is not None:
            window = [b for b in known if event.time - event.window_s < b.time <= event.time]
            rr = np.array([b.rr_ms for b in window])
            assert all(b.flaw is Flaw.NONE for b in window)
            assert event.heart_rate_bpm == pytest.approx(60000 / rr.mean(), abs=1e-9)
            assert event.rmssd_ms == pytest.approx(np.sqrt(np.mean(np.diff(rr) ** 2)), abs=1e-9)
            assert event.sdnn_ms == pytest.approx(rr.std(ddof=1), abs=1e-9)
            assert event.pnn50 == pytest.approx(100 * np.mean(np.abs(np.diff(rr)) > 50), abs=1e-9)
            compared += 1
    assert compared > 100


def test_measures_stand_on_every_fifth_second_for_each_window():
    metrics = only(HrvMetrics, heard(beats_of(wandering_rr(200))))
    assert {m.window_s for m in metrics} == {60, 300}
    assert all(m.time % 5 == 0 for m in metrics)


def test_variability_waits_for_a_whole_window_and_heart_rate_for_ten_seconds():
    metrics = [m for m in only(HrvMetrics, heard(beats_of(wandering_rr(120)))) if m.window_s == 60]
    rate = [m.time for m in metrics if m.heart_rate_bpm is not None]
    variability = [m.time for m in metrics if m.rmssd_ms is not None]
    assert rate[0] in (10, 15)
    assert 50 <= variability[0] <= 65
    assert {m.withheld for m in metrics if m.rmssd_ms is None} == {"too_short"}


def test_too_many_doubtful_beats_withhold_variability_and_not_the_heart_rate():
    rr = wandering_rr(500)
    rr[::12] = 250.0
    metrics = only(HrvMetrics, heard(beats_of(rr)))[-2:]
    assert {m.withheld for m in metrics} == {"too_many_doubtful"}
    assert all(m.rmssd_ms is None and m.sdnn_ms is None and m.heart_rate_bpm is not None for m in metrics)


def test_one_rr_a_second_is_seen_as_missing_intervals():
    """Some programs keep one interval of each notification: at 75 a minute a fifth of them is gone."""
    packets = [packet(second, [round(0.8 * 1024)]) for second in range(1, 301)]
    found = heard([connected(), *packets])
    late = [m for m in only(HrvMetrics, found) if m.time > 120 and m.window_s == 60]
    assert {m.withheld for m in late} == {"intervals_missing"}
    quality = [q for q in only(SignalQuality, found) if q.time > 120]
    assert all(q.variability_withheld and q.usable_share < 0.9 for q in quality)


def test_a_difference_across_a_marked_beat_does_not_count():
    rr = wandering_rr(200)
    rr[150] = 2500.0
    last = [m for m in only(HrvMetrics, heard(beats_of(rr))) if m.window_s == 60 and m.rmssd_ms][-1]
    assert last.rmssd_ms < 80


def test_all_of_a_window_is_forgotten_after_it():
    beats = one_by_one([850] * 100)
    silence = [packet(beats[-1].time + second) for second in range(1, 200)]
    last = only(HrvMetrics, heard([connected(), *beats, *silence]))
    assert [m.heart_rate_bpm for m in last if m.window_s == 60][-1] is None
