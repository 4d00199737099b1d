"""The real window, offscreen: it opens, draws, takes keys, and never computes."""

import asyncio
import gc
import signal
import sys

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="Qt cannot be imported", exc_type=ImportError)

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from tests.helpers import pipeline
from tests.screen.windows import press, wait_for

from breathsync import settings
from breathsync.events import GuideShown, Marked, Noted, Paused, SessionEnded, Softened
from breathsync.practice.conductor import Wish
from breathsync.screen.app import Window
from breathsync.screen.ending import run_until_closed
from breathsync.screen.pages import EndPage, StartPage
from breathsync.screen.practice_window import PracticePage
from breathsync.screen.theme import THEMES
from breathsync.session import simulation
from breathsync.session.players import DemoPlayer, ReplayPlayer
from breathsync.session.recorder import made_recording
from breathsync.session.replay import RecordingReader
from breathsync.session.simulation import SCENARIOS
from breathsync.session.sitting import Sitting
from breathsync.wording import text


@pytest.fixture
def chosen(tmp_path):
    return settings.Settings(tmp_path / "recordings", tmp_path / "profiles")


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    file = tmp_path_factory.mktemp("window") / "session.jsonl"
    scenario = SCENARIOS["steady-practice"]
    with made_recording(file, simulation.header_of(scenario, 1)) as recorder:
        simulation.simulate(scenario, 1, Sitting(pipeline()), recorder, 200.0)
    return file


@pytest.fixture
def window(qapp, chosen):
    made = Window(chosen, returns_to_start=True)
    yield made
    made.close()
    made.deleteLater()
    qapp.processEvents()


def demo(window, chosen, seconds=None):
    heard = []
    player = DemoPlayer(SCENARIOS["first-session"], 1, chosen, seconds)
    window.show_session(player, [lambda at, event: heard.append(event)])
    window.show()
    page = window.centralWidget()
    wait_for(lambda: heard)
    return page, player, heard


def of(kind, heard):
    return [event for event in heard if isinstance(event, kind)]


def test_the_start_page_offers_a_demo_and_a_recording(window):
    window.show_start()
    assert isinstance(window.centralWidget(), StartPage)


def test_a_replay_is_drawn(window, recording, chosen):
    window.show_session(ReplayPlayer(RecordingReader(recording), chosen, rate=1.0, start=150.0))
    window.show()
    page = window.centralWidget()
    wait_for(lambda: page.cards._heart._number.text() not in ("", "–"))
    wait_for(lambda: page.circle._motion.guide_visible == 1.0)
    picture = window.grab().toImage()
    circle = page.circle.mapTo(window, page.circle.rect().center())
    ground = QColor(THEMES["dusk"].ground)
    assert picture.pixelColor(circle) != ground
    assert "Polar H10" in page.bar._signal.text()


def test_what_cannot_be_opened_is_said_on_the_start_page(window, tmp_path):
    file = tmp_path / "no.jsonl"
    window.open_recording(file)
    assert str(file) in window.centralWidget().words.text()


def test_keys_become_wishes_and_wishes_become_inputs(window, chosen):
    page, _, heard = demo(window, chosen)
    press(page, Qt.Key.Key_M)
    wait_for(lambda: of(Marked, heard))
    press(page, Qt.Key.Key_P)
    wait_for(lambda: of(Paused, heard))
    press(page, Qt.Key.Key_S)
    wait_for(lambda: of(Softened, heard))
    press(page, Qt.Key.Key_Escape)
    wait_for(lambda: isinstance(window.centralWidget(), EndPage))
    assert of(SessionEnded, heard)


def test_an_open_note_takes_the_keys(window, chosen):
    page, _, heard = demo(window, chosen)
    press(page, Qt.Key.Key_N)
    assert page.note.isVisible()
    for letter in "mps":
        press(page.note, Qt.Key(ord(letter.upper())), letter)
    press(page.note, Qt.Key.Key_Space, " ")
    press(page.note, Qt.Key.Key_X, "x")
    press(page.note, Qt.Key.Key_Return)
    wait_for(lambda: of(Noted, heard))
    assert of(Noted, heard)[0].words == "mps x"
    assert not of(Marked, heard) and not of(Paused, heard) and not of(Softened, heard)
    assert not page.note.isVisible()


def test_escape_leaves_a_note_and_not_the_session(window, chosen):
    page, _, heard = demo(window, chosen)
    press(page, Qt.Key.Key_N)
    press(page.note, Qt.Key.Key_Escape)
    assert not page.note.isVisible()
    assert not of(SessionEnded, heard)


