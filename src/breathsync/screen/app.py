"""The window: starts Qt, shows one page after the other, and lets go of everything at the end."""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow, QWidget

from breathsync.errors import BreathSyncError
from breathsync.screen.awake import Awake
from breathsync.screen.bridge import SessionBridge
from breathsync.screen.ending import run_until_closed
from breathsync.screen.pages import EndPage, StartPage
from breathsync.screen.practice_window import PracticePage
from breathsync.screen.strap_page import StrapPage
from breathsync.screen.theme import THEMES, style_sheet
from breathsync.session.players import DemoPlayer, LivePlayer, Player, ReplayPlayer
from breathsync.session.replay import RecordingReader
from breathsync.session.simulation import SCENARIOS
from breathsync.session.sitting import Listener
from breathsync.session.strap_player import StrapPlayer
from breathsync.settings import Settings
from breathsync.wording import text

_DEMO, _DEMO_SEED = "first-session", 1
_SIZE = QSize(1280, 800)


class Window(QMainWindow):
    """One page at a time: start, session, end."""

    def __init__(self, settings: Settings, *, returns_to_start: bool) -> None:
        super().__init__()
        self._settings = settings
        self._theme = THEMES[settings.theme]
        self._returns_to_start = returns_to_start
        self._bridge: SessionBridge | None = None
        self._awake = Awake()
        self.problem: BaseException | None = None
        self.setWindowTitle(text("window.title"))
        self.setStyleSheet(style_sheet(self._theme))
        self.setMinimumSize(860, 600)
        self.resize(_fitting(self.screen().availableSize()))

    def show_start(self, words: str = "") -> None:
        """Ready to start, with a word about what just happened if there is one."""
        page = StartPage()
        page.words.setText(words)
        page.demo_wished.connect(self._start_demo)
        page.open_wished.connect(self._ask_for_recording)
        page.strap_wished.connect(self._connect_strap)
        self._show_page(page)

    def show_session(self, player: Player, listeners: Sequence[Listener] = ()) -> None:
        """Run a session and show it."""
        self._bridge = SessionBridge(player, listeners)
        self._bridge.ended.connect(self._session_ended)
        self._show_practice(self._bridge)
        self._bridge.start()

    def show_strap(self, player: StrapPlayer) -> None:
        """Look for the person's strap and show it; the session begins when they wish."""
        bridge = self._bridge = SessionBridge(player)
        bridge.ended.connect(self._session_ended)
        page = StrapPage(self._theme, bridge, player)
        bridge.begun.connect(lambda: self._show_practice(bridge))
        self._show_page(page)
        bridge.start()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing the window ends the session and keeps what was recorded."""
        self.let_go()
        super().closeEvent(event)

    def let_go(self) -> None:
        """End the session, if there is one, and with it what the strap streams."""
        bridge, self._bridge = self._bridge, None
        if bridge is not None:
            bridge.ended.disconnect()
            bridge.stop()
        self._awake.end()

    def _show_practice(self, bridge: SessionBridge) -> None:
        page = PracticePage(self._theme, self._settings, bridge)
        page.full_screen_wished.connect(self._toggle_full_screen)
        self._show_page(page)
        self._awake.begin()

    # --- what the pages wish for ---

    def _connect_strap(self) -> None:
        from breathsync.session.straps import Straps  # the radio's library, only where one is asked for

        settings = self._settings
        self.show_strap(StrapPlayer(Straps(settings), settings, lambda strap: LivePlayer(strap, settings)))

    def _start_demo(self) -> None:
        self.show_session(DemoPlayer(SCENARIOS[_DEMO], _DEMO_SEED, self._settings))

    def _ask_for_recording(self) -> None:
        folder = str(self._settings.recordings_folder)
        words = text("window.open_dialog"), folder, text("window.recordings")
        name, _ = QFileDialog.getOpenFileName(self, *words)
        if name:
            self.open_recording(Path(name))

    def open_recording(self, file: Path) -> None:
        """Replay a recording; say so on the start page where it cannot be read."""
        try:
            self.show_session(ReplayPlayer(RecordingReader(file), self._settings))
        except BreathSyncError as problem:
            self.show_start(str(problem))

    def _session_ended(self) -> None:
        bridge, self._bridge = self._bridge, None
        self._awake.end()
        if bridge is None:
            return
        self.problem = bridge.problem
        file = bridge.player.recording
        if isinstance(self.centralWidget(), StrapPage):  # no session had begun
            self._leave(str(bridge.problem or ""))
            return
        recorded = file is not None and file.exists()
        page = EndPage(recorded=recorded, problem=str(bridge.problem or ""))
        page.kept.connect(lambda: self._leave(text("terminal.kept", file=file) if recorded else ""))
        page.discarded.connect(lambda: self._discard(file))
        self._show_page(page)

    def _discard(self, file: Path | None) -> None:
        if file is not None:
            file.unlink(missing_ok=True)
        self._leave(text("terminal.discarded"))

    def _leave(self, words: str) -> None:
        if self._returns_to_start:
            self.show_start(words)
        else:
            self.close()

    def _show_page(self, page: QWidget) -> None:
        self.setCentralWidget(page)
        page.setFocus()

    def _toggle_full_screen(self) -> None:
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()


def start(settings: Settings) -> int:
    """Open the window, ready to start."""
    app = _application()
    window = Window(settings, returns_to_start=True)
    window.show_start()
    window.show()
    return _until_closed(app, window)


def show(player: Player, settings: Settings, listeners: Sequence[Listener]) -> int:
    """Open the window on a session."""
    return _run(settings, lambda window: window.show_session(player, listeners))


def show_strap(player: StrapPlayer, settings: Settings) -> int:
    """Open the window on the strap that is looked for, and on the session with it."""
    return _run(settings, lambda window: window.show_strap(player))


def _run(settings: Settings, show_first: Callable[[Window], None]) -> int:
    app = _application()
    window = Window(settings, returns_to_start=False)
    show_first(window)
    window.show()
    code = _until_closed(app, window)
    if window.problem is not None:
        raise window.problem
    return code


def _until_closed(app: QApplication, window: Window) -> int:
    """Let the window live; however it ends, the session is ended and the strap let go."""
    try:
        return run_until_closed(app, window.close)
    finally:
        window.let_go()


def _application() -> QApplication:
    # Qt would share every filled shape out among threads: to wake them costs more than to fill it.
    os.environ.setdefault("QT_NO_GUI_THREADPOOL", "1")
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName(text("app.name"))
    app.setStyle("Fusion")
    return app


def _fitting(room: QSize) -> QSize:
    """The window's usual size, or what the screen has room for."""
    return _SIZE.boundedTo(room)
