"""Practice over weeks: minutes a day, swing with its uncertainty, what was said. There is no goal line."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from breathsync.screen.page import QuietButton, quiet_label
from breathsync.screen.review.deriving import Deriving
from breathsync.screen.theme import Theme, font, set_font
from breathsync.session import library
from breathsync.session.derived import Derived
from breathsync.session.history import PastSession, in_a_sentence, past_session
from breathsync.session.report.svg import Scale, steps
from breathsync.settings import Settings
from breathsync.wording import day_words, number, text

_LEFT, _RIGHT = 46.0, 16.0
_LANES = ("minutes", "swing", "said")
_SHARES = {"minutes": 2, "swing": 3, "said": 5}
_SAID = ("threat", "drive", "soothing")
_COLORS = {"threat": "heart", "drive": "measured", "soothing": "breath"}
_LEAST_DAYS = 28


class HistoryChart(QWidget):
    """Three lanes over the same days."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._sessions: Sequence[PastSession] = ()
        self.setMinimumHeight(360)
        self.setAccessibleName(text("history.canvas"))

    def show_sessions(self, sessions: Sequence[PastSession]) -> None:
        """Show these."""
        self._sessions = sessions
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw them."""
        if not self._sessions:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(12))
        last = max(s.day for s in self._sessions)
        first = min(*(s.day for s in self._sessions), last - timedelta(days=_LEAST_DAYS))
        x = Scale(0.0, float((last - first).days + 1), _LEFT, self.width() - _RIGHT)
        lanes = _LANES if any(s.story.check_ins for s in self._sessions) else _LANES[:2]
        shares = [_SHARES[lane] for lane in lanes]
        top = 0.0
        for lane, share in zip(lanes, shares, strict=True):
            tall = (self.height() - 30.0) * share / sum(shares)
            self._label(painter, top + 14, text(f"history.{lane}_lane"))
            _Lane(painter, self._theme, self._sessions, x, first, (top + 26, top + tall - 12)).draw(lane)
            top += tall
        self._days(painter, x, first, last)

    def _label(self, painter: QPainter, y: float, words: str) -> None:
        painter.setPen(self._theme.color("quiet"))
        painter.drawText(QPointF(_LEFT, y), words)

    def _days(self, painter: QPainter, x: Scale, first: date, last: date) -> None:
        painter.setPen(self._theme.color("quiet"))
        monday = first + timedelta(days=-first.weekday() % 7)
        every = max(1, round((last - first).days / 7 * 70 / max(1.0, x.end - x.start)))
        while monday <= last:
            at = x((monday - first).days + 0.5)
            box = QRectF(at - 40, self.height() - 24, 80, 18)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, day_words(monday))
            monday += timedelta(days=7 * every)


class _Lane:
    """One lane of the chart, from top to bottom."""

    def __init__(
        self,
        painter: QPainter,
        theme: Theme,
        sessions: Sequence[PastSession],
        x: Scale,
        first: date,
        span: tuple[float, float],
    ) -> None:
        self._p, self._theme, self._sessions = painter, theme, sessions
        self._x, self._first, (self._top, self._bottom) = x, first, span

    def draw(self, lane: str) -> None:
        """Draw what the lane is for."""
        {"minutes": self._minutes, "swing": self._swing, "said": self._said}[lane]()

    def _at(self, session: PastSession) -> float:
        hours = session.started.hour + session.started.minute / 60
        return self._x((session.day - self._first).days + 0.2 + 0.6 * hours / 24)

    def _scale(self, low: float, high: float, about: int) -> Scale:
        y = Scale(low, high, self._bottom, self._top)
        for level in steps(low, high, about):
            self._p.setPen(QPen(self._theme.color("lines"), 0.8))
            self._p.drawLine(QPointF(self._x.start, y(level)), QPointF(self._x.end, y(level)))
            self._p.setPen(self._theme.color("quiet"))
            box = QRectF(0, y(level) - 9, _LEFT - 8, 18)
            self._p.drawText(
                box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, number(level)
            )
        return y

    def _minutes(self) -> None:
        by_day: dict[date, float] = {}
        for session in self._sessions:
            by_day[session.day] = by_day.get(session.day, 0.0) + session.minutes
        y = self._scale(0.0, max(10.0, 1.1 * max(by_day.values())), 3)
        self._p.setPen(Qt.PenStyle.NoPen)
        self._p.setBrush(self._theme.color("breath", 0.7))
        wide = min(16.0, max(2.0, (self._x(1) - self._x(0)) * 0.7))
        for day, minutes in by_day.items():
            middle = self._x((day - self._first).days + 0.5)
            self._p.drawRoundedRect(
                QRectF(middle - wide / 2, y(minutes), wide, self._bottom - y(minutes)), 2, 2
            )

    def _swing(self) -> None:
        told = [(s, s.swing) for s in self._sessions if s.swing is not None]
        highest = max((w.swing_bpm + w.standard_error_bpm for _, w in told), default=10.0)
        y = self._scale(0.0, max(10.0, 1.1 * highest), 3)
        color = self._theme.color("heart")
        for session, swing in told:
            at, error = self._at(session), swing.standard_error_bpm
            self._p.setPen(QPen(color, 1.2))
            ends = QPointF(at, y(swing.swing_bpm - error)), QPointF(at, y(swing.swing_bpm + error))
            self._p.drawLine(*ends)
            self._p.setBrush(color)
            self._p.drawEllipse(QPointF(at, y(swing.swing_bpm)), 3.4, 3.4)

    def _said(self) -> None:
        """Each of the three in a third of the lane, so that none hides another."""
        room = (self._bottom - self._top) / 3
        whole = self._top, self._bottom
        for place, name in enumerate(_SAID):
            self._top, self._bottom = whole[0] + place * room + 6, whole[0] + (place + 1) * room - 6
            y = self._scale(0.0, 10.0, 1)
            color = self._theme.color(_COLORS[name])
            self._p.setPen(color)
            self._p.drawText(QPointF(self._x.start + 4, self._top + 4), text(f"history.{name}"))
            for session in self._sessions:
                self._before_after(session, name, y)
        self._top, self._bottom = whole

    def _before_after(self, session: PastSession, name: str, y: Scale) -> None:
        at, color = self._at(session), self._theme.color(_COLORS[name])
        places = {m: y(v) for m in ("before", "after") if (v := session.said(name, m)) is not None}
        self._p.setPen(QPen(color, 1.2))
        if len(places) == 2:
            self._p.drawLine(QPointF(at, places["before"]), QPointF(at, places["after"]))
        for moment, place in places.items():
            self._p.setBrush(color if moment == "after" else self._theme.color("panel"))
            self._symbol(name, at, place)

    def _symbol(self, name: str, x: float, y: float) -> None:
        """A shape of its own for each: colour alone tells nobody enough."""
        if name == "soothing":
            self._p.drawEllipse(QPointF(x, y), 3.2, 3.2)
        elif name == "drive":
            self._p.drawRect(QRectF(x - 3, y - 3, 6, 6))
        else:
            corners = [QPointF(x, y - 4), QPointF(x + 3.8, y + 3), QPointF(x - 3.8, y + 3)]
            self._p.drawPolygon(QPolygonF(corners))


class HistoryPage(QWidget):
    """The page: whose practice, the chart, and what was counted. New sessions are derived one by one."""

    left = Signal()
    kept_wished = Signal()

    def __init__(self, theme: Theme, settings: Settings) -> None:
        super().__init__()
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._settings = settings
        everyone = [
            s for f in library.kept(settings.recordings_folder) if (s := past_session(f)) is not None
        ]
        self._everyone = sorted(everyone, key=lambda s: s.started.timestamp())
        self._waiting: list[Path] = []
        self.deriving: Deriving | None = None
        self.chart = HistoryChart(theme)
        self.summary = quiet_label("", 15)
        self.progress = quiet_label("", 13)
        self.who = QComboBox()
        self.who.setAccessibleName(text("history.choose"))
        names = sorted({s.code_name or "" for s in self._everyone})
        self.who.addItems(names)
        self.who.setVisible(len(names) > 1)
        self.who.currentIndexChanged.connect(self._show)
        self._lay_out()
        for session in list(self._everyone):
            self._begin(session)
        self._show()
        self._next()

    def _lay_out(self) -> None:
        title = QLabel(text("history.title"))
        set_font(title, 21, QFont.Weight.DemiBold)
        top = QHBoxLayout()
        top.addWidget(title, 1)
        top.addWidget(self.who)
        kept = QuietButton(text("kept.button"))
        kept.clicked.connect(self.kept_wished)
        top.addWidget(kept)
        leave = QuietButton(text("history.leave"))
        leave.clicked.connect(self.left)
        top.addWidget(leave)
        held = QWidget()
        held.setObjectName("panel")
        held.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        inside = QVBoxLayout(held)
        inside.setContentsMargins(16, 14, 16, 10)
        inside.addWidget(self.chart)
        column = QVBoxLayout(self)
        column.setContentsMargins(36, 24, 36, 20)
        column.setSpacing(12)
        column.addLayout(top)
        column.addWidget(self.summary)
        column.addWidget(held, 1)
        column.addWidget(self.progress)
        column.addWidget(quiet_label(text("history.page_words"), 12))

    # --- showing ---

    @property
    def sessions(self) -> list[PastSession]:
        """Those of the person who is chosen."""
        return [s for s in self._everyone if (s.code_name or "") == self.who.currentText()]

    def _show(self) -> None:
        sessions = self.sessions
        self.chart.show_sessions(sessions)
        self.progress.setText(text("history.deriving", count=len(self._waiting)) if self._waiting else "")
        if not sessions:
            self.summary.setText(text("history.nothing", folder=self._settings.recordings_folder))
            return
        self.summary.setText(in_a_sentence(sessions))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    # --- deriving ---

    def _begin(self, session: PastSession) -> None:
        kept = Deriving(session.file, self._settings.profiles_folder, self).kept()
        if kept is None:
            self._waiting.append(session.file)
        else:
            self._replace(session.with_swing(kept))

    def _replace(self, session: PastSession) -> None:
        self._everyone = [session if s.file == session.file else s for s in self._everyone]

    def _next(self) -> None:
        """Derive the newest one that waits."""
        if not self._waiting:
            self.deriving = None
            return
        file = self._waiting[-1]
        self.deriving = Deriving(file, self._settings.profiles_folder, self)
        self.deriving.ready.connect(lambda derived: self._took(file, derived))
        self.deriving.not_possible.connect(lambda: self._took(file, None))
        self.deriving.start()

    def _took(self, file: Path, derived: object) -> None:
        if isinstance(derived, Derived):
            session = next(s for s in self._everyone if s.file == file)
            self._replace(session.with_swing(derived))
        self._waiting.remove(file)
        self._show()
        self._next()

    def close_down(self) -> None:
        """Nobody looks any more."""
        if self.deriving is not None:
            self.deriving.stop()
            self.deriving = None
