"""How a practice begins in the window: page by page, from the list of practices to its first breath."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from breathsync.devices.held_strap import HeldStrap
from breathsync.devices.person import Guide
from breathsync.errors import BreathSyncError
from breathsync.practice.conductor import Choices
from breathsync.practice.practice_file import Practice, named
from breathsync.practice.safety import Participant, Profile
from breathsync.screen.practice_pages import BeforePage, PracticesPage, TapPage
from breathsync.screen.practitioner.beside import Beside
from breathsync.session.live import Source
from breathsync.session.players import LivePlayer
from breathsync.session.practice_player import NoStrap, PracticePlayer
from breathsync.session.simulation import SCENARIOS, origin_of, strap_of
from breathsync.settings import Settings

_WHO, _SEED = "first-session", 1


@dataclass(frozen=True, slots=True)
class Starts:
    """What the window does with what was chosen: begin at once, look for a strap first, or go back.

    Who leaves the look for a strap comes back to the practice, that begins without one too.
    """

    at_once: Callable[[PracticePlayer], None]
    with_strap: Callable[[Callable[[HeldStrap], LivePlayer], Participant, Callable[[], None]], None]
    leave: Callable[[], None]
    beside: Beside


class Beginning:
    """`show` puts a page into the window."""

    def __init__(self, settings: Settings, show: Callable[[QWidget], None], starts: Starts) -> None:
        self._settings, self._show, self._starts = settings, show, starts

    def choose(self) -> None:
        """Which practice."""
        page = PracticesPage(self._settings.practices_folder)
        page.chosen.connect(lambda name: self._chosen(page, name))
        page.left.connect(self._starts.leave)
        self._show(page)

    def _chosen(self, page: PracticesPage, name: str) -> None:
        try:
            self.before(named(name, self._settings.practices_folder))
        except BreathSyncError as problem:
            page.words.setText(str(problem))

    def before(self, practice: Practice, own_per_min: float | None = None) -> None:
        """How it begins."""
        page = BeforePage(practice, own_per_min)
        page.strap_wished.connect(lambda: self._start_with_strap(practice, own_per_min))
        page.no_strap_wished.connect(lambda: self._start(practice, own_per_min, simulated=False))
        page.simulated_wished.connect(lambda: self._start(practice, own_per_min, simulated=True))
        page.tap_wished.connect(lambda: self._tap(practice, own_per_min))
        page.beside.setChecked(self._starts.beside.wanted)
        page.beside.toggled.connect(self._starts.beside.want)
        page.left.connect(self.choose)
        self._show(page)

    def _tap(self, practice: Practice, own_per_min: float | None) -> None:
        page = TapPage()
        page.found.connect(lambda rate: self.before(practice, rate))
        page.left.connect(lambda: self.before(practice, own_per_min))
        self._show(page)

    def _start(self, practice: Practice, own_per_min: float | None, *, simulated: bool) -> None:
        def strap(guide: Guide) -> Source:
            return strap_of(SCENARIOS[_WHO], guide, _SEED) if simulated else NoStrap()

        person = None if simulated else Participant(profile=Profile(practice.profile))
        origin = origin_of(SCENARIOS[_WHO], _SEED) if simulated else None
        choices = self._choices(own_per_min)
        self._starts.at_once(
            PracticePlayer(
                practice, self._settings, strap, choices=choices, participant=person, origin=origin
            )
        )

    def _start_with_strap(self, practice: Practice, own_per_min: float | None) -> None:
        person, choices = Participant(profile=Profile(practice.profile)), self._choices(own_per_min)

        def session(strap: HeldStrap) -> LivePlayer:
            return LivePlayer(strap, self._settings, practice=practice, choices=choices, participant=person)

        self._starts.with_strap(session, person, lambda: self.before(practice, own_per_min))

    def _choices(self, own_per_min: float | None) -> Choices:
        settings = self._settings
        return Choices(
            own_per_min=own_per_min,
            listens=None if settings.guide_listens else False,
            numbers=settings.show_numbers,
        )
