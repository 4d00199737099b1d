"""The breathing circle: the largest thing on the screen, painted sixty times a second."""

from math import cos, pi

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QFont, QPainter, QPaintEvent, QPen, QPixmap, QRadialGradient
from PySide6.QtWidgets import QWidget

from breathsync.breath.pacer import PacerPosition
from breathsync.events import BreathPart
from breathsync.screen.state import ScreenState, part_word
from breathsync.screen.theme import Theme, font
from breathsync.wording import text

_EMPTY, _FULL = 0.46, 0.84  # of the outer radius
_STILL_EMPTY, _STILL_FULL = 0.66, 0.72  # with reduced motion: less than a tenth of change


class BreathCircle(QWidget):
    """Shows the guide: the disc is as full as the breath, the ring runs around once in and once out."""

    def __init__(self, theme: Theme, *, reduced_motion: bool = False) -> None:
        super().__init__()
        self.theme = theme
        self.reduced_motion = reduced_motion
        self._state: ScreenState | None = None
        self._rings: tuple[tuple[int, int, float, float], QPixmap] | None = None
        self.setMinimumSize(200, 200)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # nothing behind it is painted anew
        self.setAccessibleName(text("accessible.circle"))

    def show_state(self, state: ScreenState) -> None:
        """Show how things stand."""
        self._state = state
        side = min(self.width(), self.height())
        self.update((self.width() - side) // 2, (self.height() - side) // 2, side + 1, side + 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        state = self._state
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        center = QPointF(self.width() / 2, self.height() / 2)
        outer = min(self.width(), self.height()) / 2 - 4
        visible = state.guide_visible if state is not None and state.guide is not None else 0.0
        painter.drawPixmap(0, 0, self._rings_picture(center, outer, visible))
        if state is not None and state.cue and visible < 1:
            painter.setOpacity(1 - visible)
            self._draw_cue(painter, center, outer, state.cue)
        if state is not None and state.guide is not None and visible > 0:
            painter.setOpacity(visible)
            self._draw_disc(painter, center, outer, state.guide)
            self._draw_phase(painter, center, outer, state.guide)
            words = 1.0 if self.reduced_motion else state.words_visible
            if words > 0:
                painter.setOpacity(visible * words)
                self._draw_word(painter, state.guide)

    def _rings_picture(self, center: QPointF, outer: float, visible: float) -> QPixmap:
        """The rings behind the disc. They stand still for minutes, so they are painted once."""
        key = (self.width(), self.height(), round(visible, 2), self.devicePixelRatioF())
        if self._rings is None or self._rings[0] != key:
            picture = QPixmap(self.size() * self.devicePixelRatioF())
            picture.setDevicePixelRatio(self.devicePixelRatioF())
            picture.fill(self.theme.color("ground"))
            painter = QPainter(picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw_rings(painter, center, outer, visible)
            painter.end()
            self._rings = key, picture
        return self._rings[1]

    def _draw_rings(self, painter: QPainter, center: QPointF, outer: float, visible: float) -> None:
        painter.setPen(QPen(self.theme.color("lines"), 1.5))
        painter.setBrush(self.theme.color("breath", 0.04 + 0.06 * visible))
        painter.drawEllipse(center, outer, outer)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.color("breath", 0.03 + 0.11 * visible))
        painter.drawEllipse(center, outer * _FULL, outer * _FULL)

    def _draw_disc(self, painter: QPainter, center: QPointF, outer: float, guide: PacerPosition) -> None:
        empty, full = (_STILL_EMPTY, _STILL_FULL) if self.reduced_motion else (_EMPTY, _FULL)
        radius = outer * (empty + (full - empty) * guide.fullness)
        light = 0.45 + 0.55 * guide.fullness if self.reduced_motion else 1.0
        gradient = QRadialGradient(center, radius)
        for stop, alpha in ((0.0, 0.95), (0.75, 0.62), (1.0, 0.3)):
            gradient.setColorAt(stop, self.theme.color("breath", alpha * light))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(gradient))
        painter.drawEllipse(center, radius, radius)

    def _draw_phase(self, painter: QPainter, center: QPointF, outer: float, guide: PacerPosition) -> None:
        """The ring closes as the breath comes in and opens as it goes out: it never jumps."""
        eased = (1 - cos(pi * guide.progress)) / 2
        start, end = {
            BreathPart.IN: (0.0, eased),
            BreathPart.FULL: (0.0, 1.0),
            BreathPart.OUT: (eased, 1.0),
            BreathPart.EMPTY: (1.0, 1.0),
        }[guide.part]
        if end - start < 0.002:
            return
        pen = QPen(self.theme.color("now"), 4)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        box = QRectF(center.x() - outer, center.y() - outer, 2 * outer, 2 * outer)
        painter.drawArc(box, round((90 - 360 * start) * 16), round(-360 * 16 * (end - start)))

    def _draw_cue(self, painter: QPainter, center: QPointF, outer: float, cue: str) -> None:
        """While there is no guide the circle holds the words."""
        side = outer * 1.3
        box = QRectF(center.x() - side / 2, center.y() - side / 2, side, side)
        painter.setPen(self.theme.color("text"))
        painter.setFont(font(max(15, outer * 0.1)))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, cue)

    def _draw_word(self, painter: QPainter, guide: PacerPosition) -> None:
        painter.setPen(self.theme.color("on_breath"))
        painter.setFont(font(max(24, min(self.width(), self.height()) * 0.085), QFont.Weight.Medium))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, part_word(guide.part))
