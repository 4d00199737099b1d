"""A page that comes by a click has the keys: nobody has to click into it before it hears them."""

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="Qt cannot be imported", exc_type=ImportError)

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from tests.screen.test_practices import chosen, window, words_on  # noqa: F401 - fixtures
from tests.screen.windows import press, settle

from breathsync.practice.practice_file import shipped
from breathsync.screen.history_page import HistoryPage
from breathsync.screen.pages import StartPage
from breathsync.screen.practice_pages import BeforePage, TapPage
from breathsync.wording import text


def click(shown, words):
    """As a hand does: the button takes the keys as it is pressed, and its page goes."""
    buttons = shown.centralWidget().findChildren(QPushButton)
    button = next(b for b in buttons if b.text().startswith(words))
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    at_once = QApplication.focusWidget()
    settle()
    assert at_once is shown.centralWidget() is QApplication.focusWidget()


@pytest.fixture
def seen(window):  # noqa: F811
    window.activateWindow()
    settle()
    return window


def test_the_page_to_tap_on_hears_any_key_as_soon_as_it_is_there(seen):
    seen._beginning.before(shipped("a-minute"))
    settle()
    click(seen, text("guidance.tap"))
    page = seen.centralWidget()
    assert isinstance(page, TapPage)
    press(QApplication.focusWidget(), Qt.Key.Key_Space, " ")
    assert text("guidance.tap_more", count=3) in words_on(page)
    press(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert isinstance(seen.centralWidget(), BeforePage)


def test_the_look_over_weeks_is_left_by_escape_as_soon_as_it_is_there(seen):
    seen.show_start()
    settle()
    click(seen, text("history.button"))
    assert isinstance(seen.centralWidget(), HistoryPage)
    press(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert isinstance(seen.centralWidget(), StartPage)
