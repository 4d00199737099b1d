"""Frames of Polar Measurement Data: those in `devices/`, both ways; then any bytes at all."""

import json
import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breathsync.devices import polar_delta
from breathsync.devices.polar import DATA, Frame, Measurement, decode, encode, flag_names, peek
from breathsync.devices.profiles import shipped_folder
from breathsync.devices.strap_clock import sample_times_ns

SECOND = 10**9


def frames():
    for file in sorted(shipped_folder().glob("*/frames.jsonl")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            frame = json.loads(line)
            if frame["characteristic"] == DATA:
                yield pytest.param(frame, id=f"{file.parent.name}:{number}")


FRAMES = list(frames())


def read(frame):
    return decode(bytes.fromhex(frame["hex"]))


# --- the table in devices/ ---


@pytest.mark.parametrize("frame", FRAMES)
def test_every_frame_decodes_to_what_is_written(frame):
    value, expected = read(frame), frame["expect"]
    assert value.problem == expected.get("problem")
    if value.problem == "truncated":
        return
    assert value.measurement.name.lower() == expected["measurement"]
    assert value.timestamp_ns == expected["timestamp_ns"]
    assert (value.frame_type, value.compressed) == (expected["frame_type"], expected["compressed"])
    if "samples" in expected:
        assert [list(row) for row in value.samples] == expected["samples"]
    if "sample_count" in expected:
        assert len(value.samples) == expected["sample_count"]
        assert [list(row) for row in value.samples[: len(expected["first"])]] == expected["first"]
        assert list(value.samples[-1]) == expected["last"]
        assert [sum(channel) for channel in zip(*value.samples, strict=True)] == expected["sum"]


@pytest.mark.parametrize("frame", [f for f in FRAMES if "flags" in f.values[0]["expect"]])
def test_flags_have_their_names(frame):
    value = read(frame)
    flags = [dict(zip(flag_names(value), row, strict=True)) for row in value.flags]
    assert flags == frame["expect"]["flags"]


@pytest.mark.parametrize("frame", [f for f in FRAMES if "problem" not in f.values[0]["expect"]])
def test_a_frame_is_written_back(frame):
    value = read(frame)
    written = encode(value)
    assert (written == bytes.fromhex(frame["hex"])) == frame.get("canonical", True)
    assert decode(written) == value


@pytest.mark.parametrize("frame", [f for f in FRAMES if "factor" in f.values[0]["expect"]])
def test_a_factor_makes_milli_g(frame):
    expected = frame["expect"]
    first = [int(value * expected["factor"] * 1000) for value in read(frame).samples[0]]
    assert first == expected["first_milli_g"]


@pytest.mark.parametrize("frame", FRAMES)
def test_the_header_can_be_read_alone(frame):
    value = read(frame)
    expected = None if value.measurement is None else (value.measurement, value.timestamp_ns)
    assert peek(bytes.fromhex(frame["hex"])) == expected


# --- when samples were taken ---


@pytest.mark.parametrize(
    ("says", "arguments", "expected"),
    [
        ("the first frame goes by the nominal rate", (10 * SECOND, 10, 0, 1.0), range(1, 11)),
        ("a later one by the frame before", (11 * SECOND, 10, SECOND, 1.0), range(2, 12)),
        ("whatever the nominal rate", (11 * SECOND, 10, SECOND, 130.0), range(2, 12)),
    ],
)
def test_whole_seconds(says, arguments, expected):
    timestamp, count, previous, rate = arguments
    times = sample_times_ns(timestamp, count, previous_ns=previous, rate_hz=rate)
    assert times == tuple(SECOND * second for second in expected)


@pytest.mark.parametrize(
    ("says", "arguments", "expected"),
    [
        (
            "nanoseconds are rounded",
            (2 * SECOND, 3, 100, 0.0),
            (666_666_733, 1_333_333_367, 2_000_000_000),
        ),
        ("half a nanosecond belongs to the one before", (101, 2, 100, 0.0), (100, 101)),
        ("neither a frame before nor a rate", (SECOND, 1, 0, 0.0), None),
        ("samples before the beginning of time", (100_000, 100, 0, 52.0), None),
        ("time that stands still", (SECOND, 1, SECOND, 130.0), None),
        ("time that runs backwards", (SECOND, 1, 2 * SECOND, 130.0), None),
        ("no sample", (SECOND, 0, 0, 130.0), None),
    ],
)
def test_times_that_can_be_said_and_times_that_cannot(says, arguments, expected):
    timestamp, count, previous, rate = arguments
    assert sample_times_ns(timestamp, count, previous_ns=previous, rate_hz=rate) == expected


@pytest.mark.parametrize("frame", [f for f in FRAMES if "sample_times_ns" in f.values[0]["expect"]])
def test_sample_times_of_a_frame(frame):
    expected, value = frame["expect"], read(frame)
    previous = expected["previous_timestamp_ns"]
    times = sample_times_ns(value.timestamp_ns, len(value.samples), previous_ns=previous)
    assert list(times) == expected["sample_times_ns"]


def test_times_are_exact_where_a_float_is_not():
    start = 599_616_028_236_586_218
    times = sample_times_ns(start + 561_538_461, 73, previous_ns=start)
    assert times[-1] == start + 561_538_461
    assert {after - before for before, after in pairwise(times)} == {7_692_307, 7_692_308}


# --- both ways ---

SIZES = [
    (Measurement.ECG, 0, False, 24, 1),
    (Measurement.PPG, 0, False, 24, 4),
    (Measurement.PPG, 0, True, 24, 4),
    (Measurement.ACCELERATION, 0, False, 8, 3),
    (Measurement.ACCELERATION, 0, True, 16, 3),
    (Measurement.ACCELERATION, 1, False, 16, 3),
    (Measurement.ACCELERATION, 1, True, 16, 3),
    (Measurement.ACCELERATION, 2, False, 24, 3),
    (Measurement.GYROSCOPE, 0, True, 16, 3),
    (Measurement.MAGNETOMETER, 0, True, 16, 3),
]


@pytest.mark.parametrize(("measurement", "kind", "compressed", "bits", "channels"), SIZES)
def test_the_largest_and_smallest_numbers_survive(measurement, kind, compressed, bits, channels):
    most = (1 << (bits - 1)) - 1
    rows = ((most,) * channels, (-most - 1,) * channels, (0,) * channels)
    frame = Frame(measurement, 2**64 - 1, kind, compressed, rows)
    assert decode(encode(frame)) == frame
    with pytest.raises(ValueError, match="does not fit"):
        encode(Frame(measurement, 1, kind, compressed, ((most + 1,) * channels,)))


@pytest.mark.parametrize(
    "frame",
    [
        Frame(Measurement.ECG, 1, 9, samples=((1,),)),
        Frame(Measurement.ECG, 1, 0, compressed=True, samples=((1,),)),
        Frame(None, 1, 0, samples=((1,),)),
        Frame(Measurement.ECG, -1, 0, samples=((1,),)),
        Frame(Measurement.ECG, 2**64, 0, samples=((1,),)),
    ],
)
def test_a_frame_that_nobody_could_read_is_not_written(frame):
    with pytest.raises(ValueError, match=r"no such|does not fit"):
        encode(frame)


def test_a_full_ecg_frame_holds_73_samples_and_one_of_acceleration_36():
    mtu = 232
    ecg = encode(Frame(Measurement.ECG, 1, 0, samples=((-20000,),) * 73))
    acceleration = encode(Frame(Measurement.ACCELERATION, 1, 1, samples=((1, 2, 3),) * 36))
    assert mtu - 3 - 3 < len(ecg) <= mtu - 3
    assert mtu - 3 - 6 < len(acceleration) <= mtu - 3


@given(st.lists(st.tuples(*[st.integers(-(2**23), 2**23 - 1)] * 4), max_size=300))
def test_differences_come_back_as_the_numbers_that_they_were(rows):
    packed = polar_delta.pack(rows, [24] * 4)
    assert polar_delta.unpack(packed, [24] * 4) == (rows, len(packed))


# --- any bytes at all ---


@pytest.mark.parametrize("frame", [f for f in FRAMES if "problem" not in f.values[0]["expect"]])
def test_every_prefix_of_a_frame_is_a_part_of_it(frame):
    payload, value = bytes.fromhex(frame["hex"]), read(frame)
    for end in range(len(payload)):
        part = decode(payload[:end])
        assert part.samples == value.samples[: len(part.samples)]
        assert (part.problem == "truncated") == (end < 10)


def test_a_block_of_no_or_too_many_bits_ends_a_frame():
    first = bytes(6)
    for bits in (0, 33, 255):
        rows, used = polar_delta.unpack(first + bytes([bits, 1]) + bytes(200), [16] * 3)
        assert (rows, used) == ([(0, 0, 0)], 6)


def random_payload(rng):
    return rng.randbytes(rng.randrange(240))


def likely_payload(rng):
    """A known measurement and frame type, then anything."""
    kind = rng.choice([0, 1, 2, 3, 0x80, 0x81, 0x82])
    return bytes([rng.randrange(8)]) + rng.randbytes(8) + bytes([kind]) + random_payload(rng)


def mutated_payload(rng):
    payload = bytearray(bytes.fromhex(rng.choice(FRAMES).values[0]["hex"]) or b"\0")
    for _ in range(rng.randint(1, 4)):
        place = rng.randrange(len(payload))
        payload[place : place + rng.randint(0, 2)] = rng.randbytes(rng.randint(0, 2))
        payload = payload or bytearray(1)
    return bytes(payload)


@pytest.mark.parametrize("make", [random_payload, likely_payload, mutated_payload])
def test_any_bytes_at_all_decode_without_an_exception(make):
    rng = random.Random(599616028)
    for _ in range(3_000):
        payload = make(rng)
        value = decode(payload)
        assert value.problem in (None, "truncated", "unsupported", "trailing"), payload.hex()
        assert (len(payload) < 10) == (value.problem == "truncated"), payload.hex()
        assert not value.flags or len(value.flags) == len(value.samples)
