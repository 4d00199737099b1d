"""The window: starts Qt, shows one page after the other, and lets go of everything at the end."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow, QWidget

from breathsync.errors import BreathSyncError
from breathsync.screen.around import Around
from breathsync.screen.awake import Awake
from breathsync.screen.bridge import SessionBridge
from breathsync.screen.ending import run_until_closed
from breathsync.screen.pages import EndPage, StartPage
from breathsync.screen.practice_window import PracticePage
from breathsync.screen.theme import THEMES, palette, style_sheet
from breathsync.session.players import DemoPlayer, Player, ReplayPlayer
from breathsync.session.replay import RecordingReader
from breathsync.session.simulation import SCENARIOS
from breathsync.session.sitting import Listener
from breathsync.session.told import REFLECTION
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
        self._around = Around(settings, self._theme, self._show_page)
        self._awake = Awake()
        self.problem: BaseException | None = None
        self.setWindowTitle(text("window.title"))
        QApplication.setPalette(palette(self._theme))
        self.setStyleSheet(style_sheet(self._theme))
        self.setMinimumSize(860, 600)
        self.resize(_fitting(self.screen().availableSize()))

    def show_start(self, words: str = "") -> None:
        """Ready to start, with a word about what just happened if there is one."""
        page = StartPage()
        page.words.setText(words)
        page.demo_wished.connect(self._start_demo)
        page.open_wished.connect(self._ask_for_recording)
        self._show_page(page)

    def show_session(self, player: Player, listeners: Sequence[Listener] = ()) -> None:
        """Ask the person what has to be asked, then run the session and show it."""
        self._around.before(player, lambda: self._begin(player, listeners), self._leave)

    def _begin(self, player: Player, listeners: Sequence[Listener]) -> None:
        self._bridge = SessionBridge(player, listeners)
        self._bridge.ended.connect(self._session_ended)
        page = PracticePage(self._theme, self._settings, self._bridge)
        page.full_screen_wished.connect(self._toggle_full_screen)
        self._show_page(page)
        self._awake.begin()
        self._bridge.start()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing the window ends the session and keeps what was recorded."""
        if self._bridge is not None:
            self._bridge.ended.disconnect()
            self._bridge.stop()
        self._awake.end()
        super().closeEvent(event)

    # --- what the pages wish for ---

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
        problem = str(bridge.problem or "")
        self._around.after(bridge.player, lambda: self._show_end(bridge.player.recording, problem))

    def _show_end(self, recording: Path | None, problem: str, said: str = "") -> None:
        file = recording if recording is not None and recording.exists() else None
        page = EndPage(recording=file, problem=problem, said=said)
        page.kept.connect(lambda: self._leave(text("terminal.kept", file=file) if file else ""))
        if file is not None:
            page.discarded.connect(lambda: self._discard(file))
            page.reflection_wished.connect(
                lambda: self._around.write(
                    REFLECTION, file, lambda said: self._show_end(file, problem, said)
                )
            )
        self._show_page(page)

    def _reflect(self, file: Path, problem: str) -> None:
        self._around.write(REFLECTION, file, lambda said: self._show_end(file, problem, said))

    def _discard(self, file: Path) -> None:
        file.unlink(missing_ok=True)
        self._leave(text("terminal.discarded"))

    def _leave(self, words: str = "") -> None:
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
    return run_until_closed(app, window.close)


def show(player: Player, settings: Settings, listeners: Sequence[Listener]) -> int:
    """Open the window on a session."""
    app = _application()
    window = Window(settings, returns_to_start=False)
    window.show_session(player, listeners)
    window.show()
    code = run_until_closed(app, window.close)
    if window.problem is not None:
        raise window.problem
    return code


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
