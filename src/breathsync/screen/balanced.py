"""Words that wrap into lines of like length, so that no single word stands alone in the last one."""

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QLabel

from breathsync.screen.theme import set_font


class BalancedLabel(QLabel):
    """Quiet words in as few lines as fit, and each of these no longer than it has to be."""

    def __init__(self, words: str, pixels: int) -> None:
        super().__init__(words)
        self.setObjectName("quiet")
        set_font(self, pixels)
        self.setWordWrap(True)

    def setText(self, words: str) -> None:
        """Other words wrap elsewhere."""
        super().setText(words)
        self._balance()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """So do the same words in another width."""
        super().resizeEvent(event)
        self._balance()

    def changeEvent(self, event: QEvent) -> None:
        """Or in another size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._balance()

    def _balance(self) -> None:
        free = self.width() - narrowest(self.fontMetrics(), self.text(), self.width())
        left = free // 2 if self.alignment() & Qt.AlignmentFlag.AlignHCenter else 0
        self.setContentsMargins(left, 0, free - left, 0)


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
