"""Score the breathing rate on real people, from RR and from RR with ECG, and where there is no breath."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from heapq import merge

import numpy as np

from benchmarks.accuracy import breath_scoring as by
from benchmarks.accuracy.breath_scoring import Scored, pooled, scored
from benchmarks.accuracy.breathers import ECG_HZ, Breather, breathless, people, trapped, trapped_rr
from benchmarks.accuracy.table import Report, Row
from benchmarks.accuracy.through import beats, run
from breathsync.breath.respiration import Respiration
from breathsync.events import Beat, BeatHeard, Event, Flaw, InBreathEnd, Input, QrsShape, Tick
from breathsync.session.imports.samples import chunks

Both = tuple[Scored, Scored]
"""Of one recording: now, settled."""
Found = list[tuple[float, Event]]
SETS = {"MARSH": "local/marsh", "open": "open/ecg_resp"}
SLOW_PER_MIN = 9.0


def evaluate() -> Report:
    """All rows of this part."""
    report = Report()
    with ProcessPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        for name, folder in SETS.items():
            report += _accuracy(name, people(folder), pool)
        report += _breathless(pool) + _trap(people(SETS["MARSH"]), pool)
    return report


def inputs(person: Breather, *, ecg: bool) -> Iterable[Input]:
    """What an import of the person's RR (and ECG) gives."""
    rr = beats(person.times_s, person.rr_ms)
    if not ecg or person.ecg_volts is None:
        return rr
    pieces = chunks("ecg", ECG_HZ, "V", person.ecg_volts.tolist())
    return merge(pieces, rr, key=lambda event: event.time)


def from_rr(person: Breather) -> Both:
    return _both(person, run(inputs(person, ecg=False)))


def from_ecg(person: Breather) -> tuple[Both, str]:
    found = run(inputs(person, ecg=True))
    return _both(person, found), in_breaths(person, found)


def _both(person: Breather, found: Found) -> Both:
    return scored(person, found, settled=False), scored(person, found, settled=True)


def _peaks(person: Breather) -> dict[str, Scored]:
    """The baselines: spectral peaks of RR, and of the height of R for what the ECG tells of breath."""
    found = run(inputs(person, ecg=True))
    good = [(e.time, e.rr_ms) for _, e in run(inputs(person, ecg=False)) if isinstance(e, Beat) and _nn(e)]
    heights = [(e.time, e.r_height) for _, e in found if isinstance(e, QrsShape)]
    (t, rr), (at, height) = np.array(good).T, np.array(heights).T
    return {
        "20 s peak": by.spectral_peak(person, t, rr, 20.0),
        "32 s peak": by.spectral_peak(person, t, rr, 32.0),
        "R height 32 s peak": by.spectral_peak(person, at, height, 32.0),
    }


def _nn(beat: Beat) -> bool:
    return beat.flaw is Flaw.NONE and beat.rr_ms is not None


