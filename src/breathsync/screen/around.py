"""What a real person meets around a session: consent, check-ins, words of their own; page by page."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from breathsync.clock import wall_time
from breathsync.errors import BreathSyncError
from breathsync.events import Input
from breathsync.practice.checkin import CheckIn, Moment
from breathsync.practice.safety import Acceptance, Participant, Viewer
from breathsync.screen.checkin_page import CheckInPage
from breathsync.screen.consent_page import ConsentPage, SeeAlongPage
from breathsync.screen.practitioner.beside import Beside
from breathsync.screen.theme import Theme
from breathsync.screen.writing_page import WritingPage
from breathsync.session import letterbox as letterboxes
from breathsync.session import told
from breathsync.session.consents import Consents
from breathsync.session.players import Player
from breathsync.session.replay import RecordingReader
from breathsync.settings import Settings
from breathsync.wording import text

Show = Callable[[QWidget], None]


class Around:
    """Leads from page to page; `show` puts one into the window."""

    def __init__(self, settings: Settings, theme: Theme, show: Show, beside: Beside) -> None:
        self._folder = settings.recordings_folder
        self._theme = theme
        self._show = show
        self._beside = beside

    def before(self, player: Player, begin: Callable[[], None], leave: Callable[[], None]) -> None:
        """Ask what has to be asked of the person, then begin. A simulated person is asked nothing."""
        person = player.participant
        if person is None:
            self._beside.may_see = True
            begin()
        elif Consents(self._folder).given(person, text("consent.version")):
            self._ask_to_see(person, lambda: self._check_in(Moment.BEFORE, player.tell, begin))
        else:
            self._ask_consent(person, lambda: self.before(player, begin, leave), leave)

    def after(self, player: Player, then: Callable[[], None]) -> None:
        """Ask how it is now, into the recording that is over."""
        file = player.recording
        if player.participant is None or file is None or not file.exists():
            then()
        else:
            self._check_in(Moment.AFTER, lambda event: told.add(file, [event]), then)

    def write(self, what: str, file: Path, then: Callable[[str], None]) -> None:
        """Let the person write; the words are sealed into the recording. `then` takes a word about it."""
        page = WritingPage(what, has_letterbox=told.letterbox_of(self._folder) is not None)
        page.passphrase_chosen.connect(lambda passphrase: self._make_letterbox(page, passphrase))
        page.sealed_wished.connect(lambda words: then(self._seal(words, what, file)))
        page.left.connect(lambda: then(""))
        self._show(page)

    def _ask_consent(
        self, person: Participant, then: Callable[[], None], leave: Callable[[], None]
    ) -> None:
        page = ConsentPage(person.profile, str(self._folder))

        def keep(may_see: tuple[Viewer, ...], carer_knows: bool | None) -> None:
            when = wall_time().isoformat(timespec="seconds")
            version = text("consent.version")
            Consents(self._folder).keep(Acceptance(version, when, person, may_see, carer_knows))
            then()

        page.accepted.connect(keep)
        page.left.connect(leave)
        self._show(page)

    def _ask_to_see(self, person: Participant, then: Callable[[], None]) -> None:
        """Whether the one who guides may see along: as the person chose, else asked where it matters."""
        may_see = Consents(self._folder).may_see(person, text("consent.version"))
        self._beside.may_see = Viewer.GUIDE in may_see
        if self._beside.may_see or not self._beside.wanted:
            then()
            return
        page = SeeAlongPage()

        def answered(yes: bool) -> None:
            self._beside.may_see = yes
            then()

        page.answered.connect(answered)
        self._show(page)

    def _check_in(self, moment: Moment, tell: Callable[[Input], None], then: Callable[[], None]) -> None:
        page = CheckInPage(self._theme, moment)

        def keep(checkin: CheckIn) -> None:
            tell(told.checked_in(checkin))
            then()

        page.told.connect(keep)
        page.skipped.connect(then)
        self._show(page)

    def _make_letterbox(self, page: WritingPage, passphrase: str) -> None:
        try:
            told.keep_letterbox(self._folder, letterboxes.made(passphrase))
        except BreathSyncError as problem:
            page.say(str(problem))
        else:
            page.begin_writing()

    def _seal(self, words: str, what: str, file: Path) -> str:
        try:
            letterbox = told.letterbox_of(self._folder)
            if letterbox is None:
                return ""
            told.add(file, [told.seal(words, letterbox, RecordingReader(file).header, what)])
        except BreathSyncError as problem:
            return str(problem)
        return text("writing.sealed")
