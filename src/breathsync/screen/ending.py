"""Lets the window run until it is closed: by its button, by Ctrl-C, or by being told to end."""

import signal
import sys
from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from breathsync.errors import FaultError

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
_LISTEN_MS = 200  # Python hears a signal only between its own lines, and a resting window runs none
_ENDED_EARLY = 130


def run_until_closed(app: QApplication, close: Callable[[], object]) -> int:
    """Run Qt until the window is closed; `close` saves everything. 130 where a signal closed it."""
    told: list[int] = []

    def end(number: int, _frame: object) -> None:
        told.append(number)
        close()

    listening = QTimer()
    listening.timeout.connect(lambda: None)
    listening.start(_LISTEN_MS)
    numbers = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
    before = {number: signal.signal(number, end) for number in numbers}
    hook, sys.excepthook = sys.excepthook, _say_fault  # Qt hands it what fails in what it calls
    try:
        code = app.exec()
    finally:
        sys.excepthook = hook
        for number, handler in before.items():
            signal.signal(number, handler)
    return _ENDED_EARLY if told else code


def _say_fault(_kind: type[BaseException], fault: BaseException, _traceback: object) -> None:
    if isinstance(fault, Exception):
        sys.stderr.write(f"breathsync: {FaultError.of(fault)}\n")
