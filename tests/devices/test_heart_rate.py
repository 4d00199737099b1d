"""The Heart Rate Measurement 0x2A37: one table of bytes and values for the decoder and the encoder."""

import random
from fractions import Fraction

import pytest

from breathsync.devices.decoder import Decoder
from breathsync.devices.heart_rate import (
    CHARACTERISTIC,
    RR_MS_PER_TICK,
    HeartRateValue,
    decode,
    encode,
    most_rr,
)
from breathsync.devices.profiles import load_all
from breathsync.events import HeartRateMeasurement, Notification

Value = HeartRateValue

# Bytes that a strap sends and that the encoder writes.
SENT = [
    ("a heart rate in one byte", "00 ff", Value(255)),
    ("a heart rate in one byte, highest bit clear", "00 7f", Value(127)),
    ("a heart rate in two bytes, the lower first", "01 80 80", Value(32896)),
    ("a heart rate in two bytes, highest bits clear", "01 7f 7f", Value(32639)),
    ("a small heart rate in two bytes: the width may change at any packet", "01 3c 00", Value(60)),
    ("no heart rate, as 0", "00 00", Value(0)),
    ("contact", "06 00", Value(0, contact=True)),
    ("contact and a heart rate, no beat since the last packet", "06 4d", Value(77, contact=True)),
    ("no contact", "04 00", Value(0, contact=False)),
    ("no contact, and values that go on", "14 3c 00 04", Value(60, contact=False, rr_ticks=(1024,))),
    ("the energy where it stays when it is full", "09 00 00 ff ff", Value(0, energy_kj=65535)),
    ("energy after a heart rate of one byte", "08 00 7f 80", Value(0, energy_kj=32895)),
    ("the longest interval", "10 00 ff ff", Value(0, rr_ticks=(65535,))),
    ("two intervals, the older first", "11 00 00 ff ff 7f 80", Value(0, rr_ticks=(65535, 32895))),
    ("an interval of 0", "11 00 00 00 00", Value(0, rr_ticks=(0,))),
    ("an interval of one second", "10 3c 00 04", Value(60, rr_ticks=(1024,))),
    ("a Polar H7", "16 4d 16 03", Value(77, contact=True, rr_ticks=(790,))),
    ("a Garmin HRM-Dual with its extra interval", "10 38 2d 04 35 00", Value(56, rr_ticks=(1069, 53))),
    ("a status for energy", "18 40 03 00 00 04", Value(64, energy_kj=3, rr_ticks=(1024,))),
    (
        "every field",
        "1e 3c 10 00 00 04 10 04",
        Value(60, contact=True, energy_kj=16, rr_ticks=(1024, 1040)),
    ),
    ("the most intervals", "10 c8" + "33 01" * 9, Value(200, rr_ticks=(307,) * 9)),
    (
        "the most intervals with energy",
        "18 c8 0a 00" + "33 01" * 8,
        Value(200, energy_kj=10, rr_ticks=(307,) * 8),
    ),
    (
        "the most intervals with a heart rate of two bytes",
        "11 c8 00" + "33 01" * 8,
        Value(200, rr_ticks=(307,) * 8),
    ),
    (
        "the most intervals with both",
        "19 c8 00 0a 00" + "33 01" * 7,
        Value(200, energy_kj=10, rr_ticks=(307,) * 7),
    ),
]

# Bytes that are read, but that the encoder writes otherwise or not at all.
ONLY_READ = [
    ("contact is unknown where it is not reported, whatever its bit says", "02 00", Value(0)),
    ("reserved flags are ignored", "f0 3c 00 04", Value(60, rr_ticks=(1024,))),
    ("a flag for intervals and none there", "10 3c", Value(60)),
    ("a flag for intervals and none there, with contact", "16 4d", Value(77, contact=True)),
    ("half an interval at the end", "10 3c 00 04 10", Value(60, rr_ticks=(1024,), problem="trailing")),
    ("half an interval alone", "10 3c 10", Value(60, problem="trailing")),
    ("bytes that no flag announces", "00 3c 00 04", Value(60, problem="trailing")),
    ("nothing", "", Value(None, problem="truncated")),
    ("flags alone", "10", Value(None, problem="truncated")),
    ("half a heart rate of two bytes", "01 3c", Value(None, problem="truncated")),
    ("half an energy", "08 3c 01", Value(None, problem="truncated")),
]


def table(rows):
    return [pytest.param(bytes.fromhex(text), value, id=says) for says, text, value in rows]


@pytest.mark.parametrize(("payload", "value"), table(SENT + ONLY_READ))
def test_bytes_mean_what_the_table_says(payload, value):
    assert decode(payload) == value


@pytest.mark.parametrize(("payload", "value"), table(SENT))
def test_a_value_is_written_as_the_table_says(payload, value):
    assert encode(value, wide=bool(payload[0] & 0x01)) == payload


@pytest.mark.parametrize(("payload", "value"), table(ONLY_READ))
def test_odd_bytes_are_never_written(payload, value):
    if value.heart_rate_bpm is None:
        with pytest.raises(ValueError, match="needs a heart rate"):
            encode(value)
    else:
        assert encode(value) != payload


