"""Swing: as large as it truly is, at every pace, and silent where it cannot be known."""

import numpy as np
import pytest
from tests.helpers import heard, only, placed

from breathsync.breath.pacer import PacerSteps
from breathsync.events import (
    GuideShown,
    PaceChanged,
    RsaCycle,
    SwingMean,
    Synchrony,
)
from breathsync.heart.beats import Beats
from breathsync.heart.rsa import Swing, fit_swing
from breathsync.session.pipeline import Pipeline


def beats_with_swing(per_min, swing_bpm, seconds=240.0, mean_bpm=68.0, noise_ms=0.0, lag_s=0.0, seed=1):
    """Heartbeats whose rate swings with a breath that is fullest half-way through its period."""
    rng = np.random.default_rng(seed)
    step = 0.002
    t = np.arange(0, seconds, step)
    wave = -np.cos(2 * np.pi * per_min / 60 * (t - lag_s))
    turns = np.cumsum((mean_bpm + swing_bpm / 2 * wave) / 60 * step)
    beats = np.interp(np.arange(1, int(turns[-1])), turns, t)
    beats = beats + rng.normal(0, noise_ms / 1000, beats.size)
    return beats[1:], np.diff(beats) * 1000


def session(per_min, swing_bpm, stages=None, **more):
    ends, rr = beats_with_swing(per_min, swing_bpm, **more)
    guide = [PaceChanged(0.0, 60 / per_min), GuideShown(0.0, shown=True)]
    return heard([*guide, *placed(ends, rr)], stages)


def alone(per_min, swing_bpm, **more):
    """The same of the stages that the swing of a breath follows from."""
    return session(per_min, swing_bpm, Pipeline([Beats(), PacerSteps(), Swing()]), **more)


def test_the_swing_of_a_breath_follows_from_beats_and_guide():
    whole, few = session(6.0, 12.0, noise_ms=10), alone(6.0, 12.0, noise_ms=10)
    assert only(RsaCycle, few) == only(RsaCycle, whole) != []


@pytest.mark.parametrize("mean_bpm", [60, 68, 75])
def test_requirement_10_a_swing_of_12_at_6_a_minute_reads_11_3_to_12_3(mean_bpm):
    cycles = [c for c in only(RsaCycle, session(6.0, 12.0, mean_bpm=mean_bpm)) if c.clean]
    assert len(cycles) > 15
    assert all(11.3 <= c.swing_bpm <= 12.3 for c in cycles)


@pytest.mark.parametrize("per_min", [4.0, 4.5, 6.0, 9.0, 12.0, 15.0])
def test_it_is_not_biased_by_the_pace(per_min):
    swings = [c.swing_bpm for c in only(RsaCycle, alone(per_min, 12.0)) if c.clean]
    assert np.mean(swings) == pytest.approx(12.0, rel=0.03)


def test_requirement_9_a_mean_is_given_only_after_six_clean_breaths():
    found = session(6.0, 12.0, noise_ms=10)
    means, cycles = only(SwingMean, found), only(RsaCycle, found)
    assert means[0].time == cycles[5].time
    assert means[0].swing_bpm == pytest.approx(np.mean([c.swing_bpm for c in cycles[:6]]))
    # neighbouring fits share a breath: their errors are not independent
    expected = np.std([c.swing_bpm for c in cycles[:6]], ddof=1) * np.sqrt((2 - 1 / 6) / 5)
    assert means[0].standard_error_bpm == pytest.approx(expected)


def test_without_a_guide_in_sight_no_breath_is_measured():
    ends, rr = beats_with_swing(6.0, 12.0)
    assert only(RsaCycle, heard([PaceChanged(0.0, 10.0), *placed(ends, rr)])) == []


@pytest.mark.parametrize("lag_s", [0.0, 1.0, -1.5, 4.0])
def test_the_hearts_lag_behind_the_guide_is_told_in_turns(lag_s):
    sync = only(Synchrony, session(6.0, 12.0, lag_s=lag_s))[-1]
    assert sync.lag_turns == pytest.approx(lag_s / 10, abs=0.01)
    assert sync.steadiness > 0.99


def test_too_few_beats_tell_nothing():
    none = np.empty(0)
    assert fit_swing(none, none, none.astype(bool), [0.0, 10.0, 20.0]) is None
    two = np.array([1.0, 2.0]), np.array([1000.0, 1000.0]), np.array([True, True])
    assert fit_swing(*two, [0.0, 10.0, 20.0]) is None


@pytest.mark.parametrize(("swing_bpm", "bias", "spread"), [(12.0, 0.01, 0.03), (4.0, 0.04, 0.10)])
def test_beat_noise_neither_inflates_nor_scatters_it(swing_bpm, bias, spread):
    """Noise of 10 ms on RR; max - min would read 5 and 32 % too much."""
    swings = [
        c.swing_bpm
        for seed in range(6)
        for c in only(RsaCycle, alone(6.0, swing_bpm, seconds=400, noise_ms=10 / np.sqrt(2), seed=seed))
        if c.clean
    ]
    assert np.mean(swings) == pytest.approx(swing_bpm, rel=bias)
    assert np.std(swings) < spread * swing_bpm


def test_one_early_beat_does_not_fool_it():
    ends, rr = beats_with_swing(6.0, 12.0)
    at = 120
    ends[at] -= 0.3
    rr[at] -= 300
    rr[at + 1] += 300
    guide = [PaceChanged(0.0, 10.0), GuideShown(0.0, shown=True)]
    swings = [c.swing_bpm for c in only(RsaCycle, heard([*guide, *placed(ends, rr)])) if c.clean]
    assert swings == pytest.approx([12.0] * len(swings), rel=0.05)