def _accuracy(name: str, persons: list[Breather], pool: ProcessPoolExecutor) -> Report:
    rr = list(pool.map(from_rr, persons))
    ecg_and_ends = list(pool.map(from_ecg, persons))
    ecg = [both for both, _ in ecg_and_ends]
    plain = list(pool.map(_peaks, persons))
    base = {key: pooled(p[key] for p in plain) for key in plain[0]}
    now, settled = (pooled(b[k] for b in rr) for k in (0, 1))
    ecg_now, ecg_settled = (pooled(b[k] for b in ecg) for k in (0, 1))
    peaks = {key: base[key] for key in ("20 s peak", "32 s peak")}
    edr = {"R height 32 s peak": base["R height 32 s peak"]}
    report = Report(
        [
            _row(f"breath from RR, now, {name}: error", by.mean_error, now, 2.2, 1.3, peaks),
            _row("  ... within 2/min, %", lambda s: by.within(s, 2), now, 72, 88, peaks, more=True),
            _row("  ... <= 9/min: error", by.mean_error, _slow(now), 0.95, 0.6, _slow_of(peaks)),
            _row(
                "  ... <= 9/min: within 1/min, %",
                lambda s: by.within(s, 1),
                _slow(now),
                70,
                85,
                _slow_of(peaks),
                more=True,
            ),
            *_shown_rows(
                f"breath from RR, settled, {name}", settled, (70, 0.6, 95), (88, 0.4, 98.5), peaks
            ),
            *_shown_rows(
                f"breath from RR + ECG, settled, {name}", ecg_settled, (80, 0.45, 97), (92, 0.3, 99), edr
            ),
        ]
    )
    for what, s in (
        ("RR now", now),
        ("RR settled", settled),
        ("RR + ECG now", ecg_now),
        ("RR + ECG settled", ecg_settled),
    ):
        gap, words = by.calibration(s)
        report.rows.append(Row(f"confidence, {name}, {what}: worst gap", gap, 0.10, 0.04))
        report.details.append(f"confidence, {name}, {what}: said>true {words}; {_sentence(s)}")
    report.details.append(f"breath by person, {name} (RR now | <= 9/min | RR settled | RR + ECG settled):")
    for person, a, b in zip(persons, rr, ecg, strict=True):
        slow = _slow(a[0])
        parts = (
            _sentence(a[0]),
            _sentence(slow) if slow.truth.size > 20 else "-",
            _shown(a[1]),
            _shown(b[1]),
        )
        report.details.append(f"  {person.name:<16} {' | '.join(parts)}")
    report.details.append(f"breath by rate, {name} (RR now | RR settled | RR + ECG settled):")
    for low, high in ((0, 9), (9, 15), (15, 22), (22, 60)):
        inside = (now.truth > low) & (now.truth <= high)
        if inside.any():
            cells = (
                _sentence(now.where(inside)),
                _shown(settled.where(inside)),
                _shown(ecg_settled.where(inside)),
            )
            report.details.append(f"  {low}-{high}/min  {' | '.join(cells)}")
    if any(words for _, words in ecg_and_ends):
        report.details.append(
            f"ends of in-breaths against the nasal sensor, {name} (said with the ECG only):"
        )
        report.details += [
            f"  {p.name:<16} {words}" for p, (_, words) in zip(persons, ecg_and_ends, strict=True)
        ]
    return report


def _row(
    what: str,
    measure: Callable[[Scored], float],
    ours: Scored,
    floor: float,
    aim: float,
    others: dict[str, Scored],
    *,
    more: bool = False,
) -> Row:
    baselines = {name: round(measure(s), 2) for name, s in others.items()}
    return Row(what, measure(ours), floor, aim, more, baselines=baselines)


def _shown_rows(
    what: str,
    s: Scored,
    floors: tuple[float, float, float],
    aims: tuple[float, float, float],
    others: dict[str, Scored],
) -> list[Row]:
    """Share shown; error and share within 2/min where shown (the baselines show every second)."""
    part = s.where(s.shown)
    return [
        Row(f"{what}: shown, %", by.share_shown(s), floors[0], aims[0], True),
        _row("  ... error where shown", by.mean_error, part, floors[1], aims[1], others),
        _row(
            "  ... within 2/min where shown, %",
            lambda x: by.within(x, 2),
            part,
            floors[2],
            aims[2],
            others,
            more=True,
        ),
    ]


def _slow(s: Scored) -> Scored:
    return s.where(s.truth <= SLOW_PER_MIN)


def _slow_of(several: dict[str, Scored]) -> dict[str, Scored]:
    return {name: _slow(s) for name, s in several.items()}


def _sentence(s: Scored) -> str:
    return f"{by.mean_error(s):.2f}, {by.within(s, 1):.0f} %, {by.within(s, 2):.0f} %"


def _shown(s: Scored) -> str:
    part = s.where(s.shown)
    return f"shown {by.share_shown(s):.0f} % {by.mean_error(part):.2f} {by.within(part, 2):.1f} %"


# --- where there is no breath to find ---


