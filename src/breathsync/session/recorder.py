"""Writes a recording: every input of a session at once, on the disk within a second."""

import errno
import os
import secrets
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from breathsync.errors import OutputFileError, RecordingError
from breathsync.events import Input, SessionEnded
from breathsync.session.recording import Header, header_line, line, parse_header

_SYNC_EVERY_S = 1.0
_PIECE = 1 << 16


class Recorder:
    """Appends inputs to a new file of a session: unbuffered, so they survive the death of this process.

    What was written is put on the disk once a second, so that a power cut loses no more: by a thread of its
    own, as a busy disk takes a tenth of a second for it and nothing that arrives may wait so long.
    """

    def __init__(self, file: Path, header: Header) -> None:
        self.file = file
        self.header = replace(header, details={"session": secrets.token_hex(8), **header.details})
        self._synced_s = 0.0
        self._disk = ThreadPoolExecutor(1, "disk")
        self._syncing: Future[None] | None = None
        self._handle = _open(file, file, os.O_EXCL)
        self._put(header_line(self.header))

    def write(self, event: Input) -> None:
        """Append an input. OutputFileError if the disk does not take it."""
        self._put(line(event))
        if event.time >= self._synced_s + _SYNC_EVERY_S and self._synced():
            self._synced_s = event.time
            self._syncing = self._disk.submit(os.fsync, self._handle)

    def end(self, now: float) -> None:
        """Write that nothing more came after `now`."""
        self.write(SessionEnded(now))

    def close(self) -> None:
        """Put everything on the disk and let go of the file."""
        if self._handle >= 0:
            handle, self._handle = self._handle, -1
            self._disk.shutdown()
            try:
                with _said(self.file):
                    os.fsync(handle)
            finally:
                os.close(handle)

    def _synced(self) -> bool:
        """Whether the last time is over; OutputFileError where the disk did not take it."""
        if self._syncing is not None and self._syncing.done():
            with _said(self.file):
                self._syncing.result()
        return self._syncing is None or self._syncing.done()

    def _put(self, text: str) -> None:
        with _said(self.file):
            _write_all(self._handle, text.encode() + b"\n")


class MadeRecording:
    """Collects inputs of a recording that is made rather than lived, in large pieces.

    Leave it to `made_recording` to begin and to end it.
    """

    def __init__(self, file: Path, handle: int) -> None:
        self.file = file
        self._handle = handle
        self._waiting = bytearray()

    def write(self, event: Input) -> None:
        """Append an input. OutputFileError if the disk does not take it."""
        self.put(line(event))

    def end(self, now: float) -> None:
        """Write that nothing more came after `now`."""
        self.write(SessionEnded(now))

    def close(self) -> None:
        """Write what still waits."""
        data, self._waiting = bytes(self._waiting), bytearray()
        with _said(self.file):
            _write_all(self._handle, data)

    def put(self, text: str) -> None:
        """Append a line."""
        self._waiting += text.encode() + b"\n"
        if len(self._waiting) > _PIECE:
            self.close()


@contextmanager
def made_recording(file: Path, header: Header) -> Iterator[MadeRecording]:
    """Write a recording that was made rather than lived: all of it, or nothing.

    What stood there before stays until the new one is whole; a recording of a real session is never
    replaced.
    """
    if file.is_dir():
        raise OutputFileError("is_a_folder", file=file)
    special = file.exists() and not file.is_file()  # a device: nothing to be replaced
    if file.is_file() and _is_lived(file):
        raise OutputFileError("would_replace_session", file=file)
    part = file if special else file.with_name(file.name + ".part")
    handle = _open(part, file, os.O_TRUNC)
    try:
        recording = MadeRecording(file, handle)
        recording.put(header_line(header))
        yield recording
        recording.close()
        if not special:
            with _said(file):
                part.replace(file)
    finally:
        os.close(handle)
        if not special:
            part.unlink(missing_ok=True)


def cannot_write(file: Path, problem: OSError) -> OutputFileError:
    """The error for a file that cannot be written, in words that help."""
    code = "disk_full" if problem.errno == errno.ENOSPC else "cannot_write"
    return OutputFileError(code, file=file, problem=problem.strerror)


@contextmanager
def _said(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise cannot_write(file, problem) from problem


def _open(file: Path, named: Path, how: int) -> int:
    """Open for appending, readable by its owner alone. FileExistsError with O_EXCL where one is there."""
    with _said(named):
        file.parent.mkdir(parents=True, exist_ok=True)
    try:
        return os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | how, 0o600)
    except FileExistsError:
        raise
    except OSError as problem:
        raise cannot_write(named, problem) from problem


def _write_all(handle: int, data: bytes) -> None:
    while data:
        data = data[os.write(handle, data) :]


def _is_lived(file: Path) -> bool:
    with file.open("rb") as handle:
        try:
            return parse_header(handle.readline(100_000)).made_by == "live"
        except RecordingError:
            return False
