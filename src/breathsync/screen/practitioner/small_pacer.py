"""The guide, small: so that whoever accompanies a practice sees the breath without looking over."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPaintEvent, QPen

from breathsync.screen.practitioner.drawing import Drawing
from breathsync.screen.shown import ScreenState
from breathsync.screen.theme import Theme
from breathsync.wording import text

_EMPTY, _FULL = 0.42, 0.9
_SIDE = 52


class SmallPacer(Drawing):
    """A disc that is as full as the breath; a ring alone while the guide is away."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, text("accessible.circle"))
        self._fullness, self._visible = 0.0, 0.0
        self.rescale(1.0)

    def rescale(self, scale: float) -> None:
        """Take a size in proportion to the window."""
        self.setFixedSize(round(_SIDE * scale), round(_SIDE * scale))

    def show_state(self, state: ScreenState) -> None:
        """Show where the guide is."""
        guide = state.guide
        shows = (guide.fullness, state.guide_visible) if guide is not None else (0.0, 0.0)
        if shows != (self._fullness, self._visible):
            self._fullness, self._visible = shows
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        painter = self.begin()
        center, outer = (
            QPointF(self.width() / 2, self.height() / 2),
            min(self.width(), self.height()) / 2 - 2,
        )
        painter.setPen(QPen(self.color("lines"), 1.5))
        painter.drawEllipse(center, outer, outer)
        if self._visible > 0:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.color("breath", 0.8 * self._visible))
            radius = outer * (_EMPTY + (_FULL - _EMPTY) * self._fullness)
            painter.drawEllipse(center, radius, radius)
