"""Air without a radio: virtual controllers that hear each other, so that a strap can be played on bumble.

bumble's virtual controller (0.0.236) leaves gaps, which are filled here: a connect that is cancelled never
ends and may connect later behind our back; a reset clears nothing; data from a public address is lost; a
packet to somebody who has gone is an error; a controller that was switched off goes on advertising; all
are heard equally strong; and Linux must not be offered what it would misread (bumble #841).
"""

import asyncio
from typing import Any

from bumble import hci, ll
from bumble.controller import Controller
from bumble.core import PhysicalTransport
from bumble.link import LocalLink

_LINUX_MISREADS = hci.LeFeatureMask.LL_PRIVACY | hci.LeFeatureMask.LE_EXTENDED_ADVERTISING


class VirtualAir(LocalLink):
    """Carries packets from controller to controller."""

    def hears(self, one: Controller, other: Controller) -> bool:
        """Whether what one sends reaches the other."""
        return one is not other and one in self.controllers and other in self.controllers

    def switch_off(self, controller: Controller) -> None:
        """A power cut: it vanishes, and the other ends of its links notice that nothing comes any more."""
        self.end_links(controller)
        self.controllers.discard(controller)
        _fall_silent(controller)

    def end_links(self, controller: Controller, reason: int = 0x08) -> None:
        """Drop every link of a controller at both ends, with no goodbye (0x08: supervision timeout)."""
        for ours in list(controller.le_connections.values()):
            for other in self.controllers - {controller}:
                theirs = other.le_connections.get(ours.self_address)
                if theirs is not None and theirs.self_address == ours.peer_address:
                    other.on_le_disconnected(theirs, reason)
            controller.on_le_disconnected(ours, reason)

    def send_advertising_pdu(self, sender_controller: Controller, packet: ll.AdvertisingPdu) -> None:
        """Everybody in the air hears an advertisement."""
        strength = getattr(sender_controller, "strength_dbm", -50)
        for other in self.controllers:
            if self.hears(sender_controller, other):
                asyncio.get_running_loop().call_soon(_advertised, other, packet, strength)

    def send_acl_data(
        self,
        sender_controller: Controller,
        destination_address: hci.Address,
        transport: PhysicalTransport,  # noqa: ARG002 - always low energy here
        data: bytes,
    ) -> None:
        """Data goes to the other end of a link, from the address that this link knows."""
        other = self.find_le_controller(destination_address)
        ours = sender_controller.le_connections.get(destination_address)
        if other is not None and ours is not None and self.hears(sender_controller, other):
            self.carry(other, ours.self_address, data)

    def carry(self, other: Controller, source: hci.Address, data: bytes) -> None:
        """Let data arrive."""
        deliver = other.on_link_acl_data
        asyncio.get_running_loop().call_soon(deliver, source, PhysicalTransport.LE, data)

    def send_ll_control_pdu(
        self, sender_address: hci.Address, receiver_address: hci.Address, packet: ll.ControlPdu
    ) -> None:
        """Link control goes to the other end, if it is still there."""
        one, other = self.find_le_controller(sender_address), self.find_le_controller(receiver_address)
        if one is not None and other is not None and self.hears(one, other):
            asyncio.get_running_loop().call_soon(other.on_ll_control_pdu, sender_address, packet)


def _fall_silent(controller: Controller) -> None:
    controller.le_legacy_advertiser.stop()
    for advertised in controller.advertising_sets.values():
        advertised.stop()
    controller.advertising_sets.clear()


def _advertised(controller: Controller, packet: ll.AdvertisingPdu, strength_dbm: int) -> None:
    if isinstance(controller, VirtualController):
        controller.heard_dbm = strength_dbm
    controller.on_ll_advertising_pdu(packet)


class VirtualController(Controller):
    """The radio chip of a strap or a computer. `strength_dbm` is how strong others hear it."""

    def __init__(
        self, name: str, air: VirtualAir, *, strength_dbm: int = -60, for_linux: bool = False, **host: Any
    ) -> None:
        super().__init__(name, link=air, **host)
        self.strength_dbm = strength_dbm
        self.heard_dbm = -50
        if for_linux:
            self.le_features &= ~_LINUX_MISREADS

    def send_hci_packet(self, packet: hci.HCI_Packet) -> None:
        """To the host, with the strength at which an advertisement was heard."""
        if isinstance(
            packet, hci.HCI_LE_Advertising_Report_Event | hci.HCI_LE_Extended_Advertising_Report_Event
        ):
            for report in packet.reports:
                report.rssi = self.heard_dbm
        super().send_hci_packet(packet)

    def on_hci_le_create_connection_cancel_command(
        self, _command: hci.HCI_LE_Create_Connection_Cancel_Command
    ) -> hci.HCI_StatusReturnParameters:
        """End the attempt, and say so, as the specification has it (vol. 4, part E, 7.8.13)."""
        pending, self.pending_le_connection = self.pending_le_connection, None
        if pending is None:
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        ended = hci.HCI_LE_Connection_Complete_Event(
            status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
            connection_handle=0,
            role=hci.Role.CENTRAL,
            peer_address_type=pending.peer_address.address_type,
            peer_address=pending.peer_address,
            connection_interval=0,
            peripheral_latency=0,
            supervision_timeout=0,
            central_clock_accuracy=0,
        )
        asyncio.get_running_loop().call_soon(self.send_hci_packet, ended)
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)

    def on_hci_reset_command(self, command: hci.HCI_Reset_Command) -> hci.HCI_StatusReturnParameters:
        """Forget what went on before."""
        _fall_silent(self)
        self.le_scan_enable = False
        self.pending_le_connection = None
        return super().on_hci_reset_command(command)
