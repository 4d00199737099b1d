"""The straps that this machine has held, the last one first: a small file beside the settings.

Addresses mean something on this machine alone: macOS gives each strap one of its own making. Remembering
is a convenience and never a condition: a file that cannot be read or written is done without.
"""

import json
from contextlib import suppress
from pathlib import Path

from breathsync.devices.finding import KnownStrap

MOST = 20


def load(file: Path) -> tuple[KnownStrap, ...]:
    """The straps in the file, the last one first."""
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))["straps"]
        return tuple(KnownStrap(str(row["address"]), row.get("name")) for row in rows)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ()


def remember(file: Path, strap: KnownStrap) -> None:
    """Put a strap first."""
    others = [known for known in load(file) if known.address != strap.address]
    rows = [{"address": s.address, "name": s.name} for s in (strap, *others)][:MOST]
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(".new")
        fresh.write_text(json.dumps({"straps": rows}, ensure_ascii=False, indent=1), encoding="utf-8")
        fresh.replace(file)
