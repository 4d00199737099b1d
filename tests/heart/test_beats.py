"""Heartbeats on one timeline: each once, in order, at its true moment, whatever the packets do."""

import random
from itertools import pairwise

import pytest
from tests.helpers import connected, heard, one_by_one, only, packet

from breathsync.devices import profiles
from breathsync.devices.decoder import Decoder
from breathsync.events import Beat, BeatHeard, Flaw, RrIntervals, Stamp, StrapState, StrapStatus
from breathsync.heart.beats import Beats
from breathsync.session.pipeline import Pipeline


def some_rr(count, seed=1):
    rng = random.Random(seed)
    return [round((0.85 + 0.05 * rng.random()) * 1024) for _ in range(count)]


def beats_alone():
    return Pipeline([Decoder(profiles.load_all()), Beats()])


def in_packets(rr_ticks, sizes, delay_s=0.0):
    """The same intervals in packets of other sizes: each leaves when its last heartbeat is known."""
    packets, end, rest = [], 0.0, list(rr_ticks)
    for size in sizes:
        part, rest = rest[:size], rest[size:]
        end += sum(part) / 1024
        packets.append(packet(end + delay_s, part))
    return packets


def test_every_interval_is_heard_at_once_and_final_within_two_more_beats():
    found = heard([connected(), *one_by_one(some_rr(50))])
    assert len(only(BeatHeard, found)) == len(only(Beat, found)) == 50
    heard_at = [at for at, event in found if isinstance(event, BeatHeard)]
    final_at = [at for at, event in found if isinstance(event, Beat)]
    assert all(final <= later + 0.5 for final, later in zip(final_at, heard_at[2:], strict=False))


def test_rr_comes_through_exactly():
    ticks = [700, 701, 999, 1024, 1025]
    beats = only(Beat, heard([connected(), *one_by_one(ticks)]))
    assert [beat.rr_ms for beat in beats] == [t * 1000 / 1024 for t in ticks]


def test_a_beat_is_placed_at_its_moment_with_the_straps_delay_taken_off():
    rr = some_rr(100)
    beats = only(Beat, heard([connected(name="Polar H10 12345678"), *one_by_one(rr, delay_s=2.6)]))
    true, end = [], 0.0
    for ticks in rr:
        end += ticks / 1024
        true.append(end)
    assert [beat.time for beat in beats] == pytest.approx(true, abs=1e-3)


def test_an_unknown_delay_counts_as_none():
    beats = only(Beat, heard([connected(name="Somebody's strap"), *one_by_one([1024] * 5)]))
    assert [beat.time for beat in beats] == pytest.approx([1, 2, 3, 4, 5])


@pytest.mark.parametrize("seed", range(20))
def test_cut_into_other_packets_the_beats_are_the_same(seed):
    rng = random.Random(seed)
    rr = some_rr(200, seed)
    sizes = []
    while sum(sizes) < len(rr):
        sizes.append(min(rng.randint(1, 4), len(rr) - sum(sizes)))
    whole = only(Beat, heard([connected(), *one_by_one(rr, 2.6)], beats_alone()))
    cut = only(Beat, heard([connected(), *in_packets(rr, sizes, 2.6)], beats_alone()))
    assert whole
    assert [(b.rr_ms, b.flaw) for b in cut] == [(b.rr_ms, b.flaw) for b in whole]
    assert [b.time for b in cut] == pytest.approx([b.time for b in whole], abs=1e-3)


def test_packets_of_one_instant_count_as_one_packet():
    rr = some_rr(80)
    pairs = in_packets(rr, [2] * 40, 2.6)
    split = [
        packet(p.time, [ticks])
        for p, i in zip(pairs, range(0, 80, 2), strict=True)
        for ticks in rr[i : i + 2]
    ]
    whole = only(Beat, heard([connected(), *pairs]))
    cut = only(Beat, heard([connected(), *split]))
    assert [b.time for b in cut] == pytest.approx([b.time for b in whole], abs=1e-9)


def test_five_packets_with_one_arrival_time_all_count():
    steady = one_by_one([1000] * 30)
    end = steady[-1].time
    burst = [packet(end + 5 * 1000 / 1024, [1000]) for _ in range(5)]
    later = one_by_one([1000] * 5, start_s=burst[-1].time)
    beats = only(Beat, heard([connected(), *steady, *burst, *later]))
    assert len(beats) == 40
    assert {beat.flaw for beat in beats} == {Flaw.NONE}
    assert [b.time - a.time for a, b in pairwise(beats)] == pytest.approx([1000 / 1024] * 39, abs=1e-6)


