"""The folder where recordings are kept, and their names."""

from datetime import datetime
from itertools import count
from pathlib import Path

from breathsync.errors import OutputFileError
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
