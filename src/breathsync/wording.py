"""Every word that a person sees, by language.

The words themselves stand in `languages/*.toml`, one file per language, the same keys in each; a folder in
there holds the words of one part of the program, again one file per language.
`text("window.mark")` looks a key up; `{names}` in it are filled from the arguments, a whole number with
its word where that is given for one and for several: `{gaps:gap|gaps}` is "1 gap" or "3 gaps". A language
that lacks a key falls back to English, the complete one.
"""

import tomllib
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

ENGLISH = "en"
_chosen = ENGLISH


@cache
def language(code: str) -> dict[str, str]:
    """All words of a language: key with dots -> words."""
    folder = resources.files("breathsync") / "languages"
    parts = sorted(part.name for part in folder.iterdir() if part.is_dir())
    words: dict[str, str] = {}
    for file in (folder / f"{code}.toml", *(folder / part / f"{code}.toml" for part in parts)):
        if file.is_file():
            words |= _flat("", tomllib.loads(file.read_text(encoding="utf-8")))
    return words


def _flat(prefix: str, table: dict[str, Any]) -> list[tuple[str, str]]:
    found = []
    for key, value in table.items():
        if isinstance(value, dict):
            found += _flat(f"{prefix}{key}.", value)
        else:
            found.append((prefix + key, value))
    return found


def languages() -> list[str]:
    """Codes of the languages at hand."""
    folder = resources.files("breathsync") / "languages"
    return sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml"))


def use(code: str) -> None:
    """Choose the language of this process: once, at its start."""
    global _chosen
    _chosen = code if code in languages() else ENGLISH


def used() -> str:
    """Code of the language in use."""
    return _chosen


def known(key: str) -> bool:
    """Whether `key` is in the wording (it may also be somebody's own words)."""
    return key in language(ENGLISH)


class _Counted(int):
    """A whole number that can be said with the word for one or for several."""

    def __format__(self, spec: str) -> str:
        one, several, *_ = (*spec.split("|"), "")
        return f"{int(self)} {one if self == 1 else several}" if several else format(int(self), spec)


def text(key: str, **values: object) -> str:
    """The words for `key`, with `{names}` filled in. KeyError for a key that no language has."""
    words = language(_chosen).get(key)
    if words is None:
        words = language(ENGLISH)[key]
    return words.format(**{n: _Counted(v) if type(v) is int else v for n, v in values.items()})


def number(value: float | None, digits: int = 0) -> str:
    """A number as the chosen language writes it; a dash for what is unknown."""
    if value is None or value != value:  # NaN is the one value that differs from itself
        return text("format.unknown")
    written = f"{value:.{digits}f}"
    if not written.strip("-0."):
        written = written.lstrip("-")  # there is no minus nought
    return written.replace(".", text("app.decimal")).replace("-", "\N{MINUS SIGN}")


def paces(range_per_min: tuple[float, float] | None) -> str:
    """The slowest and the quickest of some paces, as one went from the one to the other."""
    slow, quick = (number(pace, 1) for pace in range_per_min or (None, None))
    return slow if slow == quick else f"{quick} → {slow}"


def date_words(day: date) -> str:
    """A day as the chosen language writes it."""
    months = text("format.months").split()
    return text("format.date", day=day.day, month=months[day.month - 1], year=day.year)


def day_words(day: date) -> str:
    """A day in short, for tables and axes."""
    months = text("format.months").split()
    return text("format.day", day=day.day, month=months[day.month - 1][:3])


def clock_words(seconds: float) -> str:
    """Session time as minutes and seconds, with hours where there are some."""
    whole = max(0, int(seconds))
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def text_or_own(words: str) -> str:
    """The words for a key; anything that is no key is somebody's own words and stays as it is."""
    return text(words) if known(words) else words
