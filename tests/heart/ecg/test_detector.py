"""The R-peak detector, as a specification."""

import numpy as np
import pytest
from tests.heart.hearts import beat_times, ecg

from breathsync.heart.ecg.detector import RPeak, RPeakDetector, ShapedPeak
from breathsync.heart.ecg.waves import BeatShape

RATE = 130.0
SECONDS = 60.0
BEATS = beat_times(SECONDS)


def found(signal, rate_hz=RATE, frame=73):
    detector = RPeakDetector(rate_hz)
    everything = []
    for low in range(0, len(signal), frame):
        everything += detector.push(low / rate_hz, 1.0 / rate_hz, signal[low : low + frame])
    return everything, detector.take_quality()


def run(signal, rate_hz=RATE, frame=73):
    everything, quality = found(signal, rate_hz, frame)
    return only_peaks(everything), quality


def only_peaks(everything):
    return [event for event in everything if isinstance(event, RPeak)]


def shapes(signal, rate_hz=RATE, frame=73):
    return [event for event in found(signal, rate_hz, frame)[0] if isinstance(event, ShapedPeak)]


def errors_ms(peaks, beats=BEATS):
    """Every beat found once, nothing else; errors in ms."""
    peaks = only_peaks(peaks)
    times = np.array([p.time_s for p in peaks])
    assert len(times) == len(beats), (len(times), len(beats))
    return 1000.0 * (times - beats)


@pytest.mark.parametrize("rate_hz", [100.0, 125.0, 130.0, 250.0, 360.0, 512.0, 1000.0])
def test_every_beat_is_found_once_within_half_a_millisecond(rate_hz):
    error = errors_ms(run(ecg(BEATS, rate_hz, SECONDS), rate_hz)[0])
    assert 1.4826 * np.median(np.abs(error - np.median(error))) < 0.3
    assert np.abs(error).max() < 2.0


def test_a_peak_is_known_within_a_third_of_a_second():
    signal = ecg(BEATS, RATE, SECONDS)
    detector = RPeakDetector(RATE)
    waited = [
        k / RATE - peak.time_s
        for k in range(len(signal))
        for peak in only_peaks(detector.push(k / RATE, 1.0 / RATE, signal[k : k + 1]))
        if peak.time_s > 3.0
    ]
    assert np.median(waited) < 0.15
    assert max(waited) < 0.3


@pytest.mark.parametrize("frame", [1, 7, 130, 100_000])
def test_any_split_of_the_input_gives_the_same_peaks(frame):
    rng = np.random.default_rng(0)
    signal = ecg(BEATS, RATE, SECONDS) + 0.1 * rng.standard_normal(round(SECONDS * RATE))
    one, other = found(signal)[0], found(signal, frame=frame)[0]
    assert [type(p) for p in one] == [type(p) for p in other]
    assert np.allclose([p.time_s for p in one], [p.time_s for p in other], atol=1e-9, rtol=0.0)
    one, other = shapes(signal), shapes(signal, frame=frame)
    assert [p.shape for p in one] == [p.shape for p in other]


@pytest.mark.parametrize("height", [0.0, 0.6, 1.2, -0.8])
def test_t_waves_are_not_counted(height):
    errors_ms(run(ecg(BEATS, RATE, SECONDS, t_height=height))[0])


@pytest.mark.parametrize(("height", "width_s"), [(2.0, 0.026), (2.5, 0.03)])
def test_pointed_t_waves_twice_as_tall_as_r_are_not_counted(height, width_s):
    """As tall as the QRS even where a QRS has most of its power: only less sharp."""
    errors_ms(run(ecg(BEATS, RATE, SECONDS, height, width_s))[0])


def test_an_inverted_lead_gives_the_same_times():
    signal = ecg(BEATS, RATE, SECONDS)
    upright, inverted = run(signal)[0], run(-signal)[0]
    later = slice(3, None)  # the first beats teach the polarity
    assert np.allclose(errors_ms(upright)[later], errors_ms(inverted)[later], atol=0.1)
    shape, turned = shapes(signal)[-1].shape, shapes(-signal)[-1].shape
    assert turned.qrs_mean == pytest.approx(shape.qrs_mean)
    assert turned.up_slope == pytest.approx(-shape.down_slope, rel=0.3)


@pytest.mark.parametrize("hum_hz", [50.0, 60.0])
def test_mains_hum_of_half_the_beat_is_ignored(hum_hz):
    t = np.arange(round(SECONDS * 250.0)) / 250.0
    signal = ecg(BEATS, 250.0, SECONDS) + 0.5 * np.sin(2.0 * np.pi * hum_hz * t)
    assert np.abs(errors_ms(run(signal, 250.0)[0])).max() < 3.0


def test_a_clipped_signal_still_has_its_beats():
    errors_ms(run(np.clip(ecg(BEATS, RATE, SECONDS), -0.1, 0.6))[0])


def test_baseline_wander_and_jumps_make_no_beats():
    t = np.arange(round(SECONDS * RATE)) / RATE
    signal = ecg(BEATS, RATE, SECONDS) + 0.5 * np.sin(2.0 * np.pi * 0.25 * t)
    jumps = 0.5 * (BEATS[10:60:7] + BEATS[11:61:7]) + 0.1
    for k, jump in enumerate(jumps):
        signal[t > jump] += (-1) ** k * 2.0
    errors_ms(run(signal)[0])


