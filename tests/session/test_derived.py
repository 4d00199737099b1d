"""What is derived once and kept; what is read of a session without its signal; what is added later."""

import os

import numpy as np
import pytest
from tests.helpers import heard
from tests.session.sessions import kept, simulated

from breathsync.errors import OutputFileError
from breathsync.events import (
    Beat,
    BreathEstimate,
    HrvMetrics,
    Marked,
    Noted,
    PacerStep,
    SessionEnded,
    SignalChanged,
)
from breathsync.session import derived_store
from breathsync.session.derived import KEPT, derive
from breathsync.session.overview import heart_at_a_glance
from breathsync.session.recorder import add_later
from breathsync.session.replay import RecordingReader
from breathsync.session.story import story_of


@pytest.fixture(scope="module")
def inputs():
    return simulated("patchy-signal", 200)


@pytest.fixture(scope="module")
def derived(inputs):
    return derive(inputs)


@pytest.fixture
def recording(tmp_path, inputs):
    return kept(tmp_path / "session.jsonl", inputs)


@pytest.mark.parametrize("cls", KEPT, ids=lambda cls: cls.__name__)
def test_tables_hold_the_same_events_as_a_replay_gives(cls, inputs, derived):
    said = [event for _, event in heard(inputs) if isinstance(event, cls)]
    if cls is BreathEstimate:
        said = [event for event in said if event.settled]
    assert derived.events(cls) == said


def test_what_was_kept_comes_back_the_same(tmp_path, derived):
    file = tmp_path / "kept.npz"
    derived_store.store(derived, file)
    again = derived_store.load(file)
    for cls in (Beat, HrvMetrics, SignalChanged):
        assert again.events(cls) == derived.events(cls)
    assert file.stat().st_mode & 0o077 == 0 or os.name == "nt"


def test_a_recording_is_derived_once_until_it_or_the_program_changes(tmp_path, recording, monkeypatch):
    folder = tmp_path / "cache"
    derived_store.kept_or_derived(recording, folder)
    monkeypatch.setattr(derived_store, "derive", lambda *_: pytest.fail("derived again"))
    derived_store.kept_or_derived(recording, folder)
    add_later(recording, Marked(12.0))
    derived_store.kept_or_derived(recording, folder)  # a mark that was added later changes no number
    before = derived_store.entry(recording, folder)
    monkeypatch.setattr(derived_store, "_source", lambda: "another program")
    assert derived_store.entry(recording, folder) != before


def test_damaged_entries_are_as_if_there_were_none(tmp_path, derived):
    file = tmp_path / "kept.npz"
    assert derived_store.load(file) is None
    for data in (b"", b"PK\x03\x04 not one", os.urandom(500)):
        file.write_bytes(data)
        assert derived_store.load(file) is None


def test_nothing_of_words_or_names_is_kept(tmp_path, inputs):
    said = sorted([*inputs, Noted(50.0, "a secret of mine")], key=lambda e: e.time)
    file = tmp_path / "kept.npz"
    derived_store.store(derive(said), file)
    for words in ("a secret of mine", "12345678"):
        for form in (words.encode(), words.encode("utf-32-le")):
            assert form not in file.read_bytes()


def test_what_was_kept_of_a_recording_can_be_forgotten(tmp_path, recording):
    folder = tmp_path / "cache"
    derived_store.kept_or_derived(recording, folder)
    derived_store.forget(recording, folder)
    assert list(folder.iterdir()) == []


# --- a glance ---


def test_a_glance_shows_the_beats_about_where_they_are(inputs, derived):
    times, _ = heart_at_a_glance(inputs)
    beats = derived.columns(Beat)
    good = beats["flaw"] == "NONE"
    middles = beats["time"][good] - beats["rr_ms"][good] / 2000
    distance = np.abs(times[:, None] - middles[None, :]).min(axis=1)
    assert np.median(distance) < 0.1
    assert times.size >= 0.95 * good.sum()


# --- a story ---


