"""kill -9 at random moments of a recording session: what is lost."""

import random
import signal
import subprocess
import sys
from pathlib import Path

from benchmarks.row import Row, at_most
from benchmarks.sessions import folder
from breathsync.session.replay import RecordingReader
from breathsync.session.summary import summarise

_CHILD = """
import asyncio, sys
from pathlib import Path
from breathsync.clock import SessionClock
from breathsync.practice import practice_file
from breathsync.practice.conductor import Conductor
from breathsync.session import simulation
from breathsync.session.live import LiveSession, run
from breathsync.session.pipeline import pipeline
from breathsync.session.recorder import Recorder
from breathsync.session.recording import Header
from breathsync.session.sitting import Sitting

def say(at, event):
    print(at, flush=True)

conductor = Conductor(practice_file.shipped())
live = LiveSession(Sitting(pipeline(), [say]), conductor, Recorder(Path(sys.argv[1]), Header()))
strap = simulation.strap_of(simulation.SCENARIOS["first-session"], conductor.guide_at, int(sys.argv[2]))
asyncio.run(run(live, strap, SessionClock(rate=20.0)))
"""


def lost_seconds(seed: int, where: Path | None = None) -> float:
    """Session seconds known to a session that was killed, and not in its recording."""
    rng = random.Random(seed)
    file = (where or folder()) / f"killed-{seed}.jsonl"
    file.unlink(missing_ok=True)
    command = [sys.executable, "-c", _CHILD, str(file), str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        said = "0"
        for _ in range(rng.randint(20, 400)):
            said = child.stdout.readline() or said
        child.send_signal(signal.SIGKILL)
        rest = child.stdout.read().splitlines()
    known_s = float(rest[-1] if rest and rest[-1].count(".") == 1 else said)
    reader = RecordingReader(file)
    inputs = list(reader.inputs())
    assert not reader.ended
    assert summarise(file).duration_s == inputs[-1].time
    return known_s - inputs[-1].time


def run(*, full: bool) -> list[Row]:
    """The rows of this benchmark."""
    count = 20 if full else 5
    worst = max(lost_seconds(seed) for seed in range(count))
    return [at_most(f"lost by kill -9, the most of {count}", worst, 1.0, " s")]
