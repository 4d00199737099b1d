"""What is known of each strap: one folder per family, read from its `profile.toml`.

A person's own folder of profiles is searched first, then those that came with the program. A quirk is
a row in the profile, never an `if` somewhere else.
"""

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from breathsync.errors import ProfileError

GENERIC = "generic"
_INSTALLED = Path(__file__).parent.parent / "strap_profiles"
_CHECKOUT = Path(__file__).parents[3] / "devices"


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
    measured it; `advertised_as` are regular expressions for the whole advertised name.
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

    def answers_to(self, name: str) -> bool:
        """Whether a strap that calls itself `name` is of this family."""
        return any(pattern.fullmatch(name) for pattern in self.advertised_as)

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
        for file in sorted(folder.glob("*/profile.toml")):
            found.setdefault(file.parent.name, load(file))
    return tuple(sorted(found.values(), key=lambda p: p.order))


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
    latency = table.get("rr_latency", {})
    return Profile(
        id=identity,
        name=table["name"],
        advertised_as=tuple(re.compile(pattern) for pattern in table["advertised_as"]),
        services=tuple(table["services"]),
        streams=tuple(table["streams"]),
        source=table["source"],
        rr_latency_s=float(latency["seconds"]) if latency else None,
        rr_latency_source=latency["source"] if latency else None,
        links=table.get("links"),
        quirks=tuple(Quirk(**row) for row in table.get("quirks", [])),
        notes=tuple(table.get("notes", [])),
        order=table.get("order", 0),
    )


def profile_named(name: str | None, profiles: tuple[Profile, ...]) -> Profile:
    """The profile for an advertised name, a family's name or an id; the generic one if none fits."""
    wanted = (name or "").strip()
    for profile in profiles:
        if profile.answers_to(wanted) or wanted.casefold() in (profile.id, profile.name.casefold()):
            return profile
    return next(profile for profile in profiles if profile.id == GENERIC)
