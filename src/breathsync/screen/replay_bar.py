"""Where a replay is, and how to get elsewhere in it: a slider, a pause, and their keys."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from breathsync.screen.page import QuietButton
from breathsync.screen.theme import set_font
from breathsync.wording import clock_words, text

_STEP_S, _LEAP_S = 10.0, 60.0


class ReplayBar(QWidget):
    """Shows the position and wishes for another; it moves nothing itself."""

    sought = Signal(float)
    pause_wished = Signal()

    def __init__(self, length_s: float) -> None:
        super().__init__()
        self._length_s = length_s
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, max(1, round(length_s)))
        self._slider.setAccessibleName(text("window.position"))
        self._slider.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._slider.sliderReleased.connect(lambda: self.sought.emit(float(self._slider.value())))
        self._slider.sliderMoved.connect(self._say)
        self._slider.actionTriggered.connect(self._stepped)
        self._time = QLabel()
        self._time.setObjectName("quiet")
        set_font(self._time, 13)
        self._pause = QuietButton(text("window.pause"))
        set_font(self._pause, 13)
        self._pause.setToolTip(text("window.replay_keys"))
        self._pause.clicked.connect(self.pause_wished)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._pause)
        row.addWidget(self._slider, 1)
        row.addWidget(self._time)

    def show_position(self, now: float, *, held: bool) -> None:
        """Show where the replay is."""
        if not self._slider.isSliderDown():
            self._slider.setValue(round(now))
            self._say(round(now))
        words = text("window.resume" if held else "window.pause")
        if self._pause.text() != words:
            self._pause.setText(words)

    def takes(self, event: QKeyEvent, now: float) -> bool:
        """Whether a key is one of the replay's own; then it does what it is for."""
        key, shift = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        leap = _LEAP_S if shift else _STEP_S
        if key == Qt.Key.Key_Left:
            self._seek(now - leap)
        elif key == Qt.Key.Key_Right:
            self._seek(now + leap)
        elif key == Qt.Key.Key_Home:
            self._seek(0.0)
        elif key in (Qt.Key.Key_P, Qt.Key.Key_Space):
            self.pause_wished.emit()
        else:
            return False
        return True

    def _seek(self, moment: float) -> None:
        self.sought.emit(min(max(0.0, moment), self._length_s))

    def _stepped(self, action: int) -> None:
        """A click beside the handle goes a page on: that is a wish, too."""
        if action != QSlider.SliderAction.SliderMove.value:
            self.sought.emit(float(self._slider.sliderPosition()))

    def _say(self, seconds: int) -> None:
        self._time.setText(f"{clock_words(seconds)} / {clock_words(self._length_s)}")
