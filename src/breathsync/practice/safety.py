"""Who practises, what they accepted before anything was recorded, and who may see it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Profile(StrEnum):
    """For whom words and paces are chosen."""

    ADULT = "adult"
    TEEN = "teen"


class Viewer(StrEnum):
    """Who else may see a person's recordings; nobody, unless they say so."""

    GUIDE = "guide"  # the person who guides the practice
    CARER = "carer"  # a parent or carer: asked of teens


@dataclass(frozen=True, slots=True)
class Participant:
    """A real person in front of this machine. `code_name` is made up by them, or `None`."""

    code_name: str | None = None
    profile: Profile = Profile.ADULT


@dataclass(frozen=True, slots=True)
class Acceptance:
    """That somebody accepted the first-use text: which version, when (ISO 8601), and what they chose.

    `carer_knows` is asked of teens only.
    """

    version: str
    accepted_at: str
    participant: Participant
    may_see: tuple[Viewer, ...] = ()
    carer_knows: bool | None = None


def viewers(profile: Profile) -> tuple[Viewer, ...]:
    """Whom a person of this profile can choose."""
    return (Viewer.GUIDE, Viewer.CARER) if profile is Profile.TEEN else (Viewer.GUIDE,)


def found(acceptances: Iterable[Acceptance], participant: Participant, version: str) -> Acceptance | None:
    """The newest acceptance of this very text by this person, if there is one."""
    theirs = [a for a in acceptances if a.participant == participant and a.version == version]
    return max(theirs, key=lambda a: a.accepted_at, default=None)
