"""What was recorded stays: full disks, folders that vanish, sleeping machines, damaged files."""

import random
import shutil
import sys
from concurrent.futures import Future
from itertools import pairwise
from pathlib import Path

import pytest
from benchmarks.damages import DAMAGES, damaged, lost_of

from breathsync.devices import profiles
from breathsync.devices.decoder import Decoder
from breathsync.events import Paused, RecordingAtRisk, RecordingStopped, SessionEnded, StepStarted
from breathsync.heart.beats import Beats
from breathsync.practice import practice_file
from breathsync.practice.conductor import Conductor, Wish
from breathsync.screen.state import ScreenModel
from breathsync.session import recorder, simulation
from breathsync.session.live import LiveSession
from breathsync.session.pipeline import Pipeline
from breathsync.session.recorder import FEW_BYTES, LAST_BYTES, Recorder
from breathsync.session.recording import Header, line
from breathsync.session.repair import repair
from breathsync.session.replay import RecordingReader
from breathsync.session.sitting import Sitting

TEEN = Path(__file__).parents[2] / "recordings" / "teen.jsonl"


@pytest.fixture(autouse=True)
def disk_at_once(monkeypatch):
    """The disk's thread answers at once: in these tests hours pass in seconds."""

    class AtOnce:
        def __init__(self, *_):
            pass

        def submit(self, work, *arguments):
            future = Future()
            try:
                future.set_result(work(*arguments))
            except OSError as problem:
                future.set_exception(problem)
            return future

        def shutdown(self):
            pass

    monkeypatch.setattr(recorder, "ThreadPoolExecutor", AtOnce)


class Silence:
    """A strap that nobody hears."""

    def until(self, _now):
        return []


class Life:
    """A live session with a simulated person, moved on by hand."""

    def __init__(self, file, **options):
        self.told = []
        self.model = ScreenModel()
        self.recorder = Recorder(file, Header(), **options)
        self.conductor = Conductor(practice_file.shipped())
        stages = [Decoder(profiles.load_all(None)), Beats()]
        sitting = Sitting(Pipeline(stages), [self._hear, self.model.push])
        self.live = LiveSession(sitting, self.conductor, self.recorder)
        self.strap = simulation.strap_of(simulation.SCENARIOS["first-session"], self.conductor.guide_at, 3)
        self.now = 0.0

    def _hear(self, _at, event):
        self.told.append(event)

    def until(self, seconds):
        while self.now < seconds:
            self.now += 0.25
            for event in self.strap.until(self.now):
                self.live.advance(event.time)
                self.live.take(event)
            self.live.advance(self.now)

    def heard(self, kind):
        return [event for event in self.told if isinstance(event, kind)]


# --- room ---


def test_little_room_is_said_once_and_calmly_and_the_recording_goes_on(tmp_path):
    room = [10 * FEW_BYTES]
    life = Life(tmp_path / "r.jsonl", room=lambda _: room[0])
    life.until(10)
    assert not life.heard(RecordingAtRisk)
    room[0] = 150_000_000
    life.until(30)
    (warning,) = life.heard(RecordingAtRisk)
    assert warning.code == "room_short" and "150 MB" in warning.why
    assert life.model.at(life.now).said == "little room left on the disk"
    life.live.end(30.0)
    assert RecordingReader(tmp_path / "r.jsonl").header and list(
        RecordingReader(tmp_path / "r.jsonl").inputs()
    )[-1] == SessionEnded(30.0)


