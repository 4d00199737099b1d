"""The report: what stands in it, that it stands alone, and what it never says."""

import re
import sys
import tomllib
import warnings
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from tests.helpers import STRAP, connected, one_by_one, packet
from tests.session.sessions import WORDS, kept, searched, simulated, told

from breathsync.breath.rhythm_choice import choose
from breathsync.events import Beat, Flaw, GuideShown, Notification, Sealed, SessionEnded, StepStarted
from breathsync.session.recording import Header
from breathsync.session.report import curves, figures
from breathsync.session.report.compose import document
from breathsync.session.report.document import Figure, Heading, Quotes, Row, Table, Words
from breathsync.session.report.findings import findings
from breathsync.session.report.html import html
from breathsync.session.report.neurokit import OURS, by_neurokit
from breathsync.session.rhythm_words import answer_words
from breathsync.wording import text

BANNED = tomllib.loads((Path(__file__).parents[1] / "banned_words.toml").read_text(encoding="utf-8"))["en"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Ten simulated minutes, with words and circles."""
    file = tmp_path_factory.mktemp("report") / "session.jsonl"
    return findings(kept(file, told(simulated()), code_name="Willow-17"))


@pytest.fixture(scope="module")
def drawn(whole):
    return document(whole)


@pytest.fixture(scope="module")
def made(drawn):
    return html(drawn)


def report_of(folder, inputs):
    return document(findings(kept(folder / "made.jsonl", inputs)))


def kinds(blocks):
    """The structure of a page in short."""
    return [
        [kinds(column) for column in b.columns] if isinstance(b, Row) else type(b).__name__ for b in blocks
    ]


def all_words(element):
    return " ".join(element.itertext())


def test_the_first_page_is_the_persons_and_the_second_the_practitioners(drawn):
    first, second = drawn.pages
    words = ["Heading", "Words"]
    beside = [["Figure"], ["Figure"]]
    own = [["Figure", "Words"], ["Quotes"]]
    after = ["Heading", own, "Words", "Words"]
    assert kinds(first) == [*words, "Figure", "Words", beside, "Heading", "Table", *after]
    last = [["Heading", "Words"], ["Heading", "Facts"]]
    assert kinds(second) == ["Heading", "Table", "Words", "Heading", "Table", "Words", last]


def test_it_is_well_formed_and_balanced(made):
    root = ElementTree.fromstring(made.removeprefix("<!DOCTYPE html>\n"))
    assert [child.tag for child in root] == ["head", "body"]
    assert len(root.findall("body/section")) == 2
    assert all(svg.get("aria-label") for svg in root.iter("svg"))

    class Balanced(HTMLParser):
        def __init__(self):
            super().__init__()
            self.open = []

        def handle_starttag(self, tag, attrs):
            if tag != "meta":
                self.open.append(tag)

        def handle_endtag(self, tag):
            assert tag == "meta" or self.open.pop() == tag

    parser = Balanced()
    parser.feed(made)
    assert parser.open == []


def test_it_asks_nothing_of_any_network_and_runs_nothing(made):
    for asked in (
        "http",
        "//",
        "src=",
        "href=",
        "url(",
        "@import",
        "<script",
        "<link",
        "<iframe",
        "onload",
    ):
        assert asked not in made, asked


def test_no_word_of_it_judges_or_claims(made):
    allowed = [text("disclaimer.full"), WORDS]
    words = all_words(ElementTree.fromstring(made.removeprefix("<!DOCTYPE html>\n")).find("body"))
    for part in allowed:
        words = words.replace(part, "")
    assert re.findall(rf"\b(?:{'|'.join(BANNED)})\b", words, re.IGNORECASE) == []
    assert "LF/HF" not in words


def test_what_it_cannot_tell_always_stands_in_it(tmp_path, made):
    assert text("report.limits") in made
    assert text("report.limits") in html(report_of(tmp_path, [SessionEnded(0.0)]))


def test_own_words_and_circles_come_from_the_person_alone(drawn, made):
    assert "shoulders dropped, &lt;warm&gt; &amp; heavy hands" in made
    (row,) = [b for b in drawn.pages[0] if isinstance(b, Row) and isinstance(b.columns[1][0], Quotes)]
    circles = row.columns[0][0]
    assert isinstance(circles, Figure)
    said = re.findall(r">([^<>]* → [^<>]*)<", circles.svg)
    assert said == ["7 → 4", "5 → –", "2 → 6"]


def test_requirement_28_a_page_says_what_was_done_measured_and_said_and_what_it_cannot_tell(whole, drawn):
    """Minutes, clean data, swing with its error, pace, self-report and the fixed paragraph: on one page."""
    page = "\n".join(str(block) for block in drawn.pages[0])
    swing = whole.rhythm.swing
    lines = {
        "minutes": text("report.lasted", length="10:00"),
        "usable": text("report.percent", value=f"{100 * whole.rhythm.usable_share:.0f}"),
        "swing": f"{swing.swing_bpm:.1f} ± {swing.standard_error_bpm:.1f} beats/min",
        "pace": text("report.per_min", value="6.0"),
        "said before and after": "7 → 4",
        "own words": WORDS,
        "limits": text("report.limits"),
    }
    assert [name for name, words in lines.items() if words not in page] == []


def test_no_serial_number_stands_in_it(made):
    assert STRAP.split()[-1] not in made
    assert "Polar H10" in made


@pytest.mark.usefixtures("without_neurokit")
def test_sealed_words_stay_sealed(tmp_path):
    inputs = [
        *simulated(seconds=60)[:-1],
        Sealed(60.0, "letter", b"letterbox", b"dear me"),
        SessionEnded(60.0),
    ]
    made = html(report_of(tmp_path, inputs))
    assert text("report.sealed") in made
    assert "dear me" not in made
    assert "ZGVhciBtZQ" not in made


@pytest.mark.usefixtures("without_neurokit")
def test_nothing_of_imagery_is_measured_or_summed_up(tmp_path):
    image = [
        replace(e, step_kind="image") if isinstance(e, StepStarted) and e.step_kind == "steady" else e
        for e in simulated()
    ]
    found = findings(kept(tmp_path / "image.jsonl", image))
    step = next(s for s in found.steps if s.span.kind == "image")
    assert (step.heart_rate_bpm, step.usable_share, step.swing) == (None, None, None)
    assert found.rhythm is None or found.rhythm.end_s <= step.span.start_s
    made = document(found)
    assert text("report.unmeasured") in html(made)
    heart = re.findall(r'<polyline points="([^"]*)"[^>]*#74509E', made.pages[0][2].svg)
    places = [float(pair.split(",")[0]) for line in heart for pair in line.split()]
    start = 34 + 680 * step.span.start_s / 600
    end = 34 + 680 * step.span.end_s / 600
    assert not [x for x in places if start + 1 < x < end - 1]


def test_the_swing_on_the_page_is_the_swing_of_the_steady_breaths(whole, drawn):
    swing = whole.rhythm.swing
    assert (swing.slowest_per_min, whole.rhythm.name) == (pytest.approx(6.0), "rhythm")
    assert 13 < swing.swing_bpm < 15
    assert 0 < swing.standard_error_bpm < 1
    table = next(b for b in drawn.pages[0] if isinstance(b, Table))
    assert f"{swing.swing_bpm:.1f} ± {swing.standard_error_bpm:.1f} beats/min" in table.rows[1]


def test_a_pure_swing_of_twelve_peaks_at_twelve_in_the_spectrum():
    beats, time = [], 0.0
    while time < 240:
        rate = 66 + 6 * np.sin(2 * np.pi * time / 10)
        time += 60 / rate
        beats.append(Beat(time, 60000 / rate, Flaw.NONE, "rr"))
    paces, swing = curves.rhythm_spectrum(beats)
    assert paces[int(np.argmax(swing))] == pytest.approx(6.0, abs=0.15)
    assert swing.max() == pytest.approx(12.0, rel=0.05)


def test_thinning_keeps_the_highest_the_lowest_and_every_break():
    times = np.arange(10_000.0)
    values = np.sin(times)
    values[777], values[5000] = 40.0, np.nan
    thin_t, _ = curves.thinned(times, values, 500)
    assert thin_t.size <= 502
    assert 777 in thin_t and 5000 in thin_t
    assert np.all(np.diff(thin_t) > 0)


def test_our_measures_and_neurokits_stand_side_by_side(drawn):
    pytest.importorskip("neurokit2", reason="neurokit2 is not installed", exc_type=ImportError)
    table = [b for b in drawn.pages[1] if isinstance(b, Table)][1]
    rows = {row[0]: row[1:] for row in table.rows}
    for name in ("SDNN (ms)", "mean NN (ms)"):
        assert rows[name][2] == rows[name][3], name
    assert rows["LF power, 0.04–0.15 Hz (ms²)"][0] == "–"  # a minute and a half is too short to say


@pytest.mark.parametrize("lost_s", [0.0, 7.0], ids=["unbroken", "with a gap"])
def test_neurokits_nonlinear_measures_are_its_own_without_what_nobody_is_shown(monkeypatch, lost_s):
    nk = pytest.importorskip("neurokit2", reason="neurokit2 is not installed", exc_type=ImportError)
    rr = 900 + 40 * np.sin(np.arange(60) / 2) + np.random.default_rng(1).normal(0, 10, 60)
    times = np.cumsum(rr) / 1000 + np.where(np.arange(60) < 30, 0.0, lost_s)
    beats = [Beat(t, r, Flaw.NONE, "rr") for t, r in zip(times.tolist(), rr.tolist(), strict=True)]
    whole = nk.hrv_nonlinear

    def refused(*_, **__):
        raise AssertionError("minutes of entropies for an hour of beats")

    monkeypatch.setattr(nk, "hrv_nonlinear", refused)
    found = by_neurokit(beats)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = whole({"RRI": rr, "RRI_Time": times}, sampling_rate=1000).iloc[0]
    for measure in ("sd1_ms", "sd2_ms", "dfa_alpha1", "sample_entropy"):
        assert found[measure] == pytest.approx(theirs[OURS[measure]], rel=1e-12), measure


def test_a_neurokit_with_other_inner_parts_is_asked_for_everything(monkeypatch):
    nk = pytest.importorskip("neurokit2", reason="neurokit2 is not installed", exc_type=ImportError)
    beats = [Beat(0.9 * n, 900.0 + n % 7, Flaw.NONE, "rr") for n in range(30)]
    theirs = pytest.importorskip("pandas").DataFrame([{"HRV_SD1": 1.5, "HRV_SampEn": 0.5}])
    monkeypatch.setattr(nk, "hrv_nonlinear", lambda *_, **__: theirs)
    monkeypatch.delattr(sys.modules["neurokit2.hrv.hrv_nonlinear"], "_hrv_nonlinear_poincare")
    found = by_neurokit(beats)
    assert (found["sd1_ms"], found["sample_entropy"]) == (1.5, 0.5)


def test_the_pace_of_the_guide_is_told_without_a_single_clean_breath(tmp_path, whole):
    """Each step has its own guide's pace, whatever was measured: here a strap that sent nothing."""
    inputs = [event for event in simulated() if not isinstance(event, Notification)]
    made = report_of(tmp_path, inputs)
    steps = next(b for b in made.pages[1] if isinstance(b, Table))
    guided = [row[2] for row in steps.rows]
    assert guided == ["–", "–", "12.0 → 6.0", "6.0", "–", "–"]
    assert {row[4] for row in steps.rows} == {"–"}, "nothing else is known"
    unswung = replace(whole, rhythm=replace(whole.rhythm, swing=None), before=None)
    rows = {row[0]: row for row in next(b for b in document(unswung).pages[0] if isinstance(b, Table)).rows}
    assert rows[text("report.swing")][1] == "–"
    assert rows[text("report.pace")][1] == text("report.per_min", value="6.0")


def test_without_neurokit_the_column_says_so(whole, without_neurokit):
    made = html(document(whole))
    assert text("report.no_neurokit") in made


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ([SessionEnded(0.0)], text("report.nothing_recorded")),
        ([connected(), SessionEnded(600.0)], text("report.no_beats", length="10:00")),
        ([connected(), packet(2.0, [900]), SessionEnded(10.0)], text("report.few_beats", count=1)),
        (
            [connected(), *one_by_one([900] * 11), SessionEnded(10.0)],
            text("report.too_short", seconds="30"),
        ),
    ],
    ids=["nothing", "no beats", "one beat", "ten seconds"],
)
def test_a_recording_with_next_to_nothing_says_so_kindly(tmp_path, inputs, words):
    made = report_of(tmp_path, inputs)
    assert words in [block.words for block in made.pages[0] if isinstance(block, Words)]
    ElementTree.fromstring(html(made).removeprefix("<!DOCTYPE html>\n"))


