"""What is kept, and how it goes for good: recordings of this machine, and everything of one code name."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from breathsync.errors import BreathSyncError
from breathsync.screen.page import LeavablePage
from breathsync.session import keeping, library
from breathsync.session.recording import Header
from breathsync.session.replay import header_in
from breathsync.settings import Settings
from breathsync.wording import date_words, text


class KeptPage(LeavablePage):
    """Every recording, newest first, and every code name."""

    delete_wished = Signal(Path)
    forget_wished = Signal(str)

    def __init__(self, folder: Path, said: str = "") -> None:
        super().__init__()
        self.column.addSpacing(24)
        self.add_heading(text("kept.heading"))
        kept = [(file, header_in(file)) for file in library.kept(folder)]
        self.add_words(text("kept.words") if kept else text("info.nothing_kept"), quiet=True)
        self.add_words(said, 16).setObjectName("cue")
        back = self.add_button(text("guidance.back"))
        back.clicked.connect(self.left)
        for name in sorted({header.code_name for _, header in kept if header and header.code_name}):
            button = self.add_button(text("kept.everything", name=name), text("kept.everything_more"))
            button.clicked.connect(lambda _=False, name=name: self.forget_wished.emit(name))
        for file, header in kept:
            button = self.add_button(_when(header), _more(file, header))
            button.clicked.connect(lambda _=False, file=file: self.delete_wished.emit(file))
        self.column.addStretch(1)
        self.begin_at(back)


class SurePage(LeavablePage):
    """Asks before something goes that cannot be brought back. What keeps it has the keys."""

    sure = Signal()

    def __init__(self, question: str, more: str) -> None:
        super().__init__()
        self.column.addStretch(3)
        self.add_heading(question)
        self.add_words(more)
        self.column.addSpacing(12)
        keep = self.add_button(text("kept.keep"))
        keep.clicked.connect(self.left)
        self.add_button(text("kept.delete")).clicked.connect(self.sure)
        self.column.addStretch(4)
        self.begin_at(keep)


class Kept:
    """Leads from the list to the question and back; `show` puts a page into the window."""

    def __init__(
        self, settings: Settings, show: Callable[[QWidget], None], leave: Callable[[], None]
    ) -> None:
        self._folder, self._show, self._leave = settings.recordings_folder, show, leave

    def look(self, said: str = "") -> None:
        """What is kept, with a word about what just happened if there is one."""
        page = KeptPage(self._folder, said)
        page.delete_wished.connect(self._ask_about_one)
        page.forget_wished.connect(self._ask_about_all)
        page.left.connect(self._leave)
        self._show(page)

    def _ask_about_one(self, file: Path) -> None:
        more = text("kept.sure_more", file=file.name)
        self._ask(text("kept.sure"), more, lambda: keeping.delete(file))

    def _ask_about_all(self, name: str) -> None:
        question, more = text("kept.sure_all", name=name), text("kept.sure_all_more")
        self._ask(question, more, lambda: keeping.forget(name, self._folder))

    def _ask(self, question: str, more: str, remove: Callable[[], keeping.Removed]) -> None:
        page = SurePage(question, more)
        page.sure.connect(lambda: self.look(_removed(remove)))
        page.left.connect(self.look)
        self._show(page)


def _removed(remove: Callable[[], keeping.Removed]) -> str:
    try:
        removed = remove()
    except BreathSyncError as problem:
        return str(problem)
    return " ".join(text("cli.sessions.removed", file=name) for name in removed.recordings)


def _when(header: Header | None) -> str:
    if header is None:
        return text("kept.unreadable")
    try:
        moment = datetime.fromisoformat(header.started_at or "")
    except ValueError:
        return text("kept.no_date")
    return f"{date_words(moment.date())}, {moment:%H:%M}"


def _more(file: Path, header: Header | None) -> str:
    name = header.code_name if header else None
    simulated = text("report.simulated") if header and header.simulated else None
    return " · ".join(part for part in (name, simulated, file.name) if part)
