"""Recordings found again, named, added to, and gone for good when somebody says so."""

import io
import shutil
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.helpers import connected, one_by_one

from breathsync import settings
from breathsync.cli import main
from breathsync.errors import InputFileError
from breathsync.events import CheckedIn, Marked, Noted, Sealed, StepStarted
from breathsync.practice.safety import Acceptance, Participant, Profile
from breathsync.session import derived_store, keeping, library, told
from breathsync.session.consents import Consents
from breathsync.session.index import FILE, Index
from breathsync.session.letterbox import made
from breathsync.session.recorder import Recorder
from breathsync.session.recording import Header
from breathsync.session.replay import RecordingReader

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
TEEN = Path(__file__).parents[2] / "recordings" / "teen.jsonl"


def session(folder, name, code_name=None, more=()):
    """A session that was lived, with 40 beats."""
    header = Header("2026-11-22T10:00:00+01:00", code_name=code_name)
    recorder = library.new_recording(folder, datetime(2026, 11, 22, 10, tzinfo=UTC), name, header)
    practice = StepStarted(0.1, "practice.soothing_rhythm.name", 1, 1, "steady", "practice.step.steady")
    for event in sorted([connected(), practice, *one_by_one([870] * 40), *more], key=lambda e: e.time):
        recorder.write(event)
    recorder.end(40.0)
    recorder.close()
    return recorder.file


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "recordings"


# --- the index ---


def test_the_index_knows_each_recording_at_a_glance(folder):
    answers = CheckedIn(0.0, "before", "en 1", threat=4, soothing=2)
    file = session(folder, "demo", "Heron", [answers, Marked(5.0), Noted(6.0, "hm")])
    (entry,) = Index(folder).entries()
    assert (entry.file, entry.code_name, entry.practice) == (
        file.name,
        "Heron",
        "practice.soothing_rhythm.name",
    )
    assert entry.length_s == 40.0 and entry.ended and entry.strap == "Polar H10"
    assert entry.beats == 40 and entry.usable == pytest.approx(40 * 870 / 1024 / 40, abs=0.01)
    assert (entry.markers, entry.words) == (1, 1)
    assert entry.check_ins() == {"before": {"threat": 4, "soothing": 2}}


