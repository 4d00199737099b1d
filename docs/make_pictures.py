"""Makes the pictures of the documentation: `uv run python docs/make_pictures.py`.

Every step of a session in both themes, at 1280x800, at 1920x1080, and at 200 % scale, the practitioner's
window too, and the pages around in every language, into `docs/pictures/steps`; and what the README shows.
`--quick` makes that alone.
"""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QWidget

from breathsync import settings, wording
from breathsync.events import CheckedIn
from breathsync.practice.checkin import Moment
from breathsync.practice.conductor import Choices, Conductor, Wish
from breathsync.practice.practice_file import shipped
from breathsync.practice.safety import Profile
from breathsync.screen import app as screen
from breathsync.screen.bridge import SessionBridge
from breathsync.screen.checkin_page import CheckInPage
from breathsync.screen.consent_page import ConsentPage, SeeAlongPage
from breathsync.screen.kept_pages import KeptPage, SurePage
from breathsync.screen.pages import EndPage
from breathsync.screen.practice_pages import BeforePage, PracticesPage, TapPage
from breathsync.screen.practice_window import PracticePage
from breathsync.screen.practitioner.window import PractitionerWindow
from breathsync.screen.theme import THEMES, palette
from breathsync.screen.writing_page import WritingPage
from breathsync.session import simulation
from breathsync.session.live import LiveSession
from breathsync.session.pipeline import pipeline
from breathsync.session.plan import Plan, steps_of
from breathsync.session.sitting import Listener, Sitting

PICTURES = Path(__file__).parent / "pictures"
STEPS = PICTURES / "steps"
SCENARIO = "steady-practice"
MARKS = {128.0: "coughed or sighed", 275.0: "shoulders dropped", 412.0: ""}  # a practitioner's, with words
QUIET, NUMBERS = Choices(numbers=False), Choices()

# name -> practice, session second, choices, shape of the guide, is there a strap, a wish just before
MOMENTS = {
    "1-arriving": ("soothing-rhythm", 20.0, QUIET, "circle", True, None),
    "2-noticing": ("soothing-rhythm", 80.0, QUIET, "circle", True, None),
    "3-slowing-down": ("soothing-rhythm", 121.0, QUIET, "circle", True, None),
    "3-slowing-down-wave": ("soothing-rhythm", 162.0, QUIET, "wave", True, None),
    "3-slowing-down-bar": ("soothing-rhythm", 121.0, QUIET, "bar", True, None),
    "4-steady": ("soothing-rhythm", 421.0, QUIET, "circle", True, None),
    "4-steady-with-numbers": ("soothing-rhythm", 421.0, NUMBERS, "circle", True, None),
    "4-steady-without-a-strap": ("soothing-rhythm", 421.0, QUIET, "circle", False, None),
    "5-letting-go": ("soothing-rhythm", 530.0, QUIET, "circle", True, None),
    "6-looking-back": ("soothing-rhythm", 585.0, QUIET, "circle", True, None),
    "image": ("safe-place", 360.0, QUIET, "circle", True, None),
    "challenge": ("workshop-b", 140.0, NUMBERS, "circle", True, None),
    "softened": ("soothing-rhythm", 250.0, NUMBERS, "circle", True, Wish.SOFTEN),
    "kept": ("soothing-rhythm", 170.0, QUIET, "circle", True, Wish.KEEP),
}


class StillPlayer:
    """A session that has come to one moment and stays there."""

    recording = None
    participant = None
    length_s = 600.0

    def __init__(
        self,
        practice: str,
        moment: float,
        choices: Choices,
        *,
        strap: bool = True,
        wish: Wish | None = None,
        scenario: str = SCENARIO,
        accompanied: bool = False,
    ) -> None:
        self._practice, self._moment, self._choices = shipped(practice), moment, choices
        self._strap, self._wish, self._scenario = strap, wish, scenario
        self._marks = MARKS if accompanied else {}
        self.plan = Plan("Willow-17", steps_of(self._practice), self._practice.length_s)

    def now(self) -> float:
        """The moment."""
        return self._moment

    async def run(self, listeners: list[Listener]) -> None:
        """Come to the moment at once."""
        sitting = Sitting(pipeline(), listeners)
        conductor = Conductor(self._practice, self._choices)
        live = LiveSession(sitting, conductor, ends_with_practice=False)
        strap = simulation.strap_of(simulation.scenario_named(self._scenario), conductor.guide_at, 1)
        if self._marks:
            live.take(CheckedIn(0.0, "before", f"en {wording.text('checkin.version')}", 6, 3, 2, 4, 6))
        for quarter in range(round(self._moment * 4) + 1):
            for event in strap.until(quarter / 4) if self._strap else ():
                live.advance(event.time)
                live.take(event)
            live.advance(quarter / 4)
            if self._wish is not None and quarter / 4 == self._moment - 4:
                live.wish(quarter / 4, self._wish)
            if quarter / 4 in self._marks:
                live.wish(quarter / 4, Wish.MARK, self._marks[quarter / 4])

    def wish(self, wish: object, words: str = "") -> None:
        """Nothing can be wished of a picture."""


