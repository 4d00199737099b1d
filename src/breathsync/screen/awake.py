"""Keeps the computer from sleeping and the screen from going dark while a session runs."""

import contextlib
import threading


class Awake:
    """From `begin` to `end` the screen stays on, where the system lets us ask for it."""

    def __init__(self) -> None:
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Ask the system, beside the window: it may take its time to answer."""
        self._over.clear()
        self._thread = threading.Thread(target=self._keep, name="awake", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """The system may sleep again."""
        self._over.set()

    def _keep(self) -> None:
        from wakepy import keep  # half a tenth of a second that the first frame need not wait for

        with (
            contextlib.suppress(Exception),
            keep.presenting(on_fail="pass"),
        ):  # a courtesy, never a condition
            self._over.wait()
