"""For everybody: keys, names for a screen reader, contrast, stillness, letters that are large enough."""

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="Qt cannot be imported", exc_type=ImportError)

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QColor, QImage
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QPlainTextEdit, QSlider, QWidget
from tests.screen.windows import person_player, press, settle, wait_for

from breathsync import settings
from breathsync.events import (
    CueShown,
    GuideShown,
    PaceChanged,
    SignalChanged,
    SignalState,
    Softened,
    StepStarted,
    StrapState,
    StrapStatus,
)
from breathsync.practice.checkin import Moment
from breathsync.practice.practice_file import shipped
from breathsync.practice.safety import Profile
from breathsync.screen import announce
from breathsync.screen.app import Window
from breathsync.screen.checkin_page import CheckInPage
from breathsync.screen.circle import BreathCircle
from breathsync.screen.consent_page import ConsentPage, SeeAlongPage
from breathsync.screen.controls import SignalDot
from breathsync.screen.kept_pages import SurePage
from breathsync.screen.page import Page
from breathsync.screen.pages import EndPage, StartPage
from breathsync.screen.practice_pages import BeforePage, PracticesPage, TapPage
from breathsync.screen.practice_window import PracticePage
from breathsync.screen.state import ScreenModel
from breathsync.screen.theme import THEMES
from breathsync.screen.writing_page import WritingPage

REACHED_BY_KEYS = (QAbstractButton, QSlider, QLineEdit, QPlainTextEdit)


@pytest.fixture
def chosen(tmp_path):
    return settings.Settings(tmp_path / "recordings", tmp_path / "profiles")


@pytest.fixture
def window_in(qapp, chosen):
    made = []

    def make(theme="dusk"):
        made.append(Window(replace(chosen, theme=theme), returns_to_start=True))
        made[-1].resize(1280, 800)
        return made[-1]

    yield make
    for window in made:
        window.close()
        window.deleteLater()
    qapp.processEvents()


@pytest.fixture
def window(window_in):
    return window_in()


PAGES = (
    lambda theme, folder: StartPage(),
    lambda theme, folder: EndPage(recording=folder / "s.jsonl"),
    lambda theme, folder: CheckInPage(theme, Moment.BEFORE),
    lambda theme, folder: ConsentPage(Profile.ADULT, str(folder)),
    lambda theme, folder: ConsentPage(Profile.TEEN, str(folder)),
    lambda theme, folder: WritingPage("reflection", has_letterbox=False),
    lambda theme, folder: WritingPage("letter", has_letterbox=True),
    lambda theme, folder: PracticesPage(folder),
    lambda theme, folder: BeforePage(shipped("compassionate-other"), 13.4),
    lambda theme, folder: TapPage(),
    lambda theme, folder: SurePage("a question", "what goes"),
    lambda theme, folder: SeeAlongPage(),
)


def session(window, chosen):
    player = person_player(chosen)
    player.participant = None
    window.show_session(player)
    window.show()
    return window.centralWidget()


def controls(page):
    found = [w for w in page.findChildren(QWidget) if isinstance(w, REACHED_BY_KEYS)]
    return [w for w in found if w.isVisible() and w.isEnabled()]


def tabbed(window, page):
    """What has the keys, one Tab after the other, until it comes round."""
    seen = []
    for _ in range(40):
        widget = window.focusWidget()
        if widget is None or widget in seen:
            break
        seen.append(widget)
        page.focusNextChild()
    return seen


# --- keys ---


@pytest.mark.parametrize("number", range(len(PAGES)))
def test_tab_reaches_everything_on_a_page_and_the_first_has_the_keys(window, chosen, number):
    page = PAGES[number](THEMES["dusk"], chosen.recordings_folder)
    window._show_page(page)
    window.show()
    settle()
    page.setFocus()
    assert window.focusWidget() is (page.focusProxy() or page)
    assert set(controls(page)) <= set(tabbed(window, page))


