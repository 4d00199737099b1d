"""The practice page: circle, ribbon, cards, words. It shows states and sends wishes, nothing else."""

import gc

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFont, QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from breathsync.practice.conductor import Wish
from breathsync.screen.announce import Announcer
from breathsync.screen.balanced import BalancedLabel
from breathsync.screen.bridge import SessionBridge
from breathsync.screen.cards import Cards
from breathsync.screen.circle import BreathCircle
from breathsync.screen.controls import NoteField, StatusBar
from breathsync.screen.curves import RibbonCurves
from breathsync.screen.felt_question import FELT_KEYS, FeltQuestion
from breathsync.screen.page import QuietButton, quiet_label
from breathsync.screen.replay_bar import ReplayBar
from breathsync.screen.ribbon import Ribbon
from breathsync.screen.shown import Motion, ScreenState
from breathsync.screen.theme import FINE, LEAD, Theme, rescale, scale_of, set_font
from breathsync.screen.visible import Fade
from breathsync.settings import SHAPES, Settings
from breathsync.wording import text

_FRAME_MS = 16
_RING_EVERY = 3
_WORDS_EVERY = 15
_RIBBON_SHARE = 0.235  # of the page's height
_CUE_LINES = 2  # room is kept, so that the circle stays where it is
KEYS = {
    Qt.Key.Key_Space: Wish.NATURAL,
    Qt.Key.Key_S: Wish.SOFTEN,
    Qt.Key.Key_P: Wish.PAUSE,
    Qt.Key.Key_M: Wish.MARK,
    Qt.Key.Key_Escape: Wish.FINISH,
    Qt.Key.Key_K: Wish.KEEP,
    Qt.Key.Key_Left: Wish.SLOWER,
    Qt.Key.Key_Right: Wish.QUICKER,
    Qt.Key.Key_Down: Wish.SLOWER,
    Qt.Key.Key_Up: Wish.QUICKER,
    Qt.Key.Key_T: Wish.SOUND,
    Qt.Key.Key_V: Wish.NUMBERS,
}


