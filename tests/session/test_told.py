"""What a person tells goes into the recording, during a session and after; replays need no passphrase."""

import pytest
from tests.helpers import connected, heard, one_by_one

pytest.importorskip("cryptography", reason="cryptography is not installed")

from breathsync.errors import WordsError
from breathsync.events import CheckedIn, Input, Noted, Sealed, SessionEnded
from breathsync.practice import practice_file
from breathsync.practice.checkin import Moment, blank
from breathsync.practice.conductor import Conductor, Wish
from breathsync.session import told
from breathsync.session.letterbox import made
from breathsync.session.live import LiveSession
from breathsync.session.pipeline import pipeline
from breathsync.session.recorder import Recorder
from breathsync.session.recording import Header, identity
from breathsync.session.replay import RecordingReader
from breathsync.session.sitting import Sitting

PASSPHRASE = "four words of mine"


@pytest.fixture(scope="module")
def letterbox():
    return made(PASSPHRASE)


def session(file, letterbox, note="my words"):
    """Half a minute with a note in it."""
    recorder, seen = Recorder(file, Header(started_at="2026-11-22T10:00:00+01:00")), []
    sitting = Sitting(pipeline(), [lambda at, event: seen.append(event)])
    live = LiveSession(sitting, Conductor(practice_file.shipped()), recorder, letterbox=letterbox)
    for event in [connected(), *one_by_one([900] * 30)]:
        live.advance(event.time)
        live.take(event)
    live.wish(20.0, Wish.NOTE, note)
    live.end(30.0)
    return seen


def test_with_a_letterbox_a_note_reaches_neither_disk_nor_listener_in_the_open(tmp_path, letterbox):
    file = tmp_path / "s.jsonl"
    seen = session(file, letterbox)
    assert b"my words" not in file.read_bytes()
    assert not [event for event in seen if isinstance(event, Noted)]
    found = told.written(file, told.Keys(PASSPHRASE, None))
    assert [(what, words) for _, what, words in found] == [("note", "my words")]


def test_without_one_notes_stay_as_they_were(tmp_path):
    file = tmp_path / "s.jsonl"
    session(file, None)
    assert [words for _, _, words in told.written(file, None)] == ["my words"]


def test_a_recording_with_sealed_words_replays_as_without(tmp_path, letterbox):
    session(tmp_path / "sealed.jsonl", letterbox)
    session(tmp_path / "open.jsonl", None)
    derived = [heard(RecordingReader(tmp_path / name).inputs()) for name in ("sealed.jsonl", "open.jsonl")]
    assert derived[0] == derived[1] and len(derived[0]) > 30


def test_words_moved_to_another_recording_do_not_open(tmp_path, letterbox):
    one, other = tmp_path / "one.jsonl", tmp_path / "other.jsonl"
    session(one, letterbox)
    session(other, letterbox, "hers")
    moved = next(line for line in one.read_bytes().splitlines() if b'"sealed"' in line)
    lines = [moved if b'"sealed"' in line else line for line in other.read_bytes().splitlines()]
    other.write_bytes(b"\n".join(lines) + b"\n")
    with pytest.raises(WordsError, match="another session"):
        told.written(other, told.Keys(PASSPHRASE, None))


def test_what_is_told_afterwards_stands_before_the_end(tmp_path, letterbox):
    file = tmp_path / "s.jsonl"
    session(file, None)
    before = list(RecordingReader(file).inputs())
    header = RecordingReader(file).header
    said = told.checked_in(blank(Moment.AFTER).saying("soothing", 6))
    told.add(file, [said, told.seal("a reflection", letterbox, header, told.REFLECTION)])
    told.add(file, [said])
    reader = RecordingReader(file)
    after = list(reader.inputs())
    assert reader.ended and not reader.damage.lines
    assert after[: len(before) - 1] == before[:-1] and after[-1] == before[-1]
    assert [type(event) for event in after[len(before) - 1 :]] == [
        CheckedIn,
        Sealed,
        CheckedIn,
        SessionEnded,
    ]
    assert told.written(file, told.Keys(PASSPHRASE, None))[-1][2] == "a reflection"


@pytest.mark.parametrize("cut", [0, 1, 9, 25])
def test_what_is_told_after_a_session_that_was_cut_off_is_kept_too(tmp_path, cut):
    file = tmp_path / "s.jsonl"
    session(file, None)
    lines = file.read_bytes().splitlines(keepends=True)[:-1]
    whole = b"".join(lines)
    file.write_bytes(whole[: len(whole) - cut])
    kept = list(RecordingReader(file).inputs())[:-1]
    told.add(file, [told.checked_in(blank(Moment.AFTER).saying("drive", 1))])
    reader = RecordingReader(file)
    after = list(reader.inputs())
    assert after[: len(kept)] == kept
    assert isinstance(after[-2], CheckedIn) and reader.ended
    assert after[-2].time == kept[-1].time


def test_each_session_has_an_identity_of_its_own(tmp_path):
    """Two begun in the same second are still two."""
    header = Header(started_at="2026-11-22T10:00:00+01:00")
    names = {identity(Recorder(tmp_path / f"{n}.jsonl", header).header) for n in range(3)}
    assert len(names) == 3
    read = RecordingReader(tmp_path / "0.jsonl").header
    assert identity(read) in names


def test_a_recording_opens_with_the_passphrase_of_its_day_and_with_the_new_one(tmp_path, letterbox):
    from breathsync.session.letterbox import changed

    file = tmp_path / "s.jsonl"
    session(file, letterbox)
    own = changed(letterbox, PASSPHRASE, "five new words of mine")
    for passphrase in (PASSPHRASE, "five new words of mine"):
        assert told.written(file, told.Keys(passphrase, own))[0][2] == "my words"
    with pytest.raises(WordsError):
        told.written(file, told.Keys("somebody's guess", own))


def test_the_letterbox_is_kept_for_its_owner_alone(tmp_path, letterbox):
    assert told.letterbox_of(tmp_path / "none") is None
    told.keep_letterbox(tmp_path / "new", letterbox)
    assert told.letterbox_of(tmp_path / "new") == letterbox
    file = tmp_path / "new" / "letterbox"
    assert file.stat().st_mode & 0o077 == 0
    file.write_bytes(b"something else")
    with pytest.raises(WordsError):
        told.letterbox_of(tmp_path / "new")


def test_an_input_of_every_kind_that_a_person_gives_survives_the_disk(tmp_path):
    file = tmp_path / "s.jsonl"
    given: list[Input] = [
        CheckedIn(0.0, "before", "de 1", threat=0, arousal=10),
        Sealed(1.0, "letter", b"\x00\x01", b"\xff"),
    ]
    recorder = Recorder(file, Header())
    for event in given:
        recorder.write(event)
    recorder.end(2.0)
    recorder.close()
    assert list(RecordingReader(file).inputs())[:-1] == given
