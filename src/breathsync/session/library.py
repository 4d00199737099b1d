"""The folder where recordings are kept, and their names."""

import hashlib
from datetime import datetime
from itertools import count
from pathlib import Path

from breathsync.errors import InputFileError, OutputFileError
from breathsync.session.recorder import Recorder
from breathsync.session.recording import Header

SUFFIX = ".jsonl"


def new_recording(folder: Path, started: datetime, name: str, header: Header) -> Recorder:
    """Begin a recording under a name that no other has: date, time and what it is.

    OutputFileError where the folder takes no recording.
    """
    stem = f"{started:%Y-%m-%d_%H%M%S}_{name}"
    for number in count(1):
        try:
            return Recorder(folder / f"{stem}{'' if number == 1 else f'-{number}'}{SUFFIX}", header)
        except FileExistsError:  # another session began in the same second
            continue
        except OutputFileError as problem:
            raise OutputFileError("cannot_record", folder=folder, **problem.values) from problem
    raise AssertionError("there is always a next number")


def kept(folder: Path) -> list[Path]:
    """The recordings in a folder, newest first by name; truths of simulated ones are not listed."""
    if not folder.is_dir():
        return []
    files = folder.glob(f"*{SUFFIX}")
    return sorted((f for f in files if not f.name.endswith(f".truth{SUFFIX}")), reverse=True)


def identity(file: Path) -> str:
    """What a recording is called on the command line: six letters that stay as long as its file's name."""
    return hashlib.sha256(file.name.encode()).hexdigest()[:6]


def find(named: str, folder: Path) -> Path:
    """The recording for a path, an id, or a file name in the folder. InputFileError where there is none."""
    path = Path(named)
    if path.exists() or path.suffix == SUFFIX or path.parent != Path():
        return path
    fits = [f for f in kept(folder) if identity(f).startswith(named.lower()) or f.name.startswith(named)]
    if len(fits) == 1:
        return fits[0]
    if fits:
        raise InputFileError("id_unclear", name=named, ids=", ".join(map(identity, fits)))
    raise InputFileError("no_such_session", name=named, folder=folder)
