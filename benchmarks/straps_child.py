"""Straps in a process of their own, behind one adapter that another process reaches by HCI over TCP."""

import asyncio
import sys
from pathlib import Path

from bumble.transport import open_transport

from breathsync.clock import SessionClock
from breathsync.devices.peripheral import Peripheral, PeripheralSettings
from breathsync.devices.virtual_air import VirtualAir, VirtualController
from breathsync.session import on_the_air
from breathsync.session.replay import RecordingReader


async def _be_straps(port: str, file: Path, count: int) -> None:
    async with await open_transport(f"tcp-server:127.0.0.1:{port}") as link:
        air = VirtualAir()  # type: ignore[no-untyped-call]
        VirtualController("adapter", air, host_source=link.source, host_sink=link.sink)
        sys.stdout.write("here\n")
        sys.stdout.flush()
        await asyncio.gather(*(_be_strap(air, file, number) for number in range(count)))


async def _be_strap(air: VirtualAir, file: Path, number: int) -> None:
    strap = Peripheral(
        VirtualController(f"strap {number}", air), PeripheralSettings(f"Polar H10 1234567{number}")
    )
    await strap.power_on()
    linked = asyncio.Event()
    strap.on_link(lambda _linked: linked.set())
    await linked.wait()
    await on_the_air.play(RecordingReader(file).inputs(), strap, SessionClock())
    await strap.hang_up()


if __name__ == "__main__":
    asyncio.run(_be_straps(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
