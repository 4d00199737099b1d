"""Reading a recording back: in order, in little memory, and with every damage named."""

import os

import pytest

from breathsync.errors import RecordingError
from breathsync.events import Marked, SessionEnded
from breathsync.session.recorder import Recorder
from breathsync.session.recording import Header
from breathsync.session.replay import RecordingReader


@pytest.fixture
def recording(tmp_path):
    file = tmp_path / "session.jsonl"
    recorder = Recorder(file, Header())
    for second in range(10):
        recorder.write(Marked(float(second), f"m{second}"))
    recorder.end(9.5)
    recorder.close()
    return file


def labels(reader):
    return [event.label for event in reader.inputs() if isinstance(event, Marked)]


def test_a_whole_recording_has_no_damage_and_has_ended(recording):
    reader = RecordingReader(recording)
    assert labels(reader) == [f"m{i}" for i in range(10)]
    assert (reader.damage.lines, reader.ended, reader.last_s) == (0, True, 9.5)


def test_a_recording_that_was_cut_off_ends_where_it_was_cut(recording):
    data = recording.read_bytes()
    recording.write_bytes(data[: data.index(b'"m7"') + 2])
    reader = RecordingReader(recording)
    events = list(reader.inputs())
    assert events[-1] == SessionEnded(6.0)
    assert not reader.ended
    assert dict(reader.damage.counts) == {"torn": 1}


def test_damage_in_the_middle_costs_the_lines_that_it_hit(recording):
    data = bytearray(recording.read_bytes())
    hole = data.index(b'"m4"')
    data[hole - 10 : hole + 3] = b"\0" * 13
    recording.write_bytes(bytes(data))
    reader = RecordingReader(recording)
    assert labels(reader) == ["m0", "m1", "m2", "m3", "m5", "m6", "m7", "m8", "m9"]
    assert (reader.damage.lines, reader.damage.first) == (1, 6)


@pytest.mark.parametrize(("time", "code"), [("2.0", "time_backwards"), ("1e9", "time_leaps")])
def test_a_time_that_cannot_be_is_damage(recording, time, code):
    data = recording.read_text().replace('"t":5.0', f'"t":{time}')
    recording.write_text(data)
    reader = RecordingReader(recording)
    assert len(labels(reader)) == 9
    assert dict(reader.damage.counts) == {code: 1}


def test_a_header_alone_is_a_session_of_no_time(tmp_path):
    file = tmp_path / "new.jsonl"
    Recorder(file, Header()).close()
    reader = RecordingReader(file)
    assert list(reader.inputs()) == [SessionEnded(0.0)]


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda file: None, "no_such_file"),
        (lambda file: file.mkdir(), "is_a_folder"),
        (lambda file: file.write_bytes(b""), "empty_file"),
        (lambda file: file.write_bytes(os.urandom(5000)), "not_a_recording"),
        (lambda file: file.write_text("time,rr\n1,800\n"), "not_a_recording"),
        (lambda file: file.write_text('{"breathsync":"recording","format":99}\n'), "newer_format"),
    ],
)
def test_what_is_no_recording_is_said_with_its_name(tmp_path, make, code):
    file = tmp_path / "what.jsonl"
    make(file)
    with pytest.raises(RecordingError) as caught:
        RecordingReader(file)
    assert caught.value.code == code
    assert str(file) in str(caught.value)
