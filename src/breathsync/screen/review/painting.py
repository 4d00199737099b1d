"""Paints a piece of a session: for the window, for the strip below it, and for a picture that is kept."""

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from breathsync.heart.hrv import FloatArray
from breathsync.screen.review.model import ReviewModel, View
from breathsync.screen.theme import Theme, font
from breathsync.session.report import curves
from breathsync.session.report.svg import Scale, steps
from breathsync.wording import clock_words, number, text, text_or_own

LEFT, RIGHT = 44.0, 12.0
_BAND, _MARKS, _AXIS = 26.0, 20.0, 24.0
_TIME_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)
_WAVE_LEAST_PX = 5.0
_CROWDED_S_PER_PX, _PLAIN_S_PER_PX = 0.6, 2.5


class SessionPainter:
    """One painting: `rect` holds a `view` of the model."""

    def __init__(
        self,
        painter: QPainter,
        rect: QRectF,
        model: ReviewModel,
        theme: Theme,
        view: View,
        scale: float = 1.0,
    ) -> None:
        self._p, self._rect, self._model, self._theme, self._view = painter, rect, model, theme, view
        self._x = Scale(view.start, view.end, rect.left() + LEFT, rect.right() - RIGHT)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(11 * scale))

    def whole(self, rates: tuple[float, float] | None = None, until: float | None = None) -> None:
        """Steps, marks, heart, guide, swing, time. `rates` fixes the heart's scale; veiled from `until`."""
        rect = self._rect
        top, bottom = rect.top() + _BAND + _MARKS, rect.bottom() - _AXIS
        self._steps(rect.top(), _BAND - 4)
        guided = bool(self._model.story.guided)
        heart_end = top + (bottom - top) * (0.62 if guided else 1.0)
        self._heart(top, heart_end - 6, rates or self._model.rate_range(self._view))
        if guided:
            middle = top + (bottom - top) * 0.76
            self._guide(heart_end + 8, middle - 4)
            self._swing(middle + 14, bottom)
        self._marks(rect.top() + _BAND + _MARKS / 2, bottom)
        self._times(bottom)
        if until is not None and until < self._view.end:
            veil = QRectF(self._x(until), rect.top(), rect.right() - self._x(until), bottom - rect.top())
            self._p.fillRect(veil, self._color("panel", 0.8))

    def small(self) -> None:
        """The strip: the heart rate and the marks alone."""
        rect, model = self._rect, self._model
        low, high = model.rate_range(self._view)
        self._curve(Scale(low, high, rect.bottom() - 4, rect.top() + 4), 1.0, 0.7)
        for time, _ in model.noted():
            self._diamond(self._x(time), rect.top() + 6, 3.0)

    def frame(self, shown: View) -> None:
        """What of the strip is looked at."""
        left, right = self._x(shown.start), self._x(shown.end)
        frame = QRectF(left, self._rect.top() + 1, max(3.0, right - left), self._rect.height() - 2)
        self._p.setPen(QPen(self._color("now"), 1.2))
        self._p.setBrush(self._color("now", 0.10))
        self._p.drawRoundedRect(frame, 4, 4)

    # --- parts ---

    def _color(self, name: str, alpha: float = 1.0) -> QColor:
        return self._theme.color(name, alpha)

    def _steps(self, top: float, height: float) -> None:
        for span in self._model.story.steps:
            left, right = self._seen(span.start_s, span.end_s)
            if right - left < 1:
                continue
            guided = any(a < span.end_s - 1 and b > span.start_s + 1 for a, b in self._model.story.guided)
            self._p.setPen(Qt.PenStyle.NoPen)
            self._p.setBrush(self._color("breath", 0.28) if guided else self._color("lines", 0.8))
            box = QRectF(left + 1, top, right - left - 2, height)
            self._p.drawRoundedRect(box, 5, 5)
            self._words_in(box, text_or_own(span.title))
            if span.unmeasured:
                below = QRectF(left, top + 60, right - left, 30)
                self._words_in(below, text("report.unmeasured"), "quiet")

    def _words_in(self, box: QRectF, words: str, color: str = "text") -> None:
        self._p.setPen(self._color(color))
        shown = self._p.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(box.width()) - 8)
        self._p.drawText(box, Qt.AlignmentFlag.AlignCenter, shown if len(shown) > 2 else "")

    def _heart(self, top: float, bottom: float, rates: tuple[float, float]) -> None:
        y = Scale(*rates, bottom, top + 12)
        self._levels(y, 5)
        self._label(top + 6, text("report.axis_heart"))
        self._curve(y, 1.6, 1.0)
        self._doubtful(bottom)

    def _curve(self, y: Scale, width: float, alpha: float) -> None:
        room = self._x.end - self._x.start
        crowded = self._view.lasts > _CROWDED_S_PER_PX * room  # thin and plain: thick is slow, and a smear
        self._p.setPen(QPen(self._color("heart", alpha), 1.0 if crowded else width))
        self._p.setRenderHint(
            QPainter.RenderHint.Antialiasing, on=self._view.lasts < _PLAIN_S_PER_PX * room
        )
        self._p.save()
        self._p.setClipRect(QRectF(self._x.start, y.end, room, y.start - y.end))
        for times, rates in self._model.visible_rates(self._view, round(2 * room)):
            self._polyline(times, rates, y)
        self._p.restore()
        self._p.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _polyline(self, times: FloatArray, values: FloatArray, y: Scale) -> None:
        """Piece by piece: long thick polylines cost Qt far more than their pieces do."""
        xs = self._x.start + (times - self._x.low) * (self._x.end - self._x.start) / (
            self._x.high - self._x.low
        )
        ys = y.start + (values - y.low) * (y.end - y.start) / (y.high - y.low)
        points = list(map(QPointF, xs.tolist(), ys.tolist()))
        for k in range(0, len(points) - 1, 40):
            self._p.drawPolyline(QPolygonF(points[k : k + 41]))

    def _doubtful(self, y: float) -> None:
        """Where beats are doubtful or missing: small open dots on the floor."""
        times = self._model.doubtful
        inside = times[(times >= self._view.start) & (times <= self._view.end)]
        self._p.setPen(QPen(self._color("quiet"), 1.0))
        self._p.setBrush(Qt.BrushStyle.NoBrush)
        for x in np.unique(np.round([self._x(t) for t in inside.tolist()] or [], 0)).tolist():
            self._p.drawEllipse(QPointF(x, y - 2), 2.2, 2.2)

    def _guide(self, top: float, bottom: float) -> None:
        self._label(top + 4, text("report.axis_guide"))
        y = Scale(0.0, 1.0, bottom, top + 8)
        for start, end in self._guided():
            left, right = self._x(start), self._x(end)
            self._p.setPen(Qt.PenStyle.NoPen)
            self._p.setBrush(self._color("breath", 0.30))
            derived = self._model.derived
            if derived is None or not self._wave_fits():
                self._p.drawRect(QRectF(left, top + 8, max(1.0, right - left), bottom - top - 8))
                continue
            grid, fullness = curves.guide_wave(
                derived, start, end, max(0.05, self._view.lasts / (right - left + 1))
            )
            known = ~np.isnan(fullness)
            wave = [
                QPointF(self._x(t), y(v))
                for t, v in zip(grid[known].tolist(), fullness[known].tolist(), strict=True)
            ]
            if wave:
                ends = [QPointF(wave[-1].x(), bottom), QPointF(wave[0].x(), bottom)]
                self._p.drawPolygon(QPolygonF([*wave, *ends]))

    def _guided(self) -> Iterator[tuple[float, float]]:
        for start, end in self._model.story.guided:
            start, end = max(start, self._view.start), min(end, self._view.end)
            if end > start:
                yield start, end

    def _wave_fits(self) -> bool:
        quickest = min((p.period_s for p in self._model.story.paces), default=10.0)
        return quickest * (self._x.end - self._x.start) / self._view.lasts >= _WAVE_LEAST_PX

    def _swing(self, top: float, bottom: float) -> None:
        times, swings = self._model.visible_swings(self._view)
        y = Scale(0.0, max(10.0, 1.1 * float(swings.max(initial=0.0))), bottom, top)
        self._label(top - 6, text("report.axis_swing"))
        self._levels(y, 2)
        self._p.setPen(Qt.PenStyle.NoPen)
        self._p.setBrush(self._color("breath", 0.75))
        room = self._x.end - self._x.start
        width = min(10.0, max(1.0, 5.0 * room / self._view.lasts))
        for time, swing in zip(times.tolist(), swings.tolist(), strict=True):
            self._p.drawRect(QRectF(self._x(time) - width, y(swing), width, bottom - y(swing)))

    def _marks(self, y: float, bottom: float) -> None:
        noted = self._model.noted()
        nexts = [*(time for time, _ in noted), float("inf")][1:]
        for (time, words), following in zip(noted, nexts, strict=True):
            if not self._view.start <= time <= self._view.end:
                continue
            x = self._x(time)
            room = min(240.0, self._x(min(following, self._view.end)) - x - 16)
            pen = QPen(self._color("now", 0.7), 1.0)
            pen.setDashPattern([2, 4])
            self._p.setPen(pen)
            self._p.drawLine(QPointF(x, y), QPointF(x, bottom))
            self._diamond(x, y, 4.5)
            if words:
                self._p.setPen(self._color("now"))
                shown = self._p.fontMetrics().elidedText(
                    words, Qt.TextElideMode.ElideRight, max(0, int(room))
                )
                box = QRectF(x + 8, y - 10, max(0.0, room), 20)
                self._p.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)

    def _diamond(self, x: float, y: float, radius: float) -> None:
        self._p.setPen(Qt.PenStyle.NoPen)
        self._p.setBrush(self._color("now"))
        corners = [
            QPointF(x, y - radius),
            QPointF(x + radius, y),
            QPointF(x, y + radius),
            QPointF(x - radius, y),
        ]
        self._p.drawPolygon(QPolygonF(corners))

    def _levels(self, y: Scale, about: int) -> None:
        for level in steps(y.low, y.high, about):
            self._p.setPen(QPen(self._color("lines"), 0.8))
            self._p.drawLine(QPointF(self._x.start, y(level)), QPointF(self._x.end, y(level)))
            self._p.setPen(self._color("quiet"))
            box = QRectF(self._rect.left(), y(level) - 8, LEFT - 8, 16)
            self._p.drawText(
                box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, number(level)
            )

    def _label(self, y: float, words: str) -> None:
        self._p.setPen(self._color("quiet"))
        self._p.drawText(QPointF(self._x.start + 2, y), words)

    def _times(self, y: float) -> None:
        about = max(2.0, (self._x.end - self._x.start) / 90)
        step = next((s for s in _TIME_STEPS if self._view.lasts / s <= about), _TIME_STEPS[-1])
        tick = -(-self._view.start // step) * step
        self._p.setPen(self._color("quiet"))
        while tick <= self._view.end:
            x = self._x(tick)
            self._p.drawLine(QPointF(x, y + 2), QPointF(x, y + 6))
            left = min(max(x - 45, self._rect.left()), self._rect.right() - 90)
            self._p.drawText(QRectF(left, y + 6, 90, 18), Qt.AlignmentFlag.AlignCenter, clock_words(tick))
            tick += step

    def _seen(self, start: float, end: float) -> tuple[float, float]:
        return self._x(max(start, self._view.start)), self._x(min(end, self._view.end))
