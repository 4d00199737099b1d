"""Derives a recording in a process of its own, so that the window stays quick meanwhile."""

import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, Signal

from breathsync.session import derived_store
from breathsync.session.derived import Derived
from breathsync.settings import cache_folder

_PROGRAM = "breathsync.session.derived_store"


class Deriving(QObject):
    """One recording being derived; `ready` fires with its tables, `not_possible` where that cannot be."""

    ready = Signal(object)
    not_possible = Signal()

    def __init__(self, recording: Path, profiles_folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._recording, self._profiles = recording, profiles_folder
        self._aside: tempfile.TemporaryDirectory[str] | None = None
        self._process = QProcess(self)
        self._process.finished.connect(self._finished)
        self._process.errorOccurred.connect(self._error)
        self._out = derived_store.entry(recording, cache_folder(), profiles_folder)

    def kept(self) -> Derived | None:
        """What was derived before, if it was."""
        return derived_store.load(self._out)

    def start(self) -> None:
        """Begin; what comes of it is kept for the next time where there is room."""
        try:
            self._out.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError:
            self._aside = tempfile.TemporaryDirectory(prefix="breathsync-")
            self._out = Path(self._aside.name) / self._out.name
        files = [str(f.resolve()) for f in (self._recording, self._out, self._profiles)]
        self._process.start(sys.executable, ["-m", _PROGRAM, *files])

    def stop(self) -> None:
        """Nobody waits for it any more."""
        self._process.blockSignals(True)
        if self._process.state() is not QProcess.ProcessState.NotRunning:
            self._process.kill()
            self._process.waitForFinished(2000)

    def wait(self, milliseconds: int = 60_000) -> bool:
        """Wait until it is done: for pictures and tests."""
        return self._process.state() is QProcess.ProcessState.NotRunning or self._process.waitForFinished(
            milliseconds
        )

    def _finished(self) -> None:
        derived = derived_store.load(self._out)
        if self._aside is not None:
            self._aside.cleanup()
        if derived is None:
            self.not_possible.emit()
        else:
            self.ready.emit(derived)

    def _error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self.not_possible.emit()
