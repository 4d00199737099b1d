"""Where in a practice file something stands, so that a message can name the line.

`tomllib` gives values without places; this follows the lines just far enough to find keys, steps and words.
"""

import re
from collections.abc import Iterator

Place = tuple[str | int, ...]
"""E.g. `("name",)`, `("steps", 2, "pace")`, `("steps", 2, "words", 0)`; steps and words count from 0."""

_KEY = re.compile(r"\s*[\"']?([A-Za-z0-9_-]+)[\"']?\s*=")
_HEADER = re.compile(r"\s*\[\[?\s*([A-Za-z0-9_.\"' -]+?)\s*\]\]?\s*(#.*)?$")


class Lines:
    """The places of a file's keys."""

    def __init__(self, text: str) -> None:
        self._places: dict[Place, int] = {}
        for place, line in _places(text):
            self._places.setdefault(place[:1], line)
            self._places.setdefault(place, line)
        self.count = max(1, len(text.splitlines()))

    def of(self, place: Place) -> int:
        """The line of a place, or of what it stands in; lines count from 1."""
        while place and place not in self._places:
            place = place[:-1]
        return self._places.get(place, 1)


def _places(text: str) -> Iterator[tuple[Place, int]]:
    table: Place = ()
    counts: dict[str, int] = {}
    key: Place = ()
    depth, items = 0, 0
    in_long = ""
    for number, line in enumerate(text.splitlines(), 1):
        bare, in_long = _without_words(line, in_long)
        if depth == 0:
            if header := _HEADER.match(bare):
                table = _table(header[1].strip("\"' "), counts)
                yield table, number
                continue
            found = _KEY.match(line) if _KEY.match(bare) else None
            if found is None:
                continue
            key, items = (*table, found[1]), 0
            yield key, number
        for sign in bare:
            if sign == "{" and depth <= 1:
                yield (*key, items), number
                items += 1
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(sign, 0)
        depth = max(0, depth)


def _table(name: str, counts: dict[str, int]) -> Place:
    """`steps` is the next step; `steps.words` the next words of the step that is on."""
    parts = [part.strip() for part in name.split(".")]
    if parts[0] != "steps":
        return tuple(parts)
    if len(parts) == 1:
        counts["steps"] = counts.get("steps", -1) + 1
        counts["words"] = -1
        return "steps", counts["steps"]
    counts["words"] = counts.get("words", -1) + 1
    return "steps", counts.get("steps", 0), parts[1], counts["words"]


def _without_words(line: str, in_long: str) -> tuple[str, str]:
    """The line without what stands in quotes and without its comment, and the long quote it leaves open."""
    out: list[str] = []
    quote = in_long
    at = 0
    while at < len(line):
        long = line[at : at + 3]
        sign = line[at]
        if quote:
            if sign == "\\" and quote[0] == '"':
                at += 2
            elif line.startswith(quote, at):
                at += len(quote)
                quote = ""
            else:
                at += 1
            continue
        if long in ('"""', "'''"):
            quote = long
            at += 3
        elif sign in "\"'":
            quote = sign
            at += 1
        elif sign == "#":
            break
        else:
            out.append(sign)
            at += 1
    return "".join(out), quote if len(quote) == 3 else ""
