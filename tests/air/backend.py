"""bleak on bumble: the program's own Bluetooth code, its calls unchanged, on a virtual adapter."""

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Any

import bleak
from bleak.backends.adapter import BaseBleakAdapter
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakError,
    BleakGATTProtocolError,
)
from bumble import core, hci, l2cap
from bumble.core import AdvertisingData
from bumble.device import Device, DeviceConfiguration, Peer

_PROPERTIES = {2: "read", 4: "write-without-response", 8: "write", 0x10: "notify", 0x20: "indicate"}
_LISTS_OF_SERVICES = (
    AdvertisingData.INCOMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
)


def _uuid(uuid: core.UUID) -> str:
    if len(uuid.uuid_bytes) == 16:
        return uuid.to_hex_str("-").lower()
    return f"0000{uuid.to_hex_str().lower()[-4:]}-0000-1000-8000-00805f9b34fb"


class Adapter:
    """This machine's Bluetooth adapter: one bumble host that all scanners and clients share."""

    current: "Adapter | None" = None

    def __init__(self, source: Any, sink: Any) -> None:
        self._source, self._sink = source, sink
        self._device: Device | None = None
        self._waking = asyncio.Lock()
        self.trouble: BleakBluetoothNotAvailableReason | None = None
        self.scanners: set[Scanner] = set()
        self.most_scanners = 0
        self.scanned_while_connecting = False
        self.connecting = 0
        self.refuses_slower_links = False
        self.delivered: list[tuple[str, bytes]] = []  # every notification handed to the program

    async def device(self) -> Device:
        """The host, awake, or the error of a machine whose Bluetooth is off or gone."""
        if self.trouble is not None:
            raise BleakBluetoothNotAvailableError("no Bluetooth here", self.trouble)
        async with self._waking:
            if self._device is None:
                settings = DeviceConfiguration(name="host", address=hci.Address("C0:00:00:00:00:01"))
                device = Device.from_config_with_hci(settings, self._source, self._sink)
                await device.power_on()
                device.on("advertisement", self._advertised)
                self._decide_on_slower_links(device.l2cap_channel_manager)
                self._device = device
        return self._device

    def _decide_on_slower_links(self, channels: l2cap.ChannelManager) -> None:
        """bumble grants every wish of a strap; BlueZ does not."""
        grant = channels.on_l2cap_connection_parameter_update_request

        def decide(connection: Any, cid: int, asked: Any) -> None:
            if not self.refuses_slower_links:
                grant(connection, cid, asked)
                return
            refused = l2cap.L2CAP_CONNECTION_PARAMETERS_REJECTED_RESULT
            answer = l2cap.L2CAP_Connection_Parameter_Update_Response(
                identifier=asked.identifier, result=refused
            )
            channels.send_control_frame(connection, cid, answer)

        channels.on_l2cap_connection_parameter_update_request = decide

    async def go_away(self, trouble: BleakBluetoothNotAvailableReason) -> None:
        """Switched off or unplugged: links end, scanners fall silent, new calls are refused."""
        self.trouble = trouble
        if self._device is not None:
            self.scanners.clear()
            await self._device.stop_scanning()
            for connection in list(self._device.connections.values()):
                with contextlib.suppress(core.BaseBumbleError):
                    await connection.disconnect()

    def come_back(self) -> None:
        self.trouble = None

    def _advertised(self, advertisement: Any) -> None:
        for scanner in list(self.scanners):
            scanner.advertised(advertisement)

    def look(self) -> None:
        self.most_scanners = max(self.most_scanners, len(self.scanners))
        self.scanned_while_connecting |= bool(self.connecting and self.scanners)


def _adapter() -> Adapter:
    assert Adapter.current is not None
    return Adapter.current


class Scanner(BaseBleakScanner):
    def __init__(self, detection_callback=None, service_uuids=None, *_: Any, **__: Any) -> None:
        super().__init__(detection_callback, service_uuids)

    async def start(self) -> None:
        adapter = _adapter()
        device = await adapter.device()
        self.seen_devices = {}
        adapter.scanners.add(self)
        adapter.look()
        if not device.is_scanning:
            await device.start_scanning(filter_duplicates=False)

    async def stop(self) -> None:
        adapter = _adapter()
        adapter.scanners.discard(self)
        if not adapter.scanners and adapter.trouble is None:
            await (await adapter.device()).stop_scanning()

    def advertised(self, advertisement: Any) -> None:
        said: AdvertisingData = advertisement.data
        name = said.get(AdvertisingData.COMPLETE_LOCAL_NAME)
        services = [_uuid(u) for kind in _LISTS_OF_SERVICES for group in said.get_all(kind) for u in group]
        data = AdvertisementData(name, {}, {}, services, None, advertisement.rssi, (advertisement,))
        address = advertisement.address.to_string(with_type_qualifier=False)
        details = {"address": advertisement.address}
        self.call_detection_callbacks(
            self.create_or_update_device(address, address, name, details, data), data
        )


