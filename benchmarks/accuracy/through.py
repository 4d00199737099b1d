"""Runs arrays of beats or samples through the installed program's own stages, as a recording would."""

from collections.abc import Iterable, Sequence

import numpy as np

from breathsync.events import Beat, Event, Flaw, Input, RrIntervals, SignalQuality, Stamp
from breathsync.heart.beats import Beats
from breathsync.heart.hrv import FloatArray
from breathsync.heart.quality import Quality
from breathsync.session.pipeline import Pipeline, Stage, pipeline
from breathsync.session.sitting import Sitting


def run(inputs: Iterable[Input], stage: Stage | None = None) -> list[tuple[float, Event]]:
    """Every derived event, with the session time at which it was known."""
    found: list[tuple[float, Event]] = []

    def hear(at: float, event: Event) -> None:
        if not isinstance(event, Input):
            found.append((at, event))

    sitting, last = Sitting(stage or pipeline(), [hear]), 0.0
    for event in inputs:
        sitting.push(event)
        last = event.time
    sitting.end(last)
    return found


def beats(times_s: FloatArray, rr_ms: FloatArray) -> list[Input]:
    """Beats that carry their own times, as an import gives them; shapes (n,)."""
    both = zip(times_s.tolist(), rr_ms.tolist(), strict=True)
    return [RrIntervals(time, "strap", (rr,), Stamp.BEAT) for time, rr in both]


def ends_of(rr_ms: FloatArray) -> FloatArray:
    """When each of a row of intervals ends, in s."""
    return np.asarray(np.cumsum(rr_ms) / 1000, dtype=np.float64)


def flaws(rr_ms: FloatArray) -> list[Flaw]:
    """What the program marks in a row of intervals."""
    found = run(beats(ends_of(rr_ms), rr_ms), Pipeline([Beats()]))
    return [event.flaw for _, event in found if isinstance(event, Beat)]


def verdicts(rr_ms: FloatArray) -> Sequence[SignalQuality]:
    """What the quality gate says of a row of intervals."""
    found = run(beats(ends_of(rr_ms), rr_ms), Pipeline([Beats(), Quality()]))
    return [event for _, event in found if isinstance(event, SignalQuality)]
