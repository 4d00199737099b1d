"""Where a session is drawn and moved about: the piece in view, and the strip with all of it."""

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QWheelEvent
from PySide6.QtWidgets import QWidget

from breathsync.screen.review.model import ReviewModel, View
from breathsync.screen.review.painting import LEFT, RIGHT, SessionPainter
from breathsync.screen.theme import Theme, font
from breathsync.wording import clock_words, text

_A_NOTCH = 120
_ZOOM_PER_NOTCH = 0.8


class _Drawn(QWidget):
    """A drawing that is made once and shown until something in it changes."""

    moved = Signal()

    def __init__(self, model: ReviewModel, theme: Theme) -> None:
        super().__init__()
        self.model, self.theme = model, theme
        self._kept: QPixmap | None = None
        self._shows: object = None

    def drawn(self, shows: object) -> QPixmap:
        """The drawing, made anew if what it `shows` is not what it showed."""
        shows = (shows, self.model.version, self.width(), self.height())
        if self._kept is None or shows != self._shows:
            self._shows = shows
            ratio = self.devicePixelRatioF()
            self._kept = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
            self._kept.setDevicePixelRatio(ratio)
            self._kept.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._kept)
            self.draw(painter)
            painter.end()
        return self._kept

    def draw(self, painter: QPainter) -> None:
        """Draw it."""
        raise NotImplementedError

    def time_at(self, x: float, view: View) -> float:
        """The moment at a place."""
        room = max(1.0, self.width() - LEFT - RIGHT)
        return view.start + (x - LEFT) / room * view.lasts

    def place_of(self, time: float, view: View) -> float:
        """The place of a moment."""
        return LEFT + (time - view.start) / view.lasts * (self.width() - LEFT - RIGHT)


class TimeCanvas(_Drawn):
    """The piece in view with the cursor. Drag moves it, the wheel zooms, a click points."""

    def __init__(self, model: ReviewModel, theme: Theme, fixed: View | None = None) -> None:
        super().__init__(model, theme)
        self.fixed = fixed  # a view of its own, for comparing
        self.until: float | None = None  # where what is compared ends
        self.scale = 1.0
        self.rates: tuple[float, float] | None = None
        self._pressed: QPointF | None = None
        self._dragged = False
        self.setMinimumHeight(150)
        self.setAccessibleName(text("review.canvas"))
        self.setMouseTracking(False)

    @property
    def view(self) -> View:
        """What is looked at."""
        return self.fixed or self.model.view

    def draw(self, painter: QPainter) -> None:
        """Draw all but the cursor."""
        rect = QRectF(0, 0, self.width(), self.height())
        painting = SessionPainter(painter, rect, self.model, self.theme, self.view, self.scale)
        painting.whole(self.rates, self.until)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The drawing, and the cursor over it."""
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self.drawn((self.view, self.rates, self.until, self.scale)))
        if self.view.start <= self.model.cursor <= self.view.end and self.fixed is None:
            x = self.place_of(self.model.cursor, self.view)
            painter.setPen(QPen(self.theme.color("now"), 1.4))
            painter.drawLine(QPointF(x, 24), QPointF(x, self.height() - 18))
            painter.setFont(font(12 * self.scale))
            box = QRectF(min(max(0.0, x - 45), self.width() - 90.0), self.height() - 19, 90, 18)
            painter.fillRect(box, self.theme.color("panel"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, clock_words(self.model.cursor))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click or a drag begins."""
        self._pressed, self._dragged = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the session along."""
        if self._pressed is None or self.fixed is not None:
            return
        by = event.position().x() - self._pressed.x()
        if self._dragged or abs(by) > 3:
            self._dragged = True
            self._pressed = event.position()
            self.model.move(-by / max(1.0, self.width() - LEFT - RIGHT) * self.view.lasts)
            self.moved.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click points."""
        if self._pressed is not None and not self._dragged:
            self.model.point(self.time_at(event.position().x(), self.view))
            self.moved.emit()
        self._pressed = None

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom where the pointer is; sideways moves."""
        if self.fixed is not None:
            return
        turn = event.angleDelta()
        if abs(turn.x()) > abs(turn.y()):
            self.model.move(-turn.x() / _A_NOTCH * 0.1 * self.view.lasts)
        else:
            around = self.time_at(event.position().x(), self.view)
            self.model.zoom(_ZOOM_PER_NOTCH ** (turn.y() / _A_NOTCH), around)
        self.moved.emit()


class Strip(_Drawn):
    """All of the session, and which piece of it is in view; press or drag to look elsewhere."""

    def __init__(self, model: ReviewModel, theme: Theme) -> None:
        super().__init__(model, theme)
        self.setFixedHeight(54)
        self.setAccessibleName(text("review.strip"))

    @property
    def _all(self) -> View:
        return View(0.0, self.model.length_s)

    def draw(self, painter: QPainter) -> None:
        """Draw all but the frame."""
        self._painted(painter).small()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The drawing, and the frame over it."""
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self.drawn(None))
        self._painted(painter).frame(self.model.view)

    def _painted(self, painter: QPainter) -> SessionPainter:
        rect = QRectF(0, 0, self.width(), self.height())
        return SessionPainter(painter, rect, self.model, self.theme, self._all)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Look there."""
        middle = self.time_at(event.position().x(), self._all)
        half = self.model.view.lasts / 2
        self.model.look(middle - half, middle + half)
        self.moved.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """And there."""
        self.mousePressEvent(event)