def test_a_heart_rate_that_needs_two_bytes_gets_them():
    assert encode(Value(255)) == bytes.fromhex("00 ff")
    assert encode(Value(256)) == bytes.fromhex("01 00 01")


@pytest.mark.parametrize(
    "value",
    [
        Value(65536),
        Value(-1),
        Value(60, energy_kj=65536),
        Value(60, rr_ticks=(65536,)),
        Value(60, rr_ticks=(1024, -1)),
    ],
)
def test_what_does_not_fit_into_its_field_is_refused(value):
    with pytest.raises(ValueError, match="does not fit"):
        encode(value)


@pytest.mark.parametrize(("energy", "wide"), [(False, False), (True, False), (False, True), (True, True)])
def test_a_packet_of_the_most_intervals_is_full_at_mtu_23(energy, wide):
    count = most_rr(wide=wide, energy=energy)
    payload = encode(Value(200, energy_kj=10 if energy else None, rr_ticks=(307,) * count), wide=wide)
    assert 19 <= len(payload) <= 20


def test_a_longer_link_carries_more_intervals():
    assert most_rr(att_mtu=232) == (232 - 3 - 2) // 2


# --- any bytes at all ---


def random_payload(rng):
    return rng.randbytes(rng.randrange(25))


def mutated_payload(rng):
    payload = bytearray(bytes.fromhex(rng.choice(SENT)[1]))
    for _ in range(rng.randint(1, 4)):
        place = rng.randrange(len(payload) + 1)
        match rng.randrange(3):
            case 0:
                payload[place : place + 1] = rng.randbytes(1)
            case 1:
                payload[place:place] = rng.randbytes(1)
            case 2:
                del payload[place : place + 1]
    return bytes(payload)


@pytest.mark.parametrize("make", [random_payload, mutated_payload])
def test_any_bytes_at_all_decode_without_an_exception(make):
    rng = random.Random(20250846)
    for _ in range(10_000):
        payload = make(rng)
        value = decode(payload)
        assert value.problem in (None, "trailing", "truncated"), payload.hex()
        assert (value.heart_rate_bpm is None) == (value.problem == "truncated"), payload.hex()
        if value.problem is None:
            assert len(encode(value, wide=bool(payload[0] & 0x01))) == len(payload), payload.hex()


def test_what_was_decoded_from_any_bytes_survives_being_sent_again():
    rng = random.Random(8550)
    for _ in range(2_000):
        value = decode(random_payload(rng))
        if value.problem is None:
            assert decode(encode(value)) == value


@pytest.mark.parametrize(("payload", "value"), table(SENT))
def test_every_prefix_of_a_packet_decodes_to_a_part_of_it(payload, value):
    for end in range(len(payload)):
        part = decode(payload[:end])
        assert part.rr_ticks == value.rr_ticks[: len(part.rr_ticks)]
        if part.problem != "truncated":
            assert part.heart_rate_bpm == value.heart_rate_bpm
            assert (part.contact, part.energy_kj) == (value.contact, value.energy_kj)


# --- time ---


def test_every_number_of_ticks_becomes_its_exact_time():
    for ticks in range(65536):
        assert Fraction(ticks * RR_MS_PER_TICK) == Fraction(ticks * 1000, 1024)


def test_intervals_have_no_bias_on_their_way_from_the_heart_to_the_screen():
    """Whole milliseconds, sent in whole ticks and read again: late as often as early."""
    sent = range(300, 2000)
    back = [round(ms * 1.024) * RR_MS_PER_TICK for ms in sent]
    errors = [received - ms for ms, received in zip(sent, back, strict=True)]
    assert max(map(abs, errors)) <= RR_MS_PER_TICK / 2
    assert abs(sum(errors) / len(errors)) < 0.001


def measured(*payloads):
    decoder = Decoder(load_all())
    for second, payload in enumerate(payloads):
        notification = Notification(float(second), "strap", CHARACTERISTIC, bytes.fromhex(payload))
        yield from decoder.push(notification)


def test_the_decoder_gives_intervals_in_milliseconds():
    (event,) = measured("10 38 2d 04 35 00")
    assert event == HeartRateMeasurement(0.0, "strap", 56, None, None, (1043.945_312_5, 51.757_812_5))


def test_a_heart_rate_of_0_is_none_at_all():
    (event,) = measured("16 00 00 04")
    assert event.heart_rate_bpm is None
    assert event.rr_ms == (1000.0,)


def test_bad_bytes_are_an_event_that_says_so():
    empty, trailing = measured("", "10 3c 00 04 10")
    assert (empty.problem, empty.heart_rate_bpm, empty.rr_ms) == ("truncated", None, ())
    assert (trailing.problem, trailing.rr_ms) == ("trailing", (1000.0,))


def test_the_same_bytes_again_are_noted_and_kept():
    first, again, other = measured("10 3c 00 04", "10 3c 00 04", "10 3c 01 04")
    assert [event.repeats for event in (first, again, other)] == [False, True, False]
    assert again.rr_ms == first.rr_ms
