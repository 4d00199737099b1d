"""Recordings damaged in every way that disks, programs and people know: what repair brings back."""

import random
from collections.abc import Callable
from pathlib import Path

from benchmarks.row import Row, at_most
from benchmarks.sessions import folder, recording
from breathsync.errors import RecordingError
from breathsync.session.recording import DamagedLineError, line, parse_line
from breathsync.session.repair import repair
from breathsync.session.replay import RecordingReader


def _cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) // 4, len(data))]


def _zeros(data: bytes, rng: random.Random) -> bytes:
    at, size = rng.randrange(len(data)), rng.choice([1, 512, 4096])
    return data[:at] + b"\0" * size + data[at + size :]


def _flipped(data: bytes, rng: random.Random) -> bytes:
    hit = bytearray(data)
    for _ in range(rng.randint(1, 12)):
        hit[rng.randrange(len(hit))] ^= 1 << rng.randrange(8)
    return bytes(hit)


def _hole(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + data[at + rng.randint(1, 3000) :]


def _garbage(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + rng.randbytes(rng.randint(1, 2000)) + data[at:]


def _glued(data: bytes, rng: random.Random) -> bytes:
    lines = data.split(b"\n")
    at = rng.randrange(1, len(lines) - 2)
    return b"\n".join([*lines[:at], lines[at] + lines[at + 1], *lines[at + 2 :]])


def _without_header(data: bytes, rng: random.Random) -> bytes:
    return rng.randbytes(rng.randint(0, 300)) + data[data.index(b"\n") :]


def _windows(data: bytes, rng: random.Random) -> bytes:
    return rng.choice([b"\xef\xbb\xbf", b""]) + data.replace(b"\n", b"\r\n")


def _time_hit(data: bytes, rng: random.Random) -> bytes:
    lines = data.split(b"\n")
    at = rng.randrange(1, len(lines) - 2)
    lines[at] = lines[at].replace(b'{"t":', b'{"t":' + str(rng.randint(1, 9)).encode())
    return b"\n".join(lines)


def _twice(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + data[max(0, at - rng.randint(1, 4096)) :]


DAMAGES: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "cut off": _cut,
    "zeros": _zeros,
    "bits flipped": _flipped,
    "a hole": _hole,
    "garbage between": _garbage,
    "lines glued together": _glued,
    "header gone": _without_header,
    "made Windows": _windows,
    "a time that was hit": _time_hit,
    "a piece twice": _twice,
}


def damaged(data: bytes, kind: str, rng: random.Random) -> bytes:
    """The bytes after one such damage."""
    return DAMAGES[kind](data, rng)


def lost_of(whole: Path, kind: str, seed: int, place: Path) -> list[bytes]:
    """Inputs that stand unharmed in the damaged file, and not in the repaired one: there must be none."""
    before = [text for text in whole.read_bytes().split(b"\n")[1:] if text]
    data = damaged(whole.read_bytes(), kind, random.Random(f"{kind} {seed}"))
    file = place / f"{kind}-{seed}.jsonl"
    file.write_bytes(data)
    still = [text for text in before if text in data]
    try:
        repair(file)
    except RecordingError:
        return still
    there = {line(event).encode() for event in RecordingReader(file).inputs()}
    return [text for text in still if _canonical(text) not in there]


def _canonical(text: bytes) -> bytes:
    """An input as it is written today: older recordings may have written a number another way."""
    try:
        return line(parse_line(text)).encode()
    except DamagedLineError:
        return text


def run(*, full: bool) -> list[Row]:
    """The rows of this benchmark."""
    seeds = 18 if full else 3
    files = [recording("patchy-signal", 300.0), recording("ecg-practice", 60.0)]
    lost = sum(
        len(lost_of(files[seed % 2], kind, seed, folder())) for kind in DAMAGES for seed in range(seeds)
    )
    what = f"inputs lost that could still be read, of {seeds * len(DAMAGES)} damages"
    return [at_most(what, lost, 0)]
