"""The switch that opens the practitioner's window."""

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="Qt cannot be imported", exc_type=ImportError)

from breathsync.cli import main
from breathsync.cli.arguments import parser
from breathsync.screen import app

SWITCHED = (["practice", "a-minute", "--none"], ["demo"], ["replay", "{file}"])


@pytest.fixture
def shown(monkeypatch):
    """The settings that a window would open with."""
    found = []
    monkeypatch.setattr(app, "show", lambda player, settings, listeners: found.append(settings) or 0)
    return found


@pytest.mark.parametrize("command", SWITCHED, ids=lambda words: words[0])
def test_requirement_23_a_switch_opens_the_practitioners_window(qapp, shown, tmp_path, command):
    file = tmp_path / "s.jsonl"
    main(["simulate", "-o", str(file), "--seconds", "5"])
    words = [word.format(file=file) for word in command]
    assert main(words) == main([*words, "--practitioner"]) == 0
    assert [settings.practitioner_window for settings in shown] == [False, True]


@pytest.mark.parametrize("command", ["live", "demo", "practice", "find-rhythm", "replay"])
def test_every_command_that_shows_a_session_has_it(command):
    words = [command, "FILE"] if command == "replay" else [command]
    assert parser().parse_args([*words, "--practitioner"]).practitioner


def test_in_the_terminal_there_is_no_second_window(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["demo", "--practitioner", "--no-screen"])
    said = capsys.readouterr().err
    assert ended.value.code == 2 and "--practitioner" in said and len(said.splitlines()) == 2
