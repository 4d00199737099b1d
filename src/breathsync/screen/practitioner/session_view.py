"""All of a session on one time axis: swing with each breath above, steps with marks and notes below."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen

from breathsync.screen.practitioner.drawing import CalmRange, Drawing, Panel, whole_words
from breathsync.screen.practitioner.model import PractitionerModel
from breathsync.screen.practitioner.steps import Segment, Where
from breathsync.screen.theme import Theme
from breathsync.session.report.svg import Scale
from breathsync.session.story import UNMEASURED_KINDS
from breathsync.wording import clock_words, text, text_or_own

_LEAST_TOP_BPM = 12.0
_TIME_STEPS = (30, 60, 120, 300, 600, 900, 1800, 3600, 7200)
_WORDS_ROOM = 26.0  # between two marks: less, and there is only the diamond


class SessionView(Drawing):
    """Bars for breaths, boxes for steps, diamonds for marks, and a line for now."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, text("practitioner.session"))
        self.setMinimumHeight(150)
        self._range = CalmRange(0.0, _LEAST_TOP_BPM, share=0.3)
        self._now, self._measured = 0.0, True
        self._where: Where | None = None
        self._swings: list[tuple[float, float]] = []
        self._marks: list[tuple[float, str]] = []

    def show_session(
        self, now: float, where: Where, model: PractitionerModel, *, swings: bool = True
    ) -> None:
        """Show the session as it stands, with its `swings` or without."""
        self._now, self._where, self._measured = now, where, swings
        self._swings, self._marks = list(model.swings) if swings else [], list(model.marks)
        widest = max((swing for _, swing in self._swings), default=0.0)
        self._range.follow(0.0, max(_LEAST_TOP_BPM, 1.12 * widest))
        on = where.segments[where.on] if where.on is not None else None
        self.setAccessibleDescription(text_or_own(on.title) if on else "")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        where = self._where
        if where is None:
            return
        painter, unit = self.begin(), self.scale
        left, right = 38 * unit, self.width() - 4 * unit
        x = Scale(0.0, max(1.0, where.length_s), left, right)
        axis = self.height() - 20 * unit
        boxes = QRectF(left, axis - 32 * unit, right - left, 28 * unit)
        marks = boxes.top() - 13 * unit
        floor = marks - 14 * unit
        y = Scale(0.0, self._range.high, floor, 6 * unit)
        if self._measured:
            self.levels(painter, y, left, right, 4)
        self._draw_swings(painter, x, y)
        self._draw_steps(painter, x, y, where, boxes)
        self._draw_times(painter, x, axis)
        now = x(min(self._now, where.length_s))
        painter.setPen(QPen(self.color("now"), 1.4))
        above = [(2.0, floor)] if self._swings else []
        for start, end in (*above, (boxes.top() - 3 * unit, boxes.bottom() + 3 * unit)):
            painter.drawLine(QPointF(now, start), QPointF(now, end))  # words stay clear of it
        self._draw_marks(painter, x, marks, right)

    def _draw_swings(self, painter: QPainter, x: Scale, y: Scale) -> None:
        if not self._swings and self._measured:
            box = QRectF(x.start, y.end, x.end - x.start, y.start - y.end)
            self.words(painter, box, text("practitioner.no_swing"), align=Qt.AlignmentFlag.AlignHCenter)
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.color("heart", 0.8))
        width = min(6.0 * self.scale, max(1.0, 4.0 * (x.end - x.start) / (x.high - x.low)))
        for time, swing in self._swings:
            box = QRectF(x(time) - width, y(swing), width, y.start - y(swing))
            painter.drawRoundedRect(box, width / 3, width / 3)

    def _draw_steps(self, painter: QPainter, x: Scale, y: Scale, where: Where, boxes: QRectF) -> None:
        for place, segment in enumerate(where.segments):
            left, right = x(segment.start_s), x(segment.end_s)
            if right - left < 2:
                continue
            box = QRectF(left + 1.5, boxes.top(), right - left - 3, boxes.height())
            on, to_come = place == where.on, where.on is None or place > where.on
            painter.setPen(QPen(self.color("now"), 1.6) if on else Qt.PenStyle.NoPen)
            painter.setBrush(self._tint(segment, faint=to_come))
            painter.drawRoundedRect(box, 6 * self.scale, 6 * self.scale)
            inside = box.adjusted(8 * self.scale, 0, -6 * self.scale, 0)
            words = whole_words(text_or_own(segment.title), inside.width(), painter.fontMetrics())
            self.words(painter, inside, words, "quiet" if to_come else "text")
            if segment.kind in UNMEASURED_KINDS:
                above = QRectF(left, y.end, right - left, y.start - y.end)
                words = text("report.unmeasured")
                self.words(painter, above, words, align=Qt.AlignmentFlag.AlignHCenter)

    def _tint(self, segment: Segment, *, faint: bool) -> object:
        if segment.kind in UNMEASURED_KINDS:
            return self.color("measured", 0.16 if faint else 0.34)
        if segment.guided:
            return self.color("breath", 0.18 if faint else 0.36)
        return self.color("lines", 0.55 if faint else 1.0)

    def _draw_times(self, painter: QPainter, x: Scale, axis: float) -> None:
        about = max(2.0, (x.end - x.start) / (110 * self.scale))
        step = next((s for s in _TIME_STEPS if x.high / s <= about), _TIME_STEPS[-1])
        for tick in range(0, int(x.high) + 1, step):
            box = QRectF(x(tick) - 50, axis + 1, 100, 19 * self.scale)
            box.moveLeft(min(max(box.left(), x.start), x.end - box.width()))
            align = Qt.AlignmentFlag.AlignHCenter
            if box.left() == x.start:
                align = Qt.AlignmentFlag.AlignLeft
            elif box.right() >= x.end:
                align = Qt.AlignmentFlag.AlignRight
            self.words(painter, box, clock_words(tick), align=align)

    def _draw_marks(self, painter: QPainter, x: Scale, y: float, right: float) -> None:
        nexts = [*(time for time, _ in self._marks), float("inf")][1:]
        height = painter.fontMetrics().height()
        for (time, words), following in zip(self._marks, nexts, strict=True):
            place = x(min(time, x.high))
            self.diamond(painter, place, y, 4.5 * self.scale)
            room = min(x(following) if following < x.high else right, right) - place - 16 * self.scale
            if words and room > _WORDS_ROOM * self.scale:
                box = QRectF(place + 9 * self.scale, y - height / 2, room, height)
                shown = whole_words(words, box.width(), painter.fontMetrics())
                self.words(painter, box, shown, "now")


class SessionPanel(Panel):
    """The session's drawing, and how long it still lasts."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(text("practitioner.session"), "")
        self.view = SessionView(theme)
        self.rows.addWidget(self.view, 1)

    def show_session(self, now: float, where: Where, model: PractitionerModel, *, swings: bool) -> None:
        """Show the session as it stands, with its `swings` or without."""
        self.view.show_session(now, where, model, swings=swings)
        if where.left_s is None:
            self.say(clock_words(now))
            return
        times = {"now": now, "whole": where.length_s, "left": where.left_s}
        self.say(text("practitioner.left", **{name: clock_words(at) for name, at in times.items()}))
