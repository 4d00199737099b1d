"""Bluetooth of this machine: hears straps, connects, says what is in the way. Nothing else imports bleak.

What to look for, how long to wait and what to tell is decided in `finding.py` and `holding.py`; the strap
that is held lives in `held_strap.py`. Here is what bleak needs so that none of its known troubles arise:

* one scanner at a time for all who look, and never while something connects (bleak #361, #971, #1036);
* a fresh client for each connection, subscribed once, disconnected in every case, so that notifications
  cannot multiply (#2002) and no second subscription is refused (#1645);
* the device that was heard is handed on, never its address: that would scan a second time;
* characteristics are taken by service and first match: after a change BlueZ may list one twice (#882),
  or under a service that is none;
* nothing is waited for without a limit, and what a stack cancels by itself has failed: it is not we who
  are to end.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass

from bleak import BleakAdapter, BleakClient, BleakScanner
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakGATTProtocolError,
)

from breathsync.clock import give_way
from breathsync.devices.air import Heard
from breathsync.devices.finding import HEART_RATE_SERVICE, Sighting, short
from breathsync.devices.holding import CONNECT_S, DISCONNECT_S, READ_S
from breathsync.devices.leaving import to_its_end

SCAN_TURN_S = 20.0  # then the scanner starts anew: one may go deaf without a word
_START_S = 20.0  # for a scanner to begin
_STOP_S = 3.0
_SERVICE_UUID = "0000180d-0000-1000-8000-00805f9b34fb"
_NEEDS_PAIRING = {0x05, 0x0F}  # ATT: insufficient authentication, insufficient encryption

_NOT_AVAILABLE = {
    BleakBluetoothNotAvailableReason.NO_BLUETOOTH: "no_adapter",
    BleakBluetoothNotAvailableReason.NO_BLE_CENTRAL_ROLE: "adapter_too_old",
    BleakBluetoothNotAvailableReason.POWERED_OFF: "bluetooth_off",
    BleakBluetoothNotAvailableReason.DENIED_BY_USER: "not_allowed",
    BleakBluetoothNotAvailableReason.DENIED_BY_SYSTEM: "not_allowed",
    BleakBluetoothNotAvailableReason.DENIED_BY_UNKNOWN: "not_allowed",
}
_DBUS = {
    "org.freedesktop.DBus.Error.ServiceUnknown": "service_stopped",
    "org.freedesktop.DBus.Error.NameHasNoOwner": "service_stopped",
    "org.freedesktop.DBus.Error.Spawn.ChildExited": "service_stopped",
    "org.freedesktop.DBus.Error.NoReply": "service_stopped",
    "org.freedesktop.DBus.Error.AccessDenied": "not_allowed",
    "org.bluez.Error.NotAuthorized": "not_allowed",
    "org.bluez.Error.AuthenticationFailed": "needs_pairing",
    "org.bluez.Error.AuthenticationRejected": "needs_pairing",
    "org.bluez.Error.AuthenticationCanceled": "needs_pairing",
    "org.bluez.Error.NotReady": "bluetooth_off",
}


def trouble_of(problem: BaseException) -> str:
    """A code for what is in the way: of the machine (see `errors.bluetooth_*`), or of one connection."""
    if isinstance(problem, BleakBluetoothNotAvailableError):
        return _NOT_AVAILABLE.get(problem.reason, "bluetooth_unknown")
    if isinstance(problem, BleakDBusError):
        return _DBUS.get(problem.dbus_error, "connect_ended")
    if isinstance(problem, BleakGATTProtocolError) and problem.code in _NEEDS_PAIRING:
        return "needs_pairing"
    if isinstance(problem, FileNotFoundError | ConnectionRefusedError):
        return "no_dbus"  # the socket of the system's message bus
    if isinstance(problem, PermissionError):
        return "not_allowed"
    if isinstance(problem, TimeoutError):
        return "no_answer"
    if isinstance(problem, LookupError):
        return "no_heart_rate"  # the strap does not offer what is asked for
    return "connect_ended"


@asynccontextmanager
async def _within(limit_s: float) -> AsyncIterator[None]:
    """For so long at most: not every stack ends what it was asked.

    Some cancel what was asked of a link that is lost: to whoever asked, that is a failure.
    """
    try:
        async with asyncio.timeout(limit_s):
            yield
    except asyncio.CancelledError as problem:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise ConnectionAbortedError from problem


class BleakLink:
    """One connection: what it offers, and what can be asked of it (see `air.Link`)."""

    def __init__(self, client: BleakClient) -> None:
        self._client = client

    def offers(self, service: str, characteristic: str) -> bool:
        """Whether the strap has this characteristic in this service; both short."""
        return self._find(service, characteristic) is not None

    async def subscribe(self, service: str, characteristic: str, take: Callable[[bytes], None]) -> None:
        """Be told of every notification or indication: once for a connection, no more."""
        found = self._found(service, characteristic)

        def on_value(_sender: BleakGATTCharacteristic, payload: bytearray) -> None:
            take(bytes(payload))

        await self._paired(lambda: self._client.start_notify(found, on_value))

    async def read(self, service: str, characteristic: str) -> bytes:
        """Ask for a value."""
        async with _within(READ_S):
            return bytes(await self._client.read_gatt_char(self._found(service, characteristic)))

    async def write(self, service: str, characteristic: str, payload: bytes) -> None:
        """Write a value and wait until the strap has it."""
        found = self._found(service, characteristic)
        await self._paired(lambda: self._client.write_gatt_char(found, payload, response=True))

    async def _paired(self, ask: Callable[[], Awaitable[None]]) -> None:
        """Ask; where the strap wants to be paired for that, pair and ask again."""
        try:
            await _asked(ask)
        except BleakGATTProtocolError as problem:
            if problem.code not in _NEEDS_PAIRING:
                raise
            await _asked(self._client.pair)
            await _asked(ask)

    def _found(self, service: str, characteristic: str) -> BleakGATTCharacteristic:
        found = self._find(service, characteristic)
        if found is None:
            raise LookupError(f"{service}/{characteristic}")
        return found

    def _find(self, service: str, characteristic: str) -> BleakGATTCharacteristic | None:
        """The first of its kind in its service; in any other one if need be.

        After a strap has changed its handles, BlueZ 5.66 remembers the heart-rate service as 0x0001.
        """
        matching = [
            (short(offered.uuid) != service, found.handle, found)
            for offered in self._client.services
            for found in offered.characteristics
            if short(found.uuid) == characteristic
        ]
        return min(matching, key=lambda match: match[:2])[2] if matching else None


@dataclass(frozen=True, slots=True)
class _Seeker:
    """Somebody who looks for a strap."""

    accepts: Callable[[Sighting], bool]
    began: Callable[[], None]


class Radio:
    """Hears for all who look for a strap, and connects, one after the other (see `air.Air`)."""

    def __init__(self) -> None:
        self._seekers: dict[asyncio.Future[Heard], _Seeker] = {}
        self._air = asyncio.Lock()  # whoever holds it may scan, or connect
        self._connecting = 0  # who connects, or waits for the air to do so
        self._yield_air = asyncio.Event()
        self._scanning: asyncio.Task[None] | None = None
        self._hears = False

    async def find(self, accepts: Callable[[Sighting], bool], began: Callable[[], None]) -> Heard:
        """Wait for a device that is accepted, for ever; `began` is called when it can be heard."""
        found: asyncio.Future[Heard] = asyncio.get_running_loop().create_future()
        self._seekers[found] = _Seeker(accepts, began)
        if self._hears:
            began()
        if self._scanning is None:
            self._scanning = asyncio.create_task(self._scan())
        try:
            return await found
        finally:
            self._seekers.pop(found, None)
            self._yield_air.set()

    @asynccontextmanager
    async def connect(self, heard: Heard, gone: Callable[[], None]) -> AsyncIterator[BleakLink]:
        """A connection, ended in every case; `gone` is called when the link is lost.

        Connecting has a time limit of its own beside bleak's: not every stack keeps to that one (#1432).
        """
        assert isinstance(heard.handle, BLEDevice)
        client = BleakClient(
            heard.handle,
            lambda _client: gone(),
            timeout=CONNECT_S,
            winrt={"use_cached_services": False},  # a strap that was away may have other handles (#2017)
        )
        async with AsyncExitStack() as stack:
            stack.push_async_callback(_let_go, client)
            async with self._quiet(), _within(CONNECT_S + _STOP_S):
                await client.connect()
            yield BleakLink(client)

    def trouble_of(self, problem: BaseException) -> str:
        """A code for what went otherwise than hoped."""
        return trouble_of(problem)

    @asynccontextmanager
    async def _quiet(self) -> AsyncIterator[None]:
        """No scanner runs while this lasts."""
        self._connecting += 1
        self._yield_air.set()
        try:
            async with self._air:
                yield
        finally:
            self._connecting -= 1

    async def _scan(self) -> None:
        try:
            while self._seekers:
                async with self._air:
                    if self._seekers and not self._connecting:
                        await self._scan_a_turn()
                await give_way()  # to whoever connects, and to those who were told what is in the way
        finally:
            self._scanning = None

    async def _scan_a_turn(self) -> None:
        """Hear until somebody connects, nobody looks any more, or the turn is over."""
        self._yield_air.clear()
        try:
            async with AsyncExitStack() as stack:
                scanner = BleakScanner(self._advertised)
                stack.push_async_callback(_stop, scanner)
                async with _within(_START_S):
                    await self._offer_connected()
                    await scanner.start()
                self._hears = True
                for seeker in list(self._seekers.values()):
                    seeker.began()
                with suppress(TimeoutError):
                    async with asyncio.timeout(SCAN_TURN_S):
                        await self._yield_air.wait()
        except TimeoutError:
            self._fail(
                BleakBluetoothNotAvailableError("no answer", BleakBluetoothNotAvailableReason.UNKNOWN)
            )
        except Exception as problem:  # whatever a Bluetooth stack throws belongs to those who look
            self._fail(problem)
        finally:
            self._hears = False

    def _fail(self, problem: Exception) -> None:
        for found in list(self._seekers):
            if not found.done():
                found.set_exception(problem)

    async def _offer_connected(self) -> None:
        """Straps connected to this machine do not advertise.

        Another program has them, or we had before a crash: BlueZ keeps a link whose program has died.
        """
        with suppress(NotImplementedError):
            adapter = await BleakAdapter.get()
            for device in await adapter.get_connected_devices([_SERVICE_UUID]):
                services = frozenset({HEART_RATE_SERVICE})
                self._offer(Heard(Sighting(device.address, device.name, None, services, True), device))

    def _advertised(self, device: BLEDevice, said: AdvertisementData) -> None:
        services = frozenset(short(uuid) for uuid in said.service_uuids)
        name = said.local_name or device.name
        self._offer(Heard(Sighting(device.address, name, said.rssi, services), device))

    def _offer(self, heard: Heard) -> None:
        for found, seeker in list(self._seekers.items()):
            if found.done():
                continue
            try:
                if seeker.accepts(heard.seen):
                    found.set_result(heard)
            except Exception as problem:  # it cannot be said which strap is meant
                found.set_exception(problem)


async def _asked(ask: Callable[[], Awaitable[None]]) -> None:
    async with _within(CONNECT_S):
        await ask()


async def _stop(scanner: BleakScanner) -> None:
    """Stop scanning; a service that died takes its scanners with it."""
    await to_its_end(_try(scanner.stop, _STOP_S))


async def _let_go(client: BleakClient) -> None:
    """Disconnect, within bounds: a service that died never answers."""
    await to_its_end(_try(client.disconnect, DISCONNECT_S))


async def _try(ask: Callable[[], Awaitable[None]], limit_s: float) -> None:
    """For so long, whatever comes of it."""
    with suppress(Exception):
        async with _within(limit_s):
            await ask()


async def why_not() -> str | None:
    """A code for what keeps this machine from hearing straps; `None` where nothing does."""
    scanner = BleakScanner()
    try:
        async with _within(CONNECT_S):
            await scanner.start()
    except Exception as problem:  # whatever it is, it is said
        code = trouble_of(problem)
        return "bluetooth_unknown" if code in {"no_answer", "connect_ended"} else code
    finally:
        await _stop(scanner)
    return None
