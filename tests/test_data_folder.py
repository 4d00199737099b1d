"""Requirement 18: nothing goes into a network, and nothing is written outside the chosen data folder."""

import os
import subprocess
import sys

import pytest

WATCH = """
import os, sys
def seen(event, given):
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto"):
        print("NETWORK", event, given, file=sys.__stderr__)
    if event == "open" and isinstance(given[0], str) and isinstance(given[2], int) and given[2] & (
        os.O_WRONLY | os.O_RDWR
    ):
        print("WRITTEN", os.path.abspath(given[0]), file=sys.__stderr__)
sys.addaudithook(seen)
sys.dont_write_bytecode = True
from breathsync.cli import main
sys.exit(main(sys.argv[1:]))
"""


def watched(home, *arguments, words=""):
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    command = [sys.executable, "-c", WATCH, *map(str, arguments)]
    done = subprocess.run(
        command, input=words, capture_output=True, text=True, env=environment, check=False, timeout=120
    )
    lines = done.stderr.splitlines()
    network = [line for line in lines if line.startswith("NETWORK")]
    written = [line.removeprefix("WRITTEN ") for line in lines if line.startswith("WRITTEN")]
    assert "Traceback" not in done.stderr
    return network, [file for file in written if file != os.devnull], done.returncode


@pytest.fixture
def data_folder(empty_home):
    from breathsync import settings

    return settings.load().recordings_folder


def test_requirement_18_a_session_and_words_use_no_network_and_stay_in_the_data_folder(
    empty_home, data_folder
):
    every = []
    for arguments, words in (
        (("words", "set-passphrase"), "four words of mine\n" * 2),
        (("demo", "--seconds", "2", "--no-screen"), ""),
        (("words", "show"), ""),
        (("info",), ""),
    ):
        network, written, code = watched(empty_home, *arguments, words=words)
        assert network == [] and code == 0
        every += written
    assert every, "the check sees what is written"
    assert all(file.startswith(str(data_folder)) for file in every), every


def test_the_check_sees_a_network(empty_home):
    code = WATCH.partition("from breathsync")[0] + "import socket; socket.socket().bind(('127.0.0.1', 0))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "NETWORK socket.bind" in done.stderr
