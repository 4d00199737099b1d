"""The table of measures: words beside each other, each row at its place."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QLabel

from breathsync.screen.page import quiet_label
from breathsync.screen.practitioner.drawing import WORDS, Panel
from breathsync.screen.practitioner.measures import Row
from breathsync.screen.theme import Theme, rescale, set_font
from breathsync.wording import text

_GROUPS_BEGIN = (3, 5, 9)  # heart, swing, breath and guide, signal


class MeasuresTable(Panel):
    """Name, value, and the time that it needs or why there is none. Rows stay where they are."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(text("practitioner.measures"), text("practitioner.measures_more"))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setColumnStretch(0, 10)
        self._grid.setColumnStretch(2, 11)
        self._rows: list[tuple[QLabel, QLabel, QLabel]] = []
        self._shown: tuple[Row, ...] = ()
        self.rows.addLayout(self._grid, 1)
        self._theme = theme

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Show the measures; what did not change is not touched."""
        if rows == self._shown:
            return
        while len(self._rows) < len(rows):
            self._add_row()
            rescale(self, self._scale)
        for (name, value, beside), row, before in zip(
            self._rows, rows, self._shown or (None,) * len(rows), strict=True
        ):
            if row == before:
                continue
            name.setText(row.name)
            value.setText(row.value)
            beside.setText(row.beside)
            value.setAccessibleName(f"{row.name}: {row.value}. {row.beside}")
        self._shown = rows

    def rescale(self, scale: float) -> None:
        """Make room in proportion to the window."""
        super().rescale(scale)
        self._scale = scale
        if hasattr(self, "_grid"):
            self._grid.setVerticalSpacing(round(2 * scale))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A quiet line between the groups."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(QPen(self._theme.color("lines"), 1.0))
        for place in _GROUPS_BEGIN:
            if place < len(self._rows):
                y = (
                    self._rows[place - 1][0].geometry().bottom() + self._rows[place][0].geometry().top()
                ) // 2
                painter.drawLine(
                    self.rows.contentsMargins().left(),
                    y,
                    self.width() - self.rows.contentsMargins().right(),
                    y,
                )

    def _add_row(self) -> None:
        place = len(self._rows)
        name, value, beside = QLabel(), QLabel(), quiet_label("", WORDS)
        set_font(name, WORDS)
        name.setWordWrap(True)
        set_font(value, WORDS, QFont.Weight.DemiBold)
        beside.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for column, label in enumerate((name, value, beside)):
            self._grid.addWidget(label, place, column)
        self._grid.setRowStretch(place, 1)
        self._rows.append((name, value, beside))
