"""The practitioner's window, offscreen: beside the client's, which keeps guide and words alone."""

import gc
import sys
from dataclasses import replace

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="Qt cannot be imported", exc_type=ImportError)

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLabel
from tests.helpers import pipeline
from tests.screen.test_access import controls, flashes, luminance, picture
from tests.screen.windows import cut_off, person_player, press, settle, speak_longer, wait_for, write
from tests.test_architecture import imported_by

from breathsync import settings, wording
from breathsync.events import (
    CheckedIn,
    Marked,
    NumbersShown,
    PaceChanged,
    Paused,
    Sealed,
    SessionEnded,
    Softened,
)
from breathsync.practice.safety import Acceptance, Participant, Viewer
from breathsync.screen.app import Window
from breathsync.screen.bridge import SessionBridge
from breathsync.screen.consent_page import ConsentPage, SeeAlongPage
from breathsync.screen.pages import EndPage
from breathsync.screen.practice_window import PracticePage
from breathsync.screen.practitioner import beside
from breathsync.screen.practitioner.window import PractitionerWindow
from breathsync.screen.theme import THEMES
from breathsync.session import letterbox, simulation, told
from breathsync.session.consents import Consents
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
def recording(tmp_path_factory):
    """A strap with ECG and acceleration, the check-in before, marks with words, up to the steady rhythm."""
    file = tmp_path_factory.mktemp("practitioner") / "session.jsonl"
    scenario = SCENARIOS["ecg-practice"]
    with made_recording(file, simulation.header_of(scenario, 1)) as recorder:
        recorder.write(CheckedIn(0.0, "before", "en 1", 6, 3, None, 4))
        simulation.simulate(scenario, 1, Sitting(pipeline()), recorder, 200.0)
    return file


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


def replaying(recording, chosen, start=190.0, theme="dusk", **values):
    """The practitioner's window alone, on a recording that stands still."""
    player = ReplayPlayer(RecordingReader(recording), chosen, start=start, held=True)
    bridge = SessionBridge(player)
    made = PractitionerWindow(THEMES[theme], bridge, **values)
    bridge.start()
    made.resize(1280, 800)
    made.show()
    wait_for(lambda: bridge.replay.held and bridge.drain() >= start)
    frames(made)
    return made, bridge


def frames(made, count=80):
    for _ in range(count):
        made.draw_frame()
    settle(3)


def let_go(made, bridge):
    bridge.stop()
    made.close()


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


def test_requirement_23_the_clients_window_keeps_guide_and_words_until_numbers_are_wished(window, chosen):
    _, heard = demo(window, replace(chosen, show_numbers=False))
    page = window.centralWidget()
    assert isinstance(page, PracticePage)
    press(page, Qt.Key.Key_V)  # the demo begins with numbers
    wait_for(lambda: of(NumbersShown, heard))
    wait_for(lambda: page.ribbon is not None and not page.ribbon.isVisible())
    wait_for(lambda: not page.cards.isVisible())
    assert page.circle.isVisible() and page._cue.isVisible()
    press(page, Qt.Key.Key_V)
    wait_for(lambda: page.ribbon.isVisible() and page.cards.isVisible())


def test_without_the_practitioners_window_the_ribbon_stays(window, chosen):
    _, heard = demo(window, chosen)
    page = window.centralWidget()
    window._beside.window.close()
    press(page, Qt.Key.Key_V)
    wait_for(lambda: of(NumbersShown, heard) and not page.cards.isVisible())
    wait_for(lambda: page.ribbon.isVisible())


def test_requirement_23_a_setting_and_a_switch_open_it_with_every_session(qapp, chosen):
    window = Window(replace(chosen, practitioner_window=True), returns_to_start=True)
    window.show_session(DemoPlayer(SCENARIOS["first-session"], 1, chosen))
    window.show()
    assert isinstance(window._beside.window, PractitionerWindow)
    window.close()
    assert window._beside.window is None  # with the client's window goes the other


class Screen:
    def availableGeometry(self):
        return QRect(1280, 0, 1440, 900)


class Screens:
    def __init__(self, client):
        self._here = client.screen()

    def screens(self):
        return [self._here, Screen()]


def test_requirement_23_it_goes_to_a_second_screen_where_there_is_one(window, chosen, monkeypatch):
    monkeypatch.setattr(beside, "QGuiApplication", Screens(window))
    made, _ = demo(window, chosen)
    assert made.geometry() == QRect(1280, 0, 1440, 900)


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
    script = "import breathsync.screen.app, sys; sys.exit('breathsync.screen.practitioner.window' in sys.modules)"
    assert "breathsync" in imported_by(script.replace("sys.exit", "assert not ").replace("import sys", ""))


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
    assert made.label.isVisible() and made.label.hasFocus()
    write(made.label, "softer face")
    press(made.label, Qt.Key.Key_Return)
    wait_for(lambda: of(Marked, heard))
    assert of(Marked, heard)[0].label == "softer face"
    assert not made.label.isVisible() and made.hasFocus()


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


def test_a_replay_takes_no_marks_and_leads_nobody(recording, chosen):
    made, bridge = replaying(recording, chosen)
    assert not any(button.isVisible() for button in made._hands.values()) and not made._hint.isVisible()
    press(made, Qt.Key.Key_N)
    assert not made.note.isVisible()
    let_go(made, bridge)


# --- what it shows ---


