"""Which language is spoken: as told, else by the environment, the settings, the system; else English."""

import pytest

from breathsync import wording
from breathsync.cli import language, main
from breathsync.settings import settings_file


def spoken(*arguments):
    with pytest.raises(SystemExit):
        main([*arguments, "--help"])
    return wording.used()


def set_language(code):
    settings_file().parent.mkdir(parents=True, exist_ok=True)
    settings_file().write_text(f'language = "{code}"\n')


def test_the_option_goes_before_all(monkeypatch, capsys):
    set_language("en")
    monkeypatch.setenv("BREATHSYNC_LANGUAGE", "en")
    assert spoken("--language", "de") == "de"
    assert "Herzschläge" in capsys.readouterr().out
    assert spoken("--language=de") == "de"


@pytest.mark.parametrize("command", [[], ["info"], ["sessions", "rename"]])
def test_a_manual_page_has_its_headings_in_the_language_of_its_text(command, capsys):
    for code, headings in {
        "en": ("usage: ", "options:", "show this page and exit"),
        "de": ("Aufruf: ", "Optionen:", "diese Seite zeigen und enden"),
    }.items():
        spoken("--language", code, *command)
        said = capsys.readouterr().out
        assert said.startswith(headings[0]) and all(heading in said for heading in headings)


def test_then_the_environment_then_the_settings_then_the_system(monkeypatch):
    monkeypatch.setenv("LC_ALL", "de_AT.UTF-8")
    assert spoken() == "de"
    set_language("en")
    assert spoken() == "en"
    monkeypatch.setenv("BREATHSYNC_LANGUAGE", "de")
    assert spoken() == "de"


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ({}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de"}, "de"),
        ({"LANG": "DE-ch"}, "de"),
        ({"LANG": "de_DE", "LC_ALL": "en_GB"}, "en"),
        ({"LANG": "en_GB", "LC_MESSAGES": "de_DE"}, "de"),
        ({"LANG": "de_DE", "LC_ALL": ""}, "de"),
    ],
)
def test_the_systems_language(environment, code):
    assert language.of_system(environment) == code


def test_a_language_that_is_not_there_is_said(capsys, monkeypatch):
    assert main(["--language", "tlh", "info"]) == 2
    assert "There is no language tlh. There are: de, en." in capsys.readouterr().err
    monkeypatch.setenv("BREATHSYNC_LANGUAGE", "tlh")
    assert main(["info"]) == 2
    monkeypatch.delenv("BREATHSYNC_LANGUAGE")
    set_language("tlh")
    assert main(["info"]) == 2
    assert "system, de, en" in capsys.readouterr().err


def test_a_whole_session_speaks_german(tmp_path, capsys):
    file = str(tmp_path / "calm.jsonl")
    assert main(["--language", "de", "simulate", "-o", file, "--seconds", "150"]) == 0
    assert main(["--language", "de", "info", file]) == 0
    assert main(["--language", "de", "replay", file, "--speed", "max", "--no-screen"]) == 0
    out = capsys.readouterr().out
    assert "Herzschläge" in out and "Schwingung" in out and "Zu Ende nach 02:30" in out
    assert "heart" not in out.replace("calm.jsonl", "").lower()
