"""A short, seeded slice of every benchmark: counts and ratios are held, times are only reported there."""

import pytest
from benchmarks import beat_latency, conversion, find_rhythm, fuzz, kills, replay_speed, streams, window
from benchmarks.row import at_least, at_most

from breathsync.devices.polar import Measurement
from breathsync.session.replay import RecordingReader


def test_rr_intervals_convert_without_bias():
    assert conversion.bias_ms() < 0.001


def test_no_beat_is_lost_or_doubled_for_any_packing():
    assert conversion.miscounted(25) == 0


def test_the_decoder_takes_any_bytes():
    assert fuzz.decoder_crashes(20_000) == 0


def test_a_polar_straps_streams_and_their_control_take_any_bytes():
    assert fuzz.stream_crashes(10_000) == 0


def test_a_minute_of_frames_costs_little():
    file = replay_speed.recording("ecg-practice", 60.0)
    costs = streams.frame_costs(list(RecordingReader(file).inputs()))
    assert len(costs[Measurement.ECG]) > 100
    assert len(costs[Measurement.ACCELERATION]) > 300
    assert sum(map(sum, costs.values())) < 2.0


def test_info_and_replay_take_any_damage(tmp_path):
    assert fuzz.recording_crashes(80, tmp_path) == 0


@pytest.mark.parametrize("seed", range(3))
def test_killed_in_the_middle_a_session_loses_a_second_at_most(seed, tmp_path):
    assert kills.lost_seconds(seed, tmp_path) <= 1.0


def test_memory_stays_flat_once_every_window_is_full():
    """After 330 s the longest window, 300 s, is full; the long form takes eight hours."""
    held = replay_speed.memory_by_part(replay_speed.recording("long-day", 990.0), 3, 330.0)
    assert held[2] / held[1] <= 1.03


def test_a_beat_costs_far_less_than_the_same_measures_by_neurokit2():
    pytest.importorskip("neurokit2", reason="neurokit2 is not installed", exc_type=ImportError)
    stage = beat_latency.timed("long-day", 990.0, beat_latency.measures_alone())
    mean_s = sum(took for _, took in stage.beats) / len(stage.beats)
    assert beat_latency.neurokit_seconds(stage.rr_ms, times=5) > 10 * mean_s


def test_the_window_imports_nothing_heavy_and_keeps_its_memory(qapp):
    assert window.child("first_frame")["heavy"] == 0
    file = replay_speed.recording("steady-practice", 480.0)  # longer than any machine takes for the frames
    assert window.child("frames", file, 300, 150)["memory_ratio"] < 1.05


def test_a_row_says_whether_its_bar_is_met():
    assert at_least("x", 5.0, 4.0).met and not at_least("x", 3.0, 4.0).met
    assert at_most("x", 3.0, 4.0).met and not at_most("x", 5.0, 4.0).met


def test_requirement_31_finding_a_rhythm_comes_near_on_a_slice_of_the_simulated_people():
    sharp = find_rhythm.found("adaptive", "sharp", 60, seed=1)
    assert sharp.error <= 0.14
    assert sharp.named >= 95
    assert (abs(sharp.best - sharp.peaks) <= 0.5).mean() >= 0.95
    assert sharp.covered >= 75
    broad = find_rhythm.found("adaptive", "broad", 60, seed=1)
    assert broad.error <= 0.35
    assert broad.error < find_rhythm.found("best of five steps", "broad", 60, seed=1).error


@pytest.mark.parametrize("protocol", ["stepped", "sliding", "adaptive"])
def test_requirement_31_finding_a_rhythm_is_silent_about_flat_people(protocol):
    assert find_rhythm.found(protocol, "flat", 60, seed=2).named <= 7
