"""What else happens: straps taken, two programs, late and lost packets, pairing, many straps."""

import asyncio
import statistics
from contextlib import aclosing

import pytest

pytest.importorskip("bumble", reason="bumble is not installed (extra `bumble`)")

from bleak.exc import BleakBluetoothNotAvailableReason as Trouble
from tests.air.clockwork import run
from tests.air.others import another_program
from tests.air.room import room, until
from tests.air.test_faults import STRAP, check_that_nothing_is_lost_or_doubled, figures

from breathsync.devices import heart_rate
from breathsync.devices.finding import SeveralStrapsError
from breathsync.devices.peripheral import PeripheralSettings
from breathsync.events import (
    BatteryLevel,
    Flaw,
    HeartRateMeasurement,
    Notification,
    StrapState,
)


def strap_settings(number: int) -> PeripheralSettings:
    name = f"Polar H10 123456{number:02}"
    return PeripheralSettings(name=name, address=f"C4:00:00:00:01:{number:02X}")


@pytest.fixture
def note(record_property):
    """End the session; nothing was lost and nothing counted twice, and the figures go with the test."""

    async def end_and_note(fault, there, took_s=()):
        await there.be_quiet()
        await there.session.end()
        told = figures(there, took_s)
        record_property("figures", {"fault": fault, **told})
        assert (told["beats_lost"], told["beats_doubled"]) == (0, 0)

    return end_and_note


# --- what a strap sends ---


def test_malformed_packets_are_recorded_and_the_link_stands(tmp_path, note):
    odd = [b"", b"\x10", b"\x10\x3c\x01", b"\x01\x3c", bytes(19) + b"\xff", b"\xff" * 20]

    async def story():
        async with room() as there:
            strap = await there.bring()
            session = there.hold(STRAP, tmp_path / "session.jsonl")
            await session.streaming()
            for payload in odd:
                await strap.send(payload)
            await session.streaming()
            await note("malformed, empty, junk", there)
            assert [p for p in session.packets() if p in odd] == odd
            assert session.count(StrapState.LOST) == 0
            assert session.kept() == session.packets()

    run(story())


def test_four_true_beats_in_identical_packets_within_16_ms_all_count(note):
    """A real H10 did that after a gap."""

    async def story():
        async with room() as there:
            strap = await there.bring()
            session = there.hold(STRAP)
            await session.streaming()
            strap.silent = True
            await asyncio.sleep(3.6)
            before = len(session.beats)
            for _ in range(4):
                await strap.send_beats([920])
                await asyncio.sleep(0.004)
            strap.silent = False
            await asyncio.sleep(10)
            await note("four true beats in identical packets", there)
            beats = [beat for beat in session.beats[before:] if round(beat.rr_ms * 1.024) == 920]
            assert len(beats) >= 4
            assert not [beat for beat in beats if beat.flaw is Flaw.DUPLICATE]

    run(story())


def test_notifications_that_a_stack_delivers_twice_are_marked(monkeypatch, tmp_path):
    """As bleak #2002 would, if we used it so: all are recorded, and what runs ahead of time is marked."""
    from tests.air import backend

    subscribe = backend.Client.start_notify

    async def subscribe_twice(self, characteristic, callback, **options):
        def twice(payload):
            callback(payload)
            callback(payload)

        await subscribe(self, characteristic, twice, **options)

    async def story():
        monkeypatch.setattr(backend.Client, "start_notify", subscribe_twice)
        async with room() as there:
            await there.bring()
            session = there.hold(STRAP, tmp_path / "session.jsonl")
            await asyncio.sleep(120)
            await there.be_quiet()
            await session.end()
            assert len(session.kept()) == 2 * len(there.strap.on_the_link)
            assert session.doubled() > 0.9 * len(session.beats) / 2

    run(story())


def test_a_packet_that_a_strap_sends_twice_is_recorded_twice_and_told_by_running_ahead(record_property):
    """Where there is room in time both may be beats; what runs ahead of time is marked."""

    async def story():
        async with room() as there:
            strap = await there.bring()
            session = there.hold(STRAP)
            await session.streaming()
            again = 0
            for _ in range(20):
                await asyncio.sleep(29.5)
                await session.streaming()
                await strap.send(strap.on_the_link[-1])
                again += len(heart_rate.decode(strap.on_the_link[-1]).rr_ticks)
            await asyncio.sleep(5)
            await there.be_quiet()
            await session.end()
            assert session.packets() == strap.on_the_link
            told = {"fault": "duplicate notification", "sent_twice": again, "marked": session.doubled()}
            record_property("figures", told | {"packets_lost": 0, "beats_lost": 0})
            assert session.count(StrapState.LOST) == 0
            assert again * 0.8 <= session.doubled() <= again

    run(story())