def test_twenty_percent_white_noise():
    rng = np.random.default_rng(4)
    beats = beat_times(300.0)
    signal = ecg(beats, RATE, 300.0)
    signal = signal + 0.15 * rng.standard_normal(len(signal))
    found = np.array([p.time_s for p in run(signal)[0]])
    hits = sum(np.abs(found - beat).min() < 0.05 for beat in beats)
    assert hits / len(beats) > 0.98
    assert hits / len(found) > 0.985


def test_a_wide_premature_beat_is_found():
    beats = np.delete(BEATS, 30)
    signal = ecg(beats, RATE, SECONDS)
    t = np.arange(len(signal)) / RATE
    early = BEATS[29] + 0.5
    signal += 1.3 * np.exp(-0.5 * ((t - early) / 0.026) ** 2)
    signal -= 0.8 * np.exp(-0.5 * ((t - early - 0.07) / 0.03) ** 2)
    found = np.array([p.time_s for p in run(signal)[0]])
    assert np.abs(found - early).min() < 0.03
    assert len(found) == len(BEATS)


@pytest.mark.parametrize("unplugged", ["flat", "noise", "hum", "rail"])
def test_unplugged_says_no_ecg_and_comes_back_within_ten_seconds(unplugged):
    signal = ecg(BEATS, RATE, SECONDS)
    low, high = round(20.0 * RATE), round(40.0 * RATE)
    t = np.arange(high - low) / RATE
    signal[low:high] = {
        "flat": np.zeros(high - low),
        "noise": np.random.default_rng(0).standard_normal(high - low),
        "hum": np.sin(2.0 * np.pi * 50.0 * t),
        "rail": np.full(high - low, 5.0),
    }[unplugged]
    peaks, verdicts = run(signal)
    # noise of the height of an R peak cannot be told at once; up to the first verdict it may pass
    assert sum(25.0 < p.time_s < 39.9 for p in peaks) <= 4
    assert not any(v.has_ecg for v in verdicts if 26.0 <= v.time_s <= 40.0)
    assert sum(p.time_s > 50.0 for p in peaks) == int((BEATS > 50.0).sum())
    assert all(v.quality > 0.5 for v in verdicts if v.time_s > 50.0)
    first = next(p for p in peaks if p.time_s > 40.0)
    assert first.after_gap or unplugged == "noise"


def test_missing_frames_mark_the_next_peak():
    signal = ecg(BEATS, RATE, SECONDS)
    detector = RPeakDetector(RATE)
    cut = round(20.0 * RATE)
    detector.push(0.0, 1.0 / RATE, signal[:cut])
    later = only_peaks(detector.push(25.0, 1.0 / RATE, signal[round(25.0 * RATE) :]))
    assert later[0].after_gap and not later[1].after_gap
    assert later[0].time_s == pytest.approx(BEATS[BEATS > 25.0][0], abs=0.005)


def test_repeated_frames_are_dropped():
    signal = ecg(BEATS, RATE, SECONDS)
    detector = RPeakDetector(RATE)
    peaks = []
    for low in range(0, len(signal), 73):
        for _ in range(2):
            peaks += detector.push(low / RATE, 1.0 / RATE, signal[low : low + 73])
    errors_ms(peaks)


def test_the_sample_interval_of_the_frame_is_believed():
    """An H10 whose true rate is 130.16 Hz: times follow the frames, not the nominal rate."""
    true_rate = 130.16
    signal = ecg(BEATS, true_rate, SECONDS)
    detector = RPeakDetector(RATE)
    peaks = []
    for low in range(0, len(signal), 73):
        peaks += detector.push(low / true_rate, 1.0 / true_rate, signal[low : low + 73])
    assert np.abs(errors_ms(peaks)).max() < 2.0


def test_shape_follows_what_breathing_does_to_the_ecg():
    signal = ecg(BEATS, RATE, SECONDS)
    t = np.arange(len(signal)) / RATE
    breath = 1.0 + 0.2 * np.sin(2.0 * np.pi * 0.1 * t)
    measured = shapes(signal * breath)
    for name in BeatShape.__dataclass_fields__:
        answer = np.abs([getattr(p.shape, name) for p in measured])
        later = 0.28 if name == "t_range" else 0.0
        moments = np.array([p.time_s for p in measured]) + later
        expected = 1.0 + 0.2 * np.sin(2.0 * np.pi * 0.1 * moments)
        assert np.corrcoef(answer, expected)[0, 1] > 0.99, name


def test_every_beat_has_its_shape_within_half_a_second_and_before_the_second_next():
    signal = ecg(BEATS, RATE, SECONDS)
    everything, _ = found(signal, frame=1000)
    heard = []
    for event in everything:
        if isinstance(event, RPeak):
            heard.append(event.time_s)
        else:
            assert event.time_s in heard[-2:]
    assert len(shapes(signal)) in (len(heard), len(heard) - 1)


def test_a_beat_whose_t_wave_is_lost_has_no_shape():
    signal = ecg(BEATS, RATE, SECONDS)
    detector, end = RPeakDetector(RATE), round((BEATS[20] + 0.25) * RATE)
    everything = detector.push(0.0, 1.0 / RATE, signal[:end])
    everything += detector.push(end / RATE + 2.0, 1.0 / RATE, signal[end:])
    shaped = np.array([p.time_s for p in everything if isinstance(p, ShapedPeak)])
    assert np.abs(shaped - BEATS[19]).min() < 0.01
    assert np.abs(shaped - BEATS[20]).min() > 0.3


def test_an_empty_frame_and_unreadable_samples_harm_nothing():
    detector = RPeakDetector(RATE)
    assert detector.push(0.0, 1.0 / RATE, []) == []
    assert detector.push(0.0, 1.0 / RATE, [float("nan")] * 73) == []
