"""Random and mutated payloads through the decoder, damaged recordings through info and replay."""

import asyncio
import random
from pathlib import Path

from benchmarks.row import Row, at_most
from benchmarks.sessions import folder, recording
from breathsync.devices import polar, profiles
from breathsync.devices.decoder import Decoder
from breathsync.devices.heart_rate import HeartRateValue, decode, encode
from breathsync.devices.polar import Frame, Measurement
from breathsync.devices.polar_control import ACCELERATION, ECG, PPI, PolarControl
from breathsync.devices.polar_messages import CONTROL
from breathsync.errors import BreathSyncError
from breathsync.events import Notification
from breathsync.session import playback
from breathsync.session.pipeline import pipeline
from breathsync.session.replay import RecordingReader
from breathsync.session.sitting import Sitting
from breathsync.session.summary import summarise

_STREAMED = (
    (Measurement.ECG, 0, False, ((1,), (2,)) * 30),
    (Measurement.ECG, 3, False, ((1, 2),) * 30),
    (Measurement.ACCELERATION, 1, False, ((1, 2, 3),) * 36),
    (Measurement.ACCELERATION, 0, True, ((1, 2, 3), (4, 5, 6)) * 20),
    (Measurement.PPG, 0, True, ((1, 2, 3, 4), (9, 9, 9, 9)) * 20),
    (Measurement.PPI, 0, False, ((60, 1000, 20),) * 4),
    (Measurement.GYROSCOPE, 1, True, ((1.0, 2.0, 3.0), (1.5, 2.5, 3.5))),
)


def decoder_crashes(count: int, seed: int = 1) -> int:
    """Payloads, of so many, that the decoder does not turn into a value."""
    rng, crashes = random.Random(seed), 0
    valid = [encode(HeartRateValue(70, True, n, (800, 900)[: n % 3])) for n in range(20)]
    for index in range(count):
        if index % 2:
            payload = rng.randbytes(rng.randint(0, 40))
        else:
            changed = bytearray(rng.choice(valid))
            changed[rng.randrange(len(changed))] = rng.randrange(256)
            payload = bytes(changed[: rng.randint(0, len(changed))])
        try:
            decode(payload)
        except Exception:  # anything at all is a crash here
            crashes += 1
    return crashes


def stream_crashes(count: int, seed: int = 1) -> int:
    """Payloads on a Polar strap's characteristics, of so many, that the decoder stage does not survive."""
    rng, crashes, decoder = random.Random(seed), 0, Decoder(profiles.load_all())
    machine = PolarControl("strap", (ECG, ACCELERATION, PPI))
    valid = [
        polar.encode(Frame(measurement, 10**18, kind, compressed, samples=rows))
        for measurement, kind, compressed, rows in _STREAMED
    ]
    for index in range(count):
        payload = bytearray(rng.choice(valid) if index % 2 else rng.randbytes(rng.randint(0, 250)))
        for _ in range(rng.randint(0, 3) if payload else 0):
            payload[rng.randrange(len(payload))] = rng.randrange(256)
        sent = bytes(payload[: rng.randint(0, len(payload))] if rng.random() < 0.3 else payload)
        where = CONTROL if rng.random() < 0.2 else polar.DATA
        try:
            list(decoder.push(Notification(index * 0.01, "strap", where, sent)))
            machine.indicated(sent, index * 0.01)
            machine.data(sent, index * 0.01)
            machine.features(sent, index * 0.01)
            machine.tick(index * 0.01)
            if rng.random() < 0.001:
                machine.begin(index * 0.01)
        except Exception:  # anything at all is a crash here
            crashes += 1
    return crashes


def damaged(data: bytes, rng: random.Random) -> bytes:
    """A recording with something done to it."""
    changed = bytearray(data)
    match rng.randrange(6):
        case 0:
            del changed[rng.randrange(len(changed)) :]
        case 1:
            start = rng.randrange(len(changed))
            changed[start : start + rng.randint(1, 600)] = bytes(rng.randint(1, 600))
        case 2:
            for _ in range(rng.randint(1, 40)):
                changed[rng.randrange(len(changed))] = rng.randrange(256)
        case 3:
            lines = data.splitlines(keepends=True)
            rng.shuffle(lines)
            changed = bytearray(b"".join(lines))
        case 4:
            numbers = [b"-1", b"1e300", b"NaN", b"1e12", b'"x"', b"[]", b"null", b"9" * 400]
            parts = data.split(b":")
            for _ in range(rng.randint(1, 20)):
                parts[rng.randrange(len(parts))] = rng.choice(numbers)
            changed = bytearray(b":".join(parts))
        case 5:
            start = rng.randrange(len(changed))
            changed[start:start] = changed[max(0, start - rng.randint(1, 3000)) : start]
    return bytes(changed)


def recording_crashes(count: int, where: Path | None = None, seed: int = 1) -> int:
    """Damaged recordings, of so many, on which info or replay do something unforeseen."""
    rng, crashes = random.Random(seed), 0
    whole = recording("patchy-signal", 30.0).read_bytes()
    file = (where or folder()) / "damaged.jsonl"
    for _ in range(count):
        file.write_bytes(damaged(whole, rng))
        try:
            summary = summarise(file)
            reader = RecordingReader(file)
            asyncio.run(playback.play(reader.inputs(), Sitting(pipeline())))
            assert summary.damage.lines == reader.damage.lines
        except BreathSyncError as problem:
            crashes += not str(problem)
        except Exception:  # anything else is a crash here
            crashes += 1
    return crashes


def run(*, full: bool) -> list[Row]:
    """The rows of this benchmark."""
    payloads, files = (1_000_000, 10_000) if full else (50_000, 300)
    return [
        at_most(f"decoder crashes in {payloads:,} payloads", decoder_crashes(payloads), 0),
        at_most(
            f"crashes in {payloads:,} payloads on a Polar strap's streams", stream_crashes(payloads), 0
        ),
        at_most(f"crashes in {files:,} damaged recordings", recording_crashes(files), 0),
    ]
