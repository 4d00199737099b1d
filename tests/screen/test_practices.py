"""A practice in the window: chosen from a list, begun, led by keys, shown as its steps allow."""

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="Qt cannot be imported", exc_type=ImportError)

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QRegion
from PySide6.QtWidgets import QLabel
from tests.screen.windows import press, settle, wait_for

from breathsync import settings
from breathsync.events import CueShown, GuideShown, PaceChanged, Softened, StepStarted
from breathsync.practice.conductor import Choices, Wish
from breathsync.practice.practice_file import Practice, Step, shipped
from breathsync.screen.app import Window
from breathsync.screen.bridge import SessionBridge
from breathsync.screen.circle import BreathCircle
from breathsync.screen.consent_page import ConsentPage
from breathsync.screen.pages import EndPage, StartPage
from breathsync.screen.practice_pages import BeforePage, PracticesPage, TapPage
from breathsync.screen.practice_window import PracticePage
from breathsync.screen.state import ScreenModel
from breathsync.screen.strap_page import StrapPage
from breathsync.screen.theme import DUSK
from breathsync.screen.writing_page import WritingPage
from breathsync.session import library
from breathsync.session.practice_player import NoStrap, PracticePlayer
from breathsync.session.replay import RecordingReader
from breathsync.wording import text, text_or_own

AT_ONCE = Practice(
    "at-once", "At once", (Step("steady", "Steady", 600, guide=True, pace_per_min=6, numbers=True),)
)
LETTER = Practice("letter", "Letter", (Step("arrive", "a", 0.3), Step("write", "w", 0)))


@pytest.fixture
def chosen(tmp_path):
    return settings.Settings(
        tmp_path / "recordings", tmp_path / "profiles", practices_folder=tmp_path / "practices"
    )


@pytest.fixture
def window(qapp, chosen):
    made = Window(chosen, returns_to_start=True)
    made.show()
    yield made
    made.close()
    made.deleteLater()
    qapp.processEvents()


def begun(window, chosen, practice=AT_ONCE, **choices):
    heard = []
    player = PracticePlayer(practice, chosen, lambda _: NoStrap(), choices=Choices(**choices))
    window.show_session(player, [lambda at, event: heard.append(event)])
    wait_for(lambda: heard)
    return window.centralWidget(), heard


def of(kind, heard):
    return [event for event in heard if isinstance(event, kind)]


def words_on(page):
    return " ".join(label.text() for label in page.findChildren(QLabel))


def test_a_practice_is_chosen_from_a_list_and_what_to_mind_is_said_before_it_begins(window):
    window.show_start()
    window.centralWidget().practice_wished.emit()
    page = window.centralWidget()
    assert isinstance(page, PracticesPage)
    assert len(page.buttons) == 14  # thirteen practices, and the way back
    page.chosen.emit("safe-place")
    page = window.centralWidget()
    assert isinstance(page, BeforePage)
    assert text("practice.gently") in words_on(page)
    press(page, Qt.Key.Key_Escape)
    assert isinstance(window.centralWidget(), PracticesPage)
    press(window.centralWidget(), Qt.Key.Key_Escape)
    assert isinstance(window.centralWidget(), StartPage)


def test_a_persons_own_practice_stands_first_and_one_with_mistakes_says_them(window, chosen):
    chosen.practices_folder.mkdir()
    (chosen.practices_folder / "mine.toml").write_text('name = "My own"\n[[steps]]\nkind = "rest"\n')
    window._beginning.choose()
    page = window.centralWidget()
    assert page.buttons[0].text() == "mine"
    page.buttons[0].click()
    assert "line 2: step 1 does not say how long it is" in page.words.text()


def test_a_practice_without_a_strap_begins_once_the_person_agreed(window):
    window._beginning.before(shipped("a-minute"))
    window.centralWidget().no_strap_wished.emit()
    assert isinstance(window.centralWidget(), ConsentPage)


def test_a_practice_with_a_simulated_person_begins_at_once_and_is_recorded_as_such(window, chosen):
    window._beginning.before(shipped("a-minute"))
    window.centralWidget().simulated_wished.emit()
    assert isinstance(window.centralWidget(), PracticePage)
    wait_for(lambda: any(file.stat().st_size for file in library.kept(chosen.recordings_folder)))
    (file,) = library.kept(chosen.recordings_folder)
    assert RecordingReader(file).header.simulated


def test_a_rhythm_is_tapped_with_any_key_and_the_guide_begins_there(window):
    window._beginning.before(shipped())
    window.centralWidget().tap_wished.emit()
    page = window.centralWidget()
    assert isinstance(page, TapPage)
    press(page, Qt.Key.Key_X, "x")
    assert text("guidance.tap_more", count=3) in words_on(page)
    for time in (100.0, 104.0, 108.0, 112.0):
        page.tap(time)
    assert "15.0" in words_on(page)
    press(page, Qt.Key.Key_Return)
    page = window.centralWidget()
    assert isinstance(page, BeforePage)
    assert text("guidance.own_is", rate="15.0") in words_on(page)


