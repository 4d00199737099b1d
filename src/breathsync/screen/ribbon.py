"""The ribbon: the guide's past and next seconds, and the heart's rhythm where it truly was."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import (
    QGraphicsOpacityEffect,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from breathsync.heart.hrv import FloatArray
from breathsync.screen.curves import FUTURE_S, NOTHING, PAST_S, RibbonCurves
from breathsync.screen.polygons import polygon
from breathsync.screen.theme import FINE, Theme, paints_all, set_font
from breathsync.wording import text

_Wave = tuple[FloatArray, FloatArray]
_TOP = 1.08
_OFTEN_S = 0.045  # twenty times a second is enough for curves
_MARK = 4.5
_DIAMOND = ((0, -1), (1, 0), (0, 1), (-1, 0))


class Ribbon(QWidget):
    """Guide filled, its future dashed, heart strong; the heart's line ends where the strap's delay does."""

    def __init__(self, theme: Theme, curves: RibbonCurves) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(text("accessible.ribbon"))
        self._curves = curves
        self._fade = QGraphicsOpacityEffect(self)
        self._fade.setEnabled(False)
        self.setGraphicsEffect(self._fade)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(0)
        self._waves = _Waves(theme)
        self._drawn: tuple[float, int, QSize] | None = None
        self._drawn_s = 0.0
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 10, 20, 8)
        layout.setSpacing(0)
        self._legend = _Legend(theme)
        layout.addWidget(self._legend)
        layout.addWidget(self._waves, 1)
        layout.addWidget(_NowLabel(theme))

    def showEvent(self, event: QShowEvent) -> None:
        """While it does not fade, nothing behind the waves is painted anew."""
        super().showEvent(event)
        paints_all(self._waves, alone=not self._fade.isEnabled())

    def show_share(self, share: float, *, heart: bool) -> None:
        """How much of it is there; without a heart to be heard nothing speaks of one."""
        self._legend.show_heart(shown=heart)
        if (share < 1.0) != self._fade.isEnabled():
            self._fade.setEnabled(share < 1.0)
            paints_all(self._waves, alone=share >= 1.0)
        if share < 1.0:
            self._fade.setOpacity(share)
        if (share > 0) != self.isVisible():
            self.setVisible(share > 0)

    def draw(self, now: float, marks: Sequence[float], *, guide_visible: float) -> None:
        """Draw the seconds around `now`: the range stands still, the curves move through it.

        They move by a pixel at a time: until then nothing is painted anew.
        """
        what = guide_visible, len(marks), self._waves.size()
        if what == self._drawn and 0 <= now - self._drawn_s < self._waves.pixel_s():
            return
        self._drawn, self._drawn_s = what, now
        times, fullness = self._curves.guide(now)
        times = times - now
        reached = int(times.searchsorted(0.0, side="right"))
        coming, wave = times[reached:], fullness[reached:]
        seen = wave > NOTHING
        beats, rates = self._curves.heart(now)
        self._waves.show_waves(
            past=_filled(times, fullness, reached),
            coming=(coming[seen], wave[seen]),
            coming_visible=guide_visible,
            heart=(beats - now, rates),
            marks=[mark - now for mark in marks if mark > now - PAST_S],
        )


def _filled(times: FloatArray, fullness: FloatArray, reached: int) -> _Wave:
    """The samples so far, on to the line that is now (time 0), and down to the floor."""
    past, wave = np.empty(reached + 3), np.empty(reached + 3)
    past[0], past[1:-2], past[-2:] = times[0], times[:reached], 0.0
    wave[0] = wave[-1] = NOTHING
    wave[1:-2], wave[-2] = fullness[:reached], np.interp(0.0, times, fullness)
    return past, wave


class _Waves(QWidget):
    """What the ribbon shows, each a wave of times from now in s and levels, both of shape (n,).

    It paints for itself, as the circle does: a plot's scene, which looks anew in every frame for ranges,
    items and axes that stand still here, took twice as long.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._ground, self._filling = theme.color("panel"), theme.color("breath", 0.22)
        self._dashed = QPen(theme.color("breath", 0.6), 2)
        self._dashed.setDashPattern([1.5, 3])
        self._heart_pen, self._now_pen = QPen(theme.color("heart"), 2.4), QPen(theme.color("now"), 1.5)
        self._mark_color = theme.color("now")
        self._past = self._coming = self._heart = np.empty(0), np.empty(0)
        self._coming_visible = 1.0
        self._marks: list[float] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """As much as there is: how much that may be, the page says."""
        return QSize(640, 480)

    def pixel_s(self) -> float:
        """How long the curves take for one pixel of the screen, within a frame or so."""
        pixels = max(1.0, self.width() * self.devicePixelRatioF())
        return max(_OFTEN_S, 0.9 * (PAST_S + FUTURE_S) / pixels)

    def show_waves(
        self, *, past: _Wave, coming: _Wave, coming_visible: float, heart: _Wave, marks: list[float]
    ) -> None:
        """The guide's past and what comes of it, the heart (NaN between stretches), and marked moments."""
        self._past, self._coming, self._coming_visible = past, coming, coming_visible
        self._heart, self._marks = heart, marks
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._filling)
        painter.drawPolygon(polygon(*self._placed(*self._past)))
        if self._coming_visible > 0:
            painter.setPen(self._dashed)
            painter.setOpacity(self._coming_visible)
            painter.drawPolyline(polygon(*self._placed(*self._coming)))
            painter.setOpacity(1.0)
        painter.setPen(self._heart_pen)
        painter.drawLines(self._heart_lines())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._mark_color)
        for x, y in zip(*self._placed(np.array(self._marks), np.ones(len(self._marks))), strict=True):
            painter.drawPolygon([QPointF(x + a * _MARK, y + b * _MARK) for a, b in _DIAMOND])
        painter.setPen(self._now_pen)
        now = self.width() * PAST_S / (PAST_S + FUTURE_S)
        painter.drawLine(QLineF(now, 0.0, now, self.height()))

    def _heart_lines(self) -> list[QLineF]:
        """One for each piece: joined to one long line, Qt takes twice as long for it."""
        x, y = (values.tolist() for values in self._placed(*self._heart))
        pieces = zip(x, y, x[1:], y[1:], strict=False)
        return [QLineF(*piece) for piece in pieces if piece[1] == piece[1] and piece[3] == piece[3]]

    def _placed(self, times: FloatArray, levels: FloatArray) -> _Wave:
        """Where it lies in the widget."""
        across, up = self.width() / (PAST_S + FUTURE_S), self.height() / (_TOP - NOTHING)
        return (times + PAST_S) * across, (_TOP - levels) * up


