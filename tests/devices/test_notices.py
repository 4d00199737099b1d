"""What is odd about a strap's data is said in a line, once; what is usual is not."""

import random

import pytest
from tests.helpers import connected, heard, only, packet

from breathsync.devices import polar
from breathsync.devices.heart_rate import HeartRateValue, encode
from breathsync.devices.polar import Frame, Measurement
from breathsync.events import AccSamples, Beat, Flaw, Notification, StrapNotice, StreamState, StreamStatus
from breathsync.session import simulation
from breathsync.session.pipeline import pipeline
from breathsync.session.sitting import Sitting
from breathsync.wording import language


def codes(packets, name="Polar H10 12345678"):
    return [notice.code for notice in only(StrapNotice, heard([connected(0.0, name), *packets]))]


def measured(second, value):
    return Notification(float(second), "strap", "2a37", encode(value))


def rates(seed=1):
    rng = random.Random(seed)
    rate = 65.0
    while True:
        rate = min(80.0, max(55.0, rate + rng.gauss(0, 1)))
        yield round(rate)


def test_intervals_computed_from_the_heart_rate_are_recognised():
    """As a Decathlon belt sends them (guyrutenberg.com)."""
    made_up = [
        packet(n, [round(60 * 1024 / rate)], rate) for n, rate in zip(range(1, 60), rates(), strict=False)
    ]
    assert codes(made_up) == ["made_up_rr"]


@pytest.mark.parametrize("off_ms", [4, 8])
def test_measured_intervals_near_the_heart_rate_are_not(off_ms):
    rng = random.Random(1)
    near = [
        packet(n, [round((60000 / rate + rng.choice([-off_ms, off_ms])) * 1.024)], rate)
        for n, rate in zip(range(1, 60), rates(), strict=False)
    ]
    assert codes(near) == []


def test_the_same_interval_again_and_again_is_recognised():
    assert codes([packet(n * 0.8, [820], 73) for n in range(1, 14)]) == []
    assert codes([packet(n * 0.8, [820], 73) for n in range(1, 30)]) == ["frozen"]


def test_one_interval_a_second_at_a_quicker_heart_is_recognised():
    rng = random.Random(1)
    quick = [packet(n, [rng.randint(650, 780)], 86) for n in range(1, 80)]
    assert codes(quick) == ["one_rr_a_second"]
    slow = [packet(n * 1.02, [rng.randint(1000, 1090)], 59) for n in range(1, 80)]
    assert codes(slow) == []


def test_a_strap_without_intervals_is_told_after_a_minute():
    assert codes([packet(n, [], 70) for n in range(1, 59)]) == []
    assert codes([packet(n, [], 70) for n in range(1, 70)]) == ["no_rr"]


def test_a_strap_that_nobody_wears_is_not_called_one_without_intervals():
    assert codes([measured(n, HeartRateValue(0, False)) for n in range(1, 90)]) == []


def test_garmins_extra_short_intervals_are_told_and_marked():
    """`10 38 2d 04 35 00`: 1069 and 53 ticks (forums.garmin.com, 319496)."""
    rng = random.Random(1)
    sent = [packet(n * 1.1, [rng.randint(1040, 1090), 53], 56) for n in range(1, 40)]
    found = heard([connected(0.0, "HRM-Dual:123456"), *sent])
    assert [notice.code for notice in only(StrapNotice, found)] == ["short_rr"]
    short = [beat for beat in only(Beat, found) if beat.rr_ms < 100]
    assert short
    assert not [beat for beat in short if beat.flaw is Flaw.NONE]


def test_what_arrives_twice_is_told():
    rng = random.Random(1)
    sent = [
        packet(n + late, [ticks], 60)
        for n in range(1, 40)
        for ticks in [rng.randint(980, 1060)]
        for late in (0.0, 0.001)
    ]
    assert codes(sent) == ["doubled"]


def test_a_status_in_the_energy_field_is_told_by_profile_or_because_energy_never_falls():
    rng = random.Random(1)
    corsense = [
        measured(n, HeartRateValue(61, energy_kj=3, rr_ticks=(rng.randint(950, 1090),)))
        for n in range(1, 20)
    ]
    assert codes(corsense, "CorSense 123456") == ["energy_not_energy"]
    falling = [
        measured(n, HeartRateValue(61, energy_kj=1 + n % 3, rr_ticks=(rng.randint(950, 1090),)))
        for n in range(1, 20)
    ]
    assert codes(falling) == ["energy_not_energy"]


def test_energy_that_grows_and_is_set_to_zero_is_energy():
    rng = random.Random(1)
    sent = [
        measured(n, HeartRateValue(61, energy_kj=n % 15, rr_ticks=(rng.randint(950, 1090),)))
        for n in range(1, 40)
    ]
    assert codes(sent) == []


def test_malformed_packets_are_told_after_the_third():
    odd = [Notification(float(n), "strap", "2a37", b"\x10\x3c\x01") for n in range(1, 9)]
    assert codes(odd[:2]) == []
    assert codes(odd) == ["malformed"]


def test_a_stream_that_a_strap_does_not_give_is_told():
    refused = StreamStatus(1.0, "strap", "ecg", StreamState.REFUSED, "not_offered")
    assert codes([refused, refused]) == ["ecg_refused"]


def acceleration(rows_at, seconds=30):
    """36 samples each 0.18 s, as an H10 sends them at 200 Hz."""
    for number in range(round(seconds / 0.18)):
        taken_ns = 10**18 + number * 180_000_000
        rows = tuple(rows_at(36 * number + n) for n in range(36))
        frame = Frame(Measurement.ACCELERATION, taken_ns, 1, samples=rows)
        yield Notification(1.0 + number * 0.18, "strap", "fb005c82", polar.encode(frame))


def test_an_axis_of_acceleration_that_never_changes_is_told():
    """An H10's z stood at -2000: a flat line for the breath, and no word of why."""
    rng = random.Random(1)
    assert codes(acceleration(lambda n: (rng.randint(-5, 5), rng.randint(-5, 5), -2000))) == ["acc_stuck"]


def test_a_chest_that_keeps_still_is_no_sensor_that_stands_still():
    """One that lies on a table wavers by a digit now and then."""
    assert (
        codes(acceleration(lambda n: (3 + (n % 700 == 0), -2 - (n % 900 == 0), 999 + (n % 800 == 0)))) == []
    )


def test_nothing_is_said_of_an_ordinary_straps_acceleration():
    found = []
    sitting = Sitting(pipeline(), [lambda at, event: found.append(event)])
    simulation.simulate(simulation.scenario_named("ecg-practice"), 1, sitting, None, 30.0)
    assert any(isinstance(event, AccSamples) for event in found)
    assert [event.code for event in found if isinstance(event, StrapNotice)] == []


@pytest.mark.parametrize("name", ["first-session", "patchy-signal", "ectopic", "teen", "flat-response"])
def test_nothing_is_said_of_an_ordinary_strap(name):
    found = []
    sitting = Sitting(pipeline(), [lambda at, event: found.append(event)])
    simulation.simulate(simulation.scenario_named(name), 1, sitting, None, 180.0)
    assert [event.code for event in found if isinstance(event, StrapNotice)] == []


def test_every_notice_has_words():
    from breathsync.devices import notices

    said = {*notices._SHOWS, *notices._REFUSED.values(), "doubled", "malformed", "short_rr"}
    said |= {"energy_not_energy", "acc_stuck"}
    assert {f"notice.{code}" for code in said} == {k for k in language("en") if k.startswith("notice.")}
