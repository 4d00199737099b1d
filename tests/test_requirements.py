"""Requirements that run through the whole program: what is never shown, what goes on whatever happens."""

import re
from dataclasses import fields

import numpy as np
import pytest
from tests.heart.hearts import sinus_arrhythmia
from tests.heart.test_gate import premature
from tests.helpers import connected, heard, one_by_one, only
from tests.session.sessions import Keeper, kept, simulated

from breathsync.events import (
    BeatHeard,
    GuideShown,
    HrvMetrics,
    Marked,
    PaceChanged,
    PacerStep,
    SessionEnded,
    SignalQuality,
)
from breathsync.practice.conductor import Choices, Conductor, Wish
from breathsync.practice.practice_file import shipped
from breathsync.screen.state import ScreenModel
from breathsync.session.batch.rows import COLUMNS
from breathsync.session.event_log import DERIVED, SHOWN
from breathsync.session.live import LiveSession
from breathsync.session.pipeline import pipeline
from breathsync.session.recording import KINDS
from breathsync.session.replay import RecordingReader
from breathsync.session.report.compose import document
from breathsync.session.report.findings import findings
from breathsync.session.report.html import html
from breathsync.session.sitting import Sitting
from breathsync.session.story import story_of
from breathsync.wording import language, languages

GUIDE = (PaceChanged(0.0, 10.0, anew=True), GuideShown(0.0, shown=True))
NEVER = re.compile(
    r"\b(lf\s*(/|_|-|to|over)\s*hf|vlf|ulf|percentiles?|perzentile?n?|stress[ _]index)\b", re.IGNORECASE
)


def ticks(rr_ms):
    return [round(1.024 * float(rr)) for rr in rr_ms]


# --- 11: what variability is not for ---


def test_requirement_11_no_variability_reaches_what_is_shown_live():
    """The live views know no RMSSD or SDNN: whatever is measured of them, nothing there changes."""
    model = ScreenModel()
    for event in (*GUIDE, *(BeatHeard(float(i), 900.0, "rr") for i in range(60))):
        model.push(max(0.0, event.time), event)
    before = model.at(60.0)
    for length in (60, 300):
        for value in (5.0, 500.0):
            model.push(60.0, HrvMetrics(60.0, length, 60, 66.7, value, value, 50.0, None))
    assert model.at(60.0) == before
    live = ("window.", "terminal.", "practice.", "guidance.", "rhythm.", "checkin.")
    words = [w for code in languages() for key, w in language(code).items() if key.startswith(live)]
    assert len(words) > 200
    assert [w for w in words if re.search(r"rmssd|sdnn|pnn50", w, re.IGNORECASE)] == []


@pytest.mark.parametrize("code", languages())
def test_requirement_11_no_words_know_a_ratio_of_bands_or_a_rank_among_people(code):
    assert {key: w for key, w in language(code).items() if NEVER.search(w)} == {}


def test_requirement_11_no_event_table_or_report_knows_them_either(tmp_path):
    events = [*DERIVED.values(), *SHOWN.values(), *KINDS.values()]
    names = {field.name for event in events for field in fields(event)} | set(COLUMNS) | set(DERIVED)
    assert len(names) > 80
    assert [name for name in names if NEVER.search(name.replace("_", " "))] == []
    found = findings(kept(tmp_path / "s.jsonl", simulated(seconds=330)))
    assert not NEVER.search(html(document(found)))


@pytest.mark.parametrize("name", ["LF/HF", "lf_hf", "LF to HF", "VLF power", "percentile", "Perzentile"])
def test_the_check_sees_what_is_never_to_be_there(name):
    assert NEVER.search(name)


# --- 13: doubtful beats are marked and counted; where they are many, nothing is said of variability ---


def test_requirement_13_with_too_many_doubtful_beats_heart_rate_and_guide_go_on_alone():
    rr = premature(sinus_arrhythmia(6.0, 12.0, n=260), 15)
    model = ScreenModel()
    inputs = [*GUIDE, connected(), *one_by_one(ticks(rr))]
    found = heard(sorted(inputs, key=lambda event: event.time))
    for at, event in found:
        model.push(at, event)
    quality = [q for q in only(SignalQuality, found) if q.time >= 80]
    assert set(np.diff([q.time for q in quality])) == {5.0}
    assert {q.reason for q in quality} == {"too_many_doubtful"}
    assert all(q.window_s == 60 and 0.7 < q.usable_share < 0.97 for q in quality)
    minutes = [m for m in only(HrvMetrics, found) if m.window_s == 60 and m.time >= 80]
    assert {(m.rmssd_ms, m.sdnn_ms, m.withheld) for m in minutes} == {(None, None, "too_many_doubtful")}
    assert all(60 < m.heart_rate_bpm < 80 for m in minutes)
    steps = [step.time for step in only(PacerStep, found)]
    assert np.allclose(np.diff(steps), 5.0)
    assert len(steps) > 30
    last = found[-1][0]
    assert model.at(last).heart_rate_bpm is not None


