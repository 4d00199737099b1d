"""What every test can have: an empty home, the shared recordings, and a Qt application where Qt is."""

import gc
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from breathsync import wording
from breathsync.errors import FaultError
from breathsync.session import letterbox

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")  # a busy machine is no mistake

os.environ["TERM"] = "xterm-256color"  # what a terminal shows does not depend on where the tests run
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before anything imports Qt

REQUIRED = set(os.environ.get("BREATHSYNC_REQUIRE", "").split())
"""What may not be missing: CI sets `qt data`, so that nothing is skipped there without notice."""


def missing(what: str, reason: str) -> None:
    """Skip a test for want of `what`, or fail it where that is required."""
    if what in REQUIRED:
        pytest.fail(f"{reason}, and it is required here")
    pytest.skip(reason)


def pytest_xdist_auto_num_workers():
    """One more than there are cores: some tests wait, for processes, links and frames."""
    return (os.cpu_count() or 1) + 1


LONGEST = (
    "air/test_soak",
    "test_benchmarks",
    "test_stage_contract",
    "test_pythons",
    "session/test_real_input",
)
"""What takes longest begins first, so that no worker is left alone with it at the end."""


def pytest_collection_modifyitems(items):
    """Each module in its place, but for the longest."""
    places = {Path(__file__).parent / f"{name}.py": place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


def pytest_collection_finish():
    """What is loaded by now stays, so no collection of garbage need look at it again."""
    gc.collect()
    gc.freeze()


_BROKEN: list[str] = []


def pytest_internalerror(excrepr):
    """A worker that breaks takes its tests with it; pytest-xdist 3.8 goes on and ends with 0."""
    _BROKEN.append(str(excrepr))


def pytest_sessionfinish(session):
    """So the run says that it broke."""
    if _BROKEN:
        session.exitstatus = pytest.ExitCode.INTERNAL_ERROR


@pytest.fixture(autouse=True)
def empty_home(tmp_path, monkeypatch):
    """No test reads or writes what lies in the home of whoever runs it."""
    home = tmp_path / "home"
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(home / name.lower()))
    monkeypatch.setenv("HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def in_english(monkeypatch):
    """Every test begins in English, wherever it runs."""
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.delenv("BREATHSYNC_LANGUAGE", raising=False)
    wording.use("en")


_TELL = FaultError.of


def _raise(fault):
    raise fault


@pytest.fixture(autouse=True)
def faults_fail(monkeypatch):
    """A fault of ours fails the test in which it happens, with all its traceback."""
    monkeypatch.setattr(FaultError, "of", _raise)


@pytest.fixture
def faults_are_told(faults_fail, monkeypatch):
    """It is told as its user would be."""
    monkeypatch.setattr(FaultError, "of", _TELL)


@pytest.fixture
def without_neurokit(monkeypatch):
    """It takes longer than all else in a report, and most tests look elsewhere."""
    monkeypatch.setattr("breathsync.session.report.neurokit.installed", lambda: False)
    monkeypatch.setattr("breathsync.session.report.second_page.installed", lambda: False)


@pytest.fixture(scope="session", autouse=True)
def full_cost():
    """What a guess of a passphrase costs as shipped; in tests it costs next to nothing."""
    shipped = letterbox.COST
    letterbox.COST = (64, 1, 4)
    yield shipped
    letterbox.COST = shipped


@pytest.fixture(scope="session")
def shared_data():
    """The folder of real recordings, beside the project or where BREATHSYNC_DATA says."""
    named = os.environ.get("BREATHSYNC_DATA")
    folder = Path(named) if named else Path(__file__).parents[2] / "shared" / "data"
    if not folder.is_dir():
        missing("data", f"no real recordings at {folder}")
    return folder


@pytest.fixture(scope="session")
def qapp():
    """The one Qt application of a test run."""
    try:
        from PySide6.QtWidgets import QApplication
    except ImportError as problem:
        missing("qt", f"Qt cannot be imported: {problem}")
    return QApplication.instance() or QApplication(["tests"])
