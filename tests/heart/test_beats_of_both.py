"""ECG and RR of the same heart: each heartbeat once, from the better of the two, whatever fails."""

import numpy as np
import pytest
from tests.heart.hearts import beat_times, ecg
from tests.helpers import connected, heard, one_by_one, only

from breathsync.events import Beat, BeatAlternative, BeatHeard, EcgSamples, EcgSignal, Flaw, Samples
from breathsync.heart.ecg_beats import EcgBeats

RATE = 130.0
SECONDS = 150.0
BEATS = beat_times(SECONDS)


def ecg_inputs(signal_mv, without=()):
    """Half-second pieces of ECG, known when their last sample is; `without` leaves seconds out."""
    pieces = []
    for low in range(0, len(signal_mv), 65):
        piece = signal_mv[low : low + 65]
        last_s = (low + len(piece) - 1) / RATE
        if not any(start <= last_s < end for start, end in without):
            pieces.append(Samples(round(last_s, 6), "strap", "ecg", RATE, "mV", tuple(piece.tolist())))
    return pieces


def rr_inputs(delay_s=2.6, lost=()):
    ticks = np.round(np.diff(BEATS) * 1024).astype(int).tolist()
    packets = one_by_one(ticks, delay_s, BEATS[0])
    return [p for p in packets if not any(start <= p.time < end for start, end in lost)]


def session(signal_mv=None, *, without=(), rr=True, lost=()):
    signal_mv = ecg(BEATS, RATE, SECONDS) if signal_mv is None else signal_mv
    inputs = [*ecg_inputs(signal_mv, without), *(rr_inputs(lost=lost) if rr else [])]
    return heard([connected(), *sorted(inputs, key=lambda event: event.time)])


def each_once(beats, since=3.0, until=SECONDS - 8):
    """Every true heartbeat has exactly one Beat near it, and there is no other."""
    times = np.array([b.time for b in beats])
    for true in BEATS[(since < BEATS) & (until > BEATS)]:
        assert np.sum(np.abs(times - true) < 0.3) == 1, true
    assert np.all(np.diff(times) >= 0)


def test_from_ecg_alone_every_beat_is_there_at_its_moment():
    beats = only(Beat, session(rr=False))
    assert {b.source for b in beats} == {"ecg"}
    each_once(beats)
    good = [b for b in beats if b.flaw is Flaw.NONE]
    errors = [np.abs(BEATS - b.time).min() for b in good]
    assert np.max(errors) < 0.003
    true_rr = {round(t, 2): rr for t, rr in zip(BEATS[1:], 1000 * np.diff(BEATS), strict=True)}
    nearest = [true_rr[round(BEATS[np.abs(BEATS - b.time).argmin()], 2)] for b in good]
    assert np.abs(np.array([b.rr_ms for b in good]) - nearest).max() < 1.0


def test_the_first_beat_of_an_ecg_has_no_interval():
    first = only(Beat, session(rr=False))[0]
    assert (first.rr_ms, first.flaw) == (None, Flaw.GAP)


def test_where_both_are_there_ecg_is_chosen_and_rr_stands_beside_it():
    found = session()
    beats, others = only(Beat, found), only(BeatAlternative, found)
    each_once(beats)
    assert {b.source for b in beats if b.time > 20} == {"ecg"}
    assert {b.source for b in others if b.time > 20} == {"rr"}
    assert len([b for b in others if 20 < b.time < 140]) == len([b for b in beats if 20 < b.time < 140])


def test_only_the_chosen_stream_is_heard():
    heard_beats = [b for b in only(BeatHeard, session()) if b.time > 20]
    assert {b.source for b in heard_beats} == {"ecg"}


@pytest.mark.parametrize("fault", ["unplugged", "noise", "frames lost"])
def test_when_the_ecg_fails_rr_takes_over_and_gives_back(fault):
    signal = ecg(BEATS, RATE, SECONDS)
    low, high = round(50 * RATE), round(90 * RATE)
    without = [(50.0, 90.0)] if fault == "frames lost" else []
    if fault == "unplugged":
        signal[low:high] = 0.0
    elif fault == "noise":
        signal[low:high] = np.random.default_rng(1).standard_normal(high - low) * 0.05
    beats = only(Beat, session(signal, without=without))
    each_once(beats)
    sources = {second: b.source for b in beats for second in [int(b.time)]}
    assert sources[40] == "ecg" and sources[70] == "rr" and sources[120] == "ecg"
    assert [b for b in beats if b.time > 5 and b.flaw is not Flaw.NONE] == []  # no heartbeat was lost


def test_when_rr_is_lost_nothing_changes():
    beats = only(Beat, session(lost=[(40.0, 80.0)]))
    each_once(beats)
    assert all(b.flaw is Flaw.NONE for b in beats if b.time > 5)


def test_after_a_switch_rr_stays_where_the_heartbeats_were():
    """Half a second of the strap's delay was not known: the ECG has shown it."""
    signal = ecg(BEATS, RATE, SECONDS)
    signal[round(60 * RATE) :] = 0.0
    inputs = [*ecg_inputs(signal), *rr_inputs(delay_s=3.1)]
    found = heard([connected(), *sorted(inputs, key=lambda event: event.time)])
    late = [b for b in only(Beat, found) if b.source == "rr" and b.time > 70]
    assert len(late) > 50
    assert max(np.abs(BEATS - b.time).min() for b in late) < 0.02


def test_it_is_said_how_good_the_ecg_is():
    signal = ecg(BEATS, RATE, SECONDS)
    signal[round(60 * RATE) : round(90 * RATE)] = 0.0
    said = only(EcgSignal, session(signal))
    assert all(s.quality > 0.5 for s in said if 10 < s.time < 58)
    assert all(s.quality == 0.0 for s in said if 66 < s.time < 88)
    assert all(s.quality > 0.5 for s in said if s.time > 100)


def frames_of(signal_mv, clock):
    """ECG as decoded frames of half a second; `clock` says what the strap's own clock shows."""
    inputs = ecg_inputs(signal_mv)
    for index, piece in enumerate(inputs):
        values = tuple(1000 * v for v in piece.values)
        yield EcgSamples(piece.time, "strap", clock(piece.time), 1 / RATE, values, index == 0)


@pytest.mark.parametrize(
    "clock",
    [lambda t: 8e8 + t, lambda t: 8e8 + t if t < 60 else t],
    ids=["the year 2025", "set back to nought in the middle"],
)
def test_beats_do_not_depend_on_what_a_straps_clock_counts_from(clock):
    stage = EcgBeats()
    beats = [e for f in frames_of(ecg(BEATS, RATE, SECONDS), clock) for e in stage.push(f)]
    each_once([b for b in beats if isinstance(b, Beat)])
