"""The last minute and a half: guide, measured breath, and the heart rate where it truly was."""

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QLabel

from breathsync.heart.hrv import FloatArray
from breathsync.screen.curves import NOTHING, RibbonCurves
from breathsync.screen.page import quiet_label
from breathsync.screen.practitioner.drawing import WORDS, CalmRange, Drawing, Panel, line, places
from breathsync.screen.practitioner.model import LOOK_BACK_S
from breathsync.screen.state import ScreenModel
from breathsync.screen.theme import Theme, set_font
from breathsync.session.report.svg import Scale
from breathsync.wording import text

_AIR_BPM, _LEAST_BPM = 3.0, 16.0
_EVERY_S = 30
_BREATH_AIR = 0.17  # above and below the guide: a deep breath still has room


class Traces(Drawing):
    """Guide filled, breath thin, heart strong; the heart's line ends where the strap's delay lets it."""

    def __init__(self, theme: Theme, model: ScreenModel) -> None:
        super().__init__(theme, text("practitioner.traces"))
        self._theme = theme
        self.setMinimumHeight(130)
        self.follow(model)

    def follow(self, model: ScreenModel) -> None:
        """Show this session."""
        self._model, self._beside = model, model.practitioner
        self._curves = RibbonCurves(model, LOOK_BACK_S, 0.0)
        self._range = CalmRange(50.0, 90.0)
        self._now, self._measured = 0.0, True
        self._marks: tuple[float, ...] = ()
        self._guide: tuple[FloatArray, FloatArray] = (np.empty(0),) * 2
        self._pieces: list[tuple[FloatArray, FloatArray]] = []

    def show_now(self, now: float, marks: tuple[float, ...], *, measured: bool = True) -> None:
        """Show the seconds before `now`; without what is `measured` the guide alone."""
        self._now, self._marks, self._measured = now, marks, measured
        times, fullness = self._curves.guide(now)
        seen = times <= now
        self._guide = times[seen], fullness[seen]
        self._pieces = list(self._heart_pieces(now)) if measured else []
        known = np.concatenate([rates for _, rates in self._pieces] or [np.empty(0)])
        if known.size:
            low, high = float(known.min()), float(known.max())
            air = max(_AIR_BPM, (_LEAST_BPM - (high - low)) / 2)
            self._range.follow(low - air, high + air)
        self.update()

    def _heart_pieces(self, now: float) -> Iterator[tuple[FloatArray, FloatArray]]:
        """The heart rate in unbroken pieces, without what is nobody's measurement."""
        times, rates = self._curves.rates(now)
        hidden = self._beside.steps.hidden
        out = np.isnan(rates) | (times < now - LOOK_BACK_S)
        if times.size and (self._beside.steps.unmeasured or hidden(float(times[0]))):
            moments: list[float] = times.tolist()
            out |= np.array([hidden(moment) for moment in moments])
        edges = np.flatnonzero(np.diff(out.astype(np.int8))) + 1
        for piece_times, piece, gone in zip(
            np.split(times, edges), np.split(rates, edges), np.split(out, edges), strict=True
        ):
            if piece.size > 1 and not gone[0]:
                yield piece_times, piece

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
        height = Scale(0.0, 1.0, floor - _BREATH_AIR * (floor - top), top + _BREATH_AIR * (floor - top))
        self._draw_guide(painter, x, height, floor)
        if self._measured:
            self._draw_breath(painter, x, height)
        painter.setPen(QPen(self.color("heart"), 2.2 * self.scale))
        for piece in self._pieces:
            line(painter, places(x, y, piece))
        painter.restore()
        if self._measured:
            self._draw_doubtful(painter, x, floor)
        self._draw_marks(painter, x, top, floor)
        self._draw_time(painter, x, top, floor)

    def _draw_guide(self, painter: QPainter, x: Scale, height: Scale, floor: float) -> None:
        times, fullness = self._guide
        seen = fullness > NOTHING
        if not seen.any():
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.color("breath", 0.2))
        for piece in np.split(np.arange(times.size), np.flatnonzero(np.diff(seen.astype(np.int8))) + 1):
            if piece.size > 1 and seen[piece[0]]:
                points = places(x, height, (times[piece], fullness[piece]))
                ends = [QPointF(points[-1].x(), floor), QPointF(points[0].x(), floor)]
                painter.drawPolygon(QPolygonF([*points, *ends]))

    def _draw_breath(self, painter: QPainter, x: Scale, height: Scale) -> None:
        painter.setPen(QPen(self.color("measured", 0.95), 1.3 * self.scale))
        points: list[QPointF] = []
        for time, level in self._beside.breath:
            if level is None or self._beside.steps.hidden(time):
                line(painter, points)
                points = []
            elif time > self._now - LOOK_BACK_S - 1:
                points.append(QPointF(x(time), height(0.5 + level)))
        line(painter, points)

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
        if self._measured and not self._pieces and not self._beside.steps.unmeasured:
            middle = QRectF(x.start, top, x.end - x.start, floor - top)
            self.words(painter, middle, text("practitioner.no_beats"), align=Qt.AlignmentFlag.AlignHCenter)


class TracesPanel(Panel):
    """The traces, with what their colours stand for."""

    def __init__(self, theme: Theme, model: ScreenModel) -> None:
        super().__init__(text("practitioner.traces"), text("practitioner.traces_more"))
        self.traces = Traces(theme, model)
        self._legend: dict[str, tuple[QLabel, QLabel]] = {}
        row = QHBoxLayout()
        row.setSpacing(8)
        for color, key, sign in (
            ("heart", "heart", "●"),
            ("breath", "guide", "●"),
            ("measured", "breath", "●"),
            ("quiet", "doubtful", "○"),
        ):
            dot = QLabel(sign)
            dot.setStyleSheet(f"color: {getattr(theme, color)}")
            set_font(dot, WORDS)
            words = quiet_label(text(f"practitioner.legend_{key}"), WORDS)
            words.setWordWrap(False)
            row.addWidget(dot)
            row.addWidget(words)
            row.addSpacing(14)
            self._legend[key] = dot, words
        row.addStretch(1)
        self.rows.addWidget(self.traces, 1)
        self.rows.addLayout(row)

    def show_legend(self, model: ScreenModel, *, measured: bool) -> None:
        """Only what is there is explained."""
        beside = model.practitioner
        known = {"heart": True, "breath": bool(beside.breath), "doubtful": bool(beside.doubtful)}
        shown = {key: measured and is_known for key, is_known in known.items()}
        for key, there in shown.items():
            for part in self._legend[key]:
                if part.isVisibleTo(self) != there:
                    part.setVisible(there)
        key = "legend_breath" if beside.breath_direction_known else "legend_breath_unsigned"
        self._legend["breath"][1].setText(text(f"practitioner.{key}"))