def test_keys_keep_slow_and_quicken_the_rhythm(window, chosen):
    page, heard = begun(window, chosen)
    wait_for(lambda: of(GuideShown, heard))
    for key, reason in (
        (Qt.Key.Key_K, "kept"),
        (Qt.Key.Key_Left, "slower"),
        (Qt.Key.Key_Right, "quicker"),
        (Qt.Key.Key_Down, "slower"),
        (Qt.Key.Key_Up, "quicker"),
    ):
        before = len(of(PaceChanged, heard))
        press(page, key)
        wait_for(lambda before=before: len(of(PaceChanged, heard)) > before)
        assert of(PaceChanged, heard)[-1].reason == reason


def test_keys_turn_sound_numbers_and_the_guides_shape(window, chosen):
    page, _ = begun(window, chosen)
    wished = []
    page._bridge.wish = lambda wish, words="": wished.append(wish)
    press(page, Qt.Key.Key_T)
    press(page, Qt.Key.Key_V)
    assert wished == [Wish.SOUND, Wish.NUMBERS]
    del page._bridge.wish  # the window ends the session by it
    shapes = []
    for _ in range(3):
        press(page, Qt.Key.Key_G)
        shapes.append(page.circle.shape)
    assert shapes == ["wave", "bar", "circle"]


def test_requirement_23_without_numbers_the_circle_has_the_window_to_itself(window, chosen):
    page, heard = begun(window, chosen, numbers=False)
    wait_for(lambda: of(StepStarted, heard))
    for _ in range(200):
        page.draw_frame()
        settle(1)
        if not page.cards.isVisible():
            break
    wait_for(lambda: (page.draw_frame(), not page.cards.isVisible())[1])
    settle()
    middle = page.circle.mapTo(page, page.circle.rect().center()).x()
    assert abs(middle - page.width() / 2) <= 2
    press(page, Qt.Key.Key_V)
    wait_for(lambda: (page.draw_frame(), page.cards.isVisible())[1])


def test_softening_in_the_window_is_there_within_a_second(window, chosen):
    page, heard = begun(window, chosen)
    wait_for(lambda: of(GuideShown, heard))
    press(page, Qt.Key.Key_S)
    wait_for(lambda: of(Softened, heard))
    moment = of(Softened, heard)[0].time
    wait_for(lambda: any(c.words == "practice.softened" for c in of(CueShown, heard)))
    page.draw_frame()
    state = page._bridge.model.at(moment + 1.0)
    assert (state.guide_visible, state.numbers_visible, state.heart_visible) == (0.0, 0.0, 0.0)


def test_a_letter_opens_when_the_breathing_is_over_and_then_the_end(window, chosen):
    begun(window, chosen, LETTER)
    wait_for(lambda: isinstance(window.centralWidget(), WritingPage))
    assert window.centralWidget().what == "letter"
    window.centralWidget().left.emit()
    assert isinstance(window.centralWidget(), EndPage)


def test_a_shape_leaves_nothing_of_the_one_before_it(window, chosen):
    """Only what is painted anew changes on the screen: after a change of shape that is all of it."""
    page, heard = begun(window, chosen)
    wait_for(lambda: of(GuideShown, heard))
    page._timer.stop()
    moment = of(GuideShown, heard)[0].time + 5.0
    circle, painted = page.circle, QRegion()

    def shown_in(shape):
        nonlocal painted
        circle.shape, painted = shape, QRegion()
        circle.show_motion(page._bridge.model.at(moment))
        settle()
        return painted.boundingRect()

    class Watching(QObject):
        def eventFilter(self, _, event):  # noqa: N802 - Qt's name
            nonlocal painted
            if event.type() is QEvent.Type.Paint:
                painted = painted.united(event.region())
            return False

    watching = Watching()
    circle.installEventFilter(watching)
    for shape in ("wave", "bar", "circle"):
        assert shown_in(shape) == circle.rect()
    circle.shape = "bar"
    circle.show_motion(page._bridge.model.at(moment))
    picture, ground = circle.grab().toImage(), QColor(DUSK.ground)
    middle, away = circle.width() // 2, circle.height() // 2
    rows = range(0, circle.height(), 5)
    assert all(picture.pixelColor(x, y) == ground for x in range(0, middle - away, 5) for y in rows)


def test_without_a_strap_the_cards_say_that_they_need_one(window, chosen):
    page, heard = begun(window, chosen)
    wait_for(lambda: of(GuideShown, heard))
    page._show_words(page._bridge.model.at(9.0))
    said = words_on(page.cards)
    assert said.count(text("window.needs_strap")) == 2
    assert text("window.together_soon") not in said and text("window.swing_soon") not in said


