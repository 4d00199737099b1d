"""The README keeps what it promises: its commands run, its links lead somewhere."""

import re
import shlex
import sys
from pathlib import Path

import pytest

from breathsync.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(?:sh|console)\n(.*?)```", README, re.DOTALL)
COMMANDS = [
    shlex.split(line.partition("#")[0].replace("uv run ", ""))
    for block in BLOCKS
    for line in block.splitlines()
    if line.partition("#")[0].replace("uv run ", "").strip().startswith("breathsync")
]


def test_the_two_commands_are_there():
    assert "uv run breathsync demo" in README
    assert "uv run pytest" in README


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_of_the_readme_runs(command, tmp_path, monkeypatch):
    """In an empty folder with what the README says is there; sessions cut to a second, in the terminal."""
    monkeypatch.chdir(tmp_path)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "rr.txt").write_text("\n".join(str(800 + i % 30) for i in range(120)))
    main(["simulate", "-o", "calm.jsonl", "--seconds", "60"])
    arguments = command[1:]
    if not arguments:
        arguments = ["--version"]
    if arguments[0] in ("demo", "live", "practice"):
        arguments += ["--seconds", "1", "--no-screen"]
    if arguments[0] == "replay":
        arguments += ["--no-screen", "--to", "30"]
        arguments += [] if "--speed" in arguments else ["--speed", "max"]
    try:
        code = main(arguments)
    except SystemExit as ended:
        code = ended.code
    sys.stdout.flush()
    assert code == 0 or (code == 2 and arguments[0] == "live")  # 2: no Bluetooth where the tests run


@pytest.mark.parametrize("target", re.findall(r"\]\((?!https?:)([^)#]+)\)", README))
def test_every_link_within_the_house_leads_somewhere(target):
    assert (ROOT / target).exists()


def test_the_readme_says_what_breathsync_is_not():
    assert "not a medical device" in README
