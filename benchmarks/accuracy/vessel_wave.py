"""Score the trap of the vessel wave: RR that swings near 0.1 Hz without breath, beside a real ECG."""

import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from heapq import merge

import numpy as np

from benchmarks.accuracy import breath_scoring as by
from benchmarks.accuracy.breath import SETS, Both, both, inputs
from benchmarks.accuracy.breath_scoring import Found, pooled
from benchmarks.accuracy.breathers import Breather, people, trapped, trapped_rr
from benchmarks.accuracy.table import Report, Row
from benchmarks.accuracy.through import run
from breathsync.breath.respiration import Respiration
from breathsync.events import Beat, BeatHeard, Event, QrsShape, Tick

AS_IMPORTED, IN_THE_BEATS, ALONE = "RR + ECG", "RR + ECG, in the ECG's beats too", "RR alone"


def evaluate() -> Report:
    """All rows of this part."""
    persons = people(SETS["MARSH"])
    with ProcessPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        found = list(pool.map(_ways, persons, range(len(persons))))
    report = Report()
    for name in (AS_IMPORTED, IN_THE_BEATS, ALONE):
        for kind, k in (("now", 0), ("settled", 1)):
            every = pooled(f[name][k] for f in found)
            value = by.confidently_wrong(every)
            if name != ALONE:
                report.rows.append(Row(f"vessel-wave trap, {name}, {kind}, %", value, 8.0, 1.0))
            each = " ".join(f"{by.confidently_wrong(f[name][k]):.1f}" for f in found)
            shown = by.share_shown(every)
            report.details.append(
                f"vessel wave, {name}, {kind}: {value:.1f} % (shown {shown:.0f} %), each: {each}"
            )
    return report


def _ways(person: Breather, seed: int) -> dict[str, Both]:
    """RR and ECG imported together; with the wave in the ECG's own beats too; RR alone."""
    trap = trapped(person, seed)
    return {
        AS_IMPORTED: both(trap, run(inputs(trap, ecg=True))),
        IN_THE_BEATS: both(trap, _in_the_beats(person, seed)),
        ALONE: both(trap, run(inputs(trap, ecg=False))),
    }


def _in_the_beats(person: Breather, seed: int) -> Found:
    """The beats that the ECG gave carry the wave too: only the shape of its waves tells breath."""
    found = run(inputs(person, ecg=True))
    times = np.array([e.time for _, e in found if isinstance(e, Beat)])
    rr = dict(zip(times.tolist(), trapped_rr(person, times, seed).tolist(), strict=True))
    stage, said = Respiration(), []
    told: Found = [(at, e) for at, e in found if isinstance(e, BeatHeard | Beat | QrsShape)]
    seconds: list[tuple[float, Event]] = [(float(s), Tick(float(s))) for s in range(person.valid.size)]
    for at, event in merge(seconds, told, key=lambda pair: pair[0]):
        if isinstance(event, BeatHeard | Beat) and event.rr_ms is not None and event.time in rr:
            event = replace(event, rr_ms=rr[event.time])
        said += [(at, e) for e in stage.push(event)]
    return said