def test_who_finds_no_strap_comes_back_to_the_practice_that_begins_without_one(window):
    wished = []
    window.show_strap = wished.append
    window._beginning.before(shipped("a-minute"))
    window.centralWidget().strap_wished.emit()
    bridge = SessionBridge(wished[0])
    window._bridge = bridge
    window.setCentralWidget(StrapPage(DUSK, bridge, wished[0]))
    window._session_ended()
    page = window.centralWidget()
    assert isinstance(page, BeforePage)
    assert text_or_own(shipped("a-minute").name) in words_on(page)


def test_a_note_stands_in_the_middle_of_the_words_and_no_word_shines_through(window, chosen):
    page, heard = begun(window, chosen, numbers=False)
    wait_for(lambda: of(GuideShown, heard))
    press(page, Qt.Key.Key_N)
    settle()
    assert page.note.isVisible() and not page._cue.isVisible()
    for seen in (True, False):
        page._pressed("numbers")
        wait_for(lambda seen=seen: (page.draw_frame(), page.cards.isVisible() == seen)[1])
        settle()
        page.draw_frame()
        middle = page.circle.mapTo(page, page.circle.rect().center()).x()
        assert abs(page.note.geometry().center().x() - middle) <= 2
    tall = page.circle.height()
    press(page.note, Qt.Key.Key_Escape)
    settle(3)
    assert page._cue.isVisible() and page.circle.height() == tall


def test_natural_breathing_is_offered_as_long_as_there_is_a_guide_to_leave(window, chosen):
    page, heard = begun(window, chosen)
    wait_for(lambda: of(GuideShown, heard))
    page._timer.stop()
    model = page._bridge.model = ScreenModel()

    def offered(at):
        page._show_words(model.at(at))
        assert page._natural.isVisible() == page._natural_key.isVisible()
        return page._natural.isVisible()

    assert not offered(0.5)  # arriving
    for event in (PaceChanged(1.0, 10.0), GuideShown(1.0, shown=True)):
        model.push(1.0, event)
    assert offered(5.0)
    model.push(6.0, GuideShown(6.0, shown=False, reason="natural"))
    assert offered(20.0)  # the way back
    model.push(21.0, Softened(21.0, softened=True))
    assert not offered(30.0)


@pytest.mark.parametrize("shape", ["wave", "bar"])
def test_another_shape_shows_the_breath_too(qapp, shape):
    """Empty and full lungs look different, and the words stand apart from what moves."""
    model = ScreenModel()
    for event in (PaceChanged(0.0, 10.0), GuideShown(0.0, shown=True)):
        model.push(0.0, event)
    guide = BreathCircle(DUSK, shape=shape, fullness=model.fullness)
    guide.resize(600, 400)

    def painted(time):
        guide.show_motion(model.at(time))
        picture = guide.grab().toImage()
        breath = QColor(DUSK.breath)
        return sum(
            abs(picture.pixelColor(x, y).green() - breath.green()) < 40
            for x in range(0, 600, 6)
            for y in range(0, 400, 6)
        ), picture

    (empty, first), (full, second) = painted(20.0), painted(25.0)
    assert first != second
    if shape == "bar":
        assert full > 2 * empty


def test_words_in_the_circle_have_lines_of_about_one_length(qapp):
    """No word stands alone at the end of what is said."""
    model, cue = ScreenModel(), "Look around in it. What colours are there, what light?"
    model.push(0.0, CueShown(0.0, cue))
    circle = BreathCircle(DUSK)
    circle.resize(400, 400)
    circle.show_motion(model.at(8.0))
    picture = circle.grab().toImage()
    _, lettering, room = circle._cue_fit
    lines, bright = [], QColor(DUSK.text).lightness() - 60
    tall = QFontMetricsF(lettering).lineSpacing()
    top = room.center().y() - 1.5 * tall
    for line in range(3):
        rows = range(round(top + line * tall), round(top + (line + 1) * tall))
        inked = [x for x in range(400) if any(picture.pixelColor(x, y).lightness() > bright for y in rows)]
        lines.append(inked[-1] - inked[0])
    assert min(lines) > 0.6 * max(lines)


def test_with_reduced_motion_every_shape_is_the_still_circle(qapp):
    model = ScreenModel()
    for event in (PaceChanged(0.0, 10.0), GuideShown(0.0, shown=True)):
        model.push(0.0, event)
    pictures = []
    for shape in ("circle", "wave", "bar"):
        guide = BreathCircle(DUSK, shape=shape, reduced_motion=True, fullness=model.fullness)
        guide.resize(400, 400)
        guide.show_motion(model.at(22.0))
        pictures.append(guide.grab().toImage())
    assert pictures[0] == pictures[1] == pictures[2]
