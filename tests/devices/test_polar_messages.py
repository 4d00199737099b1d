"""What is written to Polar's control point and what it says: the bytes in `devices/`, both ways."""

import json
import random

import pytest

from breathsync.devices.polar import Measurement
from breathsync.devices.polar_messages import (
    CONTROL,
    Features,
    Operation,
    Request,
    Response,
    StoppedBySelf,
    decode,
    decode_request,
    decode_settings,
    decode_status,
    encode,
    encode_settings,
    names,
)
from breathsync.devices.profiles import shipped_folder


def frames(part=None):
    for file in sorted(shipped_folder().glob("*/frames.jsonl")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            frame = json.loads(line)
            if frame["characteristic"] == CONTROL and frame.get("part") == part:
                yield pytest.param(frame, id=f"{file.parent.name}:{number}")


WHOLE = list(frames())


def described(message):
    """A message in the words of the table."""
    match message:
        case Features(measurements):
            return {"kind": "features", "measurements": list(names(measurements))}
        case StoppedBySelf(measurements):
            return {"kind": "stopped", "measurements": list(names(measurements))}
        case Request(operation, measurement, settings):
            said = {"kind": "request", "settings": listed(settings)}
        case Response(operation, measurement, error, more, settings, rest, problem):
            said = {"kind": "response", "error": error, "more": more, "settings": listed(settings)}
            said |= {"rest": rest.hex()} if rest else {}
            said |= {"problem": problem} if problem else {}
    words = operation.name.lower().replace("_", " ")
    return {key: value for key, value in said.items() if value != {}} | {
        "operation": words,
        "measurement": measurement.name.lower(),
    }


def listed(settings):
    return {name: list(values) for name, values in settings.items()}


def read(frame):
    payload = bytes.fromhex(frame["hex"])
    return decode_request(payload) if frame["expect"]["kind"] == "request" else decode(payload)


@pytest.mark.parametrize("frame", WHOLE)
def test_every_message_means_what_is_written(frame):
    said, expected = described(read(frame)), frame["expect"]
    assert said == {**expected, "more": said["more"]} if "more" in said else expected


@pytest.mark.parametrize("frame", WHOLE)
def test_a_message_is_written_back(frame):
    message, payload = read(frame), bytes.fromhex(frame["hex"])
    written = encode(message)
    assert written[: len(payload)] == payload
    assert written[len(payload) :] in (b"", b"\0")  # whether more follows may be left out with an error


@pytest.mark.parametrize("frame", list(frames("settings")))
def test_settings_mean_what_is_written(frame):
    payload = bytes.fromhex(frame["hex"])
    settings, rest, problem = decode_settings(payload)
    assert (listed(settings), rest, problem) == (frame["expect"]["settings"], b"", None)
    assert encode_settings(settings) == payload


@pytest.mark.parametrize("frame", list(frames("status")))
def test_a_status_means_what_is_written(frame):
    measurement, streams = decode_status(int(frame["hex"], 16))
    assert {"measurement": measurement.name.lower(), "streams": streams} == frame["expect"]


@pytest.mark.parametrize(
    ("payload", "known", "left"), [("00018200010e", 1, 2), ("000182", 0, 3), ("00", 0, 1), ("", 0, 0)]
)
def test_half_a_setting_is_left_over(payload, known, left):
    settings, rest, problem = decode_settings(bytes.fromhex(payload))
    assert (len(settings), len(rest), problem) == (known, left, None)


def test_an_error_that_nobody_knows_has_a_name_too():
    assert decode(bytes.fromhex("f0020063")).error_name == "unknown_error_99"
    assert decode(bytes.fromhex("f00200ff00")).error_name == "unknown_error_255"


def test_a_measurement_that_nobody_knows_is_none():
    assert decode(bytes.fromhex("f0022a0000")).measurement is None
    assert decode_request(bytes.fromhex("022a")) is None


def test_offline_streams_bear_the_name_of_their_measurement():
    assert decode(bytes.fromhex("018082")) == StoppedBySelf((Measurement.ECG, Measurement.ACCELERATION))


@pytest.mark.parametrize("payload", ["", "f0", "f002", "f00200", "f0ff0000", "0f", "0f05", "02", "99"])
def test_what_is_no_message_is_none(payload):
    assert decode(bytes.fromhex(payload)) is None


def test_any_bytes_at_all_are_read_without_an_exception():
    rng = random.Random(81)
    for _ in range(10_000):
        payload = bytes([rng.choice([0xF0, 0x0F, 0x01, rng.randrange(256)])]) + rng.randbytes(
            rng.randrange(30)
        )
        message = decode(payload)
        assert message is None or isinstance(message, Features | Response | StoppedBySelf)
        decode_request(payload)
        decode_status(payload[0])


def test_an_operation_and_a_measurement_are_enough():
    assert encode(Request(Operation.STOP, Measurement.ECG)) == bytes.fromhex("0300")
