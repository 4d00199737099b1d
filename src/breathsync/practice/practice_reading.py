"""Reads a practice file and checks it: every mistake with its line and what to write instead."""

import re
import tomllib
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from breathsync.breath.patterns import (
    LONGEST_REST_S,
    PATTERNS,
    QUICKEST_PER_MIN,
    QUICKEST_TARGET_PER_MIN,
    SLOWEST_PER_MIN,
    Pattern,
)
from breathsync.errors import InputFileError
from breathsync.practice.practice_file import (
    KINDS,
    LONGEST_MIN,
    NOTHING_MEASURED,
    PROFILES,
    SOUNDS,
    Practice,
    Step,
    Words,
    about_breaths_s,
)
from breathsync.practice.practice_lines import Lines, Place
from breathsync.practice.practice_syntax import Problem, syntax_problem
from breathsync.wording import text

_TOP = ("name", "about", "profile", "in_out", "rest_full", "rest_empty", "sound", "listens", "steps")
_STEP = (
    "kind",
    "title",
    "length",
    "guide",
    "from",
    "pace",
    "lengthen",
    "words",
    "heart",
    "numbers",
    "sound",
)
_WORDS = ("at", "for", "words")
_LENGTH = re.compile(r"(\d+(?:[.,]\d+)?)\s*(s|sec|seconds?|m|min|minutes?|breaths?)")
_LONGEST_LENGTHEN_S = 2.0
_IMAGE_WORDS_S = 20.0


def load(file: Path) -> Practice:
    """The practice in a file. InputFileError names the first line that cannot stay, and what to write."""
    practice, problems = read(content(file), file.stem)
    if practice is None:
        first = problems[0]
        more = text("practice_problems.more", count=len(problems) - 1, file=file) if problems[1:] else ""
        raise InputFileError(
            "practice_file", file=file, line=first.line, problem=words_of(first), more=more
        )
    return practice


def content(file: Path) -> str:
    """A practice file's text. InputFileError where there is none."""
    try:
        return file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise InputFileError("no_such_file", file=file) from None
    except IsADirectoryError:
        raise InputFileError("is_a_folder", file=file) from None
    except UnicodeDecodeError:
        raise InputFileError("practice_not_text", file=file) from None
    except OSError as problem:
        raise InputFileError("cannot_read", file=file, problem=problem.strerror) from None


def words_of(problem: Problem) -> str:
    """A problem in words."""
    return text(f"practice_problems.{problem.code}", **problem.values)


def read_practice(words: str, identity: str) -> Practice:
    """A practice that is known to be whole, such as a shipped one."""
    practice, problems = read(words, identity)
    if practice is None:
        raise ValueError(f"{identity}: {words_of(problems[0])}")
    return practice


def read(words: str, identity: str) -> tuple[Practice | None, list[Problem]]:
    """The practice in a text, or every problem that keeps it from being one, in order of lines."""
    try:
        table = tomllib.loads(words)
    except tomllib.TOMLDecodeError as error:
        return None, [syntax_problem(words, error)]
    reader = _Reader(Lines(words))
    practice = reader.practice(table, identity)
    problems = sorted(reader.problems, key=lambda problem: problem.line)
    return (None, problems) if problems else (practice, [])


