"""The folder where recordings are kept, and their names."""

from datetime import datetime
from pathlib import Path

SUFFIX = ".jsonl"


def new_file(folder: Path, started: datetime, name: str) -> Path:
    """A name that no recording has yet: date, time and what it is."""
    stem = f"{started:%Y-%m-%d_%H%M%S}_{name}"
    file = folder / (stem + SUFFIX)
    number = 2
    while file.exists():
        file = folder / f"{stem}-{number}{SUFFIX}"
        number += 1
    return file


def kept(folder: Path) -> list[Path]:
    """The recordings in a folder, newest first by name; truths of simulated ones are not listed."""
    if not folder.is_dir():
        return []
    files = folder.glob(f"*{SUFFIX}")
    return sorted((f for f in files if not f.name.endswith(f".truth{SUFFIX}")), reverse=True)
