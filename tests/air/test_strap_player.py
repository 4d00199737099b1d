"""From the first look to the session: what the connect panel can show and wish, over one connection."""

import asyncio
from contextlib import asynccontextmanager

import pytest

pytest.importorskip("bumble", reason="bumble is not installed (extra `bumble`)")

from tests.air.clockwork import run
from tests.air.room import room, until
from tests.air.test_links import strap_settings

from breathsync import settings
from breathsync.events import BeatHeard, Notification, StrapState, StrapStatus
from breathsync.practice.conductor import Wish
from breathsync.session import players, practice_player, straps
from breathsync.session.players import LivePlayer
from breathsync.session.replay import RecordingReader
from breathsync.session.strap_player import StrapPlayer
from breathsync.session.straps import Straps


@asynccontextmanager
async def panel(tmp_path, monkeypatch, count=1, device=None):
    """A panel in a room of straps, and what it was told."""
    from breathsync.clock import LoopClock

    for module in (players, practice_player):
        monkeypatch.setattr(module, "SessionClock", LoopClock)
    chosen = settings.Settings(tmp_path / "recordings", tmp_path / "profiles")
    async with room() as there:
        for number in range(count):
            await there.bring(settings=strap_settings(number), seed=number)
        player = StrapPlayer(
            Straps(chosen), chosen, lambda strap: LivePlayer(strap, chosen, seconds=30), device=device
        )
        there.told = []
        running = asyncio.create_task(player.run([lambda at, event: there.told.append(event)]))
        try:
            yield there, player, running
        finally:
            player.wish(Wish.FINISH)
            await asyncio.wait({running})
            assert running.exception() is None
            assert all(strap.peripheral.links == [] for strap in there.straps)


def beats(there):
    return [event for event in there.told if isinstance(event, BeatHeard)]


def states(there):
    return [event.state for event in there.told if isinstance(event, StrapStatus)]


def test_the_only_strap_is_found_held_and_kept_for_the_session(tmp_path, monkeypatch):
    async def story():
        async with panel(tmp_path, monkeypatch) as (there, player, running):
            await until(lambda: len(beats(there)) > 3)
            assert player.recording is None
            begun = []
            player.begins = lambda: begun.append(len(there.told))
            player.begin()
            await running
            assert states(there).count(StrapState.CONNECTING) == 1  # one connection for both
            assert player.recording.parent.name == "recordings"
            reader = RecordingReader(player.recording)
            kept = [n for n in reader.inputs() if isinstance(n, Notification)]
            assert reader.ended
            assert len(kept) > 28
            first = next(e for e in there.told[begun[0] :] if isinstance(e, StrapStatus))
            assert first.state is StrapState.CONNECTED

    run(story())


@pytest.mark.parametrize("turns", range(4))
def test_who_leaves_as_the_panel_opens_does_not_wait_for_a_strap(tmp_path, monkeypatch, turns):
    async def story():
        async with panel(tmp_path, monkeypatch) as (_, player, running):
            for _ in range(turns):
                await asyncio.sleep(0)
            player.wish(Wish.FINISH)
            await asyncio.wait_for(running, 5)

    run(story())


def test_the_strap_of_last_time_is_taken_among_many_and_the_others_are_listed(tmp_path, monkeypatch):
    async def story():
        async with panel(tmp_path, monkeypatch, 1) as (there, _, _):
            await until(lambda: beats(there))
        assert straps.last_strap().name == "Polar H10 12345600"
        async with panel(tmp_path, monkeypatch, 4) as (there, player, _):
            await until(lambda: beats(there))
            assert [e for e in there.told if isinstance(e, StrapStatus)][-1].name == "Polar H10 12345600"
            assert not player.several

    run(story())


def test_where_several_could_be_meant_the_person_chooses(tmp_path, monkeypatch):
    async def story():
        async with panel(tmp_path, monkeypatch, 3) as (there, player, _):
            await until(lambda: player.several)
            await until(lambda: len(player.nearby) == 3)
            assert beats(there) == []
            player.choose("C4:00:00:00:01:01")
            await until(lambda: beats(there))
            assert [e for e in there.told if isinstance(e, StrapStatus)][-1].name == "Polar H10 12345601"

    run(story())


def test_nobody_scans_while_a_link_stands_and_all_look_again_when_it_is_lost(tmp_path, monkeypatch):
    async def story():
        async with panel(tmp_path, monkeypatch) as (there, _, _):
            await until(lambda: beats(there))
            await asyncio.sleep(1)
            assert not there.adapter.scanners
            there.air.out_of_range(there.strap.controller)
            await until(lambda: states(there)[-1] is StrapState.SEARCHING)
            await until(lambda: there.adapter.scanners)
            there.air.in_range(there.strap.controller)
            before = len(beats(there))
            await until(lambda: len(beats(there)) > before + 2)
            assert there.adapter.most_scanners == 1

    run(story())


def test_to_leave_before_the_session_records_nothing(tmp_path, monkeypatch):
    async def story():
        async with panel(tmp_path, monkeypatch) as (there, player, running):
            await until(lambda: beats(there))
            player.wish(Wish.FINISH)
            await running
            assert player.recording is None
            assert not (tmp_path / "recordings").exists()

    run(story())
