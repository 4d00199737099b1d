"""What an argument's text means, or a UsageError that says what it can be."""

import math
from collections.abc import Callable
from pathlib import Path

from breathsync.errors import UsageError


def _finite(value: str) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError
    return number


def seconds(option: str, code: str = "seconds") -> Callable[[str], float]:
    """More than nothing: of seconds, or of what `code` says."""

    def read(value: str) -> float:
        try:
            number = _finite(value)
        except ValueError:
            number = 0.0
        if number <= 0:
            raise UsageError(code, option=option, text=value)
        return number

    return read


def moment(option: str) -> Callable[[str], float]:
    """A moment of a session, in seconds from its beginning."""

    def read(value: str) -> float:
        try:
            number = _finite(value)
        except ValueError:
            number = -1.0
        if number < 0:
            raise UsageError("moment", option=option, text=value)
        return number

    return read


def seed(value: str) -> int:
    """A whole number."""
    try:
        return int(value)
    except ValueError:
        raise UsageError("seed", text=value) from None


def count(value: str) -> int:
    """How many at once."""
    if not value.isdecimal() or not 1 <= int(value) <= 1024:
        raise UsageError("jobs", text=value)
    return int(value)


_QUICKEST = 1000.0  # no machine keeps to a speed above that: it is as fast as can be


def speed(value: str) -> float | None:
    """A speed, or `None` for as fast as can be."""
    if value == "max":
        return None
    try:
        number = _finite(value)
    except ValueError:
        number = 0.0
    if number <= 0:
        raise UsageError("speed", text=value)
    return number if number < _QUICKEST else None


def output(value: str) -> Path:
    """A file or folder to be written, in a folder that is there: a slip in a path makes no new ones."""
    file = Path(value)
    if not file.parent.exists():
        raise UsageError("no_such_folder", file=file, folder=file.parent)
    return file


def events_output(value: str) -> str:
    """The same, or `-` for what is printed."""
    return value if value == "-" else str(output(value))
