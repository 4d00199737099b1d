"""Derived tables kept in the user's cache folder, so that a long recording is replayed once.

An entry belongs to the recording's content and to the program that derived it: change either, and it is
derived anew. It holds numbers and codes alone, no words and no names. As a program of its own
(`python -m breathsync.session.derived_store RECORDING OUT PROFILES`) it derives into a file, so that a
window stays quick meanwhile.
"""

import hashlib
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

import breathsync
from breathsync.session.derived import KEPT, Derived, derive
from breathsync.session.recording import is_later_line
from breathsync.session.replay import RecordingReader

_MOST_ENTRIES = 300


def entry(recording: Path, folder: Path, profiles_folder: Path | None = None) -> Path:
    """Where the tables of this recording are kept, or will be."""
    return folder / f"{content(recording)}-{_program(profiles_folder)}.npz"


def content(recording: Path) -> str:
    """What tells a recording from all others, whatever was added to it later."""
    digest = hashlib.sha256()
    with suppress(OSError), recording.open("rb") as lines:
        for line in lines:
            if not is_later_line(line):
                digest.update(line.rstrip())
    return digest.hexdigest()[:24]


def load(file: Path) -> Derived | None:
    """Tables that were kept; `None` where there are none, or none that can be read."""
    try:
        with file.open("rb") as handle, np.load(handle, allow_pickle=False) as kept:
            tables: dict[str, dict[str, NDArray[Any]]] = {cls.__name__: {} for cls in KEPT}
            for name in kept.files:
                event, _, column = name.partition(".")
                tables[event][column] = kept[name]
            return Derived(tables)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None


def store(derived: Derived, file: Path) -> None:
    """Keep tables, for their owner alone. OSError where that cannot be."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = file.with_suffix(".part")
    columns = {
        f"{event}.{name}": column
        for event, table in derived.tables.items()
        for name, column in table.items()
    }
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        np.savez(out, **columns)  # type: ignore[arg-type]
    part.replace(file)
    _let_go_of_old(file.parent)


def kept_or_derived(recording: Path, folder: Path, profiles_folder: Path | None = None) -> Derived:
    """The tables of a recording, derived if they are not there. RecordingError if it cannot be read."""
    file = entry(recording, folder, profiles_folder)
    derived = load(file)
    if derived is None:
        derived = derive(RecordingReader(recording).inputs(), profiles_folder)
        with suppress(OSError):  # a full disk costs time, not the answer
            store(derived, file)
    return derived


def forget(recording: Path, folder: Path) -> int:
    """Remove what was kept of a recording, and say how much: call it before it goes or changes."""
    return _remove(folder.glob(f"{content(recording)}-*"))


def _let_go_of_old(folder: Path) -> None:
    with suppress(OSError):
        files = sorted(folder.glob("*.npz"), key=lambda file: file.stat().st_mtime)
        _remove(files[:-_MOST_ENTRIES])


def _remove(files: Iterable[Path]) -> int:
    going = list(files)
    for file in going:
        file.unlink(missing_ok=True)
    return len(going)


def _program(profiles_folder: Path | None) -> str:
    """The program and the person's own strap profiles, as they are now."""
    own = sorted(profiles_folder.glob("*/profile.toml")) if profiles_folder else []
    stamps = [f"{file}{file.stat().st_mtime_ns}" for file in own]
    return hashlib.sha256("".join([_source(), *stamps]).encode()).hexdigest()[:12]


@cache
def _source() -> str:
    """Changes with every file of the program, also where its version does not."""
    root = Path(breathsync.__file__).parent
    stamps = [f"{f.name}{f.stat().st_mtime_ns}{f.stat().st_size}" for f in sorted(root.rglob("*.py"))]
    return breathsync.__version__ + "".join(stamps)


if __name__ == "__main__":
    _recording, _out, *_profiles = map(Path, sys.argv[1:])
    store(derive(RecordingReader(_recording).inputs(), _profiles[0] if _profiles else None), _out)
