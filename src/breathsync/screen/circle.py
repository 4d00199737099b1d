"""The breathing guide: the largest thing on the screen, painted sixty times a second."""

from math import cos, pi

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QFont,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QRadialGradient,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget

from breathsync.breath.pacer import PacerPosition
from breathsync.events import BreathPart
from breathsync.screen.balanced import narrowest
from breathsync.screen.shapes import Fullness, draw_bar, draw_wave
from breathsync.screen.shown import Motion
from breathsync.screen.state import part_word
from breathsync.screen.theme import Theme, font, paints_all
from breathsync.settings import SHAPES
from breathsync.wording import text

_EMPTY, _FULL = 0.46, 0.84  # of the outer radius
_WRAPPED = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
_STILL_EMPTY, _STILL_FULL = 0.66, 0.72  # with reduced motion: less than a tenth of change


class BreathCircle(QWidget):
    """Shows the guide: the disc is as full as the breath, the ring runs around once in and once out.

    `shape` is `circle`, `wave` or `bar`; `fullness` gives the guide's breath at any time, for the wave.
    With reduced motion all three are the same still circle, that grows lighter instead of larger.
    """

    def __init__(
        self,
        theme: Theme,
        *,
        reduced_motion: bool = False,
        shape: str = SHAPES[0],
        fullness: Fullness = lambda _: None,
    ) -> None:
        super().__init__()
        self.theme = theme
        self.reduced_motion = reduced_motion
        self.shape = shape
        self._fullness = fullness
        self._motion: Motion | None = None
        self._drawn_last = ""
        self._rings: tuple[tuple[int, int, float, float, str], QPixmap] | None = None
        self._cue_fit: tuple[tuple[str, int, int], QFont, QRectF] | None = None
        self.setMinimumSize(200, 200)
        self.setAccessibleName(text("accessible.circle"))

    def showEvent(self, event: QShowEvent) -> None:
        """Nothing behind it is painted anew."""
        super().showEvent(event)
        paints_all(self)

    def show_motion(self, motion: Motion) -> None:
        """Show how things stand."""
        self._motion = motion
        before, self._drawn_last = self._drawn_last, self._drawn
        if self._drawn != "circle" or before != self._drawn:  # all of it, with what another shape left
            self.update()
            return
        side = min(self.width(), self.height())
        self.update((self.width() - side) // 2, (self.height() - side) // 2, side + 1, side + 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        motion = self._motion
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        center = QPointF(self.width() / 2, self.height() / 2)
        outer = min(self.width(), self.height()) / 2 - 4
        visible = motion.guide_visible if motion is not None and motion.guide is not None else 0.0
        painter.drawPixmap(0, 0, self._rings_picture(center, outer, visible))
        if motion is not None and motion.cue and visible < 1:
            painter.setOpacity((1 - visible) * motion.cue_visible)
            self._draw_cue(painter, center, outer, motion.cue)
        if motion is not None and motion.guide is not None and visible > 0:
            painter.setOpacity(visible)
            self._draw_guide(painter, center, outer, motion, motion.guide)
            words = 1.0 if self.reduced_motion else motion.words_visible
            if words > 0:
                painter.setOpacity(visible * words)
                self._draw_word(painter, motion.guide)

    @property
    def _drawn(self) -> str:
        return "circle" if self.reduced_motion else self.shape

    def _draw_guide(
        self,
        painter: QPainter,
        center: QPointF,
        outer: float,
        motion: Motion,
        guide: PacerPosition,
    ) -> None:
        if self._drawn == "wave":
            room = QRectF(self.rect())
            draw_wave(painter, room, self.theme, motion.now, guide.fullness, self._fullness)
        elif self._drawn == "bar":
            draw_bar(painter, QRectF(self.rect()), self.theme, guide.fullness)
        else:
            self._draw_disc(painter, center, outer, guide)
            self._draw_phase(painter, center, outer, guide)

    def _rings_picture(self, center: QPointF, outer: float, visible: float) -> QPixmap:
        """The rings behind the disc. They stand still for minutes, so they are painted once."""
        if self._drawn != "circle":
            visible = 1.0 - visible  # the rings hold the words, and leave where another shape comes
        key = (self.width(), self.height(), round(visible, 2), self.devicePixelRatioF(), self._drawn)
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
        if self._drawn != "circle":
            painter.setOpacity(visible)
        painter.setPen(QPen(self.theme.color("lines"), 1.5))
        painter.setBrush(self.theme.color("breath", 0.04 + 0.06 * visible))
        painter.drawEllipse(center, outer, outer)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.color("breath", 0.03 + 0.11 * visible))
        painter.drawEllipse(center, outer * _FULL, outer * _FULL)

    def _draw_disc(self, painter: QPainter, center: QPointF, outer: float, guide: PacerPosition) -> None:
        empty, full = (_STILL_EMPTY, _STILL_FULL) if self.reduced_motion else (_EMPTY, _FULL)
        radius = outer * (empty + (full - empty) * guide.fullness)
        light = 0.75 + 0.25 * guide.fullness if self.reduced_motion else 1.0
        edge = radius + 0.5  # over its last pixel the light fades: a quarter quicker than a smooth outline
        gradient = QRadialGradient(center, edge)
        for stop, alpha in ((0.0, 0.95), (0.75, 0.62), (1.0 - 1.0 / edge, 0.3), (1.0, 0.0)):
            gradient.setColorAt(stop, self.theme.color("breath", alpha * light))
        painter.fillRect(QRectF(center.x() - edge, center.y() - edge, 2 * edge, 2 * edge), QBrush(gradient))

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
        """While there is no guide the circle holds the words, as large as they have room."""
        key = cue, self.width(), self.height()
        if self._cue_fit is None or self._cue_fit[0] != key:
            box = QRectF(center.x() - 0.74 * outer, center.y() - 0.62 * outer, 1.48 * outer, 1.24 * outer)
            self._cue_fit = key, *_fitted(painter, box, outer, cue)
        _, lettering, room = self._cue_fit
        painter.setPen(self.theme.color("text"))
        painter.setFont(lettering)
        painter.drawText(room, _WRAPPED, cue)

    def _draw_word(self, painter: QPainter, guide: PacerPosition) -> None:
        painter.setPen(self.theme.color("on_breath"))
        painter.setFont(font(max(24, min(self.width(), self.height()) * 0.085), QFont.Weight.Medium))
        room = self.rect()
        if self._drawn != "circle":  # beside the bar, under the wave
            painter.setPen(self.theme.color("quiet"))
            room = room.adjusted(0, round(room.height() * 0.86), 0, 0)
            if self._drawn == "bar":
                room = self.rect().adjusted(round(self.width() / 2 + self.height() * 0.14), 0, 0, 0)
                painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, part_word(guide.part))
                return
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, part_word(guide.part))


def _fitted(painter: QPainter, box: QRectF, outer: float, words: str) -> tuple[QFont, QRectF]:
    """The largest lettering with which words have room, and the narrowest room that adds no line to them.

    So their lines are about as long as each other: no word stands alone at the end.
    """
    for share in (0.125, 0.11, 0.095, 0.08):
        lettering = font(max(15, outer * share))
        painter.setFont(lettering)
        if box.contains(painter.boundingRect(box, _WRAPPED, words)):
            break
    spare = (box.width() - narrowest(QFontMetrics(lettering), words, int(box.width()))) / 2
    return lettering, box.adjusted(spare, 0, -spare, 0)
