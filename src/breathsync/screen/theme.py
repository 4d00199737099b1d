"""Colours and type: dusk, and its light sister linen. No red, no green for good; one accent at a time."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QWidget

# Sizes in a window of 800 pixels height; all grow with it. What leads a person is legible from five metres:
# numerals of 1/15 of the height, words of 1/30; the rest keeps the 8H rule of projected text, 1/50.
NUMERAL, LEAD, FINE = 54, 27, 16

FAMILIES = ["Inter", "Segoe UI", "Helvetica Neue", "DejaVu Sans", "sans-serif"]


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colours, each named for what it shows."""

    name: str
    ground: str
    panel: str
    lines: str
    text: str
    quiet: str
    breath: str
    heart: str
    now: str
    measured: str
    on_breath: str  # words in the middle of the circle

    def color(self, name: str, alpha: float = 1.0) -> QColor:
        """The colour called `name`, let through by `alpha`."""
        color = QColor(getattr(self, name))
        color.setAlphaF(alpha)
        return color


DUSK = Theme(
    name="dusk",
    ground="#14202B",
    panel="#1B2A37",
    lines="#2B3E4E",
    text="#E9EEF1",
    quiet="#9DB0BD",
    breath="#74C7B8",
    heart="#C9A7E8",
    now="#F0CF9A",
    measured="#8DB9F0",
    on_breath="#14202B",
)
LINEN = Theme(
    name="linen",
    ground="#F6F1E8",
    panel="#EDE5D7",
    lines="#D6CAB6",
    text="#26323A",
    quiet="#55636C",
    breath="#2F7B6E",
    heart="#74509E",
    now="#8A5A12",
    measured="#2B639C",
    on_breath="#FFFDF8",
)
THEMES = {theme.name: theme for theme in (DUSK, LINEN)}


def font(pixels: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """A font of so many pixels height."""
    made = QFont(FAMILIES)
    made.setPixelSize(max(8, round(pixels)))
    made.setWeight(weight)
    return made


def set_font(widget: QWidget, pixels: float, weight: QFont.Weight = QFont.Weight.Normal) -> None:
    """Give a widget a font of so many pixels in a window of the usual size; `rescale` adapts it."""
    widget.setProperty("pixels", pixels)
    widget.setProperty("weight", weight.value)
    widget.setFont(font(pixels, weight))


def rescale(page: QWidget, scale: float) -> None:
    """Make the words of a page larger or smaller with its window."""
    for widget in page.findChildren(QWidget):
        pixels = widget.property("pixels")
        if pixels is not None:
            widget.setFont(font(max(10.0, pixels * scale), QFont.Weight(widget.property("weight"))))


_SMALLEST, _LARGEST = 0.74, 2.4


def scale_of(page: QWidget) -> float:
    """How much larger than usual (1280x800) a page is, within what stays readable."""
    return min(max(_SMALLEST, min(page.width() / 1280, page.height() / 800)), _LARGEST)


def palette(theme: Theme) -> QPalette:
    """The same colours for what Qt draws by itself: ticks, text cursors, selections."""
    made = QPalette()
    role = QPalette.ColorRole
    roles = {
        "ground": (role.Window,),
        "panel": (role.Base, role.Button, role.AlternateBase),
        "text": (role.WindowText, role.Text, role.ButtonText),
        "quiet": (role.PlaceholderText,),
        "now": (role.Highlight, role.Accent),
        "on_breath": (role.HighlightedText,),
    }
    for color, named in roles.items():
        for one in named:
            made.setColor(one, theme.color(color))
    return made


def paints_all(widget: QWidget, *, alone: bool = True) -> None:
    """It fills all of its room: what lies behind is left alone. To be called once it is shown.

    A style sheet takes the attribute away when it polishes a widget, before the first showing. What fades
    with its parent is not `alone`: Qt would paint it at once and unfaded.
    """
    widget.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, alone)


def style_sheet(theme: Theme) -> str:
    """How plain widgets look."""
    return f"""
        QWidget {{ background: transparent; color: {theme.text}; }}
        QWidget#ground {{ background: {theme.ground}; }}
        QWidget#panel {{ background: {theme.panel}; border-radius: 14px; }}
        QWidget#bar {{ background: {theme.panel}; }}
        QWidget#bar QPushButton {{ color: {theme.quiet}; }}
        QWidget#bar QPushButton:hover, QWidget#bar QPushButton:focus {{ color: {theme.text}; }}
        QLabel#quiet {{ color: {theme.quiet}; }}
        QLabel#cue {{ color: {theme.now}; }}
        QPushButton {{ border: 1px solid transparent; border-radius: 8px; padding: 5px 10px;
                       color: {theme.text}; }}
        QPushButton:hover {{ background: {theme.lines}; }}
        QPushButton:focus {{ border-color: {theme.now}; outline: none; }}
        QPushButton#large {{ background: {theme.panel}; border-radius: 14px; padding: 18px 28px;
                             text-align: left; }}
        QPushButton:disabled {{ color: {theme.quiet}; }}
        QPushButton#large:hover {{ background: {theme.lines}; }}
        QPushButton#large:focus {{ border-color: {theme.now}; }}
        QScrollBar:vertical {{ background: transparent; width: 10px; }}
        QScrollBar::handle:vertical {{ background: {theme.lines}; border-radius: 5px; min-height: 40px; }}
        QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; }}
        QPlainTextEdit {{ background: {theme.panel}; border: 1px solid {theme.quiet}; border-radius: 14px;
                          padding: 12px; color: {theme.text}; }}
        QPlainTextEdit:focus {{ border-color: {theme.now}; }}
        QLineEdit {{ background: {theme.ground}; border: 1px solid {theme.quiet}; border-radius: 8px;
                     padding: 6px 10px; color: {theme.text}; placeholder-text-color: {theme.quiet}; }}
        QLineEdit:focus {{ border-color: {theme.now}; }}
        QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {theme.lines}; }}
        QSlider::sub-page:horizontal {{ height: 4px; border-radius: 2px; background: {theme.quiet}; }}
        QSlider::handle:horizontal {{ width: 14px; margin: -5px 0; border-radius: 7px;
                                      background: {theme.now}; }}
        QListWidget {{ border: none; outline: none; color: {theme.text}; }}
        QListWidget::item {{ padding: 4px 2px; border-radius: 6px; }}
        QListWidget::item:selected {{ background: {theme.lines}; color: {theme.text}; }}
        QComboBox {{ border: 1px solid {theme.lines}; border-radius: 8px; padding: 4px 10px;
                     color: {theme.text}; background: {theme.panel}; }}
        QComboBox::drop-down {{ border: none; width: 26px; }}
        QComboBox:focus {{ border-color: {theme.now}; }}
        QComboBox QAbstractItemView {{ background: {theme.panel}; color: {theme.text};
                                       selection-background-color: {theme.lines};
                                       selection-color: {theme.text}; }}
    """
