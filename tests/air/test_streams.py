"""ECG and acceleration over the held link: started, watched, started anew, and stopped in every way out."""

import asyncio

import pytest

pytest.importorskip("bumble", reason="bumble is not installed (extra `bumble`)")

from tests.air.clockwork import run
from tests.air.room import room, until
from tests.air.test_faults import STRAP, check_that_no_packet_is_lost_or_doubled

from breathsync.devices.polar import Measurement
from breathsync.events import EcgSamples, StrapState, StreamState, StreamStatus

BOTH = ("hr", "ecg", "acc")


def listen_to(session):
    told = []
    session.live._sitting._listeners += (lambda at, event: told.append(event),)
    return told


def stands(told, stream="ecg"):
    return [(e.state, e.reason) for e in told if isinstance(e, StreamStatus) and e.stream == stream]


def test_ecg_and_acceleration_stream_beside_the_beats(tmp_path):
    async def story():
        async with room() as there:
            strap = await there.bring()
            session = there.hold(STRAP, tmp_path / "session.jsonl", streams=BOTH)
            told = listen_to(session)
            await asyncio.sleep(60)
            assert [state for state, _ in stands(told)] == [
                StreamState.STARTING,
                StreamState.WAITING,
                StreamState.STREAMING,
            ]
            await there.be_quiet()
            await session.end()
            check_that_no_packet_is_lost_or_doubled(there)
            frames = session.packets("fb005c82")
            assert frames == strap.frames_on_the_link[: len(frames)]
            assert len(frames) == pytest.approx(59 * (130 / 73 + 200 / 36), rel=0.02)
            ecg = [e for e in told if isinstance(e, EcgSamples)]
            assert sum(len(e.microvolts) for e in ecg) == pytest.approx(59 * 130, rel=0.03)

    run(story())


def test_the_first_frame_may_take_half_a_minute_and_beats_come_at_once():
    async def story():
        async with room() as there:
            strap = await there.bring()
            strap.frames_after_s = 27.0
            session = there.hold(STRAP, streams=BOTH)
            told = listen_to(session)
            await session.streaming(2)
            await until(lambda: any(isinstance(e, EcgSamples) for e in told), 40)
            assert (StreamState.STREAMING, None) in stands(told)
            assert all(reason is None for _, reason in stands(told))
            assert session.count(StrapState.LOST) == 0

    run(story())


def test_a_stream_that_falls_behind_is_started_anew():
    async def story():
        async with room() as there:
            strap = await there.bring()
            session = there.hold(STRAP, streams=("ecg",))
            told = listen_to(session)
            await asyncio.sleep(20)
            strap.frame_lag_s = 4.0
            await until(lambda: (StreamState.STARTING, "lag") in stands(told), 30)
            strap.frame_lag_s = 0.0
            await asyncio.sleep(20)
            assert stands(told)[-1] == (StreamState.STREAMING, None)
            assert session.count(StrapState.LOST) == 0

    run(story())


def test_streams_that_a_crash_left_running_are_stopped_and_started():
    """The strap answers "already in state"."""

    async def story():
        async with room() as there:
            strap = await there.bring()
            strap.peripheral.polar.running |= {Measurement.ECG, Measurement.ACCELERATION}
            session = there.hold(STRAP, streams=BOTH)
            told = listen_to(session)
            await asyncio.sleep(10)
            for stream in ("ecg", "acceleration"):
                assert stands(told, stream)[-1] == (StreamState.STREAMING, None)

    run(story())


def test_streams_begin_again_after_a_lost_link(tmp_path):
    async def story():
        async with room() as there:
            strap = await there.bring()
            session = there.hold(STRAP, tmp_path / "session.jsonl", streams=BOTH)
            told = listen_to(session)
            await asyncio.sleep(10)
            there.air.end_links(strap.controller)
            await asyncio.sleep(10)
            assert (StreamState.STOPPED, "link_lost") in stands(told)
            assert stands(told)[-1] == (StreamState.STREAMING, None)

    run(story())


def test_where_streams_cost_the_link_the_heart_rate_is_held_without_them(tmp_path):
    """As on some Windows machines: the link ends as soon as ECG begins."""

    async def story():
        async with room() as there:
            strap = await there.bring()
            session = there.hold(STRAP, tmp_path / "session.jsonl", streams=BOTH)
            told = listen_to(session)
            for _ in range(3):
                await until(lambda: strap.peripheral.polar.running)
                await asyncio.sleep(0.5)
                there.air.end_links(strap.controller)
                strap.peripheral.polar.running.clear()
            await asyncio.sleep(120)
            assert stands(told)[-1] == (StreamState.REFUSED, "costs_link")
            assert session.count(StrapState.LOST) == 3
            before = len(session.packets())
            await asyncio.sleep(60)
            assert len(session.packets()) - before == pytest.approx(60, abs=1)

    run(story())


@pytest.mark.parametrize("way_out", ["end", "cancel", "let go in the panel"])
def test_streams_are_stopped_in_every_way_out(way_out):
    """A strap that streams stays on until its battery is empty."""

    async def story():
        async with room() as there:
            strap = await there.bring()
            session = there.hold(STRAP, streams=BOTH)
            await asyncio.sleep(5)
            assert strap.peripheral.polar.running == {Measurement.ECG, Measurement.ACCELERATION}
            if way_out == "cancel":
                session._running.cancel()
                await asyncio.wait({session._running})
            else:
                await session.end()
            assert strap.peripheral.polar.running == set()
            assert strap.peripheral.links == []

    run(story())


def test_a_strap_without_streams_gives_its_beats(tmp_path):
    async def story():
        async with room() as there:
            strap = await there.bring()
            await strap.reboot(left_out={"FB005C80"})
            session = there.hold(STRAP, tmp_path / "session.jsonl", streams=BOTH)
            told = listen_to(session)
            await asyncio.sleep(30)
            assert stands(told)[-1] == (StreamState.REFUSED, "not_offered")
            assert len(session.packets()) > 25
            assert session.count(StrapState.LOST) == 0

    run(story())
