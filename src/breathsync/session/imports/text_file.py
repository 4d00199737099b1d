"""Reads a foreign text file: packed or not, in the letters of whatever program wrote it."""

import codecs
import gzip
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

from breathsync.errors import InputFileError

_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NO_LETTERS = re.compile(
    "[\0-\x08\x0e-\x1b\x7f]"
)  # what no text holds; all but one or two bytes of a program do


@dataclass(frozen=True, slots=True)
class Text:
    """What stands in a file, and codes for how it was written."""

    words: str
    remarks: tuple[str, ...]


def read_text(file: Path) -> Text:
    """A text file's contents. InputFileError says what it is instead."""
    packed = _read_bytes(file)
    data = _unpacked(file, packed)
    words, encoding = _decoded(file, data)
    unusual = {
        "gzip": data is not packed,
        "byte_order_mark": data.startswith((codecs.BOM_UTF8, *_WIDE)),
        "windows_letters": encoding == "cp1252",
        "windows_line_ends": "\r\n" in words[:4096],
    }
    return Text(words, tuple(code for code, is_so in unusual.items() if is_so))


def _read_bytes(file: Path) -> bytes:
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        raise InputFileError("no_such_file", file=file) from None
    except IsADirectoryError:
        raise InputFileError("is_a_folder", file=file) from None
    except OSError as problem:
        raise InputFileError("cannot_read", file=file, problem=problem.strerror) from None
    if not data:
        raise InputFileError("empty_file", file=file)
    return data


def _unpacked(file: Path, data: bytes) -> bytes:
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        raise InputFileError("cut_short", file=file) from None


def _decoded(file: Path, data: bytes) -> tuple[str, str]:
    """The text and its encoding: UTF-8, UTF-16, or what Windows wrote before (cp1252)."""
    for encoding in (
        ("utf-16",) if data.startswith(_WIDE) else (*_without_mark(data), "utf-8-sig", "cp1252")
    ):
        try:
            words = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _NO_LETTERS.search(words):
            return words, encoding
    raise InputFileError("not_text", file=file)


def _without_mark(data: bytes) -> tuple[str, ...]:
    """UTF-16 that does not say so: every other byte of plain letters and numbers is zero."""
    start = data[:200]
    halves = {"utf-16-le": start[1::2], "utf-16-be": start[::2]}
    return tuple(name for name, half in halves.items() if len(half) > 1 and not any(half))
