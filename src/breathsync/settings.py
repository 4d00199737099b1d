"""What a person has chosen once for this machine: read from `settings.toml`, with defaults for the rest.

Settings are frozen; what changes during a session is state, and lives elsewhere.
"""

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import platformdirs

from breathsync.errors import InputFileError, OutputFileError
from breathsync.wording import languages

_APP = "breathsync"
THEMES = ("dusk", "linen")
SHAPES = ("circle", "wave", "bar")
SLOWEST_TARGET, QUICKEST_TARGET = 4.0, 12.0  # breaths a minute, as the guide's own limits
_ALLOWED = {
    bool: "true, false",
    float: "a number",
    str: 'a text in "quotation marks"',
    Path: 'a path in "quotation marks"',
}


@dataclass(frozen=True, slots=True)
class Settings:
    """One machine's settings. Every field can stand in `settings.toml` under the same name."""

    recordings_folder: Path
    profiles_folder: Path
    language: str = "system"
    theme: str = "dusk"
    reduced_motion: bool = False
    show_numbers: bool = False
    guide_shape: str = "circle"
    guide_listens: bool = True
    target_per_min: float = 6.0
    practitioner_window: bool = False
    practices_folder: Path = field(
        default_factory=lambda: platformdirs.user_config_path(_APP) / "practices"
    )


def settings_file() -> Path:
    """Where the settings lie on this machine, whether or not the file exists."""
    return platformdirs.user_config_path(_APP) / "settings.toml"


def cache_folder() -> Path:
    """Where derived numbers may be kept, to be had again quickly; everything in it can be made anew."""
    return platformdirs.user_cache_path(_APP) / "derived"


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


def keep(name: str, value: float | str, file: Path | None = None) -> None:
    """Write one setting into the file; every other line stays as it is. OutputFileError if it cannot be."""
    file = file or settings_file()
    line = f"{name} = {value}" if isinstance(value, float) else f'{name} = "{value}"'
    try:
        before = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
        others = [old for old in before if old.partition("=")[0].strip() != name]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join([line, *others]) + "\n", encoding="utf-8")
    except OSError as problem:
        raise OutputFileError("cannot_write", file=file, problem=problem.strerror) from problem


def _with(settings: Settings, chosen: dict[str, Any], file: Path) -> Settings:
    values = {field.name: getattr(settings, field.name) for field in fields(settings)}
    for name, value in chosen.items():
        if name not in values:
            raise InputFileError("setting_unknown", file=file, name=name, names=", ".join(values))
        kind = Path if isinstance(values[name], Path) else type(values[name])
        if kind is float and type(value) is int:
            value = float(value)
        if not isinstance(value, str if kind is Path else kind):
            allowed = _ALLOWED.get(kind, kind.__name__)
            raise InputFileError("setting_wrong", file=file, name=name, value=value, allowed=allowed)
        values[name] = Path(value).expanduser() if kind is Path else value
    for name, known in (("theme", THEMES), ("guide_shape", SHAPES), ("language", ("system", *languages()))):
        if values[name] not in known:
            wrong = {"name": name, "value": values[name], "allowed": ", ".join(known)}
            raise InputFileError("setting_wrong", file=file, **wrong)
    target = values["target_per_min"]
    if not SLOWEST_TARGET <= target <= QUICKEST_TARGET:
        limits = f"{SLOWEST_TARGET:g} - {QUICKEST_TARGET:g}"
        wrong = {"name": "target_per_min", "value": target, "allowed": limits}
        raise InputFileError("setting_wrong", file=file, **wrong)
    return Settings(**values)
