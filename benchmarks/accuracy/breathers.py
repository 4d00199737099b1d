"""Real people who breathe, with a reference rate, and series in which there is no breath to find."""

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import gcd
from pathlib import Path

import numpy as np

from benchmarks.accuracy.recordings import Bools
from benchmarks.accuracy.through import ends_of
from benchmarks.real_input import data_folder
from breathsync.heart.hrv import FloatArray

ECG_HZ = 130
TRAP_HZ = (0.07, 0.13)  # a vessel wave
TRAP_ABOVE_PER_MIN = 9.0


@dataclass(frozen=True)
class Breather:
    """One recording: n beats, ECG at 130 Hz, and by whole second the reference (breaths/min)."""

    name: str
    times_s: FloatArray
    rr_ms: FloatArray
    ecg_volts: FloatArray | None
    reference: FloatArray  # nan: none
    valid: Bools  # seconds that are scored
    breath_marks_s: FloatArray | None = None  # ends of in-breaths, by a sensor of breath


def people(folder: str) -> list[Breather]:
    """Every recording of `local/marsh` or `open/ecg_resp` that has a reference."""
    files = sorted((data_folder() / folder).glob("*_breathrate.csv"))
    return [_person(file, file.name.removesuffix("_breathrate.csv")) for file in files]


def _person(file: Path, name: str) -> Breather:
    stored = np.load(file.with_name(f"{name}.npz"))
    ecg = stored["ecg_i16"] * float(stored["ecg_scale"]) + float(stored["ecg_offset"])
    times, rr = _columns(file.with_name(f"{name}_rr.csv"), "beat_time_s", "rr_ms")
    seconds, rate, ok = _columns(file, "t_s", "ref_brpm", "valid")
    reference, valid = np.full(int(seconds[-1]) + 1, np.nan), np.zeros(int(seconds[-1]) + 1, np.bool_)
    reference[seconds.astype(int)], valid[seconds.astype(int)] = rate, ok == 1
    marks = np.asarray(stored["breath_nasal_s"]) if "breath_nasal_s" in stored.files else None
    return Breather(name, times, rr, _at_130_hz(ecg, int(stored["fs_ecg"])), reference, valid, marks)


def _columns(file: Path, *names: str) -> list[FloatArray]:
    with file.open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    return [np.array([float(row[name] or "nan") for row in rows]) for name in names]


def _at_130_hz(samples: FloatArray, rate_hz: int) -> FloatArray:
    from scipy.signal import resample_poly

    shared = gcd(ECG_HZ, rate_hz)
    return np.asarray(resample_poly(samples, ECG_HZ // shared, rate_hz // shared, padtype="line"))


def trapped_rr(person: Breather, times_s: FloatArray, seed: int) -> FloatArray:
    """RR (ms) at (n,) beats: noise at 0.07-0.13 Hz, with the mean and at most the spread of theirs."""
    rng = np.random.default_rng([71, seed])
    count = int((times_s[-1] + 10) * 4)
    hz = np.fft.rfftfreq(count, 0.25)
    inside = (hz >= TRAP_HZ[0]) & (hz <= TRAP_HZ[1])
    spectrum = inside * (rng.normal(size=hz.size) + 1j * rng.normal(size=hz.size))
    wave = np.fft.irfft(spectrum, count)
    at_beats = np.interp(times_s, np.arange(count) / 4, wave / wave.std())
    middle = np.abs(person.rr_ms / np.median(person.rr_ms) - 1) < 0.4
    mean, spread = float(person.rr_ms[middle].mean()), min(float(person.rr_ms[middle].std()), 60.0)
    return np.asarray(mean + spread * at_beats)


def trapped(person: Breather, seed: int) -> Breather:
    """Its RR replaced by a vessel wave, its times and its ECG kept; scored where breath is far from it."""
    above = person.valid & (np.nan_to_num(person.reference) > TRAP_ABOVE_PER_MIN)
    rr = trapped_rr(person, person.times_s, seed)
    return replace(person, rr_ms=rr, valid=above)


def breathless() -> Iterator[tuple[str, list[Breather]]]:
    """Series without any breath to find, ten seconds into each every second counts."""
    rng = np.random.default_rng(72)
    yield "AF-like", list(_af_like())
    yield (
        "white noise",
        [
            _without(f"{mean} SD {sd}", mean + sd * rng.normal(size=800))
            for mean, sd in ((850, 20), (700, 20), (1000, 20), (850, 5), (850, 50))
        ],
    )
    flat = [
        _without(f"{mean} SD {sd}", np.round((mean + sd * rng.normal(size=800)) * 1.024) / 1.024)
        for mean in (612.3, 850.0, 1003.4)
        for sd in (0.0, 0.3, 1.0)
    ]
    yield "flat, quantised", flat
    walks = [np.clip(850 + np.cumsum(4 * rng.normal(size=800)), 400, 1500) for _ in range(4)]
    yield "random walk", [_without(f"walk {k}", walk) for k, walk in enumerate(walks)]


def _af_like() -> Iterator[Breather]:
    """Six stretches of ten minutes, spread over the irregular record."""
    with gzip.open(data_folder() / "open/annotated_beats/14149_atr.csv.gz", "rt", newline="") as file:
        rows = [(float(r[0]), float(r[1])) for r in list(csv.reader(file))[1:] if r[1]]
    times, rr = np.array(rows).T
    for k in range(6):
        first = int((k + 0.5) / 6 * len(times))
        part = slice(first, first + int(np.searchsorted(times[first:], times[first] + 600)))
        yield _without(f"14149 part {k}", rr[part], times[part] - times[first])


def _without(name: str, rr_ms: FloatArray, times_s: FloatArray | None = None) -> Breather:
    times = ends_of(rr_ms) if times_s is None else times_s
    seconds = np.arange(int(times[-1]))
    return Breather(name, times, rr_ms, None, np.full(seconds.size, np.nan), seconds >= 10)
