"""The same recording says the same under every Python that BreathSync supports.

Needs the interpreters; where one is not installed its test is skipped and says so.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
RECORDING = ROOT / "recordings" / "patchy-signal.jsonl"


def real_home() -> Path:
    """The home of whoever runs this, from before the tests emptied it."""
    try:
        import pwd
    except ImportError:
        return Path.home()
    return Path(pwd.getpwuid(os.getuid()).pw_dir)


def _has_pip(python: str) -> bool:
    return subprocess.run([python, "-m", "pip", "-V"], capture_output=True, check=False).returncode == 0


def interpreter(version: str) -> str | None:
    """A Python of this version: on the path, or installed by pyenv."""
    found = [str(p) for p in sorted(real_home().glob(f".pyenv/versions/{version}.*/bin/python"))]
    found += [path for path in [shutil.which(f"python{version}")] if path]
    works = [path for path in found if _has_pip(path)]
    return works[-1] if works else None


def events_by(python: str, out: Path, path: str = "") -> list[dict]:
    command = [python, "-m", "breathsync", "replay", str(RECORDING), "--speed", "max", "--no-screen"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), path])}
    environment |= {"XDG_CONFIG_HOME": str(out.parent), "APPDATA": str(out.parent)}  # no one's settings
    subprocess.run([*command, "--events", str(out)], env=environment, check=True, capture_output=True)
    return [json.loads(line) for line in out.read_text().splitlines()]


def same(one, other) -> bool:
    """Equal, numbers within one unit of the last place that is written."""
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= 1.5e-6
    return one == other


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    return events_by(sys.executable, tmp_path_factory.mktemp("ours") / "events.jsonl")


def install(python: str, place: Path) -> None:
    """What a replay needs, for this Python; uv is quicker where it is there."""
    uv = os.environ.get("UV") or shutil.which("uv")
    command = [uv, "pip", "install", "--python", python] if uv else [python, "-m", "pip", "install"]
    environment = {**os.environ, "HOME": str(real_home())}
    wanted = ["-q", "--target", str(place), "numpy>=2", "rich", "platformdirs"]
    subprocess.run([*command, *wanted], check=True, capture_output=True, env=environment, cwd=place.parent)


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_events_are_equal_within_their_rounding(version, ours, tmp_path):
    python = interpreter(version)
    if python is None:
        pytest.skip(f"Python {version} is not installed here")
    install(python, tmp_path / "packages")
    theirs = events_by(python, tmp_path / "theirs.jsonl", str(tmp_path / "packages"))
    assert len(ours) == len(theirs) > 1000
    for one, other in zip(ours, theirs, strict=True):
        assert one.keys() == other.keys()
        assert all(same(one[key], other[key]) for key in one), (one, other)
