"""The guest as a room: straps in virtual air, heard by a controller that Linux takes for its own."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from bumble.transport import open_transport
from tests.air.room import Room, until

from breathsync.devices.bluetooth import Radio
from breathsync.devices.virtual_air import VirtualController

_BLUETOOTHD = "/usr/libexec/bluetooth/bluetoothd -n >> /tmp/bluetoothd.log 2>&1"


async def shell(command: str) -> str:
    """What a command says, with its errors."""
    process = await asyncio.create_subprocess_shell(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
    )
    said, _ = await process.communicate()
    return said.decode()


class Machine(Room):
    """A room whose computer runs Linux, BlueZ and D-Bus."""

    def __init__(self) -> None:
        super().__init__()
        self.radio = Radio()
        self._dongle: Any = None
        self._controller: VirtualController | None = None

    async def bluetooth_on(self) -> None:
        if not await self._came_on():
            raise RuntimeError("Bluetooth does not come on")

    async def _came_on(self) -> bool:
        for _ in range(40):
            if "succeeded" in await shell("bluetoothctl power on"):
                return True
            await asyncio.sleep(0.25)
        return False

    async def bluetooth_off(self) -> None:
        await shell("bluetoothctl power off")

    async def plug(self) -> None:
        """The kernel gives a new adapter ten seconds; where the host is busy it may need a second try."""
        for _ in range(3):
            await self._plug()
            if await self._came_on():
                return
            await self.unplug()
        raise RuntimeError("Bluetooth does not come on")

    async def _plug(self) -> None:
        self._dongle = await open_transport("vhci")
        self._controller = VirtualController(
            "BlueZ",
            self.air,
            for_linux=True,
            host_source=self._dongle.source,
            host_sink=self._dongle.sink,
        )

    async def unplug(self) -> None:
        if self._controller is not None:
            self.air.switch_off(self._controller)
        await self._dongle.close()

    async def kill_service(self) -> None:
        """kill -9 of bluetoothd: nobody is told."""
        found = (await shell("pidof bluetoothd")).split()
        for pid in found:
            os.kill(int(pid), 9)

    async def start_service(self) -> None:
        await self.wake_service()
        await self.bluetooth_on()

    async def wake_service(self) -> None:
        await asyncio.create_subprocess_shell(_BLUETOOTHD)
        await asyncio.sleep(0.5)


@asynccontextmanager
async def machine() -> AsyncIterator[Machine]:
    """The guest, with a dongle in it that hears an empty room."""
    made = Machine()
    await made.plug()
    try:
        yield made
    finally:
        for session in made.sessions:
            with suppress(Exception, asyncio.CancelledError):
                await session.end()
        with suppress(Exception):
            await made.bluetooth_off()  # links end before the dongle goes: kernel 6.1 may fall over it
        await asyncio.sleep(0.5)
        for strap in made.straps:
            strap.stop()
            with suppress(Exception):
                strap.power_off()
        with suppress(Exception):
            await made.unplug()


__all__ = ["Machine", "machine", "shell", "until"]
