"""The rhythm of the last two minutes, drawn by its rate, with the guide's rate marked."""

from math import log

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen

from breathsync.heart.hrv import FloatArray
from breathsync.screen.practitioner.drawing import CalmRange, Drawing, Panel, area, onto, pieces
from breathsync.screen.practitioner.rhythm import LEAST_PER_MIN, MOST_PER_MIN, RhythmSeen
from breathsync.screen.theme import Theme
from breathsync.session.report.svg import Scale
from breathsync.wording import number, text

_TICKS = (3, 4, 5, 6, 8, 10, 12, 15, 20)
_LEAST_TOP_BPM = 6.0
_EASE = 0.15  # of the way, five times a second: a new look comes over about two seconds
_SEEN_BPM = 0.05


class RhythmView(Drawing):
    """Slow rates have as much room as quick ones. A new look comes gradually."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, text("practitioner.rhythm"))
        self.setMinimumHeight(96)
        self._range = CalmRange(0.0, _LEAST_TOP_BPM)
        self._seen = RhythmSeen(np.empty(0), np.empty(0))
        self._shown: FloatArray = np.empty(0)
        self._guide_per_min: float | None = None
        self._reason = ""

    def show_rhythm(self, seen: RhythmSeen, guide_per_min: float | None, reason: str) -> None:
        """Show the rhythm, or the reason why there is none."""
        before = self._guide_per_min, self._reason, self._shown.size
        self._seen, self._guide_per_min, self._reason = seen, guide_per_min, reason
        moved = False
        if reason or not seen.per_min.size:
            self._shown = np.empty(0)
        elif not self._shown.size:
            self._shown = np.zeros(seen.per_min.size)
        else:
            step = _EASE * (seen.swing_bpm - self._shown)
            self._shown = self._shown + step
            self._range.follow(0.0, max(_LEAST_TOP_BPM, 1.25 * float(seen.swing_bpm.max())))
            moved = float(np.abs(step).max()) > _EASE * _SEEN_BPM
        if moved or before != (guide_per_min, reason, self._shown.size):
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
        lay = onto(along, y)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.color("heart", 0.22))
        rates = np.log(self._seen.per_min)
        painter.drawPolygon(lay.map(area(rates, self._shown, 0.0)))
        painter.setPen(QPen(self.color("heart"), 1.8 * unit))
        for piece in pieces(rates, self._shown):
            painter.drawPolyline(lay.map(piece))
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