def session(moment: str, file: Path, theme: str = "dusk", size: tuple[int, int] = (1280, 800)) -> None:
    """One moment of a simulated session."""
    practice, second, choices, shape, strap, wish = MOMENTS[moment]
    chosen = replace(settings.defaults(), theme=theme, guide_shape=shape)
    window = screen.Window(chosen, returns_to_start=False)
    window._session_ended = lambda: None  # type: ignore[method-assign]
    window.show_session(StillPlayer(practice, second, choices, strap=strap, wish=wish))  # type: ignore[arg-type]
    page = window.centralWidget()
    assert isinstance(page, PracticePage)
    page._bridge._thread.join()
    _keep(window, page, file, size)


def practitioner(file: Path, theme: str = "dusk", size: tuple[int, int] = (1280, 800)) -> None:
    """The practitioner's window, with a strap that tells the breath."""
    player = StillPlayer("soothing-rhythm", 421.0, QUIET, scenario="ecg-practice", accompanied=True)
    bridge = SessionBridge(player)  # type: ignore[arg-type]
    bridge.start()
    bridge._thread.join()
    app = screen._application()
    app.setPalette(palette(THEMES[theme]))
    window = PractitionerWindow(THEMES[theme], bridge)
    window.resize(*size)
    window.show()
    for _ in range(140):
        window.draw_frame()
        app.processEvents()
    file.parent.mkdir(parents=True, exist_ok=True)
    window.grab().save(str(file))
    window.close()


def start(file: Path, theme: str = "dusk", size: tuple[int, int] = (1280, 800)) -> None:
    """The page that a session starts from."""
    window = screen.Window(replace(settings.defaults(), theme=theme), returns_to_start=True)
    window.show_start()
    _keep(window, window.centralWidget(), file, size)


def around(language: str, theme: str) -> None:
    """The pages around a session, in a language."""
    wording.use(language)
    folder = STEPS / f"pages-{language}"
    checkin = CheckInPage(THEMES[theme], Moment.BEFORE)
    for name, value in (("threat", 6), ("drive", 3), ("pleasure", 4)):
        checkin.answers[name].say(value)
    nowhere, recordings = Path("nowhere"), Path(__file__).parents[1] / "recordings"
    asked = wording.text("kept.sure"), wording.text("kept.sure_more", file="2026-11-22_100000_live.jsonl")
    pages = {
        "practices": PracticesPage(nowhere),
        "before": BeforePage(shipped(), 13.4),
        "tap": TapPage(),
        "kept": KeptPage(recordings),
        "kept-sure": SurePage(*asked),
        "consent": ConsentPage(Profile.ADULT, "~/breathsync"),
        "consent-teen": ConsentPage(Profile.TEEN, "~/breathsync"),
        "see-along": SeeAlongPage(),
        "check-in": checkin,
        "passphrase": WritingPage("letter", has_letterbox=False),
        "letter": WritingPage("letter", has_letterbox=True),
        "end": EndPage(recording=Path("~/breathsync/2026-11-22_100000_live.jsonl")),
    }
    for name, page in pages.items():
        window = screen.Window(replace(settings.defaults(), theme=theme), returns_to_start=True)
        window._show_page(page)
        _keep(window, page, folder / f"{name}-{theme}.png", (1280, 800))


def _keep(window: screen.Window, page: QWidget, file: Path, size: tuple[int, int]) -> None:
    app = screen._application()
    window.resize(*size)
    window.show()
    for _ in range(60):
        if isinstance(page, PracticePage):
            page.draw_frame()
        app.processEvents()
    file.parent.mkdir(parents=True, exist_ok=True)
    window.grab().save(str(file))
    window.close()


def every_step(size: tuple[int, int], name: str) -> None:
    """All moments in both themes at one size."""
    for theme in ("dusk", "linen"):
        start(STEPS / name / f"0-start-{theme}.png", theme, size)
        for moment in MOMENTS:
            session(moment, STEPS / name / f"{moment}-{theme}.png", theme, size)
        practitioner(STEPS / name / f"practitioner-{theme}.png", theme, size)


if __name__ == "__main__":
    screen._application()
    if "--doubled" in sys.argv:
        every_step((1280, 800), "200-percent")
    else:
        session("4-steady-with-numbers", PICTURES / "practice.png")
        session("3-slowing-down", PICTURES / "practice-linen.png", "linen")
        practitioner(PICTURES / "practitioner.png")
        if "--quick" not in sys.argv:
            for language in wording.languages():
                for theme in THEMES:
                    around(language, theme)
            wording.use("en")
            every_step((1280, 800), "1280x800")
            every_step((1920, 1080), "1920x1080")
            doubled = {**os.environ, "QT_SCALE_FACTOR": "2"}
            subprocess.run([sys.executable, __file__, "--doubled"], env=doubled, check=True)
    sys.stdout.write(f"{PICTURES}\n")
    sys.stdout.flush()
    os._exit(0)
