"""Requirements 15 and 17: nothing here judges, grades, diagnoses, claims or reads feelings from a sensor.

Every text of every language, every practice file, every name in an export, all that the commands print.
"""

import contextlib
import re
import tomllib
from dataclasses import fields
from enum import StrEnum
from pathlib import Path

import pytest

import breathsync
from breathsync import events, wording
from breathsync.cli import main
from breathsync.session.event_log import DERIVED, SHOWN
from breathsync.session.recording import KINDS
from breathsync.wording import language, languages

SOURCE = Path(breathsync.__file__).parent
BANNED = tomllib.loads((Path(__file__).parent / "banned_words.toml").read_text(encoding="utf-8"))
EXEMPT = ("disclaimer.",)  # fixed texts that say what BreathSync is not, by id
NAMES_OF_THE_FIELD = {"battery level"}  # GATT's own name of a characteristic


def banned(code):
    return re.compile(rf"\b({'|'.join(BANNED[code])})\b", re.IGNORECASE)


def in_words(name):
    """A name of the program as words: `BatteryLevel` and `battery_level` are "battery level"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_|-", " ", name).lower()


def test_every_language_has_its_list():
    assert set(BANNED) == set(languages())


@pytest.mark.parametrize("code", languages())
def test_requirement_15_no_text_judges_or_claims(code):
    found = {
        key: banned(code).findall(words)
        for key, words in language(code).items()
        if not key.startswith(EXEMPT) and banned(code).search(words)
    }
    assert found == {}


@pytest.mark.parametrize("code", languages())
def test_the_exempt_texts_say_what_breathsync_is_not(code):
    assert len([key for key in language(code) if key.startswith(EXEMPT)]) == 2
    assert re.search(r"not a medical device|kein Medizinprodukt", language(code)["disclaimer.full"])


@pytest.mark.parametrize("file", sorted(SOURCE.rglob("practices/*.toml")), ids=lambda f: f.stem)
def test_no_practice_judges_or_claims(file):
    assert banned("en").findall(file.read_text(encoding="utf-8")) == []


def test_no_name_in_a_recording_or_an_export_judges_or_claims():
    names = set(KINDS)
    for event in [*DERIVED.values(), *SHOWN.values(), *KINDS.values()]:
        names |= {event.__name__, *(field.name for field in fields(event))}
    found = {name for name in names if banned("en").search(in_words(name))}
    assert {in_words(name) for name in found} == NAMES_OF_THE_FIELD


def test_no_code_that_a_recording_or_an_export_holds_judges_or_claims():
    """States, flaws and reasons are written as they stand in the source."""
    states = [cls for cls in vars(events).values() if isinstance(cls, type) and issubclass(cls, StrEnum)]
    codes = {value for cls in states for value in cls}
    codes |= {
        key.partition(".")[2] for key in language("en") if key.startswith(("reason.", "signal.", "part."))
    }
    assert len(codes) > 25
    assert [code for code in codes if banned("en").search(in_words(code))] == []


COMMANDS = (
    ["info"],
    ["info", "{file}"],
    ["replay", "{file}", "--speed", "max", "--no-screen"],
    ["replay", "{file}", "--speed", "max", "--no-screen", "--events", "-"],
    ["import", "{rr}", "-o", "{out}"],
    ["demo", "--seconds", "1", "--no-screen"],
    ["words", "show"],
    ["words", "show", "{file}"],
    ["--help"],
    ["demo", "--help"],
    ["simulate", "--help"],
    ["import", "--help"],
    ["replay", "--help"],
    ["info", "--help"],
    ["words", "--help"],
    ["words", "set-passphrase", "--help"],
    ["info", "nowhere.jsonl"],
    ["replay", "{rr}"],
    ["simulate", "-o", "{out}", "--scenario", "nobody"],
    ["no-such-command"],
)


@pytest.mark.parametrize("code", languages())
def test_requirement_15_no_output_of_any_command_judges_or_claims(code, tmp_path, capfd, monkeypatch):
    monkeypatch.setenv("BREATHSYNC_LANGUAGE", code)
    files = {"file": tmp_path / "calm.jsonl", "rr": tmp_path / "rr.txt", "out": tmp_path / "out.jsonl"}
    files["rr"].write_text("\n".join(str(800 + i % 30) for i in range(120)))
    assert main(["simulate", "-o", str(files["file"]), "--seconds", "150"]) == 0
    for command in COMMANDS:
        with contextlib.suppress(SystemExit):
            main([part.format(**files) for part in command])
    said = "".join(capfd.readouterr()).replace(str(tmp_path), "")
    for exempt in (text for key, text in language(code).items() if key.startswith(EXEMPT)):
        said = said.replace(exempt, "")
    assert len(said) > 20_000
    said = in_words(said)
    for name in NAMES_OF_THE_FIELD:
        said = said.replace(name, "")
    assert banned(code).findall(said) == []


@pytest.mark.parametrize("code", languages())
def test_no_recording_judges_or_claims(code, tmp_path):
    wording.use(code)
    file = tmp_path / "calm.jsonl"
    main(["simulate", "-o", str(file), "--seconds", "300"])
    said = re.sub(r'"payload":"[^"]*"', "", file.read_text(encoding="utf-8"))
    assert banned("en").findall(in_words(said)) == []


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("en", "You are stressed."),
        ("en", "Your score: 8"),
        ("en", "Relaxed state detected"),
        ("en", "Poor signal"),
        ("en", "Well done"),
        ("en", "This is better"),
        ("en", "Now calm down"),
        ("en", "slower than adults"),
        ("de", "Du bist gestresst."),
        ("de", "Deine Punktzahl: 8"),
        ("de", "Schlecht geatmet"),
        ("de", "Gut gemacht"),
        ("de", "Ein Erfolg"),
        ("de", "Hohe Kohärenz"),
        ("de", "Therapie"),
        ("de", "für dein Alter"),
    ],
)
def test_the_check_finds_what_it_should(code, words):
    assert banned(code).search(words)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("en", "Nothing here is right or left"),
        ("en", "restore the pointer"),
        ("de", "Das Herz schlägt kräftig"),
    ],
)
def test_and_leaves_alone_what_it_should(code, words):
    assert not banned(code).search(words)
