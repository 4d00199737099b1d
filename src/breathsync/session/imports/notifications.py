"""Notifications that somebody logged: `arrival_s` and the bytes of 0x2A37 in hex."""

from collections.abc import Iterator

from breathsync.devices.heart_rate import CHARACTERISTIC
from breathsync.devices.simulator import SOURCE
from breathsync.errors import InputFileError
from breathsync.events import Notification
from breathsync.session.imports.table import Table, number

COLUMNS = ("arrival_s", "payload_hex")


def read(table: Table) -> Iterator[Notification]:
    """Notifications; session time starts with the first arrival."""
    zero: float | None = None
    before = 0.0
    payloads = (text for _, text in table.column("payload_hex"))
    for (line, text), payload in zip(table.column("arrival_s"), payloads, strict=True):
        arrival = number(table.file, line, text)
        zero = arrival if zero is None else zero
        time = round(arrival - zero, 6)
        if time < before:
            raise InputFileError("time_backwards", file=table.file, line=line)
        before = time
        try:
            yield Notification(time, SOURCE, CHARACTERISTIC, bytes.fromhex(payload))
        except ValueError:
            raise InputFileError("not_hex", file=table.file, line=line, text=payload[:40]) from None
