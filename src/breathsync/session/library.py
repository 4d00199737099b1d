"""The folder where recordings are kept, and their names."""

import hashlib
from datetime import datetime
from itertools import count
from pathlib import Path

from breathsync.errors import InputFileError, OutputFileError
from breathsync.session.recorder import Recorder, cannot_write
from breathsync.session.recording import Header
from breathsync.settings import defaults

SUFFIX = ".jsonl"


def new_recording(folder: Path, started: datetime, name: str, header: Header) -> Recorder:
    """Begin a recording under a name that no other has: date, time and what it is.

    OutputFileError where the folder takes no recording.
    """
    keep_private(folder)
    stem = f"{started:%Y-%m-%d_%H%M%S}_{name}"
    for number in count(1):
        try:
            name = f"{stem}{'' if number == 1 else f'-{number}'}{SUFFIX}"
            return Recorder(folder / name, header, elsewhere=(defaults().recordings_folder, Path.home()))
        except FileExistsError:  # another session began in the same second
            continue
        except OutputFileError as problem:
            raise OutputFileError("cannot_record", folder=folder, **problem.values) from problem
    raise AssertionError("there is always a next number")


def keep_private(folder: Path) -> None:
    """Make the folder, for its owner alone; one that somebody chose and opened to others stays as it is."""
    try:
        if not folder.exists():
            folder.mkdir(parents=True, mode=0o700)
        elif folder == defaults().recordings_folder:
            folder.chmod(0o700)
    except OSError as problem:
        values = cannot_write(folder, problem).values
        raise OutputFileError("cannot_record", folder=folder, **values) from problem


def kept(folder: Path) -> list[Path]:
    """The recordings in a folder, newest first by name; truths of simulated ones are not listed."""
    if not folder.is_dir():
        return []
    files = folder.glob(f"*{SUFFIX}")
    return sorted((f for f in files if not f.name.endswith(f".truth{SUFFIX}")), reverse=True)


def session_id(file: Path) -> str:
    """What a recording is called on the command line: six letters that stay as long as its file's name."""
    return hashlib.sha256(file.name.encode()).hexdigest()[:6]


def find(named: str, folder: Path) -> Path:
    """The recording for a path, an id, or a file name in the folder. InputFileError where there is none."""
    path = Path(named)
    if path.exists() or path.suffix == SUFFIX or path.parent != Path():
        return path
    fits = [f for f in kept(folder) if session_id(f).startswith(named.lower()) or f.name.startswith(named)]
    if len(fits) == 1:
        return fits[0]
    if fits:
        raise InputFileError("id_unclear", name=named, ids=", ".join(map(session_id, fits)))
    raise InputFileError("no_such_session", name=named, folder=folder)
