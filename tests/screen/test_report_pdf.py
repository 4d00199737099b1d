"""The report as PDF: the same pages, set by Qt."""

import re

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


def test_columns_hold_every_kind_of_block(pdf):
    row = Row(((drawing(), Words("said", "quiet")), (Quotes((("1 · 02:00", "warm <hands>"),)),)), (1, 2))
    assert pdf(Document("row", "en", ((row, Words("cannot tell", "limits")),))).startswith(b"%PDF")