class Client(BaseBleakClient):
    def __init__(self, address_or_ble_device: BLEDevice | str, **kwargs: Any) -> None:
        super().__init__(address_or_ble_device, **kwargs)
        assert isinstance(address_or_ble_device, BLEDevice), "an address would scan a second time"
        self._device = address_or_ble_device
        self._link: Any = None
        self._peer: Any = None
        self._subscribed: dict[int, Any] = {}

    @property
    def name(self) -> str:
        return self._device.name or self.address

    @property
    def mtu_size(self) -> int:
        return self._peer.gatt_client.mtu if self._link else 23

    @property
    def is_connected(self) -> bool:
        return self._link is not None

    async def connect(self, pair: bool = False, **_: Any) -> None:
        adapter = _adapter()
        device = await adapter.device()
        adapter.connecting += 1
        adapter.look()
        try:
            self._link = await self._reach(device)
            self._peer = Peer(self._link)
            self._link.on("disconnection", self._ended)
            async with asyncio.timeout(self._timeout):
                await self._discover()
        except core.ConnectionError as problem:
            raise BleakError(f"no connection: {problem}") from problem
        except core.TimeoutError as problem:
            raise TimeoutError from problem
        except BaseException as problem:
            await self.disconnect()
            if isinstance(problem, asyncio.CancelledError) and self._link is None:
                task = asyncio.current_task()
                if task is None or not task.cancelling():  # bumble cancels what the link was asked
                    raise BleakError("the link ended while services were discovered") from problem
            raise
        finally:
            adapter.connecting -= 1

    async def _reach(self, device: Device) -> Any:
        address = self._device.details["address"]
        connecting = asyncio.ensure_future(device.connect(address, timeout=self._timeout))
        try:
            return await asyncio.shield(connecting)
        except asyncio.CancelledError:
            with contextlib.suppress(core.BaseBumbleError, hci.HCI_Error):
                await device.cancel_connection()  # or it connects behind our back
            await asyncio.wait({connecting})
            if not connecting.cancelled() and connecting.exception() is None:
                await connecting.result().disconnect()
            raise

    async def _discover(self) -> None:
        await self._peer.request_mtu(247)
        await self._peer.discover_services()
        services = BleakGATTServiceCollection()
        for service in self._peer.services:
            offered = BleakGATTService(service, service.handle, _uuid(service.uuid))
            services.add_service(offered)
            for found in await service.discover_characteristics():
                properties = [name for bit, name in _PROPERTIES.items() if int(found.properties) & bit]
                characteristic = BleakGATTCharacteristic(
                    found, found.handle, _uuid(found.uuid), properties, lambda: self.mtu_size - 3, offered
                )
                services.add_characteristic(characteristic)
                for described in await found.discover_descriptors():
                    services.add_descriptor(
                        BleakGATTDescriptor(
                            described, described.handle, _uuid(described.type), characteristic
                        )
                    )
        self.services = services

    def _ended(self, _reason: int) -> None:
        self._link, self.services = None, None
        self._subscribed.clear()
        if self._disconnected_callback:
            self._disconnected_callback()

    async def disconnect(self) -> None:
        if self._link is not None:
            with contextlib.suppress(core.BaseBumbleError, hci.HCI_Error):
                await self._link.disconnect()

    async def pair(self, *_: Any, **__: Any) -> None:
        await self._ask(self._link.pair())

    async def unpair(self) -> None:
        raise NotImplementedError

    async def _ask(self, request: Any) -> Any:
        if self._link is None:
            request.close()
            raise BleakError("not connected")
        try:
            return await request
        except core.TimeoutError as problem:
            raise TimeoutError from problem
        except core.ProtocolError as problem:
            raise BleakGATTProtocolError(int(problem.error_code)) from problem
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if self._link is None and (task is None or not task.cancelling()):
                raise BleakError("the link ended") from None
            raise

    async def read_gatt_char(self, characteristic, **_: Any) -> bytearray:
        return bytearray(await self._ask(self._peer.gatt_client.read_value(characteristic.handle)))

    async def read_gatt_descriptor(self, descriptor, **_: Any) -> bytearray:
        return bytearray(await self._ask(self._peer.gatt_client.read_value(descriptor.handle)))

    async def write_gatt_char(self, characteristic, data, response: bool) -> None:
        write = self._peer.gatt_client.write_value
        await self._ask(write(characteristic.handle, bytes(data), with_response=response))

    async def write_gatt_descriptor(self, descriptor, data) -> None:
        write = self._peer.gatt_client.write_value
        await self._ask(write(descriptor.handle, bytes(data), with_response=True))

    async def start_notify(self, characteristic, callback, **_: Any) -> None:
        if characteristic.handle in self._subscribed:
            raise ValueError("Characteristic notifications already started")
        adapter = _adapter()

        def on_value(payload: bytes) -> None:
            adapter.delivered.append((characteristic.uuid[4:8], bytes(payload)))
            callback(bytearray(payload))

        await self._ask(self._peer.gatt_client.subscribe(characteristic.obj, on_value))
        self._subscribed[characteristic.handle] = on_value

    async def stop_notify(self, characteristic) -> None:
        on_value = self._subscribed.pop(characteristic.handle, None)
        await self._ask(self._peer.gatt_client.unsubscribe(characteristic.obj, on_value))


class NoAdapter(BaseBleakAdapter):
    """Says what bleak says where a system cannot list what is connected."""

    @classmethod
    async def get(cls, **_: Any) -> "NoAdapter":
        raise NotImplementedError


@contextlib.contextmanager
def virtual_bluetooth(controller: Any, sink: Any = None) -> Iterator[Adapter]:
    """While this lasts, bleak talks to this controller."""
    kept = {
        name: getattr(bleak, name)
        for name in (
            "get_platform_client_backend_type",
            "get_platform_scanner_backend_type",
            "get_platform_adapter_backend_type",
        )
    }
    backends = (Client, Scanner, NoAdapter)
    for name, backend in zip(kept, backends, strict=True):
        setattr(bleak, name, lambda backend=backend: (backend, "bumble"))
    Adapter.current = Adapter(controller, sink or controller)
    try:
        yield Adapter.current
    finally:
        Adapter.current = None
        for name, original in kept.items():
            setattr(bleak, name, original)
