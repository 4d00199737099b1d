"""`breathsync sessions`: find recordings again, name them, add to them, repair them, let them go."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from breathsync.cli.asking import answered
from breathsync.errors import UsageError
from breathsync.events import Marked, Noted, Sealed
from breathsync.screen.state import clock_words
from breathsync.session import keeping, library
from breathsync.session.index import Entry, Index
from breathsync.session.keeping import Removed
from breathsync.session.repair import repair
from breathsync.session.replay import RecordingReader
from breathsync.settings import Settings
from breathsync.wording import text, text_or_own

_LONGEST_NAME = 60


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Do what was asked for; without a word more, list them."""
    actions = {
        None: _list, "list": _list, "show": _show, "rename": _rename, "note": _note, "delete": _delete,
        "forget": _forget, "repair": _repair, "reindex": _reindex,
    }  # fmt: skip
    return actions[arguments.do](arguments, settings)


def _list(_arguments: argparse.Namespace, settings: Settings) -> int:
    return _tabulate(_index(settings).entries(), settings)


def _reindex(_arguments: argparse.Namespace, settings: Settings) -> int:
    entries = _index(settings).rebuild()
    print(text("cli.sessions.reindexed", count=len(entries), file=_index(settings).file))
    return 0


def _tabulate(entries: list[Entry], settings: Settings) -> int:
    console = Console(highlight=False)
    if not entries:
        console.print(text("info.nothing_kept"))
        console.print(text("info.folder", folder=settings.recordings_folder), soft_wrap=True)
        return 0
    names = ("id", "started", "code_name", "practice", "length", "usable", "marks")
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name in names:
        table.add_column(text(f"cli.sessions.column.{name}"), no_wrap=name == "started")
    for entry in entries:
        table.add_row(*_cells(entry))
    console.print(table)
    for words in _remarks(entries, settings.recordings_folder):
        console.print(words, soft_wrap=True)
    return 0


def _cells(entry: Entry) -> list[str]:
    none = text("window.no_value")
    if entry.problem:
        return [entry.id, none, none, text("cli.sessions.unreadable"), none, none, none]
    return [
        entry.id,
        (entry.started_at or none)[:16].replace("T", " "),
        entry.code_name or none,
        _practice(entry),
        clock_words(entry.length_s or 0.0),
        none if entry.usable is None else f"{round(100 * entry.usable)} %",
        str(entry.markers + entry.words),
    ]


def _practice(entry: Entry) -> str:
    practice = text_or_own(entry.practice) if entry.practice else text("window.no_value")
    return text("cli.sessions.simulated", practice=practice) if entry.made_by == "simulator" else practice


def _remarks(entries: list[Entry], folder: Path) -> list[str]:
    """What should be known: names that tell too much, damaged recordings, a folder open to others."""
    names = sorted({e.code_name for e in entries if e.code_name and keeping.too_telling(e.code_name)})
    found = [_telling(name) for name in names]
    damaged = [e.id for e in entries if e.damaged or e.problem]
    if damaged:
        found.append(text("cli.sessions.damaged", ids=", ".join(damaged)))
    if sys.platform != "win32" and folder.stat().st_mode & 0o077:
        found.append(text("cli.sessions.open_folder", folder=folder))
    return found


def _show(arguments: argparse.Namespace, settings: Settings) -> int:
    file = library.find(arguments.session, settings.recordings_folder)
    if file.parent == settings.recordings_folder:
        entry = next((e for e in _index(settings).entries() if e.file == file.name), None)
        answers = entry.check_ins() if entry else {}
        for moment, given in answers.items():
            said = ", ".join(f"{text(f'checkin.{name}')} {value}" for name, value in given.items())
            print(f"{text(f'cli.sessions.check_in_{moment}')}: {said}")
    from breathsync.cli import info

    ended = info.run(argparse.Namespace(file=file), settings)
    for line in _said_in(file):
        print(line)
    return ended


