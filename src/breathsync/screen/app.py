"""The window: starts Qt, shows one page after the other, and lets go of everything at the end."""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow, QWidget

from breathsync.devices.held_strap import HeldStrap
from breathsync.devices.streaming import TELL_THE_BREATH
from breathsync.errors import BreathSyncError
from breathsync.practice.safety import Participant
from breathsync.screen.around import Around
from breathsync.screen.awake import Awake
from breathsync.screen.beginning import Beginning, Starts
from breathsync.screen.bridge import SessionBridge
from breathsync.screen.ending import run_until_closed
from breathsync.screen.kept_pages import Kept
from breathsync.screen.pages import EndPage, StartPage
from breathsync.screen.practice_window import PracticePage
from breathsync.screen.practitioner.beside import Beside
from breathsync.screen.rhythm_page import RhythmPage
from breathsync.screen.strap_page import StrapPage
from breathsync.screen.theme import THEMES, palette, style_sheet
from breathsync.session.players import DemoPlayer, LivePlayer, Player, ReplayPlayer
from breathsync.session.replay import RecordingReader
from breathsync.session.simulation import SCENARIOS
from breathsync.session.sitting import Listener
from breathsync.session.strap_player import StrapPlayer
from breathsync.session.told import LETTER, REFLECTION
from breathsync.settings import Settings, keep
from breathsync.sound.speaker import Speaker
from breathsync.wording import text

_DEMO, _DEMO_SEED = "first-session", 1
_SIZE = QSize(1280, 800)  # or what the screen has room for


