"""A page of words in the middle of a calm ground, and the plain pieces that pages are made of."""

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from breathsync.screen.theme import rescale, scale_of, set_font

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def quiet_label(words: str, pixels: int) -> QLabel:
    """Words in the quiet colour, wrapped where they need to be."""
    label = QLabel(words)
    label.setObjectName("quiet")
    set_font(label, pixels)
    label.setWordWrap(True)
    return label


class QuietButton(QPushButton):
    """A button for mouse and Enter; Space belongs to natural breathing and goes on to the window."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses; every other key goes on."""
        if event.key() in _ENTER:
            self.click()
        else:
            event.ignore()


class LargeButton(QPushButton):
    """A button of a page: mouse, Space and Enter press it."""

    def __init__(self, words: str, more: str = "") -> None:
        super().__init__()
        self._words = words
        self.setObjectName("large")
        self.setAccessibleName(words)
        self.say_more(more)
        set_font(self, 17)

    def say_more(self, more: str) -> None:
        """What stands below its words."""
        self.setText(f"{self._words}\n{more}" if more else self._words)
        self.setAccessibleDescription(more)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses as Space does."""
        if event.key() in _ENTER:
            self.click()
        else:
            super().keyPressEvent(event)


class Choice(QCheckBox):
    """Something to tick with the mouse or Space: a box, its tick and words, in the page's colours."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        set_font(self, 16)

    def sizeHint(self) -> QSize:
        """Room for the box, the words and the frame around both."""
        metrics = self.fontMetrics()
        return QSize(
            metrics.horizontalAdvance(self.text()) + 3 * metrics.height(), round(2.1 * metrics.height())
        )

    def hitButton(self, _place: QPoint) -> bool:
        """All of it can be pressed."""
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors, side = self.palette(), self.fontMetrics().height()
        if self.hasFocus():
            painter.setPen(QPen(colors.highlight().color(), 1.5))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        box = QRectF(0.6 * side, (self.height() - side) / 2, side, side)
        painter.setPen(QPen(colors.placeholderText().color(), 1.5))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QPen(colors.windowText().color(), 2.4))
        if self.isChecked():
            ends = ((0.22, 0.52), (0.43, 0.74), (0.8, 0.26))
            painter.drawPolyline([QPointF(box.x() + x * side, box.y() + y * side) for x, y in ends])
        words = self.rect().adjusted(round(2.2 * side), 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())


class Page(QWidget):
    """Words in a column; they grow with the window, and scroll where it is too small for them."""

    def __init__(self, *, column_share: int = 2) -> None:
        super().__init__()
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._content = QWidget()
        self._scroll = QScrollArea()
        self._scroll.setWidget(self._content)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._scroll)
        outer = QHBoxLayout(self._content)
        self.column = QVBoxLayout()
        self.column.setSpacing(14)
        outer.addStretch(1)
        outer.addLayout(self.column, column_share)
        outer.addStretch(1)

    def add_heading(self, words: str, pixels: int = 27) -> QLabel:
        """The page's first words."""
        heading = QLabel(words)
        set_font(heading, pixels, QFont.Weight.DemiBold)
        heading.setWordWrap(True)
        self.column.addWidget(heading)
        return heading

    def add_words(self, words: str, pixels: int = 17, *, quiet: bool = False) -> QLabel:
        """A paragraph."""
        label = quiet_label(words, pixels)
        if not quiet:
            label.setObjectName("")
        self.column.addWidget(label)
        return label

    def add_button(self, words: str, more: str = "") -> LargeButton:
        """A large button, with a quiet line in it where there is more to say."""
        button = LargeButton(words, more)
        self.column.addWidget(button)
        return button

    def add_pair(self, *words: str) -> list[LargeButton]:
        """Large buttons beside each other."""
        row = QHBoxLayout()
        row.setSpacing(14)
        self.column.addLayout(row)
        buttons = [LargeButton(each) for each in words]
        for button in buttons:
            row.addWidget(button)
        return buttons

    def add_choice(self, words: str) -> Choice:
        """Something to tick, or not."""
        choice = Choice(words)
        self.column.addWidget(choice)
        return choice

    def begin_at(self, widget: QWidget) -> None:
        """What has the keys when the page opens."""
        self.setFocusProxy(widget)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words grow with the window."""
        super().resizeEvent(event)
        rescale(self, scale_of(self))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that turn the page where it is longer than the window."""
        bar = self._scroll.verticalScrollBar()
        if event.key() == Qt.Key.Key_PageDown:
            bar.setValue(bar.value() + bar.pageStep())
        elif event.key() == Qt.Key.Key_PageUp:
            bar.setValue(bar.value() - bar.pageStep())
        else:
            super().keyPressEvent(event)


class LeavablePage(Page):
    """A page that Esc leaves."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