class _Reader:
    """Turns tables into a practice, noting what cannot stay and going on."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self.problems: list[Problem] = []

    def practice(self, table: dict[str, Any], identity: str) -> Practice:
        self._known(table, _TOP, ())
        shape = PATTERNS.get(self._one_of(table, ("in_out",), tuple(PATTERNS)), Pattern())
        rests = [
            self._number(table, (key,), 0.0, 0.0, LONGEST_REST_S) for key in ("rest_full", "rest_empty")
        ]
        steps = self._steps(table)
        if steps and sum(step.length_s for step in steps) > 60 * LONGEST_MIN + 1:
            minutes = f"{sum(step.length_s for step in steps) / 60:.0f}"
            self._note(("steps",), "too_long", minutes=minutes, longest=f"{LONGEST_MIN:g}")
        return Practice(
            id=identity,
            name=self._text(table, ("name",), required=True),
            steps=tuple(steps),
            about=self._text(table, ("about",)),
            shape=Pattern(shape.inhale_share, *rests),
            sound=self._one_of(table, ("sound",), SOUNDS),
            listens=self._switch(table, ("listens",), default=True),
            profile=self._one_of(table, ("profile",), PROFILES),
        )

    # --- steps ---

    def _steps(self, table: dict[str, Any]) -> list[Step]:
        rows = table.get("steps")
        if isinstance(rows, dict):
            self._note(("steps",), "one_bracket")
            return []
        if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
            self.problems.append(Problem(self._lines.count, "no_steps"))
            return []
        steps = [self._step(row, ("steps", index)) for index, row in enumerate(rows)]
        for index, step in enumerate(steps[:-1]):
            if step.kind == "write":
                self._note(("steps", index), "write_last")
        return steps

    def _step(self, row: dict[str, Any], place: Place) -> Step:
        self._known(row, _STEP, place)
        kind = self._kind(row, place)
        shows = KINDS[kind]
        guide = self._switch(row, (*place, "guide"), default=shows.guide)
        heart = self._switch(row, (*place, "heart"), default=shows.heart)
        numbers = self._switch(row, (*place, "numbers"), default=shows.numbers)
        start, pace, lengthen = self._slope(row, place, kind, guide=guide)
        if kind in NOTHING_MEASURED and (heart or numbers):
            self._note((*place, "heart" if heart else "numbers"), "measured_in_image", kind=kind)
        length_s, breaths = self._length(row, place, guide=guide)
        step = Step(
            kind=kind,
            title=self._text(row, (*place, "title")) or f"practice.step.{kind}",
            length_s=length_s,
            guide=guide,
            from_per_min=start,
            pace_per_min=pace,
            lengthen_s=lengthen,
            breaths=breaths,
            heart=heart,
            numbers=numbers,
            sound=self._one_of(row, (*place, "sound"), SOUNDS) if "sound" in row else None,
            words=(),
        )
        if breaths is not None:
            step = replace(step, length_s=about_breaths_s(breaths, step))
        return replace(step, words=self._words(row, place, step))

    def _kind(self, row: dict[str, Any], place: Place) -> str:
        if "kind" not in row:
            self._note(place, "no_kind", kinds=", ".join(KINDS))
            return "rest"
        kind = str(row["kind"]).strip().lower().replace(" ", "_").replace("-", "_")
        if kind not in KINDS:
            near = get_close_matches(kind, KINDS, 1)
            code = "kind_near" if near else "kind"
            self._note(
                (*place, "kind"),
                code,
                kind=row["kind"],
                near=near[0] if near else "",
                kinds=", ".join(KINDS),
            )
            return "rest"
        return kind

    def _slope(
        self, row: dict[str, Any], place: Place, kind: str, *, guide: bool
    ) -> tuple[float | None, float | None, float]:
        start = pace = None
        if "from" in row:
            limits = SLOWEST_PER_MIN, QUICKEST_PER_MIN
            start = self._number(row, (*place, "from"), limits[1], *limits, code="pace_limits")
        if "pace" in row:
            limits = SLOWEST_PER_MIN, QUICKEST_TARGET_PER_MIN
            pace = self._number(row, (*place, "pace"), limits[1], *limits, code="pace_limits")
        elif kind == "slow_down":
            self._note(place, "no_pace")
        if pace is not None and not guide:
            self._note((*place, "pace"), "pace_unseen")
        lengthen = self._number(row, (*place, "lengthen"), 0.25, 0.0, _LONGEST_LENGTHEN_S, code="lengthen")
        return start, pace, lengthen

    def _length(self, row: dict[str, Any], place: Place, *, guide: bool) -> tuple[float, int | None]:
        """Seconds, or with a guide a number of its breaths."""
        place = (*place, "length")
        value = row.get("length")
        if value is None and row.get("kind") == "write":
            return 0.0, None
        if value is None:
            self._note(place, "no_length")
            return 0.0, None
        if isinstance(value, str):
            found = _LENGTH.fullmatch(value.strip().lower())
            if found is None:
                self._note(place, "length", text=value)
                return 0.0, None
            amount, unit = float(found[1].replace(",", ".")), found[2]
            if unit.startswith("breath"):
                if not guide:
                    self._note(place, "breaths_unguided", text=value)
                return 0.0, max(1, round(amount))
            value = amount * 60 if unit.startswith("m") else amount
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._note(place, "length", text=value)
            return 0.0, None
        if value <= 0:
            self._note(place, "length_zero", text=f"{value:g}")
        return float(value), None

    def _words(self, row: dict[str, Any], place: Place, step: Step) -> tuple[Words, ...]:
        said = row.get("words", [])
        entries = said if isinstance(said, list) else [said]
        lasts = _IMAGE_WORDS_S if step.kind == "image" else None
        found = []
        for index, entry in enumerate(entries):
            here = (*place, "words", index)
            if isinstance(entry, str):
                entry = {"at": 0, "words": entry}
            if not isinstance(entry, dict) or not isinstance(entry.get("words"), str):
                self._note(here, "words")
                continue
            self._known(entry, _WORDS, here)
            at_s = self._number(entry, (*here, "at"), 0.0, 0.0, float("inf"), code="at")
            if at_s >= step.length_s > 0:
                self._note(here, "words_late", at=f"{at_s:g}", length=f"{step.length_s:.0f}")
            for_s = self._number(entry, (*here, "for"), 0.0, 1.0, float("inf"), code="for")
            found.append(Words(at_s, entry["words"], for_s if "for" in entry else lasts))
        return tuple(sorted(found, key=lambda words: words.at_s))

    # --- single values ---

    def _note(self, place: Place, code: str, **values: object) -> None:
        step = place[1] if len(place) > 1 and place[0] == "steps" else None
        if isinstance(step, int):
            values = {"step": step + 1, **values}
        self.problems.append(Problem(self._lines.of(place), code, values))

    def _known(self, table: dict[str, Any], keys: tuple[str, ...], place: Place) -> None:
        for key in table:
            if key not in keys:
                near = get_close_matches(key, keys, 1)
                code = "key_near" if near else "key"
                here = (*place, key)
                self._note(here, code, field=key, near=near[0] if near else "", keys=", ".join(keys))

    def _text(self, table: dict[str, Any], place: Place, *, required: bool = False) -> str:
        key = str(place[-1])
        value = table.get(key)
        if value is None and not required:
            return ""
        if not isinstance(value, str) or not value.strip():
            self._note(place, "no_name" if value is None else "no_text", field=key)
            return ""
        return value

    def _switch(self, table: dict[str, Any], place: Place, *, default: bool) -> bool:
        value = table.get(str(place[-1]), default)
        if not isinstance(value, bool):
            self._note(place, "switch", field=place[-1], text=value)
            return default
        return value

    def _one_of(self, table: dict[str, Any], place: Place, allowed: tuple[str, ...]) -> str:
        """One of several words; the first of them where nothing is said."""
        key = str(place[-1])
        value = table.get(key, allowed[0])
        if value not in allowed:
            quoted = ", ".join(f'"{name}"' for name in allowed)
            self._note(place, "one_of", field=key, text=value, allowed=quoted)
            return allowed[0]
        return str(value)

    def _number(
        self,
        table: dict[str, Any],
        place: Place,
        default: float,
        least: float,
        most: float,
        code: str = "number_limits",
    ) -> float:
        key = str(place[-1])
        value = table.get(key, default if key not in table else None)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._note(place, "number", field=key, text=value)
            return default
        if key in table and not least <= value <= most:
            self._note(place, code, field=key, text=f"{value:g}", least=f"{least:g}", most=f"{most:g}")
            return default
        return float(value)
