"""The quiet cards beside the circle. Numbers are quiet and can vanish."""

from math import ceil, cos, pi, sin

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QGraphicsOpacityEffect, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from breathsync.screen.balanced import BalancedLabel
from breathsync.screen.page import quiet_label
from breathsync.screen.shown import Motion, ScreenState
from breathsync.screen.state import SWING_S, ScreenModel
from breathsync.screen.theme import FINE, NUMERAL, Theme, set_font
from breathsync.wording import number, text

_DASH = "window.no_value"
_ROOMY = 0.8  # of the usual window; below it words need the ring's room


class Card(QWidget):
    """A panel with a heading."""

    def __init__(self, heading: str) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.rows = QVBoxLayout(self)
        self.rows.setSpacing(4)
        self.heading = quiet_label(heading, FINE)
        self.rows.addWidget(self.heading)
        self.setAccessibleName(heading)
        self.rescale(1.0)

    def rescale(self, scale: float) -> None:
        """Make room in proportion to the window."""
        self.rows.setContentsMargins(*(round(m * scale) for m in (20, 9, 20, 9)))


class NumberCard(Card):
    """One large number with its unit, and a line below."""

    def __init__(self, heading: str, unit: str) -> None:
        super().__init__(heading)
        self._number = QLabel(text(_DASH))
        set_font(self._number, NUMERAL, QFont.Weight.ExtraLight)
        self._unit = below = quiet_label(unit, FINE)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._number)
        row.addWidget(below, 1, Qt.AlignmentFlag.AlignBottom)
        below.setContentsMargins(0, 0, 0, 5)
        self._line = BalancedLabel("", FINE)
        self.rows.addLayout(row)
        self.rows.addStretch(1)
        self.rows.addWidget(self._line)

    def show_number(self, heading: str, number: str | None, unit: str, line: str) -> None:
        """Show what it is, its number (a dash where there is none), its unit and the line below."""
        words = text(_DASH) if number is None else number
        shown = self.heading.text(), self._number.text(), self._unit.text(), self._line.text()
        if shown != (heading, words, unit, line):
            self.heading.setText(heading)
            self._number.setText(words)
            self._unit.setText(unit)
            self._line.setText(line)
            self.setAccessibleName(f"{heading}: {words} {unit}. {line}")


class _Ring(QWidget):
    """Two dots on a ring: where heart and breath stand to each other. Near is near, not better."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._turns = 0.0
        self._lag_turns: float | None = None
        self._picture: QPixmap | None = None
        self.setAccessibleName(text("accessible.ring"))
        self.rescale(1.0)

    def rescale(self, scale: float) -> None:
        """Take a size in proportion to the window; less where the words need the room."""
        largest = 90 if scale >= _ROOMY else 54
        self.setMaximumSize(round(largest * scale), round(largest * scale))
        self.setMinimumSize(round(50 * scale), round(50 * scale))

    def sizeHint(self) -> QSize:
        """As large as may be."""
        return self.maximumSize()

    def show_motion(self, motion: Motion) -> None:
        """Turn with the guide; the heart's dot follows by its lag."""
        visible = motion.guide is not None and motion.guide_visible > 0.5
        before, self._lag_turns = self._lag_turns, motion.lag_turns if visible else None
        self._turns = motion.guide.turns % 1.0 if motion.guide is not None else 0.0
        if before is not None or self._lag_turns is not None:
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        unit = min(self.width(), self.height()) / 100
        center, radius = QPointF(self.width() / 2, self.height() / 2), 40 * unit
        painter.drawPixmap(0, 0, self._still(center, radius, 8 * unit))
        if self._lag_turns is None:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        for color, turns in (("heart", self._turns - self._lag_turns), ("breath", self._turns)):
            angle = 2 * pi * turns - pi / 2
            painter.setBrush(self._theme.color(color))
            painter.drawEllipse(
                center + QPointF(radius * cos(angle), radius * sin(angle)), 9 * unit, 9 * unit
            )

    def _still(self, center: QPointF, radius: float, width: float) -> QPixmap:
        """The ring without its dots, painted once."""
        size = self.size() * self.devicePixelRatioF()
        if self._picture is None or self._picture.size() != size:
            self._picture = QPixmap(size)
            self._picture.setDevicePixelRatio(self.devicePixelRatioF())
            self._picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._theme.color("lines"), width))
            painter.drawEllipse(center, radius, radius)
            painter.end()
        return self._picture


