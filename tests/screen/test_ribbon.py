"""How the ribbon draws the guide: its past is filled up to the line that is now, at any moment."""

import numpy as np
import pytest

pytest.importorskip("PySide6.QtWidgets", reason="Qt cannot be imported", exc_type=ImportError)

from breathsync.events import GuideShown, PaceChanged
from breathsync.screen.curves import NOTHING, PAST_S, RibbonCurves
from breathsync.screen.polygons import polygon
from breathsync.screen.ribbon import Ribbon, _Waves
from breathsync.screen.state import ScreenModel
from breathsync.screen.theme import DUSK

NO_WAVE = np.empty(0), np.empty(0)


@pytest.mark.parametrize("now", [62.1, 62.13, 62.24, 62.2499])
def test_the_past_of_the_guide_is_filled_up_to_now(qapp, now):
    model = ScreenModel()
    model.push(0.0, PaceChanged(0.0, 10.0))
    model.push(0.0, GuideShown(0.0, shown=True))
    ribbon = Ribbon(DUSK, RibbonCurves(model))
    ribbon.draw(now, [], guide_visible=1.0)
    (times, wave), (coming, _) = ribbon._waves._past, ribbon._waves._coming
    assert wave[0] == wave[-1] == NOTHING
    assert times[0] == pytest.approx(-PAST_S, abs=0.2)
    assert times[-2] == times[-1] == 0.0
    assert wave[-2] == pytest.approx((1 - np.cos(2 * np.pi * now / 10)) / 2, abs=1e-3)
    assert 0 < coming[0] <= 0.15


def test_the_heart_is_drawn_in_pieces_and_none_where_beats_are_missing(qapp):
    waves = _Waves(DUSK)
    waves.resize(400, 116)
    times, levels = np.array([-30.0, -20.0, -10.0, 0.0, 10.0]), np.array([0.0, 1.0, np.nan, 1.0, 0.5])
    waves.show_waves(
        past=NO_WAVE, coming=NO_WAVE, coming_visible=1.0, heart=(times, levels), marks=[-5.0, -4.0]
    )
    first, second = [[line.x1(), line.y1(), line.x2(), line.y2()] for line in waves._heart_lines()]
    assert first == pytest.approx([0, 108, 100, 8])
    assert second == pytest.approx([300, 8, 400, 58])
    assert not waves.grab().isNull()


def test_marked_moments_and_now_are_seen(qapp):
    waves = _Waves(DUSK)
    waves.resize(400, 116)
    waves.show_waves(past=NO_WAVE, coming=NO_WAVE, coming_visible=1.0, heart=NO_WAVE, marks=[-20.0])
    picture = waves.grab().toImage()
    assert picture.pixelColor(100, 8) == DUSK.color("now")  # the mark, a quarter across
    assert picture.pixelColor(100, 60) == DUSK.color("panel")
    here = picture.pixelColor(300, 60)
    assert here.red() > DUSK.color("panel").red() + 60


def test_a_polygon_has_the_points_of_its_arrays(qapp):
    made = polygon(np.array([1.0, 2.5]), np.array([-3.0, 4.0]))
    assert [(point.x(), point.y()) for point in made] == [(1.0, -3.0), (2.5, 4.0)]
    assert polygon(np.empty(0), np.empty(0)).isEmpty()


def test_it_is_painted_anew_when_it_has_moved_by_a_pixel_or_something_else_has_changed(qapp):
    ribbon = Ribbon(DUSK, RibbonCurves(ScreenModel()))
    ribbon._waves.resize(400, 116)  # a pixel in a tenth of a second
    drawn = []
    ribbon._waves.show_waves = lambda **_waves: drawn.append(True)

    def frame(now, marks=(), guide_visible=1.0):
        drawn.clear()
        ribbon.draw(now, marks, guide_visible=guide_visible)
        return bool(drawn)

    assert frame(10.0)
    assert not frame(10.05) and frame(10.1)
    assert not frame(10.12) and frame(10.12, marks=(10.11,))
    assert frame(10.13, (10.11,), guide_visible=0.98)
    assert not frame(10.13, (10.11,), guide_visible=0.98)
    assert frame(3.0, (10.11,), guide_visible=0.98)  # another moment of a replay