def test_space_on_a_focused_button_still_means_natural_breathing(window, chosen):
    page, _, _ = demo(window, chosen)
    wished = []
    page._bridge.wish = lambda wish, words="": wished.append(wish)
    press(page.bar._buttons["mark"], Qt.Key.Key_Space, " ")
    press(page.bar._buttons["mark"], Qt.Key.Key_Return)
    assert wished == [Wish.NATURAL, Wish.MARK]
    del page._bridge.wish  # the window ends the session by it


def test_f11_is_full_screen_and_back(window, chosen):
    page, _, _ = demo(window, chosen)
    press(page, Qt.Key.Key_F11)
    assert window.isFullScreen()
    press(page, Qt.Key.Key_F11)
    assert not window.isFullScreen()


def test_at_the_end_a_recording_is_kept_or_discarded(window, chosen):
    _, player, _ = demo(window, chosen, seconds=1.0)
    wait_for(lambda: isinstance(window.centralWidget(), EndPage))
    assert player.recording.exists()
    window.centralWidget().discarded.emit()
    assert not player.recording.exists()
    assert isinstance(window.centralWidget(), StartPage)


def test_closing_the_window_keeps_what_was_recorded(window, chosen):
    _, player, _ = demo(window, chosen)
    window.close()
    assert list(RecordingReader(player.recording).inputs())[-1].time >= 0
    reader = RecordingReader(player.recording)
    list(reader.inputs())
    assert reader.ended


def test_the_guide_is_seen_when_it_is_shown(window, recording, chosen):
    heard = []
    player = ReplayPlayer(RecordingReader(recording), chosen, rate=1.0, start=120.0)
    window.show_session(player, [lambda at, event: heard.append(event)])
    window.show()
    wait_for(lambda: of(GuideShown, heard))
    page = window.centralWidget()
    wait_for(lambda: page.circle._motion is not None and page.circle._motion.guide_visible == 1.0)


def test_hundreds_of_frames_leave_none_alone(window, recording, chosen):
    """PySide6 6.12 lost a reference to None in every void call, and a live plot died in seconds."""
    window.show_session(ReplayPlayer(RecordingReader(recording), chosen, rate=1.0, start=150.0))
    window.show()
    page = window.centralWidget()
    assert isinstance(page, PracticePage)
    for _ in range(100):
        page.draw_frame()
        QApplication.processEvents()
    gc.collect()
    before = sys.getrefcount(None)
    for _ in range(400):
        page.draw_frame()
        QApplication.processEvents()
    gc.collect()
    assert abs(sys.getrefcount(None) - before) < 300


def luminance(color):
    channels = [
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in QColor(color).getRgbF()[:3]
    ]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_requirement_21_text_and_graphics_stand_out_in_every_theme(theme):
    for ground in (theme.ground, theme.panel):
        for words in (theme.text, theme.quiet, theme.now):
            assert contrast(words, ground) >= 4.5, (words, ground)
        for graphic in (theme.breath, theme.heart, theme.measured):
            assert contrast(graphic, ground) >= 3.0, (graphic, ground)


def test_a_session_runs_in_its_own_thread(window, chosen):
    _, player, _ = demo(window, chosen)
    assert window._bridge._thread.is_alive()
    with pytest.raises(RuntimeError):
        asyncio.get_running_loop()
    assert player.now() > 0


def test_being_told_to_end_closes_the_window_and_saves_the_session(qapp, window, chosen):
    _, player, _heard = demo(window, chosen)
    QTimer.singleShot(100, lambda: signal.raise_signal(signal.SIGTERM))
    assert run_until_closed(qapp, window.close) == 130
    assert not window.isVisible()
    assert isinstance(list(RecordingReader(player.recording).inputs())[-1], SessionEnded)


def test_a_session_that_could_not_begin_says_why_instead_of_thanking(window, chosen, tmp_path):
    (tmp_path / "recordings").write_text("not a folder")
    window.show_session(DemoPlayer(SCENARIOS["first-session"], 1, chosen))
    window.show()
    wait_for(lambda: isinstance(window.centralWidget(), EndPage))
    words = [label.text() for label in window.centralWidget().findChildren(QLabel)]
    assert any("recordings_folder" in said for said in words)
    assert text("window.finished") not in words
    assert [b.text() for b in window.centralWidget().findChildren(QPushButton)] == [text("window.close")]
