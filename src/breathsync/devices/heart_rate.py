"""The Heart Rate Measurement 0x2A37: bytes to value and back.

Source: Bluetooth SIG, Heart Rate Service 1.0, section 3.1. Little-endian: a byte of flags, the heart
rate (one or two bytes), energy if present, then RR intervals in 1/1024 s, oldest first. Decoding never
fails: a strap may send any bytes at all, and `problem` says what was odd about them.
"""

import struct
from dataclasses import dataclass

CHARACTERISTIC = "2a37"
TICKS_PER_SECOND = 1024
RR_MS_PER_TICK = 1000 / TICKS_PER_SECOND

_WIDE_HEART_RATE = 0x01
_CONTACT = 0x02
_CONTACT_SUPPORTED = 0x04
_ENERGY = 0x08
_RR = 0x10


@dataclass(frozen=True, slots=True)
class HeartRateValue:
    """What one notification says.

    `contact` is `None` where the strap does not report it. `problem` is `truncated` (nothing usable),
    `trailing` (bytes after the last whole RR interval were left out) or `None`.
    """

    heart_rate_bpm: int | None
    contact: bool | None = None
    energy_kj: int | None = None
    rr_ticks: tuple[int, ...] = ()
    problem: str | None = None


TRUNCATED = HeartRateValue(None, problem="truncated")


def decode(payload: bytes) -> HeartRateValue:
    """Read any bytes at all as a Heart Rate Measurement."""
    if not payload:
        return TRUNCATED
    flags = payload[0]
    rate_end = 3 if flags & _WIDE_HEART_RATE else 2
    rr_start = rate_end + 2 if flags & _ENERGY else rate_end
    if len(payload) < rr_start:
        return TRUNCATED
    count = (len(payload) - rr_start) // 2 if flags & _RR else 0
    rr_end = rr_start + 2 * count
    return HeartRateValue(
        heart_rate_bpm=_unsigned(payload[1:rate_end]),
        contact=bool(flags & _CONTACT) if flags & _CONTACT_SUPPORTED else None,
        energy_kj=_unsigned(payload[rate_end:rr_start]) if flags & _ENERGY else None,
        rr_ticks=struct.unpack(f"<{count}H", payload[rr_start:rr_end]),
        problem="trailing" if rr_end < len(payload) else None,
    )


def encode(value: HeartRateValue, *, wide: bool = False) -> bytes:
    """Write a Heart Rate Measurement as a strap would; `wide` asks for two bytes of heart rate.

    ValueError if something does not fit into its field, or if there is no heart rate.
    """
    if value.heart_rate_bpm is None:
        raise ValueError("a Heart Rate Measurement needs a heart rate (0 says that there is none)")
    wide = wide or value.heart_rate_bpm > 0xFF
    flags = _WIDE_HEART_RATE if wide else 0
    if value.contact is not None:
        flags |= _CONTACT_SUPPORTED | (_CONTACT if value.contact else 0)
    fields = [(value.heart_rate_bpm, 2 if wide else 1)]
    if value.energy_kj is not None:
        flags |= _ENERGY
        fields.append((value.energy_kj, 2))
    if value.rr_ticks:
        flags |= _RR
        fields += [(ticks, 2) for ticks in value.rr_ticks]
    try:
        return bytes([flags]) + b"".join(n.to_bytes(size, "little") for n, size in fields)
    except OverflowError as too_large:
        raise ValueError(f"does not fit into a Heart Rate Measurement: {value}") from too_large


def most_rr(*, att_mtu: int = 23, wide: bool = False, energy: bool = False) -> int:
    """How many RR intervals fit into one notification of a link with this ATT MTU."""
    return (att_mtu - 3 - 1 - (2 if wide else 1) - (2 if energy else 0)) // 2


def _unsigned(field: bytes) -> int:
    return int.from_bytes(field, "little")
