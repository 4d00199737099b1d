"""A strap in virtual air that beats, and does whatever real ones have been seen to do."""

import asyncio
import math
import random
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from bumble import gatt, pairing
from bumble.device import ConnectionParameterUpdateError
from bumble.gatt import Service
from tests.air.faulty import FaultyAir

from breathsync.devices import polar
from breathsync.devices.heart_rate import HeartRateValue, encode
from breathsync.devices.peripheral import Peripheral, PeripheralSettings, Permissions, readable
from breathsync.devices.polar import Measurement
from breathsync.devices.virtual_air import VirtualController

_RATES = {Measurement.ECG: (130.0, 73, 1), Measurement.ACCELERATION: (200.0, 36, 3)}


class AirStrap:
    """Sends the beats of each second; `on_the_link` is what had somebody to go to."""

    def __init__(
        self,
        air: FaultyAir,
        settings: PeripheralSettings | None = None,
        *,
        seed: int = 1,
        every_s: float = 1.0,
        strength_dbm: int = -60,
        needs_pairing: bool = False,
    ) -> None:
        self.air = air
        self.settings = settings or PeripheralSettings(address="C4:00:00:00:00:10")
        self.every_s = every_s
        self.strength_dbm = strength_dbm
        self.needs_pairing = needs_pairing
        self.left_out: set[str] = set()  # services that a firmware lacks
        self.moved_by = 0  # services that stand before all others
        self.answers_after_s = 0.0
        self.contact: bool | None = None
        self.with_rr = True
        self.silent = False
        self.advertised_s: float | None = None
        self.on_the_link: list[bytes] = []
        self._rng = random.Random(seed)
        self._beating: asyncio.Task[None] | None = None
        self._frames: asyncio.Task[None] | None = None
        self.frames_after_s = 0.0
        self.frame_lag_s = 0.0
        self.frames_on_the_link: list[bytes] = []
        self._build()

    def _build(self) -> None:
        self.controller = VirtualController(self.settings.name, self.air, strength_dbm=self.strength_dbm)
        self.peripheral = _Faulty(self)

    async def power_on(self) -> None:
        await self.peripheral.power_on()
        self.advertised_s = asyncio.get_running_loop().time()
        if self._beating is None:
            self._beating = asyncio.create_task(self._beat())
            self._frames = asyncio.create_task(self._measure())

    def power_off(self) -> None:
        """Taken off: it is gone at once."""
        self.air.switch_off(self.controller)

    async def reboot(self, off_s: float = 0.2, **changed: Any) -> None:
        """Off and on again, with another table of handles or without a service if so wished."""
        self.power_off()
        await asyncio.sleep(off_s)
        for name, value in changed.items():
            setattr(self, name, value)
        self._build()
        await self.power_on()

    def stop(self) -> None:
        for task in (self._beating, self._frames):
            if task is not None:
                task.cancel()

    async def send(self, payload: bytes) -> None:
        """Notify any bytes at all."""
        if self._has_listener():
            self.on_the_link.append(payload)
        await self.peripheral.send(payload)

    async def send_beats(self, rr_ticks: Iterable[int]) -> None:
        rr_ticks = tuple(rr_ticks)
        rate = round(60 * 1024 / rr_ticks[-1]) if rr_ticks else 70
        await self.send(encode(HeartRateValue(rate, self.contact, rr_ticks=rr_ticks)))

    async def ask_for_a_slower_link(self) -> bool:
        """Another connection interval, in the words of an H7 (bluepy #53); whether it was granted."""
        for link in self.peripheral.links:
            try:
                await link.update_parameters(312.5, 500, 0, 6000, use_l2cap=True)
            except ConnectionParameterUpdateError:
                return False
        return True

    def _has_listener(self) -> bool:
        subscribers = self.peripheral.device.gatt_server.subscribers
        heard = any(self.air.hears(self.controller, other) for other in self.air.controllers)
        handle = self.peripheral.heart_rate.handle
        return heard and any(
            subscribers.get(link, {}).get(handle, b"\0\0")[0] & 1 for link in self.peripheral.links
        )

    async def _measure(self) -> None:
        """ECG in frames of 73 samples, acceleration in frames of 36, while they are wished for."""
        loop = asyncio.get_running_loop()
        sent, began = dict.fromkeys(_RATES, 0), dict.fromkeys(_RATES, math.inf)
        while True:
            await asyncio.sleep(0.02 if self.peripheral.polar.running else 0.5)
            for measurement, (rate_hz, count, width) in _RATES.items():
                if measurement not in self.peripheral.polar.running:
                    began[measurement], sent[measurement] = math.inf, 0
                    continue
                if began[measurement] == math.inf:
                    began[measurement] = loop.time() + self.frames_after_s
                end_s = began[measurement] + (sent[measurement] + 1) * count / rate_hz
                if loop.time() >= end_s + self.frame_lag_s:
                    sent[measurement] += 1
                    samples = tuple((n % 100,) * width for n in range(count))
                    await self._send_frame(measurement, end_s, samples)

    async def _send_frame(self, measurement: Measurement, end_s: float, samples: Any) -> None:
        kind = 1 if measurement is Measurement.ACCELERATION else 0
        payload = polar.encode(polar.Frame(measurement, round(end_s * 1e9), kind, samples=samples))
        if self.peripheral.links:
            self.frames_on_the_link.append(payload)
        await self.peripheral.send_frame(payload)

    async def _beat(self) -> None:
        loop = asyncio.get_running_loop()
        began, sent, beat_s = loop.time(), 0, 0.0
        while True:
            sent += 1
            await asyncio.sleep(max(0.0, began + sent * self.every_s - loop.time()))
            ended = []
            while beat_s <= sent * self.every_s:
                breath = math.sin(2 * math.pi * beat_s / 10)
                ticks = round(900 + 60 * breath + self._rng.gauss(0, 15))
                beat_s += ticks / 1024
                ended.append(ticks)
            if not self.silent:
                await self.send_beats(ended if self.with_rr else ())


