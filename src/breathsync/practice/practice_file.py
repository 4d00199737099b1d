"""A practice: steps in a TOML file that a practitioner can edit, read and checked here."""

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any

KINDS = ("arrive", "notice", "slow_down", "steady", "let_go", "reflect", "rest")
DEFAULT = "soothing-rhythm"


@dataclass(frozen=True, slots=True)
class Words:
    """Words for the person, `at_s` seconds into the step: a key of the wording, or own words."""

    at_s: float
    words: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step. With `pace_per_min` the guide goes there; `from_per_min` is where it may start."""

    kind: str
    title: str
    length_s: float
    words: tuple[Words, ...] = ()
    guide: bool = False
    from_per_min: float | None = None
    pace_per_min: float | None = None
    lengthen_s: float = 0.25


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice from beginning to end."""

    id: str
    name: str
    steps: tuple[Step, ...]
    inhale_share: float = 0.5

    @property
    def length_s(self) -> float:
        """Seconds from the first step to the end of the last."""
        return sum(step.length_s for step in self.steps)


def shipped(identity: str = DEFAULT) -> Practice:
    """A practice that came with the program."""
    file = resources.files("breathsync.practice") / "practices" / f"{identity}.toml"
    return _practice(identity, tomllib.loads(file.read_text(encoding="utf-8")))


def _practice(identity: str, table: dict[str, Any]) -> Practice:
    return Practice(
        id=identity,
        name=table["name"],
        steps=tuple(_step(row) for row in table["steps"]),
        inhale_share=table.get("inhale_share", 0.5),
    )


def _step(row: dict[str, Any]) -> Step:
    words = tuple(Words(float(w["at"]), w["words"]) for w in row.get("words", []))
    return Step(
        kind=row["kind"],
        title=row["title"],
        length_s=float(row["length"]),
        words=words,
        guide=row.get("guide", False),
        from_per_min=row.get("from"),
        pace_per_min=row.get("pace"),
        lengthen_s=row.get("lengthen", 0.25),
    )
