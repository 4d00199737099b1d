"""`breathsync doctor`: whether this machine can hear straps, and what to do where it cannot, in order."""

import argparse
import asyncio
import importlib.metadata
import platform
import sys
from pathlib import Path

from rich.console import Console

from breathsync.devices import bluetooth
from breathsync.settings import Settings
from breathsync.wording import text

_SYSTEMS = {"darwin": "macos", "win32": "windows"}
_SYS = Path("/sys/class")


def run(arguments: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001 - as every command
    """Say how things stand and what comes next."""
    console = Console(highlight=False, markup=False)
    for line in facts(_SYS):
        console.print(line, soft_wrap=True)
    code = asyncio.run(bluetooth.why_not())
    if code is None:
        console.print(text("doctor.ready"), soft_wrap=True)
        return 0
    matter = text(f"strap.{code}")
    console.print(f"\n{matter[0].upper()}{matter[1:]}.", soft_wrap=True)
    console.print(text(f"doctor.{system()}.{advice_for(code, _SYS)}"), soft_wrap=True)
    return 2


def system() -> str:
    """Which system's advice to give."""
    return _SYSTEMS.get(sys.platform, "linux")


def facts(sys_class: Path) -> list[str]:
    """What can be said of this machine without asking its Bluetooth."""
    bleak = importlib.metadata.version("bleak")
    lines = [
        text("doctor.machine", system=platform.platform(), python=platform.python_version(), bleak=bleak)
    ]
    if system() == "linux":
        adapters = sorted(p.name for p in sys_class.glob("bluetooth/hci*") if ":" not in p.name)
        lines.append(text("doctor.adapters", names=", ".join(adapters) or text("doctor.none")))
        if blocked := blocks(sys_class):
            lines.append(text(f"doctor.blocked_{blocked}"))
    return lines


def blocks(sys_class: Path) -> str | None:
    """Whether a switch holds Bluetooth off: `hard` (a key or slide), `soft` (a setting), or none does."""
    found = None
    for switch in sorted(sys_class.glob("rfkill/rfkill*")):
        if _says(switch / "type") == "bluetooth":
            if _says(switch / "hard") == "1":
                return "hard"
            if _says(switch / "soft") == "1":
                found = "soft"
    return found


def advice_for(code: str, sys_class: Path) -> str:
    """The key of the advice: off by a switch is another matter than off by a setting."""
    if system() == "linux" and code in {"bluetooth_off", "no_adapter"} and (blocked := blocks(sys_class)):
        return f"blocked_{blocked}"
    return code


def _says(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii").strip()
    except OSError:
        return ""
