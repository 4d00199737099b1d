"""What hands use during a session: the field for a note, the bar at the bottom."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QWidget

from breathsync.events import SignalState
from breathsync.screen.page import QuietButton, quiet_label
from breathsync.screen.state import ScreenState, clock_words
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


class StatusBar(QWidget):
    """Strap and signal, recording time, and the buttons."""

    pressed = Signal(str)
    BUTTONS = ("soften", "pause", "mark", "note", "finish")

    def __init__(self, theme: Theme, time_words: str) -> None:
        super().__init__()
        self.setObjectName("bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self.time_words = time_words
        self._dot = QLabel("●")
        self._dot_shows: SignalState | None = None
        self._signal = quiet_label("", FINE)
        self._signal.setWordWrap(False)
        self._time = quiet_label("", FINE)
        self._time.setWordWrap(False)
        self._hands = QWidget()
        hands = QHBoxLayout(self._hands)
        hands.setContentsMargins(0, 0, 0, 0)
        hands.addStretch(1)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(22, 0, 14, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.addWidget(self._dot, 0, 0)
        self._grid.addWidget(self._signal, 0, 1)
        self._grid.addWidget(self._time, 0, 2)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(3, 1)
        self._buttons = {name: QuietButton(text(f"window.{name}")) for name in self.BUTTONS}
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
        parts = [state.strap or "", text("window.signal", state=text(f"signal.{state.signal.value}"))]
        if state.heart_rate_bpm is None:
            parts[1] = text("window.waiting") if state.now < 10 else parts[1]
        if state.battery_percent is not None:
            parts.append(text("window.battery", percent=state.battery_percent))
        self._signal.setText(" · ".join(part for part in parts if part))
        self._show_dot(state.signal)
        words = [text(self.time_words, time=clock_words(state.now))]
        if state.paused:
            words.insert(0, text("window.paused"))
        if state.said:
            words.append(state.said)
        self._time.setText(" · ".join(words))
        self._buttons["pause"].setText(text("window.resume" if state.paused else "window.pause"))
        self._buttons["soften"].setText(text("window.unsoften" if state.softened else "window.soften"))
        self._arrange()

    def _show_dot(self, signal: SignalState) -> None:
        if signal is self._dot_shows:
            return
        self._dot_shows = signal
        alpha = {SignalState.STEADY: 1.0, SignalState.PATCHY: 0.55, SignalState.RESTING: 0.25}[signal]
        color = self._theme.color("breath")
        self._dot.setStyleSheet(f"color: rgba({color.red()},{color.green()},{color.blue()},{alpha})")
