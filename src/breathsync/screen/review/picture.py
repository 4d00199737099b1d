"""A picture of what is looked at, to be kept: PNG or SVG."""

from pathlib import Path

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from breathsync.errors import OutputFileError
from breathsync.screen.review.model import ReviewModel, View
from breathsync.screen.review.painting import SessionPainter
from breathsync.screen.theme import Theme

_SIZE = QSize(1600, 700)
_SHARPER = 2


def save_picture(file: Path, model: ReviewModel, theme: Theme, view: View) -> None:
    """Write it. OutputFileError where that cannot be."""
    if file.suffix.lower() == ".svg":
        written = _svg(file, model, theme, view)
    else:
        written = _image(model, theme, view).save(str(file))
    if not written:
        raise OutputFileError("cannot_write", file=file, problem=file.suffix or file.parent)


def _paint(painter: QPainter, model: ReviewModel, theme: Theme, view: View) -> None:
    whole = QRectF(0, 0, _SIZE.width(), _SIZE.height())
    painter.fillRect(whole, QColor(theme.panel))
    SessionPainter(painter, whole.adjusted(12, 12, -12, -8), model, theme, view).whole()
    painter.end()


def _image(model: ReviewModel, theme: Theme, view: View) -> QImage:
    image = QImage(_SIZE * _SHARPER, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_SHARPER)
    _paint(QPainter(image), model, theme, view)
    return image


def _svg(file: Path, model: ReviewModel, theme: Theme, view: View) -> bool:
    generator = QSvgGenerator()
    generator.setFileName(str(file))
    generator.setSize(_SIZE)
    generator.setViewBox(QRectF(0, 0, _SIZE.width(), _SIZE.height()))
    painter = QPainter()
    if not painter.begin(generator):
        return False
    _paint(painter, model, theme, view)
    return True
