"""Frames as samples in session time: when they were taken, what is missing, what cannot be used."""

import random
from itertools import pairwise

import pytest
from tests.helpers import connected

from breathsync.devices.decoder import Decoder
from breathsync.devices.polar import DATA, Frame, Measurement, encode
from breathsync.devices.polar_messages import CONTROL, Operation, Response
from breathsync.devices.polar_messages import encode as encode_message
from breathsync.devices.profiles import load_all
from breathsync.events import (
    AccSamples,
    EcgSamples,
    FrameLeftOut,
    Notification,
    PulseIntervals,
    Samples,
    StrapKnown,
)

EPOCH_NS = 599_616_000_000_000_000  # 2019-01-01 in the strap's count, as after a change of battery
ECG, ACC = Measurement.ECG, Measurement.ACCELERATION


def frame(measurement, arrival, taken, rows, **settings):
    """A frame whose last sample was taken at `taken` of the session."""
    kind = 0 if measurement is ECG else 1
    value = Frame(measurement, EPOCH_NS + round(taken * 1e9), kind, samples=tuple(rows), **settings)
    return Notification(round(arrival, 6), "strap", DATA, encode(value))


def stream(measurement=ECG, seconds=10.0, rate_hz=130.0, size=73, late=lambda k: 0.03, strap=lambda t: t):
    """A stream from 1 s on; sample k has the value k. `strap`: the strap's time of a session time."""
    channels = 1 if measurement is ECG else 3
    total = int(seconds * rate_hz) // size
    for k in range(total):
        taken = 1.0 + ((k + 1) * size - 1) / rate_hz
        rows = [(k * size + i,) * channels for i in range(size)]
        yield frame(measurement, taken + late(k), strap(taken), rows)


def decoded(inputs, kind=(EcgSamples, AccSamples)):
    decoder = Decoder(load_all())
    found = [event for given in inputs for event in decoder.push(given)]
    return [event for event in found if isinstance(event, kind)]


def by_sample(events):
    """Each sample's time, by its value."""
    times = {}
    for event in events:
        rows = event.microvolts if isinstance(event, EcgSamples) else event.milli_g
        for back, row in enumerate(reversed(rows)):
            value = row[0] if isinstance(row, tuple) else row
            times[value] = event.time - back * event.interval_s
    return times


# --- times ---


def test_samples_lie_where_they_were_taken_but_for_the_least_lateness():
    times = by_sample(decoded(stream(rate_hz=130.0)))
    assert len(times) == 1241
    assert all(abs(time - 1.03 - value / 130) < 1e-5 for value, time in times.items())


def test_the_spacing_is_that_of_the_straps_clock_not_the_promised_rate():
    events = decoded(stream(rate_hz=130.16))
    assert events[0].interval_s == pytest.approx(1 / 130)
    assert all(event.interval_s == pytest.approx(1 / 130.16, rel=1e-6) for event in events[1:])


@pytest.mark.parametrize("size", [7, 19, 36, 50])
def test_frames_of_another_size_give_the_same_samples_within_a_millisecond(size):
    whole, cut = (
        by_sample(decoded(stream(rate_hz=130.16))),
        by_sample(decoded(stream(rate_hz=130.16, size=size))),
    )
    assert all(abs(cut[value] - whole[value]) < 0.001 for value in whole.keys() & cut.keys())
    assert len(whole.keys() & cut.keys()) > 1200


