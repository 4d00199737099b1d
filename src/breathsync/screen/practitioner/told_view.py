"""What the person told of themselves before the session, as they told it. Nothing measured is near it."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout

from breathsync.events import CheckedIn
from breathsync.practice.checkin import CIRCLES, MOST, SLIDERS
from breathsync.screen.checkin_page import CIRCLE_COLORS
from breathsync.screen.page import quiet_label
from breathsync.screen.practitioner.drawing import WORDS, Drawing, Panel
from breathsync.screen.theme import Theme
from breathsync.wording import text

_SMALLEST, _SIDE = 0.14, 34


class _ToldCircle(Drawing):
    """One circle as it was told, small."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__(theme, text(f"checkin.{name}"))
        self._name = name
        self._value: int | None = None
        self.rescale(1.0)

    def rescale(self, scale: float) -> None:
        """Take a size in proportion to the window."""
        self.setFixedSize(round(_SIDE * scale), round(_SIDE * scale))

    def show_value(self, value: int | None) -> None:
        """As large as it was told; a dashed ring where nothing was said."""
        self._value = value
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        painter = self.begin()
        center, radius = QRectF(self.rect()).center(), min(self.width(), self.height()) / 2 - 1.5
        dashes = Qt.PenStyle.DashLine if self._value is None else Qt.PenStyle.SolidLine
        painter.setPen(QPen(self.color("quiet"), 1.2, dashes))
        painter.drawEllipse(QPointF(center), radius, radius)
        if self._value is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.color(CIRCLE_COLORS[self._name], 0.85))
            size = radius * (_SMALLEST + (1 - _SMALLEST) * self._value / MOST)
            painter.drawEllipse(QPointF(center), size, size)


class ToldPanel(Panel):
    """The three circles and two lines, as the person told them before. Nothing measured is near them."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(text("practitioner.told"), text("practitioner.told_more"))
        self._circles = {name: (_ToldCircle(theme, name), quiet_label("", WORDS)) for name in CIRCLES}
        self._lines = quiet_label("", WORDS)
        self._shown: CheckedIn | None = None
        row = QHBoxLayout()
        row.setSpacing(8)
        for circle, words in self._circles.values():
            row.addWidget(circle)
            row.addWidget(words, 1)
        self.rows.addLayout(row)
        self.rows.addWidget(self._lines)
        self.hide()

    def rescale(self, scale: float) -> None:
        """Make room in proportion to the window."""
        super().rescale(scale)
        for circle, _ in self._circles.values():
            circle.rescale(scale)

    def show_told(self, told: CheckedIn | None) -> None:
        """Show the answers where there are some."""
        if told == self._shown:
            return
        self._shown = told
        self.setVisible(told is not None)
        if told is None:
            return
        for name, (circle, label) in self._circles.items():
            value = getattr(told, name)
            circle.show_value(value)
            label.setText(f"{text(f'checkin.{name}')}\n{_said(value)}")
        lines = [f"{text(f'checkin.{name}')}:\u00a0{_said(getattr(told, name))}" for name in SLIDERS]
        self._lines.setText(" · ".join(lines))


def _said(value: int | None) -> str:
    if value is None:
        return text("window.no_value")
    return text("practitioner.told_value", value=value, most=MOST)
