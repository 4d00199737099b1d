"""The table of measures: words beside each other, each row at its place."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QWidget

from breathsync.screen.page import quiet_label
from breathsync.screen.practitioner.drawing import WORDS, Panel
from breathsync.screen.practitioner.measures import Row
from breathsync.screen.theme import Theme, rescale, set_font
from breathsync.wording import text

_GROUPS_BEGIN = (3, 5, 9)  # heart, swing, breath and guide, signal
_LEAST_HEIGHT = 150


class _Rows(QWidget):
    """The rows, with a quiet line between their groups."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(12)
        self.grid.setColumnStretch(0, 10)
        self.grid.setColumnStretch(2, 12)
        self.labels: list[tuple[QLabel, QLabel, QLabel]] = []

    def add(self) -> None:
        """One more row."""
        place = len(self.labels)
        name, value, beside = QLabel(), QLabel(), quiet_label("", WORDS)
        set_font(name, WORDS)
        name.setWordWrap(True)
        set_font(value, WORDS, QFont.Weight.DemiBold)
        for column, label in enumerate((name, value, beside)):
            side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
            label.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            self.grid.addWidget(label, place, column)
        self.grid.setRowStretch(place, 1)
        self.labels.append((name, value, beside))

    def event(self, event: QEvent) -> bool:
        """Rows that found another place take their lines along."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.update()
        return done

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the lines."""
        painter = QPainter(self)
        painter.setPen(QPen(self._theme.color("lines"), 1.0))
        for place in _GROUPS_BEGIN:
            if place < len(self.labels):
                above, below = self.labels[place - 1][0].geometry(), self.labels[place][0].geometry()
                y = (above.bottom() + below.top()) // 2
                painter.drawLine(0, y, self.width(), y)


class MeasuresTable(Panel):
    """Name, value, and the time that it needs or why there is none. Where there is no room it scrolls."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(text("practitioner.measures"), text("practitioner.measures_more"))
        self._rows = _Rows(theme)
        self._shown: tuple[Row, ...] = ()
        self._scale = 1.0
        self._room = room = QScrollArea()
        room.setWidget(self._rows)
        room.setWidgetResizable(True)
        room.setFrameShape(QFrame.Shape.NoFrame)
        room.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        room.setMinimumHeight(_LEAST_HEIGHT)
        room.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.rows.addWidget(room, 1)

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Show the measures; what did not change is not touched."""
        if rows == self._shown:
            return
        if len(self._rows.labels) < len(rows):
            while len(self._rows.labels) < len(rows):
                self._rows.add()
            rescale(self, self._scale)
        before = self._shown or (None,) * len(rows)
        for labels, row, shown in zip(self._rows.labels, rows, before, strict=True):
            if row != shown:
                for label, words in zip(labels, (row.name, row.value, row.beside), strict=True):
                    label.setText(words)
                labels[1].setAccessibleName(f"{row.name}: {row.value}. {row.beside}")
        self._shown = rows

    def turn(self, pages: int) -> None:
        """Scroll by so many pages, down or up."""
        bar = self._room.verticalScrollBar()
        bar.setValue(bar.value() + pages * bar.pageStep())

    def rescale(self, scale: float) -> None:
        """Make room in proportion to the window."""
        super().rescale(scale)
        self._scale = scale
        self._rows.grid.setVerticalSpacing(round(3 * scale))
