"""Polar Measurement Data: frames of the characteristic FB005C82, bytes to value and back.

Sources: Polar Measurement Data Specification; Polar BLE SDK, online_measurement.pdf 1.0, and the values
that its tests expect (facts only). A frame is a byte of measurement, the time of its *last* sample (8
bytes, nanoseconds since 2000-01-01), a byte of frame type whose highest bit says that samples follow as
differences, then samples. Everything is little-endian; what is not whole bytes begins with the lowest bit.

Decoding never fails: a strap may send any bytes at all; `problem` says what was odd, and the stream goes
on.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from breathsync.devices import polar_delta

DATA = "fb005c82"
_HEADER = struct.Struct("<BQB")
_MEASUREMENT = 0x3F
_COMPRESSED = 0x80


class Measurement(IntEnum):
    """What a stream measures: the code that stands in frames and in requests."""

    ECG = 0
    PPG = 1
    ACCELERATION = 2
    PPI = 3
    GYROSCOPE = 5
    MAGNETOMETER = 6
    SKIN_TEMPERATURE = 7
    SDK_MODE = 9
    LOCATION = 10
    PRESSURE = 11
    TEMPERATURE = 12
    OFFLINE_RECORDING = 13
    OFFLINE_HEART_RATE = 14


MEASUREMENTS = {int(measurement): measurement for measurement in Measurement}
"""By their codes; whatever is not in here is unknown to us."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What one notification says.

    `samples` are numbers by channel, before any factor; `flags` what else comes with each sample, named by
    `flag_names`. `problem` is `truncated` (no whole header), `unsupported` (a measurement or frame type
    that nobody knows), `trailing` (bytes after the last whole sample were left out) or `None`.
    """

    measurement: Measurement | None
    timestamp_ns: int
    frame_type: int = 0
    compressed: bool = False
    samples: tuple[tuple[float, ...], ...] = ()
    flags: tuple[tuple[int, ...], ...] = ()
    problem: str | None = None


TRUNCATED = Frame(None, 0, problem="truncated")


@dataclass(frozen=True, slots=True)
class _Field:
    """Some bits of a sample: a channel, or with a name a flag. The name `-` means nothing at all."""

    bits: int
    signed: bool = True
    name: str | None = None


def _flag(name: str, bits: int) -> _Field:
    return _Field(bits, signed=False, name=name)


@dataclass(frozen=True, slots=True)
class _Layout:
    """The fields of one sample, the first in the lowest bits; `floats`: 32-bit floats, sent as numbers."""

    fields: tuple[_Field, ...]
    floats: bool = False

    @property
    def size(self) -> int:
        """Bytes of one sample."""
        return sum(f.bits for f in self.fields) // 8

    @property
    def plain(self) -> bool:
        """Whether every field is a signed channel as wide as the first: then a frame is read in one go."""
        return not self.floats and set(self.fields) == {_Field(self.fields[0].bits)}


_8, _16, _24, _FLOAT = _Field(8), _Field(16), _Field(24), _Field(32, signed=False)
_UNUSED = _flag("-", 3)
_RAW: dict[tuple[int, int], _Layout] = {
    (Measurement.ECG, 0): _Layout((_24,)),  # microvolts
    (Measurement.ECG, 1): _Layout(
        (
            _Field(14, signed=False),
            _flag("-", 2),
            _flag("oversampling", 1),
            _flag("contact", 2),
            _flag("impedance", 2),
            _UNUSED,
        )
    ),
    (Measurement.ECG, 2): _Layout((_Field(18, signed=False), _flag("ecg_tag", 3), _flag("pace_tag", 3))),
    (Measurement.ECG, 3): _Layout((_24, _24, _flag("status", 8))),
    (Measurement.PPG, 0): _Layout((_24,) * 4),  # three colours and the light around
    (Measurement.ACCELERATION, 0): _Layout((_8,) * 3),  # milli-g
    (Measurement.ACCELERATION, 1): _Layout((_16,) * 3),
    (Measurement.ACCELERATION, 2): _Layout((_24,) * 3),
    (Measurement.PPI, 0): _Layout(
        (
            _Field(8, signed=False),  # heart rate
            _Field(16, signed=False),  # ms
            _Field(16, signed=False),  # error estimate, ms
            _flag("blocker", 1),
            _flag("contact", 1),
            _flag("contact_supported", 1),
            _flag("-", 5),
        )
    ),
    (Measurement.GYROSCOPE, 0): _Layout((_16,) * 3),
    (Measurement.GYROSCOPE, 1): _Layout((_FLOAT,) * 3, floats=True),
    (Measurement.MAGNETOMETER, 0): _Layout((_16,) * 3),
    (Measurement.MAGNETOMETER, 1): _Layout((_16, _16, _16, _flag("status", 16))),
}
_DELTA: dict[tuple[int, int], _Layout] = {
    (Measurement.ACCELERATION, 0): _Layout((_16,) * 3),  # g, times the factor of the start reply
    **{
        key: _RAW[key]
        for key in (
            (Measurement.PPG, 0),
            (Measurement.ACCELERATION, 1),
            (Measurement.GYROSCOPE, 0),
            (Measurement.GYROSCOPE, 1),
            (Measurement.MAGNETOMETER, 0),
            (Measurement.MAGNETOMETER, 1),
        )
    },
}


def decode(payload: bytes) -> Frame:
    """Read any bytes at all as a frame."""
    if len(payload) < _HEADER.size:
        return TRUNCATED
    code, timestamp_ns, kind = _HEADER.unpack_from(payload)
    code, frame_type, compressed = code & _MEASUREMENT, kind & 0x7F, bool(kind & _COMPRESSED)
    layout = (_DELTA if compressed else _RAW).get((code, frame_type))
    header = (MEASUREMENTS.get(code), timestamp_ns, frame_type, compressed)
    if layout is None:
        return Frame(*header, problem="unsupported")
    body = payload[_HEADER.size :]
    samples, flags, used = _differences(body, layout) if compressed else _whole(body, layout)
    return Frame(*header, samples, flags, "trailing" if used < len(body) else None)


def encode(frame: Frame) -> bytes:
    """Write a frame as a strap would. ValueError if its type is unknown or a number does not fit."""
    layout = (_DELTA if frame.compressed else _RAW).get((frame.measurement or 0, frame.frame_type))
    if frame.measurement is None or layout is None:
        raise ValueError(f"no such frame type: {frame.measurement}, {frame.frame_type}")
    flags = frame.flags or ((0,) * len(_names(layout)),) * len(frame.samples)
    try:
        kind = frame.frame_type | (_COMPRESSED if frame.compressed else 0)
        header = _HEADER.pack(frame.measurement, frame.timestamp_ns, kind)
        rows = [_row(*values, layout) for values in zip(frame.samples, flags, strict=True)]
    except struct.error as too_large:
        raise ValueError(f"does not fit into a frame: {too_large}") from too_large
    if frame.compressed:
        return header + polar_delta.pack(rows, [f.bits for f in layout.fields])
    return header + b"".join(_packed(row, layout).to_bytes(layout.size, "little") for row in rows)


def flag_names(frame: Frame) -> tuple[str, ...]:
    """What the flags of this frame's samples are called."""
    layout = (_DELTA if frame.compressed else _RAW).get((frame.measurement or 0, frame.frame_type))
    return _names(layout) if layout else ()


