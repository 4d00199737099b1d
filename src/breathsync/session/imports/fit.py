"""Garmin's FIT files: the `hrv` messages, which hold the RR intervals that a watch was told to keep."""

from pathlib import Path

from breathsync.errors import InputFileError
from breathsync.session.imports.table import Table

_NONE_S = 65.0  # the largest number stands for "none"


def is_fit(file: Path) -> bool:
    """Whether a file's header says FIT."""
    try:
        with file.open("rb") as handle:
            return handle.read(12)[8:12] == b".FIT"
    except OSError:
        return False


def as_table(file: Path) -> Table:
    """The intervals as a table of one column in s; a row's number is its interval's."""
    try:
        import fitdecode  # an extra, and only needed here
    except ImportError:
        raise InputFileError("needs_extra", file=file, what="FIT", extra="fit") from None
    found: list[float] = []
    try:
        with fitdecode.FitReader(str(file)) as reader:
            for frame in reader:
                if isinstance(frame, fitdecode.FitDataMessage) and frame.name == "hrv":
                    found += _intervals(frame.get_value("time"))
    except Exception as problem:  # whatever a foreign file does to the library
        raise InputFileError("not_fit", file=file, problem=problem) from None
    if not found:
        raise InputFileError("fit_without_rr", file=file)
    return Table(file, ("rr_s",), tuple((n, (repr(rr),)) for n, rr in enumerate(found, 1)))


def _intervals(value: object) -> list[float]:
    values = value if isinstance(value, (tuple, list)) else [value]
    return [float(v) for v in values if isinstance(v, (int, float)) and 0 < v < _NONE_S]
