"""The pages around a session: where it starts, and where it ends."""

from pathlib import Path

from PySide6.QtCore import Signal

from breathsync.screen.page import Page
from breathsync.wording import text


class StartPage(Page):
    """Ready to start."""

    strap_wished = Signal()
    practice_wished = Signal()
    demo_wished = Signal()
    open_wished = Signal()
    review_wished = Signal()
    history_wished = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.column.addStretch(3)
        self.add_heading(text("window.start_heading"), 34)
        self.add_words(text("window.start_words"), quiet=True)
        self.column.addSpacing(24)
        practise = self.add_button(text("guidance.practise"), text("guidance.practise_more"))
        practise.clicked.connect(self.practice_wished)
        strap = self.add_button(text("window.strap"), text("window.strap_more"))
        strap.clicked.connect(self.strap_wished)
        demo = self.add_button(text("window.demo"), text("window.demo_more"))
        demo.clicked.connect(self.demo_wished)
        self.add_button(text("window.open"), text("window.open_more")).clicked.connect(self.open_wished)
        review, history = self.add_pair(text("window.review"), text("history.button"))
        review.clicked.connect(self.review_wished)
        history.clicked.connect(self.history_wished)
        self.words = self.add_words("", 16)
        self.words.setObjectName("cue")
        self.column.addStretch(4)
        self.add_words(text("disclaimer.short"), 16, quiet=True)
        self.begin_at(practise)


class EndPage(Page):
    """A session is over: keep its recording or discard it. What ended it early is said first."""

    kept = Signal()
    discarded = Signal()
    reflection_wished = Signal()

    def __init__(self, *, recording: Path | None, problem: str = "", said: str = "") -> None:
        super().__init__()
        self.column.addStretch(3)
        self.add_heading(problem or text("window.finished"))
        if said:
            self.add_words(said, 16, quiet=True)
        self.column.addSpacing(20)
        keep = self.add_button(text("window.keep" if recording else "window.close"))
        keep.clicked.connect(self.kept)
        if recording is not None:
            write = self.add_button(text("window.reflect"), text("window.reflect_more"))
            write.clicked.connect(self.reflection_wished)
            self.add_button(text("window.discard")).clicked.connect(self.discarded)
            where = text("window.recorded_in", file=str(recording).replace("/", "/\u200b"))
            self.add_words(where, 16, quiet=True)
        self.column.addStretch(4)
        self.begin_at(keep)
