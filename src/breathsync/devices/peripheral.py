"""A strap made of bytes: advertises, serves and notifies as a real one does (needs the extra `bumble`).

It runs on any controller that bumble can drive: a Bluetooth dongle, or one in virtual air. What it sends is
given to it, byte for byte, malformed ones included.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bumble import gatt, hci
from bumble.core import UUID, AdvertisingData
from bumble.data_types import CompleteLocalName, Flags, IncompleteListOf16BitServiceUUIDs
from bumble.device import Device, DeviceConfiguration
from bumble.gatt import Characteristic, Service

from breathsync.devices import polar
from breathsync.devices.polar_strap import H10, PolarStrap

Properties, Permissions = gatt.Characteristic.Properties, gatt.Characteristic.Permissions

_POLAR = "FB005C8{}-02E7-F387-1CAD-8ACD2D8DF0C8"
_DISCOVERABLE = (
    AdvertisingData.Flags.LE_GENERAL_DISCOVERABLE_MODE | AdvertisingData.Flags.BR_EDR_NOT_SUPPORTED
)


@dataclass(frozen=True, slots=True)
class PeripheralSettings:
    """What the strap says of itself. The serial fails Polar's check digit: nobody's strap."""

    name: str = "Polar H10 12345678"
    address: str | None = None
    battery_percent: int = 87
    manufacturer: str = "BreathSync"
    model: str = "simulated"
    firmware: str = "1.0"
    body_location: int = 1  # chest
    advertise_every_ms: float = 100.0
    names_heart_rate: bool = True  # whether the advertisement lists the heart-rate service
    streams: bool = True  # ECG and acceleration, as an H10 has them


class Peripheral:
    """One strap on one controller."""

    def __init__(
        self, controller: Any, settings: PeripheralSettings | None = None, sink: Any = None
    ) -> None:
        self.settings = settings or PeripheralSettings()
        self.address = (
            hci.Address(self.settings.address)
            if self.settings.address
            else hci.Address.generate_static_address()
        )
        self.battery_percent = self.settings.battery_percent
        self.polar = PolarStrap(H10 if self.settings.streams else {})
        self._answering: set[asyncio.Future[None]] = set()
        self.device = self._device(controller, sink or controller)

    async def power_on(self) -> None:
        """Wake up and let everybody know."""
        await self.device.power_on()
        await self.advertise()

    async def advertise(self) -> None:
        """Be found; again and again after each connection has ended."""
        await self.device.start_advertising(auto_restart=True)

    async def hide(self) -> None:
        """Be found no more."""
        await self.device.stop_advertising()

    async def send(self, payload: bytes) -> None:
        """Notify a Heart Rate Measurement: any bytes at all."""
        await self.device.notify_subscribers(self.heart_rate, payload)

    async def send_frame(self, payload: bytes) -> None:
        """Notify a frame of ECG or acceleration, if somebody started that stream."""
        header = polar.peek(payload)
        if header is not None and header[0] in self.polar.running:
            await self.device.notify_subscribers(self.frames, payload)

    async def set_battery(self, percent: int) -> None:
        """The battery is at `percent` now: for whoever reads or listens."""
        self.battery_percent = percent
        await self.device.notify_subscribers(self.battery, bytes([percent]))

    @property
    def links(self) -> list[Any]:
        """Connections that stand."""
        return list(self.device.connections.values())

    async def hang_up(self) -> None:
        """End each connection politely."""
        for connection in self.links:
            await connection.disconnect(hci.HCI_ErrorCode.REMOTE_USER_TERMINATED_CONNECTION_ERROR)

    def on_link(self, told: Callable[[bool], None]) -> None:
        """Be told when somebody connects (`True`) and when a link ends."""

        def connected(connection: Any) -> None:
            told(True)
            connection.on("disconnection", lambda _reason: told(False))

        self.device.on("connection", connected)

    # --- what it serves ---

    def _device(self, source: Any, sink: Any) -> Device:
        every_ms = self.settings.advertise_every_ms
        device = Device.from_config_with_hci(
            DeviceConfiguration(
                name=self.settings.name,
                address=self.address,
                advertising_interval_min=every_ms,
                advertising_interval_max=every_ms,
            ),
            source,
            sink,
        )
        device.add_services(self._services())
        device.advertising_data = self._advertisement()
        return device

    def _advertisement(self) -> bytes:
        said: list[Any] = [Flags(_DISCOVERABLE), CompleteLocalName(self.settings.name)]
        if self.settings.names_heart_rate:
            said.insert(1, IncompleteListOf16BitServiceUUIDs([UUID.from_16_bits(0x180D)]))
        return bytes(AdvertisingData(said))

    def _services(self) -> list[Service]:
        offered = [self._heart_rate_service(), self._battery_service(), self._information_service()]
        return [*offered, self._polar_service()] if self.settings.streams else offered

    def _heart_rate_service(self, descriptors: Sequence[gatt.Descriptor] = ()) -> Service:
        self.heart_rate: Characteristic[bytes] = Characteristic(
            "2A37", Properties.NOTIFY, Permissions(0), b"", descriptors
        )
        location = bytes([self.settings.body_location])
        return Service("180D", [self.heart_rate, readable("2A38", location)])

    def _battery_service(self) -> Service:
        level = gatt.CharacteristicValue(read=lambda _connection: bytes([self.battery_percent]))
        self.battery: Characteristic[bytes] = Characteristic(
            "2A19", Properties.READ | Properties.NOTIFY, Permissions.READABLE, level
        )
        return Service("180F", [self.battery])

    def _information_service(self) -> Service:
        told = self.settings.manufacturer, self.settings.model, self.settings.firmware
        numbers = ("2A29", "2A24", "2A26")
        return Service(
            "180A", [readable(n, words.encode()) for n, words in zip(numbers, told, strict=True)]
        )

    def _polar_service(self) -> Service:
        asked = gatt.CharacteristicValue(
            read=lambda _connection: self.polar.features(), write=self._control_written
        )
        self.control: Characteristic[bytes] = Characteristic(
            _POLAR.format("1"),
            Properties.READ | Properties.WRITE | Properties.INDICATE,
            Permissions.READABLE | Permissions.WRITEABLE,
            asked,
        )
        self.frames: Characteristic[bytes] = Characteristic(
            _POLAR.format("2"), Properties.NOTIFY, Permissions(0), b""
        )
        return Service(_POLAR.format("0"), [self.control, self.frames])

    def _control_written(self, connection: Any, payload: bytes) -> None:
        if (answer := self.polar.answer(payload)) is not None:
            answering = asyncio.ensure_future(
                self.device.indicate_subscriber(connection, self.control, answer)
            )
            self._answering.add(answering)
            answering.add_done_callback(self._answering.discard)


def readable(uuid: str, value: bytes) -> Characteristic[bytes]:
    """A characteristic that is read and never changes."""
    return Characteristic(uuid, Properties.READ, Permissions.READABLE, value)