def test_a_notification_delivered_twice_counts_once():
    packets = [p for original in one_by_one(some_rr(60)) for p in (original, original)]
    beats = only(Beat, heard([connected(), *packets]))
    counted = [b for b in beats if b.flaw is not Flaw.DUPLICATE]
    assert len(beats) == 120
    assert len(counted) <= 61  # the very first repeat cannot be told from a burst


def test_a_row_that_a_program_wrote_twice_counts_once():
    """Of a file with arrival times: the second one would push the sum of RR ahead of the clock."""
    ends, rr = [sum(some_rr(k)) / 1024 for k in range(1, 61)], [1000 / 1024 * t for t in some_rr(60)]
    rows = [
        RrIntervals(round(end + late, 6), "strap", (ms,), Stamp.ARRIVAL)
        for end, ms in zip(ends, rr, strict=True)
        for late in (0.0, 0.002)
    ]
    beats = only(Beat, heard(rows))
    assert len(beats) == 120
    assert len([b for b in beats if b.flaw is not Flaw.DUPLICATE]) <= 61


def test_equal_intervals_are_no_repeats():
    beats = only(Beat, heard([connected(), *one_by_one([900] * 60)]))
    assert {beat.flaw for beat in beats} == {Flaw.NONE}


def test_after_a_lost_link_the_timeline_begins_anew_and_the_gap_is_marked():
    before = one_by_one([1000] * 20)
    lost = StrapStatus(before[-1].time + 5, "strap", StrapState.LOST)
    after = one_by_one([1000] * 20, start_s=before[-1].time + 60)
    inputs = [connected(), *before, lost, connected(before[-1].time + 59.5), *after]
    beats = only(Beat, heard(inputs))
    assert [b.flaw for b in beats] == [Flaw.NONE] * 20 + [Flaw.GAP] + [Flaw.NONE] * 19
    assert beats[20].time - beats[19].time == pytest.approx(60 + 1000 / 1024, abs=0.01)


def test_packets_that_were_lost_on_the_way_leave_a_gap_not_a_shift():
    packets = one_by_one([1000] * 80)
    kept = packets[:30] + packets[34:]
    beats = only(Beat, heard([connected(), *kept]))
    assert sum(beat.flaw is Flaw.GAP for beat in beats) == 1
    assert beats[-1].time == pytest.approx(packets[-1].time - 2.6, abs=0.05)


def test_a_packet_that_was_only_late_leaves_no_gap():
    packets = one_by_one([1000] * 60)
    late = [packet(p.time + (1.9 if i == 30 else 0), [1000]) for i, p in enumerate(packets)]
    late.sort(key=lambda p: p.time)
    beats = only(Beat, heard([connected(), *late]))
    assert {beat.flaw for beat in beats} == {Flaw.NONE}
    assert beats[-1].time == pytest.approx(packets[-1].time - 2.6, abs=0.05)


def test_notifications_without_rr_harm_nothing():
    packets = one_by_one([1000] * 40)
    empty = [packet(p.time + 0.3) for p in packets]
    both = sorted([*packets, *empty], key=lambda p: p.time)
    plain, mixed = (only(Beat, heard([connected(), *ps])) for ps in (packets, both))
    assert mixed == plain


def test_imported_beats_stay_where_they_say_and_holes_show():
    ends = [1.0, 2.0, 3.0, 5.0, 6.0, 7.0]
    inputs = [RrIntervals(end, "strap", (1000.0,), Stamp.BEAT) for end in ends]
    beats = only(Beat, heard(inputs))
    assert [beat.time for beat in beats] == ends
    assert [beat.flaw for beat in beats] == [Flaw.NONE] * 3 + [Flaw.GAP] + [Flaw.NONE] * 2


def test_float_intervals_stay_floats():
    beats = only(Beat, heard([RrIntervals(0.8123456, "strap", (812.3456,), Stamp.BEAT)]))
    assert [beat.rr_ms for beat in beats] == [812.3456]


def test_time_never_runs_backwards():
    rng = random.Random(5)
    packets, arrival = [], 0.0
    for _ in range(500):
        arrival += rng.choice([0.0, 0.5, 1.0, 1.0, 2.0])
        packets.append(packet(arrival, [rng.randint(280, 2000) for _ in range(rng.randint(0, 3))]))
    beats = only(Beat, heard([connected(), *packets]))
    segments = [beat.time for beat in beats if beat.flaw is not Flaw.DUPLICATE]
    assert segments == sorted(segments)
