"""The faults that a link can suffer, each as a story that says how long it took until beats came again.

Every one of them is `reference/ble_rig.md` section 5's, by name. Times count from the strap's first
advertisement after it is back, or from the return of the adapter.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.air.room import Room, until

from breathsync.events import StrapState


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens, and what has to be reached: the median and the worst time, in seconds."""

    story: Callable[[Room], Awaitable[float]]
    median_s: float
    worst_s: float


async def _again(room: Room, since: float | None = None) -> float:
    """Seconds from the strap's return to its first packet."""
    streaming = await room.session.streaming()
    if since is None:
        since = room.air.first_advertised[room.strap.controller]
    return streaming - since


def _now() -> float:
    return asyncio.get_running_loop().time()


async def link_loss(room: Room) -> float:
    room.air.watch_for(room.strap.controller)
    room.air.end_links(room.strap.controller)
    return await _again(room)


async def strap_hangs_up(room: Room) -> float:
    room.air.watch_for(room.strap.controller)
    await room.strap.peripheral.hang_up()
    return await _again(room)


async def out_of_range(room: Room) -> float:
    room.air.out_of_range(room.strap.controller)
    await until(lambda: room.session.state is StrapState.SEARCHING)
    await asyncio.sleep(3)
    room.air.watch_for(room.strap.controller)
    room.air.in_range(room.strap.controller)
    return await _again(room)


async def reboot_with_moved_handles(room: Room) -> float:
    room.air.watch_for(room.strap.controller)
    before = room.strap.peripheral.heart_rate.handle
    await room.strap.reboot(moved_by=room.strap.moved_by + 3)
    assert room.strap.peripheral.heart_rate.handle != before
    return await _again(room)


async def silent_stall(room: Room) -> float:
    """The link stands and nothing comes: how long until that is noticed."""
    await room.session.streaming()
    began, losses = _now(), room.session.count(StrapState.LOST)
    room.strap.silent = True
    await until(lambda: room.session.count(StrapState.LOST) > losses)
    noticed = _now() - began
    await until(lambda: room.session.state is StrapState.CONNECTED)  # the silent link is ended by then
    room.strap.silent = False
    await room.session.streaming()
    return noticed


async def adapter_off(room: Room) -> float:
    await room.bluetooth_off()
    await until(lambda: room.session.reasons[-1:] == ["bluetooth_off"])
    await asyncio.sleep(1)
    await room.bluetooth_on()
    return await _again(room, _now())


async def adapter_unplugged(room: Room) -> float:
    await room.unplug()
    await until(lambda: room.session.reasons[-1:] == ["no_adapter"])
    await asyncio.sleep(1.3)
    await room.plug()
    return await _again(room, _now())


async def service_missing_then_back(room: Room) -> float:
    await room.strap.reboot(left_out={"180D"})
    await until(lambda: room.session.reasons[-1:] == ["no_heart_rate"])
    room.air.watch_for(room.strap.controller)
    await room.strap.reboot(left_out=set())
    return await _again(room)


async def slow_discovery(room: Room) -> float:
    """The strap takes 50 ms for each answer (BlueZ remembers services, so it asks less)."""
    await room.strap.reboot(answers_after_s=0.05)
    slow = await _again(room)
    await room.strap.reboot(answers_after_s=0.0)
    await room.session.streaming()
    return slow


async def advertising_stopped_for_a_while(room: Room) -> float:
    await room.strap.reboot(off_s=40)
    return await _again(room)


FAULTS: dict[str, Fault] = {
    "link loss": Fault(link_loss, 0.5, 1.5),
    "strap hangs up": Fault(strap_hangs_up, 0.5, 1.5),
    "out of range": Fault(out_of_range, 0.5, 1.5),
    "reboot with moved handles": Fault(reboot_with_moved_handles, 1.5, 1.5),
    "silent stall": Fault(silent_stall, 6.0, 6.0),
    "adapter off": Fault(adapter_off, 3.0, 3.0),
    "adapter unplugged": Fault(adapter_unplugged, 3.0, 3.0),
    "service missing, then back": Fault(service_missing_then_back, 3.0, 12.0),
    "slow discovery": Fault(slow_discovery, 4.0, 4.0),
    "not advertising for 40 s": Fault(advertising_stopped_for_a_while, 0.5, 1.5),
}