def test_with_no_room_the_recording_ends_whole_and_the_practice_goes_on(tmp_path):
    room = [10 * FEW_BYTES]
    life = Life(tmp_path / "r.jsonl", room=lambda _: room[0])
    life.until(10)
    room[0] = LAST_BYTES - 1
    life.until(60)
    (stopped,) = life.heard(RecordingStopped)
    assert "goes on without recording" in stopped.why
    assert life.model.at(life.now).said == "no longer recording"
    reader = RecordingReader(tmp_path / "r.jsonl")
    inputs = list(reader.inputs())
    assert reader.ended and reader.damage.lines == 0
    assert 9.0 < inputs[-1].time < 14.0
    assert life.heard(StepStarted)[-1].time > 20, "the practice went on"
    assert not life.live.ended


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be taken away there")
def test_a_folder_that_vanishes_is_made_again_with_all_that_was_recorded(tmp_path):
    folder = tmp_path / "recordings"
    life = Life(folder / "r.jsonl")
    life.until(20)
    shutil.rmtree(folder)
    life.until(40)
    life.live.end(40.0)
    (moved,) = life.heard(RecordingAtRisk)
    assert moved.code == "moved"
    inputs = list(RecordingReader(life.recorder.file).inputs())
    assert inputs[0].time < 1 and inputs[-1] == SessionEnded(40.0)
    assert max(b.time - a.time for a, b in pairwise(inputs)) < 2.5, "nothing is missing between"


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be taken away there")
def test_where_the_folder_cannot_be_made_again_it_goes_on_elsewhere(tmp_path):
    folder, elsewhere = tmp_path / "stick" / "recordings", tmp_path / "spare"
    life = Life(folder / "r.jsonl", elsewhere=(elsewhere,))
    life.until(20)
    shutil.rmtree(tmp_path / "stick")
    (tmp_path / "stick").write_text("in the way\n")
    life.until(40)
    life.live.end(40.0)
    assert life.recorder.file == elsewhere / "r.jsonl"
    assert str(elsewhere) in life.heard(RecordingAtRisk)[0].why
    inputs = list(RecordingReader(elsewhere / "r.jsonl").inputs())
    assert inputs[0].time < 1 and inputs[-1].time == 40.0


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be taken away there")
def test_where_no_folder_takes_it_the_practice_goes_on_without(tmp_path):
    life = Life(tmp_path / "stick" / "r.jsonl")
    life.until(5)
    shutil.rmtree(tmp_path / "stick")
    (tmp_path / "stick").write_text("in the way\n")
    life.until(40)
    (stopped,) = life.heard(RecordingStopped)
    assert "the folder is gone" in stopped.why
    assert not life.live.ended and life.now >= 40


# --- time ---


def test_a_laptop_that_sleeps_for_an_hour_finds_its_practice_on_hold(tmp_path):
    life = Life(tmp_path / "r.jsonl")
    life.until(100)
    step = life.heard(StepStarted)[-1]
    asleep = life.now
    life.now += 3600
    life.strap = Silence()
    life.live.advance(life.now)
    assert life.heard(Paused) == [Paused(asleep, paused=True)]
    assert life.heard(StepStarted)[-1] == step, "the practice slept too"
    life.until(life.now + 5)
    life.live.wish(life.now, Wish.PAUSE)
    life.until(life.now + 60)
    assert life.conductor.paused is False and life.heard(StepStarted)[-1] == step
    life.live.end(life.now)
    reader = RecordingReader(tmp_path / "r.jsonl")
    assert list(reader.inputs())[-1].time == life.now and reader.damage.lines == 0


def test_a_clock_that_is_set_meanwhile_moves_nothing(monkeypatch):
    """Session time comes from a clock that nobody can set."""
    import time

    from breathsync.clock import SessionClock

    clock = SessionClock()
    before = clock.now()
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert 0 <= clock.now() - before < 5


# --- damage ---


@pytest.mark.parametrize("kind", DAMAGES)
def test_nothing_readable_is_lost_whatever_damaged_the_file(kind, tmp_path):
    for seed in range(3):
        assert lost_of(TEEN, kind, seed, tmp_path) == []


def test_what_is_whole_is_left_alone(tmp_path):
    file = shutil.copy(TEEN, tmp_path / "r.jsonl")
    before = file.read_bytes()
    assert repair(file).original is None
    assert file.read_bytes() == before


def test_a_time_that_was_hit_does_not_cost_what_follows(tmp_path):
    """The reader alone would leave out all that comes after: its times seem to run backwards."""
    lines = TEEN.read_bytes().splitlines(keepends=True)
    hit = lines[50].replace(b'{"t":', b'{"t":9')
    file = tmp_path / "r.jsonl"
    file.write_bytes(b"".join([*lines[:50], hit, *lines[51:]]))
    assert len(list(RecordingReader(file).inputs())) < 60
    done = repair(file)
    assert (done.kept, done.lost) == (len(lines) - 2, 1)
    assert len(list(RecordingReader(file).inputs())) == len(lines) - 2
    assert done.original.read_bytes().count(b"\n") == len(lines)


def test_a_recording_without_its_header_replays_again(tmp_path):
    lines = TEEN.read_bytes().splitlines(keepends=True)
    file = tmp_path / "r.jsonl"
    file.write_bytes(b"\0" * 200 + b"\n" + b"".join(lines[1:]))
    done = repair(file)
    assert not done.header_found and done.kept == len(lines) - 1
    reader = RecordingReader(file)
    assert reader.header.details == {"repaired": True}
    assert [line(e).encode() + b"\n" for e in reader.inputs()] == lines[1:]


def test_damages_do_damage(tmp_path):
    """Else the test above would prove nothing."""
    data = TEEN.read_bytes()
    for kind in DAMAGES:
        assert any(damaged(data, kind, random.Random(seed)) != data for seed in range(3)), kind
