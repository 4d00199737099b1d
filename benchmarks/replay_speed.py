"""How fast recordings replay with every stage on, and whether memory stays flat over eight hours."""

import asyncio
import gc
import io
import tracemalloc
from pathlib import Path

from benchmarks.row import Row, at_least, at_most
from benchmarks.sessions import recording
from breathsync.clock import stopwatch
from breathsync.session import playback
from breathsync.session.event_log import EventLog
from breathsync.session.pipeline import pipeline
from breathsync.session.replay import RecordingReader
from breathsync.session.sitting import Sitting

_LOOKS = 12
_TIMES = 10  # the least disturbed of so many


class _Nowhere(io.StringIO):
    def write(self, text: str) -> int:
        return len(text)


def replay_seconds(file: Path) -> tuple[float, float]:
    """Seconds that a replay takes with its events written out, and the seconds of session in it."""
    reader = RecordingReader(file)
    start = stopwatch()
    asyncio.run(playback.play(reader.inputs(), Sitting(pipeline(), [EventLog(_Nowhere())])))
    return stopwatch() - start, reader.last_s


def memory_by_part(file: Path, parts: int, part_s: float) -> list[int]:
    """The most bytes that Python held in each part of a replay, looked at some times in each.

    Windows grow and are cut in steps: one look a part would see a saw's tooth at a random height.
    """
    sitting = Sitting(pipeline(), [EventLog(_Nowhere())])
    held, looks = [0] * parts, 1
    tracemalloc.start()
    for event in RecordingReader(file).inputs():
        if event.time >= part_s / _LOOKS * looks:
            gc.collect()
            part = min(int((event.time - 1e-9) // part_s), parts - 1)
            held[part] = max(held[part], tracemalloc.get_traced_memory()[0])
            looks += 1
        sitting.push(event)
    tracemalloc.stop()
    return held


def run(*, full: bool) -> list[Row]:
    """The rows of this benchmark."""
    took, lasted = min(replay_seconds(recording("first-session")) for _ in range(_TIMES))
    rows = [at_least("replay, heart rate only, x real time (aim 3,000)", lasted / took, 1500)]
    if full:
        took, _ = replay_seconds(recording("long-day"))
        held = memory_by_part(recording("long-day"), 8, 3600.0)
        rows.append(at_most("8 hours replayed in (aim 10)", took, 20, " s"))
        rows.append(at_most("memory, last hour / second hour", held[-1] / held[1], 1.05))
    return rows
