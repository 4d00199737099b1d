"""The document of a report as PDF: the same blocks as in HTML, set by Qt, drawings as vectors."""

import sys
from collections.abc import Sequence
from html import escape
from typing import Protocol

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QLocale, QMarginsF, QRectF
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextDocument,
)
from PySide6.QtSvg import QSvgRenderer

from breathsync.screen.available import has_display
from breathsync.screen.theme import FAMILIES
from breathsync.session.report import svg
from breathsync.session.report.document import (
    Block,
    Document,
    Facts,
    Figure,
    Heading,
    Quotes,
    Row,
    Table,
    Words,
)

_DPI = 288
_MM = _DPI / 25.4
_MARGINS_MM = 14.0, 11.0
_SIZES = {1: 20, 2: 12, 3: 10.5}
_SMALLEST = 0.86


def pdf(document: Document) -> bytes:
    """The document as a PDF file: A4, or Letter where inches are at home."""
    app = _application()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(document.title)
    writer.setCreator("BreathSync")
    writer.setResolution(_DPI)
    writer.setPageLayout(_page())
    painter = QPainter(writer)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _Press(painter, writer).set(document)
    painter.end()
    del app
    return bytes(buffer.data().data())


def _application() -> QGuiApplication:
    """Fonts need an application; where there is no display it works without one."""
    there = QGuiApplication.instance()
    if isinstance(there, QGuiApplication):
        return there
    return QGuiApplication(sys.argv[:1] if has_display() else [*sys.argv[:1], "-platform", "offscreen"])


def _page() -> QPageLayout:
    inches = QLocale.system().measurementSystem() == QLocale.MeasurementSystem.ImperialUSSystem
    size = QPageSize(QPageSize.PageSizeId.Letter if inches else QPageSize.PageSizeId.A4)
    margins = QMarginsF(*_MARGINS_MM, *_MARGINS_MM)
    return QPageLayout(size, QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter)


class _Piece(Protocol):
    """Something set into a width: it knows its height and where to draw itself."""

    height: float

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        """Draw it with its upper left corner there."""


class _Press:
    """Lays pieces below each other, on a new sheet where one does not fit."""

    def __init__(self, painter: QPainter, writer: QPdfWriter) -> None:
        self._painter, self._writer = painter, writer
        self._width, self._height = float(writer.width()), float(writer.height())

    def set(self, document: Document) -> None:
        """Set all pages."""
        for number, page in enumerate(document.pages):
            if number:
                self._writer.newPage()
            pieces = [_set(block, self._width, self._writer) for block in page]
            scale = self._height / max(self._height, sum(piece.height for piece in pieces))
            self._lay(pieces, scale if scale >= _SMALLEST else 1.0)

    def _lay(self, pieces: Sequence[_Piece], scale: float) -> None:
        """Lay pieces below each other, smaller where a line or two would need a sheet of their own."""
        self._painter.save()
        self._painter.scale(scale, scale)
        x, room = self._width * (1 / scale - 1) / 2, self._height / scale
        y = 0.0
        for piece in pieces:
            if y and y + piece.height > room + 1:
                self._writer.newPage()
                y = 0.0
            piece.draw(self._painter, x, y)
            y += piece.height
        self._painter.restore()


def _set(block: Block, width: float, device: QPdfWriter) -> _Piece:
    match block:
        case Figure():
            return _Drawing(block, width, device)
        case Row():
            return _Columns(block, width, device)
        case Words(words, "limits"):
            return _SetApart(_words(escape(words), 8.5, width - 8 * _MM, device), width)
        case Heading(_, level):
            return _Spaced(_Text(_as_html(block), width, device), 0.0 if level == 1 else 2.5, 0.6)
        case Words(_, "lead"):
            return _Spaced(_Text(_as_html(block), width, device), 0.4, 3.0)
        case _:
            return _Spaced(_Text(_as_html(block), width, device), 0.4, 1.0)


class _Spaced:
    """A piece with so many millimetres above and below."""

    def __init__(self, piece: "_Text", above_mm: float, below_mm: float) -> None:
        self._piece, self._above = piece, above_mm * _MM
        self.height = piece.height + self._above + below_mm * _MM

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        """Draw it."""
        self._piece.draw(painter, x, y + self._above)


class _Text:
    """Words or a table, set by Qt's rich text."""

    def __init__(self, html: str, width: float, device: QPdfWriter) -> None:
        self._text = QTextDocument()
        self._text.documentLayout().setPaintDevice(device)
        self._text.setDocumentMargin(0)
        self._text.setDefaultStyleSheet(f"* {{ color: {svg.INK}; }}")
        font = self._text.defaultFont()
        font.setFamilies(FAMILIES)
        font.setPointSizeF(9.5)
        self._text.setDefaultFont(font)
        self._text.setHtml(html)
        self._text.setTextWidth(width)
        self.height = self._text.size().height()

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        """Draw it."""
        painter.save()
        painter.translate(x, y)
        self._text.drawContents(painter)
        painter.restore()


