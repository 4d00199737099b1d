"""What a person writes into the settings file: taken as it is meant, or answered line by line."""

from pathlib import Path

import pytest

from breathsync import settings, wording
from breathsync.cli import main
from breathsync.errors import InputFileError


def loaded(tmp_path, text):
    file = tmp_path / "settings.toml"
    file.write_text(text, encoding="utf-8")
    return settings.load(file)


def test_what_is_not_said_stays_as_it_is(tmp_path):
    chosen = loaded(tmp_path, 'theme = "linen"\ntarget_per_min = 6\n')
    assert chosen.theme == "linen" and chosen.target_per_min == 6.0
    assert chosen.recordings_folder == settings.defaults().recordings_folder


ALL_WRONG = """them = "dusk"
theme = "pink"
reduced_motion = "yes"
target_per_min = 40
guide_shape = "square"
language = "tlh"
recordings_folder = "mine"
practices_folder = 3
"""


@pytest.mark.parametrize("language", ["en", "de"])
def test_everything_that_cannot_be_used_is_said_at_once_a_line_each(tmp_path, language):
    wording.use(language)
    with pytest.raises(InputFileError) as caught:
        loaded(tmp_path, ALL_WRONG)
    first, *lines = str(caught.value).splitlines()
    assert str(tmp_path / "settings.toml") in first and "8" in first
    names = [line.partition(" = ")[0] for line in ALL_WRONG.splitlines()]
    assert len(lines) == len(names)
    assert all(name in line for name, line in zip(names, lines, strict=True))


def test_one_mistake_is_one_line(tmp_path):
    with pytest.raises(InputFileError) as caught:
        loaded(tmp_path, 'theme = "pink"\n')
    assert (
        str(caught.value) == f"{tmp_path / 'settings.toml'}: theme cannot be pink. It can be: dusk, linen."
    )


@pytest.mark.parametrize("name", ["recordings_folder", "profiles_folder", "practices_folder"])
@pytest.mark.parametrize("told", ["sessions", "./sessions", "../sessions", "~nobody-of-that-name/sessions"])
def test_a_folder_is_the_same_wherever_one_works(tmp_path, name, told):
    with pytest.raises(InputFileError) as caught:
        loaded(tmp_path, f'{name} = "{told}"\n')
    assert f'{name} cannot be {told}. It can be: a whole path, as in "~/sessions".' in str(caught.value)


def test_a_folder_may_begin_at_home(tmp_path):
    chosen = loaded(tmp_path, f"recordings_folder = '{tmp_path}'\npractices_folder = '~/practices'\n")
    assert chosen.recordings_folder == tmp_path
    assert chosen.practices_folder == Path.home() / "practices"


def test_nothing_is_recorded_with_settings_that_cannot_be_used(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    settings.settings_file().parent.mkdir(parents=True, exist_ok=True)
    settings.settings_file().write_text('recordings_folder = "here"\n', encoding="utf-8")
    assert main(["demo", "--no-screen", "--seconds", "1"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "whole path" in said
    assert not (tmp_path / "here").exists()
