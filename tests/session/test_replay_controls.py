"""A replay can be held, let go on, begun elsewhere and ended at once."""

import asyncio

import pytest
from tests.session.sessions import kept, simulated

from breathsync import clock as clock_file
from breathsync.clock import ReplayClock, give_way
from breathsync.events import Marked, SessionEnded, StepStarted
from breathsync.practice.conductor import Wish
from breathsync.session.players import ReplayPlayer
from breathsync.session.recorder import add_later
from breathsync.session.replay import RecordingReader
from breathsync.settings import defaults


@pytest.fixture(scope="module")
def inputs():
    return simulated(seconds=120)


@pytest.fixture
def file(tmp_path, inputs):
    return kept(tmp_path / "session.jsonl", inputs)


def played(player, *wishes):
    """What a replay tells, with wishes made once it runs."""
    told = []

    async def run():
        session = asyncio.create_task(player.run([lambda at, event: told.append((at, event))]))
        for _ in range(3):
            await give_way()
        for wish in wishes:
            player.wish(wish)
        await session

    asyncio.run(run())
    return told


def test_the_length_is_known_from_the_end_of_the_file(file):
    assert RecordingReader(file).length_s() == 120.0
    add_later(file, Marked(30.0))
    assert RecordingReader(file).length_s() == 120.0
    assert ReplayPlayer(RecordingReader(file), defaults()).length_s == 120.0
    assert ReplayPlayer(RecordingReader(file), defaults(), end=60.0).length_s == 60.0


def test_the_length_of_one_that_was_cut_off_is_its_last_line(file):
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:40]) + lines[40][:-9])
    reader = RecordingReader(file)
    list(reader.inputs())
    assert reader.length_s() == reader.last_s > 0


def test_a_machine_that_slept_before_does_not_make_a_held_clock_leap(monkeypatch):
    """Clocks differ by the time that it slept: both ends of a hold have to be read from the same one."""
    running = clock_file._running
    monkeypatch.setattr(clock_file, "_running", lambda: running() + 5000.0)
    clock = ReplayClock(1.0, 50.0)
    clock.hold()
    clock.go_on()
    assert clock.now() == pytest.approx(50.0, abs=5.0)


def test_a_held_clock_stands_still_and_goes_on_from_there():
    clock = ReplayClock(1e9, 50.0, held=True)
    assert (clock.held, clock.now()) == (True, 50.0)
    clock.go_on()
    assert clock.now() >= 50.0
    clock.hold()
    moment = clock.now()
    assert clock.now() == moment


def test_a_replay_that_stands_still_ends_at_once_when_told(file):
    player = ReplayPlayer(RecordingReader(file), defaults(), start=100.0, held=True)
    told = played(player, Wish.FINISH)
    assert told[-1][0] < 120.0


def test_another_moment_begins_with_all_that_came_before_it(file):
    player = ReplayPlayer(RecordingReader(file), defaults(), rate=1e6).at(95.0)
    told = played(player)
    steps = [event.step_kind for _, event in told if isinstance(event, StepStarted)]
    assert steps == ["arrive", "notice", "slow_down"]
    assert any(isinstance(event, SessionEnded) for _, event in told)


def test_pausing_holds_and_lets_go_on(file):
    player = ReplayPlayer(RecordingReader(file), defaults(), rate=1e6, held=True)
    assert player.held
    told = played(player, Wish.PAUSE)
    assert not player.held
    assert any(isinstance(event, SessionEnded) for _, event in told)
    assert player.at(3.0).held is False


def test_a_replay_shows_what_was_added_later_and_derives_the_same(file):
    before = [event for _, event in played(ReplayPlayer(RecordingReader(file), defaults(), rate=None))]
    add_later(file, Marked(60.5, "here"))
    after = [event for _, event in played(ReplayPlayer(RecordingReader(file), defaults(), rate=None))]
    assert [event for event in after if event not in before] == [Marked(60.5, "here")]
    assert [event for event in after if not isinstance(event, Marked)] == before
