"""Asks a person in the terminal, once, before anything of them is recorded."""

import sys

from rich.console import Console

from breathsync.cli.asking import answered
from breathsync.clock import wall_time
from breathsync.practice.safety import Acceptance, Participant, Profile, Viewer, viewers
from breathsync.session.consents import Consents
from breathsync.settings import Settings
from breathsync.wording import text


def asked(person: Participant | None, settings: Settings, console: Console) -> bool:
    """Whether the session may begin: nobody real is in it, or they accepted now or before.

    UsageError where nobody can answer.
    """
    consents, version = Consents(settings.recordings_folder), text("consent.version")
    if person is None or consents.given(person, version):
        return True
    if not sys.stdin.isatty():
        consents.require(person, version)
    _say(person.profile, settings, console)
    if not _yes(answered(console.input, text("consent.question"))):
        console.print(text("consent.not_now"))
        return False
    may_see = tuple(viewer for viewer in viewers(person.profile) if _may_see(viewer, console))
    knows = _agrees("carer_knows", console) if person.profile is Profile.TEEN else None
    when = wall_time().isoformat(timespec="seconds")
    consents.keep(Acceptance(version, when, person, may_see, knows))
    return True


def accept(person: Participant, settings: Settings) -> None:
    """Say what is accepted, and keep that it was: by a command line, where nobody can be asked.

    Nobody else may see the recordings, as nobody was named.
    """
    consents, version = Consents(settings.recordings_folder), text("consent.version")
    if not consents.given(person, version):
        _say(person.profile, settings, Console(stderr=True, highlight=False))
        consents.keep(Acceptance(version, wall_time().isoformat(timespec="seconds"), person))


def _say(profile: Profile, settings: Settings, console: Console) -> None:
    freely = "consent.freely" if profile is Profile.ADULT else "consent.freely_teen"
    console.print(text("consent.heading"), style="bold")
    for words in (
        text("disclaimer.full"),
        text("consent.kept", folder=settings.recordings_folder),
        text(freely),
        text("consent.may_see"),
    ):
        console.print(words, "\n")


def _may_see(viewer: Viewer, console: Console) -> bool:
    return _agrees(f"viewer_{viewer.value}", console)


def _agrees(key: str, console: Console) -> bool:
    question = text("consent.question_choice", words=text(f"consent.{key}"))
    return _yes(answered(console.input, question))


def _yes(answer: str) -> bool:
    yes = text("consent.yes")
    return answer.strip().casefold() in (yes, yes[0])
