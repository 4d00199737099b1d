"""The practitioner's window, offscreen: beside the client's, which keeps guide and words alone."""

import gc
import sys
from collections import Counter
from dataclasses import replace

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="Qt cannot be imported", exc_type=ImportError)

import numpy as np
from PySide6.QtCore import QObject, QRect, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtWidgets import QApplication, QLabel
from tests.helpers import pipeline
from tests.screen.test_access import controls, flashes, luminance, picture
from tests.screen.windows import cut_off, person_player, press, settle, speak_longer, wait_for, write
from tests.test_architecture import imported_by

from breathsync import settings, wording
from breathsync.events import (
    BeatHeard,
    CheckedIn,
    Marked,
    NumbersShown,
    PaceChanged,
    Paused,
    Sealed,
    SessionEnded,
    Softened,
    StepStarted,
)
from breathsync.practice.practice_file import shipped
from breathsync.practice.safety import Acceptance, Participant, Viewer
from breathsync.screen.app import Window
from breathsync.screen.consent_page import ConsentPage, SeeAlongPage
from breathsync.screen.pages import EndPage
from breathsync.screen.practice_window import PracticePage
from breathsync.screen.practitioner import beside
from breathsync.screen.practitioner.window import PractitionerWindow
from breathsync.screen.state import ScreenModel
from breathsync.screen.theme import THEMES
from breathsync.session import letterbox, simulation, told
from breathsync.session.consents import Consents
from breathsync.session.plan import Plan, steps_of
from breathsync.session.players import DemoPlayer, ReplayPlayer
from breathsync.session.recorder import made_recording
from breathsync.session.replay import RecordingReader
from breathsync.session.simulation import SCENARIOS
from breathsync.session.sitting import Sitting
from breathsync.wording import text

WHO = Participant("heron")
LANGUAGES = [*wording.languages(), "longer"]


@pytest.fixture
def chosen(tmp_path):
    return settings.Settings(tmp_path / "recordings", tmp_path / "profiles")


@pytest.fixture(scope="module")
def lived():
    """A strap with ECG and acceleration, the check-in before, up to the slow breath."""
    heard = []
    scenario = SCENARIOS["ecg-practice"]
    sitting = Sitting(pipeline(), [lambda at, event: heard.append((at, event))])
    sitting.push(CheckedIn(0.0, "before", "en 1", 6, 3, None, 4))
    simulation.simulate(scenario, 1, sitting, None, 150.0)
    return heard


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    file = tmp_path_factory.mktemp("practitioner") / "session.jsonl"
    scenario = SCENARIOS["steady-practice"]
    with made_recording(file, simulation.header_of(scenario, 1)) as recorder:
        simulation.simulate(scenario, 1, Sitting(pipeline()), recorder, 200.0)
    return file


class StillPlayer:
    def __init__(self, bridge):
        self.plan, self._bridge = Plan("Willow-17", steps_of(shipped("soothing-rhythm")), 600.0), bridge

    def now(self):
        return self._bridge.now


class StillBridge(QObject):
    """A session that has come to a moment; tests move it on."""

    time_words, guided, replay = "window.recording", True, None

    def __init__(self, heard=(), now=150.0):
        super().__init__()
        self.model, self.now, self.wished = ScreenModel(), now, []
        self.player = StillPlayer(self)
        for at, event in heard:
            self.model.push(at, event)

    def drain(self):
        return self.now

    def wish(self, wish, words=""):
        self.wished.append((wish.value, words))


@pytest.fixture
def window(qapp, chosen):
    made = Window(chosen, returns_to_start=True)
    yield made
    made.close()
    made.deleteLater()
    qapp.processEvents()


def demo(window, chosen, **values):
    """A session in both windows; what it said so far."""
    heard = []
    window._beside.want(True)
    player = DemoPlayer(SCENARIOS["first-session"], 1, chosen, **values)
    window.show_session(player, [lambda at, event: heard.append(event)])
    window.show()
    wait_for(lambda: heard)
    return window._beside.window, heard


def of(kind, heard):
    return [event for event in heard if isinstance(event, kind)]


@pytest.fixture
def shown(qapp):
    """The practitioner's window alone, on a session that stands still."""
    made = []

    def show(bridge, theme="dusk", **values):
        window = PractitionerWindow(THEMES[theme], bridge, **values)
        window.resize(1280, 800)
        window.show()
        window._timer.stop()
        made.append(window)
        frames(window)
        return window

    yield show
    for window in made:
        window.close()
        window.deleteLater()
    qapp.processEvents()


def frames(made, count=60):
    for _ in range(count):
        made.draw_frame()
    settle(3)