@pytest.mark.parametrize("rate_hz", [25.0, 50.0, 100.0, 200.0, 52.0])
def test_the_rate_of_acceleration_is_told_by_two_frames(rate_hz):
    events = decoded(stream(ACC, 30.0, rate_hz * 1.003, size=36))
    assert all(event.interval_s == pytest.approx(1 / rate_hz / 1.003, rel=1e-5) for event in events)
    assert [event.after_gap for event in events] == [True] + [False] * (len(events) - 1)
    assert sorted(by_sample(events)) == list(range(36 * (int(30.0 * rate_hz * 1.003) // 36)))


def test_the_first_frame_of_acceleration_waits_for_the_second():
    decoder, frames = Decoder(load_all()), list(stream(ACC, 2.0, 200.0, size=36))
    assert list(decoder.push(frames[0])) == []
    assert len(list(decoder.push(frames[1]))) == 2
    assert len(list(decoder.push(frames[2]))) == 1


def test_late_frames_do_not_move_the_samples():
    rng = random.Random(1)
    late = [0.03 + rng.expovariate(20) + (1.5 if rng.random() < 0.05 else 0.0) for _ in range(200)]
    arrivals = [1.0 + (73 * (k + 1) - 1) / 130 + late[k] for k in range(200)]
    in_order = [max(arrivals[: k + 1]) - (1.0 + (73 * (k + 1) - 1) / 130) for k in range(200)]
    times = by_sample(decoded(stream(seconds=112.4, late=lambda k: in_order[k])))
    errors = [time - 1.0 - value / 130 for value, time in times.items() if value > 30 * 130]
    assert max(errors) - min(errors) < 0.02


def test_a_first_frame_that_is_late_is_forgotten_with_the_next_one_that_is_not():
    events = decoded(stream(late=lambda k: 0.9 if k == 0 else 0.45 if k == 1 else 0.03))
    assert all(event.time == pytest.approx(1.03 + event.microvolts[-1] / 130) for event in events[2:])
    assert all(after.time >= before.time for before, after in pairwise(events))


@pytest.mark.parametrize("parts", [-300e-6, -20e-6, 20e-6, 300e-6])
def test_the_drift_of_the_straps_clock_is_followed(parts):
    """Until a clock that is not followed would be out by 0.07 s at the least."""
    seconds = 3610.0 if abs(parts) < 100e-6 else 1200.0
    events = decoded(stream(seconds=seconds, strap=lambda t: t * (1 + parts)))
    errors = []
    for event in events:
        for value, back in ((event.microvolts[-1], 0), (event.microvolts[0], len(event.microvolts) - 1)):
            errors.append(event.time - back * event.interval_s - 1.03 - value / 130)
    assert len(errors) > 4000
    assert max(map(abs, errors)) < 0.02


def test_a_stream_that_falls_behind_keeps_the_times_at_which_samples_were_taken():
    times = by_sample(decoded(stream(seconds=120.0, late=lambda k: 0.03 + 0.02 * k)))
    assert all(abs(time - 1.03 - value / 130) < 0.15 for value, time in times.items())


def test_no_sample_lies_after_the_arrival_of_its_frame():
    rng = random.Random(3)
    arrived = 0.0
    decoder = Decoder(load_all())
    for k in range(500):
        arrived = round(arrived + rng.choice([0.0, 0.5, 0.6, 3.0]), 6)
        taken = rng.choice([k * 0.56, k * 0.56, rng.uniform(0, 1000)])
        for event in decoder.push(frame(ECG, arrived, taken, [(1,)] * 73)):
            assert event.time <= arrived


def test_time_never_runs_backwards():
    rng = random.Random(4)
    late = [rng.choice([0.0, 0.1, 0.5]) for _ in range(400)]
    events = decoded(stream(seconds=224, late=lambda k: max(late[max(0, k - 3) : k + 1])))
    assert all(after.time >= before.time for before, after in pairwise(events))


def test_the_straps_own_time_is_exact_whatever_the_arrivals_and_over_gaps():
    rng = random.Random(5)
    late = [rng.choice([0.0, 0.1, 0.5]) for _ in range(400)]
    frames = list(stream(seconds=224, late=lambda k: max(late[max(0, k - 3) : k + 1])))
    events = decoded(frames[:100] + frames[103:])
    ends = [(event.microvolts[-1], event.strap_s) for event in events]
    for (first, began), (last, ended) in pairwise(ends):
        assert ended - began == pytest.approx((last - first) / 130, abs=1e-6)


# --- what is missing ---


def test_a_lost_frame_leaves_a_gap_and_moves_nothing():
    frames = list(stream())
    events = decoded(frames[:5] + frames[6:])
    assert [event.after_gap for event in events].count(True) == 2
    assert events[5].after_gap
    times = by_sample(events)
    assert all(abs(time - 1.03 - value / 130) < 1e-5 for value, time in times.items())


@pytest.mark.parametrize("jump", [-3600.0, -0.5, 0.5, 86400.0 * 365])
def test_a_strap_that_sets_its_clock_makes_a_gap_and_goes_on(jump):
    events = decoded(stream(seconds=30.0, strap=lambda t: t if t < 15 else t + 40_000_000 + jump))
    assert [event.after_gap for event in events].count(True) == 2
    assert all(event.time == pytest.approx(1.03 + event.microvolts[-1] / 130) for event in events)


def test_another_rate_is_believed_at_its_third_frame():
    first = list(stream(ACC, 10.0, 200.0, size=36))
    then = [frame(ACC, 11.0 + 0.72 * k, 11.0 + 0.72 * k, [(9999,) * 3] * 36) for k in range(1, 10)]  # 50 Hz
    events = decoded(first + then)
    assert [event.after_gap for event in events[len(first) :]] == [True] * 3 + [False] * 6
    assert events[-1].interval_s == pytest.approx(0.02)


def test_every_other_frame_lost_is_no_other_rate_for_long():
    frames = list(stream(seconds=60.0))
    events = decoded(frames[:20] + frames[20:30:2] + frames[30:])
    assert events[-1].interval_s == pytest.approx(1 / 130)


def test_a_connection_begins_anew():
    frames = list(stream())
    events = decoded([connected(), *frames[:8], connected(frames[8].time), *frames[8:]])
    assert [event.after_gap for event in events].count(True) == 2


# --- what cannot be used ---


def test_the_stream_goes_on_after_a_frame_that_nobody_knows():
    frames = list(stream())
    unknown = Notification(frames[3].time, "strap", DATA, bytes.fromhex("010094357700000000ff00"))
    found = decoded([*frames[:4], unknown, *frames[4:]], (EcgSamples, FrameLeftOut))
    assert found[4] == FrameLeftOut(frames[3].time, "strap", "ppg", "unsupported")
    assert not any(event.after_gap for event in found[5:])


def test_a_frame_cut_short_is_left_out_as_its_time_belongs_to_a_sample_that_is_missing():
    frames = list(stream())
    torn = Notification(frames[3].time, "strap", DATA, frames[3].payload[:-1])
    found = decoded([*frames[:3], torn, *frames[4:]], (EcgSamples, FrameLeftOut))
    assert found[3] == FrameLeftOut(torn.time, "strap", "ecg", "trailing")
    assert found[4].after_gap


@pytest.mark.parametrize("payload", ["", "00", "009435770000000000"])
def test_a_frame_without_a_header_is_left_out(payload):
    notification = Notification(1.0, "strap", DATA, bytes.fromhex(payload))
    assert decoded([notification], FrameLeftOut) == [FrameLeftOut(1.0, "strap", None, "truncated")]


def test_a_frame_without_samples_says_nothing():
    frames = list(stream())
    empty = Notification(frames[3].time, "strap", DATA, frames[3].payload[:10])
    assert decoded([*frames[:3], empty, *frames[3:]]) == decoded(frames)


def test_other_measurements_are_read_and_let_be():
    gyroscope = Notification(1.0, "strap", DATA, bytes.fromhex("05ffffffffffffff7f80eaff08000d000301df00"))
    assert list(Decoder(load_all()).push(gyroscope)) == []


def test_any_bytes_at_all_on_the_straps_characteristics_raise_nothing():
    rng, decoder = random.Random(82), Decoder(load_all())
    frames = [notification.payload for notification in stream(ACC, 10.0, 200.0, size=36)]
    for k in range(4_000):
        payload = bytearray(rng.choice(frames) if k % 2 else rng.randbytes(rng.randrange(250)))
        for _ in range(rng.randrange(4)):
            payload[rng.randrange(len(payload) + 1) :] = rng.randbytes(rng.randrange(40))
        where = rng.choice([DATA, DATA, DATA, CONTROL])
        for event in decoder.push(Notification(k * 0.1, "strap", where, bytes(payload))):
            assert event.time <= k * 0.1


# --- factors, pulses ---


def verity_frame(second):
    rows = tuple((1905 + k, 27376, -29282) for k in range(52))
    value = Frame(ACC, EPOCH_NS + second * 10**9, 0, compressed=True, samples=rows)
    return Notification(float(second), "strap", DATA, encode(value))


def test_the_factor_of_the_start_response_makes_milli_g():
    said = Response(Operation.START, ACC, settings={"factor": (0.000244,)})
    started = Notification(0.0, "strap", CONTROL, encode_message(said))
    first, *_ = decoded([started, verity_frame(1), verity_frame(2)])
    assert [int(value) for value in first.milli_g[0]] == [464, 6679, -7144]


def test_a_factor_belongs_to_its_strap():
    said = Response(Operation.START, ACC, settings={"factor": (0.000244,)})
    started = Notification(0.0, "another", CONTROL, encode_message(said))
    found = decoded([started, verity_frame(1), verity_frame(2)], (AccSamples, FrameLeftOut))
    assert found == [FrameLeftOut(t, "strap", "acceleration", "no factor") for t in (1.0, 2.0)]


def test_intervals_between_pulses_say_which_of_them_can_be_used():
    rows = ((0, 807, 30), (0, 963, 30), (0, 900, 30), (0, 910, 30))
    flags = ((0, 1, 1), (1, 1, 1), (0, 0, 1), (0, 0, 0))
    payload = encode(Frame(Measurement.PPI, 0, 0, samples=rows, flags=flags))
    (event,) = decoded([Notification(5.0, "strap", DATA, payload)], PulseIntervals)
    assert event.interval_ms == (807, 963, 900, 910)
    assert event.usable == (True, False, False, True)


# --- imported samples ---


def imported(unit="mV", values=(0.5, 1.0), channel="ecg", rate=100.0, time=1.0):
    return Samples(time, "strap", channel, rate, unit, values)


@pytest.mark.parametrize(
    ("unit", "factor"), [("mV", 1e3), ("uV", 1.0), ("µV", 1.0), ("V", 1e6), (" MV ", 1e3)]
)
def test_imported_ecg_becomes_microvolts(unit, factor):
    (event,) = decoded([imported(unit)])
    assert event == EcgSamples(1.0, "strap", 1.0, 0.01, (0.5 * factor, factor), after_gap=True)


@pytest.mark.parametrize(("unit", "factor"), [("mG", 1.0), ("g", 1e3), ("m/s2", 1000 / 9.80665)])
def test_imported_acceleration_becomes_milli_g(unit, factor):
    (event,) = decoded([imported(unit, ((1.0, 2.0, 3.0),), "acc")])
    assert event.milli_g == ((factor, 2 * factor, 3 * factor),)


def test_imported_samples_show_their_gaps():
    pieces = [imported(time=time, values=(1.0,) * 50) for time in (0.49, 0.99, 1.49, 2.49, 2.99)]
    assert [event.after_gap for event in decoded(pieces)] == [True, False, False, True, False]


@pytest.mark.parametrize(
    ("piece", "problem"),
    [
        (imported("kg"), "unknown unit"),
        (imported(rate=0.0), "no rate"),
        (imported(rate=-1.0), "no rate"),
        (imported("mG", (1.0,), "acc"), "wrong values"),
        (imported("mG", ((1.0, 2.0),), "acc"), "wrong values"),
        (imported(values=((1.0, 2.0, 3.0),)), "wrong values"),
    ],
)
def test_imported_samples_that_cannot_be_used_are_left_out(piece, problem):
    (event,) = decoded([piece], (EcgSamples, AccSamples, FrameLeftOut))
    assert event == FrameLeftOut(1.0, "strap", piece.channel, problem)


def test_imported_breath_and_nothing_at_all_pass():
    assert decoded([imported(channel="resp"), imported(values=())], object) == []


def test_samples_stand_beside_what_else_a_strap_sends():
    known = decoded([connected()], StrapKnown)
    assert known[0].profile == "polar-h10"