class _Legend(QWidget):
    """What the colours stand for, in words."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        self._of: dict[str, tuple[QLabel, QLabel]] = {}
        for color, key in (("breath", "legend_guide"), ("heart", "legend_heart")):
            dot = QLabel("●")
            set_font(dot, FINE)
            dot.setStyleSheet(f"color: {getattr(theme, color)}")
            words = QLabel(text(f"window.{key}"))
            words.setObjectName("quiet")
            set_font(words, FINE)
            row.addWidget(dot)
            row.addWidget(words)
            row.addSpacing(40)
            self._of[key] = dot, words
        row.addStretch(1)

    def show_heart(self, *, shown: bool) -> None:
        """With the heart, or without."""
        for part in self._of["legend_heart"]:
            if part.isVisibleTo(self) != shown:
                part.setVisible(shown)


class _NowLabel(QWidget):
    """The word under the line that is now."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        set_font(self, FINE)
        self.setMinimumHeight(22)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it where the line is."""
        painter = QPainter(self)
        painter.setPen(self._theme.color("now"))
        painter.setFont(self.font())
        x = self.width() * PAST_S / (PAST_S + FUTURE_S)
        painter.drawText(
            round(x) - 60, 0, 120, self.height(), Qt.AlignmentFlag.AlignCenter, text("window.now")
        )