# --- two windows ---


def test_requirement_23_a_key_opens_the_practitioners_window_and_closes_it_and_the_session_goes_on(
    window, chosen
):
    heard = []
    window.show_session(
        DemoPlayer(SCENARIOS["first-session"], 1, chosen), [lambda at, event: heard.append(event)]
    )
    window.show()
    wait_for(lambda: heard)
    page = window.centralWidget()
    assert window._beside.window is None
    press(page, Qt.Key.Key_B)
    beside_it = window._beside.window
    assert (
        isinstance(beside_it, PractitionerWindow) and beside_it.isVisible() and beside_it.parent() is None
    )
    beside_it.close()
    assert window._beside.window is None
    assert not of(SessionEnded, heard) and window._bridge._thread.is_alive()
    press(page, Qt.Key.Key_B)
    assert window._beside.window is not None
    press(page, Qt.Key.Key_B)
    assert window._beside.window is None


@pytest.fixture
def client(qapp, chosen, lived):
    """The client's page, on a session that stands still, after some frames."""
    bridge = StillBridge(lived)
    bridge.model.push(140.0, NumbersShown(140.0, shown=False))
    page = PracticePage(THEMES["dusk"], chosen, bridge)
    page.resize(1280, 800)
    page.show()
    page._timer.stop()

    def later(seconds):
        bridge.now += seconds
        for _ in range(15):
            page.draw_frame()
        settle(3)

    yield page, bridge, later
    page.close()
    page.deleteLater()
    qapp.processEvents()


def test_requirement_23_the_clients_window_keeps_guide_and_words_until_numbers_are_wished(client):
    page, bridge, later = client
    later(1.0)
    page.accompany(accompanied=True)
    later(3.0)
    assert page.circle.isVisible() and page._cue.text()
    assert not page.ribbon.isVisible() and not page.cards.isVisible()
    bridge.model.push(bridge.now, NumbersShown(bridge.now, shown=True))
    later(3.0)
    assert page.ribbon.isVisible() and page.cards.isVisible()


def test_requirement_23_without_the_practitioners_window_the_ribbon_is_there(client):
    page, _, later = client
    later(3.0)
    assert page.ribbon.isVisible() and not page.cards.isVisible()
    page.accompany(accompanied=True)
    later(1.0)
    assert 0 < page._ribbon_share < 1  # it goes gradually
    page.accompany(accompanied=False)
    later(3.0)
    assert page._ribbon_share == 1.0


def test_requirement_23_a_setting_and_a_switch_open_it_with_every_session(qapp, chosen):
    window = Window(replace(chosen, practitioner_window=True), returns_to_start=True)
    window.show_session(DemoPlayer(SCENARIOS["first-session"], 1, chosen))
    window.show()
    assert isinstance(window._beside.window, PractitionerWindow)
    window.close()
    assert window._beside.window is None  # with the client's window goes the other


def test_requirement_23_a_tick_before_a_practice_opens_it(window):
    window._beginning.before(shipped("a-minute"))
    window.show()
    page = window.centralWidget()
    assert not page.beside.isChecked()
    page.beside.click()
    page.tap_wished.emit()
    window.centralWidget().left.emit()
    assert window.centralWidget().beside.isChecked()  # it is remembered from page to page
    window.centralWidget().simulated_wished.emit()
    assert isinstance(window._beside.window, PractitionerWindow)


class Screen:
    def availableGeometry(self):  # noqa: N802 - Qt's name
        return QRect(1280, 0, 1440, 900)


class Screens:
    def __init__(self, client):
        self._here = client.screen()

    def screens(self):
        return [self._here, Screen()]


def test_requirement_23_it_goes_to_a_second_screen_where_there_is_one(window, chosen, monkeypatch):
    monkeypatch.setattr(beside, "QGuiApplication", Screens(window))
    made, _ = demo(window, chosen)
    assert abs(made.x() - 1280) < 8 and made.width() == 1440  # frames take some pixels


def test_it_stays_with_what_was_last_shown_until_the_end_page_is_left(window, chosen):
    made, heard = demo(window, chosen, seconds=1.0)
    wait_for(lambda: isinstance(window.centralWidget(), EndPage))
    assert of(SessionEnded, heard) and window._beside.window is made
    assert made._step.text() == text("practitioner.finished") and not made._timer.isActive()
    press(made, Qt.Key.Key_N)
    assert not made.note.isVisible()
    window.centralWidget().kept.emit()
    assert window._beside.window is None


