"""What is known of each strap: one folder per family, read from its `profile.toml`.

A person's own folder of profiles is searched first, then those that came with the program. A quirk is
a row in the profile, never an `if` somewhere else. A profile that says something unknown, such as a
misspelt field, is refused: it would otherwise be left out without a word.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from breathsync.errors import ProfileError

GENERIC = "generic"
_INSTALLED = Path(__file__).parent.parent / "strap_profiles"
_CHECKOUT = Path(__file__).parents[3] / "devices"

STREAMS = frozenset({"heart rate", "rr", "ecg", "acceleration", "ppi"})
_STANDARD = frozenset({"heart rate", "rr"})
_POLAR_SERVICE = "fb005c80"
QUIRK_CODES = frozenset(
    {
        "algorithms-off-in-sdk-mode",
        "bonds-once",
        "broadcast-must-be-enabled",
        "clock-restarts",
        "contact-not-reported",
        "contact-unreliable",
        "energy-is-status",
        "extra-short-rr",
        "fill-values",
        "hidden-while-connected",
        "late-heart-rate",
        "link-drops",
        "made-up-rr",
        "name-can-be-changed",
        "name-without-serial",
        "needs-first-set-up",
        "no-rr",
        "ppi-at-rest-only",
        "rr-in-bursts",
        "second-link-must-be-enabled",
        "slow-stream-start",
        "smoothed-heart-rate",
        "stays-on-while-streaming",
        "stream-lag-grows",
        "streams-need-pairing",
        "values-off-body",
        "wrong-rate-reported",
        "zero-heart-rate",
    }
)
"""The closed list of quirks; what each of them means stands in `devices/README.md`."""

_FIELDS = frozenset(
    {
        "name",
        "advertised_as",
        "services",
        "streams",
        "source",
        "rr_latency",
        "links",
        "quirks",
        "notes",
        "order",
    }
)


LONGEST_LATENCY_S = 10.0
_Kind = TypeVar("_Kind")
_KINDS: dict[type, str] = {str: "a string", int: "a whole number", dict: "a table"}


@dataclass(frozen=True, slots=True)
class Quirk:
    """Something that a strap does differently, in the code that acts on it and in words."""

    code: str
    says: str
    source: str


@dataclass(frozen=True, slots=True)
class Profile:
    """One family of straps.

    `rr_latency_s` is the time from a heartbeat to the arrival of its RR interval, where somebody has
    measured it; `advertised_as` are regular expressions for the whole advertised name; `links` is how many
    programs one strap can serve at once, at most.
    """

    id: str
    name: str
    advertised_as: tuple[re.Pattern[str], ...]
    services: tuple[str, ...]
    streams: tuple[str, ...]
    source: str
    rr_latency_s: float | None = None
    rr_latency_source: str | None = None
    links: int | None = None
    quirks: tuple[Quirk, ...] = ()
    notes: tuple[str, ...] = ()
    order: int = field(default=0, compare=False)

    @property
    def read_here(self) -> tuple[str, ...]:
        """The streams that this program takes: what is no heart rate only as Polar sends it."""
        polar = any(service.lower().startswith(_POLAR_SERVICE) for service in self.services)
        return tuple(stream for stream in self.streams if polar or stream in _STANDARD)

    def answers_to(self, name: str) -> bool:
        """Whether a strap that calls itself `name` is of this family."""
        return any(pattern.fullmatch(name) for pattern in self.advertised_as)

    def serial_in(self, name: str) -> str | None:
        """The serial number that stands in an advertised name, where this family puts one there."""
        for pattern in self.advertised_as:
            if (match := pattern.fullmatch(name)) and "serial" in pattern.groupindex:
                return match["serial"]
        return None

    def has_quirk(self, code: str) -> bool:
        """Whether straps of this family do what `code` stands for."""
        return any(quirk.code == code for quirk in self.quirks)


def shipped_folder() -> Path:
    """Where the profiles lie that came with the program: in a wheel, or beside `src/`."""
    return _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT


@cache
def load_all(own_folder: Path | None = None) -> tuple[Profile, ...]:
    """All profiles, a person's own ones first; a later one with the same id is left out."""
    found: dict[str, Profile] = {}
    for folder in (own_folder, shipped_folder()):
        if folder is None or not folder.is_dir():
            continue
        for profile in sorted(map(load, sorted(folder.glob("*/profile.toml"))), key=lambda p: p.order):
            found.setdefault(profile.id, profile)
    return tuple(found.values())


def load(file: Path) -> Profile:
    """Read one profile. ProfileError says what is not right about it."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        return _profile(file.parent.name, table)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise ProfileError("profile_unreadable", file=file, problem=problem) from problem
    except (KeyError, TypeError, ValueError, re.error) as problem:
        raise ProfileError("profile_invalid", file=file, problem=problem) from problem


def _profile(identity: str, table: dict[str, Any]) -> Profile:
    latency = _of_kind(table, "rr_latency", dict) or {}
    _only_known(table.keys(), _FIELDS)
    _only_known(_lines(table, "streams"), STREAMS)
    _only_known((row["code"] for row in table.get("quirks", [])), QUIRK_CODES)
    return Profile(
        id=identity,
        name=_word(table, "name"),
        advertised_as=tuple(re.compile(pattern) for pattern in _lines(table, "advertised_as")),
        services=_lines(table, "services"),
        streams=_lines(table, "streams"),
        source=_word(table, "source"),
        rr_latency_s=_latency_s(latency) if latency else None,
        rr_latency_source=_word(latency, "source") if latency else None,
        links=_of_kind(table, "links", int),
        quirks=tuple(_quirk(row) for row in table.get("quirks", [])),
        notes=_lines(table, "notes") if "notes" in table else (),
        order=_of_kind(table, "order", int) or 0,
    )


def _quirk(row: dict[str, Any]) -> Quirk:
    _only_known(row.keys(), frozenset({"code", "says", "source"}))
    return Quirk(_word(row, "code"), _word(row, "says"), _word(row, "source"))


def _latency_s(latency: dict[str, Any]) -> float:
    seconds = float(latency["seconds"])
    if not 0 < seconds <= LONGEST_LATENCY_S:
        raise ValueError(f"rr_latency.seconds is not between 0 and {LONGEST_LATENCY_S:.0f}")
    return seconds


def _of_kind(table: dict[str, Any], key: str, kind: type[_Kind]) -> _Kind | None:
    value = table.get(key)
    if value is not None and not isinstance(value, kind):
        raise TypeError(f"{key} is not {_KINDS[kind]}")
    return value


def _word(table: dict[str, Any], key: str) -> str:
    word = table[key]
    if not isinstance(word, str) or not word:
        raise TypeError(f"{key} is not {_KINDS[str]}")
    return word


def _lines(table: dict[str, Any], key: str) -> tuple[str, ...]:
    """A list of strings; a lone string would otherwise be taken for a list of letters."""
    lines = table[key]
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise TypeError(f"{key} is not a list of strings")
    return tuple(lines)


def _only_known(said: Iterable[str], known: frozenset[str]) -> None:
    unknown = sorted(set(said) - known)
    if unknown:
        raise ValueError(f"not known: {', '.join(unknown)}")


def profile_named(name: str | None, profiles: tuple[Profile, ...]) -> Profile:
    """The profile for an advertised name, a family's name or an id; the generic one if none fits."""
    wanted = (name or "").strip()
    for profile in profiles:
        if profile.answers_to(wanted) or wanted.casefold() in (profile.id, profile.name.casefold()):
            return profile
    return next(profile for profile in profiles if profile.id == GENERIC)
