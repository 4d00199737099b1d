"""A practice as it is led: its steps, what each shows, and where practices are found.

A practice is a TOML file that a practitioner edits; `practice_reading` reads and checks it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

from breathsync.breath.patterns import EVEN, Pattern
from breathsync.errors import UsageError
from breathsync.practice.path import START_PER_MIN, Slope

DEFAULT = "soothing-rhythm"
DEFAULT_TEEN = "teen"
TEEN_S = 180.0
TEEN_SLOWEST_PER_MIN = 6.5  # children and teens breathe at 6.5-9.5/min in such practices (practice.md 3.1)
PROFILES = ("adult", "teen")
SOUNDS = ("off", "tone", "breath")
LONGEST_MIN = 20.0
USUAL_PER_MIN = 6.0  # where a practice leads unless its file or the person says otherwise
_SHIPPED = (
    DEFAULT,
    "first-time",
    "a-minute",
    "three-minutes",
    "just-noticing",
    "safe-place",
    "compassionate-self",
    "compassionate-other",
    "letter",
    DEFAULT_TEEN,
    "workshop-a",
    "workshop-b",
    "workshop-c",
)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of step shows where the file says nothing."""

    guide: bool = False
    heart: bool = False
    numbers: bool = False


KINDS = {
    "arrive": Kind(),
    "notice": Kind(heart=True, numbers=True),
    "slow_down": Kind(guide=True, heart=True, numbers=True),
    "steady": Kind(guide=True, heart=True, numbers=True),
    "image": Kind(),
    "let_go": Kind(heart=True, numbers=True),
    "reflect": Kind(),
    "rest": Kind(heart=True, numbers=True),
    "challenge": Kind(heart=True, numbers=True),
    "write": Kind(),
}
NOTHING_MEASURED = ("image", "write")  # what is imagined or written is never set beside a measurement


@dataclass(frozen=True, slots=True)
class Words:
    """Words for the person, `at_s` seconds into the step: a key of the wording, or own words.

    With `for_s` they fade after so long.
    """

    at_s: float
    words: str
    for_s: float | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step. It lasts `length_s`, or so many `breaths` of the guide.

    With `pace_per_min` the guide goes there; `from_per_min` is where it may start. `heart` and `numbers`
    say what may be seen. `sound` is `None` where the practice's own holds.
    """

    kind: str
    title: str
    length_s: float
    words: tuple[Words, ...] = ()
    guide: bool = False
    from_per_min: float | None = None
    pace_per_min: float | None = None
    lengthen_s: float = 0.25
    breaths: int | None = None
    heart: bool = True
    numbers: bool = True
    sound: str | None = None

    @property
    def slope(self) -> Slope:
        """Where its guide goes."""
        return Slope(self.pace_per_min, self.lengthen_s, self.from_per_min)


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice from beginning to end. `listens`: its guide waits for people."""

    id: str
    name: str
    steps: tuple[Step, ...]
    about: str = ""
    shape: Pattern = EVEN
    sound: str = "off"
    listens: bool = True
    profile: str = "adult"

    @property
    def length_s(self) -> float:
        """Seconds from the first step to the end of the last; about, where steps count breaths."""
        return sum(step.length_s for step in self.steps)

    @property
    def has_guide(self) -> bool:
        """Whether there is a guide in it."""
        return any(step.guide for step in self.steps)

    def lasting(self, minutes: float) -> "Practice":
        """The same in so many minutes, each step with its share. UsageError outside of 1 to 20."""
        if not 1 <= minutes <= LONGEST_MIN:
            raise UsageError("minutes", minutes=f"{minutes:g}", longest=f"{LONGEST_MIN:g}")
        share = 60 * minutes / self.length_s
        return replace(self, steps=tuple(_stretched(step, share) for step in self.steps))

    def leading_to(self, per_min: float) -> "Practice":
        """The same; where it leads to the usual six breaths a minute, to a person's own pace instead."""
        steps = tuple(
            replace(step, pace_per_min=per_min) if step.pace_per_min == USUAL_PER_MIN else step
            for step in self.steps
        )
        return replace(self, steps=steps)

    def for_teens(self) -> "Practice":
        """The same with paces that suit a younger breath, in three minutes."""
        steps = tuple(
            replace(step, pace_per_min=max(step.pace_per_min, TEEN_SLOWEST_PER_MIN))
            if step.pace_per_min
            else step
            for step in self.steps
        )
        shorter = replace(self, steps=steps, profile="teen")
        return shorter if shorter.length_s <= TEEN_S else shorter.lasting(TEEN_S / 60)


def _stretched(step: Step, share: float) -> Step:
    words = tuple(replace(words, at_s=words.at_s * min(share, 1.0)) for words in step.words)
    breaths = None if step.breaths is None else max(1, round(step.breaths * share))
    return replace(step, length_s=step.length_s * share, breaths=breaths, words=words)


def about_breaths_s(breaths: int, step: Step) -> float:
    """About how long so many breaths of a step's guide take."""
    start_s = 60 / (step.from_per_min or START_PER_MIN)
    end_s = 60 / (step.pace_per_min or step.from_per_min or START_PER_MIN)
    if step.kind != "slow_down":
        return breaths * end_s
    return sum(min(start_s + step.lengthen_s * n, end_s) for n in range(breaths))


def shipped(identity: str = DEFAULT) -> Practice:
    """A practice that came with the program."""
    from breathsync.practice.practice_reading import read_practice

    file = resources.files("breathsync.practice") / "practices" / f"{identity}.toml"
    return read_practice(file.read_text(encoding="utf-8"), identity)


def shipped_names() -> list[str]:
    """The practices that came with the program, in the order in which they are shown."""
    return list(_SHIPPED)


def at_hand(folder: Path | None = None) -> Iterator[tuple[str, Path | None]]:
    """Names of practices and their files: a person's own first, then the shipped ones (`None`)."""
    own = sorted(folder.glob("*.toml")) if folder is not None and folder.is_dir() else []
    yield from ((file.stem, file) for file in own)
    named = {file.stem for file in own}
    yield from ((name, None) for name in shipped_names() if name not in named)


def named(name: str, folder: Path | None = None) -> Practice:
    """A practice by its name or its file. UsageError or InputFileError if there is none."""
    from breathsync.practice.practice_reading import load

    places = dict(at_hand(folder))
    if name in places:
        file = places[name]
        return shipped(name) if file is None else load(file)
    file = Path(name).expanduser()
    if file.suffix == ".toml" or file.exists() or len(file.parts) > 1:
        return load(file)
    raise UsageError("practice", name=name, names=", ".join(places))
