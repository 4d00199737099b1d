"""A process with the real window in it, for `benchmarks.window`; prints what it measured as JSON."""

import json
import os
import resource
import sys
from itertools import pairwise
from pathlib import Path

from breathsync import settings
from breathsync.clock import stopwatch
from breathsync.screen import app as screen
from breathsync.screen.practice_window import PracticePage
from breathsync.session.players import DemoPlayer, ReplayPlayer
from breathsync.session.replay import RecordingReader
from breathsync.session.simulation import SCENARIOS

_HEAVY = {"neurokit2", "pandas", "matplotlib", "scipy", "sklearn"}


def _page(window: screen.Window) -> PracticePage:
    page = window.centralWidget()
    assert isinstance(page, PracticePage)
    return page


def first_frame(started: float) -> dict[str, float]:
    """Seconds from the start of the process to the first painted frame."""
    app = screen._application()
    window = screen.Window(settings.defaults(), returns_to_start=False)
    window.show_session(DemoPlayer(SCENARIOS["first-session"], 1, settings.defaults()))
    window.show()
    _page(window).draw_frame()
    window.grab()
    took = stopwatch() - started
    window.close()
    app.processEvents()
    return {"first_frame_s": took, "heavy": len(_HEAVY & set(sys.modules))}


def _replaying(file: str) -> screen.Window:
    window = screen.Window(settings.defaults(), returns_to_start=False)
    player = ReplayPlayer(RecordingReader(Path(file)), settings.defaults(), start=300.0)
    window.show_session(player)
    window.show()
    return window


def live(_started: float, file: str, seconds: str) -> dict[str, float]:
    """Frames and processor time while a session is shown at its own pace."""
    app = screen._application()
    window = _replaying(file)
    page = _page(window)
    drawn: list[float] = []
    draw = page.circle.paintEvent

    def timed(event: object) -> None:
        drawn.append(stopwatch())
        draw(event)  # type: ignore[arg-type]

    page.circle.paintEvent = timed  # type: ignore[method-assign, assignment]
    end = stopwatch() + 2.0
    while stopwatch() < end:
        app.processEvents()
    drawn.clear()
    cpu, start = sum(os.times()[:2]), stopwatch()
    from PySide6.QtCore import QTimer

    QTimer.singleShot(int(float(seconds) * 1000), app.quit)
    app.exec()
    took, cpu = stopwatch() - start, sum(os.times()[:2]) - cpu
    gaps = sorted(b - a for a, b in pairwise(drawn))
    window.close()
    return {
        "frames_per_s": len(drawn) / took,
        "frame_p99_ms": 1000 * gaps[int(0.99 * len(gaps))],
        "cpu_share": cpu / took,
    }


def frames(_started: float, file: str, count: str, before_it: str = "500") -> dict[str, float]:
    """Memory before and after so many frames."""
    app = screen._application()
    window = _replaying(file)
    page = _page(window)

    def draw(times: int) -> int:
        for _ in range(times):
            page.draw_frame()
            page.repaint()
            app.processEvents()
        return _resident()

    before = draw(int(before_it))
    after = draw(int(count))
    window.close()
    return {"memory_ratio": after / before}


def _resident() -> int:
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    job, started, *rest = sys.argv[1:]
    print(json.dumps(globals()[job](float(started), *rest)), flush=True)
    os._exit(0)