def test_another_moment_of_a_replay_is_followed(window, recording, chosen):
    window._beside.want(True)
    window.show_session(ReplayPlayer(RecordingReader(recording), chosen, start=100.0))
    window.show()
    made = window._beside.window
    wait_for(lambda: window._bridge.player.now() >= 100.0)
    window._seek(150.0)
    assert window._beside.window is made and made._bridge is window._bridge
    wait_for(lambda: "02:3" in made.session.more.text())


def test_nobody_who_does_not_open_it_waits_for_it(qapp):
    loaded = "'breathsync.screen.practitioner.window' in sys.modules"
    assert "breathsync" in imported_by(f"import sys, breathsync.screen.app\nassert not {loaded}")


# --- hands ---


def test_requirement_23_keys_are_the_same_wishes_as_in_the_clients_window(window, chosen):
    made, heard = demo(window, chosen)
    press(made, Qt.Key.Key_M)
    wait_for(lambda: of(Marked, heard))
    press(made, Qt.Key.Key_P)
    wait_for(lambda: of(Paused, heard))
    press(made, Qt.Key.Key_S)
    wait_for(lambda: of(Softened, heard))
    press(made, Qt.Key.Key_Escape)
    wait_for(lambda: of(SessionEnded, heard))


def test_what_is_heard_and_seen_in_their_window_stays_the_persons_own(window, chosen):
    made, _ = demo(window, chosen)
    wished = []
    made._bridge.wish = lambda wish, words="": wished.append(wish)
    for key in (Qt.Key.Key_V, Qt.Key.Key_T, Qt.Key.Key_G, Qt.Key.Key_R, Qt.Key.Key_F11):
        press(made, key)
    assert wished == []
    del made._bridge.wish


def test_requirement_27_one_key_marks_with_a_label_at_the_moment(window, chosen):
    made, heard = demo(window, chosen)
    before = window._bridge.player.now()
    press(made, Qt.Key.Key_4, "4")
    wait_for(lambda: of(Marked, heard))
    mark = of(Marked, heard)[0]
    assert mark.label == "shoulders dropped"
    assert 0 <= mark.time - before <= 0.1 or mark.time <= window._bridge.player.now()


def test_a_mark_takes_a_few_own_words(window, chosen):
    made, heard = demo(window, chosen)
    press(made, Qt.Key.Key_M, "M", Qt.KeyboardModifier.ShiftModifier)
    assert made.label.isVisible() and made.focusWidget() is made.label
    write(made.label, "softer face")
    press(made.label, Qt.Key.Key_Return)
    wait_for(lambda: of(Marked, heard))
    assert of(Marked, heard)[0].label == "softer face"
    assert not made.label.isVisible() and made.focusWidget() is made


def test_a_private_note_is_sealed_and_its_words_are_not_shown(window, chosen):
    told.keep_letterbox(chosen.recordings_folder, letterbox.made("four plain words here"))
    made, heard = demo(window, chosen)
    press(made, Qt.Key.Key_N)
    write(made.note, "mps 1 v")
    press(made.note, Qt.Key.Key_Return)
    wait_for(lambda: of(Sealed, heard))
    assert not of(Marked, heard) and not of(Paused, heard)
    frames(made)
    assert [words for _, words in window._bridge.model.practitioner.marks] == ["note"]


def test_buttons_wish_as_keys_do_and_space_on_them_is_natural_breathing(window, chosen):
    made, _ = demo(window, chosen)
    wished = []
    made._bridge.wish = lambda wish, words="": wished.append(wish.value)
    for button in made._hands.values():
        press(button, Qt.Key.Key_Return)
        press(button, Qt.Key.Key_Space, " ")
    assert wished == ["keep", "natural", "slower", "natural", "quicker", "natural", "natural", "natural"]
    del made._bridge.wish


def test_a_replay_takes_no_marks_and_leads_nobody(shown):
    bridge = StillBridge()
    bridge.guided = False
    made = shown(bridge)
    assert not any(button.isVisible() for button in made._hands.values()) and not made._hint.isVisible()
    press(made, Qt.Key.Key_N)
    assert not made.note.isVisible()


# --- what it shows ---


def test_requirement_23_it_shows_the_session_as_whoever_accompanies_it_wants_to_see_it(shown, lived):
    bridge = StillBridge(lived)
    made = shown(bridge)
    said = [label.text() for label in made.findChildren(QLabel) if label.isVisible()]
    assert made._title.text() == "Willow-17 · Soothing rhythm"
    assert made._step.text() == "Slowing down, breath by breath · step 3 of 6 · 02:30 left in it"
    assert made.session.more.text() == "02:30 of 10:00 · 07:30 left"
    assert {"Breath", "Guide followed", "Swing, mean", "Beats marked", "RMSSD"} <= set(said)
    assert "Threat\n6 of 10" in said and "Soothing\n–" in said
    assert "Polar H10" in made.bar._signal.text()
    assert made.rhythm.view._shown.size and made.traces.traces._heart and made.traces.traces._breath
    assert made.session.view._swings and made._guide.text().startswith("guide ")


