"""Bad signal: the program says so, goes on, and is back within ten seconds of good signal."""

import numpy as np
import pytest
from tests.heart.hearts import beat_times, ecg
from tests.helpers import connected, heard, one_by_one, packet

from breathsync.events import (
    Beat,
    BreathEstimate,
    EcgSignal,
    Flaw,
    Samples,
    SignalChanged,
    SignalQuality,
    SignalState,
    Tick,
)
from breathsync.session.pipeline import pipeline

RATE = 130.0
SECONDS = 200.0
BAD = 80.0, 120.0
BEATS = beat_times(SECONDS)
TICKS = np.round(np.diff(BEATS) * 1024).astype(int)


def good_ecg():
    return ecg(BEATS, RATE, SECONDS)


def replaced(by):
    """Good ECG whose samples between the bad moments are `by` of them."""
    signal = good_ecg()
    bad = slice(*(round(s * RATE) for s in BAD))
    signal[bad] = by(signal[bad], np.arange(signal[bad].size) / RATE)
    return signal


def hum(size):
    return lambda signal, t: signal + size * np.sin(2 * np.pi * 50.0 * t)


UNREADABLE = {
    "unplugged": lambda signal, t: 0.0 * signal,
    "saturated": lambda signal, t: 0.0 * signal + 32.767,
    "hum alone": lambda signal, t: 2.0 * np.sin(2 * np.pi * 50.0 * t),
    "noise alone": lambda signal, t: np.random.default_rng(1).normal(0, 0.3, signal.size),
}
READABLE = {
    "inverted": lambda signal, t: -signal,
    "clipped at both ends": lambda signal, t: np.clip(signal, -0.1, 0.6),
    "hum as large as half a beat": hum(0.5),
    "on a level that wanders": lambda signal, t: signal + 2.0 * np.sin(2 * np.pi * 0.3 * t),
}


def from_ecg(signal_mv):
    pieces = [
        Samples(round((low + 64) / RATE, 6), "strap", "ecg", RATE, "mV", tuple(signal_mv[low : low + 65]))
        for low in range(0, len(signal_mv) - 65, 65)
    ]
    return heard([connected(), *pieces])


def of(kind, found, since, until):
    """Events about the seconds between."""
    return [event for _, event in found if isinstance(event, kind) and since <= event.time < until]


def each_once(found, since, until):
    """Every heartbeat between has one Beat without flaw at its moment."""
    times = np.array([b.time for b in of(Beat, found, since - 1, until + 1) if b.flaw is Flaw.NONE])
    for true in BEATS[(since <= BEATS) & (until > BEATS)]:
        assert np.sum(np.abs(times - true) < 0.05) == 1, true


def back_within_ten_seconds(found):
    each_once(found, BAD[1] + 10, SECONDS - 5)
    rates = of(BreathEstimate, found, BAD[1] + 20, SECONDS)
    assert any(e.breaths_per_min is not None for e in rates if not e.settled)
    beats = of(Beat, found, 0, SECONDS + 1)
    assert [b.time for b in beats] == sorted(b.time for b in beats)


@pytest.mark.parametrize("fault", UNREADABLE)
def test_an_ecg_that_cannot_be_read_is_told_and_comes_back(fault):
    found = from_ecg(replaced(UNREADABLE[fault]))
    assert of(EcgSignal, found, BAD[0] + 8, BAD[1] - 1)
    assert all(e.quality < 0.5 for e in of(EcgSignal, found, BAD[0] + 8, BAD[1] - 1))
    assert len(of(Beat, found, BAD[0] + 8, BAD[1])) <= 2
    assert any(e.variability_withheld for e in of(SignalQuality, found, *BAD))
    states = [e.state for e in of(SignalChanged, found, *BAD)]
    assert SignalState.RESTING in states
    back_within_ten_seconds(found)


@pytest.mark.parametrize("fault", READABLE)
def test_an_ecg_that_is_only_odd_keeps_its_beats(fault):
    found = from_ecg(replaced(READABLE[fault]))
    each_once(found, BAD[0] + 10, BAD[1] - 2)
    back_within_ten_seconds(found)


DELAY_S = 2.6  # of the strap that these sessions are worn with


