"""Swing against pace: the fit finds a peak that is there, says how sure it is, and none that is not."""

import numpy as np
import pytest

from breathsync.breath.next_pace import PACES, most_telling, next_pace
from breathsync.breath.resonance import SwingAndPace, _log_share_above_zero, quantile
from breathsync.breath.resonance_curves import curves

STEPS = [pace for pace in (6.5, 6.0, 5.5, 5.0, 4.5) for _ in range(15)]


def told(paces, swing_at, *, noise=0.0, seed=1, people=1):
    """A fit that has seen these paces. The heart answers at once unless told otherwise."""
    fit, rng = SwingAndPace(people), np.random.default_rng(seed)
    for pace in paces:
        fit.breathe(pace)
        fit.observe(np.full(people, swing_at(pace)) + noise * rng.standard_normal(people))
    return fit


def peaked(peak, width=0.9, base=2.0, rise=12.0):
    return lambda pace: base + rise / np.hypot(1, (pace - peak) / width)


def one(answer):
    return float(answer.best[0]), float(answer.low[0]), float(answer.high[0]), bool(answer.clear[0])


@pytest.mark.parametrize("peak", [4.7, 5.3, 5.8, 6.3])
def test_a_peak_without_noise_is_found_within_the_step_of_the_grid(peak):
    slow = [pace for pace in (6.5, 6.0, 5.5, 5.0, 4.5) for _ in range(60)]
    fit = SwingAndPace()
    swing = 2.0
    for pace in slow:
        fit.breathe(pace)
        swing += (peaked(peak)(pace) - swing) * (1 - np.exp(-60 / pace / 20))
        fit.observe(swing)
    best, low, high, clear = one(fit.answer())
    assert best == pytest.approx(peak, abs=0.1)
    assert low - 0.1 <= peak <= high + 0.1  # a step of the grid
    assert clear


def test_a_flat_heart_is_given_no_pace():
    named = [bool(told(STEPS, lambda _: 5.0, noise=3.0, seed=s).answer().clear[0]) for s in range(40)]
    assert sum(named) <= 2


def test_a_wide_swing_that_is_the_same_at_every_pace_is_flat_too():
    assert not one(told(STEPS, lambda _: 20.0, noise=1.0).answer())[3]


def test_a_swing_that_is_smallest_in_the_middle_is_no_peak_there():
    answer = told(STEPS, lambda pace: 12 - peaked(5.5, 0.5, 0, 8)(pace), noise=0.5).answer()
    assert not (answer.clear[0] and 5.2 < answer.best[0] < 5.8)


def test_before_any_breath_every_usual_pace_is_as_likely():
    answer = SwingAndPace().answer()
    assert answer.best[0] == pytest.approx(5.5, abs=0.05)
    assert answer.high[0] - answer.low[0] > 1.2
    assert not answer.clear[0]


def test_more_noise_makes_the_range_wider_never_the_answer_surer():
    quiet = told(STEPS, peaked(5.5), noise=0.5, people=20).answer()
    loud = told(STEPS, peaked(5.5), noise=4.0, people=20).answer()
    assert np.mean(loud.high - loud.low) > 1.5 * np.mean(quiet.high - quiet.low)
    assert np.mean(loud.evidence) < np.mean(quiet.evidence)


def test_the_scatter_is_found_from_the_breaths_themselves():
    fit = told(STEPS * 4, peaked(5.5), noise=1.5, people=50)
    weight, _ = fit.weights()
    assert np.mean(np.sqrt((weight * fit.scatter).sum(axis=0))) == pytest.approx(1.5, rel=0.15)


def test_two_breaths_together_say_as_much_as_each_alone():
    rng = np.random.default_rng(3)
    single, double = SwingAndPace(60), SwingAndPace(60)
    swing, before = np.full(60, 2.0), np.zeros(60)
    for count, pace in enumerate(STEPS, 1):
        swing = swing + (peaked(5.4)(pace) - swing) * (1 - np.exp(-60 / pace / 20))
        seen = swing + 2 * rng.standard_normal(60)
        for fit in (single, double):
            fit.breathe(pace)
        single.observe(seen)
        if count % 2 == 0:
            double.observe((seen + before) / 2, breaths=2)
        before = seen
    width = [np.mean(fit.answer().high - fit.answer().low) for fit in (single, double)]
    assert width[1] == pytest.approx(width[0], rel=0.25)