def test_the_heart_is_drawn_at_its_true_time_and_no_further(shown):
    heard = [(t + 2.6, BeatHeard(float(t), 900.0, "rr")) for t in range(1, 100)]
    made = shown(StillBridge(heard, now=101.6))
    assert made.traces.traces.heart_until == pytest.approx(99.0)
    made._bridge.now = 103.0  # nothing came since: the line stays where it ended
    frames(made)
    assert made.traces.traces.heart_until == pytest.approx(99.0)


def test_requirement_25_nothing_of_an_image_is_drawn(shown, lived):
    bridge = StillBridge(lived)
    bridge.model.push(100.0, StepStarted(100.0, "p", 4, 6, "image", "practice.step.image", heart=False))
    made = shown(bridge)
    assert made.traces.traces.heart_until <= 100.0
    assert not made.rhythm.view._shown.size
    assert made.table._shown[0].beside == text("practitioner.not_in_this_step")


def test_requirement_32_without_the_persons_word_nothing_measured_is_shown(shown, lived):
    made = shown(StillBridge(lived), may_see=False)
    said = " ".join(label.text() for label in made.findChildren(QLabel) if label.isVisible())
    assert text("practitioner.not_asked") in said and "6 of 10" not in said
    assert not made.table.isVisible() and not made.rhythm.isVisible() and not made.told.isVisible()
    assert made.traces.traces._heart == made.traces.traces._breath == made.session.view._swings == []
    assert made.traces.traces._guide and made._step.text()


def page_of(window, kind):
    wait_for(lambda: isinstance(window.centralWidget(), kind))
    return window.centralWidget()


@pytest.mark.parametrize(("answer", "sees"), [(True, True), (False, False)])
def test_requirement_32_the_person_is_asked_whether_their_guide_may_see_along(window, chosen, answer, sees):
    Consents(chosen.recordings_folder).keep(Acceptance(text("consent.version"), "2026-11-22", WHO))
    window._beside.want(True)
    window.show_session(person_player(chosen, 1.0, WHO))
    page = page_of(window, SeeAlongPage)
    said = " ".join(label.text() for label in page.findChildren(QLabel))
    assert "yours shows the guide and the words alone, until you bring in the numbers with V" in said
    page.answered.emit(answer)
    window.centralWidget().skipped.emit()
    page_of(window, PracticePage)
    assert window._beside.window.may_see is sees


def test_requirement_32_who_let_their_guide_see_is_not_asked_again(window, chosen):
    window._beside.want(True)
    window.show_session(person_player(chosen, 1.0, WHO))
    page = page_of(window, ConsentPage)
    page.choose(Viewer.GUIDE)
    page.accept_button.click()
    assert not isinstance(window.centralWidget(), SeeAlongPage)
    window.centralWidget().skipped.emit()
    assert window._beside.window.may_see


def test_requirement_32_opened_by_a_key_it_asks_nobody_and_shows_nothing_measured(window, chosen):
    Consents(chosen.recordings_folder).keep(Acceptance(text("consent.version"), "2026-11-22", WHO))
    window.show_session(person_player(chosen, 1.0, WHO))
    window.centralWidget().skipped.emit()
    press(page_of(window, PracticePage), Qt.Key.Key_B)
    assert not window._beside.window.may_see


def test_requirement_32_what_one_person_said_does_not_hold_for_another(window, recording, chosen):
    window._beside.want(True)
    window.show_session(ReplayPlayer(RecordingReader(recording), chosen, start=100.0))
    seeing = window._beside.window
    window._bridge.ended.disconnect()
    window._bridge.stop()
    Consents(chosen.recordings_folder).keep(Acceptance(text("consent.version"), "2026-11-22", WHO))
    window.show_session(person_player(chosen, 1.0, WHO))
    page_of(window, SeeAlongPage).answered.emit(False)
    window.centralWidget().skipped.emit()
    assert seeing.may_see and window._beside.window is not seeing and not window._beside.window.may_see


# --- for everybody ---


@pytest.fixture(params=LANGUAGES)
def language(request, monkeypatch):
    if request.param == "longer":
        speak_longer(monkeypatch)
    else:
        wording.use(request.param)


