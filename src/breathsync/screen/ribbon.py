"""The ribbon: the guide's past and next seconds, and the heart's rhythm where it truly was."""

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGraphicsOpacityEffect, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from breathsync.screen.curves import FUTURE_S, NOTHING, PAST_S, RibbonCurves
from breathsync.screen.theme import FINE, Theme, set_font
from breathsync.wording import text

pg.setConfigOptions(antialias=True, segmentedLineMode="on")


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
        self._visible = 1.0
        self._marks_shown = False
        self._plot = pg.PlotWidget(background=theme.panel)
        self._plot.setFrameShape(self._plot.Shape.NoFrame)
        self._plot.setMenuEnabled(False)
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.hideButtons()
        self._plot.setRange(xRange=(-PAST_S, FUTURE_S), yRange=(NOTHING, 1.08), padding=0)
        for side in ("left", "bottom"):
            self._plot.hideAxis(side)
        self._past = pg.PlotCurveItem(pen=None, fillLevel=NOTHING, brush=theme.color("breath", 0.22))
        thick = self.devicePixelRatioF()  # a plot's pens count in the screen's own pixels
        future = pg.mkPen(theme.color("breath", 0.6), width=2 * thick, style=Qt.PenStyle.CustomDashLine)
        future.setDashPattern([1.5, 3])
        self._future = pg.PlotCurveItem(pen=future)
        self._future.setSegmentedLineMode("off")  # segments would lose their dashes
        self._heart = pg.PlotCurveItem(
            pen=pg.mkPen(theme.color("heart"), width=2.4 * thick), connect="finite"
        )
        self._marks = pg.ScatterPlotItem(size=9, symbol="d", pen=None, brush=theme.color("now"))
        for curve in (self._past, self._future, self._heart, self._marks):
            self._plot.addItem(curve)
        self._plot.addItem(pg.InfiniteLine(0, pen=pg.mkPen(theme.color("now"), width=1.5 * thick)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 10, 20, 8)
        layout.setSpacing(0)
        self._legend = _Legend(theme)
        layout.addWidget(self._legend)
        layout.addWidget(self._plot, 1)
        layout.addWidget(_NowLabel(theme))

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
        past = times <= now
        if guide_visible != self._visible:
            self._visible = guide_visible
            self._future.setOpacity(guide_visible)
        self._past.setData(times[past] - now, fullness[past])
        coming = ~past & (fullness > NOTHING)
        self._future.setData(times[coming] - now, fullness[coming])
        self._show_marks([mark - now for mark in marks if mark > now - PAST_S])
        beats, rates = self._curves.heart(now)
        self._heart.setData(beats - now, rates)

    def _show_marks(self, times: list[float]) -> None:
        if times or self._marks_shown:
            self._marks.setData(times, [1.0] * len(times))
        self._marks_shown = bool(times)


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