def test_tab_reaches_every_button_of_a_session(window, chosen):
    page = session(window, chosen)
    page.setFocus()
    assert set(controls(page)) <= set(tabbed(window, page))


def pixels(widget):
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return rows[:, : image.width(), 2::-1].copy()


def picture(widget):
    return pixels(widget).astype(np.float32) / 255


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("number", range(len(PAGES)))
def test_the_focus_is_seen_wherever_it_is(window_in, chosen, theme, number):
    """Its frame stands out 3:1 from the ground beside it (WCAG 1.4.11)."""
    window = window_in(theme)
    page = PAGES[number](THEMES[theme], chosen.recordings_folder)
    window._show_page(page)
    window.show()
    window.activateWindow()
    settle()
    for control in controls(page):
        page._scroll.ensureWidgetVisible(control)
        others = [c for c in controls(page) if c is not control]
        (others[0] if others else page).setFocus()
        settle(3)
        without = picture(control)
        control.setFocus()
        settle(3)
        focused = picture(control)
        changed = np.abs(focused - without).max(axis=2) > 0.2
        assert changed.sum() > control.width(), type(control).__name__
        frame = luminance(focused[changed]).mean()
        ground = luminance(picture(page)[2, 2])
        light, dark = max(frame, ground), min(frame, ground)
        assert (light + 0.05) / (dark + 0.05) > 2.4, type(control).__name__  # blended at its rounded ends
    assert contrast(THEMES[theme].now, THEMES[theme].ground) >= 3


def test_esc_and_page_keys_work_wherever_the_focus_is(window, chosen):
    page = ConsentPage(Profile.TEEN, str(chosen.recordings_folder))
    left = []
    page.left.connect(lambda: left.append(True))
    window._show_page(page)
    window.resize(860, 600)
    window.show()
    settle()
    bar = page._scroll.verticalScrollBar()
    if bar.maximum():
        press(page.accept_button, Qt.Key.Key_PageDown)
        assert bar.value() > 0
    press(page.accept_button, Qt.Key.Key_Escape)
    assert left == [True]


# --- a screen reader ---


def test_everything_that_can_be_used_has_a_name(window, chosen):
    for make in PAGES:
        page = make(THEMES["dusk"], chosen.recordings_folder)
        window._show_page(page)
        window.show()
        settle(4)
        for control in controls(page):
            told = QAccessible.queryAccessibleInterface(control)
            assert told.text(QAccessible.Text.Name).strip(), (type(page), control)
    page = session(window, chosen)
    for widget in [*controls(page), page.circle, page.ribbon]:
        assert QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name).strip(), widget


def test_a_circle_of_the_check_in_is_a_slider_for_a_screen_reader(qapp):
    page = CheckInPage(THEMES["dusk"], Moment.BEFORE)
    circle = page.answers["soothing"]
    told = QAccessible.queryAccessibleInterface(circle)
    assert told.role() == QAccessible.Role.Slider
    assert "Not said yet" in told.text(QAccessible.Text.Description)
    circle.say(7)
    assert told.valueInterface().currentValue() == 7
    assert told.text(QAccessible.Text.Description).endswith("7")


def test_each_step_and_each_word_is_announced_once(qapp, monkeypatch):
    said, model = [], ScreenModel()
    monkeypatch.setattr(announce, "say", lambda page, words: said.append(words))
    announcer = announce.Announcer(QWidget())
    model.push(
        0.0, StepStarted(0.0, "practice.soothing_rhythm.name", 1, 6, "arrive", "practice.step.arrive")
    )
    model.push(0.0, CueShown(0.0, "hello there"))
    model.push(0.0, PaceChanged(0.0, 10.0))
    for tenth in range(300):
        announcer.show_state(model.at(tenth / 10))
    model.push(30.0, CueShown(30.0, "and now this"))
    for tenth in range(300, 600):
        announcer.show_state(model.at(tenth / 10))
    assert said == ["Arriving · step 1 of 6. hello there", "and now this"]