def peek(payload: bytes) -> tuple[Measurement, int] | None:
    """Measurement and time of a frame, without reading its samples."""
    if len(payload) < _HEADER.size:
        return None
    code, timestamp_ns, _ = _HEADER.unpack_from(payload)
    measurement = MEASUREMENTS.get(code & _MEASUREMENT)
    return None if measurement is None else (measurement, timestamp_ns)


# --- samples ---

_Rows = tuple[tuple[float, ...], ...]
_Flags = tuple[tuple[int, ...], ...]


def _whole(body: bytes, layout: _Layout) -> tuple[_Rows, _Flags, int]:
    """Samples that stand in full, their flags, and how many bytes they took."""
    used = len(body) - len(body) % layout.size
    if layout.plain:
        return _plain(body[:used], layout), (), used
    rows = [list(_parts(body[at : at + layout.size], layout)) for at in range(0, used, layout.size)]
    return *_sorted(rows, layout), used


def _plain(body: bytes, layout: _Layout) -> _Rows:
    width, number = layout.fields[0].bits // 8, int.from_bytes
    numbers = [number(body[i : i + width], "little", signed=True) for i in range(0, len(body), width)]
    return tuple(zip(*[iter(numbers)] * len(layout.fields), strict=True))


def _parts(sample: bytes, layout: _Layout) -> Iterator[int]:
    """The fields of one sample, lowest bits first."""
    rest = int.from_bytes(sample, "little")
    for f in layout.fields:
        value = rest & ((1 << f.bits) - 1)
        rest >>= f.bits
        yield value - (1 << f.bits) if f.signed and value >> (f.bits - 1) else value


def _differences(body: bytes, layout: _Layout) -> tuple[_Rows, _Flags, int]:
    rows, used = polar_delta.unpack(body, [f.bits for f in layout.fields])
    return *_sorted(rows, layout), used


def _sorted(rows: Sequence[Sequence[int]], layout: _Layout) -> tuple[_Rows, _Flags]:
    """Channels apart from flags."""
    if layout.floats:
        return tuple(_floats(row) for row in rows), ()
    channels = [i for i, f in enumerate(layout.fields) if f.name is None]
    named = [i for i, f in enumerate(layout.fields) if f.name not in (None, "-")]
    samples = tuple(tuple(row[i] for i in channels) for row in rows)
    return samples, tuple(tuple(row[i] for i in named) for row in rows) if named else ()


def _floats(row: Sequence[int]) -> tuple[float, ...]:
    bits = [number & 0xFFFFFFFF for number in row]
    return struct.unpack(f"<{len(row)}f", struct.pack(f"<{len(row)}I", *bits))


def _names(layout: _Layout) -> tuple[str, ...]:
    return tuple(f.name for f in layout.fields if f.name not in (None, "-") and f.name)


def _row(sample: Sequence[float], flags: Sequence[int], layout: _Layout) -> list[int]:
    """Channels and flags in the order of the fields, as whole numbers that fit."""
    if layout.floats:
        count = len(sample)
        return list(struct.unpack(f"<{count}I", struct.pack(f"<{count}f", *sample)))
    channels, named = iter(sample), iter(flags)
    row = []
    for f in layout.fields:
        value = 0 if f.name == "-" else int(next(named) if f.name else next(channels))
        lowest = -(1 << (f.bits - 1)) if f.signed else 0
        if not lowest <= value < lowest + (1 << f.bits):
            raise ValueError(f"does not fit into {f.bits} bits: {value}")
        row.append(value)
    return row


def _packed(row: Sequence[int], layout: _Layout) -> int:
    """One sample as one number, the first field lowest."""
    packed = place = 0
    for value, f in zip(row, layout.fields, strict=True):
        packed |= (value & ((1 << f.bits) - 1)) << place
        place += f.bits
    return packed
