"""The last minute and a half: guide, measured breath, and the heart rate where it truly was."""

from html import escape
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF

from breathsync.heart.hrv import FloatArray
from breathsync.screen.curves import NOTHING, RibbonCurves
from breathsync.screen.page import quiet_label
from breathsync.screen.practitioner.drawing import WORDS, CalmRange, Drawing, Panel, area, onto, pieces
from breathsync.screen.practitioner.model import LOOK_BACK_S
from breathsync.screen.state import ScreenModel
from breathsync.screen.theme import Theme
from breathsync.session.report.svg import Scale
from breathsync.wording import text

_AIR_BPM, _LEAST_BPM = 3.0, 16.0
_EVERY_S = 30
_PER_BEAT, _EVERY_GUIDE = 3, 2  # points: as many as there are pixels
_AHEAD_S = 2.0  # of the guide, behind the edge that is now
_BREATH_AIR = 0.17  # above and below the guide: a deep breath still has room


class Traces(Drawing):
    """Guide filled, breath thin, heart strong; the heart's line ends where the strap's delay lets it.

    Lines are made anew when something came to them, and moved along in between.
    """

    def __init__(self, theme: Theme, model: ScreenModel) -> None:
        super().__init__(theme, text("practitioner.traces"))
        self.setMinimumHeight(130)
        self.follow(model)

    def follow(self, model: ScreenModel) -> None:
        """Show this session."""
        self._model, self._beside = model, model.practitioner
        self._curves = RibbonCurves(model, LOOK_BACK_S, _AHEAD_S, _PER_BEAT)
        self._range = CalmRange(50.0, 90.0)
        self._now, self._measured = 0.0, True
        self._marks: tuple[float, ...] = ()
        self._made_of: object = None
        self._origin = 0.0
        self._least, self._most = 50.0, 90.0
        self._guide: list[QPolygonF] = []
        self._breath: list[QPolygonF] = []
        self._heart: list[QPolygonF] = []

    def show_now(self, now: float, marks: tuple[float, ...], *, measured: bool = True) -> None:
        """Show the seconds before `now`; without what is `measured` the guide alone."""
        self._now, self._marks, self._measured = now, marks, measured
        made_of = (int(now), self._model.trace_version, self._model.guide_version, measured)
        if made_of != self._made_of:
            self._made_of = made_of
            self._make_lines(now)
        if self._heart:
            air = max(_AIR_BPM, (_LEAST_BPM - (self._most - self._least)) / 2)
            self._range.follow(self._least - air, self._most + air)
        self.update()

    @property
    def heart_until(self) -> float | None:
        """Where the heart's line ends."""
        return self._origin + self._heart[-1].last().x() if self._heart else None

    def _make_lines(self, now: float) -> None:
        self._origin = now
        times, fullness = self._curves.guide(now)
        self._guide = [
            area(times[piece][::_EVERY_GUIDE] - now, fullness[piece][::_EVERY_GUIDE], -1.0)
            for piece in _runs(fullness > NOTHING)
        ]
        self._heart, self._breath = [], []
        if self._measured:
            self._make_heart(now)
            self._make_breath(now)

    def _make_heart(self, now: float) -> None:
        times, rates = self._curves.rates(now)
        seen = ~np.isnan(rates) & (times >= now - LOOK_BACK_S) & self._shown(times)
        if seen.any():
            self._least, self._most = float(rates[seen].min()), float(rates[seen].max())
        for piece in _runs(seen):
            self._heart += pieces(times[piece] - now, rates[piece])

    def _make_breath(self, now: float) -> None:
        """Its height from its middle, on the guide's scale."""
        wave = self._beside.breath
        times = np.array([time for time, _ in wave])
        heights = np.array([np.nan if height is None else 0.5 + height for _, height in wave])
        for piece in _runs(~np.isnan(heights) & self._shown(times)):
            self._breath += pieces(times[piece] - now, heights[piece])

    def _shown(self, times: FloatArray) -> NDArray[np.bool_]:
        """Which moments are not of steps that are nobody's measurement."""
        hidden = self._beside.steps.hidden
        return np.array([not hidden(time) for time in times.tolist()], dtype=bool)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        painter = self.begin()
        left, right = 38 * self.scale, self.width() - 4 * self.scale
        top, floor = 8 * self.scale, self.height() - 24 * self.scale
        x = Scale(self._now - LOOK_BACK_S, self._now, left, right)
        y = Scale(self._range.low, self._range.high, floor - 4, top + 4)
        if self._measured:
            self.levels(painter, y, left, right, 5)
        painter.save()
        painter.setClipRect(QRectF(left, 0, right - left, floor + 1))
        air = _BREATH_AIR * (floor - top)
        breath = onto(x, Scale(0.0, 1.0, floor - air, top + air), self._origin)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.color("breath", 0.2))
        for piece in self._guide:
            painter.drawPolygon(breath.map(piece))
        painter.setPen(QPen(self.color("measured", 0.95), 1.3 * self.scale))
        for piece in self._breath:
            painter.drawPolyline(breath.map(piece))
        painter.setPen(QPen(self.color("heart"), 2.2 * self.scale))
        heart = onto(x, y, self._origin)
        for piece in self._heart:
            painter.drawPolyline(heart.map(piece))
        painter.restore()
        if self._measured:
            self._draw_doubtful(painter, x, floor)
        self._draw_marks(painter, x, top, floor)
        self._draw_time(painter, x, top, floor)

    def _draw_doubtful(self, painter: QPainter, x: Scale, floor: float) -> None:
        """Marked beats: small open dots on the floor."""
        painter.setPen(QPen(self.color("quiet"), 1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for time in self._beside.doubtful:
            if time > x.low and not self._beside.steps.hidden(time):
                painter.drawEllipse(QPointF(x(time), floor), 2.6 * self.scale, 2.6 * self.scale)

    def _draw_marks(self, painter: QPainter, x: Scale, top: float, floor: float) -> None:
        for time in self._marks:
            if time > x.low:
                painter.setPen(QPen(self.color("now", 0.6), 1.0, Qt.PenStyle.DotLine))
                painter.drawLine(QPointF(x(time), top), QPointF(x(time), floor))
                self.diamond(painter, x(time), top, 4.5 * self.scale)

    def _draw_time(self, painter: QPainter, x: Scale, top: float, floor: float) -> None:
        below = 22 * self.scale
        for ago in range(_EVERY_S, round(LOOK_BACK_S), _EVERY_S):
            place = x(self._now - ago)
            painter.setPen(QPen(self.color("lines"), 1.0))
            painter.drawLine(QPointF(place, floor), QPointF(place, floor + 5))
            box = QRectF(place - 60, floor + 3, 120, below)
            words = text("practitioner.ago", seconds=ago)
            self.words(painter, box, words, align=Qt.AlignmentFlag.AlignHCenter)
        painter.setPen(QPen(self.color("now"), 1.4))
        painter.drawLine(QPointF(x.end, top), QPointF(x.end, floor))
        box = QRectF(x.end - 120, floor + 3, 120, below)
        self.words(painter, box, text("practitioner.now"), "now", Qt.AlignmentFlag.AlignRight)
        if self._measured and not self._heart and not self._beside.steps.unmeasured:
            middle = QRectF(x.start, top, x.end - x.start, floor - top)
            self.words(painter, middle, text("practitioner.no_beats"), align=Qt.AlignmentFlag.AlignHCenter)


def _runs(seen: NDArray[np.bool_]) -> list[slice]:
    """Where something is seen, from two points on."""
    edges = [0, *(np.flatnonzero(np.diff(seen)) + 1).tolist(), seen.size]
    return [slice(a, b) for a, b in pairwise(edges) if b - a > 1 and seen[a]]


class TracesPanel(Panel):
    """The traces, with what their colours stand for."""

    def __init__(self, theme: Theme, model: ScreenModel) -> None:
        super().__init__(text("practitioner.traces"), text("practitioner.traces_more"))
        self.traces = Traces(theme, model)
        self._theme = theme
        self._legend = quiet_label("", WORDS)
        self.rows.addWidget(self.traces, 1)
        self.rows.addWidget(self._legend)

    def show_legend(self, model: ScreenModel, *, measured: bool) -> None:
        """Only what is there is explained."""
        beside = model.practitioner
        known = beside.breath_direction_known
        there = (
            ("heart", "●", "heart", measured),
            ("breath", "●", "guide", True),
            ("measured", "●", "breath" if known else "breath_unsigned", measured and bool(beside.breath)),
            ("quiet", "○", "doubtful", measured and bool(beside.doubtful)),
        )
        words = "".join(self._explained(*each) for *each, is_there in there if is_there)
        if words != self._legend.text():
            self._legend.setText(words)

    def _explained(self, color: str, sign: str, key: str) -> str:
        words = escape(text(f"practitioner.legend_{key}"))
        return (
            f'<span style="color: {getattr(self._theme, color)}">{sign}</span>&nbsp; {words} &nbsp; &nbsp; '
        )
