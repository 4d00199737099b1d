"""The quality gate: what it lets through, and the one reason that it gives where it does not."""

import numpy as np
import pytest
from tests.heart.hearts import mark, sinus_arrhythmia
from tests.helpers import connected, heard, one_by_one

from breathsync.events import (
    Beat,
    Flaw,
    SignalChanged,
    SignalQuality,
    SignalState,
    StrapState,
    StrapStatus,
    Tick,
)
from breathsync.heart.quality import Quality


def judged(rr_ms, silence_s=0.0):
    """Every verdict about beats that are marked as they would be, then about a silence."""
    stage, found, end, ticks = Quality(), [], 0.0, 0
    for rr, flaw in zip(rr_ms, mark(rr_ms), strict=True):
        end += float(rr) / 1000
        while ticks / 4 <= end:
            found += stage.push(Tick(ticks / 4))
            ticks += 1
        found += stage.push(Beat(end, float(rr), flaw, "rr"))
    while ticks / 4 <= end + silence_s:
        found += stage.push(Tick(ticks / 4))
        ticks += 1
    return [event for event in found if isinstance(event, SignalQuality)]


def reasons(verdicts):
    return {v.reason for v in verdicts if v.time >= 65.0}


def test_it_speaks_about_every_fifth_second():
    times = [v.time for v in judged(sinus_arrhythmia(6.0, 12.0))]
    assert times[0] == 5.0
    assert set(np.diff(times)) == {5.0}


def test_before_a_minute_has_passed_it_is_too_short():
    assert {v.reason for v in judged(sinus_arrhythmia(6.0, 12.0)) if v.time < 60} == {"too_short"}


@pytest.mark.parametrize("swing_bpm", [5.0, 25.0, 50.0])
def test_clean_slow_breathing_is_let_through(swing_bpm):
    verdicts = judged(sinus_arrhythmia(6.0, swing_bpm))
    assert reasons(verdicts) == {None}
    assert min(v.usable_share for v in verdicts if v.time >= 65) > 0.97


def premature(rr, every):
    for at in range(20, len(rr) - 10, every):
        rr[at], rr[at + 1] = 0.6 * rr[at], rr[at + 1] + 0.4 * rr[at]
    return rr


def test_one_premature_beat_a_minute_is_tolerated():
    assert reasons(judged(premature(sinus_arrhythmia(6.0, 12.0), 70))) == {None}


def test_five_percent_of_abnormal_beats_are_too_many():
    verdicts = judged(premature(sinus_arrhythmia(6.0, 12.0), 20))
    assert reasons([v for v in verdicts if v.time >= 80]) == {"too_many_doubtful"}


def test_a_rhythm_irregular_throughout_is_told_as_such():
    """As in atrial fibrillation: intervals without memory, spread by a fifth."""
    rng = np.random.default_rng(3)
    assert reasons(judged(np.clip(rng.normal(650.0, 130.0, 400), 330.0, 1300.0))) == {"too_irregular"}


def test_silence_is_missing_intervals():
    last = judged(sinus_arrhythmia(6.0, 12.0, n=120), silence_s=200.0)[-1]
    assert (last.reason, last.usable_share) == ("intervals_missing", 0.0)


def test_it_recovers_when_what_was_odd_has_left_the_window():
    good = sinus_arrhythmia(6.0, 12.0, n=150).tolist()
    assert judged([*good, *[2500.0] * 4, *good])[-1].reason is None


def test_intervals_that_never_change_are_no_rhythm_to_measure():
    assert reasons(judged([800.0] * 200)) == {"unchanging"}


def test_small_dips_count_only_after_proven_ectopy():
    calm = sinus_arrhythmia(15.0, 1.0, n=80)
    dips, ectopic = calm.copy(), calm.copy()
    dips[5:-5:12] *= 0.94
    dips[6:-4:12] *= 1.06
    ectopic[5:-5:10] *= 0.6
    ectopic[6:-4:10] *= 1.4
    assert judged(np.concatenate([calm, calm, dips]))[-1].reason is None
    assert judged(np.concatenate([ectopic, calm, dips]))[-1].reason == "too_many_doubtful"


def test_duplicates_are_no_beats():
    stage = Quality()
    assert list(stage.push(Beat(1.0, 800.0, Flaw.DUPLICATE, "rr"))) == []
    assert not [e for k in range(400) for e in stage.push(Tick(k / 4)) if isinstance(e, SignalQuality)]


def test_a_lost_link_rests_at_once_and_its_return_is_told_however_soon():
    inputs = [connected(), *one_by_one([900] * 10), StrapStatus(10.0, "strap", StrapState.LOST)]
    inputs += [connected(10.5), *one_by_one([900] * 10, start_s=11.0)]
    told = [(at, event.state) for at, event in heard(inputs) if isinstance(event, SignalChanged)]
    assert [state for _, state in told] == [SignalState.STEADY, SignalState.RESTING, SignalState.STEADY]
    assert told[1][0] == 10.0