@pytest.mark.usefixtures("without_neurokit")
def test_a_recording_without_a_practice_is_told_as_a_whole(tmp_path):
    ticks = (1024 * (0.9 + 0.05 * np.sin(np.arange(400) / 3))).astype(int).tolist()
    inputs = [connected(), *one_by_one(ticks), SessionEnded(365.0)]
    found = findings(kept(tmp_path / "whole.jsonl", inputs, made_by="import"))
    assert [s.name for s in found.stretches] == ["whole"]
    first = document(found).pages[0]
    assert isinstance(first[0], Heading) and first[0].words == text("report.title")
    assert len(next(b for b in first if isinstance(b, Table)).rows) == 2


@pytest.mark.usefixtures("without_neurokit")
def test_breath_is_told_where_it_was_measured_and_never_from_rr_alone(tmp_path, whole, made):
    found = findings(kept(tmp_path / "ecg.jsonl", simulated("ecg-practice", 330)))
    with_breath = document(found)
    rows = {row[0]: row for row in next(b for b in with_breath.pages[0] if isinstance(b, Table)).rows}
    assert found.rhythm.breath.source.startswith("rr+")
    assert found.rhythm.breath.breaths_per_min == pytest.approx(6.0, abs=1.0)
    assert text("report.breath") in rows
    assert text("report.axis_breath") in html(with_breath)
    assert [step.breath for step in whole.steps] == [None] * 6
    assert text("report.breath") not in made


