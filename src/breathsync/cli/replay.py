"""`breathsync replay`: a recording, in the window or the terminal, its events into a file."""

import argparse
import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from breathsync.cli.show import show
from breathsync.errors import UsageError
from breathsync.session.event_log import DERIVED, EventLog
from breathsync.session.guides import guide_from
from breathsync.session.players import ReplayPlayer
from breathsync.session.recorder import cannot_write
from breathsync.session.replay import RecordingReader
from breathsync.settings import Settings
from breathsync.wording import text


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Play the recording."""
    if arguments.end is not None and arguments.start > arguments.end:
        raise UsageError("from_to", start=arguments.start, end=arguments.end)
    only = _event_names(arguments.only)
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
    return code


def _event_names(only: str | None) -> list[str]:
    names = [name.strip() for name in (only or "").split(",") if name.strip()]
    for name in names:
        if name not in DERIVED:
            raise UsageError("only", name=name, names=", ".join(DERIVED))
    return names


@contextlib.contextmanager
def _opened(where: str, recording: Path) -> Iterator[TextIO]:
    if where == "-":
        yield sys.stdout
        sys.stdout.flush()
        return
    file = Path(where)
    if file.exists() and file.resolve() == recording.resolve():
        raise UsageError("same_file", file=file)
    try:
        with file.open("w", encoding="utf-8", newline="\n") as out:
            yield out
    except OSError as problem:
        raise cannot_write(file, problem) from problem
