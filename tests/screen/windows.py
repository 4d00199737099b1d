"""What tests of the window share: keys, waiting, a longer language, and what does not fit."""

import re

from PySide6.QtCore import QEvent, Qt, QThread
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from breathsync import wording
from breathsync.clock import stopwatch
from breathsync.practice.safety import Participant
from breathsync.screen.page import Choice
from breathsync.session.players import DemoPlayer
from breathsync.session.simulation import SCENARIOS

NO_MODIFIER = Qt.KeyboardModifier.NoModifier


def press(widget, key, text="", modifiers=NO_MODIFIER):
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(widget, QKeyEvent(kind, key, modifiers, text))


def write(widget, words):
    for letter in words:
        press(widget, Qt.Key.Key_A, letter)


def wait_for(condition, seconds=60.0):
    """Let Qt run until the condition holds."""
    end = stopwatch() + seconds
    while not condition():
        QApplication.processEvents()
        QThread.msleep(1)  # the session's thread, which is waited for, needs the processor
        assert stopwatch() < end, "waited in vain"


def settle(rounds=15):
    """Let layouts come to rest."""
    for _ in range(rounds):
        QApplication.processEvents()


def person_player(chosen, seconds=None, person=None):
    """A session with a real person in it, as far as the window can tell."""
    player = DemoPlayer(SCENARIOS["first-session"], 1, chosen, seconds)
    player.participant = person or Participant("heron")
    return player


def longer(words):
    """The words with 40 % more letters, names and line ends kept."""
    if not words.strip():
        return words
    more = round(0.4 * len(re.sub(r"\{.*?\}", "12345", words)))
    return words + " " + ("mmmmm " * (more // 6 + 1))[:more].strip()


def speak_longer(monkeypatch, language="en"):
    """Use a language whose every text is 40 % longer."""
    real = wording.language
    words = {key: longer(value) for key, value in real(language).items()} | {"app.decimal": ","}
    monkeypatch.setattr(wording, "language", lambda code: words if code == "xx" else real(code))
    monkeypatch.setattr(wording, "_chosen", "xx")


def cut_off(page):
    """Texts under `page` that have less room than they need."""
    found = []
    for label in page.findChildren(QLabel):
        if not label.isVisible() or not label.text():
            continue
        if label.wordWrap():
            fits = label.heightForWidth(label.width()) <= label.height() + 1
        else:
            fits = label.sizeHint().width() <= label.width() + 1
        if not fits:
            found.append(f"{label.text()} ({label.width()} x {label.height()})")
    for button in [*page.findChildren(QPushButton), *page.findChildren(Choice)]:
        small = button.sizeHint().width() > button.width() or button.sizeHint().height() > button.height()
        if button.isVisible() and small:
            found.append(button.text())
    return found
