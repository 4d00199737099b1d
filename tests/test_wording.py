"""Every word that is shown: from one place, in every language, with the same names in it."""

import ast
import hashlib
import re
import string
from pathlib import Path

import pytest

from breathsync import wording
from breathsync.wording import language, languages

SOURCE = Path(wording.__file__).parent


def names_in(words):
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


@pytest.mark.parametrize("code", languages())
def test_every_language_has_the_same_keys_and_names(code):
    english, other = language("en"), language(code)
    assert other.keys() == english.keys()
    for key, words in english.items():
        assert names_in(other[key]) == names_in(words), key


def test_every_key_that_the_program_uses_is_there():
    used = set()
    for file in SOURCE.rglob("*.py"):
        used |= set(re.findall(r'\btext\(\s*"([a-z0-9_.]+)"', file.read_text(encoding="utf-8")))
        used |= {
            f"errors.{code}"
            for code in re.findall(r'Error\(\s*"([a-z0-9_]+)"', file.read_text(encoding="utf-8"))
        }
    used -= {
        f"errors.{code}" for code in ("not_json", "unknown_kind", "wrong_field", "time_leaps")
    }  # damage codes
    assert {key for key in used if key not in language("en")} == set()


@pytest.mark.parametrize(("gaps", "said"), [(0, "0 gaps"), (1, "1 gap"), (3, "3 gaps")])
def test_a_whole_number_is_said_with_its_word(gaps, said):
    words = wording.text("cli.import.done", file="f", length="00:10", beats=9, gaps=gaps, marked="0.0")
    assert said in words.split(", ")


def test_a_person_as_they_are():
    assert wording.text_or_own("breathe with {me}") == "breathe with {me}"
    assert wording.text_or_own("part.in") == "in"


def test_an_unknown_language_falls_back_to_english():
    wording.use("xx")
    assert wording.text("part.in") == "in"


def digest(code, section):
    words = language(code)
    told = "\n".join(f"{key}={words[key]}" for key in sorted(words) if key.startswith(section))
    return hashlib.sha256(told.encode()).hexdigest()[:12]


PINNED = {
    ("en", "checkin."): ("1", "67a66e6f0e84"),
    ("de", "checkin."): ("1", "65f32f8725be"),
    ("en", "consent."): ("1", "5db22fcee188"),
    ("de", "consent."): ("1", "109799d2f094"),
    ("en", "disclaimer."): ("1", "50152575a38e"),
    ("de", "disclaimer."): ("1", "6919ac760021"),
}


@pytest.mark.parametrize(("code", "section"), PINNED, ids=str)
def test_words_that_are_kept_with_answers_do_not_change_unnoticed(code, section):
    """A changed meaning needs a new version in every language; then pin the new digest here."""
    version = language(code)["consent.version" if section == "disclaimer." else f"{section}version"]
    assert (version, digest(code, section)) == PINNED[code, section]


@pytest.mark.parametrize(("code", "written"), [("en", "5.4"), ("de", "5,4")])
def test_numbers_are_written_as_the_language_does(code, written):
    wording.use(code)
    assert wording.number(5.44, 1) == written
    assert wording.number(14.2) == "14"


SHOWN_BY = ("screen", "cli")


def literals(file):
    """Texts in a file that look like words for a person: not docstrings, style sheets or names."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def test_what_is_shown_stands_in_the_wording_and_nowhere_else():
    word = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")
    found = {
        (file.name, words)
        for part in SHOWN_BY
        for file in (SOURCE / part).rglob("*.py")
        for words in literals(file)
        if word.search(words) and "border" not in words and "lib" not in words and words[0] != "<"  # markup
    }
    assert found == set()


def test_every_number_that_is_shown_goes_through_the_wording():
    formatted = re.compile(r"\{[^{}]*:[^{}]*\.\d+[fg]\}")
    found = [
        (file.name, line)
        for part in SHOWN_BY
        for file in (SOURCE / part).rglob("*.py")
        for line in file.read_text(encoding="utf-8").splitlines()
        if formatted.search(line)
    ]
    assert found == []
