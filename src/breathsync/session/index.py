"""An index of the recordings in a folder: SQLite, made of the files, made again whenever in doubt.

Nothing stands in it that the files do not say; it only saves reading them all for a list. What is deleted
is overwritten (secure_delete), and it is for its owner's eyes alone, like the recordings beside it.
"""

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any

from breathsync.errors import BreathSyncError
from breathsync.session.contents import Contents, contents_of
from breathsync.session.library import kept, session_id
from breathsync.session.recorder import cannot_write

FILE = "index.sqlite"
_VERSION = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """A recording as the index knows it; `None` is what it does not say. `problem` is a code.

    `usable` is the share of time inside NN intervals. `check_in` holds the person's own answers by moment.
    """

    file: str
    size: int
    changed_ns: int
    id: str
    started_at: str | None = None
    code_name: str | None = None
    made_by: str | None = None
    practice: str | None = None
    length_s: float | None = None
    ended: bool = False
    strap: str | None = None
    beats: int = 0
    usable: float | None = None
    markers: int = 0
    words: int = 0
    check_in: str = "{}"
    damaged: int = 0
    problem: str | None = None

    def check_ins(self) -> dict[str, dict[str, int]]:
        """The answers by moment (`before`, `after`)."""
        found: dict[str, dict[str, int]] = json.loads(self.check_in)
        return found


_COLUMNS = tuple(f.name for f in fields(Entry))


class Index:
    """The index of one folder."""

    def __init__(self, folder: Path, profiles_folder: Path | None = None) -> None:
        self.file = folder / FILE
        self._folder, self._profiles = folder, profiles_folder

    def entries(self) -> list[Entry]:
        """Every recording, newest first; files that are new or changed are read."""
        try:
            return self._fresh()
        except sqlite3.DatabaseError:  # damaged, or of another version: it is only an index
            self.remove()
            return self._fresh()

    def rebuild(self) -> list[Entry]:
        """Forget everything and read all files."""
        self.remove()
        return self.entries()

    def remove(self) -> None:
        """Delete the index with all that SQLite keeps beside it."""
        for ending in ("", "-journal", "-wal", "-shm"):
            self.file.with_name(self.file.name + ending).unlink(missing_ok=True)

    def _fresh(self) -> list[Entry]:
        files = kept(self._folder)
        if not files and not self.file.exists():
            return []
        with self._opened() as database:
            known = {entry.file: entry for entry in _all(database)}
            there = {file.name: file for file in files}
            changed = [file for name, file in there.items() if not _is_current(known.get(name), file)]
            database.executemany(
                "DELETE FROM sessions WHERE file = ?", ((n,) for n in known if n not in there)
            )
            _put(database, (entry_of(file, self._profiles) for file in changed))
            return sorted(_all(database), key=lambda entry: entry.file, reverse=True)

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            os.close(os.open(self.file, os.O_RDWR | os.O_CREAT, 0o600))
        except OSError as problem:
            raise cannot_write(self.file, problem) from problem
        with closing(sqlite3.connect(self.file, timeout=10)) as database, database:
            database.execute("PRAGMA secure_delete = ON")
            if database.execute("PRAGMA user_version").fetchone()[0] not in (0, _VERSION):
                raise sqlite3.DatabaseError("another version")
            columns = ", ".join(_COLUMNS[1:])
            database.execute(f"CREATE TABLE IF NOT EXISTS sessions (file TEXT PRIMARY KEY, {columns})")
            database.execute(f"PRAGMA user_version = {_VERSION}")
            yield database


def entry_of(file: Path, profiles_folder: Path | None = None) -> Entry:
    """Read one recording for the index; one that cannot be read is known by its problem."""
    stat = file.stat()
    place = (file.name, stat.st_size, stat.st_mtime_ns, session_id(file))
    try:
        found = contents_of(file, profiles_folder)
    except BreathSyncError as problem:
        return Entry(*place, problem=problem.code)
    return Entry(
        *place,
        started_at=found.header.started_at,
        code_name=found.header.code_name,
        made_by=found.header.maker,
        **_measured(found),
    )


def _measured(found: Contents) -> dict[str, Any]:
    return {
        "practice": found.practice,
        "length_s": found.length_s,
        "ended": found.ended,
        "strap": found.strap,
        "beats": found.beats,
        "usable": found.usable,
        "markers": found.markers,
        "words": found.words,
        "check_in": json.dumps(found.check_ins),
        "damaged": found.damaged,
    }


def _is_current(entry: Entry | None, file: Path) -> bool:
    stat = file.stat()
    return entry is not None and (entry.size, entry.changed_ns) == (stat.st_size, stat.st_mtime_ns)


def _all(database: sqlite3.Connection) -> list[Entry]:
    rows = database.execute(f"SELECT {', '.join(_COLUMNS)} FROM sessions").fetchall()
    named = [dict(zip(_COLUMNS, row, strict=True)) for row in rows]
    return [Entry(**{**row, "ended": bool(row["ended"])}) for row in named]


def _put(database: sqlite3.Connection, entries: Iterable[Entry]) -> None:
    marks = ", ".join("?" * len(_COLUMNS))
    rows = (astuple(entry) for entry in entries)
    database.executemany(f"INSERT OR REPLACE INTO sessions VALUES ({marks})", rows)
