"""Somebody else's computer or watch in the same air."""

from bumble import hci
from bumble.device import Device, DeviceConfiguration

from breathsync.devices.virtual_air import VirtualAir, VirtualController


async def another_program(air: VirtualAir) -> Device:
    """A host that can connect to straps as we do."""
    controller = VirtualController("other", air)
    settings = DeviceConfiguration(name="other", address=hci.Address("C0:00:00:00:00:77"))
    device = Device.from_config_with_hci(settings, controller, controller)
    await device.power_on()
    return device