def test_packets_without_rr_keep_the_link_alive_and_several_in_one_all_count(note):
    async def story():
        async with room() as there:
            strap = await there.bring()
            strap.with_rr = False
            session = there.hold(STRAP)
            await asyncio.sleep(60)
            assert session.beats == []
            strap.with_rr = True
            for _ in range(30):
                await strap.send_beats([900, 910, 920, 930])
                await asyncio.sleep(4)
            assert session.count(StrapState.LOST) == 0
            await note("packets without RR, with several RR", there)

    run(story())


def test_lost_contact_is_told(note):
    async def story():
        async with room() as there:
            strap = await there.bring()
            session = there.hold(STRAP)
            told = []
            session.live._sitting._listeners += (lambda at, event: told.append(event),)
            for contact in (None, True, False):
                strap.contact = contact
                await session.streaming()
                await session.streaming()
                assert [e for e in told if isinstance(e, HeartRateMeasurement)][-1].contact is contact
            await note("sensor contact lost", there)

    run(story())


def test_the_battery_is_read_at_each_connection_and_heard_when_it_changes(note):
    async def story():
        async with room() as there:
            strap = await there.bring()
            session = there.hold(STRAP)
            told = []
            session.live._sitting._listeners += (lambda at, event: told.append(event),)
            await session.streaming()
            await strap.peripheral.set_battery(7)
            await session.streaming()
            there.air.end_links(strap.controller)
            await session.streaming()
            levels = [event.percent for event in told if isinstance(event, BatteryLevel)]
            assert levels == [87, 7, 7]
            await note("battery low", there)

    run(story())


# --- who has the strap ---


def test_a_strap_that_is_taken_is_waited_for_and_held_when_it_is_free(note):
    async def story():
        async with room() as there:
            strap = await there.bring(every_s=0.1)
            other = await another_program(there.air)
            taken = await other.connect(strap.peripheral.address)
            session = there.hold(STRAP)
            await asyncio.sleep(60)
            assert session.state is StrapState.SEARCHING
            there.air.watch_for(strap.controller)
            await taken.disconnect()
            took = await session.streaming(5) - there.air.first_advertised[strap.controller]
            await note("taken by another program, then free", there, [took])
            assert took <= 1.5

    run(story())


def test_two_programs_can_hold_a_strap_that_allows_it(tmp_path, note):
    """A Polar H10 with two links enabled advertises on while one is in use."""

    async def story():
        async with room() as there:
            strap = await there.bring()
            other = await another_program(there.air)
            await other.connect(strap.peripheral.address)
            await strap.peripheral.advertise()
            session = there.hold(STRAP, tmp_path / "session.jsonl")
            await session.streaming()
            await asyncio.sleep(30)
            await note("two programs at once", there)
            check_that_nothing_is_lost_or_doubled(there)
            assert len(session.packets()) >= 30

    run(story())


def test_seen_then_gone_ends_within_the_connect_limit_and_is_looked_for_again(note):
    async def story():
        async with room() as there:
            strap = await there.bring(every_s=0.1)
            session = there.hold(STRAP)
            await until(lambda: session.state is StrapState.CONNECTING)
            strap.power_off()
            await until(lambda: "no_answer" in session.reasons, 40)
            there.air.watch_for(strap.controller)
            await strap.reboot()
            took = await session.streaming(5) - there.air.first_advertised[strap.controller]
            await note("seen, then gone", there, [took])
            assert took <= 1.5

    run(story())


def test_pairing_is_done_where_a_strap_wants_it(note):
    async def story():
        async with room() as there:
            strap = await there.bring(needs_pairing=True, every_s=0.1)
            session = there.hold(STRAP)
            took = await session.streaming(10) - there.air.first_advertised[strap.controller]
            await note("pairing required", there, [took])

    run(story())


# --- the radio ---


def test_a_bursty_radio_loses_nothing(tmp_path, note):
    async def story():
        async with room() as there:
            await there.bring()
            session = there.hold(STRAP, tmp_path / "session.jsonl")
            await session.streaming()
            there.air.late_s, there.air.jitter_s = 0.05, 0.3
            await asyncio.sleep(120)
            there.air.late_s = there.air.jitter_s = 0.0
            await asyncio.sleep(2)
            await note("bursty radio", there)
            check_that_nothing_is_lost_or_doubled(there)

    run(story())


@pytest.mark.parametrize("share", [0.05, 0.3])
def test_lost_packets_leave_gaps_and_every_delivered_one_counts_once(share, tmp_path, note):
    """Harsher than a real link, which sends again; connects and reads suffer too."""

    async def story():
        async with room() as there:
            await there.bring()
            session = there.hold(STRAP, tmp_path / "session.jsonl")
            await session.streaming()
            there.air.lost_share = share
            await asyncio.sleep(300)
            there.air.lost_share = 0.0
            await session.streaming()
            await note(f"packet loss, {share:.0%} for good", there)
            delivered = [p for uuid, p in there.adapter.delivered if uuid == "2a37"]
            assert session.packets() == session.kept() == delivered
            assert 0.9 * (1 - share) * 300 < len(delivered) < len(there.strap.on_the_link)
            assert session.doubled() == 0

    run(story())


