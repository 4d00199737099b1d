"""What a real person meets around a session: asked first, free to skip, kept as they said it."""

import json

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="Qt cannot be imported", exc_type=ImportError)

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from tests.screen.windows import person_player, press, settle, wait_for, write

from breathsync import settings
from breathsync.events import CheckedIn, Sealed
from breathsync.practice.checkin import CIRCLES, Moment
from breathsync.practice.safety import Acceptance, Participant, Profile, Viewer
from breathsync.screen.app import Window
from breathsync.screen.checkin_page import CheckInPage
from breathsync.screen.consent_page import ConsentPage
from breathsync.screen.pages import EndPage, StartPage
from breathsync.screen.practice_window import PracticePage
from breathsync.screen.theme import DUSK
from breathsync.screen.writing_page import WritingPage
from breathsync.session import letterbox, told
from breathsync.session.consents import Consents
from breathsync.session.replay import RecordingReader
from breathsync.wording import text

WHO = Participant("heron")


@pytest.fixture
def chosen(tmp_path):
    return settings.Settings(tmp_path / "recordings", tmp_path / "profiles")


@pytest.fixture
def window(qapp, chosen):
    made = Window(chosen, returns_to_start=True)
    yield made
    made.close()
    made.deleteLater()
    qapp.processEvents()


@pytest.fixture
def consented(chosen):
    Consents(chosen.recordings_folder).keep(Acceptance(text("consent.version"), "2026-11-22", WHO))


def page_of(window, kind):
    wait_for(lambda: isinstance(window.centralWidget(), kind))
    settle()
    return window.centralWidget()


def inputs_of(file, kind):
    return [event for event in RecordingReader(file).inputs() if isinstance(event, kind)]


# --- consent ---


def test_requirement_7_consent_is_asked_and_stored_before_anything_is_recorded(window, chosen):
    player = person_player(chosen, 1.0)
    window.show_session(player)
    window.show()
    page = page_of(window, ConsentPage)
    said = " ".join(label.text() for label in page.findChildren(QLabel))
    assert text("disclaimer.full") in said and text("consent.kept", folder="")[:30] in said
    assert not chosen.recordings_folder.exists()
    page.accept_button.click()
    kept = json.loads((chosen.recordings_folder / "consent.json").read_text())
    assert [row["version"] for row in kept] == [text("consent.version")]
    assert kept[0]["code_name"] == "heron" and kept[0]["accepted_at"][:2] == "20"
    assert not list(chosen.recordings_folder.glob("*.jsonl"))
    page_of(window, CheckInPage)


def test_who_says_not_now_is_not_recorded(window, chosen):
    window.show_session(person_player(chosen))
    window.show()
    press(page_of(window, ConsentPage), Qt.Key.Key_Escape)
    page_of(window, StartPage)
    assert not chosen.recordings_folder.exists()


def test_who_accepted_this_version_is_not_asked_again_and_somebody_else_is(window, chosen, consented):
    window.show_session(person_player(chosen))
    page_of(window, CheckInPage)
    window.show_session(person_player(chosen, person=Participant("wren")))
    page_of(window, ConsentPage)


def test_requirement_32_a_teen_is_asked_for_assent_and_nobody_may_see_unless_chosen(qapp, chosen, window):
    page = ConsentPage(Profile.TEEN, "x")
    answers = []
    page.accepted.connect(lambda may_see, knows: answers.append((may_see, knows)))
    page.accept_button.click()
    page.choose(Viewer.CARER)
    page.accept_button.click()
    assert answers == [((), False), ((Viewer.CARER,), False)]
    assert page.accept_button.text() == text("consent.accept_teen")


def test_a_simulated_person_is_asked_nothing(window, chosen):
    player = person_player(chosen)
    player.participant = None
    window.show_session(player)
    window.show()
    page_of(window, PracticePage)


# --- check-in ---


def test_requirement_26_before_and_after_are_kept_with_the_version_of_the_words(window, chosen, consented):
    player = person_player(chosen, 1.0)
    window.show_session(player)
    window.show()
    before = page_of(window, CheckInPage)
    press(before.answers["threat"], Qt.Key.Key_7, "7")
    press(before.answers["pleasure"], Qt.Key.Key_Right)
    press(before.answers["threat"], Qt.Key.Key_Return)
    page_of(window, PracticePage)
    after = page_of(window, CheckInPage)
    after.answers["soothing"].say(8)
    press(after, Qt.Key.Key_Return)
    page_of(window, EndPage)
    first, second = inputs_of(player.recording, CheckedIn)
    version = f"en {text('checkin.version')}"
    assert first == CheckedIn(0.0, "before", version, threat=7, pleasure=5)
    assert second == CheckedIn(second.time, "after", version, soothing=8)
    reader = RecordingReader(player.recording)
    assert list(reader.inputs())[-1].time == second.time and reader.ended and not reader.damage.lines


