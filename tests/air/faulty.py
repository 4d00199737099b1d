"""Air with faults: straps out of range, packets late, lost or doubled."""

import asyncio
import random
from typing import Any

from bumble import hci, ll
from bumble.controller import Controller
from bumble.core import PhysicalTransport

from breathsync.devices.virtual_air import VirtualAir


class FaultyAir(VirtualAir):
    """`supervision_s` is how long a link stands that nothing comes through; straps ask for 2 to 6 s."""

    def __init__(self, seed: int = 0, supervision_s: float = 2.0) -> None:
        super().__init__()
        self.supervision_s = supervision_s
        self.late_s = 0.0
        self.jitter_s = 0.0
        self.lost_share = 0.0  # lost for good: real links send again, so this is harsher
        self._rng = random.Random(seed)
        self._away: set[Controller] = set()
        self._last_due = 0.0
        self.first_advertised: dict[Controller, float] = {}

    def watch_for(self, controller: Controller) -> None:
        """From now on wait for the first advertisement of this one."""
        self.first_advertised.pop(controller, None)

    def send_advertising_pdu(self, sender_controller: Controller, packet: ll.AdvertisingPdu) -> None:
        if sender_controller not in self._away:
            now = asyncio.get_running_loop().time()
            self.first_advertised.setdefault(sender_controller, now)
        super().send_advertising_pdu(sender_controller, packet)

    def out_of_range(self, controller: Controller) -> None:
        """Nothing reaches it; its links end when they have been silent for too long."""
        self._away.add(controller)
        asyncio.get_running_loop().call_later(self.supervision_s, self._give_up, controller)

    def in_range(self, controller: Controller) -> None:
        self._away.discard(controller)

    def _give_up(self, controller: Controller) -> None:
        if controller in self._away:
            self.end_links(controller)

    def hears(self, one: Controller, other: Controller) -> bool:
        return super().hears(one, other) and not {one, other} & self._away

    def carry(self, other: Controller, source: hci.Address, data: bytes) -> None:
        if self._rng.random() < self.lost_share:
            return
        if not (self.late_s or self.jitter_s):
            super().carry(other, source, data)
            return
        loop = asyncio.get_running_loop()
        due = loop.time() + self.late_s + self._rng.random() * self.jitter_s
        self._last_due = max(due, self._last_due)  # in order, as a link does
        arguments: tuple[Any, ...] = (source, PhysicalTransport.LE, data)
        loop.call_at(self._last_due, other.on_link_acl_data, *arguments)
