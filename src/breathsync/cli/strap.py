"""`breathsync strap`: be a strap, for this program or any other that knows heart-rate straps."""

import argparse
import asyncio
import importlib.util
import tempfile
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from breathsync.clock import SessionClock
from breathsync.errors import RecordingError, UsageError
from breathsync.screen.state import clock_words
from breathsync.session import on_the_air, simulation
from breathsync.session.pipeline import Pipeline
from breathsync.session.recorder import made_recording
from breathsync.session.replay import RecordingReader
from breathsync.session.sitting import Sitting
from breathsync.settings import Settings
from breathsync.wording import text

if TYPE_CHECKING:
    from breathsync.devices.peripheral import Peripheral


def run(arguments: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001 - as every command
    """Play the recording, or one that is simulated first."""
    if arguments.file is None:
        simulation.scenario_named(arguments.scenario)
    else:
        RecordingReader(arguments.file)
    if importlib.util.find_spec("bumble") is None:
        raise UsageError("no_bumble")
    if arguments.file is not None:
        return asyncio.run(_play(arguments, arguments.file))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "strap.jsonl"
        _simulate(arguments, file)
        return asyncio.run(_play(arguments, file))


def _simulate(arguments: argparse.Namespace, file: Path) -> None:
    scenario, seed = simulation.scenario_named(arguments.scenario), arguments.seed
    with made_recording(file, simulation.header_of(scenario, seed)) as recorder:
        simulation.simulate(scenario, seed, Sitting(Pipeline([])), recorder, arguments.seconds)


async def _play(arguments: argparse.Namespace, file: Path) -> int:
    there = on_the_air.content(RecordingReader(file).inputs())
    if there.packets == 0:
        raise RecordingError("no_strap_data", file=file)
    length_s = min(arguments.seconds or there.length_s, there.length_s)
    name = arguments.name or there.name or text("cli.strap.no_name")
    async with _strap(arguments, name, streams=there.frames > 0) as strap:
        print(text("cli.strap.here", name=name, length=clock_words(length_s)), flush=True)
        began = asyncio.Event()
        clock = SessionClock()

        def tell(linked: bool) -> None:
            began.set()
            key = "cli.strap.connected" if linked else "cli.strap.left"
            print(text(key, time=clock_words(clock.now())), flush=True)

        strap.on_link(tell)
        await began.wait()
        clock = SessionClock()
        played = await on_the_air.play(RecordingReader(file).inputs(), strap, clock, length_s)
        await strap.hang_up()
    print(text("cli.strap.done", packets=played.packets, unheard=played.unheard))
    return 0


def _strap(
    arguments: argparse.Namespace, name: str, *, streams: bool
) -> "AbstractAsyncContextManager[Peripheral]":
    from breathsync.devices import on_air  # bumble, only where somebody plays a strap
    from breathsync.devices.peripheral import PeripheralSettings

    settings = PeripheralSettings(name=name, streams=streams)
    if arguments.virtual is not None:
        return on_air.on_virtual_link(arguments.virtual, settings)
    return on_air.on_dongle(arguments.dongle, settings)
