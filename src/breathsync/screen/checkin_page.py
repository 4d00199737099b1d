"""The check-in: three circles and two sliders that a person fills, in their own view, or leaves alone.

Nothing here knows of straps, hearts or sessions; an import contract keeps it so. What is not touched is
not said.
"""

from math import hypot

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QSlider

from breathsync.practice.checkin import CIRCLES, LEAST, MOST, SLIDERS, CheckIn, Moment, blank
from breathsync.screen.page import LargeButton, Page, quiet_label
from breathsync.screen.theme import Theme, set_font
from breathsync.wording import text

CIRCLE_COLORS = {"threat": "heart", "drive": "measured", "soothing": "breath"}
_SMALLEST, _EDGE = 0.12, 6
_STEPS = {
    Qt.Key.Key_Up: 1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: -1,
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_PageUp: 3,
    Qt.Key.Key_PageDown: -3,
}
_MIDDLE = (LEAST + MOST) // 2


class Answer(QSlider):
    """0 to 10, or nothing: arrows, digits or the mouse say it, Delete takes it back."""

    said = Signal(str, object)

    def __init__(self, name: str, theme: Theme) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.name, self.theme = name, theme
        self.value_said: int | None = None
        self.setRange(LEAST, MOST)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(text(f"checkin.{name}"))
        self._describe()

    def say(self, value: int | None) -> None:
        """Take an answer, or take it back."""
        self.value_said = None if value is None else min(MOST, max(LEAST, value))
        self.setValue(self.value_said or LEAST)
        self._describe()
        self.update()
        self.said.emit(self.name, self.value_said)

    def _describe(self) -> None:
        answer = text("checkin.unsaid") if self.value_said is None else str(self.value_said)
        self.setAccessibleDescription(f"{text(f'checkin.{self.name}_more')} {answer}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move it, digits set it, Delete takes it back; other keys are the page's."""
        key = Qt.Key(event.key())
        if key in _STEPS:
            self.say(_MIDDLE if self.value_said is None else self.value_said + _STEPS[key])
        elif Qt.Key.Key_0 <= key <= Qt.Key.Key_9:
            self.say(key - Qt.Key.Key_0)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.say(LEAST if key == Qt.Key.Key_Home else MOST)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.say(None)
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pressing says what lies there."""
        self.setFocus()
        self.say(self.at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drawing it larger or smaller."""
        self.say(self.at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Nothing more: it was said already."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A wheel says nothing by accident."""
        event.ignore()

    def at(self, place: QPointF) -> int:
        """The value that lies at a place."""
        raise NotImplementedError

    def _outline(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(self.theme.color("now"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 10, 10)


class Circle(Answer):
    """How large something is right now. Large is not better than small."""

    def __init__(self, name: str, theme: Theme) -> None:
        super().__init__(name, theme)
        self.setMinimumSize(120, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A ring that is as large as can be, and the disc in it."""
        painter = QPainter(self)
        self._outline(painter)
        center, radius = QPointF(self.width() / 2, self.height() / 2), self._radius
        dashes = Qt.PenStyle.DashLine if self.value_said is None else Qt.PenStyle.SolidLine
        painter.setPen(QPen(self.theme.color("quiet"), 1.5, dashes))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(center, radius, radius)
        if self.value_said is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.color(CIRCLE_COLORS[self.name], 0.85))
            size = radius * (_SMALLEST + (1 - _SMALLEST) * self.value_said / MOST)
            painter.drawEllipse(center, size, size)

    def at(self, place: QPointF) -> int:
        """The circle's edge comes to where the mouse is."""
        away = hypot(place.x() - self.width() / 2, place.y() - self.height() / 2)
        return round((away / self._radius - _SMALLEST) / (1 - _SMALLEST) * MOST)

    @property
    def _radius(self) -> float:
        return min(self.width(), self.height()) / 2 - _EDGE


class Line(Answer):
    """Between two words."""

    def __init__(self, name: str, theme: Theme) -> None:
        super().__init__(name, theme)
        self.setMinimumHeight(40)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A line, and a handle where something was said."""
        painter = QPainter(self)
        self._outline(painter)
        left, right, y = self._ends
        painter.setPen(QPen(self.theme.color("quiet"), 2))
        painter.drawLine(QPointF(left, y), QPointF(right, y))
        painter.drawLine(QPointF((left + right) / 2, y - 5), QPointF((left + right) / 2, y + 5))
        if self.value_said is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.color("now"))
            painter.drawEllipse(QPointF(left + (right - left) * self.value_said / MOST, y), 11, 11)

    def at(self, place: QPointF) -> int:
        """The nearest value along the line."""
        left, right, _ = self._ends
        return round((place.x() - left) / (right - left) * MOST)

    @property
    def _ends(self) -> tuple[float, float, float]:
        return 18.0, self.width() - 18.0, self.height() / 2


class CheckInPage(Page):
    """What is there right now: `told` carries a `CheckIn`, `skipped` says that nothing is to be kept."""

    told = Signal(object)
    skipped = Signal()

    def __init__(self, theme: Theme, moment: Moment) -> None:
        super().__init__(column_share=8)
        self._checkin: CheckIn = blank(moment)
        self.answers = {name: Circle(name, theme) for name in CIRCLES} | {
            name: Line(name, theme) for name in SLIDERS
        }
        self.column.addStretch(1)
        self.add_heading(text(f"checkin.{moment.value}"))
        self.add_words(text("checkin.words"), quiet=True)
        self.column.addLayout(self._circles(), 12)
        self.column.addSpacing(8)
        self.column.addLayout(self._lines())
        self.column.addSpacing(8)
        self.column.addLayout(self._buttons())
        self.column.addStretch(1)
        for answer in self.answers.values():
            answer.said.connect(self._take)
        self.begin_at(self.answers[CIRCLES[0]])

    def _circles(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setRowStretch(0, 1)
        for column, name in enumerate(CIRCLES):
            grid.addWidget(self.answers[name], 0, column)
            grid.setColumnStretch(column, 1)
            heading = QLabel(text(f"checkin.{name}"))
            set_font(heading, 19)
            for row, label in enumerate((heading, quiet_label(text(f"checkin.{name}_more"), 16)), start=1):
                label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
                label.setWordWrap(True)
                grid.addWidget(label, row, column)
        return grid

    def _lines(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        for place, name in enumerate(SLIDERS):
            for column, end in ((0, "low"), (2, "high")):
                label = QLabel(text(f"checkin.{name}_{end}"))
                set_font(label, 17)
                side = Qt.AlignmentFlag.AlignRight if end == "low" else Qt.AlignmentFlag.AlignLeft
                label.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
                grid.addWidget(label, place, column)
            grid.addWidget(self.answers[name], place, 1)
        return grid

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        go_on = LargeButton(text("checkin.go_on"), text("checkin.go_on_key"))
        skip = LargeButton(text("checkin.skip"), text("checkin.skip_key"))
        go_on.clicked.connect(self._go_on)
        skip.clicked.connect(self.skipped)
        row.addWidget(go_on, 1)
        row.addWidget(skip, 1)
        return row

    def _take(self, name: str, value: int | None) -> None:
        self._checkin = self._checkin.saying(name, value)

    def _go_on(self) -> None:
        if self._checkin.is_empty:
            self.skipped.emit()
        else:
            self.told.emit(self._checkin)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on, Esc skips."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go_on()
        elif event.key() == Qt.Key.Key_Escape:
            self.skipped.emit()
        else:
            super().keyPressEvent(event)
