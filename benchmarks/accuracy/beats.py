"""Score the beat marker: false flags on real normal beats, real ectopy, injected faults."""

from collections.abc import Callable
from itertools import chain

import numpy as np

from benchmarks.accuracy.injection import KINDS, inject, longest_clean
from benchmarks.accuracy.recordings import (
    Bools,
    annotated,
    corrected,
    crnl,
    gudb,
    marsh,
    straps,
)
from benchmarks.accuracy.scoring import (
    NOTHING,
    Found,
    flags,
    kubios,
    rmssd,
    score_flags,
    twenty_percent,
    widened,
)
from benchmarks.accuracy.table import Report, Row
from breathsync.heart.hrv import FloatArray

Rule = Callable[[FloatArray], Bools]
RULES: dict[str, Rule] = {"ours": flags, "Kubios": kubios, "20 %": twenty_percent}
AF_LIKE = "14149"


def evaluate() -> Report:
    """All rows of this part."""
    return false_flags() + ectopy() + injected()


def false_flags() -> Report:
    """Real normal beats, by data set and by person."""
    sets = {"MARSH": marsh(), "GUDB": gudb(), "crnl": crnl(), "straps": straps()}
    pooled = dict.fromkeys(RULES, NOTHING)
    people: dict[str, dict[str, Found]] = {}
    report = Report()
    for name, recordings in sets.items():
        here = dict.fromkeys(RULES, NOTHING)
        for series in map(corrected, recordings):
            person = people.setdefault(series.person, dict.fromkeys(RULES, NOTHING))
            for rule, apply in RULES.items():
                score = score_flags(series.bad, apply(series.rr_ms))
                here[rule] += score
                person[rule] += score
        for rule in RULES:
            pooled[rule] += here[rule]
        report.rows.append(_false_row(f"false flags per 1000, {name}", here))
    report.rows.insert(0, _false_row("false flags per 1000, all normal recordings", pooled))
    worst = {r: max(p[r].false_per_1000 for p in people.values()) for r in RULES}
    ours = worst.pop("ours")
    report.rows.insert(1, Row("false flags per 1000, worst person", ours, 5.0, 2.0, baselines=worst))
    report.details.append("false flags per 1000 by person (ours, Kubios, 20 %; beats):")
    for person_name, scores in people.items():
        values = ", ".join(f"{scores[rule].false_per_1000:.1f}" for rule in RULES)
        report.details.append(f"  {person_name:<28} {values}  ({scores['ours'].good})")
    return report


def _false_row(measure: str, scores: dict[str, Found]) -> Row:
    others = {rule: s.false_per_1000 for rule, s in scores.items() if rule != "ours"}
    return Row(measure, scores["ours"].false_per_1000, 1.0, 0.3, baselines=others)


def ectopy() -> Report:
    """Expert-labelled ectopic beats (the atrial-fibrillation-like record is the gate's)."""
    pooled = dict.fromkeys(RULES, NOTHING)
    details = ["annotated ectopy by record: found, false per 1000 (ours | Kubios | 20 %):"]
    for series in annotated():
        if series.name == AF_LIKE:
            continue
        scores = {rule: score_flags(series.bad, apply(series.rr_ms)) for rule, apply in RULES.items()}
        pooled = {rule: pooled[rule] + scores[rule] for rule in RULES}
        texts = (f"{s.sensitivity:.3f}, {s.false_per_1000:.2f}" for s in scores.values())
        details.append(f"  {series.name:<8} {' | '.join(texts)}  ({scores['ours'].bad} ectopic)")
    ours = pooled.pop("ours")
    found = {rule: s.sensitivity for rule, s in pooled.items()}
    false = {rule: s.false_per_1000 for rule, s in pooled.items()}
    rows = [
        Row("annotated ectopy found", ours.sensitivity, 0.75, 0.92, True, baselines=found),
        Row("  ... at false flags per 1000", ours.false_per_1000, 3.0, 3.0, baselines=false),
    ]
    return Report(rows, details)


def _clean_series() -> list[tuple[str, FloatArray]]:
    """Seated or resting people; exercise is left out, its beats are hardly ever trained on."""
    chosen: list[tuple[str, FloatArray]] = []
    for series in map(corrected, chain(marsh(), crnl(), gudb(), straps())):
        rr = longest_clean(series)
        if len(rr) >= 200 and not any(w in series.name for w in ("jogging", "noisy", "exercise")):
            chosen.append((series.person, rr))
    return chosen


def injected() -> Report:
    report = Report()
    series = _clean_series()
    for share, limits in ((0.01, ((1.0, 0.3), (5.0, 2.0))), (0.05, ((3.0, 1.0), (15.0, 5.0)))):
        rng = np.random.default_rng(2026)
        counts: dict[str, list[int]] = {kind: [0, 0] for kind in KINDS}
        errors: dict[str, list[float]] = {rule: [] for rule in ("ours", "Kubios", "perfect")}
        for _, rr in series:
            for _ in range(3):
                faulty = inject(rr, share, rng)
                ours = flags(faulty.rr_ms)
                kinds = np.array(faulty.kind)
                for kind in KINDS:
                    which = faulty.bad & (kinds == kind)
                    counts[kind][0] += int((widened(ours, 1) & which).sum())
                    counts[kind][1] += int(which.sum())
                truth = faulty.bad | np.concatenate(([False], (kinds == "ectopic")[:-1]))
                verdicts = {"ours": ours, "Kubios": kubios(faulty.rr_ms), "perfect": truth}
                clean = rmssd(rr, np.zeros(len(rr), np.bool_))
                for rule, verdict in verdicts.items():
                    error = abs(rmssd(faulty.rr_ms, verdict) / clean - 1.0)
                    errors[rule].append(100.0 * error if np.isfinite(error) else 100.0)
        name = f"{100 * share:.0f} %"
        for kind in KINDS:
            found, all_ = counts[kind]
            what = f"injected {kind} beats found, {name} (n {all_})"
            report.rows.append(Row(what, found / all_, 0.98, 0.998, True))
        for what, q, (floor, aim) in zip(("median", "95th pct"), (50, 95), limits, strict=True):
            values = {rule: float(np.percentile(e, q)) for rule, e in errors.items()}
            measure = f"RMSSD error % with {name} bad beats, {what}"
            report.rows.append(Row(measure, values.pop("ours"), floor, aim, baselines=values))
    return report
