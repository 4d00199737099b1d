"""The strap's side of Polar's control point: what an H10 offers and how it answers, for virtual straps."""

from breathsync.devices import polar_messages
from breathsync.devices.polar import Measurement
from breathsync.devices.polar_messages import Features, Operation, Response, Settings

_ALREADY_IN_STATE, _NOT_SUPPORTED = 6, 3

H10: dict[Measurement, Settings] = {
    Measurement.ECG: {"sample_rate_hz": (130,), "resolution_bits": (14,)},
    Measurement.ACCELERATION: {
        "sample_rate_hz": (25, 50, 100, 200),
        "resolution_bits": (16,),
        "range": (2, 4, 8),
    },
}
"""What an H10 offers (Polar Measurement Data Specification)."""


class PolarStrap:
    """`running` outlives a link, as on a real strap: a program that crashed finds its streams on."""

    def __init__(self, offered: dict[Measurement, Settings]) -> None:
        self.offered = offered
        self.running: set[Measurement] = set()

    def features(self) -> bytes:
        """What a read of the control point gives."""
        return polar_messages.encode(Features(tuple(self.offered)))

    def answer(self, payload: bytes) -> bytes | None:
        """The indication that follows a write; `None` for what is no request."""
        asked = polar_messages.decode_request(payload)
        if asked is None:
            return None
        return polar_messages.encode(self._response(asked.operation, asked.measurement))

    def _response(self, operation: Operation, measurement: Measurement) -> Response:
        if measurement not in self.offered:
            return Response(operation, measurement, _NOT_SUPPORTED)
        match operation:
            case Operation.GET_SETTINGS:
                return Response(operation, measurement, settings=self.offered[measurement])
            case Operation.START if measurement in self.running:
                return Response(operation, measurement, _ALREADY_IN_STATE)
            case Operation.START:
                self.running.add(measurement)
                return Response(operation, measurement)
            case Operation.STOP:
                self.running.discard(measurement)
                return Response(operation, measurement)
        return Response(operation, measurement, _NOT_SUPPORTED)
