"""The pages around a session: where it starts, and where it ends."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from breathsync.screen.cards import quiet_label
from breathsync.screen.controls import QuietButton
from breathsync.screen.theme import font
from breathsync.wording import text


class Page(QWidget):
    """Words in the middle of a calm ground."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        outer = QHBoxLayout(self)
        self.column = QVBoxLayout()
        self.column.setSpacing(14)
        outer.addStretch(1)
        outer.addLayout(self.column, 2)
        outer.addStretch(1)

    def add_button(self, words: str, more: str = "") -> QuietButton:
        """A large button, with a quiet line in it where there is more to say."""
        button = QuietButton(f"{words}\n{more}" if more else words)
        button.setObjectName("large")
        button.setFont(font(16))
        button.setAccessibleName(words)
        self.column.addWidget(button)
        return button


class StartPage(Page):
    """Ready to start."""

    strap_wished = Signal()
    demo_wished = Signal()
    open_wished = Signal()

    def __init__(self) -> None:
        super().__init__()
        heading = QLabel(text("window.start_heading"))
        heading.setFont(font(34, QFont.Weight.DemiBold))
        self.column.addStretch(3)
        self.column.addWidget(heading)
        self.column.addWidget(quiet_label(text("window.start_words"), 17))
        self.column.addSpacing(24)
        strap = self.add_button(text("window.strap"), text("window.strap_more"))
        strap.clicked.connect(self.strap_wished)
        demo = self.add_button(text("window.demo"), text("window.demo_more"))
        demo.clicked.connect(self.demo_wished)
        self.add_button(text("window.open"), text("window.open_more")).clicked.connect(self.open_wished)
        self.words = QLabel()
        self.words.setObjectName("cue")
        self.words.setWordWrap(True)
        self.words.setFont(font(14))
        self.column.addWidget(self.words)
        self.column.addStretch(4)
        self.column.addWidget(quiet_label(text("disclaimer.short"), 13))
        strap.setFocus()


class EndPage(Page):
    """A session is over: keep its recording, or discard it. What ended it early is said first."""

    kept = Signal()
    discarded = Signal()

    def __init__(self, *, recorded: bool, problem: str = "") -> None:
        super().__init__()
        heading = QLabel(problem or text("window.finished"))
        heading.setFont(font(24))
        heading.setWordWrap(True)
        self.column.addStretch(3)
        self.column.addWidget(heading)
        self.column.addSpacing(20)
        keep = self.add_button(text("window.keep" if recorded else "window.close"))
        keep.clicked.connect(self.kept)
        if recorded:
            self.add_button(text("window.discard")).clicked.connect(self.discarded)
        self.column.addStretch(4)
        keep.setFocus()
