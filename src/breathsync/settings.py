"""What a person has chosen once for this machine: read from `settings.toml`, with defaults for the rest.

Settings are frozen; what changes during a session is state, and lives elsewhere.
"""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import platformdirs

from breathsync.errors import InputFileError

_APP = "breathsync"
THEMES = ("dusk", "linen")
_ALLOWED = {bool: "true, false", str: 'a text in "quotation marks"', Path: 'a path in "quotation marks"'}


@dataclass(frozen=True, slots=True)
class Settings:
    """One machine's settings. Every field can stand in `settings.toml` under the same name."""

    recordings_folder: Path
    profiles_folder: Path
    language: str = "en"
    theme: str = "dusk"
    reduced_motion: bool = False
    show_numbers: bool = True


def settings_file() -> Path:
    """Where the settings lie on this machine, whether or not the file exists."""
    return platformdirs.user_config_path(_APP) / "settings.toml"


def straps_file() -> Path:
    """Where the straps of this machine are remembered: beside the settings."""
    return settings_file().with_name("straps.json")


def defaults() -> Settings:
    """The settings of a machine on which nothing was chosen."""
    return Settings(
        recordings_folder=platformdirs.user_data_path(_APP) / "recordings",
        profiles_folder=platformdirs.user_config_path(_APP) / "devices",
    )


def load(file: Path | None = None) -> Settings:
    """The settings of this machine. InputFileError says which line cannot be used."""
    file = file or settings_file()
    if not file.is_file():
        return defaults()
    try:
        chosen = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise InputFileError("settings_unreadable", file=file, problem=problem) from problem
    return _with(defaults(), chosen, file)


def _with(settings: Settings, chosen: dict[str, Any], file: Path) -> Settings:
    values = {field.name: getattr(settings, field.name) for field in fields(settings)}
    for name, value in chosen.items():
        if name not in values:
            raise InputFileError("setting_unknown", file=file, name=name, names=", ".join(values))
        kind = Path if isinstance(values[name], Path) else type(values[name])
        if not isinstance(value, str if kind is Path else kind):
            allowed = _ALLOWED.get(kind, kind.__name__)
            raise InputFileError("setting_wrong", file=file, name=name, value=value, allowed=allowed)
        values[name] = Path(value).expanduser() if kind is Path else value
    if values["theme"] not in THEMES:
        chosen_theme = {"name": "theme", "value": values["theme"], "allowed": ", ".join(THEMES)}
        raise InputFileError("setting_wrong", file=file, **chosen_theme)
    return Settings(**values)
