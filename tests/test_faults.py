"""A mistake of BreathSync's own: said in a line, in which nothing of anybody's session stands."""

import re
import sys

import pytest

from breathsync.cli import main
from breathsync.session import replay

SECRET = "what heron wrote"
SAID = re.compile(
    r"breathsync: There is a fault in BreathSync itself \(KeyError in ([a-z_/]+\.py):\d+\)\. "
    r"What was recorded until then is kept\. Please show this line to the developers\.\n"
)


def fails(*_arguments, **_named):
    raise KeyError(SECRET)


@pytest.fixture
def recording(tmp_path):
    file = tmp_path / "session.jsonl"
    assert main(["simulate", "-o", str(file), "--seconds", "80"]) == 0
    return file


@pytest.mark.usefixtures("faults_are_told")
def test_the_command_line_says_kind_and_place_and_ends_with_1(recording, monkeypatch, capsys):
    monkeypatch.setattr(replay, "parse_line", fails)
    assert main(["info", str(recording)]) == 1
    said = capsys.readouterr().err
    assert SAID.fullmatch(said).group(1) == "session/replay.py"
    assert SECRET not in said


@pytest.mark.usefixtures("faults_are_told")
def test_the_window_says_it_on_its_last_page_and_what_was_recorded_is_kept(qapp, tmp_path, monkeypatch):
    from tests.screen.windows import wait_for

    from breathsync import settings
    from breathsync.screen.app import Window
    from breathsync.session import sitting
    from breathsync.session.players import DemoPlayer
    from breathsync.session.simulation import SCENARIOS

    chosen = settings.Settings(tmp_path / "recordings", tmp_path / "profiles")
    window = Window(chosen, returns_to_start=True)
    passed, pass_on = [], sitting.Sitting._pass_on

    def fails_later(self, event):
        passed.append(event)
        if len(passed) > 8:
            fails()
        pass_on(self, event)

    monkeypatch.setattr(sitting.Sitting, "_pass_on", fails_later)
    player = DemoPlayer(SCENARIOS["first-session"], 1, chosen)
    window.show_session(player)
    window.show()
    wait_for(lambda: window.problem is not None)
    said = f"breathsync: {window.problem}\n"
    assert SAID.fullmatch(said) and SECRET not in said
    assert player.recording is None or player.recording.exists()
    window.close()
    qapp.processEvents()


@pytest.mark.usefixtures("faults_are_told")
def test_a_fault_in_what_qt_calls_is_one_line_and_the_window_goes_on(qapp, capsys):
    from PySide6.QtCore import QTimer

    from breathsync.screen.ending import run_until_closed

    hook, alive = sys.excepthook, []
    QTimer.singleShot(0, fails)
    QTimer.singleShot(50, lambda: (alive.append(True), qapp.quit()))
    assert run_until_closed(qapp, qapp.quit) == 0
    assert alive
    said = capsys.readouterr().err
    assert "KeyError" in said and SECRET not in said and said.count("\n") == 1
    assert sys.excepthook is hook


def test_in_tests_a_fault_is_no_line_but_a_failure(recording, monkeypatch):
    monkeypatch.setattr(replay, "parse_line", fails)
    with pytest.raises(KeyError):
        main(["info", str(recording)])
