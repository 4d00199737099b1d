"""Files of an export: whole or not at all, readable by their owner alone, never over a real session."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from breathsync.errors import OutputFileError
from breathsync.session.recorder import cannot_write, is_lived


@contextmanager
def new_file(file: Path) -> Iterator[BinaryIO]:
    """A file to write; what stood there before stays until this one is whole."""
    if file.is_dir():
        raise OutputFileError("is_a_folder", file=file)
    if file.is_file() and is_lived(file):
        raise OutputFileError("would_replace_session", file=file)
    part = file.with_name(file.name + ".part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as out:
            yield out
        part.replace(file)
    except OSError as problem:
        raise cannot_write(file, problem) from problem
    finally:
        part.unlink(missing_ok=True)


def write_lines(file: Path, lines: Iterable[str]) -> None:
    """A text file, each line closed."""
    with new_file(file) as out:
        for line in lines:
            out.write(line.encode() + b"\n")


def exact(value: float) -> str:
    """The shortest text that reads back as the same number; whole numbers without decimals."""
    return str(int(value)) if value == int(value) else repr(float(value))
