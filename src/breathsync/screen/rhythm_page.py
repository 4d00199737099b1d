"""The end of a search for a rhythm: one picture, what it says in words, and a pace to take along."""

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from breathsync.breath.rhythm_choice import RhythmChoice
from breathsync.events import SwingByPace
from breathsync.screen.page import QuietButton, quiet_label
from breathsync.screen.theme import FINE, LEAD, Theme, font, rescale, scale_of, set_font
from breathsync.session.rhythm_words import answer_words, pace_words
from breathsync.wording import text

_LEAST_TOP_BPM = 8.0
_MARGINS = (50, 14, 20, 52)  # of the plot: left, top, right, bottom


class SwingCurve(QWidget):
    """Swing against pace: a line in its band of uncertainty, what was measured, and the range, if any."""

    def __init__(self, theme: Theme, found: SwingByPace, choice: RhythmChoice) -> None:
        super().__init__()
        self._theme, self._found, self._choice = theme, found, choice
        self._top = 1.08 * max(
            _LEAST_TOP_BPM,
            *found.seen_swings_bpm,
            *(s + e for s, e in zip(found.swings_bpm, found.errors_bpm, strict=True)),
        )
        self.setMinimumHeight(220)
        self.setAccessibleName(text("rhythm.picture"))
        self.setAccessibleDescription(" ".join(answer_words(choice, found)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_range(painter)
        self._paint_axes(painter)
        self._paint_band(painter)
        self._paint_seen(painter)

    @property
    def _scale(self) -> float:
        return scale_of(self.window())

    def _plot(self) -> QRectF:
        left, top, right, bottom = (margin * self._scale for margin in _MARGINS)
        return QRectF(left, top, self.width() - left - right, self.height() - top - bottom)

    def _point(self, pace: float, swing: float) -> QPointF:
        plot, paces = self._plot(), self._found.paces
        share = (pace - paces[0]) / (paces[-1] - paces[0])
        return QPointF(
            plot.left() + share * plot.width(), plot.bottom() - max(0.0, swing) / self._top * plot.height()
        )

    def _paint_range(self, painter: QPainter) -> None:
        if self._choice.low is None or self._choice.high is None:
            return
        first, last = self._point(self._choice.low - 0.05, 0), self._point(self._choice.high + 0.05, 0)
        plot = self._plot()
        painter.fillRect(
            QRectF(first.x(), plot.top(), last.x() - first.x(), plot.height()),
            self._theme.color("now", 0.14),
        )
        painter.setPen(QPen(self._theme.color("now"), 3))
        painter.drawLine(first, last)

    def _paint_axes(self, painter: QPainter) -> None:
        plot, scale = self._plot(), self._scale
        painter.setFont(font(FINE * scale))
        step = 2 if self._top < 14 else 5 if self._top < 32 else 10
        for swing in range(0, int(self._top) + 1, step):
            at = self._point(self._found.paces[0], swing).y()
            painter.setPen(QPen(self._theme.color("lines"), 1))
            painter.drawLine(QPointF(plot.left(), at), QPointF(plot.right(), at))
            painter.setPen(self._theme.color("quiet"))
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, at - 20, plot.left() - 10, 40), side, str(swing))
        for half in range(8, 15):
            at = self._point(half / 2, 0).x()
            place = QRectF(at - 40, plot.bottom() + 5 * scale, 80, 22 * scale)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, pace_words(half / 2))
        below = QRectF(plot.left(), plot.bottom() + 28 * scale, plot.width(), 22 * scale)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, text("rhythm.axis_pace"))

    def _paint_band(self, painter: QPainter) -> None:
        found = self._found
        rows = list(zip(found.paces, found.swings_bpm, found.errors_bpm, strict=True))
        upper = [self._point(pace, swing + error) for pace, swing, error in rows]
        lower = [self._point(pace, swing - error) for pace, swing, error in rows]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("heart", 0.2))
        painter.drawPolygon(QPolygonF([*upper, *reversed(lower)]))
        painter.setPen(QPen(self._theme.color("heart"), 2.5))
        painter.drawPolyline(QPolygonF([self._point(pace, swing) for pace, swing, _ in rows]))

    def _paint_seen(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("measured"))
        for pace, swing in zip(self._found.seen_paces, self._found.seen_swings_bpm, strict=True):
            painter.drawEllipse(self._point(pace, swing), 4 * self._scale, 4 * self._scale)


class RhythmPage(QWidget):
    """The answer; `taken` asks to practise with a pace, `left` goes on."""

    taken = Signal(float)
    left = Signal()

    def __init__(self, theme: Theme, found: SwingByPace | None, choice: RhythmChoice) -> None:
        super().__init__()
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(90, 44, 90, 36)
        column.setSpacing(12)
        first, *others = answer_words(choice, found)
        heading = QLabel(first)
        set_font(heading, LEAD, QFont.Weight.DemiBold)
        heading.setWordWrap(True)
        column.addWidget(heading)
        for words in others:
            column.addWidget(quiet_label(words, 18))
        column.addSpacing(10)
        if found is not None:
            column.addWidget(quiet_label(text("rhythm.axis_swing"), FINE))
            column.addWidget(SwingCurve(theme, found, choice), 1)
            column.addWidget(quiet_label(text("rhythm.picture_words"), FINE))
        else:
            column.addStretch(1)
        column.addSpacing(8)
        column.addLayout(self._hands(choice))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words grow with the window."""
        super().resizeEvent(event)
        rescale(self, scale_of(self))

    def _hands(self, choice: RhythmChoice) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(14)
        go_on = self._button(text("rhythm.go_on"))
        go_on.clicked.connect(self.left)
        if choice.offered is not None:
            pace = choice.offered
            take = self._button(text("rhythm.take", pace=pace_words(pace)))
            take.clicked.connect(lambda: self._take(take, pace))
            row.addWidget(take)
        row.addWidget(go_on)
        row.addStretch(1)
        self.setFocusProxy(go_on)
        return row

    def _button(self, words: str) -> QuietButton:
        button = QuietButton(words)
        button.setObjectName("large")
        set_font(button, 17)
        return button

    def _take(self, button: QuietButton, pace: float) -> None:
        button.setEnabled(False)
        button.setText(text("rhythm.taken", pace=pace_words(pace)))
        self.taken.emit(pace)