def test_hundreds_at_once_get_what_each_gets_alone():
    rng = np.random.default_rng(4)
    swings = rng.normal(8, 3, (len(STEPS), 5))
    together, alone = SwingAndPace(5), SwingAndPace()
    for pace, row in zip(STEPS, swings, strict=True):
        together.breathe(pace)
        together.observe(row)
        alone.breathe(pace)
        alone.observe(row[2:3])
    assert together.answer().best[2] == pytest.approx(alone.answer().best[0])
    assert together.of(np.arange(5) == 2).answer().low[0] == pytest.approx(alone.answer().low[0])


def test_the_curve_goes_through_what_was_seen_and_is_surest_there():
    fit = told(STEPS * 3, peaked(5.5, 1.4), noise=1.0)
    mean, error = fit.swing_at(np.array([5.5, 4.0]))
    assert mean[0, 0] == pytest.approx(14, abs=1.0)
    assert error[0, 0] < error[1, 0]


def test_curves_are_one_at_their_peak_and_fall_to_both_sides():
    among = curves()
    at_peak = among.gain(among.peak_grid)
    own = np.searchsorted(among.peak_grid, among.peaks)
    assert np.allclose(at_peak[np.arange(len(own)), own], 1.0)
    assert np.exp(among.log_prior).sum() == pytest.approx(1.0)


def test_quantiles_lie_inside_their_cell():
    grid, even = np.array([1.0, 2.0, 3.0]), np.full((3, 1), 1 / 3)
    assert [float(quantile(grid, even, q)[0]) for q in (0.0, 0.5, 1.0)] == pytest.approx([0.5, 2.0, 3.5])


def test_the_next_pace_lies_within_what_is_offered_and_is_the_same_again():
    fit = told(STEPS, peaked(5.2), noise=2.0)
    chosen = [float(next_pace(fit, n)[0]) for n in range(3, 15)]
    assert set(chosen) <= set(PACES.tolist())
    assert chosen == [float(next_pace(fit, n)[0]) for n in range(3, 15)]


def test_where_the_peak_may_be_is_looked_at_and_so_are_its_flanks():
    fit = told(STEPS * 3, peaked(5.5, 0.7), noise=1.0)
    near = [abs(float(next_pace(fit, n)[0]) - 5.5) for n in range(3, 15) if n % 3 != 1]
    assert max(near) <= 0.5
    assert abs(PACES[most_telling(fit)[0]] - 5.5) >= 0.25


def test_the_share_above_zero_is_that_of_students_t():
    stats = pytest.importorskip("scipy.stats", reason="scipy is not installed")
    t = np.array([-40.0, -8.0, -3.2, -2.8, -1.0, 0.0, 0.5, 2.0, 6.0])
    for freedom in (4.0, 20.0, 150.0):
        ours = _log_share_above_zero(t, freedom)
        assert ours == pytest.approx(stats.t.logcdf(t, freedom), abs=0.6)
        assert ours[2:] == pytest.approx(stats.t.logcdf(t[2:], freedom), abs=0.1)


def test_the_narrower_the_posterior_the_less_of_it_is_the_range():
    """60 % where the peak is known to 0.06 a minute, 78 % where to 0.28 or less well, or in between."""
    shares = []
    for noise in (0.05, 3.0, 12.0):
        fit = told(STEPS, peaked(5.5, width=0.5), noise=noise)
        answer, grid = fit.answer(), fit.curves.peak_grid
        cells = fit.peak_probabilities()[:, 0]
        edges = np.append(grid - 0.05, grid[-1] + 0.05)
        below = np.interp([answer.low[0], answer.high[0]], edges, np.append(0.0, np.cumsum(cells)))
        shares.append(below[1] - below[0])
    assert shares == sorted(shares)
    assert shares[0] == pytest.approx(0.60, abs=0.01)
    assert shares[2] == pytest.approx(0.78, abs=0.01)