def _words(html: str, points: float, width: float, device: QPdfWriter, color: str = svg.INK) -> _Text:
    return _Text(f'<div style="font-size:{points}pt; color:{color}">{html}</div>', width, device)


class _Drawing:
    """A figure over its caption."""

    def __init__(self, figure: Figure, width: float, device: QPdfWriter) -> None:
        data = figure.svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
        self._drawing = QSvgRenderer(QByteArray(data.encode()))
        self._width, self._drawn = width, width * figure.height / figure.width
        self._caption = (
            _words(escape(figure.caption), 8, width, device, svg.QUIET) if figure.caption else None
        )
        below = self._caption.height + _MM if self._caption else 0.0
        self.height = self._drawn + below + _MM

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        """Draw it."""
        self._drawing.render(painter, QRectF(x, y, self._width, self._drawn))
        if self._caption is not None:
            self._caption.draw(painter, x, y + self._drawn + _MM)


class _SetApart:
    """Words with a bar beside them."""

    def __init__(self, words: _Text, width: float) -> None:
        self._words, self._width = words, width
        self.height = words.height + 7 * _MM

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        """Draw them."""
        tall = self._words.height + 4 * _MM
        painter.fillRect(QRectF(x, y + 2.5 * _MM, self._width, tall), QColor("#F6F1E8"))
        painter.fillRect(QRectF(x, y + 2.5 * _MM, _MM, tall), QColor(svg.NOW))
        self._words.draw(painter, x + 4 * _MM, y + 4.5 * _MM)


class _Columns:
    """Pieces beside each other."""

    def __init__(self, row: Row, width: float, device: QPdfWriter) -> None:
        gap = 5 * _MM
        room = width - gap * (len(row.columns) - 1)
        widths = [room * share / sum(row.shares) for share in row.shares]
        self._columns: list[tuple[float, list[_Piece]]] = []
        x = 0.0
        for blocks, wide in zip(row.columns, widths, strict=True):
            self._columns.append((x, [_set(block, wide, device) for block in blocks]))
            x += wide + gap
        self.height = max((sum(p.height for p in pieces) for _, pieces in self._columns), default=0.0)

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        """Draw them."""
        for left, pieces in self._columns:
            top = y
            for piece in pieces:
                piece.draw(painter, x + left, top)
                top += piece.height


# --- blocks as the rich text that Qt understands ---


def _as_html(block: Block) -> str:
    match block:
        case Heading(words, level):
            return _paragraph(words, f"font-size:{_SIZES[level]}pt; font-weight:600")
        case Words(words, "lead"):
            return _paragraph(words, f"color:{svg.QUIET}")
        case Words(words, "quiet"):
            return _paragraph(words, f"color:{svg.QUIET}; font-size:8pt")
        case Words(words):
            return _paragraph(words, "")
        case Quotes(rows):
            said = (
                f'<span style="color:{svg.NOW}; font-size:8pt">{escape(when)}</span>&nbsp; {escape(words)}'
                for when, words in rows
            )
            return "".join(f'<p style="margin-top:0; margin-bottom:5px">{line}</p>' for line in said)
        case Facts(rows):
            return _table((), rows, (1,))
        case Table(head, rows, numbers):
            return _table(head, rows, numbers)
        case _:
            raise TypeError(block)


def _room_for_name(name: str) -> int:
    """Letters in the longest line of a column's name, which may wrap between words."""
    return max([len(name) * 3 // 5, *(len(word) + 2 for word in name.split())])


def _paragraph(words: str, style: str) -> str:
    return f'<p style="margin-top:0; margin-bottom:0; {style}">{escape(words)}</p>'


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], numbers: tuple[int, ...]) -> str:
    """A table whose columns are as wide as their longest words ask for: Qt would make all alike."""
    named = [tuple(_room_for_name(name) for name in head)] if head else []
    columns = zip(*named, *(tuple(map(len, row)) for row in rows), strict=True)
    asked = [max(4, *column) + 3 for column in columns]
    widths = [round(100 * wide / sum(asked)) for wide in asked]

    def line(cells: Sequence[str], style: str, *, wraps: bool) -> str:
        inside = ""
        for place, (words, width) in enumerate(zip(cells, widths, strict=True)):
            number = place in numbers
            after = place > 0 and not number and place - 1 in numbers
            before = 24 if after else 10 if number and head else 0
            room = f"padding:4px {0 if number else 6}px 4px {before}px"
            look = f"border-bottom:1px solid {svg.LINES}; {room}; {style}"
            look += "; white-space:nowrap" if number and not wraps else ""
            side = "right" if number else "left"
            inside += f'<td width="{width}%" align="{side}" style="{look}">{escape(words)}</td>'
        return f"<tr>{inside}</tr>"

    top = line(head, f"color:{svg.QUIET}; font-size:8pt", wraps=True) if head else ""
    body = "".join(line(cells, "font-size:8.5pt", wraps=False) for cells in rows)
    look = 'width="100%" cellspacing="0" cellpadding="0" style="border-collapse:collapse"'
    return f"<table {look}>{top}{body}</table>"