@pytest.mark.parametrize("moment", [48.0, 150.0])
@pytest.mark.parametrize("may_see", [True, False])
def test_no_text_is_cut_off(shown, lived, language, moment, may_see):
    made = shown(StillBridge([(at, event) for at, event in lived if at <= moment], moment), may_see=may_see)
    for size in ((1000, 640), (1280, 800), (1440, 900)):
        made.resize(*size)
        settle()
        frames(made, 25)
        assert cut_off(made) == [], size
        assert made.traces.traces.height() >= 120 and made.session.view.height() >= 140


def test_everything_is_reached_by_tab_and_has_a_name(window, chosen):
    made, _ = demo(window, chosen)
    seen = []
    made.setFocus()
    for _ in range(30):
        seen.append(made.focusWidget())
        made.focusNextChild()
    assert set(controls(made)) <= set(seen)
    drawings = (made.pacer, made.traces.traces, made.session.view, made.rhythm.view)
    for widget in (*controls(made), *drawings):
        assert QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name).strip(), widget


def test_the_focus_is_seen(shown, lived):
    made = shown(StillBridge(lived))
    made.activateWindow()
    for button in (*made._hands.values(), made.bar._buttons["mark"]):
        made.setFocus()
        settle(3)
        without = picture(button)
        button.setFocus()
        settle(3)
        assert (np.abs(picture(button) - without).max(axis=2) > 0.2).sum() > button.width()


def test_page_keys_reach_measures_that_have_no_room(shown, lived, monkeypatch):
    speak_longer(monkeypatch)
    made = shown(StillBridge(lived))
    bar = made.table._room.verticalScrollBar()
    assert bar.maximum() > 0
    press(made, Qt.Key.Key_PageDown)
    assert bar.value() > 0
    press(made, Qt.Key.Key_PageUp)
    assert bar.value() == 0


def test_requirement_21_nothing_flashes(shown, lived):
    """Four seconds at ten frames a second, all of the window in small pieces: none changes to and fro."""
    bridge = StillBridge(lived, now=146.0)
    made, seen = shown(bridge), []
    for _ in range(40):
        bridge.now += 0.1
        made.draw_frame()
        made.draw_frame()
        smooth = Qt.TransformationMode.SmoothTransformation
        small = made.grab().toImage().scaled(128, 80, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
        pixels = np.frombuffer(small.convertToFormat(QImage.Format.Format_RGB32).constBits(), np.uint8)
        seen.append(luminance(pixels.reshape(80, 128, 4)[:, :, 2::-1] / 255))
    assert np.abs(np.diff(np.array(seen), axis=0)).max() > 0.01  # it moves
    assert flashes(np.array(seen), 10) <= 1


def test_its_traces_are_drawn_ten_times_a_second_and_its_words_once(shown):
    made = shown(StillBridge())
    counted = Counter()
    made.traces.traces.show_now = lambda *_, **__: counted.update(["traces"])
    made._show_rhythm = lambda state: counted.update(["rhythm"])
    made._show_words = lambda state: counted.update(["words"])
    made._frames = 0
    for _ in range(1000 // made._timer.interval()):
        made.draw_frame()
    assert counted == {"traces": 10, "rhythm": 5, "words": 1}


def test_hundreds_of_frames_leave_none_alone(shown, lived):
    bridge = StillBridge(lived, now=140.0)
    made = shown(bridge)

    def draw(times):
        for _ in range(times):
            bridge.now += 0.05
            made.draw_frame()
            QApplication.processEvents()
        gc.collect()
        return sys.getrefcount(None)

    before = draw(40)
    assert abs(draw(160) - before) < 150


def test_a_pace_that_is_kept_is_said_in_both_windows(window, chosen):
    made, _ = demo(window, chosen)
    wait_for(lambda: made._frames > 2)
    assert made._bridge.model is window._bridge.model
    assert made._hands["keep"].text() == text("practitioner.keep")
    window._bridge.model.push(1.0, PaceChanged(1.0, 10.0, reason="kept"))
    made._show_words(window._bridge.model.at(1.0))
    assert made._hands["keep"].text() == text("practitioner.unkeep")


@pytest.mark.parametrize("theme", THEMES)
def test_both_themes_are_painted_in_their_own_colours(shown, lived, theme):
    made = shown(StillBridge(lived), theme)
    pixels = (255 * picture(made)).round().astype(int).reshape(-1, 3) @ (1 << 16, 1 << 8, 1)
    for name in ("ground", "panel", "heart", "now", "text"):
        assert THEMES[theme].color(name).rgb() & 0xFFFFFF in np.unique(pixels), name
