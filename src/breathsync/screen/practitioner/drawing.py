"""What the drawings of the practitioner's window share: panels, levels, words, marks, calm scales."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from breathsync.heart.hrv import FloatArray
from breathsync.screen.page import quiet_label
from breathsync.screen.theme import Theme, font, set_font
from breathsync.session.report.svg import Scale, steps
from breathsync.wording import number

HEADING, WORDS = 15, 14
_PIECE = 40  # long thick polylines cost Qt far more than their pieces do
_FOLLOWS = 0.05  # of the way in each frame


class CalmRange:
    """A scale that moves slowly to where it is needed, so that nothing on it jumps."""

    def __init__(self, low: float, high: float, share: float = _FOLLOWS) -> None:
        self.low, self.high, self._share = low, high, share
        self._set = False

    def follow(self, low: float, high: float) -> None:
        """Come nearer; at first at once."""
        share = self._share if self._set else 1.0
        self._set = True
        self.low += share * (low - self.low)
        self.high += share * (high - self.high)


class Panel(QWidget):
    """A panel: its name, a quiet word at the right, and what it holds."""

    def __init__(self, heading: str, more: str = "") -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(heading)
        name = QLabel(heading)
        name.setWordWrap(True)
        set_font(name, HEADING, QFont.Weight.DemiBold)
        self.more = quiet_label(more, WORDS)
        self.more.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(name, 1)
        row.addWidget(self.more, 1)
        self.rows = QVBoxLayout(self)
        self.rows.addLayout(row)
        Panel.rescale(self, 1.0)

    def rescale(self, scale: float) -> None:
        """Make room in proportion to the window."""
        self.rows.setContentsMargins(*(round(m * scale) for m in (18, 9, 18, 10)))
        self.rows.setSpacing(round(5 * scale))

    def say(self, words: str) -> None:
        """The quiet word at the right."""
        if self.more.text() != words:
            self.more.setText(words)


class Drawing(QWidget):
    """Something drawn; `scale` grows with the window."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.theme, self.scale = theme, 1.0
        self.setAccessibleName(name)

    def color(self, name: str, alpha: float = 1.0) -> QColor:
        """A colour of the theme."""
        return self.theme.color(name, alpha)

    def begin(self) -> QPainter:
        """A painter with the drawing's letters."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(max(11.0, 13 * self.scale)))
        return painter

    def levels(self, painter: QPainter, y: Scale, left: float, right: float, about: int) -> None:
        """Quiet lines at round values, each with its number."""
        height = painter.fontMetrics().height()
        for level in steps(y.low, y.high, about):
            painter.setPen(QPen(self.color("lines"), 1.0))
            painter.drawLine(QPointF(left, y(level)), QPointF(right, y(level)))
            painter.setPen(self.color("quiet"))
            box = QRectF(0, y(level) - height / 2, left - 8 * self.scale, height)
            painter.drawText(
                box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, number(level)
            )

    def words(
        self,
        painter: QPainter,
        box: QRectF,
        words: str,
        color: str = "quiet",
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:
        """Words in a box, as much of them as fits."""
        painter.setPen(self.color(color))
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(box, align | Qt.AlignmentFlag.AlignVCenter, shown if len(shown) > 2 else "")

    def diamond(self, painter: QPainter, x: float, y: float, radius: float) -> None:
        """Somebody's own mark."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.color("now"))
        corners = ((0, -radius), (radius, 0), (0, radius), (-radius, 0))
        painter.drawPolygon(QPolygonF([QPointF(x + dx, y + dy) for dx, dy in corners]))


def whole_words(words: str, room: float, metrics: QFontMetrics) -> str:
    """As many whole words as there is room for; none rather than a piece of one."""
    if metrics.horizontalAdvance(words) <= room:
        return words
    while " " in words:
        words = words.rpartition(" ")[0].rstrip(",;:")
        if metrics.horizontalAdvance(words + "…") <= room:
            return words + "…"
    return ""


def pieces(xs: FloatArray, ys: FloatArray) -> list[QPolygonF]:
    """A line through points, in pieces that follow each other."""
    points = list(map(QPointF, xs.tolist(), ys.tolist()))
    return [QPolygonF(points[k : k + _PIECE + 1]) for k in range(0, len(points) - 1, _PIECE)]


def area(xs: FloatArray, ys: FloatArray, floor: float) -> QPolygonF:
    """What lies between a line and a floor."""
    points = map(QPointF, xs.tolist(), ys.tolist())
    return QPolygonF([QPointF(xs[0], floor), *points, QPointF(xs[-1], floor)])


def onto(x: Scale, y: Scale, origin: float = 0.0) -> QTransform:
    """Lays points of these scales, their `x` counted from an origin, where they belong: in Qt, not here."""
    across, up = (x.end - x.start) / (x.high - x.low), (y.end - y.start) / (y.high - y.low)
    return QTransform(across, 0, 0, up, x(origin), y.start - y.low * up)