class TogetherCard(Card):
    """Heart and breath together: the ring, and what it shows in words."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(text("window.together"))
        self._ring = _Ring(theme)
        self._words = BalancedLabel("", FINE)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._ring)
        row.addWidget(self._words, 1)
        self.rows.addLayout(row)
        self.rows.addStretch(1)

    def rescale(self, scale: float) -> None:
        """Make room in proportion to the window."""
        super().rescale(scale)
        if hasattr(self, "_ring"):
            self._ring.rescale(scale)

    def turn_ring(self, motion: Motion) -> None:
        """The ring alone: it turns with the guide."""
        self._ring.show_motion(motion)

    def show_state(self, state: ScreenState) -> None:
        """Show how things stand."""
        if self._words.text() != state.together:
            self._words.setText(state.together)


class _SwingLine(QWidget):
    """The swing of each breath over the last minutes, as a line."""

    def __init__(self, theme: Theme, model: ScreenModel) -> None:
        super().__init__()
        self._theme, self._model = theme, model
        self._now = 0.0
        self.setMinimumHeight(24)
        self.setAccessibleName(text("accessible.swing"))

    def show_now(self, now: float) -> None:
        """Show the minutes before `now`."""
        self._now = now
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        swings = list(self._model.swings)
        if len(swings) < 2:
            return
        top = max(10.0, *(swing for _, swing in swings)) * 1.1
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("heart"), 2))
        points = [
            QPointF(
                self.width() * (1 - (self._now - at) / SWING_S), (self.height() - 4) * (1 - swing / top) + 2
            )
            for at, swing in swings
        ]
        painter.drawPolyline(QPolygonF(points))


class SwingCard(Card):
    """The last five minutes, breath by breath."""

    def __init__(self, theme: Theme, model: ScreenModel) -> None:
        super().__init__(text("window.last_minutes"))
        self._line = _SwingLine(theme, model)
        self.rows.addWidget(self._line, 1)
        self.rows.addWidget(BalancedLabel(text("window.last_minutes_words"), FINE))

    def show_now(self, now: float) -> None:
        """Show the minutes before `now`."""
        self._line.show_now(now)


class Cards(QWidget):
    """All cards in a column; they fade together where numbers are to go."""

    def __init__(self, theme: Theme, model: ScreenModel) -> None:
        super().__init__()
        self._breath = NumberCard(text("window.heart_rhythm"), text("window.times_per_min"))
        self._together = TogetherCard(theme)
        self._heart = NumberCard(text("window.heart"), text("window.beats_per_min"))
        self._swing = SwingCard(theme, model)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._cards = {self._breath: 15, self._together: 15, self._heart: 14, self._swing: 14}
        for card, share in self._cards.items():
            self._column.addWidget(card, share)
        self._fade = QGraphicsOpacityEffect(self)
        self._fade.setEnabled(False)
        self.setGraphicsEffect(self._fade)

    def rescale(self, scale: float) -> None:
        """Make room in proportion to the window."""
        self._column.setSpacing(round(14 * scale))
        for card in self._cards:
            card.rescale(scale)

    def turn_ring(self, motion: Motion) -> None:
        """Turn the ring, which moves with the guide."""
        self._together.turn_ring(motion)

    def show_state(self, state: ScreenState) -> None:
        """Show how things stand: some times a second is enough."""
        faded = state.numbers_visible < 1.0
        if faded:
            self._fade.setOpacity(state.numbers_visible)
        if self._fade.isEnabled() != faded:
            self._fade.setEnabled(faded)
        self._breath.show_number(*_breath_words(state))
        self._together.show_state(state)
        heart = state.heart_rate_bpm
        beats = None if heart is None else str(heart)
        unit = text("window.beats_per_min")
        self._heart.show_number(text("window.heart"), beats, unit, _swing_words(state))
        self._swing.show_now(state.now)


def _breath_words(state: ScreenState) -> tuple[str, str | None, str, str]:
    """The measured pace: of the breath where it is seen, else of the rhythm in the heart rate."""
    rate = None if state.breaths_per_min is None else number(state.breaths_per_min, 1)
    if state.breath_seen:
        return text("window.your_breath"), rate, text("window.breaths_per_min"), guide_words(state)
    return text("window.heart_rhythm"), rate, text("window.times_per_min"), guide_words(state)


def guide_words(state: ScreenState) -> str:
    """The guide's pace, and where it is going."""
    guide = state.guide
    if guide is None or state.guide_visible < 0.5:
        return text("window.guide_hidden")
    rate = number(guide.breaths_per_min, 1)
    if state.target_per_min is not None and abs(state.target_per_min - guide.breaths_per_min) > 0.05:
        return text("window.guide_easing", rate=rate, target=number(state.target_per_min, 1))
    return text("window.guide_steady", rate=rate)


def _swing_words(state: ScreenState) -> str:
    if state.swing_bpm is None:
        return text("window.swing_soon" if state.heard else "window.needs_strap")
    error = None if state.swing_error_bpm is None else ceil(state.swing_error_bpm)
    return text("window.swing", swing=number(state.swing_bpm), error=number(error))