@pytest.mark.usefixtures("without_neurokit")
def test_a_search_for_a_rhythm_is_shown_with_its_uncertainty_and_its_answer(tmp_path, monkeypatch):
    found = findings(kept(tmp_path / "search.jsonl", searched()))
    said = found.derived.swing_by_pace
    made = document(found)
    place, row = next((n, b) for n, b in enumerate(made.pages[0]) if isinstance(b, Row))
    (looked,), (rhythms,) = row.columns
    assert isinstance(looked, Figure) and looked.says == text("rhythm.picture_words")
    assert looked.svg.count("<circle") == len(said.seen_paces) >= 5
    assert rhythms.says == text("report.spectrum_caption", seconds="64")
    answer = answer_words(choose(said, found.story.felt), said)
    assert made.pages[0][place + 1] == Words(" ".join(answer))
    monkeypatch.setattr(figures.svg, "letters_that_fit", lambda *_: 0)
    legend = document(found).pages[0][3].words.split(" · ")
    assert len(legend) == 4 and legend[2].startswith("3-7 "), "steps with the same name stand together"


@pytest.mark.usefixtures("without_neurokit")
def test_breath_is_drawn_where_it_was_measured_without_a_guide(tmp_path):
    inputs = [e for e in simulated("ecg-practice", 330) if not isinstance(e, GuideShown | StepStarted)]
    made = html(document(findings(kept(tmp_path / "natural.jsonl", inputs))))
    assert text("report.axis_breath_alone") in made
    assert text("report.overview_caption_heart_breath") in made


def test_a_beat_that_slipped_through_does_not_flatten_the_curve():
    bpm = 70 + 5 * np.sin(np.arange(600) / 3)
    assert figures._limits(bpm) == (bpm.min(), bpm.max())
    bpm[300] = 170.0
    low, high = figures._limits(bpm)
    assert low == bpm.min() and high < 90


@pytest.mark.usefixtures("without_neurokit")
def test_doubtful_beats_are_listed_with_their_marks(tmp_path):
    found = findings(kept(tmp_path / "ectopic.jsonl", simulated("ectopic", 300)))
    made = html(document(found))
    early = found.flaws[Flaw.SHORT]
    assert early > 0
    assert f"<td>SHORT: {text('report.flaw.short')}</td><td>{early}</td>" in made


def test_the_same_recording_gives_the_same_report(whole, made):
    assert html(document(findings(whole.file))) == made


@pytest.mark.usefixtures("without_neurokit")
def test_a_recording_of_an_unknown_day_needs_no_date(tmp_path):
    found = findings(kept(tmp_path / "s.jsonl", simulated(seconds=40)))
    nameless = replace(found, header=Header())
    assert document(nameless).pages[0][1].words.startswith("00:40")