def test_a_strap_whose_wish_for_a_slower_link_is_refused_hangs_up_and_is_held_each_time(tmp_path, note):
    """As an H7 does every half minute on BlueZ (bluepy #53)."""

    async def story():
        async with room() as there:
            strap, took = await there.bring(every_s=0.1), []
            there.adapter.refuses_slower_links = True
            session = there.hold(STRAP, tmp_path / "session.jsonl")
            for _ in range(6):
                await session.streaming()
                assert not await strap.ask_for_a_slower_link()
                await asyncio.sleep(30)
                there.air.watch_for(strap.controller)
                await strap.peripheral.hang_up()
                took.append(await session.streaming() - there.air.first_advertised[strap.controller])
            await note("connection parameters refused", there, took)
            check_that_nothing_is_lost_or_doubled(there)
            assert session.count(StrapState.LOST) == 6
            assert statistics.median(took) <= 0.5 and max(took) <= 1.5

    run(story())


def test_a_slower_link_that_is_granted_loses_nothing(tmp_path, note):
    async def story():
        async with room() as there:
            strap = await there.bring()
            session = there.hold(STRAP, tmp_path / "session.jsonl")
            await session.streaming()
            assert await strap.ask_for_a_slower_link()
            await asyncio.sleep(60)
            await note("connection parameters granted", there)
            check_that_nothing_is_lost_or_doubled(there)
            assert session.count(StrapState.LOST) == 0

    run(story())


# --- many straps ---


def test_in_a_room_of_twenty_straps_each_session_gets_its_own():
    async def story():
        async with room() as there:
            for number in range(20):
                await there.bring(settings=strap_settings(number), seed=number)
            sessions = {number: there.hold(f"123456{number:02}") for number in (3, 11, 17)}
            await asyncio.sleep(10)
            await there.be_quiet()
            for number, session in sessions.items():
                assert session.statuses[-1].name == f"Polar H10 123456{number:02}"
                assert session.packets() == there.straps[number].on_the_link
            assert there.adapter.most_scanners == 1

    run(story())


def test_any_is_refused_where_several_are_there_and_says_which():
    async def story():
        async with room() as there:
            for number in range(3):
                await there.bring(settings=strap_settings(number))
            session = there.hold("any")
            with pytest.raises(SeveralStrapsError) as said:
                await session.result()
            assert "12345600, Polar H10 12345601, Polar H10 12345602" in str(said.value)

    run(story())


def test_any_takes_the_only_one_there_is():
    async def story():
        async with room() as there:
            await there.bring()
            await there.hold("any").streaming(10)

    run(story())


def test_ten_straps_at_once_hold_for_ten_minutes(tmp_path):
    async def story():
        async with room() as there:
            for number in range(10):
                await there.bring(settings=strap_settings(number), seed=number)
            sessions = [there.hold(f"123456{number:02}") for number in range(10)]
            await asyncio.sleep(600)
            await there.be_quiet()
            for session, strap in zip(sessions, there.straps, strict=True):
                assert session.count(StrapState.LOST) == 0
                assert session.packets() == strap.on_the_link
                assert len(session.packets()) > 590

    run(story())


# --- how it ends ---


def test_the_link_is_ended_and_nothing_is_left_behind_in_every_way_out():
    async def story():
        async with room() as there:
            strap = await there.bring()
            before = len(asyncio.all_tasks())
            for way_out in ("end", "cancel"):
                session = there.hold(STRAP)
                await session.streaming()
                if way_out == "end":
                    await session.end()
                else:
                    session._running.cancel()
                    await asyncio.wait({session._running})
                assert session.live.ended
                assert strap.peripheral.links == []
                assert len(asyncio.all_tasks()) == before

    run(story())


def test_a_held_strap_goes_from_the_panel_to_the_session_without_a_new_connection():
    async def story():
        async with room() as there:
            await there.bring()
            panel = there.hold(STRAP)
            async with panel.strap:
                await panel.streaming()
                await panel.end()
                heard: list = []
                async with aclosing(panel.strap.inputs(panel.clock)) as inputs:
                    async for event in inputs:
                        heard.append(event)
                        if len(heard) == 8:
                            break
                assert heard[0].state is StrapState.CONNECTED and heard[0].name == STRAP
                assert {n.characteristic for n in heard[1:6]} == {"2a19", "2a38", "2a29", "2a24", "2a26"}
                assert all(isinstance(n, Notification) for n in heard[1:])
            assert there.strap.peripheral.links == []

    run(story())


def test_bluetooth_that_was_off_at_first_is_used_when_it_comes_on():
    async def story():
        async with room() as there:
            await there.bring()
            there.adapter.trouble = Trouble.POWERED_OFF
            session = there.hold(STRAP)
            await asyncio.sleep(20)
            assert session.reasons == ["bluetooth_off"]
            there.adapter.come_back()
            await session.streaming(3)

    run(story())
