"""The ribbon: the guide's past and next seconds, and the heart's rhythm where it truly was."""

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from breathsync.screen.curves import FUTURE_S, PAST_S, RibbonCurves
from breathsync.screen.theme import Theme, font
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
        self._visible = 1.0
        self._plot = pg.PlotWidget(background=theme.panel)
        self._plot.setFrameShape(self._plot.Shape.NoFrame)
        self._plot.setMenuEnabled(False)
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.hideButtons()
        self._plot.setRange(xRange=(-PAST_S, FUTURE_S), yRange=(-0.08, 1.08), padding=0)
        for side in ("left", "bottom"):
            self._plot.hideAxis(side)
        self._past = pg.PlotCurveItem(pen=None, fillLevel=-0.08, brush=theme.color("breath", 0.22))
        future = pg.mkPen(theme.color("breath", 0.6), width=2, style=Qt.PenStyle.CustomDashLine)
        future.setDashPattern([1.5, 3])
        self._future = pg.PlotCurveItem(pen=future)
        self._future.setSegmentedLineMode("off")  # segments would lose their dashes
        self._heart = pg.PlotCurveItem(pen=pg.mkPen(theme.color("heart"), width=2.4), connect="finite")
        for curve in (self._past, self._future, self._heart):
            self._plot.addItem(curve)
        self._plot.addItem(pg.InfiniteLine(0, pen=pg.mkPen(theme.color("now"), width=1.5)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 10, 20, 8)
        layout.setSpacing(0)
        layout.addWidget(_Legend(theme))
        layout.addWidget(self._plot, 1)
        layout.addWidget(_NowLabel(theme))

    def draw(self, now: float, *, guide_visible: float) -> None:
        """Draw the seconds around `now`: the range stands still, the curves move through it."""
        times, fullness = self._curves.guide(now)
        past = times <= now
        if guide_visible != self._visible:
            self._visible = guide_visible
            self._past.setOpacity(guide_visible)
            self._future.setOpacity(guide_visible)
        self._past.setData(times[past] - now, fullness[past])
        self._future.setData(times[~past] - now, fullness[~past])
        beats, rates = self._curves.heart(now)
        self._heart.setData(beats - now, rates)


class _Legend(QWidget):
    """What the colours stand for, in words."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        for color, key in (("breath", "legend_guide"), ("heart", "legend_heart")):
            dot = QLabel("●")
            dot.setFont(font(13))
            dot.setStyleSheet(f"color: {getattr(theme, color)}")
            words = QLabel(text(f"window.{key}"))
            words.setObjectName("quiet")
            words.setFont(font(12))
            row.addWidget(dot)
            row.addWidget(words)
            row.addSpacing(40)
        row.addStretch(1)


class _NowLabel(QWidget):
    """The word under the line that is now."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedHeight(18)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it where the line is."""
        painter = QPainter(self)
        painter.setPen(self._theme.color("now"))
        painter.setFont(font(12))
        x = self.width() * PAST_S / (PAST_S + FUTURE_S)
        painter.drawText(
            round(x) - 60, 0, 120, self.height(), Qt.AlignmentFlag.AlignCenter, text("window.now")
        )
