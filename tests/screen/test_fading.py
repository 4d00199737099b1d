"""What fades with its parent leaves nothing of itself on the screen."""

import numpy as np
import pytest

pytest.importorskip("PySide6.QtWidgets", reason="Qt cannot be imported", exc_type=ImportError)

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget

from breathsync.screen.cards import Cards
from breathsync.screen.curves import RibbonCurves
from breathsync.screen.ribbon import Ribbon
from breathsync.screen.state import ScreenModel
from breathsync.screen.theme import LINEN, style_sheet


def cards_gone():
    cards = Cards(LINEN, ScreenModel())
    return cards, lambda: (cards._fade.setOpacity(0.0), cards._fade.setEnabled(True))


def ribbon_gone():
    ribbon = Ribbon(LINEN, RibbonCurves(ScreenModel()))
    return ribbon, lambda: ribbon.show_share(1e-6, heart=True)


def on_screen(widget):
    image = widget.screen().grabWindow(widget.winId()).toImage().convertToFormat(QImage.Format.Format_RGB32)
    bits = np.frombuffer(image.constBits(), np.uint8).copy()  # the image is gone soon
    return bits.reshape(image.height(), image.width(), 4)[..., 2::-1]


@pytest.mark.parametrize("made", [cards_gone, ribbon_gone])
def test_what_is_gone_leaves_the_ground(qapp, made):
    ground = QWidget()
    ground.setObjectName("ground")
    ground.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    ground.setStyleSheet(style_sheet(LINEN))
    widget, go = made()
    QVBoxLayout(ground).addWidget(widget)
    ground.resize(420, 600)
    ground.show()
    qapp.processEvents()
    bare = LINEN.color("ground").getRgb()[:3]
    assert (on_screen(ground) != bare).any()
    go()
    qapp.processEvents()
    assert (on_screen(ground) == bare).all()
    ground.close()