def test_a_story_is_read_without_the_streams(tmp_path):
    inputs = simulated("ecg-practice", 40)
    reader = RecordingReader(kept(tmp_path / "ecg.jsonl", inputs))
    few = list(reader.without_streams())
    assert len(few) < len(inputs) / 2
    whole = story_of(inputs, inputs[-1].time, ended=True)
    assert story_of(few, reader.last_s, ended=reader.ended) == whole


def test_the_guide_was_in_sight_from_its_coming_to_its_leaving(inputs, derived):
    story = story_of(inputs, 200.0, ended=True)
    assert [s.kind for s in story.steps] == ["arrive", "notice", "slow_down"]
    assert story.guided == [(90.0, 200.0)]
    assert story.was_guided(100.0) and not story.was_guided(80.0)
    assert derived.columns(PacerStep)["time"][0] == pytest.approx(90.0)


# --- later ---


def test_marks_and_notes_added_later_leave_every_byte_as_it_was(recording):
    before = recording.read_bytes()
    inputs = list(RecordingReader(recording).inputs())
    add_later(recording, Marked(90.0))
    add_later(recording, Noted(30.0, 'she said "let it be", later":true}'))
    assert recording.read_bytes().startswith(before)
    reader = RecordingReader(recording)
    assert list(reader.inputs()) == inputs
    assert (reader.damage.lines, reader.ended) == (0, True)
    assert reader.later() == [Noted(30.0, 'she said "let it be", later":true}'), Marked(90.0)]


def test_a_recording_that_was_cut_off_takes_them_too(recording):
    whole = recording.read_bytes()
    recording.write_bytes(whole[: len(whole) // 2])
    inputs = list(RecordingReader(recording).inputs())
    add_later(recording, Marked(5.0))
    add_later(recording, Marked(6.0))
    reader = RecordingReader(recording)
    assert list(reader.inputs()) == inputs
    assert reader.damage.lines <= 1
    assert [mark.time for mark in reader.later()] == [5.0, 6.0]


def test_words_in_a_note_cannot_pass_for_a_line_that_was_added_later(tmp_path):
    words = 'x","later":true}'
    file = kept(tmp_path / "s.jsonl", [Noted(1.0, words), SessionEnded(2.0)])
    reader = RecordingReader(file)
    assert [e.words for e in reader.inputs() if isinstance(e, Noted)] == [words]
    assert reader.later() == []


def test_a_recording_that_cannot_be_written_says_so(tmp_path):
    with pytest.raises(OutputFileError):
        add_later(tmp_path / "nothing.jsonl", Marked(1.0))


def test_repair_keeps_what_was_added_later_behind_the_end(recording):
    from breathsync.session.repair import repair

    add_later(recording, Noted(30.0, "before the damage"))
    data = bytearray(recording.read_bytes())
    data[2000:2040] = b"\0" * 40
    recording.write_bytes(data)
    add_later(recording, Marked(12.0))
    repair(recording)
    reader = RecordingReader(recording)
    inputs = list(reader.inputs())
    assert (reader.damage.lines, reader.ended, len(inputs) > 100) == (0, True, True)
    assert reader.later() == [Marked(12.0), Noted(30.0, "before the damage")]


def test_what_was_added_later_stands_in_its_place_for_who_asks(recording):
    add_later(recording, Marked(30.0))
    add_later(recording, Marked(9999.0))
    times = [event.time for event in RecordingReader(recording).with_later()]
    assert times == sorted(times) and times[-1] == 200.0
    marks = [e.time for e in RecordingReader(recording).with_later() if isinstance(e, Marked)]
    assert marks == [30.0, 200.0]


def test_deleting_a_recording_removes_what_was_derived_of_it(recording):
    from breathsync.session.keeping import delete
    from breathsync.settings import cache_folder

    derived_store.kept_or_derived(recording, cache_folder())
    delete(recording)
    assert list(cache_folder().iterdir()) == []


def test_nothing_is_added_to_a_recording_that_is_being_made(tmp_path):
    from breathsync.session.recorder import Recorder
    from breathsync.session.recording import Header

    recorder = Recorder(tmp_path / "now.jsonl", Header())
    with pytest.raises(OutputFileError):
        add_later(recorder.file, Marked(1.0))
    recorder.close()
