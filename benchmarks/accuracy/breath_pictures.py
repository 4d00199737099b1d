"""Pictures of the ten stretches where the shown breathing rate is furthest off: to be looked at."""

import os
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.accuracy.breath import SETS, inputs
from benchmarks.accuracy.breath_scoring import SHOWN, Found
from benchmarks.accuracy.breathers import Breather, people
from benchmarks.accuracy.through import run
from benchmarks.real_input import data_folder
from breathsync.events import Beat, BreathEstimate, Flaw
from breathsync.heart.hrv import FloatArray

STRETCH_S, AROUND_S, COUNT = 60, 20, 10
WAYS = {"RR": False, "RR + ECG": True}


class Stretch(NamedTuple):
    """A minute of one recording; `off` sums the errors of its shown settled seconds, breaths/min."""

    off: float
    folder: str
    person: Breather
    start_s: int
    found: dict[str, Found]


def draw(folder: Path) -> list[str]:
    """Write the pictures; a line about each."""
    folder.mkdir(parents=True, exist_ok=True)
    everybody = [(name, person) for name in SETS.values() for person in people(name)]
    with ProcessPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        stretches = [stretch for several in pool.map(_stretches, everybody) for stretch in several]
    worst = sorted(stretches, key=lambda s: -s.off)[:COUNT]
    lines = []
    for place, stretch in enumerate(worst, 1):
        file = folder / f"{place:02}-{stretch.person.name}-{stretch.start_s}s.png"
        _draw(stretch, file)
        lines.append(
            f"{file}: {stretch.off / STRETCH_S / len(WAYS):.2f}/min off over the minute and both ways"
        )
    return lines


def _stretches(job: tuple[str, Breather]) -> list[Stretch]:
    folder, person = job
    found = {way: run(inputs(person, ecg=ecg)) for way, ecg in WAYS.items()}
    off = np.sum([_off(person, f) for f in found.values()], axis=0)
    starts = range(0, person.valid.size - STRETCH_S, STRETCH_S)
    return [Stretch(float(off[s : s + STRETCH_S].sum()), folder, person, s, found) for s in starts]


def _off(person: Breather, found: Found) -> FloatArray:
    """By second: the error of what was shown, settled; 0 where nothing was or nothing is scored."""
    off = np.zeros(person.valid.size)
    for second, rate, confidence in _said(found, settled=True):
        if second < off.size and person.valid[second] and confidence >= SHOWN:
            off[second] = abs(rate - person.reference[second])
    return off


def _said(found: Found, *, settled: bool) -> list[tuple[int, float, float]]:
    return [
        (round(e.time), e.breaths_per_min, e.confidence)
        for _, e in found
        if isinstance(e, BreathEstimate) and e.settled is settled and e.breaths_per_min is not None
    ]


def _draw(stretch: Stretch, file: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    low, high = stretch.start_s - AROUND_S, stretch.start_s + STRETCH_S + AROUND_S
    figure, (rr, breath, rate) = plt.subplots(3, 1, figsize=(11, 8), sharex=True)
    for way, found in stretch.found.items():
        beats = [e for _, e in found if isinstance(e, Beat) and e.rr_ms and low <= e.time <= high]
        rr.plot([b.time for b in beats], [b.rr_ms for b in beats], ".-", label=f"RR ({way})")
        odd = [b for b in beats if b.flaw is not Flaw.NONE]
        rr.plot([b.time for b in odd], [b.rr_ms for b in odd], "x", color="black")
    time, signal = _sensor(stretch)
    inside = (time >= low) & (time <= high)
    breath.plot(time[inside], signal[inside], color="grey", label="breath, by a sensor")
    seconds = np.arange(stretch.person.valid.size)
    known = stretch.person.valid & (seconds >= low) & (seconds <= high)
    rate.plot(seconds[known], stretch.person.reference[known], "k.", label="reference")
    for way, found in stretch.found.items():
        said = [(s, r, c) for s, r, c in _said(found, settled=True) if low <= s <= high]
        (line,) = rate.plot([s for s, _, _ in said], [r for _, r, _ in said], lw=0.8, alpha=0.6)
        shown = [(s, r) for s, r, c in said if c >= SHOWN]
        times, rates = [s for s, _ in shown], [r for _, r in shown]
        rate.plot(times, rates, "o", ms=3, color=line.get_color(), label=f"{way}, shown")
    for panel in (rr, breath, rate):
        panel.axvspan(stretch.start_s, stretch.start_s + STRETCH_S, color="gold", alpha=0.15)
        panel.legend(loc="upper right", fontsize=8)
    rr.set_title(f"{stretch.person.name}, {stretch.start_s}-{stretch.start_s + STRETCH_S} s, settled")
    rr.set_ylabel("ms")
    rate.set_ylabel("breaths/min")
    rate.set_xlabel("s")
    figure.tight_layout()
    figure.savefig(file, dpi=80)
    plt.close(figure)


def _sensor(stretch: Stretch) -> tuple[FloatArray, FloatArray]:
    """Times and values of the sensor of breath."""
    stored = np.load(data_folder() / stretch.folder / f"{stretch.person.name}.npz")
    name = "nasal_i16" if "nasal_i16" in stored.files else "resp_i16"
    values = stored[name].astype(np.float64)
    return np.arange(values.size) / float(stored["fs_resp"]), values
