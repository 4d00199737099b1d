"""The shape of the house, checked by tools."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "src" / "breathsync").rglob("*.py"))


def test_imports_go_one_way():
    pytest.importorskip("importlinter", reason="import-linter is not installed")
    run = subprocess.run(["lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize("file", SOURCES, ids=lambda f: str(f.relative_to(ROOT / "src")))
def test_every_file_says_at_its_top_what_belongs_there(file):
    words = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
    assert words and len(words.splitlines()[0]) > 15


@pytest.mark.parametrize("file", SOURCES, ids=lambda f: str(f.relative_to(ROOT / "src")))
def test_no_file_grows_beyond_350_lines(file):
    limit = 700 if file.name == "events.py" else 350  # the one vocabulary stands in one file
    assert len(file.read_text(encoding="utf-8").splitlines()) <= limit


def imported_by(code: str) -> set[str]:
    script = f"{code}\nimport sys\nprint(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in run.stdout.split()}


HEAVY = {"neurokit2", "pandas", "matplotlib", "scipy", "sklearn"}


def test_the_window_starts_without_heavy_libraries(qapp):
    assert not imported_by("import breathsync.screen.app") & HEAVY


def test_the_devices_need_no_numpy_and_no_qt():
    modules = imported_by("import breathsync.devices.simulator, breathsync.devices.decoder")
    assert not modules & {*HEAVY, "numpy", "PySide6", "shiboken6"}


def test_bluetooth_needs_no_numpy_and_no_qt():
    modules = imported_by("import breathsync.devices.bluetooth, breathsync.devices.held_strap")
    assert "bleak" in modules
    assert not modules & {*HEAVY, "numpy", "PySide6", "shiboken6", "bumble"}


def test_the_window_starts_without_the_radios_library(qapp):
    assert not imported_by("import breathsync.screen.app") & {"bleak", "bumble"}


def test_a_session_without_a_window_needs_no_qt():
    modules = imported_by("import breathsync.session.players, breathsync.screen.terminal")
    assert not modules & {*HEAVY, "PySide6", "shiboken6"}