def test_requirement_13_a_few_marked_beats_leave_it_said_and_the_share_of_each_minute_is_kept():
    rr = premature(sinus_arrhythmia(6.0, 12.0, n=260), 90)
    found = heard([connected(), *one_by_one(ticks(rr))])
    quality = [q for q in only(SignalQuality, found) if q.time >= 80]
    assert {q.reason for q in quality} == {None}
    assert any(q.usable_share < 1.0 for q in quality)
    assert DERIVED["SignalQuality"] is SignalQuality  # so the event output holds it, minute after minute


# --- 17: nothing is coloured as success or failure ---


def hues(widget):
    """Hues of what is drawn in colour, in twelve parts of the circle; paint of a few pixels is left out."""
    from PySide6.QtGui import QColor

    picture, found = widget.grab().toImage(), {}
    for x in range(picture.width()):
        for y in range(0, picture.height(), 2):
            color = QColor(picture.pixel(x, y))
            if color.hsvSaturationF() > 0.15 and color.valueF() > 0.35:
                found[color.hue() // 30] = found.get(color.hue() // 30, 0) + 1
    return {hue for hue, count in found.items() if count > 15}


def cards_of(lag, steadiness, swing, rate):
    """The cards of one moment, as a session with these figures shows them."""
    from breathsync.events import RsaCycle, SwingMean, Synchrony
    from breathsync.screen.cards import Cards
    from breathsync.screen.theme import DUSK

    model = ScreenModel()
    beats = [BeatHeard(float(i), 60000 / rate, "rr") for i in range(55, 61)]
    cycles = [RsaCycle(10.0 * i, swing, 6.0, clean=True) for i in range(1, 7)]
    said = [SwingMean(60.0, swing, 0.5, 6), Synchrony(60.0, lag, steadiness)]
    for event in (*GUIDE, *cycles, *beats, *said):
        model.push(event.time, event)
    cards = Cards(DUSK, model)
    cards.resize(320, 620)
    for _ in range(2):
        cards.show_state(model.at(60.0))
        cards.turn_ring(model.at(60.0))
    return cards


def test_requirement_17_the_colours_are_the_same_whatever_was_measured(qapp):
    near = hues(cards_of(0.0, 0.95, 18.0, 60))
    far = hues(cards_of(0.45, 0.95, 2.0, 110))
    assert near == far
    assert near  # there is colour to be seen at all


def test_requirement_17_no_theme_has_a_red_or_a_green_to_judge_with(qapp):
    from PySide6.QtGui import QColor

    from breathsync.screen.theme import THEMES

    for theme in THEMES.values():
        colors = {f.name: QColor(getattr(theme, f.name)) for f in fields(theme) if f.name != "name"}
        strong = {name: color.hue() for name, color in colors.items() if color.hsvSaturationF() > 0.3}
        assert strong
        assert [name for name, hue in strong.items() if hue < 20 or hue > 330 or 80 < hue < 155] == []


# --- 27: markers ---


def test_requirement_27_a_mark_is_where_it_was_pressed_live_in_replay_and_in_the_summary(tmp_path):
    """Pressed between two ticks of the session's grid; a label may go with it."""
    presses = {12.345: "", 33.31: "shoulders", 47.998: ""}
    model, keeper = ScreenModel(), Keeper()
    conductor = Conductor(shipped("a-minute"), Choices())
    live = LiveSession(Sitting(pipeline(), [model.push]), conductor, keeper)
    for moment, label in presses.items():
        live.advance(moment)
        live.wish(moment, Wish.MARK, label)
    live.advance(55.0)
    live.end(55.0)
    assert model.at(55.0).marks == pytest.approx(list(presses), abs=0.1)

    file = kept(tmp_path / "marked.jsonl", [connected(), *keeper.inputs])
    again, inputs = ScreenModel(), list(RecordingReader(file).inputs())
    sitting = Sitting(pipeline(), [again.push])
    for event in inputs:
        sitting.push(event)
    assert again.at(55.0).marks == pytest.approx(list(presses), abs=0.1)

    marks = story_of(inputs, 55.0, ended=True).marks
    assert [(mark.time, mark.label) for mark in marks] == list(presses.items())
    assert only(Marked, [(0.0, event) for event in inputs]) == marks
    assert isinstance(inputs[-1], SessionEnded)


def test_requirement_27_the_summary_shows_marks_with_their_time_and_label(tmp_path):
    inputs = [*simulated(seconds=90)[:-1], Marked(61.25, "shoulders"), SessionEnded(90.0)]
    inputs = sorted(inputs, key=lambda event: event.time)
    page = html(document(findings(kept(tmp_path / "s.jsonl", inputs))))
    assert "01:01" in page and "shoulders" in page
