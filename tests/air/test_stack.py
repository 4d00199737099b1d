"""A stack that fails or hangs, a strap let go at the wrong moment: it is held again, or nothing is left."""

import asyncio

import pytest

pytest.importorskip("bumble", reason="bumble is not installed (extra `bumble`)")

from bleak.exc import BleakBluetoothNotAvailableReason as Trouble
from bleak.exc import BleakDBusError, BleakError
from tests.air import backend
from tests.air.clockwork import run
from tests.air.room import room, until
from tests.air.test_faults import STRAP
from tests.air.test_links import strap_settings

from breathsync.events import StrapState

CALLS = [
    (backend.Scanner, "start"),
    (backend.Scanner, "stop"),
    (backend.Client, "connect"),
    (backend.Client, "start_notify"),
    (backend.Client, "read_gatt_char"),
    (backend.Client, "write_gatt_char"),
    (backend.Client, "disconnect"),
]
ERRORS = {
    "bleak": BleakError("something"),
    "D-Bus": BleakDBusError("org.bluez.Error.Failed", ["le-connection-abort-by-local"]),
    "time-out": TimeoutError(),
    "system": OSError(5, "Input/output error"),
    "end of file": EOFError(),
    "a key that is not there": KeyError("40"),
    "cancelled by itself": asyncio.CancelledError(),  # WinRT and bumble cancel what a lost link was asked
}


def first_time(monkeypatch, kind, name, instead):
    """Once, instead of this call, something else happens."""
    call, done = getattr(kind, name), []

    async def once(self, *arguments, **options):
        if not done:
            done.append(True)
            await instead()
        return await call(self, *arguments, **options)

    monkeypatch.setattr(kind, name, once)


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS)
def test_any_error_of_any_call_is_outlived(error, tmp_path, monkeypatch):
    async def fail():
        raise error

    async def story():
        async with room() as there:
            await there.bring()
            before = len(asyncio.all_tasks())
            for kind, name in CALLS:
                with monkeypatch.context() as patch:
                    first_time(patch, kind, name, fail)
                    session = there.hold(STRAP, tmp_path / f"{name}.jsonl", streams=("hr", "ecg"))
                    await session.streaming(30)
                    there.air.end_links(there.strap.controller)
                    await session.streaming(30)
                    await there.be_quiet()
                    await session.end()
                assert session.live.ended
                assert session.kept() == session.packets()
                there.strap.silent = False
                there.adapter.scanners.clear()  # a scanner whose stop failed may be left
                await there.strap.peripheral.hang_up()
            assert len(asyncio.all_tasks()) == before

    run(story())


@pytest.mark.parametrize(("kind", "name"), CALLS, ids=[name for _, name in CALLS])
def test_any_call_that_never_returns_is_given_up(kind, name, tmp_path, monkeypatch):
    async def hang():
        await asyncio.Event().wait()

    async def story():
        async with room() as there:
            await there.bring()
            session = there.hold(STRAP, tmp_path / "session.jsonl", streams=("hr", "ecg"))
            await session.streaming(10)
            with monkeypatch.context() as patch:
                first_time(patch, kind, name, hang)
                there.air.end_links(there.strap.controller)
                await until(lambda: session.state is not StrapState.CONNECTED)
                await session.streaming(45)
                await asyncio.sleep(40)
                await session.streaming(5)
                await there.be_quiet()
                await session.end()
            assert session.kept() == session.packets()

    run(story())


@pytest.mark.parametrize(("kind", "name"), CALLS, ids=[name for _, name in CALLS])
def test_a_call_that_swallows_our_wish_to_end_is_asked_again(kind, name, tmp_path, monkeypatch):
    """As `asyncio.wait_for` does before Python 3.12, where its answer comes at the same moment."""
    swallowed = []

    async def deaf():
        try:
            await asyncio.sleep(2)
        except asyncio.CancelledError:
            swallowed.append(name)

    async def story():
        async with room() as there:
            await there.bring()
            first_time(monkeypatch, kind, name, deaf)
            session = there.hold(STRAP, tmp_path / "session.jsonl", streams=("hr", "ecg"))
            await asyncio.sleep(1)
            async with asyncio.timeout(20):
                await session.end()
            assert session.live.ended
            await until(lambda: there.strap.peripheral.links == [])  # the strap hears of it a little later

    run(story())


