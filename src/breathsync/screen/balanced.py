"""Words that wrap into lines of like length, so that no single word stands alone in the last one."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel

from breathsync.screen.theme import set_font


class BalancedLabel(QLabel):
    """Quiet words in as few lines as fit, and each of these no longer than it has to be.

    Only how they are drawn changes: what room they need is asked of them as of any other label.
    """

    def __init__(self, words: str, pixels: int) -> None:
        super().__init__(words)
        self.setObjectName("quiet")
        set_font(self, pixels)
        self.setWordWrap(True)

    def room(self) -> QRect:
        """Where the words are drawn."""
        whole = self.contentsRect()
        free = whole.width() - narrowest(self.fontMetrics(), self.text(), whole.width())
        left = free // 2 if self.alignment() & Qt.AlignmentFlag.AlignHCenter else 0
        return whole.adjusted(left, 0, left - free, 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw them there."""
        how = self.alignment() | Qt.TextFlag.TextWordWrap
        self.style().drawItemText(
            QPainter(self),
            self.room(),
            how.value,
            self.palette(),
            self.isEnabled(),
            self.text(),
            self.foregroundRole(),
        )


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