def test_requirement_26_one_key_skips_it_and_nothing_is_kept(window, chosen, consented):
    player = person_player(chosen, 1.0)
    window.show_session(player)
    window.show()
    page = page_of(window, CheckInPage)
    press(page.answers["threat"], Qt.Key.Key_9, "9")
    press(page.answers["threat"], Qt.Key.Key_Escape)
    page_of(window, PracticePage)
    press(page_of(window, CheckInPage), Qt.Key.Key_Escape)
    page_of(window, EndPage)
    assert not inputs_of(player.recording, CheckedIn)


def test_what_is_not_touched_is_not_said(qapp):
    page, told_ = CheckInPage(DUSK, Moment.BEFORE), []
    page.told.connect(told_.append)
    page.answers["drive"].say(4)
    page.answers["soothing"].say(2)
    press(page.answers["soothing"], Qt.Key.Key_Delete)
    press(page, Qt.Key.Key_Return)
    assert told_[0].drive == 4
    assert [getattr(told_[0], name) for name in ("threat", "soothing", "pleasure", "arousal")] == [None] * 4


@pytest.mark.parametrize("name", CIRCLES)
def test_every_circle_answers_to_the_keyboard(qapp, name):
    page = CheckInPage(DUSK, Moment.AFTER)
    answer = page.answers[name]
    for key, value in (
        (Qt.Key.Key_Up, 5),
        (Qt.Key.Key_Up, 6),
        (Qt.Key.Key_Left, 5),
        (Qt.Key.Key_PageDown, 2),
        (Qt.Key.Key_PageDown, 0),
        (Qt.Key.Key_End, 10),
        (Qt.Key.Key_3, 3),
        (Qt.Key.Key_Backspace, None),
    ):
        press(answer, key)
        assert answer.value_said == value


# --- words ---


def end_of_session(window, chosen):
    player = person_player(chosen, 0.5)
    player.participant = None
    window.show_session(player)
    window.show()
    return page_of(window, EndPage), player.recording


def test_the_end_page_says_where_the_recording_lies(window, chosen):
    page, file = end_of_session(window, chosen)
    said = " ".join(label.text() for label in page.findChildren(QLabel)).replace("\u200b", "")
    assert str(file) in said


def test_before_the_first_word_it_is_said_that_a_lost_passphrase_is_final(window, chosen):
    end, file = end_of_session(window, chosen)
    end.reflection_wished.emit()
    page = page_of(window, WritingPage)
    assert not page.field.isVisible() and page.first.isVisible()
    seen = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    assert text("writing.final") in seen
    page.first.setText("four words of mine")
    page.second.setText("four words of mine")
    press(page.second, Qt.Key.Key_Return)
    assert page.field.isVisible()
    write(page.field, "my shoulders dropped")
    press(page.field, Qt.Key.Key_Return, "", Qt.KeyboardModifier.ControlModifier)
    page_of(window, EndPage)
    assert b"shoulders" not in file.read_bytes()
    keys = told.Keys("four words of mine", None)
    assert [(what, words) for _, what, words in told.written(file, keys)] == [
        ("reflection", "my shoulders dropped")
    ]
    assert inputs_of(file, Sealed)


def test_two_different_passphrases_are_said_calmly(window, chosen):
    end, _ = end_of_session(window, chosen)
    end.reflection_wished.emit()
    page = page_of(window, WritingPage)
    page.first.setText("four words of mine")
    page.second.setText("four words of hers")
    press(page.second, Qt.Key.Key_Return)
    assert not page.field.isVisible()
    assert text("writing.passphrases_differ") in [label.text() for label in page.findChildren(QLabel)]
    page.second.setText("")
    page.first.setText("")
    press(page.second, Qt.Key.Key_Return)
    assert told.letterbox_of(chosen.recordings_folder) is None


def test_words_can_be_written_and_let_go(window, chosen):
    end, file = end_of_session(window, chosen)
    before = file.read_bytes()
    end.reflection_wished.emit()
    page = page_of(window, WritingPage)
    page._write_unkept()
    write(page.field, "for nobody")
    press(page.field, Qt.Key.Key_Escape)
    page_of(window, EndPage)
    assert file.read_bytes() == before


def test_a_letter_asks_for_no_passphrase_where_one_was_set(qapp, chosen):
    told.keep_letterbox(chosen.recordings_folder, letterbox.made("four words of mine"))
    page = WritingPage("letter", has_letterbox=True)
    page.show()
    assert page.field.isVisible() and not page.first.isVisible()
    page.close()


# --- keys ---


def test_every_page_begins_where_enter_and_space_do_the_sensible(window, chosen):
    window.show_start()
    window.show()
    settle()
    page = window.centralWidget()
    asked = []
    page.practice_wished.disconnect()
    page.practice_wished.connect(lambda: asked.append("practise"))
    focused = page.focusProxy()
    assert focused.text().startswith(text("guidance.practise"))
    press(focused, Qt.Key.Key_Space, " ")
    press(focused, Qt.Key.Key_Return)
    assert asked == ["practise", "practise"]
