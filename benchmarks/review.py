"""The review window on eight hours: how soon it is open, and how quickly it scrubs and zooms."""

import json
import os
import subprocess
import sys

from benchmarks.row import Row, at_least, at_most
from benchmarks.sessions import folder, recording
from breathsync.clock import stopwatch

_CHILD = "benchmarks.review_child"


def child(job: str, *arguments: object) -> dict[str, float]:
    """What a process with the review in it measured."""
    home = str(folder())
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_CACHE_HOME": home,
        "XDG_DATA_HOME": home,
    }
    command = [sys.executable, "-m", _CHILD, job, str(stopwatch()), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def run(*, full: bool) -> list[Row]:
    """The rows of this benchmark."""
    day = recording("long-day")
    frames = 600 if full else 200
    first = child("opened", day)
    derived = child("derived", day)
    again = child("opened", day)
    moved = child("moved", day, frames)
    return [
        at_most(
            "8 h open, never seen before: program start to first picture", first["opened_s"], 2.0, " s"
        ),
        at_most("8 h open again, every measure there", again["opened_s"], 2.0, " s"),
        Row("8 h derived beside the open window", f"{derived['derived_s']:.1f} s"),
        at_least("scrubbing 8 h, 1600 x 900, frames a second", moved["scrub_fps"], 30),
        at_least("  its slowest of twenty frames, as frames a second", moved["scrub_p95_fps"], 30),
        at_least("zooming from 8 h to 5 s and back, frames a second", moved["zoom_fps"], 30),
        at_least("scrubbing while it is being derived, frames a second", moved["meanwhile_fps"], 30),
    ]
