"""`breathsync replay`: a recording, in the window or the terminal, its events into a file."""

import argparse
import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from breathsync.cli.show import show
from breathsync.errors import UsageError
from breathsync.session.event_log import DERIVED, SHOWN, EventLog
from breathsync.session.guides import guide_from
from breathsync.session.players import ReplayPlayer
from breathsync.session.recorder import cannot_write, spare_recording
from breathsync.session.replay import RecordingReader
from breathsync.settings import Settings
from breathsync.wording import text


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Play the recording."""
    if arguments.end is not None and arguments.start > arguments.end:
        raise UsageError("from_to", start=arguments.start, end=arguments.end)
    only = _event_names(arguments)
    reader = RecordingReader(arguments.file)
    player = ReplayPlayer(
        reader,
        settings,
        rate=arguments.speed,
        start=arguments.start,
        end=arguments.end,
        guide=guide_from(arguments.guide) if arguments.guide else None,
    )
    with contextlib.ExitStack() as files:
        listeners = []
        if arguments.events:
            out = files.enter_context(_opened(arguments.events, arguments.file))
            listeners = [EventLog(out, only, arguments.start, reader.header.code_name)]
        code = show(
            player, settings, listeners, no_screen=arguments.no_screen, quiet=arguments.events == "-"
        )
    if reader.damage.lines:
        print(text("cli.replay.damage", count=reader.damage.lines, file=arguments.file), file=sys.stderr)
    if reader.last_s < arguments.start:
        raise UsageError("nothing_left", file=arguments.file, end=reader.last_s, start=arguments.start)
    return code


def _event_names(arguments: argparse.Namespace) -> list[str]:
    """The names that --only asks for, however they are capitalised."""
    if arguments.only is None:
        return []
    if not arguments.events:
        raise UsageError("only_alone")
    known = {name.lower(): name for name in (*DERIVED, *SHOWN)}
    asked = [name.strip() for name in arguments.only.split(",")]
    for name in asked:
        if name.lower() not in known:
            raise UsageError("only", name=name or '""')
    return [known[name.lower()] for name in asked]


@contextlib.contextmanager
def _opened(where: str, recording: Path) -> Iterator[TextIO]:
    file = Path(where)
    if where != "-" and file.exists() and file.resolve() == recording.resolve():
        raise UsageError("same_file", file=file, option="--events")
    if where != "-":
        spare_recording(file)
    try:
        if where == "-":
            yield sys.stdout
            return
        # what a heart did is for its owner alone to read
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
            yield out
    except OSError as problem:
        if where == "-":
            raise
        raise cannot_write(file, problem) from problem
