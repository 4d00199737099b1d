"""The review: what it shows of a moment, how it moves, and the window itself."""

import xml.etree.ElementTree as ET

import pytest
from tests.session.sessions import WORDS, kept, simulated, told

from breathsync.events import Beat, StepStarted
from breathsync.screen.review.model import LEAST_VIEW_S, ReviewModel
from breathsync.session import derived_store
from breathsync.session.derived import derive
from breathsync.session.replay import RecordingReader
from breathsync.settings import cache_folder, defaults
from breathsync.wording import text


@pytest.fixture(scope="module")
def inputs():
    return told(simulated())


@pytest.fixture(scope="module")
def derived(inputs):
    return derive(inputs)


@pytest.fixture
def file(tmp_path, inputs):
    return kept(tmp_path / "session.jsonl", inputs, code_name="Willow-17")


@pytest.fixture
def model(file, derived):
    model = ReviewModel(file)
    model.take(derived)
    return model


def test_before_it_is_derived_the_heart_can_be_seen(file):
    model = ReviewModel(file)
    assert model.times.size > 500
    model.point(300.0)
    assert 50 < model.reading().heart_rate_bpm < 80
    assert model.reading().rmssd_ms is None


def test_a_moment_is_told_with_what_was_known_of_it(model):
    model.point(450.0)
    reading = model.reading()
    assert reading.step.kind == "steady"
    assert reading.guide_per_min == pytest.approx(6.0)
    assert 12 < reading.swing_bpm < 16
    assert reading.usable_share > 0.95
    assert reading.rmssd_ms > 0 and reading.withheld is None
    model.point(10.0)
    assert model.reading().guide_per_min is None
    assert model.reading().swing_bpm is None
    model.point(599.0)
    assert model.reading().guide_per_min is None


def test_nothing_of_imagery_is_shown(tmp_path):
    inputs = [
        StepStarted(e.time, e.practice, e.step, e.steps, "image", e.title)
        if isinstance(e, StepStarted) and e.step_kind == "notice"
        else e
        for e in simulated(seconds=120)
    ]
    model = ReviewModel(kept(tmp_path / "image.jsonl", inputs))
    model.take(derive(inputs))
    model.point(60.0)
    reading = model.reading()
    assert reading.unmeasured
    assert (reading.heart_rate_bpm, reading.swing_bpm, reading.rmssd_ms, reading.usable_share) == (
        None,
    ) * 4
    seen = [t for times, _ in model.visible_rates(model.view, 5000) for t in times.tolist()]
    assert seen and not [t for t in seen if 30 <= t < 89]


def test_zooming_keeps_what_is_pointed_at_in_its_place(model):
    model.zoom(0.5, around=150.0)
    assert (model.view.start, model.view.end) == (75.0, 375.0)
    for _ in range(20):
        model.zoom(0.5, around=150.0)
    assert model.view.lasts == LEAST_VIEW_S
    for _ in range(20):
        model.zoom(2.0)
    assert (model.view.start, model.view.end) == (0.0, model.length_s)


def test_the_view_stays_within_the_session(model):
    model.look(500.0, 560.0)
    model.move(1000.0)
    assert (model.view.start, model.view.end) == (540.0, 600.0)
    model.move(-5000.0)
    assert model.view.start == 0.0
    model.point(9999.0)
    assert model.cursor == model.length_s and model.view.end == model.length_s


def test_steps_can_be_gone_through_in_both_directions(model):
    found = []
    for _ in range(7):
        model.point(model.neighbouring_step(1))
        found.append(round(model.cursor))
    assert found == [0, 30, 90, 300, 510, 570, 600]
    model.point(model.neighbouring_step(-1))
    assert round(model.cursor) == 570


def test_marks_and_notes_of_the_review_stay_with_the_recording(model, file):
    model.point(333.0)
    model.mark()
    model.note("jaw softened")
    again = ReviewModel(file)
    assert (333.0, "jaw softened") in again.noted()
    assert (312.0, WORDS) in again.noted()
    assert len(again.noted()) == 4
    assert list(RecordingReader(file).inputs())[-1].time == 600.0


# --- the window ---


@pytest.fixture
def window(qapp, file):
    from breathsync.screen.app import Window

    window = Window(defaults(), returns_to_start=True)
    window.show_review(file)
    window.show()
    qapp.processEvents()
    yield window
    window.close()
    qapp.processEvents()


@pytest.fixture
def page(kept_before, window):
    return window.centralWidget()


@pytest.fixture
def kept_before(file, derived):
    """Derived once: a process for each test would say the same again."""
    chosen = defaults()
    derived_store.store(derived, derived_store.entry(file, cache_folder(), chosen.profiles_folder))


