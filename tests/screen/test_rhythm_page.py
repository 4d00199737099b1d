"""The end of a search: the same words everywhere, one picture, a pace to take along; and the question."""

import io

import pytest
from rich.console import Console

from breathsync import settings
from breathsync.breath.rhythm_choice import RhythmChoice, choose
from breathsync.errors import InputFileError
from breathsync.events import Comfort, PaceAsked, PaceFelt, StepStarted, SwingByPace
from breathsync.practice.conductor import Wish
from breathsync.practice.rhythm_conductor import RhythmConductor
from breathsync.practice.rhythm_protocols import PROTOCOLS
from breathsync.screen.rhythm_text import plot
from breathsync.screen.state import ScreenModel
from breathsync.screen.terminal import TerminalView
from breathsync.session.live import LiveSession
from breathsync.session.pipeline import pipeline
from breathsync.session.recorder import made_recording
from breathsync.session.recording import Header
from breathsync.session.rhythm_words import answer_words
from breathsync.session.simulation import SCENARIOS, strap_of
from breathsync.session.sitting import Sitting

PACES = tuple(4.0 + 0.125 * k for k in range(25))
SWINGS = tuple(2 + 12 / (1 + (pace - 5.6) ** 2) for pace in PACES)
FOUND = SwingByPace(
    900.0,
    5.63,
    5.41,
    5.87,
    True,
    4.0,
    40,
    5.5,
    PACES,
    SWINGS,
    (0.8,) * 25,
    (4.5, 5.5, 6.5),
    (7.0, 13.0, 8.0),
)


def test_a_range_is_said_with_what_felt_easy_in_it():
    words = answer_words(choose(FOUND, [PaceFelt(0.0, 5.5, Comfort.EASY)]), FOUND)
    assert words[0] == "Your heart swung widest around 5.4 to 5.9 breaths a minute."
    assert words[1] == "5.5 breaths a minute lies within; it felt easy."


def test_no_difference_leaves_it_to_comfort():
    words = answer_words(RhythmChoice(None, None, 6.5, Comfort.BETWEEN), FOUND)
    assert words[0] == "No clear difference between the paces: choose by comfort."
    assert words[1] == "6.5 breaths a minute felt in between."


def test_too_few_breaths_are_said_as_that():
    assert "too few breaths" in answer_words(choose(None, []), None)[0]


def test_the_terminal_plot_has_its_peak_where_the_curve_has_it():
    lines = [line.plain for line in plot(FOUND, choose(FOUND, []))]
    top = next(line for line in lines if "●" in line or "○" in line)
    place = (top.index("●" if "●" in top else "○") - 8) / 2
    assert PACES[round(place)] == pytest.approx(5.6, abs=0.3)
    assert "4.0" in lines[-2] and "7.0" in lines[-2]
    assert "━" in lines[-3]


def test_the_terminal_plot_marks_no_range_without_a_clear_answer():
    choice = RhythmChoice(None, None, None, None)
    assert "━" not in "".join(line.plain for line in plot(FOUND, choice))


def test_the_terminal_plot_fits_eighty_columns():
    console = Console(width=80, record=True, file=io.StringIO())
    for line in plot(FOUND, choose(FOUND, [])):
        console.print(line)
    assert len(console.export_text().splitlines()) == len(plot(FOUND, choose(FOUND, [])))


def shown(model):
    """What the terminal shows."""
    console = Console(width=80, force_terminal=True, file=io.StringIO())
    view = TerminalView(console, model, 900.0)
    with view:
        view.show(62.0)
    return console.file.getvalue()


def test_the_question_stands_in_the_words_until_it_is_answered():
    model = ScreenModel()
    model.push(1.0, StepStarted(1.0, "rhythm.name", 3, 18, "find_rhythm", "rhythm.step"))
    assert model.rhythm.searched
    model.push(60.0, PaceAsked(60.0, 6.5))
    assert "1 easy" in shown(model)
    model.push(62.0, PaceFelt(62.0, 6.5, Comfort.EASY))
    assert "1 easy" not in shown(model)
    assert model.rhythm.felt[0].comfort is Comfort.EASY


# --- the setting ---


def test_a_pace_that_was_taken_over_is_a_setting_beside_the_others(tmp_path):
    file = tmp_path / "settings.toml"
    file.write_text('theme = "linen"\ntarget_per_min = 6\n', encoding="utf-8")
    settings.keep("target_per_min", 5.5, file)
    kept = settings.load(file)
    assert (kept.theme, kept.target_per_min) == ("linen", 5.5)
    assert file.read_text(encoding="utf-8").count("target_per_min") == 1


def test_the_first_setting_makes_the_file(tmp_path):
    settings.keep("target_per_min", 5.25, tmp_path / "new" / "settings.toml")
    assert settings.load(tmp_path / "new" / "settings.toml").target_per_min == 5.25


@pytest.mark.parametrize("value", ["2", "20", '"slow"'])
def test_a_target_that_no_guide_breathes_is_said(tmp_path, value):
    file = tmp_path / "settings.toml"
    file.write_text(f"target_per_min = {value}\n", encoding="utf-8")
    with pytest.raises(InputFileError, match="target_per_min"):
        settings.load(file)


# --- the window ---


@pytest.fixture
def page(qapp):
    from breathsync.screen.rhythm_page import RhythmPage
    from breathsync.screen.theme import DUSK, style_sheet

    page = RhythmPage(DUSK, FOUND, choose(FOUND, [PaceFelt(0.0, 5.5, Comfort.EASY)]))
    page.setStyleSheet(style_sheet(DUSK))
    page.resize(1280, 800)
    page.show()
    qapp.processEvents()
    yield page
    page.close()


