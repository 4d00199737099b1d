"""Opens the practitioner's window beside the client's, lets it follow sessions, and closes it with them.

The window itself is read only when it is opened: nobody else waits for it.
"""

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from breathsync.screen.bridge import SessionBridge
from breathsync.screen.practice_window import PracticePage
from breathsync.screen.theme import Theme

if TYPE_CHECKING:
    from breathsync.screen.practitioner.window import PractitionerWindow

_WIDTH, _HEIGHT = 1280, 800


class Beside:
    """`wanted`: whether a session opens with it."""

    def __init__(self, client: QWidget, theme: Theme, *, wanted: bool) -> None:
        self.wanted = wanted
        self.may_see = True
        self.window: PractitionerWindow | None = None
        self._client, self._theme = client, theme
        self._page: PracticePage | None = None
        self._bridge: SessionBridge | None = None

    def want(self, wanted: bool) -> None:
        """Let sessions open with it, or not."""
        self.wanted = wanted

    def follow(self, page: PracticePage, bridge: SessionBridge) -> None:
        """A session is shown on this page of the client's window."""
        open_before = self.window is not None
        if self.window is not None and self.window.may_see is not self.may_see:
            self.close()  # another person, who said something else
        self._page, self._bridge = page, bridge
        page.beside_wished.connect(self.toggle)
        if self.window is not None:
            self.window.follow(bridge)
            page.accompany(accompanied=True)
        elif self.wanted or open_before:
            self._open(page, bridge)

    def toggle(self) -> None:
        """Open it, or close it; the session goes on."""
        if self.window is not None:
            self.close()
        elif self._page is not None and self._bridge is not None:
            self._open(self._page, self._bridge)

    def finish(self) -> None:
        """The session is over; what was last shown stays until its end page is left."""
        self._page = self._bridge = None
        if self.window is not None:
            self.window.finish()

    def close(self) -> None:
        """Close it, if it is open."""
        if self.window is not None:
            self.window.close()

    def _open(self, page: PracticePage, bridge: SessionBridge) -> None:
        from breathsync.screen.practitioner.window import PractitionerWindow

        self.window = PractitionerWindow(self._theme, bridge, may_see=self.may_see)
        self.window.closed.connect(self._closed)
        self._place(self.window)
        self.window.show()
        page.accompany(accompanied=True)

    def _place(self, window: QWidget) -> None:
        """On a screen of its own where there is one; else where the system puts it."""
        here = self._client.screen()
        other = next((screen for screen in QGuiApplication.screens() if screen is not here), None)
        room = (other or here).availableGeometry()
        window.resize(min(_WIDTH, room.width()), min(_HEIGHT, room.height()))
        if other is not None:
            window.setGeometry(room)

    def _closed(self) -> None:
        window, self.window = self.window, None
        if window is not None:
            window.deleteLater()
        if self._page is not None:
            self._page.accompany(accompanied=False)
