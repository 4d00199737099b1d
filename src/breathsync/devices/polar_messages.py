"""The control point of Polar Measurement Data, FB005C81: requests and what the strap says, both ways.

A request is an operation, a measurement and settings. Settings are a row of type, count and as many
values of that type's size. A response is 0xF0, operation, measurement, error, whether more follows,
settings. A read gives the features, 0x0F and a bit for each measurement; with 0x01 the strap says which
streams it ended by itself. Sources as in `polar.py`; the bytes of `devices/*/frames.jsonl` test all of it.
"""

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from breathsync.devices.polar import MEASUREMENTS, Measurement

CONTROL = "fb005c81"
_RESPONSE, _FEATURES, _STOPPED = 0xF0, 0x0F, 0x01
_MEASUREMENT = 0x3F

ERRORS = {
    0: "ok",
    1: "invalid_operation",
    2: "invalid_measurement",
    3: "not_supported",
    4: "invalid_length",
    5: "invalid_parameter",
    6: "already_in_state",
    7: "invalid_resolution",
    8: "invalid_sample_rate",
    9: "invalid_range",
    10: "invalid_mtu",
    11: "invalid_channels",
    12: "invalid_state",
    13: "in_charger",
    14: "disk_full",
}


class Operation(IntEnum):
    """What is asked of the strap."""

    GET_SETTINGS = 1
    START = 2
    STOP = 3
    GET_SDK_SETTINGS = 4
    GET_STATUS = 5
    GET_SDK_STATUS = 6


_OPERATIONS = {int(operation): operation for operation in Operation}

Settings = Mapping[str, tuple[float, ...]]
"""Values by name; of a strap's offer several, of a request one each."""

_SETTINGS = {
    0: ("sample_rate_hz", "<H"),
    1: ("resolution_bits", "<H"),
    2: ("range", "<H"),  # in the unit of the measurement: g for acceleration
    3: ("range_milliunit", "<I"),
    4: ("channels", "<B"),
    5: ("factor", "<f"),
}
_SETTING_CODES = {name: (code, form) for code, (name, form) in _SETTINGS.items()}


@dataclass(frozen=True, slots=True)
class Request:
    """What is written to the control point."""

    operation: Operation
    measurement: Measurement
    settings: Settings = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Response:
    """The strap's answer to a request.

    `error` is 0 or a code of `ERRORS`, or one that nobody knows. `more`: further responses follow. `rest`
    are bytes after the last whole setting; `problem` is `unknown setting` where they begin with one.
    """

    operation: Operation
    measurement: Measurement | None
    error: int = 0
    more: bool = False
    settings: Settings = field(default_factory=dict)
    rest: bytes = b""
    problem: str | None = None

    @property
    def error_name(self) -> str:
        """The error in a word."""
        return ERRORS.get(self.error, f"unknown_error_{self.error}")


@dataclass(frozen=True, slots=True)
class Features:
    """What the strap can measure: what a read of the control point gives."""

    measurements: tuple[Measurement, ...]


@dataclass(frozen=True, slots=True)
class StoppedBySelf:
    """The strap ended these streams by itself."""

    measurements: tuple[Measurement, ...]


_FEATURE_BITS = {
    0: Measurement.ECG,
    1: Measurement.PPG,
    2: Measurement.ACCELERATION,
    3: Measurement.PPI,
    5: Measurement.GYROSCOPE,
    6: Measurement.MAGNETOMETER,
    7: Measurement.SKIN_TEMPERATURE,
    9: Measurement.SDK_MODE,
    10: Measurement.LOCATION,
    11: Measurement.PRESSURE,
    12: Measurement.TEMPERATURE,
    13: Measurement.OFFLINE_RECORDING,
    14: Measurement.OFFLINE_HEART_RATE,
}
_STREAMS = ("none", "online", "offline", "both")


def decode(payload: bytes) -> Response | Features | StoppedBySelf | None:
    """Read any bytes at all that a strap sends; `None` where they are nothing of this."""
    match payload[:1]:
        case b"\xf0" if len(payload) >= 4 and payload[1] in _OPERATIONS:
            return _response(payload)
        case b"\x0f" if len(payload) >= 3:
            bits = int.from_bytes(payload[1:3], "little")
            return Features(tuple(m for bit, m in _FEATURE_BITS.items() if bits >> bit & 1))
        case b"\x01":
            codes = [code & _MEASUREMENT for code in payload[1:]]
            return StoppedBySelf(tuple(MEASUREMENTS[code] for code in codes if code in MEASUREMENTS))
    return None


def decode_request(payload: bytes) -> Request | None:
    """Read what was written to the control point, as a strap does."""
    if len(payload) < 2 or payload[0] not in _OPERATIONS or payload[1] & _MEASUREMENT not in MEASUREMENTS:
        return None
    settings, _, _ = decode_settings(payload[2:])
    return Request(_OPERATIONS[payload[0]], MEASUREMENTS[payload[1] & _MEASUREMENT], settings)


def encode(message: Request | Response | Features | StoppedBySelf) -> bytes:
    """Write a message as host or strap would."""
    match message:
        case Request(operation, measurement, settings):
            return bytes([operation, measurement]) + encode_settings(settings)
        case Response(operation, measurement, error, more, settings, rest):
            head = bytes([_RESPONSE, operation, measurement or 0, error, more])
            return head + encode_settings(settings) + rest
        case Features(measurements):
            bits = sum(1 << bit for bit, m in _FEATURE_BITS.items() if m in measurements)
            return bytes([_FEATURES]) + bits.to_bytes(16, "little")
        case StoppedBySelf(measurements):
            return bytes([_STOPPED, *measurements])


def decode_settings(body: bytes) -> tuple[dict[str, tuple[float, ...]], bytes, str | None]:
    """Settings by name, the bytes left over, and what was odd about these."""
    settings: dict[str, tuple[float, ...]] = {}
    while len(body) >= 2:
        if body[0] not in _SETTINGS:
            return settings, body, "unknown setting"
        name, form = _SETTINGS[body[0]]
        end = 2 + body[1] * struct.calcsize(form)
        if end > len(body):
            break
        settings[name] = tuple(value for (value,) in struct.iter_unpack(form, body[2:end]))
        body = body[end:]
    return settings, body, None


def encode_settings(settings: Settings) -> bytes:
    """The same in bytes."""
    packed = b""
    for name, values in settings.items():
        code, form = _SETTING_CODES[name]
        whole = float if form == "<f" else int
        packed += bytes([code, len(values)]) + b"".join(struct.pack(form, whole(v)) for v in values)
    return packed


def decode_status(status: int) -> tuple[Measurement | None, str]:
    """One byte of an answer to GET_STATUS: what runs (`online`, `offline`, `both`, `none`)."""
    return MEASUREMENTS.get(status & _MEASUREMENT), _STREAMS[status >> 6]


def names(measurements: Iterable[Measurement]) -> tuple[str, ...]:
    """Measurements in the words of events and profiles."""
    return tuple(measurement.name.lower() for measurement in measurements)


def _response(payload: bytes) -> Response:
    operation, measurement = _OPERATIONS[payload[1]], MEASUREMENTS.get(payload[2] & _MEASUREMENT)
    error, more = payload[3], bool(payload[4]) if len(payload) > 4 else False
    if error:
        return Response(operation, measurement, error, more)
    settings, rest, problem = decode_settings(payload[5:])
    return Response(operation, measurement, 0, more, settings, rest, problem)
