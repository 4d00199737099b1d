"""Four straps at once with ECG and acceleration: how late an event is, and what it costs of a core."""

import asyncio
import importlib
import os
import socket
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from benchmarks.row import Row, at_most, percentile
from benchmarks.sessions import recording
from breathsync.clock import LoopClock, pause, stopwatch
from breathsync.devices import profiles
from breathsync.devices.bluetooth import Radio
from breathsync.devices.finding import Search
from breathsync.devices.held_strap import HeldStrap
from breathsync.events import Event, Notification
from breathsync.session import live
from breathsync.session.pipeline import pipeline
from breathsync.session.recorder import Recorder
from breathsync.session.recording import Header
from breathsync.session.sitting import Sitting

STRAPS = 4
STREAMS = ("hr", "ecg", "acc")


class _Measured(HeldStrap):
    """Notes when a notification was handed over by bleak, and when it entered the pipeline."""

    handed: deque[float]
    late_s: list[float]

    def _notify(self, characteristic: str, payload: bytes) -> None:
        self.handed.append(stopwatch())
        super()._notify(characteristic, payload)

    def told(self, _at: float, event: Event) -> None:
        """A listener, called when everything that follows from an input is known."""
        if isinstance(event, Notification) and self.handed:
            self.late_s.append(stopwatch() - self.handed.popleft())


async def _hold(radio: Radio, number: int, folder: Path, seconds: float, *, whole: bool) -> list[float]:
    known = profiles.load_all()
    strap = _Measured(radio, Search(f"1234567{number}", known), known, streams=STREAMS)
    strap.handed, strap.late_s = deque(), []
    clock = LoopClock()
    if whole:
        recorder = Recorder(folder / f"{number}.jsonl", Header())
        session = live.LiveSession(Sitting(pipeline(), [strap.told]), None, recorder)
        await live.run(session, strap, clock, seconds)
        return strap.late_s
    with suppress(TimeoutError):  # the link alone: what bleak and the virtual stack cost by themselves
        async with asyncio.timeout(seconds):
            async for _ in strap.inputs(clock):
                strap.handed.clear()
    return []


async def _measure(port: int, folder: Path, seconds: float, *, whole: bool) -> tuple[float, list[float]]:
    """The share of a core that this process takes, and how late each notification was."""
    backend: Any = importlib.import_module("tests.air.backend")
    transport: Any = importlib.import_module("bumble.transport")
    async with await transport.open_transport(f"tcp-client:127.0.0.1:{port}") as link:
        with backend.virtual_bluetooth(link.source, link.sink):
            radio = Radio()
            holding = [
                asyncio.create_task(_hold(radio, number, folder, seconds, whole=whole))
                for number in range(STRAPS)
            ]
            await pause(10.0)  # found, connected, streaming
            spent, began = _cpu_s(), stopwatch()
            await pause(seconds - 12.0)
            share = (_cpu_s() - spent) / (stopwatch() - began)
            late = [late_s for one in await asyncio.gather(*holding) for late_s in one]
            return share, late


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ahead of whatever else this machine does, where that is allowed: the figures are to be ours."""
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))
    except (OSError, AttributeError):  # needs root, and Linux
        yield
        return
    try:
        yield
    finally:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


def _cpu_s() -> float:
    times = os.times()
    return times.user + times.system


def _with_straps(seconds: float, *, whole: bool) -> tuple[float, list[float]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    file = recording("ecg-practice", seconds + 20.0)
    child = [sys.executable, "-m", "benchmarks.straps_child", str(port), str(file), str(STRAPS)]
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(child, stdout=subprocess.PIPE, text=True) as straps,
    ):
        assert straps.stdout is not None
        straps.stdout.readline()
        try:
            return asyncio.run(_measure(port, Path(folder), seconds, whole=whole))
        finally:
            straps.terminate()


def run(*, full: bool) -> list[Row]:
    """The rows of this benchmark."""
    seconds = 600.0 if full else 60.0
    with _undisturbed():
        link_alone, _ = _with_straps(min(seconds, 60.0), whole=False)
        share, late = _with_straps(seconds, whole=True)
    return [
        Row(f"{STRAPS} straps with ECG and acceleration: notifications", f"{len(late):,}"),
        at_most("  notification to its events, median", 1e3 * percentile(late, 0.5), 5, " ms"),
        at_most("  99th percentile", 1e3 * percentile(late, 0.99), 5, " ms"),
        Row("  latest", f"{1e3 * max(late):.3g} ms"),
        at_most("  share of a core, from bleak to the recording", 100 * (share - link_alone), 20, " %"),
        Row("  with the virtual Bluetooth stack in this process", f"{100 * share:.3g} %"),
    ]
