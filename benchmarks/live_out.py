"""Streams out to another process: whether anything is lost, and how steadily they come."""

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.row import Row, at_most, percentile
from benchmarks.sessions import folder, recording

_SENDER = """
import asyncio, json, sys
from pathlib import Path
import pylsl
from breathsync.devices import profiles
from breathsync.devices.decoder import Decoder
from breathsync.session.outlets import Outlets, sampled_in
from breathsync.session.players import ReplayPlayer
from breathsync.session.replay import RecordingReader
from breathsync.settings import defaults

pushed = []

class Outlet(pylsl.StreamOutlet):
    def __init__(self, info, **options):
        super().__init__(info, **options)
        self.named = info.name()
    def push_sample(self, values, time):
        pushed.append((self.named, [time], pylsl.local_clock()))
        super().push_sample(values, time)
    def push_chunk(self, rows, times):
        pushed.append((self.named, list(times), pylsl.local_clock()))
        super().push_chunk(rows, times)

class Lsl:
    StreamOutlet = Outlet
    def __getattr__(self, name):
        return getattr(pylsl, name)

file, rate, out = Path(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3])
player = ReplayPlayer(RecordingReader(file), defaults(), rate=rate)
rates = sampled_in(RecordingReader(file).inputs(), Decoder(profiles.load_all(None)))
outlets = Outlets(player.now, "bench", rates, lsl=Lsl())
assert outlets.wait_for_consumers(30), "nobody listens"
print("sending", flush=True)
asyncio.run(player.run([outlets]))
out.write_text(json.dumps(pushed))
import time
time.sleep(1.5)  # what was pushed last is on its way
"""

_RECEIVER = """
import json, sys, threading, time
from pathlib import Path
import pylsl

names = sys.argv[2:]
got = {}

def listen(name, info):
    inlet = pylsl.StreamInlet(info, max_buflen=600)
    inlet.open_stream(timeout=20)
    rows = got[name] = {"heard": [], "xml": inlet.info().as_xml(), "rate": info.nominal_srate(),
                        "type": info.type(), "channels": info.channel_count()}
    while True:
        try:
            values, stamp = inlet.pull_sample(timeout=3.0)
        except pylsl.util.LostError:
            return
        if stamp is None:
            if ended.is_set():
                return
            continue
        now = pylsl.local_clock()
        more, stamps = inlet.pull_chunk(timeout=0.0)  # what came with it
        rows["heard"] += zip([stamp, *stamps], [now] * (1 + len(stamps)), [values, *more])
        if ["ended"] in (values, *more):
            ended.set()

ended = threading.Event()
found = pylsl.resolve_bypred("starts-with(name, 'BreathSync')", len(names), timeout=20)
assert {info.name() for info in found} == set(names), [info.name() for info in found]
threads = [threading.Thread(target=listen, args=(info.name(), info)) for info in found]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
Path(sys.argv[1]).write_text(json.dumps(got))
"""

_ALONE = """[multicast]
ResolveScope = machine
[lab]
SessionID = {session}
[log]
level = -3
"""


def streams_of(file: Path, rate: float, place: Path) -> tuple[list[list], dict[str, dict]]:  # type: ignore[type-arg]
    """What one process pushed, and what another one heard of it, over the loopback alone."""
    settings = place / "lsl_api.cfg"
    settings.write_text(_ALONE.format(session=f"breathsync-{place.name}"))
    import os

    environment = {**os.environ, "LSLAPICFG": str(settings)}
    pushed, heard = place / "pushed.json", place / "heard.json"
    kinds = ["RR", "HR", "Breath", "Pacer", "Markers", "ECG", "ACC"]
    names = [f"BreathSync {kind} bench" for kind in kinds]
    sender = [sys.executable, "-c", _SENDER, str(file), str(rate), str(pushed)]
    receiver = [sys.executable, "-c", _RECEIVER, str(heard), *names]
    with subprocess.Popen(receiver, env=environment) as listening:
        try:
            subprocess.run(sender, env=environment, check=True, stdout=subprocess.DEVNULL)
            listening.wait(60)
        finally:
            listening.kill()
    return json.loads(pushed.read_text()), json.loads(heard.read_text())


def figures(pushed: list[list], heard: dict[str, dict]) -> tuple[int, int, list[float]]:  # type: ignore[type-arg]
    """How many samples were pushed, how many of them did not come, and how long the others took, in ms."""
    sent: dict[tuple[str, float], float] = {}
    for name, times, when in pushed:
        for time in times:
            sent[name, round(time, 7)] = when
    came = {(name, round(t, 7)): at for name, rows in heard.items() for t, at, _ in rows["heard"]}
    delays = [1000 * (came[key] - when) for key, when in sent.items() if key in came]
    return len(sent), sum(key not in came for key in sent), delays


def run(*, full: bool) -> list[Row]:
    """The rows of this benchmark: ten minutes in real time, or one."""
    try:
        import pylsl  # noqa: F401 - whether it loads
    except (ImportError, RuntimeError) as problem:
        return [Row("streams out", f"not measured: {problem}")]
    seconds = 600.0 if full else 60.0
    place = folder() / "lsl"
    place.mkdir(exist_ok=True)
    pushed, heard = streams_of(recording("ecg-practice", seconds), 1.0, place)
    sent, lost, delays = figures(pushed, heard)
    least = min(delays)
    late = [delay - least for delay in delays]
    what = f"live out, {seconds / 60:g} min, {sent:,} samples to another process"
    return [
        at_most(f"{what}: lost", lost, 0),
        at_most("live out: jitter of delivery, p99", percentile(late, 0.99), 5.0, " ms"),
        Row("live out: delivery, median and most", f"{percentile(delays, 0.5):.2f}, {max(delays):.1f} ms"),
    ]
