"""Words that wrap into lines of like length, so that no single word stands alone in the last one."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel

from breathsync.screen.theme import set_font


class BalancedLabel(QLabel):
    """Quiet words in as few lines as fit, and each of these no longer than it has to be."""

    def __init__(self, words: str, pixels: int) -> None:
        super().__init__(words)
        self.setObjectName("quiet")
        set_font(self, pixels)
        self.setWordWrap(True)

    def taken(self) -> QRect:
        """Where the words stand; the room that the label asks for is as without balance."""
        whole = self.contentsRect()
        width = narrowest(self.fontMetrics(), self.text(), whole.width())
        left = (whole.width() - width) // 2 if self.alignment() & Qt.AlignmentFlag.AlignHCenter else 0
        return QRect(whole.x() + left, whole.y(), width, whole.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw them there."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.taken(), self.alignment() | Qt.TextFlag.TextWordWrap, self.text())


def narrowest(metrics: QFontMetrics, words: str, width: int) -> int:
    """The least width in which the words take no more lines than they do in `width`."""
    height = _bounds(metrics, words, width).height()
    low, high = 0, width
    while high - low > 1:
        middle = (low + high) // 2
        bounds = _bounds(metrics, words, middle)
        if bounds.height() <= height and bounds.width() <= middle:
            high = middle
        else:
            low = middle
    return high


def _bounds(metrics: QFontMetrics, words: str, width: int) -> QRect:
    return metrics.boundingRect(QRect(0, 0, width, 1 << 14), Qt.TextFlag.TextWordWrap, words)
