"""Sessions to measure on, made once and kept for the run."""

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from breathsync.session import simulation
from breathsync.session.pipeline import pipeline
from breathsync.session.recorder import made_recording
from breathsync.session.sitting import Sitting


@cache
def folder() -> Path:
    """Where this run keeps its files."""
    return Path(mkdtemp(prefix="breathsync-benchmarks-"))


@cache
def recording(scenario_name: str, seconds: float | None = None, seed: int = 1) -> Path:
    """A simulated recording."""
    file = folder() / f"{scenario_name}-{seconds}-{seed}.jsonl"
    scenario = simulation.scenario_named(scenario_name)
    with made_recording(file, simulation.header_of(scenario, seed)) as recorder:
        simulation.simulate(scenario, seed, Sitting(pipeline()), recorder, seconds)
    return file
