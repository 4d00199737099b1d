"""Writes a recording: every input at once, on the disk within a second."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from breathsync.errors import OutputFileError, RecordingError
from breathsync.events import Input, SessionEnded
from breathsync.session.recording import Header, header_line, line, parse_header

_SYNC_EVERY_S = 1.0


class Recorder:
    """Appends inputs to a new file, unbuffered; what is written survives the death of this process.

    With `durable`, `sync` puts it on the disk, so that a power cut loses a second at most.
    """

    def __init__(self, file: Path, header: Header, *, durable: bool = True, anew: bool = True) -> None:
        self.file = file
        self.durable = durable
        self._synced_s = 0.0
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | (os.O_EXCL if anew else os.O_TRUNC)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._handle = os.open(file, flags, 0o600)
        except OSError as problem:
            raise cannot_write(file, problem) from problem
        self._write(header_line(header))

    def write(self, event: Input) -> None:
        """Append an input. OutputFileError if the disk does not take it."""
        self._write(line(event))
        if self.durable and event.time >= self._synced_s + _SYNC_EVERY_S:
            self.sync(event.time)

    def end(self, now: float) -> None:
        """Write that nothing more came after `now`."""
        self.write(SessionEnded(now))

    def sync(self, now: float) -> None:
        """Put on the disk what was written, unless that was done within the last second."""
        if self.durable and now >= self._synced_s + _SYNC_EVERY_S:
            self._synced_s = now
            try:
                os.fsync(self._handle)
            except OSError as problem:
                raise cannot_write(self.file, problem) from problem

    def close(self) -> None:
        """Put everything on the disk and let go of the file."""
        if self._handle >= 0:
            self.sync(float("inf"))
            os.close(self._handle)
            self._handle = -1

    def _write(self, text: str) -> None:
        data = text.encode() + b"\n"
        try:
            while data:
                data = data[os.write(self._handle, data) :]
        except OSError as problem:
            raise cannot_write(self.file, problem) from problem


@contextmanager
def made_recording(file: Path, header: Header) -> Iterator[Recorder]:
    """Write a recording that was made rather than lived: all of it, or nothing.

    What stood there before stays until the new one is whole; a recording of a real session is never
    replaced.
    """
    if file.is_dir():
        raise OutputFileError("is_a_folder", file=file)
    whole = not file.exists() or file.is_file()
    if whole and file.exists() and _is_live(file):
        raise OutputFileError("would_replace_session", file=file)
    part = file.with_name(file.name + ".part") if whole else file
    recorder = Recorder(part, header, durable=False, anew=False)
    try:
        yield recorder
        recorder.close()
        if whole:
            part.replace(file)
    except OSError as problem:
        raise cannot_write(file, problem) from problem
    finally:
        recorder.close()
        if whole:
            part.unlink(missing_ok=True)


def cannot_write(file: Path, problem: OSError) -> OutputFileError:
    """The error for a file that cannot be written, in words that help."""
    if problem.errno == errno.ENOSPC:
        return OutputFileError("disk_full", file=file)
    return OutputFileError("cannot_write", file=file, problem=problem.strerror)


def _is_live(file: Path) -> bool:
    with file.open("rb") as handle:
        try:
            return parse_header(handle.readline(100_000)).made_by == "live"
        except RecordingError:
            return False
