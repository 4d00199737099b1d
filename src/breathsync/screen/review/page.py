"""The review page: scrub, zoom, compare two steps, add marks and notes, keep a picture; all by keys too."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from breathsync.errors import BreathSyncError
from breathsync.screen.controls import NoteField
from breathsync.screen.page import QuietButton, quiet_label
from breathsync.screen.review.canvas import Strip, TimeCanvas
from breathsync.screen.review.cards import ComparedCard, MomentCard, NotesCard, StepChooser
from breathsync.screen.review.deriving import Deriving
from breathsync.screen.review.model import ReviewModel, View
from breathsync.screen.review.picture import save_picture
from breathsync.screen.theme import Theme, rescale, set_font
from breathsync.session.derived import Derived
from breathsync.session.story import Span
from breathsync.settings import Settings
from breathsync.wording import clock_words, text, text_or_own

_BUTTONS = ("mark", "note", "compare", "picture", "report", "replay", "leave")
_KEYS = {
    Qt.Key.Key_M: "mark",
    Qt.Key.Key_N: "note",
    Qt.Key.Key_C: "compare",
    Qt.Key.Key_G: "picture",
    Qt.Key.Key_R: "report",
    Qt.Key.Key_Return: "replay",
    Qt.Key.Key_Escape: "leave",
}
_SMALLEST, _LARGEST = 0.8, 2.0


class ReviewPage(QWidget):
    """One session, looked at afterwards. RecordingError where it cannot be read."""

    replay_wished = Signal(float)
    report_wished = Signal()
    left = Signal()

    def __init__(self, file: Path, theme: Theme, settings: Settings) -> None:
        super().__init__()
        self.deriving = Deriving(file, settings.profiles_folder, self)
        model = ReviewModel(file, self.deriving.kept(), settings.recordings_folder)
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.model, self._theme = model, theme
        self.canvas, self.strip = TimeCanvas(model, theme), Strip(model, theme)
        self.moment, self.notes, self.compared = MomentCard(), NotesCard(), ComparedCard()
        self.said = quiet_label("", 13)
        self.note_field = NoteField()
        self.note_field.setParent(self)
        self.note_field.hide()
        self.comparing = False
        self._pairs: list[tuple[StepChooser, TimeCanvas]] = []
        self._lay_out()
        self._connect()
        if model.derived is None:
            self.deriving.start()
        self.refresh()
        self.notes.show_notes(model.noted())

    # --- layout ---

    def _lay_out(self) -> None:
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        inside = QVBoxLayout()
        inside.setContentsMargins(36, 22, 36, 14)
        inside.setSpacing(14)
        inside.addLayout(self._heading())
        middle = QHBoxLayout()
        middle.setSpacing(22)
        self._views = QStackedWidget()
        self._views.addWidget(_panel(self.canvas, self.strip))
        self._views.addWidget(self._comparison())
        middle.addWidget(self._views, 78)
        side = QVBoxLayout()
        side.setSpacing(16)
        for card, share in ((self.moment, 0), (self.compared, 0), (self.notes, 1)):
            side.addWidget(card, share)
        self.compared.hide()
        middle.addLayout(side, 30)
        inside.addLayout(middle, 1)
        page.addLayout(inside, 1)
        page.addWidget(self._bar())

    def _heading(self) -> QVBoxLayout:
        title = QLabel(text_or_own(self.model.title))
        set_font(title, 21, QFont.Weight.DemiBold)
        header = self.model.header
        started = (header.started_at or "")[:16].replace("T", " ")
        parts = [
            text("review.heading"),
            started,
            header.code_name or "",
            clock_words(self.model.story.length_s),
            text("report.simulated") if header.simulated else "",
        ]
        rows = QVBoxLayout()
        rows.setSpacing(2)
        rows.addWidget(title)
        rows.addWidget(quiet_label(" · ".join(part for part in parts if part), 13))
        return rows

    def _comparison(self) -> QWidget:
        held = QWidget()
        column = QVBoxLayout(held)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        if self.model.story.steps:
            for place, name in zip(self._first_pair(), ("first", "second"), strict=True):
                chooser = StepChooser(self.model, place, text(f"review.{name}_step"))
                canvas = TimeCanvas(self.model, self._theme, View(0.0, 1.0))
                chooser.currentIndexChanged.connect(self._show_pair)
                self._pairs.append((chooser, canvas))
                column.addWidget(_panel(chooser, canvas), 1)
        return held

    def _first_pair(self) -> tuple[int, int]:
        """Noticing and the steady rhythm, where there are such steps; else the longest two."""
        spans = self.model.story.steps
        by_kind = {span.kind: place for place, span in enumerate(spans)}
        if "notice" in by_kind and "steady" in by_kind:
            return by_kind["notice"], by_kind["steady"]
        longest = sorted(range(len(spans)), key=lambda k: -spans[k].lasts_s)[:2]
        return min(longest), max(longest)

    def _bar(self) -> QWidget:
        bar = QWidget()
        bar.setObjectName("bar")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        bar.setMinimumHeight(46)
        row = QHBoxLayout(bar)
        row.setContentsMargins(22, 0, 14, 0)
        row.addWidget(self.said, 1)
        for name in _BUTTONS:
            button = QuietButton(text(f"review.{name}"))
            button.setToolTip(text(f"review.{name}_key"))
            set_font(button, 13)
            button.clicked.connect(lambda _checked=False, name=name: self.do(name))
            if name == "compare":
                button.setEnabled(bool(self.model.story.steps))
            row.addWidget(button)
        return bar

    def _connect(self) -> None:
        for drawn in (self.canvas, self.strip):
            drawn.moved.connect(self.refresh)
        self.notes.chosen.connect(self._go_to)
        self.note_field.kept.connect(self._keep_note)
        self.note_field.left.connect(self._close_note)
        self.deriving.ready.connect(self._take)
        self.deriving.not_possible.connect(lambda: self.said.setText(text("review.not_derived")))

    # --- showing ---

    def refresh(self) -> None:
        """Show how things stand."""
        self.moment.show_reading(
            self.model.cursor, self.model.reading(), deriving=self.model.derived is None
        )
        self.canvas.update()
        self.strip.update()

    def _take(self, derived: Derived) -> None:
        self.model.take(derived)
        self.refresh()
        self._show_pair()

    def _show_pair(self) -> None:
        """The two steps over the same length of time and on the same scale."""
        if not self._pairs:
            return
        places = [chooser.currentIndex() for chooser, _ in self._pairs]
        spans: list[Span] = [self.model.story.steps[place] for place in places]
        lasts = max(5.0, *(span.lasts_s for span in spans))
        views = [View(span.start_s, span.start_s + lasts) for span in spans]
        ranges = [self.model.rate_range(View(span.start_s, span.end_s)) for span in spans]
        rates = min(low for low, _ in ranges), max(high for _, high in ranges)
        for (_, canvas), view, span in zip(self._pairs, views, spans, strict=True):
            canvas.fixed, canvas.rates, canvas.until = view, rates, span.end_s
            canvas.update()
        self.compared.show_steps(*(self.model.found_of(place) for place in places))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words grow with the window."""
        super().resizeEvent(event)
        scale = min(max(_SMALLEST, min(self.width() / 1280, self.height() / 800)), _LARGEST)
        rescale(self, scale)
        for canvas in (self.canvas, *(canvas for _, canvas in self._pairs)):
            canvas.scale = max(1.0, scale)
        self._place_note()

    # --- doing ---

    def do(self, name: str) -> None:
        """What a key or a button asks for."""
        match name:
            case "mark":
                self._try(self.model.mark, "window.marked")
            case "note":
                self._place_note()
                self.note_field.show()
                self.note_field.raise_()
                self.note_field.setFocus()
            case "compare":
                self._compare()
            case "picture":
                self._ask_for_picture()
            case "report":
                self.report_wished.emit()
            case "replay":
                self.replay_wished.emit(self.model.cursor)
            case "leave" if self.comparing:
                self._compare()
            case "leave":
                self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the cursor, with Shift to the next step; plus and minus zoom; letters do things."""
        key = Qt.Key(event.key())
        model = self.model
        step = model.view.lasts / 100
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            direction = 1 if key == Qt.Key.Key_Right else -1
            model.point(model.neighbouring_step(direction) if shift else model.cursor + direction * step)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            direction = 1 if key == Qt.Key.Key_PageDown else -1
            model.move(direction * model.view.lasts)
            model.point(model.cursor + direction * model.view.lasts)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Up):
            model.zoom(0.7)
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Down):
            model.zoom(1 / 0.7)
        elif key == Qt.Key.Key_0:
            model.look(0.0, model.length_s)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            model.point(0.0 if key == Qt.Key.Key_Home else model.length_s)
        elif key in _KEYS:
            self.do(_KEYS[key])
        else:
            super().keyPressEvent(event)
            return
        self.refresh()

    def close_down(self) -> None:
        """Nobody looks any more."""
        self.deriving.stop()

    def _compare(self) -> None:
        if not self._pairs:
            return
        self.comparing = not self.comparing
        self._views.setCurrentIndex(int(self.comparing))
        self.compared.setVisible(self.comparing)
        self.moment.setVisible(not self.comparing)
        self._show_pair()
        self.setFocus()

    def _go_to(self, moment: float) -> None:
        self.model.point(moment)
        self.refresh()

    def _keep_note(self, words: str) -> None:
        self._try(lambda: self.model.note(words), "window.noted")

    def _try(self, wish: object, done: str) -> None:
        """Do something that the disk may refuse, and say how it went."""
        try:
            wish()  # type: ignore[operator]
        except BreathSyncError as problem:
            self.said.setText(str(problem))
            return
        self.said.setText(text(done))
        self.notes.show_notes(self.model.noted())
        self.refresh()

    def _ask_for_picture(self) -> None:
        kinds = text("review.picture_kinds")
        name, _ = QFileDialog.getSaveFileName(
            self, text("review.picture"), f"{self.model.file.stem}.png", kinds
        )
        if name:
            self.keep_picture(Path(name))

    def keep_picture(self, file: Path) -> None:
        """Write a picture of what is looked at."""
        self._try(
            lambda: save_picture(file, self.model, self._theme, self.model.view), "review.picture_kept"
        )

    def _place_note(self) -> None:
        place = self._views.geometry()
        self.note_field.setGeometry(
            place.x() + place.width() // 6, place.y() + 60, place.width() * 2 // 3, 40
        )

    def _close_note(self) -> None:
        self.note_field.hide()
        self.setFocus()


def _panel(*widgets: QWidget) -> QWidget:
    held = QWidget()
    held.setObjectName("panel")
    held.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    column = QVBoxLayout(held)
    column.setContentsMargins(14, 12, 14, 10)
    for place, widget in enumerate(widgets):
        column.addWidget(widget, 1 if isinstance(widget, TimeCanvas) else 0)
        if place:
            widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return held
