"""A page to write on: a letter, or what was noticed. The words are sealed before they are kept.

Where no passphrase was set yet, it is chosen before the first word is written, and it is said that a lost
one is final.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from breathsync.screen.page import LargeButton, Page
from breathsync.screen.theme import set_font
from breathsync.wording import text


class WritingField(QPlainTextEdit):
    """Takes words; Ctrl and Enter seals them, Tab goes on to the buttons, Esc leaves."""

    done = Signal()
    left = Signal()

    def __init__(self, words: str) -> None:
        super().__init__()
        set_font(self, 18)
        self.setTabChangesFocus(True)
        self.setAccessibleName(words)
        self.setMinimumHeight(160)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Every key writes, but for these."""
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.done.emit()
        else:
            super().keyPressEvent(event)
            event.accept()


class WritingPage(Page):
    """`what` is `letter` or `reflection`.

    `passphrase_chosen` asks for a letterbox; call `begin_writing` when there is one, or `say` what was
    not right. `sealed_wished` carries the words to seal and keep; `left` says that nothing is kept.
    """

    passphrase_chosen = Signal(str)
    sealed_wished = Signal(str)
    left = Signal()

    def __init__(self, what: str, *, has_letterbox: bool) -> None:
        super().__init__(column_share=6)
        self.what = what
        self.column.addSpacing(24)
        self.add_heading(text(f"writing.{what}"))
        self.add_words(text(f"writing.{what}_more"), quiet=True)
        self._said = self.add_words("", 16)
        self._said.setObjectName("cue")
        self._choosing = QWidget()
        self._writing = QWidget()
        for part in (self._choosing, self._writing):
            self.column.addWidget(part, 1)
        self.first, self.second = _secret("writing.passphrase"), _secret("writing.passphrase_again")
        self.field = WritingField(text(f"writing.{what}"))
        self._lay_out_choosing(QVBoxLayout(self._choosing))
        self._lay_out_writing(QVBoxLayout(self._writing))
        self.column.addSpacing(24)
        self._writing.setVisible(has_letterbox)
        self._choosing.setVisible(not has_letterbox)
        self.begin_at(self.field if has_letterbox else self.first)

    def _lay_out_choosing(self, rows: QVBoxLayout) -> None:
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(14)
        for key in ("writing.sealing", "writing.final"):
            self._words_into(rows, text(key))
        rows.addWidget(self.first)
        rows.addWidget(self.second)
        choose = LargeButton(text("writing.choose"))
        choose.clicked.connect(self._choose)
        alone = LargeButton(text("writing.unkept"), text("writing.unkept_more"))
        alone.clicked.connect(self._write_unkept)
        rows.addWidget(choose)
        rows.addWidget(alone)
        rows.addStretch(1)
        self.first.returnPressed.connect(self.second.setFocus)
        self.second.returnPressed.connect(self._choose)

    def _lay_out_writing(self, rows: QVBoxLayout) -> None:
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(14)
        self._how = self._words_into(rows, text("writing.sealed_with"))
        rows.addWidget(self.field, 1)
        buttons = QHBoxLayout()
        self._seal = LargeButton(text("writing.seal"), text("writing.seal_key"))
        leave = LargeButton(text("writing.leave"), text("writing.leave_key"))
        self._seal.clicked.connect(self._finish)
        leave.clicked.connect(self.left)
        buttons.addWidget(self._seal, 1)
        buttons.addWidget(leave, 1)
        rows.addLayout(buttons)
        self.field.done.connect(self._finish)
        self.field.left.connect(self.left)

    def _words_into(self, rows: QVBoxLayout, words: str) -> QWidget:
        label = self.add_words(words)
        self.column.removeWidget(label)
        rows.addWidget(label)
        return label

    def say(self, words: str) -> None:
        """Say what was not right with the passphrase."""
        self._said.setText(words)
        self.first.setFocus()

    def begin_writing(self) -> None:
        """The words can be sealed from now on."""
        self._said.setText("")
        self._choosing.hide()
        self._writing.show()
        self.begin_at(self.field)
        self.field.setFocus()

    def _choose(self) -> None:
        if self.first.text() != self.second.text():
            self.say(text("writing.passphrases_differ"))
        else:
            self.passphrase_chosen.emit(self.first.text())

    def _write_unkept(self) -> None:
        self._seal.hide()
        self.field.done.disconnect()
        self._how.hide()
        self.begin_writing()
        self._said.setText(text("writing.unkept_more"))

    def _finish(self) -> None:
        words = self.field.toPlainText().strip()
        if words:
            self.sealed_wished.emit(words)
        else:
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves from wherever the keys are."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def _secret(key: str) -> QLineEdit:
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setPlaceholderText(text(key))
    field.setAccessibleName(text(key))
    set_font(field, 17)
    return field
