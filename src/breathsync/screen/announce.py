"""Tells a screen reader what changed by itself: steps and words, never single breaths."""

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from breathsync.screen.shown import ScreenState


class Announcer:
    """Says each new step, each new cue and each thing done, once."""

    def __init__(self, page: QWidget) -> None:
        self._page = page
        self._said: tuple[str, ...] = ("", "", "")

    def show_state(self, state: ScreenState) -> None:
        """Say what is new in a state."""
        now = state.step, state.cue, state.said
        new = [words for words, before in zip(now, self._said, strict=True) if words and words != before]
        self._said = now
        if new:
            say(self._page, ". ".join(new))


def say(page: QWidget, words: str) -> None:
    """Let a screen reader say the words, where one listens."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(page, words))
