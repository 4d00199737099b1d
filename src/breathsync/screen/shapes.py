"""Two other shapes of the guide, for those who prefer them: a wave, and a bar that fills."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QLinearGradient, QPainter, QPen, QPolygonF, QRadialGradient

from breathsync.screen.theme import Theme

_BEFORE_S, _AHEAD_S = 8.0, 14.0  # the last breath, and the next one
_STEP_S = 0.1
_WIDEST = 2.4  # of its height: wider, and a breath would look flat

Fullness = Callable[[float], float | None]


def draw_wave(
    painter: QPainter, room: QRectF, theme: Theme, now: float, full: float, fullness: Fullness
) -> None:
    """The breath as a landscape that comes from the right; the light rides on it."""
    width = min(room.width(), _WIDEST * room.height())
    box = QRectF(room.center().x() - width / 2, room.y(), width, room.height())
    top, floor = box.y() + 0.2 * box.height(), box.y() + 0.8 * box.height()
    to_x = box.width() / (_BEFORE_S + _AHEAD_S)
    here = box.x() + _BEFORE_S * to_x
    line = QPolygonF()
    steps = round((_BEFORE_S + _AHEAD_S) / _STEP_S)
    first = round((now - _BEFORE_S) / _STEP_S)
    for step in range(first, first + steps + 2):
        level = fullness(step * _STEP_S)
        x = here + (step * _STEP_S - now) * to_x
        line.append(QPointF(x, floor - (floor - top) * (level or 0.0)))
    area = QPolygonF(line)
    area.append(QPointF(line.last().x(), floor + 0.08 * box.height()))
    area.append(QPointF(line.first().x(), floor + 0.08 * box.height()))
    painter.save()
    painter.setClipRect(box)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_sideways(box, theme, 0.28))
    painter.drawPolygon(area)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(_sideways(box, theme, 0.9), max(2.0, box.height() / 160)))
    painter.drawPolyline(line)
    painter.restore()
    _draw_light(painter, QPointF(here, floor - (floor - top) * full), box.height() * 0.075, theme)


def draw_bar(painter: QPainter, room: QRectF, theme: Theme, full: float) -> None:
    """A bar that fills with the in-breath and empties with the out-breath."""
    height = room.height() * 0.86
    width = height * 0.2
    box = QRectF(room.center().x() - width / 2, room.center().y() - height / 2, width, height)
    painter.setPen(QPen(theme.color("lines"), 1.5))
    painter.setBrush(theme.color("breath", 0.08))
    painter.drawRoundedRect(box, width / 2, width / 2)
    level = width + (height - width) * full
    filled = QRectF(box.x(), box.bottom() - level, width, level)
    light = QLinearGradient(filled.topLeft(), filled.bottomLeft())
    light.setColorAt(0.0, theme.color("breath", 0.95))
    light.setColorAt(1.0, theme.color("breath", 0.4))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(light))
    painter.drawRoundedRect(filled, width / 2, width / 2)


def _sideways(box: QRectF, theme: Theme, alpha: float) -> QBrush:
    """Fades towards both sides."""
    light = QLinearGradient(box.topLeft(), box.topRight())
    for stop, share in ((0.0, 0.0), (0.25, 1.0), (0.7, 0.8), (1.0, 0.0)):
        light.setColorAt(stop, theme.color("breath", alpha * share))
    return QBrush(light)


def _draw_light(painter: QPainter, center: QPointF, radius: float, theme: Theme) -> None:
    glow = QRadialGradient(center, 2 * radius)
    glow.setColorAt(0.0, theme.color("now", 0.5))
    glow.setColorAt(1.0, theme.color("now", 0.0))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(glow))
    painter.drawEllipse(center, 2 * radius, 2 * radius)
    painter.setBrush(theme.color("now"))
    painter.drawEllipse(center, 0.6 * radius, 0.6 * radius)
