"""What a person is asked first: what this is, what is kept, who may see it, and who may see along."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox

from breathsync.practice.safety import Profile, Viewer, viewers
from breathsync.screen.page import LargeButton, Page
from breathsync.wording import text


class ConsentPage(Page):
    """`accepted` carries who may see the recordings and, for a teen, whether a carer knows."""

    accepted = Signal(object, object)
    left = Signal()

    def __init__(self, profile: Profile, folder: str) -> None:
        super().__init__(column_share=6)
        self._profile = profile
        self.column.addSpacing(24)
        self.add_heading(text("consent.heading"))
        self.add_words(text("disclaimer.full"))
        self.add_words(text("consent.kept", folder=folder.replace("/", "/\u200b")))
        self.add_words(text("consent.freely" if profile is Profile.ADULT else "consent.freely_teen"))
        self.add_words(text("consent.may_see"))
        self._choices: dict[Viewer, QCheckBox] = {
            viewer: self.add_choice(text(f"consent.viewer_{viewer.value}")) for viewer in viewers(profile)
        }
        self._carer_knows = (
            self.add_choice(text("consent.carer_knows")) if profile is Profile.TEEN else None
        )
        self.column.addSpacing(10)
        words = "consent.accept" if profile is Profile.ADULT else "consent.accept_teen"
        accept = self.add_button(text(words))
        accept.clicked.connect(self._accept)
        leave = self.add_button(text("consent.leave"), text("consent.leave_more"))
        leave.clicked.connect(self.left)
        self.column.addSpacing(24)
        self.column.addStretch(1)
        self.accept_button: LargeButton = accept
        self.begin_at(next(iter(self._choices.values())))

    def choose(self, viewer: Viewer) -> None:
        """Tick that this one may see."""
        self._choices[viewer].setChecked(True)

    def _accept(self) -> None:
        may_see = tuple(viewer for viewer, choice in self._choices.items() if choice.isChecked())
        knows = None if self._carer_knows is None else self._carer_knows.isChecked()
        self.accepted.emit(may_see, knows)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves; nothing is accepted by a key alone."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class SeeAlongPage(Page):
    """Whether the person who guides may see, on a screen of their own, what is measured in this session."""

    answered = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.column.addStretch(3)
        self.add_heading(text("practitioner.ask"))
        self.add_words(text("practitioner.ask_words"), quiet=True)
        self.column.addSpacing(12)
        yes = self.add_button(text("practitioner.ask_yes"), text("practitioner.ask_yes_more"))
        no = self.add_button(text("practitioner.ask_no"), text("practitioner.ask_no_more"))
        yes.clicked.connect(lambda: self.answered.emit(True))
        no.clicked.connect(lambda: self.answered.emit(False))
        self.column.addStretch(4)
        self.begin_at(no)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc is no."""
        if event.key() == Qt.Key.Key_Escape:
            self.answered.emit(False)
        else:
            super().keyPressEvent(event)