class Window(QMainWindow):
    """One page at a time: start, session, end."""

    def __init__(self, settings: Settings, *, returns_to_start: bool) -> None:
        super().__init__()
        self._settings = settings
        self._theme = THEMES[settings.theme]
        self._returns_to_start = returns_to_start
        self._bridge: SessionBridge | None = None
        self._beside = Beside(self, self._theme, wanted=settings.practitioner_window)
        self._around = Around(settings, self._theme, self._show_page, self._beside)
        starts = Starts(self.show_session, self._lead_with_strap, self.show_start, self._beside)
        self._beginning = Beginning(settings, self._show_page, starts)
        self._kept = Kept(settings, self._show_page, self.show_history)
        self._speaker: Speaker | None = None
        self._awake = Awake()
        self._before_strap: Callable[[], None] | None = None  # where to go back to from the look for one
        self._reviewed: tuple[Path, float] | None = None  # where to go back to after a replay
        self.problem: BaseException | None = None
        self.setWindowTitle(text("window.title"))
        QApplication.setPalette(palette(self._theme))
        self.setStyleSheet(style_sheet(self._theme))
        self.setMinimumSize(860, 600)
        self.resize(_SIZE.boundedTo(self.screen().availableSize()))  # or what there is room for

    def show_start(self, words: str = "") -> None:
        """Ready to start, with a word about what just happened if there is one."""
        page = StartPage()
        page.words.setText(words)
        page.practice_wished.connect(self._beginning.choose)
        page.demo_wished.connect(self._start_demo)
        page.open_wished.connect(self._ask_for_recording)
        page.review_wished.connect(self._ask_for_review)
        page.history_wished.connect(self.show_history)
        page.strap_wished.connect(lambda: self._connect_strap())
        self._show_page(page)

    def show_review(self, file: Path, moment: float = 0.0) -> None:
        """Look at a recording closely. RecordingError where it cannot be read."""
        from breathsync.screen.review.page import ReviewPage
        from breathsync.screen.review.reporting import ask_for_report

        page = ReviewPage(file, self._theme, self._settings)
        page.model.point(moment)
        page.replay_wished.connect(lambda start: self._replay_from(file, start))
        page.report_wished.connect(lambda: ask_for_report(page))
        page.left.connect(lambda: self._leave(""))
        self._reviewed = None
        self._show_page(page)

    def show_history(self) -> None:
        """Practice over weeks."""
        from breathsync.screen.history_page import HistoryPage

        page = HistoryPage(self._theme, self._settings)
        page.kept_wished.connect(lambda: self._kept.look())
        page.left.connect(lambda: self._leave(""))
        self._show_page(page)

    def show_session(self, player: Player, listeners: Sequence[Listener] = ()) -> None:
        """Ask the person what has to be asked, then run the session and show it."""
        self._around.before(player, lambda: self._begin(player, listeners), self._leave)

    def _begin(self, player: Player, listeners: Sequence[Listener]) -> None:
        bridge = self._bridge_to(player, listeners)
        self._show_practice(bridge)
        bridge.start()

    def _bridge_to(self, player: Player, listeners: Sequence[Listener] = ()) -> SessionBridge:
        """A session with its sound, where it is one that is lived."""
        if not isinstance(player, ReplayPlayer):
            self._speaker = Speaker(player.now)
            listeners = [self._speaker, *listeners]
        bridge = self._bridge = SessionBridge(player, listeners)
        bridge.ended.connect(self._session_ended)
        return bridge

    def show_strap(self, player: StrapPlayer) -> None:
        """Ask the person what has to be asked, then look for their strap; they begin when they wish."""
        self._around.before(player, lambda: self._look_for(player), self._leave)

    def _look_for(self, player: StrapPlayer) -> None:
        bridge = self._bridge_to(player)
        page = StrapPage(self._theme, bridge, player)
        bridge.begun.connect(lambda: self._show_practice(bridge))
        self._show_page(page)
        bridge.start()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing the window ends the session and keeps what was recorded."""
        self.let_go()
        super().closeEvent(event)

    def _close_down(self) -> None:
        """A page that has something running beside it ends that before it goes."""
        close_down = getattr(self.centralWidget(), "close_down", None)
        if close_down is not None:
            close_down()

    def let_go(self) -> None:
        """End the session, if there is one, and with it what the strap streams."""
        self._close_down()
        bridge, self._bridge = self._bridge, None
        if bridge is not None:
            bridge.ended.disconnect()
            bridge.stop()
        self._awake.end()
        self._beside.close()

    def _show_practice(self, bridge: SessionBridge) -> None:
        page = PracticePage(self._theme, self._settings, bridge)
        page.full_screen_wished.connect(self._toggle_full_screen)
        page.seek_wished.connect(self._seek)
        self._show_page(page)
        self._beside.follow(page, bridge)
        self._awake.begin()

    # --- what the pages wish for ---

    def _connect_strap(self) -> None:
        self._lead_with_strap(lambda strap: LivePlayer(strap, self._settings), Participant())

    def _lead_with_strap(
        self,
        session: Callable[[HeldStrap], LivePlayer],
        person: Participant,
        back: Callable[[], None] | None = None,
    ) -> None:
        from breathsync.session.straps import Straps  # the radio's library, only where one is asked for

        settings = self._settings
        around = Straps(settings, TELL_THE_BREATH)
        self._before_strap = back
        self.show_strap(StrapPlayer(around, settings, session, participant=person))

    def _start_demo(self) -> None:
        self.show_session(DemoPlayer(SCENARIOS[_DEMO], _DEMO_SEED, self._settings))

    def _ask_for_recording(self) -> None:
        if file := self._asked_for():
            self.open_recording(file)

    def _ask_for_review(self) -> None:
        if file := self._asked_for():
            try:
                self.show_review(file)
            except BreathSyncError as problem:
                self.show_start(str(problem))

    def _asked_for(self) -> Path | None:
        folder = str(self._settings.recordings_folder)
        words = text("window.open_dialog"), folder, text("window.recordings")
        name, _ = QFileDialog.getOpenFileName(self, *words)
        return Path(name) if name else None

    def _seek(self, moment: float) -> None:
        """The same replay from another moment on: what lies before is computed anew, at full speed."""
        bridge = self._bridge
        if bridge is not None and bridge.replay is not None:
            bridge.ended.disconnect()
            bridge.stop()
            self.show_session(bridge.replay.at(moment))

    def _replay_from(self, file: Path, start: float) -> None:
        self._reviewed = file, start
        self.show_session(ReplayPlayer(RecordingReader(file), self._settings, start=start))

    def open_recording(self, file: Path) -> None:
        """Replay a recording; say so on the start page where it cannot be read."""
        try:
            self.show_session(ReplayPlayer(RecordingReader(file), self._settings))
        except BreathSyncError as problem:
            self.show_start(str(problem))

    def _session_ended(self) -> None:
        bridge, self._bridge = self._bridge, None
        if self._speaker is not None:
            self._speaker.close()
        self._awake.end()
        self._beside.finish()
        if bridge is None:
            return
        self.problem = bridge.problem
        if self._reviewed is not None:
            self.show_review(*self._reviewed)
            return
        if isinstance(self.centralWidget(), StrapPage):  # no session had begun
            self._leave_strap(str(bridge.problem or ""))
        elif bridge.model.rhythm.searched:
            self._show_rhythm(bridge)
        else:
            self._end(bridge)

    def _show_rhythm(self, bridge: SessionBridge) -> None:
        page = RhythmPage(self._theme, bridge.model.rhythm.found, bridge.model.rhythm.choice)
        page.taken.connect(lambda pace: keep("target_per_min", pace))
        page.left.connect(lambda: self._end(bridge))
        self._show_page(page)

    def _end(self, bridge: SessionBridge) -> None:
        problem, file = str(bridge.problem or ""), bridge.player.recording

        def end(said: str = "") -> None:
            self._around.after(bridge.player, lambda: self._show_end(file, problem, said))

        if bridge.guided and bridge.model.step_kind == "write" and file is not None and file.exists():
            self._around.write(LETTER, file, end)
        else:
            end()

    def _show_end(self, recording: Path | None, problem: str, said: str = "") -> None:
        file = recording if recording is not None and recording.exists() else None
        page = EndPage(recording=file, problem=problem, said=said)
        page.kept.connect(lambda: self._leave(text("terminal.kept", file=file) if file else ""))
        if file is not None:
            page.discarded.connect(lambda: self._discard(file))
            page.reflection_wished.connect(lambda: self._reflect(file, problem))
        self._show_page(page)

    def _reflect(self, file: Path, problem: str) -> None:
        self._around.write(REFLECTION, file, lambda said: self._show_end(file, problem, said))

    def _discard(self, file: Path) -> None:
        file.unlink(missing_ok=True)
        self._leave(text("terminal.discarded"))

    def _leave(self, words: str = "") -> None:
        self._beside.close()
        if self._returns_to_start:
            self.show_start(words)
        else:
            self.close()

    def _leave_strap(self, problem: str) -> None:
        if self._before_strap is None or problem:
            self._leave(problem)
        else:
            self._beside.close()
            self._before_strap()

    def _show_page(self, page: QWidget) -> None:
        self._close_down()
        self.setCentralWidget(page)
        page.show()  # what is not seen yet is not given the keys
        page.setFocus()

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)


def start(settings: Settings) -> int:
    """Open the window, ready to start."""
    app = _application()
    window = Window(settings, returns_to_start=True)
    window.show_start()
    window.show()
    return _until_closed(app, window)


def review(file: Path, settings: Settings) -> int:
    """Open the window on a recording, to look at it closely."""
    return _run(settings, lambda window: window.show_review(file))


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
