"""Where a virtual strap plays: on a Bluetooth dongle, or on a link that needs none (extra `bumble`)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bumble.transport import open_transport

from breathsync.devices.peripheral import Peripheral, PeripheralSettings
from breathsync.devices.virtual_air import VirtualAir, VirtualController
from breathsync.errors import UsageError


@asynccontextmanager
async def on_dongle(transport: str, settings: PeripheralSettings) -> AsyncIterator[Peripheral]:
    """A strap on a dongle, named as bumble names it. UsageError where it cannot be opened."""
    opened = await _open(transport)
    async with opened:
        strap = Peripheral(opened.source, settings, opened.sink)
        await strap.power_on()
        yield strap


@asynccontextmanager
async def on_virtual_link(transport: str, settings: PeripheralSettings) -> AsyncIterator[Peripheral]:
    """A strap in air of its own; whoever is at the other end of the link hears it through an adapter."""
    opened = await _open(transport)
    async with opened:
        air = VirtualAir()  # type: ignore[no-untyped-call]
        VirtualController("adapter", air, for_linux=True, host_source=opened.source, host_sink=opened.sink)
        strap = Peripheral(VirtualController("strap", air), settings)
        await strap.power_on()
        yield strap


async def _open(transport: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - bumble's own
    try:
        return await open_transport(transport)
    except Exception as problem:  # each kind of transport has errors of its own
        words = str(problem) or type(problem).__name__
        raise UsageError("no_dongle", transport=transport, problem=words) from problem
