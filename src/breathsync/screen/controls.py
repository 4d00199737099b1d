"""What hands use: buttons that leave Space alone, the field for a note, the bar at the bottom."""

from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from breathsync.events import SignalState
from breathsync.screen.cards import quiet_label
from breathsync.screen.state import ScreenState, clock_words
from breathsync.screen.theme import Theme, set_font
from breathsync.wording import text


class QuietButton(QPushButton):
    """A button for mouse and Enter; Space belongs to natural breathing and goes on to the window."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses; every other key goes on."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            event.ignore()


class NoteField(QLineEdit):
    """Takes the keys while it is open: Enter keeps the words, Esc lets them go."""

    kept = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        set_font(self, 15)
        self.setPlaceholderText(text("window.note_hint"))
        self.setAccessibleName(text("window.note"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Esc end the note, every other key writes."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.text().strip():
                self.kept.emit(self.text().strip())
            self._leave()
        elif event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)
            event.accept()  # a key that a field does not use is still not the window's

    def _leave(self) -> None:
        self.clear()
        self.left.emit()


class SignalDot(QLabel):
    """Full while the signal is steady, paler when it is not, a ring while there is no link."""

    _ALPHA: ClassVar = {SignalState.STEADY: 1.0, SignalState.PATCHY: 0.55, SignalState.RESTING: 0.25}

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._color = theme.color("breath")
        self._shows: tuple[SignalState, bool] | None = None

    def show_state(self, state: ScreenState) -> None:
        """Show how signal and link stand."""
        shows = (state.signal, state.strap.linked)
        if shows == self._shows:
            return
        self._shows = shows
        alpha = self._ALPHA[state.signal] if state.strap.linked else 0.7
        red, green, blue = self._color.red(), self._color.green(), self._color.blue()
        self.setText("●" if state.strap.linked else "○")
        self.setStyleSheet(f"color: rgba({red},{green},{blue},{alpha})")


class StatusBar(QWidget):
    """Strap and signal, recording time, and the buttons."""

    pressed = Signal(str)
    BUTTONS = ("soften", "pause", "mark", "note", "finish")

    def __init__(self, theme: Theme, time_words: str) -> None:
        super().__init__()
        self.setObjectName("bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.rescale(1.0)
        self.time_words = time_words
        self._dot = SignalDot(theme)
        self._signal = quiet_label("", 13)
        self._signal.setWordWrap(False)
        self._time = quiet_label("", 13)
        self._time.setWordWrap(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(22, 0, 14, 0)
        row.setSpacing(8)
        row.addWidget(self._dot)
        row.addWidget(self._signal, 1)
        row.addWidget(self._time)
        hands = QHBoxLayout()
        hands.addStretch(1)
        row.addLayout(hands, 1)
        self._buttons = {name: QuietButton(text(f"window.{name}")) for name in self.BUTTONS}
        for name, button in self._buttons.items():
            set_font(button, 13)
            button.clicked.connect(lambda _checked=False, name=name: self.pressed.emit(name))
            hands.addWidget(button)

    def rescale(self, scale: float) -> None:
        """Take a height in proportion to the window."""
        self.setFixedHeight(round(46 * scale))

    def only(self, names: tuple[str, ...]) -> None:
        """Leave out the buttons that mean nothing here."""
        for name, button in self._buttons.items():
            button.setVisible(name in names)

    def show_state(self, state: ScreenState) -> None:
        """Show how things stand."""
        self._signal.setText(state.strap.notice or state.strap.words)
        self._dot.show_state(state)
        words = [text(self.time_words, time=clock_words(state.now))]
        if state.paused:
            words.insert(0, text("window.paused"))
        if state.said:
            words.append(state.said)
        self._time.setText(" · ".join(words))
        self._buttons["pause"].setText(text("window.resume" if state.paused else "window.pause"))
        self._buttons["soften"].setText(text("window.unsoften" if state.softened else "window.soften"))