def _breathless(pool: ProcessPoolExecutor) -> Report:
    report = Report()
    for name, series in breathless():
        found = list(pool.map(from_rr, series))
        floors = ((2.0, 0.5), (5.0, 1.0))
        for kind, k, (floor, aim) in zip(("now", "settled"), (0, 1), floors, strict=True):
            value = by.confidently_wrong(pooled(f[k] for f in found))
            report.rows.append(Row(f"confidently wrong, {name}, {kind}, %", value, floor, aim))
        each = " ".join(f"{by.confidently_wrong(f[1]):.1f}" for f in found)
        report.details.append(f"confidently wrong, {name}, settled, each: {each}")
    return report


def _trap(persons: list[Breather], pool: ProcessPoolExecutor) -> Report:
    report = Report()
    ways: dict[str, Callable[[tuple[Breather, int]], Both]] = {
        "RR + ECG": trap_with_ecg,
        "RR + ECG, in the beats too": trap_inside,
        "RR alone": trap_of_rr,
    }
    for name, way in ways.items():
        found = list(pool.map(way, [(p, i) for i, p in enumerate(persons)]))
        values = [by.confidently_wrong(pooled(f[k] for f in found)) for k in (0, 1)]
        if name != "RR alone":
            for kind, value in zip(("now", "settled"), values, strict=True):
                report.rows.append(Row(f"vessel-wave trap, {name}, {kind}, %", value, 8.0, 1.0))
        each = " ".join(f"{by.confidently_wrong(f[1]):.1f}" for f in found)
        shown = by.share_shown(pooled(f[1] for f in found))
        report.details.append(
            f"vessel-wave trap, {name}: now {values[0]:.1f}, settled {values[1]:.1f} "
            f"(shown {shown:.0f} %), each: {each}"
        )
    return report


def trap_with_ecg(job: tuple[Breather, int]) -> Both:
    """RR and ECG imported together, as they stand."""
    person = trapped(*job)
    return _both(person, run(inputs(person, ecg=True)))


def trap_of_rr(job: tuple[Breather, int]) -> Both:
    return from_rr(trapped(*job))


def trap_inside(job: tuple[Breather, int]) -> Both:
    """The beats that the ECG gave carry the vessel wave too: only the shape of the waves tells breath."""
    person = trapped(*job)
    found = run(inputs(job[0], ecg=True))
    times = np.array([e.time for _, e in found if isinstance(e, Beat)])
    rr = dict(zip(times.tolist(), trapped_rr(job[0], times, job[1]).tolist(), strict=True))
    stage, said = Respiration(), []
    told: list[tuple[float, Event]] = [
        (at, e) for at, e in found if isinstance(e, BeatHeard | Beat | QrsShape)
    ]
    seconds: list[tuple[float, Event]] = [(float(s), Tick(float(s))) for s in range(person.valid.size)]
    for at, event in merge(seconds, told, key=lambda pair: pair[0]):
        if isinstance(event, BeatHeard | Beat) and event.rr_ms is not None and event.time in rr:
            event = replace(event, rr_ms=rr[event.time])
        said += [(at, e) for e in stage.push(event)]
    return _both(person, said)


# --- ends of in-breaths ---


def in_breaths(person: Breather, found: Found) -> str:
    """How the ends of in-breaths stand to a sensor's: count, offset, spread, share within a second."""
    ends = [e for _, e in found if isinstance(e, InBreathEnd)]
    if person.breath_marks_s is None or len(ends) < 5:
        return ""
    nearest = np.array(
        [person.breath_marks_s[np.abs(person.breath_marks_s - e.time).argmin()] for e in ends]
    )
    error = np.array([e.time for e in ends]) - nearest
    error = error[np.abs(error) < 4]
    middle = float(np.median(error))
    spread = 1.4826 * float(np.median(np.abs(error - middle)))
    said = float(np.mean([e.confidence for e in ends]))
    true = float(np.mean(np.abs(error) <= 1))
    return (
        f"{len(ends)}: {middle:+.2f} s, robust SD {spread:.2f} s, within 1 s {true:.2f} (said {said:.2f})"
    )
