"""Nothing leaves the machine: no command opens a network connection, but for streams that were asked for.

Every process that a command starts tells, by an audit hook, each socket that it opens, each address that
it looks up, binds or connects to. Sockets within the machine (AF_UNIX, such as the way to Bluetooth) are
no network.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
RECORDINGS = ROOT / "recordings"

WATCH = """
import os, socket, sys
_inside = {getattr(socket, name) for name in ("AF_UNIX", "AF_BLUETOOTH") if hasattr(socket, name)}
_told = os.environ["BREATHSYNC_SOCKETS"]

def _watch(event, arguments):
    if event == "socket.__new__" and arguments[1] in _inside | {-1}:
        return
    if event in ("socket.connect", "socket.bind") and getattr(arguments[0], "family", None) in _inside:
        return
    if event.startswith("socket.") and event != "socket.gethostname" or event == "urllib.Request":
        with open(_told, "a") as out:
            out.write(f"{event} {arguments[1:]!r}\\n")

sys.addaudithook(_watch)
with open(_told, "a") as out:
    out.write("watching\\n")
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with a watch for every Python that starts with it on its path, and files to work on."""
    folder = tmp_path_factory.mktemp("private")
    (folder / "watch").mkdir()
    (folder / "watch" / "sitecustomize.py").write_text(WATCH)
    (folder / "study").mkdir()
    for name in ("teen", "ecg-practice"):
        shutil.copy(RECORDINGS / f"{name}.jsonl", folder / "study")
    (folder / "rr.txt").write_text("".join(f"{800 + i % 40}\n" for i in range(200)))
    return folder


def opened_by(place, *command, code=None):
    """What was opened, looked up or connected to while this ran, in all of its processes."""
    told = place / "sockets.txt"
    told.unlink(missing_ok=True)
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(place / "watch"), str(ROOT / "src")]),
        "BREATHSYNC_SOCKETS": str(told),
        "QT_QPA_PLATFORM": "offscreen",
        **{name: str(place / "home") for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")},
    }
    start = ["-c", code] if code else ["-m", "breathsync", *command]
    command = [sys.executable, *start]
    options = {"capture_output": True, "text": True, "timeout": 120, "check": False}
    run = subprocess.run(command, cwd=place, env=environment, **options)
    lines = told.read_text().splitlines()
    assert lines[0] == "watching"
    return run, [line for line in lines if line != "watching"]


COMMANDS = [
    ["demo", "--no-screen", "--seconds", "2"],
    ["simulate", "-o", "sim.jsonl", "--seconds", "30"],
    ["import", "rr.txt", "-o", "rr.jsonl"],
    ["replay", "study/teen.jsonl", "--speed", "max", "--no-screen", "--events", "events.jsonl"],
    ["info", "study/teen.jsonl"],
    *(["export", "study/ecg-practice.jsonl", "--to", to] for to in ("csv", "bids", "kubios", "hrvlogger")),
    ["export", "study/ecg-practice.jsonl", "--to", "jsonl", "--deidentified"],
    ["sessions", "list"],
    ["sessions", "repair", "study/teen.jsonl"],
]


def test_no_command_opens_a_network_connection(place):
    code = f"from breathsync.cli import main\nfor command in {COMMANDS!r}:\n    assert main(command) == 0"
    run, opened = opened_by(place, code=code)
    assert run.returncode == 0, run.stderr[-1500:]
    assert opened == []


def test_cores_share_the_work_without_the_network_and_each_recording_comes_once(place):
    pytest.importorskip("joblib")
    run, opened = opened_by(place, "analyze", "study", "-o", "table.csv", "--jobs", "2")
    assert run.returncode == 0, run.stderr[-1500:]
    assert opened == []
    rows = (place / "table.csv").read_text().splitlines()[1:]
    assert {row.split(",")[0] for row in rows} == {"study/ecg-practice.jsonl", "study/teen.jsonl"}
    keys = [tuple(row.split(",")[:2]) for row in rows]
    assert len(set(keys)) == len(keys)


def test_the_window_opens_none_either(place, qapp):
    code = (
        "from PySide6.QtCore import QTimer\n"
        "from PySide6.QtWidgets import QApplication\n"
        "import sys; sys.argv = ['breathsync', 'demo', '--seconds', '2']\n"
        "from breathsync.cli import main\n"
        "app = QApplication([])\n"
        "QTimer.singleShot(4000, app.closeAllWindows)\n"
        "main(['demo', '--seconds', '2'])\n"
    )
    _, opened = opened_by(place, code=code)
    assert opened == []


def test_the_watch_sees_what_there_is_to_see(place):
    """Streams that were asked for do open sockets, in C where no hook looks; Python's own are seen."""
    _, opened = opened_by(place, code="import socket; socket.create_connection(('127.0.0.1', 9), 0.1)")
    assert any(line.startswith(("socket.__new__", "socket.getaddrinfo")) for line in opened)
    assert any(line.startswith("socket.connect") for line in opened)


NETWORK = {"requests", "urllib3", "http", "aiohttp", "httpx", "ftplib", "smtplib", "websockets", "xmlrpc"}
ASKED_FOR = {"pylsl": "outlets.py", "distributed": "run.py"}


def test_no_file_of_ours_imports_what_speaks_to_a_network():
    """What no hook sees, such as a library in C, has to be imported first: only where it was asked for."""
    import ast

    for file in sorted((ROOT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in {n.partition(".")[0] for n in names}:
                assert name not in NETWORK, file
                assert ASKED_FOR.get(name, file.name) == file.name, file
