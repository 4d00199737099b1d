"""The practitioner's window: a session as whoever accompanies it wants to see it. It shows and wishes."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QFont, QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from breathsync.practice.conductor import Wish
from breathsync.screen.bridge import SessionBridge
from breathsync.screen.cards import guide_words
from breathsync.screen.controls import NoteField, StatusBar
from breathsync.screen.page import QuietButton, quiet_label
from breathsync.screen.practice_window import KEYS
from breathsync.screen.practitioner.drawing import WORDS, Panel
from breathsync.screen.practitioner.rhythm_view import RhythmPanel
from breathsync.screen.practitioner.session_view import SessionPanel
from breathsync.screen.practitioner.small_pacer import SmallPacer
from breathsync.screen.practitioner.steps import Where
from breathsync.screen.practitioner.table import MeasuresTable
from breathsync.screen.practitioner.told_view import ToldPanel
from breathsync.screen.practitioner.traces import TracesPanel
from breathsync.screen.shown import ScreenState
from breathsync.screen.theme import Theme, rescale, scale_of, set_font, style_sheet
from breathsync.session.plan import NO_PLAN
from breathsync.wording import clock_words, text

_FRAME_MS = 50
_TRACES_EVERY, _RHYTHM_EVERY, _WORDS_EVERY = 2, 4, 20  # ten, five times a second, and once
_TITLE = 22
_THEIRS = (Wish.SOUND, Wish.NUMBERS)  # what is heard and whether numbers are seen is the person's own
_KEYS = {key: wish for key, wish in KEYS.items() if wish not in _THEIRS}
_LABEL_KEYS = {Qt.Key(Qt.Key.Key_1 + k): f"practitioner.label_{k + 1}" for k in range(5)}
_LONGEST_LABEL = 40
_OF_THE_PACE = ("keep", "slower", "quicker")  # a search for a rhythm has its own paces
_PACE = {"keep": Wish.KEEP, "slower": Wish.SLOWER, "quicker": Wish.QUICKER, "natural": Wish.NATURAL}


class PractitionerWindow(QWidget):
    """Beside the client's window, fed by the same bridge. Closing it ends nothing.

    Without `may_see` (the person has not said that their guide may see along) nothing measured is shown.
    """

    closed = Signal()

    def __init__(self, theme: Theme, bridge: SessionBridge, *, may_see: bool = True) -> None:
        super().__init__()
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setWindowTitle(text("practitioner.window_title"))
        self.setStyleSheet(style_sheet(theme))
        self.setMinimumSize(1000, 640)
        self._bridge, self._frames, self.may_see = bridge, 0, may_see
        self._plan = NO_PLAN
        self._title, self._step = QLabel(), quiet_label("", WORDS)
        set_font(self._title, _TITLE, QFont.Weight.DemiBold)
        self.pacer, self._guide = SmallPacer(theme), quiet_label("", WORDS)
        self._hands = {name: QuietButton(text(f"practitioner.{name}")) for name in _PACE}
        self.traces, self.session = TracesPanel(theme, bridge.model), SessionPanel(theme)
        self.table, self.rhythm, self.told = MeasuresTable(theme), RhythmPanel(theme), ToldPanel(theme)
        self._not_shown = Panel(text("practitioner.measures"))
        self._not_shown.rows.addWidget(quiet_label(text("practitioner.not_asked"), WORDS), 1)
        self._hint = quiet_label(_labels_hint(), WORDS)
        self.bar = StatusBar(theme, bridge.time_words)
        self.note, self.label = NoteField(), NoteField()
        self._lay_out()
        self._connect()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.draw_frame)
        self.follow(bridge)

    def follow(self, bridge: SessionBridge) -> None:
        """Show this session from now on."""
        self._bridge, self._plan = bridge, bridge.player.plan
        self._frames = 0
        self.traces.traces.follow(bridge.model)
        self.bar.time_words = bridge.time_words
        self.bar.only(("soften", "pause", "mark", "note", "finish") if bridge.guided else ("finish",))
        self._hint.setVisible(bridge.guided)
        for button in self._hands.values():
            button.setVisible(bridge.guided)
        if self.isVisible():
            self._timer.start(_FRAME_MS)

    def finish(self) -> None:
        """The session is over: what was last shown stays."""
        self._timer.stop()
        self._step.setText(text("practitioner.finished"))
        self.bar.only(())
        for button in self._hands.values():
            button.hide()

    # --- layout ---

    def _lay_out(self) -> None:
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addWidget(self.traces, 10)
        self.session.rows.addWidget(self._hint)
        left.addWidget(self.session, 11)
        right.addWidget(self.table, 15)
        right.addWidget(self._not_shown)
        right.addWidget(self.rhythm, 7)
        right.addWidget(self.told)
        self._grid = QGridLayout()
        self._grid.addLayout(self._top(), 0, 0, 1, 2)
        self._grid.addLayout(left, 1, 0)
        self._grid.addLayout(right, 1, 1)
        self._grid.setColumnStretch(0, 57)
        self._grid.setColumnStretch(1, 43)
        self._grid.setRowStretch(1, 1)
        self._columns = left, right
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addLayout(self._grid, 1)
        page.addWidget(self.bar)
        right.addStretch(0 if self.may_see else 1)
        for panel in (self.table, self.rhythm):
            panel.setVisible(self.may_see)
        self._not_shown.setVisible(not self.may_see)

    def _top(self) -> QHBoxLayout:
        names = QVBoxLayout()
        names.setSpacing(1)
        names.addWidget(self._title)
        names.addWidget(self._step)
        hands = QVBoxLayout()
        hands.setSpacing(0)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for name, button in self._hands.items():
            set_font(button, WORDS)
            button.setAccessibleDescription(text(f"practitioner.{name}_key"))
            button.setToolTip(text(f"practitioner.{name}_key"))
            buttons.addWidget(button)
        self._guide.setAlignment(Qt.AlignmentFlag.AlignRight)
        hands.addLayout(buttons)
        hands.addWidget(self._guide)
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addLayout(names, 1)
        top.addLayout(hands, 1)
        top.addWidget(self.pacer)
        return top

    def _connect(self) -> None:
        for name, button in self._hands.items():
            button.clicked.connect(lambda _checked=False, wish=_PACE[name]: self._bridge.wish(wish))
        self.bar.pressed.connect(self._pressed)
        self.label.setMaxLength(_LONGEST_LABEL)
        for field, key, wish in (
            (self.note, "note_hint", Wish.NOTE),
            (self.label, "label_hint", Wish.MARK),
        ):
            field.setParent(self)
            field.hide()
            field.setPlaceholderText(text(f"practitioner.{key}"))
            field.setAccessibleName(text(f"practitioner.{key}"))
            field.kept.connect(lambda words, wish=wish: self._bridge.wish(wish, words))
            field.left.connect(self._close_fields)

    # --- frames ---

    def draw_frame(self) -> None:
        """The small guide each time, traces ten times a second, words and numbers once."""
        now = self._bridge.drain()
        state = self._bridge.model.at(now)
        self.pacer.show_state(state)
        if self._frames % _TRACES_EVERY == 0:
            self.traces.traces.show_now(now, state.marks, measured=self.may_see)
        if self._frames % _RHYTHM_EVERY == 0 and self.may_see:
            self._show_rhythm(state)
        if self._frames % _WORDS_EVERY == 0:
            self._show_words(state)
        self._frames += 1

    def _show_rhythm(self, state: ScreenState) -> None:
        beside = self._bridge.model.practitioner
        guide = state.guide.breaths_per_min if state.guide and state.guide_visible > 0.5 else None
        self.rhythm.show_rhythm(beside.rhythm.at(state.now), guide, hidden=beside.steps.unmeasured)

    def _show_words(self, state: ScreenState) -> None:
        model = self._bridge.model
        beside = model.practitioner
        where = beside.steps.at(state.now, self._plan)
        self._title.setText(" · ".join(part for part in (self._plan.code_name, state.title) if part))
        self._step.setText(_step_words(state, where))
        self._guide.setText(_guide_words(state, model.step_kind))
        self._hands["keep"].setText(text("practitioner.unkeep" if state.kept else "practitioner.keep"))
        for name in _OF_THE_PACE:
            self._hands[name].setVisible(self._bridge.guided and not model.rhythm.searched)
        back = "practitioner.guide_back" if state.natural else "practitioner.natural"
        self._hands["natural"].setText(text(back))
        self.session.show_session(state.now, where, beside, swings=self.may_see)
        self.traces.show_legend(model, measured=self.may_see)
        if self.may_see:
            self.table.show_rows(beside.rows(state.now))
            self.told.show_told(beside.told)
        self.bar.show_state(state)

    # --- Qt's own ---

    def showEvent(self, event: QShowEvent) -> None:
        """Frames run while the window is seen."""
        super().showEvent(event)
        self._timer.start(_FRAME_MS)
        self.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        """And rest while it is not."""
        super().hideEvent(event)
        self._timer.stop()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The session goes on."""
        super().closeEvent(event)
        self.closed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words and room grow with the window."""
        super().resizeEvent(event)
        scale = scale_of(self)
        rescale(self, scale)
        for panel in (self.traces, self.session, self.table, self.rhythm, self.told, self._not_shown):
            panel.rescale(scale)
        for drawing in (self.traces.traces, self.session.view, self.rhythm.view):
            drawing.scale = scale
        self.pacer.rescale(scale)
        self.bar.rescale(scale)
        self._grid.setContentsMargins(*(round(m * scale) for m in (28, 16, 28, 14)))
        self._grid.setHorizontalSpacing(round(14 * scale))
        self._grid.setVerticalSpacing(round(12 * scale))
        for column in self._columns:
            column.setSpacing(round(12 * scale))
        self._place_fields()

    # --- wishes ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of the client's window, and those for marks with words."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_M and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._open(self.label)
        elif key in _KEYS:
            self._bridge.wish(_KEYS[key])
        elif key in _LABEL_KEYS:
            self._bridge.wish(Wish.MARK, text(_LABEL_KEYS[key]))
        elif key == Qt.Key.Key_N:
            self._open(self.note)
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self.table.turn(1 if key == Qt.Key.Key_PageDown else -1)
        else:
            super().keyPressEvent(event)

    def _pressed(self, name: str) -> None:
        if name == "note":
            self._open(self.note)
        else:
            self._bridge.wish(Wish(name))

    def _open(self, field: NoteField) -> None:
        if self._bridge.guided and self._timer.isActive():
            self._place_fields()
            field.show()
            field.raise_()
            field.setFocus()

    def _close_fields(self) -> None:
        self.note.hide()
        self.label.hide()
        self.setFocus()

    def _place_fields(self) -> None:
        """Over the line about labels, so that nothing else moves."""
        place = self.session.geometry()
        for field in (self.note, self.label):
            height = field.sizeHint().height() + 4
            field.setGeometry(place.x() + 12, place.bottom() - height - 8, place.width() - 24, height)


def _step_words(state: ScreenState, where: Where) -> str:
    if not state.step or where.left_in_step_s is None:
        return state.step or text("practitioner.view")
    return text("practitioner.with_step", step=state.step, left=clock_words(where.left_in_step_s))


def _guide_words(state: ScreenState, step_kind: str) -> str:
    """What the guide does, or why it is away."""
    for away in ("paused", "softened", "natural"):
        if getattr(state, away):
            return text(f"practitioner.{away}_now")
    return guide_words(state) if step_kind or state.guide else ""


def _labels_hint() -> str:
    labels = "\u00a0· ".join(f"{k + 1}\u00a0{text(key)}" for k, key in enumerate(_LABEL_KEYS.values()))
    return text("practitioner.labels_hint", labels=labels)
