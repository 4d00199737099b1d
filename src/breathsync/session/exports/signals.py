"""Sampled signals of a recording, put together from their frames: in pieces, where samples are missing."""

from array import array
from dataclasses import dataclass, field, replace

import numpy as np

from breathsync.events import AccSamples, EcgSamples
from breathsync.heart.hrv import FloatArray


@dataclass(frozen=True, slots=True)
class Piece:
    """Samples in a row: the first at `start_s`. `values` has shape (n,) or, for acceleration, (n, 3)."""

    start_s: float
    values: FloatArray


@dataclass(frozen=True, slots=True)
class Signal:
    """One channel: `ecg` in uV, `acc` in mG, others as they came; a gap lies between two pieces."""

    name: str
    unit: str
    rate_hz: float
    pieces: tuple[Piece, ...]


@dataclass(slots=True)
class _Run:
    """Samples without a gap, and where their frames ended: how many samples so far, at what time."""

    values: "array[float]" = field(default_factory=lambda: array("d"))
    counts: "array[float]" = field(default_factory=lambda: array("d"))
    times: "array[float]" = field(default_factory=lambda: array("d"))
    intervals: "array[float]" = field(default_factory=lambda: array("d"))


@dataclass(slots=True)
class Stream:
    """One channel while it is collected."""

    name: str
    unit: str
    source: str
    runs: list[_Run] = field(default_factory=list)
    width: int = 1

    def is_gap(self, first_s: float, interval_s: float) -> bool:
        """Whether samples are missing before one at `first_s`."""
        return not self.runs or first_s - self.runs[-1].times[-1] > 1.5 * interval_s

    def add(self, frame: EcgSamples | AccSamples, values: tuple[object, ...]) -> None:
        """Take the next samples in; `frame` says when they were."""
        if frame.after_gap or not self.runs:
            self.runs.append(_Run())
        run = self.runs[-1]
        triples = values and isinstance(values[0], tuple)
        self.width = 3 if triples else 1
        flat = [v for row in values for v in row] if triples else values  # type: ignore[attr-defined]
        run.values.extend(flat)  # type: ignore[arg-type]
        run.counts.append(len(run.values) / self.width)
        run.times.append(frame.time)
        run.intervals.append(frame.interval_s)

    def signal(self, *, exact: bool) -> Signal:
        """The whole channel; its rate as it was given, or by the straight line through its frames."""
        runs = [run for run in self.runs if run.values]
        longest = max(runs, key=lambda run: len(run.values))
        interval_s = float(np.median(longest.intervals))
        if not exact and len(longest.counts) >= 8:
            interval_s = float(np.polyfit(longest.counts, longest.times, 1)[0])
        pieces = [self._piece(run, interval_s) for run in runs]
        if exact:
            pieces = [replace(piece, start_s=round(piece.start_s, 9)) for piece in pieces]
        return Signal(self.name, self.unit, 1 / interval_s, tuple(pieces))

    def _piece(self, run: _Run, interval_s: float) -> Piece:
        values = np.array(run.values)
        starts = np.array(run.times) - (np.array(run.counts) - 1) * interval_s
        start_s = float(np.median(starts))
        return Piece(start_s, values.reshape(-1, 3) if self.width == 3 else values)
