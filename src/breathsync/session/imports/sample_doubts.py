"""Sampled signals that are almost right: in another unit than is said, or with nothing in them for long."""

from collections.abc import Sequence
from math import hypot
from pathlib import Path
from statistics import median
from typing import Any

from breathsync.errors import InputFileError
from breathsync.events import Input, Samples
from breathsync.session.imports.columns import Column

_MILLIVOLTS = {"mV": 1.0, "uV": 1e-3, "V": 1e3}
_WAVE_MV, _ANY_WAVE_MV = (0.2, 10.0), (0.004, 100.0)  # how far ECGs go from their middle, and what can be
_IN_G = {"mG": 1e-3, "g": 1.0, "m/s2": 1 / 9.81}
_GRAVITY_G, _ANY_MOVEMENT_G = (0.5, 2.0), (0.003, 20.0)  # with gravity; without it less
_STILL_S = 5.0  # no heart leaves an ECG alone for so long


def check_unit(file: Path, column: Column, values: Sequence[Any]) -> None:
    """ECG larger than hearts make it, gravity that nobody feels: where one other unit fits, it is that."""
    if isinstance(values[0], tuple):
        size = median(hypot(*value) for value in values)
        units, usual, possible = _IN_G, _GRAVITY_G, _ANY_MOVEMENT_G
    else:
        size, units, usual, possible = _largest_wave(values), _MILLIVOLTS, _WAVE_MV, _ANY_WAVE_MV
    said = column.unit or ""
    if said not in units or possible[0] <= size * units[said] <= possible[1]:
        return
    likely = [unit for unit, one in units.items() if usual[0] <= size * one <= usual[1]]
    if len(likely) == 1:
        told = {"value": f"{size:.3g}", "unit": said, "likely": likely[0]}
        raise InputFileError("sample_unit", file=file, column=column.name, **told)


def _largest_wave(values: Sequence[float]) -> float:
    """How far from the middle values go, but for one in a thousand, which may be a knock."""
    middle = median(values)
    found = sorted(abs(value - middle) for value in values)
    return found[-1 - len(found) // 1000]


class FlatTime:
    """How long an ECG did not change at all, as where no electrode touches the skin."""

    def __init__(self) -> None:
        self._told_s = self._lasts_s = 0.0
        self._level: object = None

    def hear(self, event: Input) -> None:
        """Take the next input in."""
        if not isinstance(event, Samples) or event.channel != "ecg":
            return
        level = event.values[0] if len(set(event.values)) == 1 else None
        if level is None or level != self._level:
            self._told_s, self._lasts_s, self._level = self.seconds, 0.0, level
        if level is not None:
            self._lasts_s += len(event.values) / event.rate_hz

    @property
    def seconds(self) -> float:
        """All stretches together that were long enough."""
        return self._told_s + (self._lasts_s if self._lasts_s >= _STILL_S else 0.0)
