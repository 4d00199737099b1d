"""What can be done to kept recordings: another code name, a note, gone for good. Each says what it did.

A recording that is being written to is left alone. Files are replaced whole or not at all.
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from breathsync.errors import InputFileError, RecordingError
from breathsync.events import Noted
from breathsync.session import derived_store, lock, told
from breathsync.session.consents import Consents, same_name
from breathsync.session.index import Index
from breathsync.session.library import SUFFIX
from breathsync.session.recorder import cannot_write
from breathsync.session.recording import parse_header
from breathsync.session.replay import RecordingReader
from breathsync.settings import cache_folder

BEFORE_REPAIR = ".before-repair"
_INITIALS = re.compile(r"(?:[A-ZÄÖÜ]\.?\s?){2,4}|[A-Za-zÄÖÜäöü]\.\s?[A-Za-zÄÖÜäöü]\.?")
_DATE = re.compile(r"(?<!\d)(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|(?:19|20)\d{2}(?:\d{4})?|\d{6}|\d{8})(?!\d)")
_LONGEST_HEADER = 4_000_000


def too_telling(code_name: str) -> str | None:
    """What a code name looks like that should tell nobody anything: `initials`, `birth_date` or nothing."""
    letters = re.sub(r"[\d./\s_-]+", "", code_name)
    if _DATE.search(code_name):
        return "birth_date"
    return "initials" if _INITIALS.fullmatch(code_name.strip()) or _INITIALS.fullmatch(letters) else None


def rename(file: Path, code_name: str | None) -> None:
    """Give a recording another code name; everything else in it stays as it is, to the byte."""
    _check_free(file)
    RecordingReader(file)  # says what it is, if it is no recording
    part = file.with_name(file.name + ".part")
    try:
        with file.open("rb") as old:
            header = json.loads(old.readline(_LONGEST_HEADER))
            header.pop("code_name", None)
            if code_name:
                header["code_name"] = code_name
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as new:
                line = json.dumps(header, ensure_ascii=False, separators=(",", ":"))
                new.write(line.encode() + b"\n")
                while piece := old.read(1 << 20):
                    new.write(piece)
                new.flush()
                os.fsync(handle)
        derived_store.forget(file, cache_folder())  # it would not be found again under the new name
        part.replace(file)
    except OSError as problem:
        part.unlink(missing_ok=True)
        raise cannot_write(file, problem) from problem


def note(file: Path, words: str, folder: Path) -> bool:
    """Lay a note into a recording that is over; whether it was sealed, as it is under a passphrase."""
    _check_free(file)
    header = RecordingReader(file).header
    letterbox = told.letterbox_of(folder)
    told.add(file, [told.sealed(Noted(0.0, words), letterbox, header)])
    return letterbox is not None


@dataclass(slots=True)
class Removed:
    """What was removed, and what could not be told apart."""

    recordings: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    measures: int = 0
    consents: int = 0
    unreadable: list[str] = field(default_factory=list)

    @property
    def anything(self) -> bool:
        """Whether there was anything to remove."""
        return bool(self.recordings or self.beside or self.consents)


def delete(file: Path) -> Removed:
    """Remove a recording and what lies beside it. InputFileError if it is being recorded."""
    _check_free(file)
    removed = Removed()
    _remove(file, removed)
    Index(file.parent).remove()
    return removed


def has_traces(code_name: str, folder: Path) -> bool:
    """Whether there is anything of a code name in a folder."""
    recorded = any(same_name(name, code_name) for _, name in _whose(folder, Removed()))
    return recorded or Consents(folder).knows(code_name)


def forget(code_name: str, folder: Path) -> Removed:
    """Remove every trace of a code name in a folder: recordings, what lies beside them, consents, index."""
    removed = Removed()
    for file, name in list(_whose(folder, removed)):
        if same_name(name, code_name) and file.exists():  # it may have lain beside one that went already
            _check_free(file)
            _remove(file, removed)
    removed.consents = Consents(folder).forget(code_name)
    Index(folder).remove()
    return removed


def _whose(folder: Path, removed: Removed) -> Iterator[tuple[Path, str | None]]:
    """Every file that may be a recording, also half of one, and the code name that its header says."""
    for file in sorted(folder.glob(f"*{SUFFIX}*")) if folder.is_dir() else ():
        try:
            with file.open("rb") as handle:
                first = handle.readline(_LONGEST_HEADER)
            if not first.startswith(b'{"breathsync":"truth"'):
                yield file, parse_header(first).code_name
        except (RecordingError, OSError):
            removed.unreadable.append(file.name)


def _remove(file: Path, removed: Removed) -> None:
    stem = file.name.partition(SUFFIX)[0]
    beside = [file.with_name(stem + ".truth" + SUFFIX)]
    if file.name.endswith(SUFFIX):
        beside += [file.with_name(file.name + ending) for ending in (".part", BEFORE_REPAIR)]
    removed.measures += derived_store.forget(file, cache_folder())
    try:
        file.unlink()
        (removed.recordings if file.name.endswith(SUFFIX) else removed.beside).append(file.name)
        for other in beside:
            if other.exists():
                removed.measures += derived_store.forget(other, cache_folder())
                other.unlink()
                removed.beside.append(other.name)
    except OSError as problem:
        raise cannot_write(file, problem) from problem


def _check_free(file: Path) -> None:
    if not file.exists():
        raise InputFileError("no_such_file", file=file)
    if lock.in_use(file):
        raise InputFileError("in_use", file=file)