def buttons(page):
    from PySide6.QtWidgets import QPushButton

    return {button.text(): button for button in page.findChildren(QPushButton)}


def test_the_picture_shows_the_curve_in_the_hearts_colour(page):
    from PySide6.QtGui import QColor

    from breathsync.screen.rhythm_page import SwingCurve
    from breathsync.screen.theme import DUSK

    curve = page.findChild(SwingCurve)
    image, heart = curve.grab().toImage(), QColor(DUSK.heart)
    spots = (image.pixelColor(x, y) for x in range(0, image.width(), 3) for y in range(image.height()))
    assert sum(spot == heart for spot in spots) > 100
    assert "5.4 to 5.9" in curve.accessibleDescription()


def test_a_pace_is_taken_over_once_and_only_when_asked_for(page):
    taken = []
    page.taken.connect(taken.append)
    assert taken == []
    button = buttons(page)["Practise with 5.5 a minute from now on"]
    button.click()
    button.click()
    assert taken == [5.5]


def test_every_hand_can_be_reached_by_key(page):
    from PySide6.QtCore import Qt

    for button in buttons(page).values():
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_a_search_without_breaths_still_has_an_end_page(qapp):
    from breathsync.screen.rhythm_page import RhythmPage, SwingCurve
    from breathsync.screen.theme import LINEN

    page = RhythmPage(LINEN, None, choose(None, []))
    assert page.findChild(SwingCurve) is None
    assert list(buttons(page)) == ["Go on"]


def test_the_question_answers_by_key_and_by_hand(qapp):
    from PySide6.QtWidgets import QLabel, QWidget

    from breathsync.screen.felt_question import FELT_KEYS, FeltQuestion

    parent = QWidget()
    parent.resize(900, 600)
    over = QLabel("words", parent)
    over.setGeometry(100, 400, 700, 44)
    question, answers = FeltQuestion(parent), []
    question.answered.connect(answers.append)
    parent.show()
    question.ask(None, over)
    assert not question.isVisible()
    question.ask(5.5, over)
    assert question.isVisible()
    for button in buttons(question).values():
        button.click()
    assert answers == list(FELT_KEYS.values()) == ["easy", "between", "effort", ""]
    question.ask(None, over)
    assert not question.isVisible()
    parent.close()


@pytest.fixture(scope="module")
def search(tmp_path_factory):
    """The first minutes of a search by a simulated person."""
    file = tmp_path_factory.mktemp("search") / "rhythm.jsonl"
    conductor = RhythmConductor(PROTOCOLS["stepped"])
    strap = strap_of(SCENARIOS["steady-practice"], conductor.guide_at, 5)
    with made_recording(file, Header(details={"practice": "find-rhythm"})) as recorder:
        live = LiveSession(Sitting(pipeline()), conductor, recorder)
        for quarter in range(4 * 240):
            for event in strap.until(quarter / 4):
                live.advance(event.time)
                live.take(event)
            live.advance(quarter / 4)
            if quarter == 4 * 230:
                live.wish(quarter / 4, Wish.FELT, "easy")
        live.end(240.0)
    return file


def test_the_window_ends_a_search_with_its_picture_and_then_as_any_session(qapp, search, tmp_path):
    from tests.screen.windows import wait_for

    from breathsync.screen.app import Window
    from breathsync.screen.pages import EndPage
    from breathsync.screen.rhythm_page import RhythmPage
    from breathsync.session.players import ReplayPlayer
    from breathsync.session.replay import RecordingReader

    chosen = settings.Settings(tmp_path / "recordings", tmp_path / "profiles")
    window = Window(chosen, returns_to_start=True)
    window.show_session(ReplayPlayer(RecordingReader(search), chosen, rate=None))
    window.show()
    wait_for(lambda: isinstance(window.centralWidget(), RhythmPage))
    hands = buttons(window.centralWidget())
    take = next(button for words, button in hands.items() if words.startswith("Practise with"))
    take.click()
    assert settings.load().target_per_min == 6.5
    hands["Go on"].click()
    wait_for(lambda: isinstance(window.centralWidget(), EndPage))
    window.close()


def test_a_number_key_answers_only_while_something_is_asked(qapp, tmp_path):
    from PySide6.QtCore import QEvent, Qt
    from PySide6.QtGui import QKeyEvent

    from breathsync.screen.bridge import SessionBridge
    from breathsync.screen.practice_window import PracticePage
    from breathsync.screen.theme import DUSK
    from breathsync.session.rhythm_player import RhythmPlayer

    chosen = settings.Settings(tmp_path / "recordings", tmp_path / "profiles")
    player = RhythmPlayer(PROTOCOLS["stepped"], chosen, lambda _: None)
    bridge, wishes = SessionBridge(player), []
    bridge.wish = lambda wish, words="": wishes.append((wish, words))
    page = PracticePage(DUSK, chosen, bridge)
    page.resize(1280, 800)
    page.show()

    def press(key):
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
        page.keyPressEvent(event)

    page.draw_frame()
    press(Qt.Key.Key_1)
    bridge.model.push(60.0, PaceAsked(60.0, 6.5))
    for _ in range(40):
        page.draw_frame()
    press(Qt.Key.Key_1)
    press(Qt.Key.Key_0)
    assert wishes == [(Wish.FELT, "easy"), (Wish.FELT, "")]
    page.close()