def test_requirement_23_it_shows_the_session_as_whoever_accompanies_it_wants_to_see_it(recording, chosen):
    made, bridge = replaying(recording, chosen)
    said = [label.text() for label in made.findChildren(QLabel) if label.isVisible()]
    assert made._step.text() == "Slowing down, breath by breath · step 3 of 3 · 00:10 left in it"
    assert made.session.more.text() == "03:10 of 03:20 · 00:10 left"
    assert {"Breath", "Guide followed", "Swing, mean", "Beats marked", "RMSSD"} <= set(said)
    assert "6 of 10" in "\n".join(said) and "Soothing\n–" in said
    assert "Polar H10" in made.bar._signal.text()
    assert made.rhythm.view._shown.size and made.traces.traces._pieces and bridge.model.practitioner.breath
    assert made._guide.text().startswith("guide ")
    let_go(made, bridge)


def test_the_heart_is_drawn_at_its_true_time(recording, chosen):
    made, bridge = replaying(recording, chosen)
    last = made.traces.traces._pieces[-1][0][-1]
    heard = bridge.model.trace[-1][0]
    assert last == heard <= made.traces.traces._now
    let_go(made, bridge)


def test_requirement_32_without_the_persons_word_nothing_measured_is_shown(recording, chosen):
    made, bridge = replaying(recording, chosen, may_see=False)
    said = " ".join(label.text() for label in made.findChildren(QLabel) if label.isVisible())
    assert text("practitioner.not_asked") in said
    assert not made.table.isVisible() and not made.rhythm.isVisible() and not made.told.isVisible()
    assert made.traces.traces._pieces == [] and made.session.view._swings == []
    assert "6 of 10" not in said
    let_go(made, bridge)


def page_of(window, kind):
    wait_for(lambda: isinstance(window.centralWidget(), kind))
    return window.centralWidget()


@pytest.mark.parametrize(("answer", "sees"), [(True, True), (False, False)])
def test_requirement_32_the_person_is_asked_whether_their_guide_may_see_along(window, chosen, answer, sees):
    Consents(chosen.recordings_folder).keep(Acceptance(text("consent.version"), "2026-11-22", WHO))
    window._beside.want(True)
    window.show_session(person_player(chosen, 1.0, WHO))
    page_of(window, SeeAlongPage).answered.emit(answer)
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


# --- for everybody ---


@pytest.fixture(params=LANGUAGES)
def language(request, monkeypatch):
    if request.param == "longer":
        speak_longer(monkeypatch)
    else:
        wording.use(request.param)


@pytest.mark.parametrize("size", [(1000, 640), (1280, 800), (1440, 900)], ids=str)
@pytest.mark.parametrize("may_see", [True, False])
def test_no_text_is_cut_off(recording, chosen, language, size, may_see):
    made, bridge = replaying(recording, chosen, may_see=may_see)
    bridge.guided = True
    made.follow(bridge)
    made.resize(*size)
    settle()
    frames(made)
    assert cut_off(made) == []
    assert made.traces.traces.height() >= 120 and made.session.view.height() >= 140
    let_go(made, bridge)


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


def test_the_focus_is_seen(window, chosen):
    made, _ = demo(window, chosen)
    made.activateWindow()
    for button in (*made._hands.values(), made.bar._buttons["mark"]):
        made.setFocus()
        settle(3)
        without = picture(button)
        button.setFocus()
        settle(3)
        assert (np.abs(picture(button) - without).max(axis=2) > 0.2).sum() > button.width()


def test_requirement_21_nothing_flashes(recording, chosen):
    """Four seconds at ten frames a second, everything in it: no part of the window changes to and fro."""
    made, bridge = replaying(recording, chosen, start=185.0)
    seen = []
    for tenth in range(40):
        state = bridge.model.at(185.0 + tenth / 10)
        made._draw(state)
        made.pacer.show_state(state)
        if tenth % 10 == 0:
            made._show_words(state)
        pixels = luminance(picture(made))
        seen.append(pixels.reshape(40, 20, 64, 20).mean(axis=(1, 3)))
    assert flashes(np.array(seen), 10) <= 1
    let_go(made, bridge)


def test_its_traces_are_drawn_ten_times_a_second_and_its_words_once(recording, chosen):
    made, bridge = replaying(recording, chosen)
    counted = {"traces": 0, "words": 0}
    made._draw = lambda state: counted.__setitem__("traces", counted["traces"] + 1)
    made._show_words = lambda state: counted.__setitem__("words", counted["words"] + 1)
    made._frames = 0
    for _ in range(1000 // made._timer.interval()):
        made.draw_frame()
    assert counted == {"traces": 10, "words": 1}
    let_go(made, bridge)


@pytest.mark.parametrize("theme", THEMES)
def test_hundreds_of_frames_leave_none_alone(recording, chosen, theme):
    made, bridge = replaying(recording, chosen, theme=theme)

    def draw(times):
        for _ in range(times):
            made.draw_frame()
            QApplication.processEvents()
        gc.collect()
        return sys.getrefcount(None)

    before = draw(60)
    assert abs(draw(300) - before) < 300
    let_go(made, bridge)


def test_a_pace_that_is_taken_reaches_both_windows(window, chosen):
    made, heard = demo(window, chosen)
    wait_for(lambda: made._frames > 2)
    assert made._bridge.model is window._bridge.model
    assert made._hands["keep"].text() == text("practitioner.keep")
    window._bridge.model.push(1.0, PaceChanged(1.0, 10.0, reason="kept"))
    made._show_words(window._bridge.model.at(1.0))
    assert made._hands["keep"].text() == text("practitioner.unkeep")
