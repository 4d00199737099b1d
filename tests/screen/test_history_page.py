"""The page of practice over weeks."""

import pytest
from tests.session.sessions import simulated, told
from tests.session.test_history import lived

from breathsync.settings import defaults
from breathsync.wording import text


@pytest.fixture
def page(qapp):
    from breathsync.screen.history_page import HistoryPage
    from breathsync.screen.theme import LINEN

    pages = []

    def opened():
        page = HistoryPage(LINEN, defaults())
        pages.append(page)
        page.resize(900, 640)
        page.show()
        return page

    yield opened
    for page in pages:
        page.close_down()
        page.close()
    qapp.processEvents()


def test_with_nothing_kept_it_says_where_it_looked(page):
    assert page().summary.text() == text("history.nothing", folder=defaults().recordings_folder)


def test_swing_is_worked_out_beside_it_and_drawn(page, qapp):
    folder = defaults().recordings_folder
    lived(folder, "02T19:00:00+01:00", told(simulated(seconds=330)))
    lived(folder, "05T19:00:00+01:00", told(simulated("teen", 300)))
    shown = page()
    assert "2" in shown.summary.text()
    before = shown.chart.grab().toImage()
    while shown.deriving is not None:
        assert shown.deriving.wait()
        qapp.processEvents()
    assert [s.swing is not None for s in shown.sessions] == [True, True]
    assert shown.progress.text() == ""
    assert shown.chart.grab().toImage() != before


def test_people_are_shown_one_at_a_time(page):
    folder = defaults().recordings_folder
    lived(folder, "02T19:00:00+01:00", name="Willow-17")
    lived(folder, "03T19:00:00+01:00", name="Fern-4")
    shown = page()
    assert shown.who.isVisibleTo(shown)
    assert [s.code_name for s in shown.sessions] == ["Fern-4"]
    shown.who.setCurrentIndex(1)
    assert [s.code_name for s in shown.sessions] == ["Willow-17"]