def from_rr(split=None):
    """Each interval in a packet of its own; between the bad moments cut in two at the share `split`."""
    packets = []
    for end, ticks in zip(BEATS[1:], TICKS.tolist(), strict=True):
        first = round(ticks * split) if split and BAD[0] < end < BAD[1] else 0
        packets.append(packet(float(end) + DELAY_S, [first, ticks - first] if first else [ticks]))
    return heard([connected(), *packets])


def heard_of(kind, packets):
    """What a strap that sends nothing but these makes of a session."""
    time, inputs = 0.0, [connected()]
    for ticks in packets:
        time += sum(ticks) / 1024
        inputs.append(packet(time, ticks))
    return [event for _, event in heard(inputs) if isinstance(event, kind)]


def test_one_interval_for_minutes_is_told():
    said = heard_of(SignalQuality, [[870]] * 200)
    assert {e.reason for e in said if e.time > 70} == {"unchanging"}


def test_from_one_interval_for_minutes_no_breath_is_told():
    said = heard_of(BreathEstimate, [[870]] * 200)
    assert said and all(e.confidence < 0.7 for e in said)


def test_a_strap_that_counts_every_beat_twice_is_told_and_comes_back():
    """R and T wave of each heartbeat: two intervals where there should be one."""
    found = from_rr(split=0.37)
    bad = of(Beat, found, BAD[0] + 5, BAD[1] - 5)
    assert sum(b.flaw is not Flaw.NONE for b in bad) > 0.4 * len(bad)
    assert SignalState.PATCHY in [e.state for e in of(SignalChanged, found, *BAD)]
    assert all(e.variability_withheld for e in of(SignalQuality, found, BAD[0] + 30, BAD[1]))
    assert all(e.confidence < 0.7 for e in of(BreathEstimate, found, BAD[0] + 25, BAD[1] - 2))
    each_once(found, BAD[1] + 10, SECONDS - 5)


@pytest.mark.parametrize("asleep_s", [40.0, 3600.0])
def test_a_clock_that_jumps_ahead_leaves_a_gap_and_no_more(asleep_s):
    """A machine that slept: the session's clock has gone on, the strap's intervals have not."""
    sent = one_by_one(TICKS.tolist(), DELAY_S, BEATS[0])
    jumped = [p if p.time < BAD[0] else packet(p.time + asleep_s, rr_of(p)) for p in sent]
    beats = [e for _, e in heard([connected(), *jumped]) if isinstance(e, Beat)]
    assert len(beats) == len(TICKS)
    late = [b for b in beats if b.time > BAD[0] + asleep_s + 10]
    assert len(late) > 50 and all(b.flaw is Flaw.NONE for b in late)
    near = np.array([b.time - asleep_s for b in late])
    assert max(np.abs(BEATS - t).min() for t in near) < 0.05


def rr_of(notification):
    from breathsync.devices.heart_rate import decode

    return decode(notification.payload).rr_ticks


def test_an_hour_of_silence_is_told_and_ends_within_ten_seconds():
    sent = one_by_one(TICKS.tolist(), DELAY_S, BEATS[0])
    hour = [p if p.time < BAD[0] else packet(p.time + 3600, rr_of(p)) for p in sent]
    found = heard([connected(), *hour])
    states = [(e.time, e.state) for _, e in found if isinstance(e, SignalChanged)]
    assert [s for t, s in states if BAD[0] < t < BAD[0] + 10] == [SignalState.RESTING]
    assert states[-1][1] is SignalState.STEADY and states[-1][0] < BAD[0] + 3600 + 10
    silent = [e for at, e in found if isinstance(e, BreathEstimate) and BAD[0] + 20 < at < BAD[0] + 3600]
    assert all(e.breaths_per_min is None for e in silent)
    back = min(p.time for p in hour if p.time > 3600)
    rates = [at for at, e in found if isinstance(e, BreathEstimate) and at > back and e.breaths_per_min]
    assert rates[0] <= back + 10


def test_silence_from_the_first_moment_tells_nothing_and_keeps_little():
    stage = pipeline()
    found = [event for quarter in range(4 * 3600) for event in stage.push(Tick(quarter / 4))]
    assert {type(event) for event in found} == {BreathEstimate}
    assert all(event.breaths_per_min is None for event in found)
