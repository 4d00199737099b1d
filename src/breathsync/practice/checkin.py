"""What a person says of themselves: three circles and two sliders. Nothing here knows of any sensor.

The circles are the three systems of Compassion Focused Therapy (threat, drive, soothing), filled by the
person alone: no heart rhythm tells one from another. Nobody has to say anything; what is not said is
`None`, never a middle value.
"""

from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from breathsync.wording import text, used

CIRCLES = ("threat", "drive", "soothing")
SLIDERS = ("pleasure", "arousal")
LEAST, MOST = 0, 10


class Moment(StrEnum):
    """When it was said."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class CheckIn:
    """What was said, 0 to 10 each. `wording` is the language and version of the words."""

    moment: Moment
    wording: str
    threat: int | None = None
    drive: int | None = None
    soothing: int | None = None
    pleasure: int | None = None
    arousal: int | None = None

    def saying(self, name: str, value: int | None) -> "CheckIn":
        """The same with one thing said, or taken back."""
        if name not in CIRCLES + SLIDERS:
            raise KeyError(name)
        if value is not None and not LEAST <= value <= MOST:
            raise ValueError(value)
        said: dict[str, Any] = {name: value}
        return replace(self, **said)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said."""
        return all(getattr(self, f.name) is None for f in fields(self)[2:])


def blank(moment: Moment) -> CheckIn:
    """Nothing said yet, in the words that are in use."""
    return CheckIn(moment, f"{used()} {text('checkin.version')}")
