"""What hands use during a session: the field for a note, the bar at the bottom."""

from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QWidget

from breathsync.events import SignalState
from breathsync.screen.page import QuietButton, quiet_label
from breathsync.screen.shown import ScreenState
from breathsync.screen.state import clock_words
from breathsync.screen.theme import FINE, Theme, set_font
from breathsync.wording import text


class NoteField(QLineEdit):
    """Takes the keys while it is open: Enter keeps the words, Esc lets them go."""

    kept = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        set_font(self, FINE)
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
        set_font(self, FINE)
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
    BUTTONS = ("soften", "sound", "numbers", "pause", "mark", "note", "finish")

    def __init__(self, theme: Theme, time_words: str) -> None:
        super().__init__()
        self.setObjectName("bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.time_words = time_words
        self._dot = SignalDot(theme)
        self._signal = quiet_label("", FINE)
        self._signal.setWordWrap(False)
        self._time = quiet_label("", FINE)
        self._time.setWordWrap(False)
        self._hands = QWidget()
        hands = QHBoxLayout(self._hands)
        hands.setContentsMargins(28, 0, 0, 0)  # apart from the words beside them
        hands.addStretch(1)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(22, 0, 14, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.addWidget(self._dot, 0, 0)
        self._grid.addWidget(self._signal, 0, 1)
        self._grid.addWidget(self._time, 0, 2)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(3, 1)
        self._buttons = {name: QuietButton(_button_words(name)) for name in self.BUTTONS}
        for name, button in self._buttons.items():
            set_font(button, FINE)
            button.clicked.connect(lambda _checked=False, name=name: self.pressed.emit(name))
            hands.addWidget(button)
        self._scale = 1.0
        self._rows = 0
        self.rescale(1.0)

    def rescale(self, scale: float) -> None:
        """Take a height in proportion to the window."""
        self._scale = scale
        self._arrange()

    def _arrange(self) -> None:
        """The buttons beside the words, or below them where both have no room in one row."""
        parts = (self._dot, self._signal, self._time, self._hands)
        rows = 1 if sum(part.sizeHint().width() for part in parts) + 60 <= self.width() else 2
        if rows != self._rows:
            self._rows = rows
            place = (0, 3, 1, 1) if rows == 1 else (1, 0, 1, 4)
            self._grid.addWidget(self._hands, *place)
        self.setFixedHeight(round((50 if rows == 1 else 76) * self._scale))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow window may need two rows."""
        super().resizeEvent(event)
        self._arrange()

    def only(self, names: tuple[str, ...]) -> None:
        """Leave out the buttons that mean nothing here."""
        for name, button in self._buttons.items():
            button.setVisible(name in names)

    def show_state(self, state: ScreenState) -> None:
        """Show how things stand."""
        a_strap = state.heard or state.strap.wished
        line = state.strap.words if a_strap else text("guidance.no_strap_line")
        self._signal.setText(state.strap.notice or line)
        self._dot.show_state(state)
        words = [text(self.time_words, time=clock_words(state.now))]
        if state.paused:
            words.insert(0, text("window.paused"))
        if state.said:
            words.append(state.said)
        self._time.setText(" · ".join(words))
        self._buttons["pause"].setText(text("window.resume" if state.paused else "window.pause"))
        self._buttons["soften"].setText(text("window.unsoften" if state.softened else "window.soften"))
        for name, on in (
            ("sound", state.sound != "off"),
            ("numbers", state.numbers_wanted),
        ):
            self._buttons[name].setText(text(f"guidance.{name}_{'off' if on else 'on'}"))
        self._arrange()


def _button_words(name: str) -> str:
    return text(f"guidance.{name}_on" if name in ("sound", "numbers") else f"window.{name}")