def test_a_session_announces_its_first_step(window, chosen, monkeypatch):
    said = []
    monkeypatch.setattr(announce, "say", lambda page, words: said.append(words))
    session(window, chosen)
    wait_for(lambda: said)
    assert "Arriving" in said[0]


def test_an_announcement_is_taken_by_qt(qapp):
    announce.say(QWidget(), "a word")


# --- contrast ---


def linear(rgb):
    rgb = np.asarray(rgb)
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


SHARES = np.array([0.2126, 0.7152, 0.0722])
LINEAR = linear(np.arange(256) / 255)


def luminance(rgb):
    """WCAG 2.2 relative luminance of colours in 0-1, shape (..., 3)."""
    return linear(rgb) @ SHARES


def contrast(one, other):
    dark, light = sorted(float(luminance(QColor(color).getRgbF()[:3])) for color in (one, other))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_requirement_21_words_on_the_disc_stand_out_wherever_they_lie(qapp, theme):
    """Large words need 3:1 against the disc as it is painted, at every fullness, moving or still."""
    for reduced in (False, True):
        for time in (0.1, 2.5, 5.0, 7.5):
            circle = shown_circle(theme, time, reduced=reduced)
            pixels = luminance(picture(circle))
            middle = pixels[180:220, 140:260]
            word = luminance(QColor(theme.on_breath).getRgbF()[:3])
            dark, light = sorted((word, float(np.median(middle))))
            assert (light + 0.05) / (dark + 0.05) >= 3.0, (theme.name, reduced, time)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_requirement_21_what_a_field_asks_for_can_be_read(window_in, theme):
    """Its hint is text like any other: 4.5:1, measured where it is darkest (or lightest)."""
    window = window_in(theme.name)
    page = WritingPage("letter", has_letterbox=False)
    window._show_page(page)
    window.show()
    settle()
    inside = luminance(picture(page.second)[6:-6, 6:-6])
    ground = float(np.median(inside))
    dark, light = sorted((ground, float(inside.flat[np.abs(inside - ground).argmax()])))
    assert (light + 0.05) / (dark + 0.05) >= 4.5


# --- stillness ---


def shown_circle(theme, time, *, reduced=False, model=None):
    circle = BreathCircle(theme, reduced_motion=reduced)
    circle.resize(400, 400)
    if model is None:
        model = ScreenModel()
        model.push(0.0, PaceChanged(0.0, 10.0))
        model.push(0.0, GuideShown(-10.0, shown=True))
    circle.show_motion(model.at(time))
    return circle


