"""The replay's slider and pause, in the window and by keys."""

import pytest
from tests.session.sessions import kept, simulated

from breathsync.screen.practice_window import PracticePage
from breathsync.session.players import ReplayPlayer
from breathsync.session.replay import RecordingReader
from breathsync.settings import defaults
from breathsync.wording import text


@pytest.fixture
def window(qapp, tmp_path):
    from breathsync.screen.app import Window

    file = kept(tmp_path / "session.jsonl", simulated(seconds=120))
    window = Window(defaults(), returns_to_start=False)
    window.show_session(ReplayPlayer(RecordingReader(file), defaults(), start=40.0, held=True))
    window.show()
    yield window
    window.close()
    qapp.processEvents()


def draw(window, qapp, until):
    """Draw frames until something is so."""
    for _ in range(2000):
        qapp.processEvents()
        page = window.centralWidget()
        page.draw_frame()
        if until(page):
            return page
        page._bridge._thread.join(0.01)
    pytest.fail("it never came to that")


def press(page, key):
    from PySide6.QtCore import QEvent, Qt
    from PySide6.QtGui import QKeyEvent

    none = Qt.KeyboardModifier.NoModifier
    page.keyPressEvent(QKeyEvent(QEvent.Type.KeyPress, getattr(Qt.Key, f"Key_{key}"), none))


def shows(words):
    return lambda page: page.replay_bar._time.text() == words


def test_the_bar_shows_where_a_replay_is_and_how_long_it_lasts(window, qapp):
    page = draw(window, qapp, shows("00:40 / 02:00"))
    assert isinstance(page, PracticePage)
    assert page.replay_bar._pause.text() == text("window.resume")


def test_arrows_go_to_another_moment_and_keep_standing_still(window, qapp):
    page = draw(window, qapp, shows("00:40 / 02:00"))
    press(page, "Right")
    draw(window, qapp, shows("00:50 / 02:00"))
    draw(window, qapp, lambda page: text("practice.step.notice") in page._bridge.model.at(50.0).step)
    press(window.centralWidget(), "Home")
    draw(window, qapp, shows("00:00 / 02:00"))


def test_the_slider_goes_there_when_it_is_let_go(window, qapp):
    page = draw(window, qapp, shows("00:40 / 02:00"))
    page.replay_bar._slider.setValue(100)
    page.replay_bar._slider.sliderReleased.emit()
    draw(window, qapp, shows("01:40 / 02:00"))


def test_a_key_lets_it_go_on_and_holds_it(window, qapp):
    page = draw(window, qapp, shows("00:40 / 02:00"))
    draw(window, qapp, lambda page: page._bridge.replay._clock is not None)
    press(page, "Space")
    draw(window, qapp, lambda page: page.replay_bar._pause.text() == text("window.pause"))
    press(page, "P")
    draw(window, qapp, lambda page: page.replay_bar._pause.text() == text("window.resume"))
