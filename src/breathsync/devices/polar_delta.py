"""Samples as differences, as Polar's sensors pack them: bytes to rows of numbers and back.

A first row in full, each channel in whole bytes; then blocks of a byte `bits`, a byte `count` and as many
rows of differences to the row before, `bits` wide each, packed from the lowest bit of each byte on and
filled up to a whole byte. (Highest bit first, as one published decoder reads them, is right only for
differences of 8 bits.) Source: the values that the tests of the Polar BLE SDK expect.
"""

from collections.abc import Sequence
from itertools import pairwise

_MOST_BITS = 32
_MOST_ROWS = 255


def unpack(body: bytes, widths: Sequence[int]) -> tuple[list[tuple[int, ...]], int]:
    """The rows of all whole blocks, and how many bytes they took; `widths` in bits, by channel."""
    row, at = _first(body, widths)
    if not row:
        return [], 0
    rows = [tuple(row)]
    while at + 2 <= len(body):
        bits, count = body[at], body[at + 1]
        end = at + 2 + (bits * count * len(row) + 7) // 8
        if not 0 < bits <= _MOST_BITS or end > len(body):
            break
        differences = _signed(body[at + 2 : end], bits, count * len(row))
        for start in range(0, len(differences), len(row)):
            row = [value + differences[start + i] for i, value in enumerate(row)]
            rows.append(tuple(row))
        at = end
    return rows, at


def pack(rows: Sequence[Sequence[int]], widths: Sequence[int]) -> bytes:
    """The same in bytes, in blocks of one width for the whole frame."""
    if not rows:
        return b""
    packed = [
        (value & ((1 << _whole(bits)) - 1)).to_bytes(_whole(bits) // 8, "little")
        for value, bits in zip(rows[0], widths, strict=True)
    ]
    steps = [[b - a for a, b in zip(before, after, strict=True)] for before, after in pairwise(rows)]
    bits = max((_bits(step) for row in steps for step in row), default=0)
    if bits > _MOST_BITS:
        raise ValueError(f"differences of {bits} bits do not fit into a frame")
    for start in range(0, len(steps), _MOST_ROWS):
        packed.append(_block(steps[start : start + _MOST_ROWS], bits))
    return b"".join(packed)


def _first(body: bytes, widths: Sequence[int]) -> tuple[list[int], int]:
    sizes = [_whole(bits) // 8 for bits in widths]
    if len(body) < sum(sizes):
        return [], 0
    row, at = [], 0
    for size in sizes:
        row.append(int.from_bytes(body[at : at + size], "little", signed=True))
        at += size
    return row, at


def _signed(packed: bytes, bits: int, count: int) -> list[int]:
    """So many signed numbers out of a row of bits, the lowest first."""
    rest, mask, half = int.from_bytes(packed, "little"), (1 << bits) - 1, 1 << (bits - 1)
    numbers = []
    for _ in range(count):
        numbers.append(((rest & mask) ^ half) - half)
        rest >>= bits
    return numbers


def _block(steps: Sequence[Sequence[int]], bits: int) -> bytes:
    number = place = 0
    for row in steps:
        for step in row:
            number |= (step & ((1 << bits) - 1)) << place
            place += bits
    return bytes([bits, len(steps)]) + number.to_bytes((place + 7) // 8, "little")


def _whole(bits: int) -> int:
    """Bits, filled up to whole bytes."""
    return (bits + 7) // 8 * 8


def _bits(step: int) -> int:
    """How wide a signed number is."""
    return (step if step >= 0 else ~step).bit_length() + 1
