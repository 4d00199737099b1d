"""Every word that is shown: in every language, known to the program, neutral."""

import re
import string
import tomllib
from pathlib import Path

import pytest

from breathsync import wording
from breathsync.wording import language, languages

SOURCE = Path(wording.__file__).parent
BANNED = tomllib.loads((Path(__file__).parent / "banned_words.toml").read_text(encoding="utf-8"))
EXEMPT = ("disclaimer.",)  # fixed texts that say what BreathSync is not


def names_in(words):
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


@pytest.mark.parametrize("code", languages())
def test_no_word_judges_or_claims(code):
    banned = re.compile(rf"\b({'|'.join(BANNED[code])})\b", re.IGNORECASE)
    found = {
        key: banned.findall(words)
        for key, words in language(code).items()
        if not key.startswith(EXEMPT) and banned.search(words)
    }
    assert found == {}


def test_the_check_finds_what_it_should():
    banned = re.compile(rf"\b({'|'.join(BANNED['en'])})\b", re.IGNORECASE)
    for words in (
        "You are stressed.",
        "Your score: 8",
        "Relaxed state detected",
        "Poor signal",
        "Bad",
        "failed",
    ):
        assert banned.search(words), words
    for words in ("Nothing here is right or left", "restore", "pointer"):
        assert not banned.search(words), words


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


def test_a_persons_own_words_stay_as_they_are():
    assert wording.text_or_own("breathe with {me}") == "breathe with {me}"
    assert wording.text_or_own("part.in") == "in"


def test_an_unknown_language_falls_back_to_english():
    wording.use("xx")
    assert wording.text("part.in") == "in"