class _Faulty(Peripheral):
    """The peripheral of an `AirStrap`."""

    def __init__(self, strap: AirStrap) -> None:
        self._strap = strap
        super().__init__(strap.controller, replace(strap.settings))
        if strap.needs_pairing:
            self.device.pairing_config_factory = lambda _connection: pairing.PairingConfig(
                sc=True, mitm=False, bonding=True, delegate=pairing.PairingDelegate()
            )
        answer = self.device.gatt_server.on_gatt_pdu

        def answer_late(bearer: Any, pdu: Any) -> None:
            asyncio.get_running_loop().call_later(strap.answers_after_s, answer, bearer, pdu)

        if strap.answers_after_s:
            self.device.gatt_server.on_gatt_pdu = answer_late

    def _services(self) -> list[Service]:
        before = [Service("FEEE", [readable("2A00", bytes([n]))]) for n in range(self._strap.moved_by)]
        offered = {
            "180D": self._heart_rate_service(self._locked() if self._strap.needs_pairing else ()),
            "180F": self._battery_service(),
            "180A": self._information_service(),
            "FB005C80": self._polar_service(),
        }
        return before + [s for uuid, s in offered.items() if uuid not in self._strap.left_out]

    def _locked(self) -> list[gatt.Descriptor]:
        """A switch for notifications that wants an encrypted link."""
        from bumble import att

        server = lambda: self.device.gatt_server  # noqa: E731 - it is there when it is asked
        value = att.AttributeValue(
            read=lambda connection: server().read_cccd(connection, self.heart_rate),
            write=lambda connection, to: server().write_cccd(connection, self.heart_rate, to),
        )
        rights = (
            Permissions.READABLE
            | Permissions.WRITEABLE
            | Permissions.READ_REQUIRES_ENCRYPTION
            | Permissions.WRITE_REQUIRES_ENCRYPTION
        )
        return [gatt.Descriptor(gatt.GATT_CLIENT_CHARACTERISTIC_CONFIGURATION_DESCRIPTOR, rights, value)]
