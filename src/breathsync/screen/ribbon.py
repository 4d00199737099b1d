"""The ribbon: the guide's past and next seconds, and the heart's rhythm where it truly was."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QShowEvent
from PySide6.QtWidgets import (
    QGraphicsOpacityEffect,
    QGraphicsScene,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from breathsync.heart.hrv import FloatArray
from breathsync.screen.curves import FUTURE_S, NOTHING, PAST_S, RibbonCurves
from breathsync.screen.theme import FINE, Theme, paints_all, set_font
from breathsync.wording import text

pg.setConfigOptions(antialias=True, segmentedLineMode="on")
_Wave = tuple[FloatArray, FloatArray]


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
        self._plot = pg.PlotWidget(background=theme.panel)
        self._plot.setFrameShape(self._plot.Shape.NoFrame)
        self._plot.setMenuEnabled(False)
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.hideButtons()
        # all of it moves with every frame: to look for what moved, and where, costs a third of a frame
        self._plot.setViewportUpdateMode(self._plot.ViewportUpdateMode.FullViewportUpdate)
        self._plot.scene().setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self._plot.setRange(xRange=(-PAST_S, FUTURE_S), yRange=(NOTHING, 1.08), padding=0)
        for side in ("left", "bottom"):
            self._plot.hideAxis(side)
        thick = self.devicePixelRatioF()  # a plot's pens count in the screen's own pixels
        self._guide = _Guide(theme, thick)
        self._heart = pg.PlotCurveItem(
            pen=pg.mkPen(theme.color("heart"), width=2.4 * thick), connect="finite"
        )
        self._marks = pg.ScatterPlotItem(size=9, symbol="d", pen=None, brush=theme.color("now"))
        self._marks.setVisible(False)  # one without any points would be painted all the same
        for item in (self._guide, self._heart, self._marks):
            self._plot.addItem(item)
        self._plot.addItem(pg.InfiniteLine(0, pen=pg.mkPen(theme.color("now"), width=1.5 * thick)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 10, 20, 8)
        layout.setSpacing(0)
        self._legend = _Legend(theme)
        layout.addWidget(self._legend)
        layout.addWidget(self._plot, 1)
        layout.addWidget(_NowLabel(theme))

    def showEvent(self, event: QShowEvent) -> None:
        """Nothing behind the plot is painted anew."""
        super().showEvent(event)
        paints_all(self._plot.viewport())

    def show_share(self, share: float, *, heart: bool) -> None:
        """How much of it is there; without a heart to be heard nothing speaks of one."""
        self._legend.show_heart(shown=heart)
        if (share < 1.0) != self._fade.isEnabled():
            self._fade.setEnabled(share < 1.0)
        if share < 1.0:
            self._fade.setOpacity(share)
        if (share > 0) != self.isVisible():
            self.setVisible(share > 0)

    def draw(self, now: float, marks: Sequence[float], *, guide_visible: float) -> None:
        """Draw the seconds around `now`: the range stands still, the curves move through it."""
        times, fullness = self._curves.guide(now)
        times = times - now
        reached = int(times.searchsorted(0.0, side="right"))
        coming, wave = times[reached:], fullness[reached:]
        seen = wave > NOTHING
        self._guide.show_waves(_filled(times, fullness, reached), (coming[seen], wave[seen]), guide_visible)
        self._show_marks([mark - now for mark in marks if mark > now - PAST_S])
        beats, rates = self._curves.heart(now)
        self._heart.setData(beats - now, rates)

    def _show_marks(self, times: list[float]) -> None:
        if times:
            self._marks.setData(times, [1.0] * len(times))
        self._marks.setVisible(bool(times))


def _filled(times: FloatArray, fullness: FloatArray, reached: int) -> _Wave:
    """The samples so far, on to the line that is now (time 0), and down to the floor."""
    past, wave = np.empty(reached + 3), np.empty(reached + 3)
    past[0], past[1:-2], past[-2:] = times[0], times[:reached], 0.0
    wave[0] = wave[-1] = NOTHING
    wave[1:-2], wave[-2] = fullness[:reached], np.interp(0.0, times, fullness)
    return past, wave


class _Guide(pg.GraphicsObject):  # type: ignore[misc]
    """The guide's past, filled, and its future, dashed.

    A plot's own curves look anew in every frame for a range that stands still here: half of their cost.
    """

    def __init__(self, theme: Theme, thick: float) -> None:
        super().__init__()
        self._past, self._future, self._future_visible = QPainterPath(), QPainterPath(), 1.0
        self._brush = pg.mkBrush(theme.color("breath", 0.22))
        self._pen = pg.mkPen(theme.color("breath", 0.6), width=2 * thick)
        self._pen.setDashPattern([1.5, 3])

    def show_waves(self, past: _Wave, future: _Wave, future_visible: float) -> None:
        """Each is times from now in s and fullness, both of shape (n,)."""
        self._past = pg.arrayToQPath(*past, finiteCheck=False)
        self._future = pg.arrayToQPath(*future, finiteCheck=False)
        self._future_visible = future_visible
        self.update()

    def boundingRect(self) -> QRectF:
        """All that the plot shows."""
        return QRectF(-PAST_S, NOTHING, PAST_S + FUTURE_S, 1.2 - NOTHING)

    def paint(self, painter: QPainter, *_: object) -> None:
        """Fill the one, dash the other."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(self._past, self._brush)
        if self._future_visible > 0:
            painter.setOpacity(self._future_visible * painter.opacity())
            painter.setPen(self._pen)
            painter.drawPath(self._future)


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
