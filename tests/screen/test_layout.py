"""The layout holds: in every language, with texts 40 % longer, in every size of window."""

from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="Qt cannot be imported", exc_type=ImportError)

from tests.helpers import pipeline
from tests.screen.windows import cut_off, settle, speak_longer, wait_for

from breathsync import settings, wording
from breathsync.practice.checkin import Moment
from breathsync.practice.practice_file import shipped
from breathsync.practice.safety import Profile
from breathsync.screen.app import Window
from breathsync.screen.checkin_page import CheckInPage
from breathsync.screen.consent_page import ConsentPage, SeeAlongPage
from breathsync.screen.kept_pages import KeptPage, SurePage
from breathsync.screen.pages import EndPage, StartPage
from breathsync.screen.practice_pages import BeforePage, PracticesPage, TapPage
from breathsync.screen.theme import DUSK
from breathsync.screen.writing_page import WritingPage
from breathsync.session import simulation
from breathsync.session.players import ReplayPlayer
from breathsync.session.recorder import made_recording
from breathsync.session.replay import RecordingReader
from breathsync.session.simulation import SCENARIOS
from breathsync.session.sitting import Sitting

RECORDINGS = Path(__file__).parents[2] / "recordings"
SIZES = [(860, 600), (1280, 800), (1920, 1080)]
LANGUAGES = [*wording.languages(), "longer"]


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    file = tmp_path_factory.mktemp("layout") / "session.jsonl"
    scenario = SCENARIOS["steady-practice"]
    with made_recording(file, simulation.header_of(scenario, 1)) as recorder:
        simulation.simulate(scenario, 1, Sitting(pipeline()), recorder, 180.0)
    return file


@pytest.fixture
def window(qapp, tmp_path):
    made = Window(settings.Settings(tmp_path / "recordings", tmp_path), returns_to_start=True)
    yield made
    made.close()
    made.deleteLater()
    qapp.processEvents()


@pytest.fixture(params=LANGUAGES)
def language(request, monkeypatch):
    if request.param == "longer":
        speak_longer(monkeypatch)
    else:
        wording.use(request.param)
    return request.param


def pages(folder):
    yield StartPage()
    yield EndPage(recording=folder / "2026-11-22_100000_live.jsonl", said=wording.text("writing.sealed"))
    yield CheckInPage(DUSK, Moment.BEFORE)
    yield ConsentPage(Profile.ADULT, str(folder))
    yield ConsentPage(Profile.TEEN, str(folder))
    yield WritingPage("reflection", has_letterbox=False)
    yield WritingPage("letter", has_letterbox=True)
    yield PracticesPage(folder)
    yield BeforePage(shipped("compassionate-other"), 13.4)
    yield TapPage()
    yield KeptPage(RECORDINGS)
    yield SurePage(wording.text("kept.sure_all", name="Willow-17"), wording.text("kept.sure_all_more"))
    yield SeeAlongPage()


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_no_text_of_a_page_is_cut_off(window, language, size, tmp_path):
    for page in pages(tmp_path):
        window._show_page(page)
        window.resize(*size)
        window.show()
        settle()
        assert cut_off(page) == [], type(page).__name__


@pytest.mark.parametrize("moment", [20.0, 121.0, 175.0])
def test_no_text_of_a_session_is_cut_off(window, language, moment, recording):
    chosen = window._settings
    window.show_session(ReplayPlayer(RecordingReader(recording), chosen, rate=1.0, start=moment))
    window.show()
    page = window.centralWidget()
    page._bridge.guided = True
    for button in (*page.bar._buttons.values(), page._natural, page._natural_key):
        button.setVisible(True)
    wait_for(lambda: page.cards._heart._number.text() != "–")
    for size in SIZES:
        window.resize(*size)
        settle()
        for _ in range(30):
            page.draw_frame()
        settle()
        assert (window.width(), window.height()) == size
        assert cut_off(page) == [], size
        circle = page.circle.geometry()
        assert min(circle.width(), circle.height()) * 3 >= window.height()
        assert not circle.intersects(page._cue.geometry())


def test_the_check_sees_what_is_cut_off(window):
    page = StartPage()
    window._show_page(page)
    window.show()
    settle()
    page.words.setText("far too many words " * 20)
    page.words.setFixedHeight(12)
    settle()
    assert cut_off(page)