def _said_in(file: Path) -> Iterator[str]:
    """Marks and notes, each with its time; sealed ones stay sealed."""
    reader = RecordingReader(file)
    found = (e for e in reader.with_later() if isinstance(e, Marked | Noted | Sealed))
    for event in sorted(found, key=lambda event: event.time):
        match event:
            case Marked(label=label):
                words = label or text("report.mark")
            case Noted(words=words):
                pass
            case _:
                words = text("report.sealed")
        yield f"{clock_words(event.time)}  {words}"


def _rename(arguments: argparse.Namespace, settings: Settings) -> int:
    name = arguments.code_name.strip()
    if len(name) > _LONGEST_NAME or not (name.isprintable() or not name):
        raise UsageError("code_name", most=_LONGEST_NAME)
    file = library.find(arguments.session, settings.recordings_folder)
    keeping.rename(file, name or None)
    print(text("cli.sessions.renamed" if name else "cli.sessions.unnamed", file=file.name, name=name))
    if keeping.too_telling(arguments.code_name):
        print(_telling(arguments.code_name))
    return 0


def _note(arguments: argparse.Namespace, settings: Settings) -> int:
    words = " ".join(arguments.words).strip()
    if not words:
        raise UsageError("no_words")
    file = library.find(arguments.session, settings.recordings_folder)
    sealed = keeping.note(file, words, settings.recordings_folder)
    print(text("cli.sessions.noted_sealed" if sealed else "cli.sessions.noted", file=file.name))
    return 0


def _delete(arguments: argparse.Namespace, settings: Settings) -> int:
    file = library.find(arguments.session, settings.recordings_folder)
    if not _sure(arguments, text("cli.sessions.delete_question", file=file.name)):
        return 0
    return _say_removed(keeping.delete(file))


def _forget(arguments: argparse.Namespace, settings: Settings) -> int:
    name = arguments.code_name
    known = keeping.has_traces(name, settings.recordings_folder)
    if known and not _sure(arguments, text("cli.sessions.forget_question", name=name)):
        return 0
    removed = keeping.forget(name, settings.recordings_folder)
    if not removed.anything:
        print(text("cli.sessions.nobody", name=name, folder=settings.recordings_folder))
    return _say_removed(removed)


def _say_removed(removed: Removed) -> int:
    for name in (*removed.recordings, *removed.beside):
        print(text("cli.sessions.removed", file=name))
    if removed.measures:
        print(text("cli.sessions.removed_measures", count=removed.measures))
    if removed.consents:
        print(text("cli.sessions.removed_consents", count=removed.consents))
    if removed.anything:
        print(text("cli.sessions.removed_index"))
        print(text("cli.sessions.elsewhere"))
    for name in removed.unreadable:
        print(text("cli.sessions.unknown_owner", file=name))
    return 0


def _repair(arguments: argparse.Namespace, settings: Settings) -> int:
    file = library.find(arguments.session, settings.recordings_folder)
    done = repair(file)
    if done.original is None:
        print(text("cli.sessions.nothing_to_repair", file=file, count=done.kept))
        return 0
    values = {"file": file, "kept": done.kept, "salvaged": done.salvaged, "lost": done.lost}
    print(text("cli.sessions.repaired", **values))
    if not done.header_found:
        print(text("cli.sessions.no_header"))
    print(text("cli.sessions.original", file=done.original))
    return 0


def _sure(arguments: argparse.Namespace, question: str) -> bool:
    """Ask where somebody can answer; what cannot be undone is not done without."""
    if arguments.yes:
        return True
    if not sys.stdin.isatty():
        raise UsageError("not_sure")
    answer = answered(input, question).strip().lower()
    return bool(answer) and answer[0] in text("cli.sessions.yes_letters")


def _telling(name: str) -> str:
    return text(f"cli.sessions.telling_{keeping.too_telling(name)}", name=name)


def _index(settings: Settings) -> Index:
    return Index(settings.recordings_folder, settings.profiles_folder)
