"""What a person has chosen once for this machine: read from `settings.toml`, with defaults for the rest.

Settings are frozen; what changes during a session is state, and lives elsewhere.
"""

import os
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import platformdirs

from breathsync.errors import InputFileError, OutputFileError
from breathsync.wording import languages, text

_APP = "breathsync"
THEMES = ("dusk", "linen")
SHAPES = ("circle", "wave", "bar")
SLOWEST_TARGET, QUICKEST_TARGET = 4.0, 12.0  # breaths a minute, as the guide's own limits
_ONE_OF = {"theme": THEMES, "guide_shape": SHAPES}


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
    """The settings of this machine. InputFileError says what cannot be used."""
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
    """The settings with those of a file. InputFileError says everything in it that cannot be used."""
    values = {field.name: getattr(settings, field.name) for field in fields(settings)}
    problems = []
    for name, told in chosen.items():
        if name not in values:
            problems.append(text("setting.unknown", name=name, names=", ".join(values)))
            continue
        kind = Path if isinstance(values[name], Path) else type(values[name])
        value, allowed = _read(name, kind, told)
        if allowed:
            problems.append(text("setting.wrong", name=name, value=told, allowed=allowed))
        else:
            values[name] = value
    if problems:
        code = "setting_wrong" if len(problems) == 1 else "settings_wrong"
        lines = "\n  ".join(problems)
        raise InputFileError(code, file=file, count=len(problems), lines=lines)
    return Settings(**values)


def _read(name: str, kind: type, told: Any) -> tuple[Any, str]:
    """What a setting says; where it cannot be that, what it can be."""
    value: Any = told
    if kind is float and type(told) is int:
        value = float(told)
    fits = isinstance(value, str if kind is Path else kind)
    if not fits:
        return None, text(f"setting.{kind.__name__.lower()}")
    if kind is Path:  # from the folder somebody happens to be in, sessions would be scattered
        path = Path(os.path.expanduser(value))  # noqa: PTH111 - Path's own fails where nobody has that name
        return path, "" if path.is_absolute() else text("setting.whole_path")
    known = _ONE_OF.get(name, ())
    if name == "language":
        known = ("system", *languages())
    if known and value not in known:
        return None, ", ".join(known)
    if name == "target_per_min" and not SLOWEST_TARGET <= value <= QUICKEST_TARGET:
        return None, f"{SLOWEST_TARGET:g} - {QUICKEST_TARGET:g}"
    return value, ""
