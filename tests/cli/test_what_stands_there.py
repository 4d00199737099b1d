"""What stands where something is to be written: a recording stays, a device stays a device."""

import os
import threading
from pathlib import Path

import pytest

from breathsync.cli import main
from breathsync.events import GuideShown, PaceChanged, SessionEnded
from breathsync.session.recorder import made_recording
from breathsync.session.recording import Header


@pytest.fixture
def simulated(tmp_path):
    file = tmp_path / "simulated.jsonl"
    assert main(["simulate", "-o", str(file), "--seconds", "30"]) == 0
    return file


@pytest.fixture
def imported(tmp_path):
    listed, file = tmp_path / "rr.txt", tmp_path / "imported.jsonl"
    listed.write_text("800\n810\n790\n805\n" * 20)
    assert main(["import", str(listed), "--unit", "ms", "-o", str(file)]) == 0
    return file


def test_a_recording_is_replaced_by_one_of_its_own_making_alone(simulated, imported, tmp_path, capsys):
    listed = str(tmp_path / "rr.txt")
    for command, stays in (
        (["simulate", "--seconds", "10", "-o", str(imported)], imported),
        (["import", listed, "--unit", "ms", "-o", str(simulated)], simulated),
        (["export", str(simulated), "--to", "rr", "-o", str(imported)], imported),
        (["export", str(simulated), "--to", "jsonl", "-o", str(imported)], imported),
    ):
        before = stays.read_bytes()
        assert main(command) == 2
        assert f"{stays} is a recording and stays. Choose another name." in capsys.readouterr().err
        assert stays.read_bytes() == before
    assert main(["simulate", "--seconds", "10", "-o", str(simulated)]) == 0
    assert main(["import", listed, "--unit", "ms", "-o", str(imported)]) == 0


@pytest.mark.parametrize("ending", [".jsonl", ".xlsx"])
def test_a_table_is_a_table(ending, simulated, capsys):
    before, file = simulated.read_bytes(), simulated.with_suffix(ending)
    assert main(["analyze", str(simulated), "-o", str(file), "--jobs", "1"]) == 2
    assert f"cannot be written as {ending}. Choose a name that ends in .csv" in capsys.readouterr().err
    assert simulated.read_bytes() == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_what_is_no_file_is_written_into_and_not_replaced(imported, tmp_path):
    pipe, read = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    assert main(["export", str(imported), "--to", "rr", "-o", str(pipe)]) == 0
    reader.join(10)
    assert pipe.is_fifo()
    assert read[0].startswith(b"800\n810\n")


def test_a_speed_that_no_machine_keeps_to_is_as_fast_as_can_be(simulated, capsys):
    assert main(["replay", str(simulated), "--speed", "1e9", "--no-screen"]) == 0
    assert "Ended after 00:30." in capsys.readouterr().out


def test_intervals_alone_come_back_from_an_edf_file(imported, tmp_path, capsys):
    """Nobody saw a guide, and there is no ECG: the beats stand in the file's notes."""
    edf, back = tmp_path / "rr.edf", tmp_path / "back.jsonl"
    assert main(["export", str(imported), "--to", "edf", "-o", str(edf)]) == 0
    assert main(["import", str(edf), "-o", str(back)]) == 0
    assert "80 heartbeats, 0 gaps" in capsys.readouterr().out.splitlines()[-1]


@pytest.mark.parametrize("name", ["two\nlines", "long" * 20])
def test_a_code_name_is_a_line(name, simulated, capsys):
    before = simulated.read_bytes()
    assert main(["sessions", "rename", str(simulated), name]) == 2
    assert "A code name is one line of at most 60 letters." in capsys.readouterr().err
    assert simulated.read_bytes() == before


def test_a_code_name_that_is_taken_away_is_said(simulated, capsys):
    assert main(["sessions", "rename", str(simulated), " "]) == 0
    assert "simulated.jsonl bears no code name any more." in capsys.readouterr().out


def test_a_recording_without_a_beat_is_no_edf_file(tmp_path, capsys):
    short = tmp_path / "short.jsonl"
    assert main(["simulate", "-o", str(short), "--seconds", "3"]) == 0
    assert main(["export", str(short), "--to", "edf", "-o", str(tmp_path / "short.edf")]) == 2
    assert "holds no heartbeats" in capsys.readouterr().err


def test_a_guide_alone_is_an_edf_file(tmp_path):
    """A practice without a strap."""
    session, edf = tmp_path / "alone.jsonl", tmp_path / "alone.edf"
    with made_recording(session, Header(made_by="import")) as made:
        made.write(PaceChanged(0.0, 10.0))
        made.write(GuideShown(0.0, True))
        made.write(SessionEnded(30.0))
    assert main(["export", str(session), "--to", "edf", "-o", str(edf)]) == 0
    assert edf.stat().st_size > 0


@pytest.mark.parametrize("command", [["simulate", "--seconds", "20"], ["import", "rr.csv"]])
def test_what_is_made_takes_the_place_of_no_other_file(tmp_path, monkeypatch, capsys, command):
    monkeypatch.chdir(tmp_path)
    Path("rr.csv").write_text("rr_ms\n" + "800\n" * 30, encoding="utf-8")
    Path("mine.txt").write_text("what I wrote", encoding="utf-8")
    assert main([*command, "-o", "mine.txt"]) == 2
    assert "mine.txt is there already and is no recording. It stays" in capsys.readouterr().err
    assert Path("mine.txt").read_text(encoding="utf-8") == "what I wrote"


def test_events_take_the_place_of_no_recording(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name in ("one.jsonl", "other.jsonl"):
        assert main(["simulate", "-o", name, "--seconds", "20"]) == 0
    before = Path("other.jsonl").read_bytes()
    assert main(["replay", "one.jsonl", "--no-screen", "--speed", "max", "--events", "other.jsonl"]) == 2
    assert "other.jsonl is a recording and stays" in capsys.readouterr().err
    assert Path("other.jsonl").read_bytes() == before
