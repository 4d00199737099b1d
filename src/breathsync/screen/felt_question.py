"""How was that pace? Three answers and none, by key or hand, over the words while it is asked."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from breathsync.events import Comfort
from breathsync.screen.page import QuietButton, quiet_label
from breathsync.screen.theme import FINE, set_font
from breathsync.wording import text

FELT_KEYS = {
    Qt.Key.Key_1: Comfort.EASY.value,
    Qt.Key.Key_2: Comfort.BETWEEN.value,
    Qt.Key.Key_3: Comfort.EFFORT.value,
    Qt.Key.Key_0: "",
}
_ANSWERS = (("1", "easy"), ("2", "between"), ("3", "effort"), ("0", "skip"))


class FeltQuestion(QWidget):
    """A row: the question, three answers, and a way past it. Each says its key."""

    answered = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(text("rhythm.question"))
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 2, 10, 2)
        row.setSpacing(6)
        question = quiet_label(text("rhythm.question"), FINE)
        question.setWordWrap(False)
        row.addWidget(question, 1)
        for key, name in _ANSWERS:
            button = QuietButton(f"{key}  {text(f'rhythm.{name}')}")
            button.setAccessibleName(text(f"rhythm.{name}"))
            set_font(button, FINE)
            answer = "" if name == "skip" else name
            button.clicked.connect(lambda _checked=False, answer=answer: self.answered.emit(answer))
            row.addWidget(button)
        self.hide()

    def ask(self, pace: float | None, over: QWidget) -> None:
        """Be there while something is asked, over the words."""
        if (pace is not None) != self.isVisible():
            self.setVisible(pace is not None)
        if pace is not None:
            self._place(over)

    def _place(self, over: QWidget) -> None:
        place = over.geometry()
        width = min(place.width(), max(self.sizeHint().width(), place.width() * 3 // 4))
        height = max(44, self.sizeHint().height())
        self.setGeometry(place.center().x() - width // 2, place.center().y() - height // 2, width, height)

    def showEvent(self, event: QShowEvent) -> None:
        """It lies over what is there."""
        super().showEvent(event)
        self.raise_()
