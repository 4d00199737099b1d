"""Files of an export: whole or not at all, readable by their owner alone, never over a recording."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from breathsync.errors import OutputFileError
from breathsync.session.recorder import cannot_write, spare_recording


@contextmanager
def new_file(file: Path, *, made_by: str | None = None) -> Iterator[BinaryIO]:
    """A file to write; what stood there before stays until this one is whole.

    A recording stays, but for one that was made like this one: `made_by`.
    """
    if file.is_dir():
        raise OutputFileError("is_a_folder", file=file)
    spare_recording(file, made_by=made_by)
    if file.exists() and not file.is_file():  # a device: there is nothing to be replaced
        try:
            with file.open("wb") as out:
                yield out
        except OSError as problem:
            raise cannot_write(file, problem) from problem
        return
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
