"""How the ribbon draws the guide: its past is filled up to the line that is now, at any moment."""

import numpy as np
import pytest

pytest.importorskip("PySide6.QtWidgets", reason="Qt cannot be imported", exc_type=ImportError)

from breathsync.events import GuideShown, PaceChanged
from breathsync.screen.curves import NOTHING, PAST_S, RibbonCurves
from breathsync.screen.ribbon import Ribbon
from breathsync.screen.state import ScreenModel
from breathsync.screen.theme import DUSK


@pytest.mark.parametrize("now", [62.1, 62.13, 62.24, 62.2499])
def test_the_past_of_the_guide_is_filled_up_to_now(qapp, now):
    model = ScreenModel()
    model.push(0.0, PaceChanged(0.0, 10.0))
    model.push(0.0, GuideShown(0.0, shown=True))
    ribbon = Ribbon(DUSK, RibbonCurves(model))
    ribbon.draw(now, [], guide_visible=1.0)
    past, future = ribbon._guide._past, ribbon._guide._future
    corners = [past.elementAt(n) for n in range(past.elementCount())]
    assert corners[0].y == corners[-1].y == NOTHING
    assert corners[0].x == pytest.approx(-PAST_S, abs=0.2)
    assert (corners[-2].x, corners[-1].x) == (0.0, 0.0)
    assert corners[-2].y == pytest.approx((1 - np.cos(2 * np.pi * now / 10)) / 2, abs=1e-3)
    assert 0 < future.elementAt(0).x <= 0.15