def flashes(frames, rate):
    """Most flashes within a second anywhere: pairs of opposing changes of a tenth or more (WCAG 2.3.1)."""
    most = 0
    for part in frames.reshape(len(frames), -1).T:
        turns, extreme, going = [], part[0], 0
        for at, value in enumerate(part):
            change = value - extreme
            if abs(change) >= 0.1 and np.sign(change) != going:
                going = np.sign(change)
                turns.append(at)
            if going == 0 or np.sign(change) == going:
                extreme = value if going else extreme
        for first in range(len(turns)):
            within = [t for t in turns[first:] if t - turns[first] < rate]
            most = max(most, len(within) // 2)
    return most


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("reduced", [False, True])
def test_requirement_21_nothing_flashes(qapp, theme, reduced):
    """The quickest breath, a guide that comes and goes by softening: 15 s at 30 frames a second."""
    model = ScreenModel()
    model.push(0.0, PaceChanged(0.0, 60 / 24))
    circle = BreathCircle(theme, reduced_motion=reduced)
    circle.resize(240, 240)
    changes = {1.0: True, 6.0: False, 7.0: True, 11.0: False}
    frames = []
    for frame in range(15 * 30):
        now = frame / 30
        for at in [at for at in changes if at <= now]:
            shown = changes.pop(at)
            model.push(at, GuideShown(at, shown=shown, reason=None if shown else "softened"))
            model.push(at, Softened(at, softened=not shown))
        circle.show_motion(model.at(now))
        light = LINEAR[pixels(circle)].reshape(12, 20, 12, 20, 3).mean(axis=(1, 3)) @ SHARES
        frames.append(light)
    frames = np.array(frames)
    assert flashes(frames, 30) <= 1
    assert np.abs(np.diff(frames.mean(axis=(1, 2)))).max() < 0.03  # of all light there could be


def test_the_check_sees_what_flashes():
    blinking = np.tile([0.0, 0.5], 60)[:, None, None]
    assert flashes(blinking, 30) > 3
    assert flashes(np.linspace(0, 1, 120)[:, None, None], 30) == 0


def test_requirement_34_reduced_motion_changes_size_by_less_than_a_tenth(qapp):
    """Painted along the middle, empty and full: the edge stays between 0.66 and 0.72 of the ring."""

    def changed(reduced, share):
        place = 200 + round(196 * share)
        empty, full = (picture(shown_circle(THEMES["dusk"], t, reduced=reduced)) for t in (0.01, 5.0))
        return np.abs(empty[200, place] - full[200, place]).max() > 0.03

    assert [changed(False, share) for share in (0.5, 0.65, 0.74, 0.8)] == [True] * 4
    assert [changed(True, share) for share in (0.5, 0.65, 0.74, 0.8)] == [True, True, False, False]


def test_requirement_34_reduced_motion_switches_with_a_key(window, chosen):
    page = session(window, chosen)
    assert not page.circle.reduced_motion
    press(page, Qt.Key.Key_R)
    assert page.circle.reduced_motion
    press(page, Qt.Key.Key_R)
    assert not page.circle.reduced_motion


# --- size ---


@pytest.mark.parametrize("size", [(860, 600), (1280, 800), (1920, 1080), (2560, 1600)], ids=str)
def test_what_leads_is_legible_from_five_metres(window, chosen, size):
    """Numerals 1/15 of the height, leading words 1/30, all else 1/50 (8H), the circle a third."""
    page = session(window, chosen)
    window.resize(*size)
    settle()
    unit = min(window.height(), window.width() * 800 / 1280)
    assert page.cards._heart._number.font().pixelSize() >= unit / 15
    for label in (page._title, page._cue):
        assert label.font().pixelSize() >= unit / 30
    side = min(page.circle.width(), page.circle.height())
    assert side >= window.height() / 3
    assert max(24, side * 0.085) >= unit / 30
    for label in [*page.findChildren(QLabel), *controls(page)]:
        assert label.font().pixelSize() >= int(unit / 50), label


@pytest.mark.parametrize("number", range(len(PAGES)))
def test_the_words_of_a_page_are_legible(window, chosen, number):
    page = PAGES[number](THEMES["dusk"], chosen.recordings_folder)
    assert isinstance(page, Page) and not isinstance(page, PracticePage)
    window._show_page(page)
    window.show()
    settle()
    for label in [*page.findChildren(QLabel), *controls(page)]:
        if not isinstance(label, QSlider):
            assert label.font().pixelSize() >= 16, label.objectName()


def test_requirement_35_each_state_of_the_signal_has_an_icon_of_its_own(qapp):
    looks = []
    for signal, status in (
        (SignalState.STEADY, StrapState.CONNECTED),
        (SignalState.PATCHY, StrapState.CONNECTED),
        (SignalState.RESTING, StrapState.CONNECTED),
        (SignalState.RESTING, StrapState.LOST),
    ):
        model, dot = ScreenModel(), SignalDot(THEMES["linen"])
        model.push(0.0, StrapStatus(0.0, "strap", status, "a strap"))
        model.push(0.0, SignalChanged(0.0, signal))
        dot.show_state(model.at(1.0))
        looks.append((dot.text(), dot.styleSheet()))
    assert len(set(looks)) == 4
