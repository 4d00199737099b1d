"""What is kept is listed in the window, and goes for good when somebody says so twice."""

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="Qt cannot be imported", exc_type=ImportError)

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from tests.screen.windows import press
from tests.session.test_history import lived

from breathsync import settings
from breathsync.practice.safety import Acceptance, Participant
from breathsync.screen.app import Window
from breathsync.screen.history_page import HistoryPage
from breathsync.screen.kept_pages import KeptPage, SurePage
from breathsync.screen.page import LargeButton
from breathsync.session import lock
from breathsync.session.consents import Consents
from breathsync.wording import text


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "recordings"


@pytest.fixture
def window(qapp, folder):
    made = Window(settings.Settings(folder, folder), returns_to_start=True)
    made.show()
    yield made
    made.close()
    made.deleteLater()
    qapp.processEvents()


def listed(window):
    window.show_history()
    window.centralWidget().kept_wished.emit()
    return window.centralWidget()


def button(page, words):
    return next(b for b in page.findChildren(LargeButton) if words in b.text())


def words_on(page):
    return " ".join(label.text() for label in page.findChildren(QLabel))


def test_requirement_36_a_session_is_listed_and_deleted_for_good_once_it_is_said_twice(window, folder):
    first, second = lived(folder, "02T19:00:00+01:00"), lived(folder, "05T20:30:00+01:00", name="Fern-4")
    page = listed(window)
    assert isinstance(page, KeptPage)
    rows = [b.text() for b in page.findChildren(LargeButton)]
    assert rows[2:] == [
        f"5 November 2026, 20:30\nFern-4 · {second.name}",
        f"2 November 2026, 19:00\n{first.name}",
    ]
    button(page, first.name).click()
    asked = window.centralWidget()
    assert isinstance(asked, SurePage)
    assert first.exists()
    button(asked, text("kept.delete")).click()
    assert not first.exists() and second.exists()
    assert text("cli.sessions.removed", file=first.name) in words_on(window.centralWidget())


def test_requirement_36_everything_of_a_code_name_goes_at_once(window, folder):
    theirs = [lived(folder, f"0{day}T19:00:00+01:00", name="Willow-17") for day in (2, 3)]
    other = lived(folder, "04T19:00:00+01:00", name="Fern-4")
    for name in ("Willow-17", "Fern-4"):
        Consents(folder).keep(Acceptance("1", "2026-11-02", Participant(name)))
    button(listed(window), text("kept.everything", name="Willow-17")).click()
    assert all(file.exists() for file in theirs)
    button(window.centralWidget(), text("kept.delete")).click()
    assert not any(file.exists() for file in theirs) and other.exists()
    assert [given.participant.code_name for given in Consents(folder).all(None)] == ["Fern-4"]


@pytest.mark.parametrize("how", ["the key", "the button"])
def test_what_is_to_be_kept_stays(window, folder, how):
    file = lived(folder, "02T19:00:00+01:00")
    button(listed(window), file.name).click()
    page = window.centralWidget()
    if how == "the key":
        press(page, Qt.Key.Key_Return)  # the first button has the keys, and it keeps
        press(window.focusWidget() or page, Qt.Key.Key_Escape)
    else:
        button(page, text("kept.keep")).click()
    assert file.exists()
    window._kept.look()
    press(window.centralWidget(), Qt.Key.Key_Escape)
    assert isinstance(window.centralWidget(), HistoryPage)


def test_a_recording_that_is_being_made_is_left_alone_and_that_is_said(window, folder):
    file = lived(folder, "02T19:00:00+01:00")
    button(listed(window), file.name).click()
    with file.open("rb+") as held:
        assert lock.take(held.fileno())
        button(window.centralWidget(), text("kept.delete")).click()
    assert file.exists()
    assert file.name in words_on(window.centralWidget())


def test_what_cannot_be_read_can_still_go(window, folder):
    folder.mkdir()
    file = folder / "2026-11-01_broken.jsonl"
    file.write_text("no recording\n")
    button(listed(window), text("kept.unreadable")).click()
    button(window.centralWidget(), text("kept.delete")).click()
    assert not file.exists()


def test_where_nothing_is_kept_it_says_so(window):
    assert text("info.nothing_kept") in words_on(listed(window))


def test_a_simulated_session_says_so_in_the_list_and_not_in_the_history(window, folder):
    file = lived(folder, "02T19:00:00+01:00", name="Heron", scenario="first-session")
    window.show_history()
    assert window.centralWidget().sessions == []
    assert f"Heron · a simulated person · {file.name}" in button(listed(window), file.name).text()
