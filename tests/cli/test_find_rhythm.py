"""`breathsync find-rhythm` from a recording and in the terminal: answer, question, sentences."""

import os
import subprocess
import sys

import pytest

from breathsync.cli import main
from breathsync.events import Input, PaceFelt
from breathsync.practice.conductor import Wish
from breathsync.practice.rhythm_conductor import RhythmConductor
from breathsync.practice.rhythm_protocols import PROTOCOLS
from breathsync.session.live import LiveSession
from breathsync.session.pipeline import pipeline
from breathsync.session.recorder import made_recording
from breathsync.session.recording import Header
from breathsync.session.replay import RecordingReader
from breathsync.session.simulation import SCENARIOS, strap_of
from breathsync.session.sitting import Sitting


@pytest.fixture(scope="module")
def search(tmp_path_factory):
    """A stepped search of a simulated person who says that half past five was easy."""
    file = tmp_path_factory.mktemp("search") / "rhythm.jsonl"
    conductor = RhythmConductor(PROTOCOLS["stepped"])
    strap = strap_of(SCENARIOS["steady-practice"], conductor.guide_at, 5)
    header = Header(made_by="simulator", details={"practice": "find-rhythm", "protocol": "stepped"})
    with made_recording(file, header) as recorder:
        live = LiveSession(Sitting(pipeline()), conductor, recorder)
        moment = 0.0
        while not live.ended:
            for event in strap.until(moment):
                live.advance(event.time)
                live.take(event)
            live.advance(moment)
            live.wish(moment, Wish.FELT, "easy" if 400 < moment < 500 else "between")
            moment += 0.25
    return file


def test_a_recorded_search_gives_its_answer_again(search, capsys):
    assert main(["find-rhythm", "--replay", str(search), "--no-screen"]) == 0
    first = capsys.readouterr().out
    assert "breaths a minute" in first
    assert "widest around" in first or "No clear difference" in first
    assert "●" in first
    assert main(["find-rhythm", "--replay", str(search), "--no-screen"]) == 0
    assert capsys.readouterr().out == first


def test_what_was_felt_is_in_the_recording(search):
    felt = [event for event in RecordingReader(search).inputs() if isinstance(event, PaceFelt)]
    assert [answer.breaths_per_min for answer in felt][:5] == [6.5, 6.0, 5.5, 5.0, 4.5]
    assert "easy" in {answer.comfort for answer in felt}


def test_no_result_is_in_the_recording_only_what_came_in(search):
    assert all(isinstance(event, Input) for event in RecordingReader(search).inputs())
    assert "swing" not in search.read_text(encoding="utf-8").lower()


def test_another_recording_is_said_not_to_be_a_search(capsys, tmp_path):
    file = tmp_path / "other.jsonl"
    assert main(["simulate", "-o", str(file), "--seconds", "5"]) == 0
    assert main(["find-rhythm", "--replay", str(file)]) == 2
    said = capsys.readouterr().err
    assert "is no recording of find-rhythm" in said
    assert said.count("\n") <= 2


@pytest.mark.parametrize(
    "arguments",
    [["--replay", "nowhere.jsonl"], ["--replay", "x", "--demo"], ["--device", "any", "--demo"]],
    ids=str,
)
def test_what_cannot_be_is_said_in_a_line_or_two(arguments, capsys):
    assert main(["find-rhythm", *arguments]) == 2
    assert 1 <= capsys.readouterr().err.count("\n") <= 2


def test_an_existing_file_is_not_written_over(tmp_path, capsys):
    file = tmp_path / "kept.jsonl"
    file.write_text("mine", encoding="utf-8")
    assert main(["find-rhythm", "-o", str(file), "--seconds", "1", "--no-screen"]) == 2
    assert file.read_text(encoding="utf-8") == "mine"


_READER = """
import asyncio
from breathsync.cli.keys import keys
async def main():
    heard = asyncio.Queue()
    with keys(asyncio.get_running_loop(), heard.put_nowait):
        print("ready", flush=True)
        print("got", await heard.get() + await heard.get(), flush=True)
asyncio.run(main())
"""


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a pseudo terminal")
def test_keys_come_one_by_one_without_enter():
    import pty

    child, terminal = pty.fork()
    if child == 0:
        os.execv(sys.executable, [sys.executable, "-c", _READER])
    said = b""
    while b"ready" not in said:
        said += os.read(terminal, 100)
    os.write(terminal, b"1")
    os.write(terminal, b"0")
    while b"got" not in said or b"10" not in said:
        said += os.read(terminal, 100)
    assert os.waitpid(child, 0)[1] == 0
    os.close(terminal)


def test_without_a_terminal_no_key_is_waited_for():
    code = "import asyncio\nfrom breathsync.cli.keys import keys\nasync def m():\n"
    code += "    with keys(asyncio.get_running_loop(), print):\n        pass\nasyncio.run(m())"
    run = subprocess.run([sys.executable, "-c", code], stdin=subprocess.DEVNULL, check=False)
    assert run.returncode == 0


@pytest.mark.parametrize(("options", "told"), [([], True), (["--demo"], False)], ids=str)
def test_without_a_strap_it_says_that_a_simulated_person_shows_it(options, told, capsys):
    assert main(["find-rhythm", *options, "--no-screen", "--seconds", "1"]) == 0
    assert ("With a strap: --device any" in capsys.readouterr().err) is told
