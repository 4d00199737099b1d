"""Score the quality gate on 60 s windows, one every 5 s."""

from collections import Counter
from itertools import chain

import numpy as np

from benchmarks.accuracy.beats import AF_LIKE
from benchmarks.accuracy.recordings import BeatSeries, annotated, corrected, crnl, gudb, marsh, straps
from benchmarks.accuracy.table import Report, Row
from benchmarks.accuracy.through import ends_of, verdicts

WINDOW_S = 60.0


def evaluate() -> Report:
    """All rows of this part."""
    windows: dict[str, Counter[str]] = {}
    people: dict[str, Counter[str]] = {}
    for series in map(corrected, chain(marsh(), crnl(), gudb(), straps(), annotated())):
        for kind, verdict in _windows(series):
            slow = series.dataset in ("marsh", "crnl")
            name = f"{kind}, slow breathing" if slow and kind == "clean" else kind
            windows.setdefault(name, Counter())[verdict] += 1
            if series.dataset in ("marsh", "annotated"):
                people.setdefault(f"{series.name} {kind}", Counter())[verdict] += 1
    rows = [
        Row(
            "gate refuses windows with >= 5 % abnormal beats, %", _refused(windows["bad"]), 99.0, 99.7, True
        ),
        Row(
            "gate refuses clean slow breathing (MARSH, crnl), %",
            _refused(windows["clean, slow breathing"]),
            1.0,
            0.3,
        ),
        Row(
            "gate refuses atrial-fibrillation-like windows, %",
            _refused(windows["AF-like"]),
            98.0,
            99.9,
            True,
        ),
    ]
    details = ["gate by kind of window (refused %, n, verdicts):"]
    details += [f"  {k:<28} {_refused(c):6.2f} {sum(c.values()):6d} {dict(c)}" for k, c in windows.items()]
    details.append("gate by recording, where something was refused:")
    for name, count in people.items():
        if _refused(count) > 0.0:
            details.append(f"  {name:<28} {_refused(count):6.2f} {sum(count.values()):6d}")
    return Report(rows, details)


def _windows(series: BeatSeries) -> list[tuple[str, str]]:
    """(kind of window by its labels, verdict) of every full window."""
    times = ends_of(series.rr_ms)
    result = []
    for verdict in verdicts(series.rr_ms):
        if verdict.reason == "too_short":
            continue
        ends = [verdict.time - WINDOW_S, verdict.time]
        low, high = np.searchsorted(times, ends, side="right")
        if high - low < 20:
            continue
        share = float(series.bad[low:high].mean())
        kind = "bad" if share >= 0.05 else "clean" if share == 0.0 else "some abnormal"
        if series.name == AF_LIKE:
            kind = "AF-like"
        result.append((kind, verdict.reason or "shown"))
    return result


def _refused(count: Counter[str]) -> float:
    return 100.0 * (1.0 - count["shown"] / count.total()) if count else float("nan")