def test_a_session_is_shown_with_its_marks_and_notes_and_sealed_words_stay_sealed(folder, capsys):
    file = session(folder, "demo", "Heron", [Marked(5.0), Noted(6.0, "warm hands")])
    told.keep_letterbox(folder, made("four words of mine"))
    keeping.note(file, "a zebra", folder)
    assert main(["sessions", "show", str(file)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-3:] == ["00:05  a mark", "00:06  warm hands", "00:40  sealed words"]


def test_the_index_follows_the_files_and_can_be_made_again(folder):
    first, second = session(folder, "a"), session(folder, "b")
    index = Index(folder)
    assert [e.file for e in index.entries()] == [second.name, first.name]
    first.unlink()
    keeping.rename(second, "Otter")
    assert [(e.file, e.code_name) for e in index.entries()] == [(second.name, "Otter")]
    before = index.entries()
    (folder / FILE).write_bytes(b"this is no database at all, but somebody's mistake" * 100)
    assert index.entries() == before
    assert index.rebuild() == before


def test_the_index_reads_only_what_changed(folder, monkeypatch):
    session(folder, "a")
    Index(folder).entries()
    from breathsync.session import index

    monkeypatch.setattr(index, "entry_of", lambda *_: pytest.fail("read again"))
    Index(folder).entries()


def test_an_index_of_another_version_is_made_again(folder):
    session(folder, "a")
    Index(folder).entries()
    with sqlite3.connect(folder / FILE) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    assert len(Index(folder).entries()) == 1


def test_what_is_no_recording_is_known_by_its_problem(folder):
    folder.mkdir()
    (folder / "x.jsonl").write_text("no recording\n")
    (entry,) = Index(folder).entries()
    assert entry.problem == "not_a_recording"


@POSIX
def test_folder_recordings_and_index_are_for_their_owner_alone(folder):
    file = session(folder, "a")
    Index(folder).entries()
    keeping.rename(file, "Otter")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {f.stat().st_mode & 0o777 for f in folder.iterdir()} == {0o600}


@POSIX
def test_the_default_folder_is_closed_again_and_a_chosen_one_only_pointed_out(
    tmp_path, monkeypatch, capsys
):
    from breathsync.settings import defaults

    usual = defaults().recordings_folder
    usual.mkdir(parents=True)
    usual.chmod(0o755)
    session(usual, "a")
    assert usual.stat().st_mode & 0o777 == 0o700
    usual.chmod(0o750)
    assert main(["sessions"]) == 0
    assert "chmod 700" in capsys.readouterr().out


# --- names ---


@pytest.mark.parametrize(
    ("name", "looks_like"),
    [
        ("AB", "initials"), ("A.B.", "initials"), ("j. m.", "initials"), ("JRM", "initials"),
        ("AB1990", "birth_date"), ("1990-02-01", "birth_date"), ("01.02.90", "birth_date"),
        ("19900201", "birth_date"), ("jm 010290", "birth_date"), ("Anna 1987", "birth_date"),
        ("Heron", None), ("blue heron 7", None), ("P001", None), ("Otter12", None), ("Max", None),
    ],
)  # fmt: skip
def test_names_that_tell_who_it_is_are_pointed_out(name, looks_like):
    assert keeping.too_telling(name) == looks_like


def test_rename_changes_the_name_and_not_a_byte_more(folder):
    file = session(folder, "a", "Heron")
    before = file.read_bytes()
    keeping.rename(file, "Otter")
    _, rest = file.read_bytes().split(b"\n", 1)
    assert rest == before.split(b"\n", 1)[1]
    assert RecordingReader(file).header.code_name == "Otter"
    keeping.rename(file, "Heron")
    assert sorted(file.read_bytes()) == sorted(before)


# --- notes ---


def test_a_note_is_added_to_a_session_that_is_over(folder):
    file = session(folder, "a")
    assert keeping.note(file, "slept little", folder) is False
    assert told.written(file, None) == [(40.0, "note", "slept little")]
    assert RecordingReader(file).header.started_at


def test_a_note_is_sealed_where_there_is_a_passphrase(folder):
    pytest.importorskip("cryptography")
    file = session(folder, "a")
    told.keep_letterbox(folder, made("correct horse battery"))
    assert keeping.note(file, "slept little", folder) is True
    assert b"slept" not in file.read_bytes()
    assert any(isinstance(e, Sealed) for e in RecordingReader(file).inputs())
    (entry,) = Index(folder).entries()
    assert entry.words == 1
    assert b"slept" not in (folder / FILE).read_bytes()
    keys = told.Keys("correct horse battery", told.letterbox_of(folder))
    assert told.written(file, keys) == [(40.0, "note", "slept little")]


# --- gone for good ---


def every_byte(folder):
    return b"".join(f.name.encode() + f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file())


def test_measures_kept_of_a_recording_go_with_it_also_after_another_name(folder, monkeypatch, capsys):
    monkeypatch.setattr(settings, "load", lambda: settings.Settings(folder, folder, language="en"))
    file, cache = session(folder, "a", "Otter"), settings.cache_folder()
    derived_store.kept_or_derived(file, cache)
    assert len(list(cache.glob("*.npz"))) == 1
    keeping.rename(file, "Heron")
    assert not list(cache.glob("*.npz"))
    derived_store.kept_or_derived(file, cache)
    assert main(["sessions", "forget", "Heron", "--yes"]) == 0
    assert not list(cache.glob("*.npz"))
    assert "kept ready for the window (1)" in capsys.readouterr().out


def test_requirement_36_forget_removes_every_trace_and_says_which(folder, monkeypatch, capsys):
    others = session(folder, "a", "Otter")
    file = session(folder, "b", "Rosalind", [Noted(3.0, "Rosalind was here")])
    shutil.copy(TEEN, file.with_name(file.name.removesuffix(".jsonl") + ".truth.jsonl"))
    shutil.copy(file, file.with_name(file.name + keeping.BEFORE_REPAIR))
    shutil.copy(file, folder / "half.jsonl.part")
    (folder / "broken.jsonl").write_text("who knows\n")
    who = Acceptance("1", "2026-11-22", Participant("Rosalind", Profile.ADULT), (), None)
    Consents(folder).keep(who)
    Index(folder).entries()
    assert b"Rosalind" in every_byte(folder)
    monkeypatch.setattr(settings, "load", lambda: settings.Settings(folder, folder, language="en"))
    assert main(["sessions", "forget", "rosalind", "--yes"]) == 0
    said = capsys.readouterr().out
    assert b"Rosalind" not in every_byte(folder)
    assert {f.name for f in folder.iterdir()} == {others.name, "broken.jsonl", "consent.json"}
    for name in (file.name, file.name + keeping.BEFORE_REPAIR, "half.jsonl.part", ".truth.jsonl"):
        assert name in said
    assert "accepted under this code name (1)" in said
    assert "broken.jsonl" in said and "copies elsewhere" in said
    assert main(["sessions", "forget", "Rosalind", "--yes"]) == 0
    assert "There is nothing of Rosalind" in capsys.readouterr().out


def test_requirement_36_delete_removes_one_recording_and_nothing_else(folder):
    file, other = session(folder, "a", "Heron"), session(folder, "b", "Heron")
    removed = keeping.delete(file)
    assert removed.recordings == [file.name]
    assert [f.name for f in library.kept(folder)] == [other.name]


def test_nobody_to_ask_nothing_is_removed(folder, monkeypatch, capsys):
    from breathsync import settings

    file = session(folder, "a", "Heron")
    monkeypatch.setattr(settings, "load", lambda: settings.Settings(folder, folder, language="en"))
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert main(["sessions", "delete", library.session_id(file)]) == 2
    assert "Add --yes" in capsys.readouterr().err
    assert file.exists()


# --- two programs on one file ---


@POSIX
def test_a_recording_that_is_being_made_is_left_alone(folder):
    recorder = library.new_recording(
        folder, datetime(2026, 11, 22, tzinfo=UTC), "a", Header(code_name="Heron")
    )
    recorder.write(connected())
    for touch in (
        lambda: keeping.rename(recorder.file, "Otter"),
        lambda: keeping.delete(recorder.file),
        lambda: keeping.forget("Heron", folder),
        lambda: keeping.note(recorder.file, "hm", folder),
    ):
        with pytest.raises(InputFileError) as caught:
            touch()
        assert caught.value.code == "in_use"
    recorder.end(1.0)
    recorder.close()
    keeping.rename(recorder.file, "Otter")
    assert [type(e).__name__ for e in RecordingReader(recorder.file).inputs()] == [
        "StrapStatus",
        "SessionEnded",
    ]


@POSIX
def test_two_imports_into_one_file_do_not_mix(tmp_path):
    from breathsync.errors import OutputFileError
    from breathsync.session.recorder import made_recording

    out = tmp_path / "out.jsonl"
    with made_recording(out, Header(made_by="import")) as first:
        first.write(connected())
        with pytest.raises(OutputFileError) as caught, made_recording(out, Header(made_by="import")):
            pytest.fail("two at once")
        assert caught.value.code == "in_use"
        first.end(1.0)
    assert len(list(RecordingReader(out).inputs())) == 2


# --- what is off ---


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["show", "zzzzzz"], "has this id or name"),
        (["rename", "nothere.jsonl", "Heron"], "no such file"),
        (["delete", "nothere.jsonl", "--yes"], "no such file"),
        (["repair", "nothere.jsonl"], "no such file"),
        (["note", "{file}", " "], "needs words"),
        (["repair", "{empty}"], "nothing in it can be read"),
    ],
)
def test_what_is_off_is_said(tmp_path, capsys, arguments, words):
    (tmp_path / "empty.jsonl").write_bytes(b"\0" * 500)
    recorder = Recorder(tmp_path / "r.jsonl", Header())
    recorder.close()
    filled = [a.format(file=tmp_path / "r.jsonl", empty=tmp_path / "empty.jsonl") for a in arguments]
    assert main(["sessions", *filled]) == 2
    said = capsys.readouterr().err
    assert words in said and len(said.strip().splitlines()) <= 2


def test_the_list_says_what_there_is(folder, capsys):
    assert main(["sessions"]) == 0
    assert "Nothing has been kept" in capsys.readouterr().out
