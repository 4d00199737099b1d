"""A process with the review window in it, for `benchmarks.review`; prints what it measured as JSON."""

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from breathsync import settings
from breathsync.clock import stopwatch
from breathsync.screen import app as screen
from breathsync.screen.review.page import ReviewPage


def _opened(file: str) -> tuple[screen.Window, ReviewPage]:
    app = screen._application()
    window = screen.Window(settings.defaults(), returns_to_start=False)
    window.show_review(Path(file))
    window.resize(1600, 900)
    window.show()
    app.processEvents()
    window.grab()
    page = window.centralWidget()
    assert isinstance(page, ReviewPage)
    return window, page


def opened(started: float, file: str) -> dict[str, float]:
    """Seconds from the start of the process until the whole session is on the screen."""
    _, page = _opened(file)
    took = stopwatch() - started
    page.close_down()
    return {"opened_s": took, "derived": float(page.model.derived is not None)}


def derived(_started: float, file: str) -> dict[str, float]:
    """Seconds until every measure is there."""
    start = stopwatch()
    _, page = _opened(file)
    assert page.deriving.wait()
    screen._application().processEvents()
    assert page.model.derived is not None
    return {"derived_s": stopwatch() - start}


def _frames(page: ReviewPage, count: int, change: Callable[[int], None]) -> list[float]:
    """Seconds of each frame: a change, everything shown anew, painted."""
    app, took = screen._application(), []
    for k in range(count):
        start = stopwatch()
        change(k)
        page.refresh()
        page.canvas.repaint()
        page.strip.repaint()
        app.processEvents()
        took.append(stopwatch() - start)
    return took


def moved(_started: float, file: str, count: str) -> dict[str, float]:
    """Frames a second while scrubbing (at three widths of view) and zooming."""
    _, page = _opened(file)
    assert page.model.derived is not None
    frames, model = int(count), page.model

    def scrub(k: int) -> None:
        model.move(model.view.lasts * 0.01)
        model.point(model.view.start + model.view.lasts / 2 + k * 0.001)

    took = []
    for lasts in (60.0, 1200.0, 4 * 3600.0):
        model.look(0.0, lasts)
        took += _frames(page, frames, scrub)
    model.look(0.0, model.length_s)
    zoomed = _frames(page, frames, lambda k: model.zoom(0.9 if k % 100 < 50 else 1 / 0.9, around=300.0))
    took.sort()
    return {
        "scrub_fps": len(took) / sum(took),
        "scrub_p95_fps": 1 / took[int(0.95 * len(took))],
        "zoom_fps": len(zoomed) / sum(zoomed),
        "meanwhile_fps": _meanwhile(file, frames),
    }


def _meanwhile(file: str, frames: int) -> float:
    """The same while another process derives: the second of a copy that nobody has seen."""
    copy = Path(file).with_name("unseen.jsonl")
    shutil.copy(file, copy)
    with copy.open("ab") as out:
        out.write(b"\n{}\n")  # another content, the same session
    _, page = _opened(str(copy))
    model = page.model
    model.look(0.0, 1200.0)
    took = _frames(page, frames, lambda _k: model.move(12.0))
    page.close_down()
    return len(took) / sum(took)


if __name__ == "__main__":
    job, started, *rest = sys.argv[1:]
    print(json.dumps(globals()[job](float(started), *rest)), flush=True)
    os._exit(0)
