"""The window: first frame, frames a second, processor time, memory. Each in a process of its own."""

import json
import os
import subprocess
import sys

from benchmarks.row import Row, at_least, at_most
from benchmarks.sessions import folder, recording
from breathsync.clock import stopwatch

_CHILD = "benchmarks.window_child"


def child(job: str, *arguments: object) -> dict[str, float]:
    """What a process with the real window in it measured."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_DATA_HOME": str(folder())}
    command = [sys.executable, "-m", _CHILD, job, str(stopwatch()), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def run(*, full: bool) -> list[Row]:
    """The rows of this benchmark."""
    child("first_frame")  # warm files
    first = min(child("first_frame")["first_frame_s"] for _ in range(3))
    seconds = 30 if full else 10
    passes = [child("live", recording("steady-practice"), seconds) for _ in range(3)]
    live = min(passes, key=lambda one: one["cpu_share"])  # the least disturbed
    frames = child("frames", recording("steady-practice"), 10_000 if full else 2_000)
    return [
        at_most("first frame after start, warm files", first, 1.2, " s"),
        at_most("heavy libraries imported by then", child("first_frame")["heavy"], 0),
        at_least("pacer frames a second, offscreen (a timer of 16 ms)", live["frames_per_s"], 55),
        at_most("pacer frame to frame, p99", live["frame_p99_ms"], 25, " ms"),
        at_most("processor, live, share of one core", 100 * live["cpu_share"], 15, " %"),
        at_most("memory after the frames / before", frames["memory_ratio"], 1.02),
    ]
