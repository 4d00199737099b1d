"""Score the breathing rate on real people, from RR and from RR with ECG, and where there is no breath."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from heapq import merge

import numpy as np

from benchmarks.accuracy import breath_scoring as by
from benchmarks.accuracy.breath_scoring import Found, Scored, pooled, scored
from benchmarks.accuracy.breathers import ECG_HZ, Breather, breathless, people
from benchmarks.accuracy.table import Report, Row
from benchmarks.accuracy.through import beats, run
from breathsync.events import Beat, Flaw, InBreathEnd, Input, QrsShape
from breathsync.session.imports.samples import chunks

Both = tuple[Scored, Scored]
"""Of one recording: now, settled."""
SETS = {"MARSH": "local/marsh", "open": "open/ecg_resp"}
SLOW_PER_MIN = 9.0
PEAKS = ("20 s peak", "32 s peak")
EDR = "R height, 32 s peak"


@dataclass(frozen=True)
class Heard:
    """What the program said of one person, and what plain methods say."""

    name: str
    rr: Both
    ecg: Both
    plain: dict[str, Scored]
    in_breaths: str


def evaluate() -> Report:
    """All rows of this part."""
    with ProcessPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        sets = {name: list(pool.map(hear, people(folder))) for name, folder in SETS.items()}
        report = _rows([heard for several in sets.values() for heard in several])
        for name, several in sets.items():
            report.details += [f"breath, {name}:", *(row.line() for row in _rows(several).rows)]
            report.details += _by_person(name, several) + _by_rate(name, several)
        return report + _breathless(pool)


def inputs(person: Breather, *, ecg: bool) -> Iterable[Input]:
    """What an import of the person's RR (and ECG) gives."""
    rr = beats(person.times_s, person.rr_ms)
    if not ecg or person.ecg_volts is None:
        return rr
    pieces = chunks("ecg", ECG_HZ, "V", person.ecg_volts.tolist())
    return merge(pieces, rr, key=lambda event: event.time)


def hear(person: Breather) -> Heard:
    """Replay a person's RR alone, then with the ECG."""
    from_rr, from_ecg = (run(inputs(person, ecg=ecg)) for ecg in (False, True))
    return Heard(
        person.name,
        both(person, from_rr),
        both(person, from_ecg),
        _plain(person, from_rr, from_ecg),
        _in_breaths(person, from_ecg),
    )


def both(person: Breather, found: Found) -> Both:
    """The scored seconds of now and settled."""
    return scored(person, found, settled=False), scored(person, found, settled=True)


def _plain(person: Breather, from_rr: Found, from_ecg: Found) -> dict[str, Scored]:
    """The baselines: spectral peaks of RR, and of what the ECG tells of breath by the height of R."""
    beats = [e for _, e in from_rr if isinstance(e, Beat)]
    good = [(e.time, e.rr_ms) for e in beats if e.flaw is Flaw.NONE and e.rr_ms is not None]
    heights = [(e.time, e.r_height) for _, e in from_ecg if isinstance(e, QrsShape)]
    (times, rr), (at, height) = np.array(good).T, np.array(heights).T
    return {
        PEAKS[0]: by.spectral_peak(person, times, rr, 20.0),
        PEAKS[1]: by.spectral_peak(person, times, rr, 32.0),
        EDR: by.spectral_peak(person, at, height, 32.0),
    }


def _rows(several: list[Heard]) -> Report:
    now, settled = (pooled(h.rr[k] for h in several) for k in (0, 1))
    ecg_now, ecg_settled = (pooled(h.ecg[k] for h in several) for k in (0, 1))
    plain = {key: pooled(h.plain[key] for h in several) for key in (*PEAKS, EDR)}
    edr = {EDR: plain.pop(EDR)}
    slow, slow_plain = _slow(now), {key: _slow(s) for key, s in plain.items()}
    report = Report(
        [
            _row("breath from RR, now: error", by.mean_error, now, (2.2, 1.3), plain),
            _more("  ... within 2/min, %", by.within_2, now, (72, 88), plain),
            _row("  ... <= 9/min: error", by.mean_error, slow, (0.95, 0.6), slow_plain),
            _more("  ... <= 9/min: within 1/min, %", by.within_1, slow, (70, 85), slow_plain),
            *_shown_rows("breath from RR, settled", settled, ((70, 88), (0.6, 0.4), (95, 98.5)), plain),
            *_shown_rows(
                "breath from RR + ECG, settled", ecg_settled, ((80, 92), (0.45, 0.3), (97, 99)), edr
            ),
        ]
    )
    kinds = {"RR now": now, "RR settled": settled, "RR + ECG now": ecg_now, "RR + ECG settled": ecg_settled}
    for what, s in kinds.items():
        gap, words = by.calibration(s)
        if np.isfinite(gap):
            report.rows.append(Row(f"confidence, {what}: worst gap", gap, 0.10, 0.04))
        report.details.append(f"confidence, {what}: said>true {words}; all seconds {_sentence(s)}")
    return report