class PracticePage(QWidget):
    """One session on the screen."""

    full_screen_wished = Signal()
    seek_wished = Signal(float)
    beside_wished = Signal()

    def __init__(self, theme: Theme, settings: Settings, bridge: SessionBridge) -> None:
        super().__init__()
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._theme = theme
        self._bridge = bridge
        self._frames = 0
        self._ribbon_share = 1.0
        self._measured = Fade(start=1.0, end=1.0)  # without numbers, what was measured is seen beside
        self._announcer = Announcer(self)
        self.circle = BreathCircle(
            theme,
            reduced_motion=settings.reduced_motion,
            shape=settings.guide_shape,
            fullness=bridge.model.fullness,
        )
        self.ribbon = Ribbon(theme, RibbonCurves(bridge.model))
        self.cards = Cards(theme, bridge.model)
        self.bar = StatusBar(theme, bridge.time_words)
        self.replay_bar = ReplayBar(bridge.replay.length_s) if bridge.replay else None
        self.note = NoteField()
        self.felt = FeltQuestion(self)
        self._title = QLabel()
        set_font(self._title, LEAD, QFont.Weight.DemiBold)
        self._step = quiet_label("", FINE)
        self._cue = BalancedLabel("", LEAD)
        self._cue.setObjectName("cue")
        self._cue.setAlignment(Qt.AlignmentFlag.AlignCenter)
        _keep_room(self._cue)
        self._natural = QuietButton(text("window.natural"))
        set_font(self._natural, FINE)
        self._keep = QuietButton(text("guidance.keep_on"))
        set_font(self._keep, FINE)
        self._keep_key = quiet_label(text("guidance.keep_key"), FINE)
        self._natural_key = quiet_label(text("window.natural_key"), FINE)
        for key in (self._keep_key, self._natural_key):
            key.setWordWrap(False)
            key.setContentsMargins(0, 0, 11, 0)  # under its button's words
            key.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._lay_out()
        self._connect()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.draw_frame)

    def _lay_out(self) -> None:
        heading = QVBoxLayout()
        heading.setSpacing(2)
        heading.addWidget(self._title)
        heading.addWidget(self._step)
        natural = QGridLayout()
        natural.setVerticalSpacing(0)
        right = Qt.AlignmentFlag.AlignRight
        for column, pair in enumerate(((self._keep, self._keep_key), (self._natural, self._natural_key))):
            for row, part in enumerate(pair):
                natural.addWidget(part, row, column, right)
        top = QHBoxLayout()
        top.addLayout(heading, 1)
        top.addLayout(natural)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.circle, 42)
        left.addWidget(self._cue)
        left.addWidget(self.ribbon)
        if self.replay_bar is not None:
            left.addWidget(self.replay_bar)
        self.note.setParent(self)  # it lies where the words are, so that the circle stays where it is
        self.note.hide()
        self._grid = grid = QGridLayout()
        grid.setHorizontalSpacing(30)
        grid.addLayout(top, 0, 0, 1, 2)
        grid.addLayout(left, 1, 0)
        grid.addWidget(self.cards, 1, 1)
        grid.setColumnStretch(0, 86)
        grid.setColumnStretch(1, 31)
        self.cards.setMinimumWidth(250)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addLayout(grid, 1)
        page.addWidget(self.bar)

    def _connect(self) -> None:
        self._natural.clicked.connect(lambda: self._bridge.wish(Wish.NATURAL))
        self._keep.clicked.connect(lambda: self._bridge.wish(Wish.KEEP))
        self.bar.pressed.connect(self._pressed)
        self.note.kept.connect(lambda words: self._bridge.wish(Wish.NOTE, words))
        self.note.left.connect(self._close_note)
        self.felt.answered.connect(lambda answer: self._bridge.wish(Wish.FELT, answer))
        if not self._bridge.guided:
            self._natural.hide()
            self._natural_key.hide()
            self.bar.only(("finish",))
        else:
            _keep_room(self._natural)
            _keep_room(self._natural_key)
        if self.replay_bar is not None:
            self.replay_bar.sought.connect(self.seek_wished)
            self.replay_bar.pause_wished.connect(lambda: self._bridge.wish(Wish.PAUSE))

    # --- frames ---

    def draw_frame(self) -> None:
        """One frame: the circle each time, the ribbon as it moves, words four times a second."""
        now = self._bridge.drain()
        motion = self._bridge.model.motion(now)
        self.circle.show_motion(motion)
        self._draw_ribbon(motion)
        if self._frames % _RING_EVERY == 0:
            self.cards.turn_ring(motion)
        if self._frames % _WORDS_EVERY == 0:
            self._show_words(self._bridge.model.at(now))
        if self.note.isVisible():
            self._place_note()  # the words' column moves as the numbers come and go
        self._frames += 1
        if self._frames == _WORDS_EVERY:
            gc.freeze()  # all that was loaded stays: there is nothing to collect in it

    def _draw_ribbon(self, motion: Motion) -> None:
        """It leaves where the step shows nothing of the heart, and the circle takes its room."""
        seen = min(motion.heart_visible, max(self._measured.at(motion.now), motion.numbers_visible))
        self.ribbon.show_share(seen, heart=motion.heard)
        if seen != self._ribbon_share:
            self._ribbon_share = seen
            self._make_room()
        if seen > 0:
            self.ribbon.draw(motion.now, motion.marks, guide_visible=motion.guide_visible)

    def accompany(self, *, accompanied: bool) -> None:
        """Beside the practitioner's window this one has guide and words alone, until numbers are wished."""
        self._measured = self._measured.to(self._bridge.player.now(), float(not accompanied))

    def _show_words(self, state: ScreenState) -> None:
        self._title.setText(state.title)
        self._step.setText(state.step)
        rhythm = self._bridge.model.rhythm
        asked = rhythm.asked if self._bridge.guided else None
        cue = state.cue if state.guide_visible > 0.5 and asked is None else ""  # the circle, or a question
        if self._cue.text() != cue:
            self._cue.setText(cue)
        may_keep = self._bridge.guided and state.guide_visible > 0.5 and not rhythm.searched
        self._keep.setVisible(may_keep)
        self._keep_key.setVisible(may_keep)
        self._keep.setText(text("guidance.keep_off" if state.kept else "guidance.keep_on"))
        guided = "guidance.natural_key" if may_keep else "window.natural_key"
        self._show_natural(state)
        key = "window.natural_back" if state.natural else guided
        self._natural_key.setText(text(key))
        wanted = state.numbers_wanted and not state.softened
        self._show_cards(seen=wanted or state.numbers_visible > 0)
        self.cards.show_state(state)
        self.bar.show_state(state)
        if self.replay_bar is not None and self._bridge.replay is not None:
            self.replay_bar.show_position(state.now, held=self._bridge.replay.held)
        self.felt.ask(asked, self._cue)
        self._announcer.show_state(state)

    def _show_natural(self, state: ScreenState) -> None:
        """The way to natural breathing, and back, is there as long as there is a guide to leave."""
        offered = self._bridge.guided and (state.natural or state.guide_visible > 0) and not state.softened
        self._natural.setVisible(offered)
        self._natural_key.setVisible(offered)

    def _show_cards(self, *, seen: bool) -> None:
        """With numbers there is a column beside the circle; without, the circle stands in the middle."""
        if seen != self.cards.isVisibleTo(self):
            self.cards.setVisible(seen)
            self._grid.setColumnStretch(1, 31 if seen else 0)
            self._grid.setHorizontalSpacing(30 if seen else 0)

    def _make_room(self) -> None:
        self.ribbon.setMaximumHeight(round(_RIBBON_SHARE * self.height() * self._ribbon_share))

    def showEvent(self, event: QShowEvent) -> None:
        """Frames run while the page is seen."""
        super().showEvent(event)
        self._timer.start(_FRAME_MS)
        self.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words and room grow with the window."""
        super().resizeEvent(event)
        self._rescale()
        self._place_note()

    def _rescale(self) -> None:
        scale = scale_of(self)
        rescale(self, scale)
        self._make_room()
        self.cards.rescale(scale)
        self.bar.rescale(scale)
        self._grid.setContentsMargins(*(round(m * scale) for m in (40, 24, 40, 18)))
        self._grid.setVerticalSpacing(round(14 * scale))
        self._cue.setMinimumHeight(round(_CUE_LINES * 1.2 * LEAD * scale))

    def _place_note(self) -> None:
        place, width = self._cue.geometry(), self._cue.width() * 2 // 3
        height = max(40, self.note.sizeHint().height())
        left, top = place.center().x() - width // 2, place.center().y() - height // 2
        self.note.setGeometry(left, top, width, height)

    def hideEvent(self, event: QHideEvent) -> None:
        """And rest while it is not."""
        super().hideEvent(event)
        self._timer.stop()

    # --- wishes ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of a session; an open text field has taken its own before."""
        if self.replay_bar is not None and self.replay_bar.takes(event, self._bridge.player.now()):
            return
        key = Qt.Key(event.key())
        if key in KEYS:
            self._bridge.wish(KEYS[key])
        elif key in FELT_KEYS and self.felt.isVisible():
            self._bridge.wish(Wish.FELT, FELT_KEYS[key])
        elif key == Qt.Key.Key_N:
            self._open_note()
        elif key == Qt.Key.Key_R:
            self.circle.reduced_motion = not self.circle.reduced_motion
        elif key == Qt.Key.Key_G:
            self.circle.shape = SHAPES[(SHAPES.index(self.circle.shape) + 1) % len(SHAPES)]
        elif key == Qt.Key.Key_B:
            self.beside_wished.emit()
        elif key == Qt.Key.Key_F11:
            self.full_screen_wished.emit()
        else:
            super().keyPressEvent(event)

    def _pressed(self, name: str) -> None:
        if name == "note":
            self._open_note()
        else:
            self._bridge.wish(Wish(name))
            self.setFocus()

    def _open_note(self) -> None:
        if self._bridge.guided:
            self._place_note()
            self._cue.hide()  # nothing is read through what is written
            self.note.show()
            self.note.raise_()
            self.note.setFocus()

    def _close_note(self) -> None:
        self.note.hide()
        self._cue.show()
        self.setFocus()


def _keep_room(widget: QWidget) -> None:
    """Its place stays its own while it is hidden, so that nothing beside it moves."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    widget.setSizePolicy(policy)
