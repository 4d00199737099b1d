"""The report as PDF: the same pages, set by Qt."""

import re
from bisect import bisect_left

import pytest

from breathsync.session.report.document import Document, Figure, Heading, Quotes, Row, Table, Words
from breathsync.session.report.svg import Canvas


@pytest.fixture
def pdf(qapp):
    from breathsync.screen.report_pdf import pdf

    return pdf


def drawing():
    canvas = Canvas(200, 100)
    canvas.bent([(0, 50), (100, 10), (200, 60)], "#74509E")
    return Figure(canvas.svg("a curve"), 200, 100, "a curve", "its caption")


def test_each_page_begins_a_sheet(pdf):
    page = (Heading("A session", 1), drawing(), Table(("a", "b"), (("1", "2"),), (1,)))
    data = pdf(Document("A session", "en", (page, page)))
    assert data.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", data)) == 2


def test_what_does_not_fit_goes_on_to_another_sheet(pdf):
    many = tuple(Words("Somebody wrote a great deal here. " * 20) for _ in range(30))
    assert len(re.findall(rb"/Type\s*/Page\b", pdf(Document("long", "en", (many,))))) >= 2


def test_a_line_too_many_makes_a_page_smaller_and_no_sheet_for_itself(pdf, monkeypatch):
    from breathsync.screen import report_pdf

    def needs_two(count):
        lines = tuple(Words(f"line {number}") for number in range(count))
        return len(re.findall(rb"/Type\s*/Page\b", pdf(Document("long", "en", (lines,))))) > 1

    fits = bisect_left(range(90), True, key=needs_two)
    monkeypatch.setattr(report_pdf, "_SMALLEST", 1.0)
    assert 30 < bisect_left(range(90), True, key=needs_two) < fits


def test_columns_hold_every_kind_of_block(pdf):
    row = Row(((drawing(), Words("said", "quiet")), (Quotes((("1 · 02:00", "warm <hands>"),)),)), (1, 2))
    assert pdf(Document("row", "en", ((row, Words("cannot tell", "limits")),))).startswith(b"%PDF")
