"""Brings back all that is readable of a damaged recording.

A whole line is kept as it is. Of a line that is not, every input that can be found in it is taken out: a
torn line with the next one after it, one beside a block of zeros. Where times contradict each other, as
many inputs stay as can be in order: one number that was hit does not cost what follows it.
"""

import json
import os
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from breathsync.errors import RecordingError
from breathsync.events import Input, SessionEnded
from breathsync.session import lock
from breathsync.session.keeping import BEFORE_REPAIR
from breathsync.session.recorder import cannot_write
from breathsync.session.recording import (
    LONGEST_PAUSE_S,
    DamagedLineError,
    Header,
    header_line,
    is_later_line,
    line,
    parse_header,
    parse_line,
)

_START = b'{"t":'
_HEADER_START = b'{"breathsync":"recording"'


@dataclass(frozen=True, slots=True)
class Repaired:
    """How many inputs there are again, how many of them were taken out of damaged lines, what stayed lost.

    `lost` counts damaged places with nothing readable in them and inputs whose time fits nowhere.
    """

    kept: int
    salvaged: int
    lost: int
    header_found: bool
    original: Path | None


def repair(file: Path) -> Repaired:
    """Write the recording anew, the damaged one kept beside it. RecordingError if nothing is readable."""
    if lock.in_use(file):
        raise RecordingError("in_use", file=file)
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        raise RecordingError("no_such_file", file=file) from None
    except OSError as problem:
        raise RecordingError("cannot_read", file=file, problem=problem.strerror) from None
    later = [raw for raw in data.split(b"\n") if _is_whole_later(raw)]
    others = b"\n".join(raw for raw in data.split(b"\n") if not _is_whole_later(raw))
    header, found, salvaged, lost = read_all(others)
    inputs = _in_order(found)
    lost += len(found) - len(inputs)
    if header is None and not inputs:
        raise RecordingError("nothing_readable", file=file)
    if header is not None and not salvaged and not lost:
        return Repaired(len(inputs), 0, 0, header_found=True, original=None)
    known = header or Header(made_by="live")
    details = {**known.details, "repaired": True}
    text = [
        header_line(replace(known, details=details)),
        *map(line, inputs),
        *(raw.decode() for raw in later),
    ]
    original = _replace(file, "\n".join(text).encode() + b"\n")
    return Repaired(len(inputs), salvaged, lost, header is not None, original)


def read_all(data: bytes) -> tuple[Header | None, list[Input], int, int]:
    """The header, the inputs in the order of the file, how many were salvaged, how many places lost."""
    header: Header | None = None
    found: list[Input] = []
    salvaged = lost = 0
    for raw in data.split(b"\n"):
        if not raw.strip():
            continue
        if header is None and (at := raw.find(_HEADER_START)) >= 0:
            header = _header(raw[at:])
            raw = raw[:at] if header and not found else raw
            if not raw.strip() or header:
                salvaged += bool(raw.strip())
                continue
        try:
            found.append(parse_line(raw))
        except DamagedLineError:
            pieces = list(_pieces(raw))
            found += pieces
            salvaged += len(pieces)
            lost += not pieces
    return header, found, salvaged, lost


def _is_whole_later(raw: bytes) -> bool:
    """A mark or note that somebody added afterwards: it stands behind the end, in no order."""
    if not is_later_line(raw):
        return False
    try:
        return bool(parse_line(raw))
    except DamagedLineError:
        return False


def _header(raw: bytes) -> Header | None:
    try:
        return parse_header(_object(raw))
    except (RecordingError, ValueError):
        return None


def _pieces(raw: bytes) -> Iterator[Input]:
    """Every input that can be read somewhere in a damaged line."""
    at = raw.find(_START)
    while at >= 0:
        following = raw.find(_START, at + 1)
        with suppress(DamagedLineError, ValueError):
            yield parse_line(_object(raw[at:]))
        at = following


def _object(raw: bytes) -> bytes:
    """The JSON object that a piece begins with, whatever comes after it. ValueError if it is not whole."""
    text = raw.decode("utf-8", errors="surrogateescape")
    _, end = json.JSONDecoder().raw_decode(text)
    return text[:end].encode("utf-8", errors="surrogateescape")


def _in_order(found: list[Input]) -> list[Input]:
    """The most inputs whose times never run backwards (longest non-decreasing run), closed by one end."""
    ends = [event for event in found if isinstance(event, SessionEnded)]
    others = [event for event in found if not isinstance(event, SessionEnded)]
    tails: list[float] = []
    places: list[int] = []
    for event in others:
        place = bisect_right(tails, event.time)
        tails[place : place + 1] = [event.time]
        places.append(place)
    wanted = len(tails) - 1
    chosen: list[Input] = []
    for event, place in zip(reversed(others), reversed(places), strict=True):
        if place == wanted and (not chosen or event.time <= chosen[-1].time):
            chosen.append(event)
            wanted -= 1
    chosen.reverse()
    return _without_leap(chosen) + _end(ends, chosen)


def _without_leap(inputs: list[Input]) -> list[Input]:
    """Up to a time that no session reaches: at the end such a number would stay unnoticed."""
    last = 0.0
    for count, event in enumerate(inputs):
        if event.time > last + LONGEST_PAUSE_S:
            return inputs[:count]
        last = event.time
    return inputs


def _end(ends: Sequence[Input], chosen: list[Input]) -> list[Input]:
    last = chosen[-1].time if chosen else 0.0
    fits = [event for event in ends if last <= event.time <= last + LONGEST_PAUSE_S]
    return fits[-1:]


def _replace(file: Path, data: bytes) -> Path:
    """The new one in its place; the first damaged one stays beside it."""
    part, original = file.with_name(file.name + ".part"), file.with_name(file.name + BEFORE_REPAIR)
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(handle)
        if original.exists():
            file.unlink()
        else:
            file.replace(original)
        part.replace(file)
    except OSError as problem:
        raise cannot_write(file, problem) from problem
    return original
