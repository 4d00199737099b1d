"""What is said beside the picture: the cursor's moment, marks and notes, two steps in figures."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QListWidget, QListWidgetItem

from breathsync.screen.cards import Card
from breathsync.screen.page import quiet_label
from breathsync.screen.review.model import Reading, ReviewModel
from breathsync.screen.theme import set_font
from breathsync.session.report.findings import StepFound
from breathsync.wording import clock_words, number, paces, text, text_or_own

_ROWS = ("heart_rate", "swing", "guide", "rmssd", "sdnn", "usable")
_STEP_ROWS = ("heart_rate", "swing", "breaths_n", "guide", "usable")


class MomentCard(Card):
    """The measures of the cursor's moment, each with the window that it needs."""

    def __init__(self) -> None:
        super().__init__(text("review.moment"))
        self._step = quiet_label("", 13)
        self.rows.addWidget(self._step)
        grid = QGridLayout()
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(1, 1)
        self._values: dict[str, QLabel] = {}
        for row, name in enumerate(_ROWS):
            value = QLabel()
            set_font(value, 15)
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            self._values[name] = value
            grid.addWidget(quiet_label(text(f"review.{name}"), 13), row, 0)
            grid.addWidget(value, row, 1)
            window = quiet_label(text(f"review.{name}_window"), 11)
            window.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(window, row, 2)
        self.rows.addLayout(grid)
        self._why = quiet_label("", 12)
        self._why.setMinimumHeight(34)
        self.rows.addWidget(self._why)

    def show_reading(self, moment: float, reading: Reading, *, deriving: bool) -> None:
        """Show what can be said of a moment."""
        step = text_or_own(reading.step.title) if reading.step else ""
        self._step.setText(" · ".join(part for part in (clock_words(moment), step) if part))
        swing = number(reading.swing_bpm, 1)
        if reading.swing_error_bpm is not None:
            swing += f" ± {number(reading.swing_error_bpm, 1)}"
        share = None if reading.usable_share is None else 100 * reading.usable_share
        shown = {
            "heart_rate": number(reading.heart_rate_bpm),
            "swing": swing,
            "guide": number(reading.guide_per_min, 1),
            "rmssd": number(reading.rmssd_ms),
            "sdnn": number(reading.sdnn_ms),
            "usable": number(share),
        }
        for name, words in shown.items():
            self._values[name].setText(words)
            self._values[name].setAccessibleName(f"{text(f'review.{name}')}: {words}")
        self._why.setText(_why(reading, deriving=deriving))


def _why(reading: Reading, *, deriving: bool) -> str:
    if deriving:
        return text("review.deriving")
    if reading.unmeasured:
        return text("report.unmeasured")
    if reading.withheld:
        return text("review.withheld", reason=text(f"reason.{reading.withheld}"))
    return ""


class NotesCard(Card):
    """Marks and notes; choosing one goes there."""

    chosen = Signal(float)

    def __init__(self) -> None:
        super().__init__(text("review.notes"))
        self._list = QListWidget()
        self._list.setObjectName("notes")
        self._list.setAccessibleName(text("review.notes"))
        self._list.setWordWrap(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        set_font(self._list, 13)
        self._list.itemClicked.connect(self._go)
        self._list.itemActivated.connect(self._go)
        self.rows.addWidget(self._list, 1)

    def show_notes(self, noted: list[tuple[float, str]]) -> None:
        """Show them all."""
        self._list.clear()
        for time, words in noted:
            item = QListWidgetItem(f"{clock_words(time)}  {words or text('report.mark')}")
            item.setData(Qt.ItemDataRole.UserRole, time)
            self._list.addItem(item)

    def _go(self, item: QListWidgetItem) -> None:
        self.chosen.emit(float(item.data(Qt.ItemDataRole.UserRole)))


class StepChooser(QComboBox):
    """One of the session's steps."""

    def __init__(self, model: ReviewModel, place: int, name: str) -> None:
        super().__init__()
        for number_, span in enumerate(model.story.steps, start=1):
            self.addItem(f"{number_}  {text_or_own(span.title)}  {clock_words(span.start_s)}")
        self.setCurrentIndex(place)
        self.setAccessibleName(name)
        set_font(self, 14)


class ComparedCard(Card):
    """Two steps in figures, beside each other: neither is the better one."""

    def __init__(self) -> None:
        super().__init__(text("review.compared"))
        grid = QGridLayout()
        grid.setVerticalSpacing(6)
        self._values: dict[tuple[str, int], QLabel] = {}
        for column, name in enumerate(("first_step", "second_step"), start=1):
            grid.addWidget(quiet_label(text(f"review.{name}"), 12), 0, column, Qt.AlignmentFlag.AlignRight)
        for row, name in enumerate(_STEP_ROWS, start=1):
            grid.addWidget(quiet_label(text(f"review.{name}"), 13), row, 0)
            for column in (1, 2):
                value = self._values[name, column] = QLabel()
                set_font(value, 14)
                grid.addWidget(value, row, column, Qt.AlignmentFlag.AlignRight)
        self.rows.addLayout(grid)
        self.rows.addStretch(1)
        self.rows.addWidget(quiet_label(text("review.compared_words"), 12))

    def show_steps(self, first: StepFound | None, second: StepFound | None) -> None:
        """Show what was found of each."""
        for (name, column), value in self._values.items():
            value.setText(_of_step(first if column == 1 else second, name))


def _of_step(step: StepFound | None, name: str) -> str:
    swing = step.swing if step else None
    if step is None or (swing is None and name in ("swing", "breaths_n")):
        return number(None)
    if name == "guide":
        return paces(step.guide)
    if name == "heart_rate":
        return number(step.heart_rate_bpm, 1)
    if name == "usable":
        return number(None if step.usable_share is None else 100 * step.usable_share)
    assert swing is not None
    if name == "swing":
        return f"{number(swing.swing_bpm, 1)} ± {number(swing.standard_error_bpm, 1)}"
    return str(swing.breaths)
