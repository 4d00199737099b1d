"""The beat marker, as a specification."""

import numpy as np
import pytest
from tests.heart.hearts import mark, sinus_arrhythmia

from breathsync.events import Flaw
from breathsync.heart.artifacts import BeatMarker

STEADY = [800.0, 805.0, 798.0, 802.0, 796.0, 803.0, 799.0, 801.0, 797.0, 804.0]
LETTERS = {flaw: flaw.value[0] for flaw in Flaw} | {Flaw.NONE: ".", Flaw.EXTRA: "X"}


def after_steady(*rr_ms) -> str:
    """Flaws of `rr_ms` between two steady stretches, one letter each."""
    flaws = mark([*STEADY, *rr_ms, *STEADY])
    rest = flaws[: len(STEADY)] + flaws[len(STEADY) + len(rr_ms) :]
    assert set(rest) == {Flaw.NONE}
    return "".join(LETTERS[f] for f in flaws[len(STEADY) : len(STEADY) + len(rr_ms)])


def test_a_steady_heart_has_no_flaws():
    assert set(mark(STEADY * 5)) == {Flaw.NONE}


def test_a_premature_beat_is_short_and_its_pause_long():
    assert after_steady(480.0, 1120.0) == "SL"


def test_a_couplet_is_two_short_beats_and_a_pause():
    assert after_steady(480.0, 460.0, 1150.0) in ("SSL", "XXL")


def test_a_missed_beat_is_one_long_interval_that_falls_straight_back():
    assert after_steady(1600.0) == "M"


def test_two_missed_beats_in_a_row():
    assert after_steady(1600.0, 1610.0) == "MM"


def test_three_missed_beats_are_out_of_range():
    assert after_steady(2400.0) == "R"


@pytest.mark.parametrize("part", [0.4, 0.5, 0.6])
def test_a_split_beat_is_two_extra_parts(part):
    assert after_steady(800.0 * part, 800.0 * (1.0 - part)) == "XX"


def test_the_rest_of_a_beat_split_by_a_t_wave_is_marked_too():
    assert after_steady(255.0, 545.0) == "RX"


@pytest.mark.parametrize("part", [0.3, 0.4, 0.46])
@pytest.mark.parametrize("seconds", [20, 120])
def test_beats_counted_twice_are_parts_and_leave_no_doubt_behind(part, seconds):
    """Pairs of a strap that counts T waves look like every second beat early: yet no ectopy is proven."""
    rr = sinus_arrhythmia(6.0, 12.0, 62.0)
    doubled = [share * float(beat) for beat in rr[40 : 40 + seconds] for share in (part, 1 - part)]
    flaws = mark([*rr[:40], *doubled, *rr[40 + seconds :]])
    assert set(flaws[40 : 40 + len(doubled)]) <= {Flaw.EXTRA, Flaw.RANGE}
    assert set(flaws[:40] + flaws[40 + len(doubled) :]) == {Flaw.NONE}


def test_an_impossible_interval_is_out_of_range():
    assert mark([*STEADY, 7700.0, *STEADY])[len(STEADY)] is Flaw.RANGE


def test_nothing_is_flagged_for_being_long_alone():
    """Real sinus arrhythmia of a slow breather: 806 to 1155 ms from one beat to the next."""
    breath = [962.0, 816.0, 747.0, 744.0, 806.0, 1155.0, 1089.0, 1042.0, 1003.0, 925.0]
    assert set(mark(breath * 6)) == {Flaw.NONE}


@pytest.mark.parametrize("breaths_per_min", [4.0, 5.0, 6.0, 7.0, 8.0])
@pytest.mark.parametrize("swing_bpm", [10.0, 30.0, 50.0])
def test_slow_breathing_is_never_flagged(breaths_per_min, swing_bpm):
    assert set(mark(sinus_arrhythmia(breaths_per_min, swing_bpm))) == {Flaw.NONE}


def test_a_premature_beat_inside_a_deep_swing_is_found():
    rr = sinus_arrhythmia(6.0, 30.0)
    missed = 0
    for at in range(40, 250, 7):
        faulty = rr.copy()
        early = 0.35 * faulty[at]
        faulty[at] -= early
        faulty[at + 1] += early
        missed += all(f is Flaw.NONE for f in mark(faulty)[at - 1 : at + 2])
    assert missed == 0


def test_frequent_ectopy_does_not_make_the_marker_tolerant():
    """Bigeminy for ten minutes: the last ectopic beats are found like the first."""
    flaws = mark([*STEADY, *[500.0, 1100.0] * 350])
    assert all(f is Flaw.SHORT for f in flaws[len(STEADY) + 600 :: 2][:-2])


def test_proven_ectopy_makes_late_coupled_beats_visible():
    late = [745.0, 860.0]
    calm = STEADY * 3 + late + STEADY
    assert Flaw.SHORT not in mark(calm)[30:32]
    proven = STEADY + [500.0, 1100.0, 800.0, 798.0] * 12 + STEADY + late + STEADY
    assert mark(proven)[len(STEADY) * 2 + 48] is Flaw.SHORT


def test_the_first_beat_after_a_gap_is_told_from_outside():
    flaws = mark(STEADY + STEADY, gap_at=(10,))
    assert flaws[10] is Flaw.GAP
    assert set(flaws[:10] + flaws[11:]) == {Flaw.NONE}


def test_a_new_level_after_a_gap_is_not_compared_with_the_old_one():
    faster = [0.55 * rr for rr in STEADY]
    flaws = mark(STEADY + faster, gap_at=(10,))
    assert set(flaws[11:]) == {Flaw.NONE}


def test_a_flaw_is_final_at_most_two_beats_later():
    marker = BeatMarker()
    for i, rr in enumerate(STEADY * 3):
        finals = marker.push(rr)
        assert len(finals) == (1 if i >= 2 else 0)


def test_the_level_is_found_again_after_a_lasting_change():
    """A strap that starts to count every beat twice, then stops: clean again within ten beats."""
    flaws = mark(STEADY * 2 + [400.0] * 40 + STEADY * 3)
    assert set(flaws[-20:]) == {Flaw.NONE}


def test_any_series_of_numbers_is_survived():
    rng = np.random.default_rng(1)
    wild = rng.choice([0.0, 1.0, 250.0, 300.0, 800.0, 2200.0, 7700.0, 65535.0], 3000)
    assert len(mark(wild)) == 3000


def test_an_empty_stream_has_nothing_to_flush():
    assert BeatMarker().flush() == []