def _by_person(name: str, several: list[Heard]) -> list[str]:
    lines = [
        f"breath by person, {name} (RR now: error, within 1, 2 | <= 9/min | RR settled | RR + ECG settled):"
    ]
    for h in several:
        slow = _slow(h.rr[0])
        parts = (
            _sentence(h.rr[0]),
            _sentence(slow) if slow.truth.size > 20 else "-",
            *map(_shown, (h.rr[1], h.ecg[1])),
        )
        lines.append(f"  {h.name:<16} {' | '.join(parts)}")
    if any(h.in_breaths for h in several):
        lines.append(f"ends of in-breaths against the nasal sensor, {name}:")
        lines += [f"  {h.name:<16} {h.in_breaths}" for h in several]
    return lines


def _by_rate(name: str, several: list[Heard]) -> list[str]:
    now, settled, ecg = (
        pooled(p) for p in zip(*((h.rr[0], h.rr[1], h.ecg[1]) for h in several), strict=True)
    )
    lines = [f"breath by rate, {name} (RR now | RR settled | RR + ECG settled):"]
    for low, high in ((0, 9), (9, 15), (15, 22), (22, 60)):
        inside = (now.truth > low) & (now.truth <= high)
        if inside.any():
            cells = _sentence(now.where(inside)), *(_shown(s.where(inside)) for s in (settled, ecg))
            lines.append(f"  {low}-{high}/min  {' | '.join(cells)}")
    return lines


def _row(
    what: str,
    measure: Callable[[Scored], float],
    ours: Scored,
    limits: tuple[float, float],
    others: dict[str, Scored],
    *,
    more: bool = False,
) -> Row:
    baselines = {name: round(measure(s), 2) for name, s in others.items()}
    return Row(what, measure(ours), *limits, more_is_better=more, baselines=baselines)


def _more(
    what: str,
    measure: Callable[[Scored], float],
    ours: Scored,
    limits: tuple[float, float],
    others: dict[str, Scored],
) -> Row:
    return _row(what, measure, ours, limits, others, more=True)


def _shown_rows(
    what: str, s: Scored, limits: tuple[tuple[float, float], ...], others: dict[str, Scored]
) -> list[Row]:
    """Share shown; error and share within 2/min where shown (the baselines show every second)."""
    part = s.where(s.shown)
    return [
        _more(f"{what}: shown, %", by.share_shown, s, limits[0], {}),
        _row("  ... error where shown", by.mean_error, part, limits[1], others),
        _more("  ... within 2/min where shown, %", by.within_2, part, limits[2], others),
    ]


def _slow(s: Scored) -> Scored:
    return s.where(s.truth <= SLOW_PER_MIN)


def _sentence(s: Scored) -> str:
    return f"{by.mean_error(s):.2f}, {by.within_1(s):.0f} %, {by.within_2(s):.0f} %"


def _shown(s: Scored) -> str:
    part = s.where(s.shown)
    return f"shown {by.share_shown(s):.0f} % {by.mean_error(part):.2f} {by.within_2(part):.1f} %"


def _breathless(pool: ProcessPoolExecutor) -> Report:
    """Where there is no breath to find."""
    report = Report()
    for name, series in breathless():
        found = list(pool.map(_from_rr, series))
        for kind, k, floor, aim in (("now", 0, 2.0, 0.5), ("settled", 1, 5.0, 1.0)):
            value = by.confidently_wrong(pooled(f[k] for f in found))
            report.rows.append(Row(f"confidently wrong, {name}, {kind}, %", value, floor, aim))
        each = " ".join(f"{by.confidently_wrong(f[1]):.1f}" for f in found)
        report.details.append(f"confidently wrong, {name}, settled, each: {each}")
    return report


def _from_rr(person: Breather) -> Both:
    return both(person, run(inputs(person, ecg=False)))


def _in_breaths(person: Breather, found: Found) -> str:
    """How the ends of in-breaths stand to a sensor's: count, offset, spread, share within a second."""
    ends = [e for _, e in found if isinstance(e, InBreathEnd)]
    if person.breath_marks_s is None or len(ends) < 5:
        return ""
    nearest = [person.breath_marks_s[np.abs(person.breath_marks_s - e.time).argmin()] for e in ends]
    error = np.array([e.time for e in ends]) - np.array(nearest)
    middle = float(np.median(error))
    spread = 1.4826 * float(np.median(np.abs(error - middle)))
    said, true = float(np.mean([e.confidence for e in ends])), float(np.mean(np.abs(error) <= 1))
    return (
        f"{len(ends)}: {middle:+.2f} s, robust SD {spread:.2f} s, within 1 s {true:.2f} (said {said:.2f})"
    )
