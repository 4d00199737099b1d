"""What can go wrong, said so that a person knows what to do.

    BreathSyncError             a plain sentence or two; the command line ends with exit code 2
    ├─ UsageError               an argument that cannot be used
    ├─ InputFileError           a file that cannot be read, or is not what it was taken for
    │  └─ RecordingError        the same of a recording
    ├─ OutputFileError          a file that cannot be written
    ├─ WordsError               sealed words that do not open, or cannot be sealed
    ├─ ProfileError             a strap profile that is not valid
    ├─ BluetoothError           what keeps this machine from hearing straps, and what to do about it
    └─ FaultError               a mistake of BreathSync's own; the command line ends with exit code 1

Bad data from a strap is never an error: it is a value that says so. An error is for a broken promise.
The words stand in the wording under `errors.<code>`.
"""

from pathlib import Path
from traceback import extract_tb

from breathsync import wording


class BreathSyncError(Exception):
    """Says what is wrong and what to do."""

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        self.values = values
        super().__init__(code)

    def __str__(self) -> str:
        return wording.text(f"errors.{self.code}", **self.values)


class UsageError(BreathSyncError):
    """An argument that cannot be used."""


class InputFileError(BreathSyncError):
    """A file that cannot be read, or is not what it was taken for."""


class RecordingError(InputFileError):
    """A recording that cannot be read."""


class OutputFileError(BreathSyncError):
    """A file that cannot be written."""


class WordsError(BreathSyncError):
    """Sealed words that do not open, or cannot be sealed."""


class ProfileError(BreathSyncError):
    """A strap profile that is not valid."""


class BluetoothError(BreathSyncError):
    """What keeps this machine from hearing straps."""


class FaultError(BreathSyncError):
    """A mistake of BreathSync's own: what kind, and where in the code, without any word or value."""

    @classmethod
    def of(cls, fault: Exception) -> "FaultError":
        """Say in a sentence what a traceback would say in many."""
        package = Path(__file__).parent
        frames = [
            frame for frame in extract_tb(fault.__traceback__) if package in Path(frame.filename).parents
        ]
        place = (
            f"{Path(frames[-1].filename).relative_to(package).as_posix()}:{frames[-1].lineno}"
            if frames
            else "?"
        )
        return cls("fault", kind=type(fault).__name__, place=place)
