"""The connect panel: which strap, how it stands, and the way into the session. It shows and wishes only."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFont, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from breathsync.devices.nearby import NearbyStrap
from breathsync.practice.conductor import Wish
from breathsync.screen.bridge import SessionBridge
from breathsync.screen.controls import SignalDot
from breathsync.screen.page import LargeButton, Page, quiet_label
from breathsync.screen.shown import ScreenState
from breathsync.screen.strap_state import BLUETOOTH_TROUBLES, strength_words, use_words
from breathsync.screen.theme import FINE, NUMERAL, Theme, rescale, scale_of, set_font
from breathsync.session.strap_player import StrapPlayer
from breathsync.wording import text

_DRAW_MS = 100
_MOST_ROWS = 30


class StrapPage(Page):
    """Looks for a strap by itself, and can be left alone."""

    def __init__(self, theme: Theme, bridge: SessionBridge, player: StrapPlayer) -> None:
        super().__init__()
        self._bridge, self._player = bridge, player
        self._shown: dict[str, LargeButton] = {}  # by address
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._dot = SignalDot(theme)
        self.state = QLabel()
        set_font(self.state, 17)
        self.state.setWordWrap(True)
        self.heart = QLabel(text("window.no_value"))
        set_font(self.heart, NUMERAL, QFont.Weight.ExtraLight)
        self.advice = quiet_label("", FINE)
        self._others = QWidget()
        self._rows = QVBoxLayout(self._others)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.draw)

    def _lay_out(self) -> None:
        heading = QLabel(text("connect.heading"))
        set_font(heading, 34, QFont.Weight.DemiBold)
        self.column.addStretch(2)
        self.column.addWidget(heading)
        self.column.addWidget(quiet_label(text("connect.words"), 15))
        self.column.addWidget(self._panel())
        self.begin = self.add_button(text("connect.begin"), text("connect.begin_more"))
        self.begin.setEnabled(False)
        self.begin.clicked.connect(lambda: self._bridge.ask(self._player.begin))
        self.column.addWidget(self._others)
        back = LargeButton(text("connect.back"))
        back.setObjectName("")
        set_font(back, FINE)
        back.clicked.connect(self._go_back)
        self.column.addWidget(back, alignment=Qt.AlignmentFlag.AlignLeft)
        self.column.addStretch(3)

    def _panel(self) -> QWidget:
        panel = QWidget()
        panel.setObjectName("panel")
        panel.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        panel.setMinimumHeight(150)
        rows = QVBoxLayout(panel)
        rows.setContentsMargins(28, 16, 28, 16)
        standing = QHBoxLayout()
        standing.setSpacing(10)
        standing.addWidget(self._dot)
        standing.addWidget(self.state, 1)
        number = QHBoxLayout()
        number.setSpacing(10)
        number.addWidget(self.heart)
        unit = quiet_label(text("window.beats_per_min"), FINE)
        unit.setContentsMargins(0, 0, 0, 8)
        number.addWidget(unit, 1, Qt.AlignmentFlag.AlignBottom)
        rows.addLayout(standing)
        rows.addLayout(number)
        rows.addWidget(self.advice)
        return panel

    def draw(self) -> None:
        """Show how things stand, ten times a second."""
        state = self._bridge.model.at(self._bridge.drain())
        self._dot.show_state(state)
        self.state.setText(text("strap.found") if self._player.several else state.strap.words)
        dash = text("window.no_value")
        self.heart.setText(dash if state.heart_rate_bpm is None else str(state.heart_rate_bpm))
        self.advice.setText(self._advice(state))
        self._show_others(state)
        self._enable(known=state.strap.name is not None and not self._player.several)

    def _enable(self, *, known: bool) -> None:
        """Once it is known which strap is meant, the session may begin."""
        if known != self.begin.isEnabled():
            self.begin.setEnabled(known)
            if known:
                self.begin.setFocus()

    def _advice(self, state: ScreenState) -> str:
        if state.strap.state in BLUETOOTH_TROUBLES:
            return text("connect.doctor")
        return state.strap.notice or (
            text("connect.advice") if state.strap.state == "asleep_or_taken" else ""
        )

    def _show_others(self, state: ScreenState) -> None:
        """Straps that could be chosen instead, each in its place for as long as it is here.

        By name: their strengths waver, and a button is not to move away under a hand.
        """
        linked = state.strap.linked and state.strap.name is not None
        others = [s for s in self._player.nearby if s.seen and s.name != (state.strap.name or "")]
        others = [] if linked else sorted(others[:_MOST_ROWS], key=lambda s: s.name or s.address)
        if [strap.address for strap in others] != list(self._shown):
            self._lay_out_others(others)
        for strap in others:
            self._shown[strap.address].say_more(_more(strap))

    def _lay_out_others(self, others: list[NearbyStrap]) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        if others:
            self._rows.addWidget(quiet_label(text("connect.nearby"), FINE))
        self._shown = {strap.address: self._button(strap) for strap in others}
        for button in self._shown.values():
            self._rows.addWidget(button)
        rescale(self, scale_of(self))

    def _button(self, strap: NearbyStrap) -> LargeButton:
        button = LargeButton(strap.name or strap.address, _more(strap))
        set_font(button, FINE)
        button.clicked.connect(lambda: self._bridge.ask(self._player.choose, strap.address))
        return button

    def _go_back(self) -> None:
        self._bridge.wish(Wish.FINISH)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back; Enter presses the button that has the focus."""
        if event.key() == Qt.Key.Key_Escape:
            self._go_back()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """It is drawn while it is seen."""
        super().showEvent(event)
        self._timer.start(_DRAW_MS)
        self.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        """And rests while it is not."""
        super().hideEvent(event)
        self._timer.stop()


def _more(strap: NearbyStrap) -> str:
    model = strap.model or text("strap.unknown_model")
    return text("connect.row", model=model, strength=strength_words(strap), use=use_words(strap))
