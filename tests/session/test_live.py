"""A live session and its replay are the same session."""

import asyncio
import io

import pytest
from tests.helpers import one_by_one

from breathsync.clock import ManualClock
from breathsync.errors import OutputFileError
from breathsync.events import Marked, RecordingStopped, SessionEnded
from breathsync.practice import practice_file
from breathsync.practice.conductor import Conductor, Wish
from breathsync.session import playback, simulation
from breathsync.session.event_log import EventLog
from breathsync.session.live import LiveSession, run
from breathsync.session.pipeline import pipeline
from breathsync.session.recorder import Recorder
from breathsync.session.recording import Header
from breathsync.session.replay import RecordingReader
from breathsync.session.sitting import Sitting


def lived(file, scenario="patchy-signal", seconds=200.0, wishes=()):
    """A session with wishes in it, driven by a clock that jumps; what its event log said."""
    log = io.StringIO()
    scenario = simulation.scenario_named(scenario)
    conductor = Conductor(practice_file.shipped())
    live = LiveSession(Sitting(pipeline(), [EventLog(log)]), conductor, Recorder(file, Header()))
    strap = simulation.strap_of(scenario, conductor.guide_at, 3)
    clock, wishes = ManualClock(), list(wishes)
    while clock.now() < seconds:
        clock.moment += 0.0733
        for event in strap.until(clock.now()):
            live.advance(event.time)
            live.take(event)
        live.advance(clock.now())
        while wishes and wishes[0][0] <= clock.now():
            live.wish(clock.now(), *wishes.pop(0)[1:])
    live.end(clock.now())
    return log.getvalue()


def replayed(file):
    log = io.StringIO()
    sitting = Sitting(pipeline(), [EventLog(log)])
    asyncio.run(playback.play(RecordingReader(file).inputs(), sitting))
    return log.getvalue()


@pytest.mark.parametrize("scenario", ["first-session", "patchy-signal", "ectopic"])
def test_replay_says_what_live_said_to_the_byte(tmp_path, scenario):
    file = tmp_path / "session.jsonl"
    said = lived(file, scenario)
    assert len(said.splitlines()) > 500
    assert replayed(file) == said


def test_also_with_pauses_notes_and_natural_breathing_in_it(tmp_path):
    wishes = [
        (20.0, Wish.MARK),
        (105.1, Wish.NATURAL),
        (121.7, Wish.NATURAL),
        (130.0, Wish.NOTE, "a heavy truck"),
        (140.0, Wish.PAUSE),
        (155.5, Wish.PAUSE),
        (170.0, Wish.SOFTEN),
    ]
    file = tmp_path / "session.jsonl"
    said = lived(file, wishes=wishes)
    assert replayed(file) == said
    assert "a heavy truck" in file.read_text()


def test_at_the_clocks_pace_it_says_the_same(tmp_path):
    file = tmp_path / "session.jsonl"
    said = lived(file)
    log = io.StringIO()
    sitting = Sitting(pipeline(), [EventLog(log)])
    asyncio.run(playback.play_at_pace(RecordingReader(file).inputs(), sitting, ManualClock()))
    assert log.getvalue() == said


class _Source:
    """Gives inputs at their times."""

    def __init__(self, inputs):
        self._inputs = inputs

    async def inputs(self, clock):
        for event in self._inputs:
            await clock.sleep_until(event.time)
            yield event


def test_a_running_session_ends_when_its_time_is_over(tmp_path):
    file = tmp_path / "session.jsonl"
    live = LiveSession(Sitting(pipeline()), None, Recorder(file, Header()))
    asyncio.run(run(live, _Source(one_by_one([1000] * 5)), ManualClock(), seconds=10.0))
    assert live.ended
    assert RecordingReader(file).header.made_by == "live"
    assert list(RecordingReader(file).inputs())[-1] == SessionEnded(10.0)


class _FullDisk(Recorder):
    def write(self, event):
        if event.time > 3:
            raise OutputFileError("disk_full", file=self.file)
        super().write(event)


def test_a_full_disk_ends_the_recording_and_not_the_session(tmp_path):
    told = []
    sitting = Sitting(pipeline(), [lambda at, event: told.append(event)])
    live = LiveSession(sitting, None, _FullDisk(tmp_path / "session.jsonl", Header()))
    for second in range(10):
        live.take(Marked(float(second)))
    assert sum(isinstance(event, Marked) for event in told) == 10
    stopped = [event for event in told if isinstance(event, RecordingStopped)]
    assert len(stopped) == 1 and "disk is full" in stopped[0].why
    assert len(list(RecordingReader(tmp_path / "session.jsonl").inputs())) == 5


def test_what_arrives_with_an_older_stamp_enters_now(tmp_path):
    """A notification stamped just before a tick, and handled just after it."""
    file = tmp_path / "session.jsonl"
    live = LiveSession(Sitting(pipeline()), None, Recorder(file, Header()))
    live.advance(5.0)
    live.take(Marked(4.9999))
    live.end(6.0)
    assert [event.time for event in RecordingReader(file).inputs()] == [5.0, 6.0]
