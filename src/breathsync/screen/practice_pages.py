"""The pages before a practice: which one, how to begin, and a card to tap one's own rhythm on."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout

from breathsync.clock import SessionClock
from breathsync.errors import BreathSyncError
from breathsync.practice.own_rhythm import TappedRhythm
from breathsync.practice.practice_file import Practice, at_hand, named
from breathsync.screen.page import LargeButton, LeavablePage, Page
from breathsync.wording import number, text, text_or_own


class PracticesPage(LeavablePage):
    """The practices at hand; a person's own come first. One that cannot be read says so when pressed."""

    chosen = Signal(str)

    def __init__(self, folder: Path) -> None:
        super().__init__(column_share=30)
        self.column.addSpacing(24)
        self.add_heading(text("guidance.practices"))
        self.words = self.add_words("", 16)
        self.words.setObjectName("cue")
        self._grid = QGridLayout()
        self._grid.setSpacing(14)
        self.buttons = [self._button(name, folder) for name, _ in at_hand(folder)]
        back = LargeButton(text("guidance.back"))
        back.clicked.connect(self.left)
        self.buttons.append(back)
        self._columns = 0
        self._arrange()
        self.column.addLayout(self._grid)
        self.column.addWidget(back)  # a row of its own: it is no practice
        self.column.addStretch(1)
        self.begin_at(self.buttons[0])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two columns, or one where they have no room."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        widest = max(button.sizeHint().width() for button in self.buttons)
        columns = 2 if 2 * widest + 14 <= self.width() * 0.94 - 20 else 1
        self._grid.invalidate()
        if columns != self._columns:
            self._columns = columns
            self._grid.setColumnStretch(1, columns - 1)
            self._grid.setColumnStretch(0, 1)
            for index, button in enumerate(self.buttons[:-1]):
                self._grid.addWidget(button, index // columns, index % columns)

    def _button(self, name: str, folder: Path) -> LargeButton:
        try:
            practice = named(name, folder)
        except BreathSyncError as problem:
            said = str(problem)
            button = LargeButton(name)
            button.clicked.connect(lambda: self.words.setText(said))
            return button
        minutes = text("practices.minutes", length=number(practice.length_s / 60))
        button = LargeButton(f"{text_or_own(practice.name)} · {minutes}", text_or_own(practice.about))
        button.clicked.connect(lambda: self.chosen.emit(name))
        return button


class BeforePage(LeavablePage):
    """What is said before every practice, and how it begins."""

    strap_wished = Signal()
    no_strap_wished = Signal()
    simulated_wished = Signal()
    tap_wished = Signal()

    def __init__(self, practice: Practice, own_per_min: float | None = None) -> None:
        super().__init__()
        self.column.addStretch(3)
        self.add_heading(text_or_own(practice.name))
        self.add_words(text_or_own(practice.about), quiet=True)
        self.column.addSpacing(12)
        self.add_words(text("practice.gently"), 20)
        if practice.has_guide:
            self.add_words(_own_words(own_per_min), quiet=True)
        self.column.addSpacing(12)
        begin = self.add_button(text("guidance.begin_strap"))
        begin.clicked.connect(self.strap_wished)
        self.add_button(text("guidance.begin_no_strap")).clicked.connect(self.no_strap_wished)
        self.add_button(text("guidance.begin_simulated")).clicked.connect(self.simulated_wished)
        if practice.has_guide:
            self.add_button(text("guidance.tap")).clicked.connect(self.tap_wished)
        self.add_button(text("guidance.back")).clicked.connect(self.left)
        self.beside = self.add_choice(text("practitioner.open"))
        self.column.addSpacing(12)
        self.add_words(text("guidance.keys"), 16, quiet=True)
        self.column.addStretch(4)
        self.add_words(text("disclaimer.short"), 16, quiet=True)
        self.begin_at(begin)


class TapPage(Page):
    """Any key, or a tap, on each in-breath. `found` carries breaths a minute."""

    found = Signal(float)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._clock = SessionClock()
        self._rhythm = TappedRhythm()
        self.column.addStretch(3)
        self.add_heading(text("guidance.tap_heading"))
        self.add_words(text("guidance.tap_words"), 20)
        self._said = self.add_words(" ", 20)
        self._said.setObjectName("cue")
        self.column.addSpacing(12)
        self._use = self.add_button(text("guidance.tap_use"))
        self._use.clicked.connect(self._done)
        self._use.setEnabled(False)
        back = self.add_button(text("guidance.back"))
        back.clicked.connect(self.left)
        for button in (self._use, back):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.column.addStretch(4)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def tap(self, time: float) -> None:
        """An in-breath begins at this moment of a clock that only goes forward."""
        self._rhythm.tap(time)
        rate = self._rhythm.per_min
        if rate is None:
            self._said.setText(
                "● " * self._rhythm.taps + text("guidance.tap_more", count=self._rhythm.still_needed)
            )
        else:
            self._said.setText(text("guidance.tap_found", rate=number(rate, 1)))
        self._use.setEnabled(rate is not None)

    def _done(self) -> None:
        if self._rhythm.per_min is not None:
            self.found.emit(self._rhythm.per_min)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Every key taps, but Esc, Enter and Tab."""
        if event.isAutoRepeat():
            return
        match event.key():
            case Qt.Key.Key_Escape:
                self.left.emit()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._done()
            case Qt.Key.Key_Tab | Qt.Key.Key_Backtab:
                super().keyPressEvent(event)
            case _:
                self.tap(self._clock.now())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click or a tap on the page."""
        self.tap(self._clock.now())
        event.accept()


def _own_words(own_per_min: float | None) -> str:
    if own_per_min is None:
        return text("guidance.own_unknown")
    return text("guidance.own_is", rate=number(own_per_min, 1))