def test_a_scanner_that_does_not_start_is_told(monkeypatch):
    """A Bluetooth service that stands still answers nobody."""

    async def hang(_self):
        await asyncio.Event().wait()

    async def story():
        async with room() as there:
            await there.bring()
            with monkeypatch.context() as patch:
                patch.setattr(backend.Scanner, "start", hang)
                session = there.hold(STRAP)
                await until(lambda: session.reasons == ["bluetooth_unknown"], 40)
            await session.streaming(40)

    run(story())


def test_it_can_be_let_go_at_any_moment_and_nothing_is_left_behind(monkeypatch):
    """Every 10 ms of the way from the first look to the streams, by whoever asks for it."""
    disconnect = backend.Client.disconnect

    async def take_a_while(self):
        await asyncio.sleep(0.3)
        await disconnect(self)

    monkeypatch.setattr(backend.Client, "disconnect", take_a_while)

    async def story():
        async with room() as there:
            strap = await there.bring()
            before = len(asyncio.all_tasks())
            for moment in range(40):
                session = there.hold(STRAP, streams=("hr", "ecg", "acc"))
                await asyncio.sleep(0.01 * moment)
                session._running.cancel()
                await asyncio.wait({session._running})
                await asyncio.sleep(0.01)
                assert session.live.ended
                assert strap.peripheral.links == []
                assert strap.peripheral.polar.running == set()
                assert not there.adapter.scanners
                assert len(asyncio.all_tasks()) == before
                await asyncio.sleep(0.1)

    run(story())


def test_a_link_that_is_being_left_is_left_also_when_it_is_let_go_meanwhile(monkeypatch):
    """BlueZ takes two seconds to disconnect."""
    disconnect = backend.Client.disconnect

    async def take_two_seconds(self):
        await asyncio.sleep(2)
        await disconnect(self)

    async def story():
        monkeypatch.setattr(backend.Client, "disconnect", take_two_seconds)
        async with room() as there:
            strap = await there.bring()
            session = there.hold(STRAP)
            await session.streaming()
            strap.silent = True
            await until(lambda: session.count(StrapState.LOST) == 1)
            assert strap.peripheral.links
            await session.end()
            assert strap.peripheral.links == []

    run(story())


def test_whoever_has_found_a_strap_connects_before_anybody_scans_again(monkeypatch, record_property):
    """Also a strap that is heard while the scanner is being stopped."""
    stop = backend.Scanner.stop

    async def stop_late(self):
        await asyncio.sleep(0.25)
        await stop(self)

    async def story():
        monkeypatch.setattr(backend.Scanner, "stop", stop_late)
        async with room() as there:
            for number in range(10):
                await there.bring(settings=strap_settings(number), seed=number)
            began = asyncio.get_running_loop().time()
            sessions = [there.hold(f"123456{number:02}") for number in range(10)]
            there.hold("nobody")  # looks on and on
            await until(lambda: all(session.packets() for session in sessions))
            took = asyncio.get_running_loop().time() - began
            record_property("all_ten_stream_after_s", took)
            assert took <= 6

    run(story())


def test_who_begins_to_look_while_others_do_is_told_that_it_is_looked_for(monkeypatch):
    """A trouble that is over does not stand on because the scanner was running already."""

    async def story():
        async with room() as there:
            there.adapter.trouble = Trouble.POWERED_OFF
            session = there.hold(STRAP)
            await asyncio.sleep(0.2)
            other = there.hold("nobody")
            await until(lambda: session.reasons == other.reasons == ["bluetooth_off"])
            there.adapter.come_back()
            await until(lambda: session.statuses[-1].reason is other.statuses[-1].reason is None, 2)

    run(story())


def test_two_sessions_may_want_the_same_strap(tmp_path):
    """The second waits, as for any strap that is taken; it has it when the first lets go."""

    async def story():
        async with room() as there:
            await there.bring()
            first = there.hold(STRAP, tmp_path / "first.jsonl")
            second = there.hold(STRAP)
            await until(lambda: first.packets() or second.packets(), 10)
            has, waits = (first, second) if first.packets() else (second, first)
            await asyncio.sleep(60)
            assert not waits.packets() and len(has.packets()) > 55
            await has.end()
            await waits.streaming(40)

    run(story())
