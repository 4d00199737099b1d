"""Which language to speak: as told on the command line, else the environment, the settings, the system."""

import os
import sys
from collections.abc import Mapping, Sequence

from breathsync.errors import UsageError
from breathsync.wording import ENGLISH, languages

OPTION, VARIABLE, SYSTEM = "--language", "BREATHSYNC_LANGUAGE", "system"


def told(arguments: Sequence[str], environment: Mapping[str, str]) -> str | None:
    """What the command line or the environment asks for. UsageError if there is no such language."""
    for place, argument in enumerate(arguments):
        if argument.startswith(f"{OPTION}="):
            return _known(argument.partition("=")[2])
        if argument == OPTION and place + 1 < len(arguments):
            return _known(arguments[place + 1])
    named = environment.get(VARIABLE)
    return _known(named) if named else None


def of_system(environment: Mapping[str, str]) -> str:
    """The language of this machine, where we speak it; else English. POSIX: `LC_ALL` goes before `LANG`."""
    named = [environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    chosen = next((name for name in named if name), None) or _windows_language()
    code = chosen.replace("-", "_").partition("_")[0].partition(".")[0].lower()
    return code if code in languages() else ENGLISH


def _windows_language() -> str:
    if sys.platform == "win32":
        import ctypes
        import locale

        return locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), ENGLISH)
    return ENGLISH


def _known(code: str) -> str:
    if code not in languages():
        raise UsageError("language", name=code or '""', names=", ".join(languages()))
    return code


def chosen(arguments: Sequence[str], setting: str) -> str:
    """The language to speak. `setting` is a code or `system`."""
    return told(arguments, os.environ) or (of_system(os.environ) if setting == SYSTEM else setting)