def press(page, key, modifiers=None):
    from PySide6.QtCore import QEvent, Qt
    from PySide6.QtGui import QKeyEvent

    none = Qt.KeyboardModifier.NoModifier
    page.keyPressEvent(QKeyEvent(QEvent.Type.KeyPress, getattr(Qt.Key, f"Key_{key}"), modifiers or none))


def test_the_window_derives_beside_itself_and_shows_it(window, qapp, derived):
    page = window.centralWidget()
    assert page.model.derived is None
    assert page.moment._why.text() == text("review.deriving")
    assert page.deriving.wait()
    qapp.processEvents()
    beats = page.model.derived.columns(Beat)["time"]
    assert beats.size > 500 and (beats == derived.columns(Beat)["time"]).all()
    assert page.moment._why.text() != text("review.deriving")


def test_that_its_person_is_simulated_stands_below_the_title(tmp_path, qapp):
    from PySide6.QtWidgets import QLabel

    from breathsync.screen.review.page import ReviewPage
    from breathsync.screen.theme import DUSK

    demo = kept(tmp_path / "demo.jsonl", simulated(seconds=5), details={"scenario": "steady-practice"})
    page = ReviewPage(demo, DUSK, defaults())
    assert any(label.text().endswith("00:05 · a simulated person") for label in page.findChildren(QLabel))
    page.close_down()


def test_it_opens_at_once_the_second_time(window, file):
    from breathsync.screen.review.page import ReviewPage
    from breathsync.screen.theme import DUSK

    assert window.centralWidget().deriving.wait()
    again = ReviewPage(file, DUSK, defaults())
    assert again.model.derived is not None
    again.close_down()


def test_keys_move_zoom_mark_and_compare(page):
    from PySide6.QtCore import Qt

    press(page, "Right")
    assert page.model.cursor == pytest.approx(6.0)
    press(page, "Right", Qt.KeyboardModifier.ShiftModifier)
    assert page.model.cursor == pytest.approx(30.0)
    press(page, "Plus")
    assert page.model.view.lasts < 600
    press(page, "0")
    assert page.model.view.lasts == 600
    press(page, "M")
    assert (30.0, "") in page.model.noted()
    press(page, "C")
    assert page.comparing
    press(page, "Escape")
    assert not page.comparing


def test_two_steps_are_compared_on_one_scale_and_length(page):
    press(page, "C")
    (_, first), (_, second) = page._pairs
    assert first.view.lasts == second.view.lasts
    assert first.rates == second.rates
    assert page.compared._values["swing", 2].text().startswith("1")


def test_a_note_is_written_by_hand_and_kept(page):
    press(page, "N")
    assert page.note_field.isVisible()
    page.note_field.kept.emit("breath got longer")
    assert any(words == "breath got longer" for _, words in page.model.noted())
    assert "breath got longer" in page.notes._list.item(0).text()


def test_a_recording_that_takes_no_more_is_said_calmly(page, file):
    file.unlink()
    press(page, "M")
    assert str(file) in page.said.text()


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_a_picture_can_be_kept(page, tmp_path, ending):
    out = tmp_path / f"picture.{ending}"
    page.keep_picture(out)
    assert page.said.text() == text("review.picture_kept")
    if ending == "svg":
        assert ET.parse(out).getroot().tag.endswith("svg")
    else:
        assert out.read_bytes().startswith(b"\x89PNG")


def test_a_picture_that_cannot_be_written_is_said(page, tmp_path):
    page.keep_picture(tmp_path / "no" / "folder.png")
    assert "folder.png" in page.said.text()


def test_frames_are_drawn_at_every_size_and_zoom(page, qapp):
    for size in ((860, 600), (1600, 900)):
        page.resize(*size)
        for _ in range(12):
            press(page, "Plus")
            page.canvas.repaint()
            page.strip.repaint()
        press(page, "0")
    image = page.canvas.grab().toImage()
    assert len({image.pixel(x, image.height() // 3) for x in range(0, image.width(), 3)}) > 2


def test_a_note_of_the_review_is_sealed_where_a_passphrase_was_set(file, derived):
    from breathsync.session import told as telling
    from breathsync.session.letterbox import made

    telling.keep_letterbox(file.parent, made("a long passphrase"))
    model = ReviewModel(file, derived)
    model.note("nobody else's words")
    assert b"nobody else's words" not in file.read_bytes()
    assert [words for _, words in ReviewModel(file, derived).noted()].count(text("report.sealed")) == 1
    keys = telling.Keys("a long passphrase", None)
    assert "nobody else's words" in [words for _, _, words in telling.written(file, keys)]


def test_what_is_told_after_a_review_is_still_read(file):
    from breathsync.events import CheckedIn
    from breathsync.session import told as telling

    model = ReviewModel(file)
    model.mark()
    telling.add(file, [CheckedIn(0.0, "after", "en 1", drive=3)])
    again = ReviewModel(file)
    assert [c.drive for c in again.story.check_ins if c.moment == "after"] == [None, 3]
