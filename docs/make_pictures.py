"""Makes the pictures of the documentation: `uv run python docs/make_pictures.py`."""

import os
import sys
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from breathsync import settings
from breathsync.practice import practice_file
from breathsync.screen import app as screen
from breathsync.screen.practice_window import PracticePage
from breathsync.session import simulation
from breathsync.session.sitting import Listener, Sitting

PICTURES = Path(__file__).parent / "pictures"


class StillPlayer:
    """A session that has come to one moment and stays there."""

    recording = None
    participant = None
    length_s = practice_file.shipped().length_s

    def __init__(self, scenario: str, moment: float) -> None:
        self._scenario, self._moment = simulation.scenario_named(scenario), moment

    def now(self) -> float:
        """The moment."""
        return self._moment

    async def run(self, listeners: list[Listener]) -> None:
        """Come to the moment at once."""
        from breathsync.session.pipeline import pipeline

        sitting = Sitting(pipeline(), listeners)
        simulation.simulate(self._scenario, 1, sitting, None, self._moment)

    def wish(self, wish: object, words: str = "") -> None:
        """Nothing can be wished of a picture."""


def picture(
    name: str, scenario: str, moment: float, theme: str = "dusk", size: tuple[int, int] = (1280, 800)
) -> None:
    """One moment of a simulated session."""
    app = screen._application()
    chosen = replace(settings.defaults(), theme=theme)
    window = screen.Window(chosen, returns_to_start=False)
    window._session_ended = lambda: None  # type: ignore[method-assign]
    window.show_session(StillPlayer(scenario, moment))  # type: ignore[arg-type]
    window.resize(*size)
    window.show()
    page = window.centralWidget()
    assert isinstance(page, PracticePage)
    page._bridge._thread.join()
    for _ in range(40):
        page.draw_frame()
        app.processEvents()
    window.grab().save(str(PICTURES / f"{name}.png"))
    window.close()


if __name__ == "__main__":
    picture("practice", "steady-practice", 421.0)
    picture("practice-linen", "steady-practice", 141.0, "linen")
    sys.stdout.write(f"{PICTURES}\n")
    os._exit(0)
