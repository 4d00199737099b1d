"""The rhythm of the last two minutes, drawn by its rate, with the guide's rate marked."""

from math import log

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF

from breathsync.heart.hrv import FloatArray
from breathsync.screen.practitioner.drawing import CalmRange, Drawing, Panel, line, places
from breathsync.screen.practitioner.rhythm import LEAST_PER_MIN, MOST_PER_MIN, RhythmSeen
from breathsync.screen.theme import Theme
from breathsync.session.report.svg import Scale
from breathsync.wording import number, text

_TICKS = (3, 4, 5, 6, 8, 10, 12, 15, 20)
_LEAST_TOP_BPM = 6.0
_EASE = 0.08  # of the way in each frame: a new look comes over about two seconds


class RhythmView(Drawing):
    """Slow rates have as much room as quick ones. A new look comes gradually."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, text("practitioner.rhythm"))
        self.setMinimumHeight(96)
        self._range = CalmRange(0.0, _LEAST_TOP_BPM)
        self._seen = RhythmSeen(np.empty(0), np.empty(0))
        self._shown: FloatArray = np.empty(0)
        self._guide_per_min: float | None = None

    def show_rhythm(self, seen: RhythmSeen, guide_per_min: float | None, reason: str) -> None:
        """Show the rhythm, or the reason why there is none."""
        self._seen, self._guide_per_min, self._reason = seen, guide_per_min, reason
        if reason or not seen.per_min.size:
            self._shown = np.empty(0)
        elif not self._shown.size:
            self._shown = np.zeros(seen.per_min.size)
        else:
            self._shown = self._shown + _EASE * (seen.swing_bpm - self._shown)
            self._range.follow(0.0, max(_LEAST_TOP_BPM, 1.25 * float(seen.swing_bpm.max())))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        painter, unit = self.begin(), self.scale
        left, right = 30 * unit, self.width() - 4 * unit
        top, floor = 18 * unit, self.height() - 22 * unit
        along = Scale(log(LEAST_PER_MIN), log(MOST_PER_MIN), left, right)
        self._draw_axis(painter, along, floor)
        if not self._shown.size:
            box = QRectF(left, top, right - left, floor - top)
            self.words(painter, box, self._reason, align=Qt.AlignmentFlag.AlignHCenter)
            return
        y = Scale(0.0, self._range.high, floor, top)
        self.levels(painter, y, left, right, 2)
        points = places(along, y, (np.log(self._seen.per_min), self._shown))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.color("heart", 0.22))
        ends = [QPointF(points[-1].x(), floor), QPointF(points[0].x(), floor)]
        painter.drawPolygon(QPolygonF([*points, *ends]))
        painter.setPen(QPen(self.color("heart"), 1.8 * unit))
        line(painter, points)
        self._draw_guide(painter, along, floor)

    def _draw_axis(self, painter: QPainter, along: Scale, floor: float) -> None:
        for tick in _TICKS:
            place = along(log(tick))
            painter.setPen(QPen(self.color("lines"), 1.0))
            painter.drawLine(QPointF(place, floor), QPointF(place, floor + 4))
            box = QRectF(place - 20, floor + 3, 40, 19 * self.scale)
            painter.setPen(self.color("quiet"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, number(tick))

    def _draw_guide(self, painter: QPainter, along: Scale, floor: float) -> None:
        if self._guide_per_min is None:
            return
        place = along(log(min(max(self._guide_per_min, LEAST_PER_MIN), MOST_PER_MIN)))
        pen = QPen(self.color("breath"), 1.6 * self.scale)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.drawLine(QPointF(place, 16 * self.scale), QPointF(place, floor))
        words = text("practitioner.rhythm_guide", rate=number(self._guide_per_min, 1))
        box = QRectF(place - 80, 0, 160, 16 * self.scale)
        self.words(painter, box, words, "breath", Qt.AlignmentFlag.AlignHCenter)


class RhythmPanel(Panel):
    """The rhythm's drawing, and at which rate the heart swings widest."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(text("practitioner.rhythm"), "")
        self.view = RhythmView(theme)
        self.rows.addWidget(self.view, 1)

    def show_rhythm(self, seen: RhythmSeen, guide_per_min: float | None, *, hidden: bool) -> None:
        """Show it, unless the step is nobody's measurement."""
        reason = text("practitioner.not_in_this_step") if hidden else seen.reason
        self.view.show_rhythm(seen, guide_per_min, reason)
        rate = seen.strongest_per_min
        if reason or rate is None:
            self.say(text("practitioner.rhythm_axis"))
        else:
            self.say(text("practitioner.rhythm_more", seconds=seen.window_s, rate=number(rate, 1)))
