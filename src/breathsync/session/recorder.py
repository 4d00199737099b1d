"""Writes a recording: every input of a session at once, on the disk within a second."""

import errno
import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from breathsync.errors import OutputFileError, RecordingError
from breathsync.events import Input, SessionEnded
from breathsync.session import lock
from breathsync.session.recording import (
    DamagedLineError,
    Header,
    header_line,
    line,
    parse_header,
    parse_line,
)
from breathsync.session.replay import header_in
from breathsync.wording import text

_SYNC_EVERY_S = 1.0
_PIECE = 1 << 16
_LONGEST_LINE, _LINES_LOOKED_AT = 100_000, 8
FEW_BYTES = 200_000_000
"""With less room the person is told: enough for some days of sessions."""
LAST_BYTES = 20_000_000
"""With less the recording ends by itself, whole: the system needs the rest."""


def free_bytes(folder: Path) -> int:
    """How much room there is left where a folder lies."""
    return shutil.disk_usage(folder).free


class Recorder:
    """Appends inputs to a new file of a session: unbuffered, so they survive the death of this process.

    What was written is put on the disk once a second, so that a power cut loses no more: by a thread of its
    own, as a busy disk takes a tenth of a second for it and nothing that arrives may wait so long. It looks
    as well whether the disk has room left, and whether the file is still there: a folder that vanished is
    made again, or the recording goes on in one of the folders `elsewhere`, with all that it held.
    """

    def __init__(
        self,
        file: Path,
        header: Header,
        elsewhere: Sequence[Path] = (),
        room: Callable[[Path], int] = free_bytes,
    ) -> None:
        self.file = file
        self.header = replace(header, details={"session": secrets.token_hex(8), **header.details})
        self._elsewhere, self._room = tuple(elsewhere), room
        self._warned = False
        self._notices: list[tuple[str, str]] = []
        self._synced_s = 0.0
        self._disk = ThreadPoolExecutor(1, "disk")
        self._disk_says: Future[tuple[bool, int | None]] | None = None
        self._handle = _open(file, file, os.O_EXCL)
        lock.take(self._handle)
        self._put(header_line(self.header))

    def write(self, event: Input) -> None:
        """Append an input. OutputFileError if no disk takes it."""
        try:
            self._put(line(event))
        except OutputFileError as problem:
            if problem.code == "disk_full" or not self._moved():
                raise
            self._put(line(event))
        if event.time >= self._synced_s + _SYNC_EVERY_S and (
            self._disk_says is None or self._disk_says.done()
        ):
            self._synced_s = event.time
            if self._disk_says is not None:
                self._look_after(event, self._disk_says)
            self._disk_says = self._disk.submit(self._synced, self._handle, self.file)

    def end(self, now: float) -> None:
        """Write that nothing more came after `now`."""
        self._put(line(SessionEnded(now)))

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

    def notices(self) -> list[tuple[str, str]]:
        """What the person should know since this was asked last: a code, and a sentence."""
        told, self._notices = self._notices, []
        return told

    def _synced(self, handle: int, file: Path) -> tuple[bool, int | None]:
        """In the thread of the disk: put everything on it; whether the file is there, and the room left."""
        os.fsync(handle)
        try:
            there = os.path.samestat(file.stat(), os.fstat(handle))
            return there, self._room(file.parent)
        except OSError:
            return False, None

    def _look_after(self, event: Input, disk_says: "Future[tuple[bool, int | None]]") -> None:
        """Once a second. OutputFileError where the recording has to end, which it then has, cleanly."""
        with _said(self.file):
            there, left = disk_says.result()
        if not there and not self._moved():
            raise OutputFileError("folder_vanished", file=self.file)
        if left is not None and left < LAST_BYTES and not isinstance(event, SessionEnded):
            self.end(event.time)
            raise OutputFileError("room_used_up", file=self.file)
        if left is not None and left < FEW_BYTES and not self._warned:
            self._warned = True
            words = text("window.room_short_more", megabytes=left // 1_000_000)
            self._notices.append(("room_short", words))

    def _moved(self) -> bool:
        """Go on in another place, taking along what was written, as far as it can be read."""
        for folder in (self.file.parent, *self._elsewhere):
            file = _unused(folder / self.file.name)
            try:
                handle = _open(file, file, os.O_EXCL)
                _write_all(handle, _whole(self._handle) or (header_line(self.header) + "\n").encode())
            except (OutputFileError, OSError):
                continue
            lock.take(handle)
            self._disk.submit(_closed, self._handle)  # after whatever the disk is still doing with it
            self._handle, self.file, self._disk_says = handle, file, None
            self._notices.append(("moved", text("window.moved_more", file=file)))
            return True
        return False

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

    What stood there before stays until the new one is whole; of recordings only one that was made in the
    same way is replaced, and never that of a real session.
    """
    if file.is_dir():
        raise OutputFileError("is_a_folder", file=file)
    special = file.exists() and not file.is_file()  # a device: nothing to be replaced
    spare_recording(file, made_by=header.made_by)
    _spare_others(file)
    part = file if special else file.with_name(file.name + ".part")
    handle = _open(part, file, 0)
    if not special and not lock.take(handle):
        os.close(handle)
        raise OutputFileError("in_use", file=file)
    try:
        if not special:
            os.ftruncate(handle, 0)
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


def add_later(file: Path, event: Input) -> None:
    """Add a mark or a note to a finished recording. What stands there already is not touched.

    OutputFileError where it is still being recorded, or the disk does not take it.
    """
    if lock.in_use(file):
        raise OutputFileError("in_use", file=file)
    with _said(file):
        handle = os.open(file, os.O_RDWR | os.O_APPEND)
        try:
            torn = os.lseek(handle, 0, os.SEEK_END) > 0 and _last_byte(handle) != b"\n"
            _write_all(handle, b"\n" * torn + line(event, later=True).encode() + b"\n")
            os.fsync(handle)
        finally:
            os.close(handle)


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
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        return os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND | how, 0o600)
    except FileExistsError:
        raise
    except OSError as problem:
        raise cannot_write(named, problem) from problem


def _write_all(handle: int, data: bytes) -> None:
    while data:
        data = data[os.write(handle, data) :]


def _closed(handle: int) -> None:
    with suppress(OSError):
        os.close(handle)


def _whole(handle: int) -> bytes:
    """Everything that was written to a file, also when its name is gone; empty where it cannot be read."""
    found = bytearray()
    try:
        os.lseek(handle, 0, os.SEEK_SET)
        while piece := os.read(handle, 1 << 20):
            found += piece
    except OSError:
        pass
    return bytes(found)


def _unused(file: Path) -> Path:
    """The file's name, or with a number the first that nothing has."""
    number, free = 1, file
    while free.exists():
        number += 1
        free = file.with_stem(f"{file.stem}-{number}")
    return free


def _last_byte(handle: int) -> bytes:
    os.lseek(handle, -1, os.SEEK_END)
    return os.read(handle, 1)


def spare_recording(file: Path, *, made_by: str | None = None) -> None:
    """Refuse to write here where a recording stands, but for one made in the same way (not lived).

    OutputFileError says so.
    """
    if not file.is_file():
        return
    if is_lived(file):
        raise OutputFileError("would_replace_session", file=file)
    header = header_in(file)
    if header is not None and header.made_by != made_by:
        raise OutputFileError("would_replace_recording", file=file)


def _spare_others(file: Path) -> None:
    """Refuse to write here where something else stands than a recording: a slip, most likely."""
    if file.is_file() and file.stat().st_size and header_in(file) is None:
        raise OutputFileError("would_replace_other", file=file)


def is_lived(file: Path) -> bool:
    """Whether this is the recording of a real session, which nothing may replace.

    One that cannot say who made it, as its first line is damaged or of a newer version, may be one.
    """
    with file.open("rb") as handle:
        first = handle.readline(_LONGEST_LINE)
        try:
            return parse_header(first).made_by == "live"
        except RecordingError as problem:
            if problem.code == "newer_format":
                return True
        after = [handle.readline(_LONGEST_LINE) for _ in range(_LINES_LOOKED_AT)]
    return _damage(first) == "not_json" and any(_damage(raw) is None for raw in after)


def _damage(raw: bytes) -> str | None:
    """Why a line holds no input, if it holds none."""
    try:
        parse_line(raw)
    except DamagedLineError as problem:
        return str(problem)
    return None
