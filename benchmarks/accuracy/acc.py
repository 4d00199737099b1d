"""Score the breath from acceleration on simulated wearers: no real one with a known breath is at hand.

Rates count where shown (confidence at least 0.7) against the mean over the 20 s about the moment; ends of
in-breaths against the true ones, per wearer about their own median. Seeds are others than those that
taught the weights (`training/chest.py`, `training/fusion.py`).
"""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy.simulated_wearers import Worn, breathless, session
from benchmarks.accuracy.table import Report, Row
from benchmarks.accuracy.through import run
from breathsync.devices import heart_rate, polar
from breathsync.events import BreathEstimate, Event, InBreathEnd, Input, Notification
from breathsync.heart.hrv import FloatArray

FIRST, WEARERS = 5000, 100
FIRST_WITH_ECG, WITH_ECG = 6000, 8
FIRST_BREATHLESS, BREATHLESS = 7000, 9
SECONDS = 150.0
SHOWN = 0.7
_FROM_S = 20.0
_ENDS_LEAST = 5
Found = list[tuple[float, Event]]


@dataclass(frozen=True, slots=True)
class Said:
    """Of one wearer and kind: errors by second (NaN: nothing said) and confidences (n,)."""

    errors: FloatArray
    confidence: FloatArray

    @property
    def shown(self) -> FloatArray:
        """Errors where shown, breaths/min."""
        return np.asarray(self.errors[(self.confidence >= SHOWN) & ~np.isnan(self.errors)])

    def net_share(self) -> float:
        """Seconds shown and within 1/min, less those shown and not: what a display is worth."""
        return float(np.where(self.shown <= 1, 1, -1).sum() / max(len(self.errors), 1))


@dataclass(frozen=True, slots=True)
class Score:
    """Of one wearer."""

    seed: int
    kinds: tuple[str, ...]
    now: Said
    settled: Said
    ends: FloatArray  # errors of the ends told, s, about their median
    ends_offset: float
    ends_share: float  # of the true ones


def evaluate(wearers: int = WEARERS, with_ecg: int = WITH_ECG) -> Report:
    """All rows of this part."""
    with ProcessPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        scores = list(pool.map(score_of, range(FIRST, FIRST + wearers), chunksize=4))
        nobody = list(pool.map(_shown_to_nobody, range(FIRST_BREATHLESS, FIRST_BREATHLESS + BREATHLESS)))
        together = list(pool.map(_alone_and_together, range(FIRST_WITH_ECG, FIRST_WITH_ECG + with_ecg)))
    return Report(_rows(scores, nobody), _groups(scores)) + _fusion(together)


def score_of(seed: int, seconds: float = SECONDS) -> Score:
    """A wearer's session through the installed pipeline, RR and acceleration."""
    worn = session(seed, seconds)
    return scored(worn, run(worn.inputs))


def scored(worn: Worn, found: Found) -> Score:
    """What was found, against what was true."""
    ends, share = _ends(worn, found)
    offset = float(np.median(ends)) if len(ends) else float("nan")
    kept = ends - offset if len(ends) >= _ENDS_LEAST else ends[:0]
    return Score(
        worn.seed, worn.kinds, said(worn, found, False), said(worn, found, True), kept, offset, share
    )


def said(worn: Worn, found: Found, settled: bool) -> Said:
    """Every second whose truth is known."""
    times = np.arange(_FROM_S, worn.seconds)
    truth = worn.rates(times)
    estimates = {e.time: e for _, e in found if isinstance(e, BreathEstimate) and e.settled == settled}
    rates, confidence = np.full(len(times), np.nan), np.zeros(len(times))
    for k, time in enumerate(times.tolist()):
        estimate = estimates.get(time)
        if estimate is not None and estimate.breaths_per_min is not None:
            rates[k], confidence[k] = estimate.breaths_per_min, estimate.confidence
    known = ~np.isnan(truth)
    return Said(np.abs(rates - truth)[known], confidence[known])


def _ends(worn: Worn, found: Found) -> tuple[FloatArray, float]:
    true = worn.in_breath_ends()
    if not len(true):
        return np.empty(0), 0.0
    ends = [e for _, e in found if isinstance(e, InBreathEnd) and e.confidence >= SHOWN]
    told = [e.time for e in ends if e.time < true[-1] + 1]  # the truth does not know a breath that goes on
    inside = true[(true > _FROM_S) & (true < worn.seconds - 10)]
    near = [true[np.argmin(np.abs(true - time))] for time in told]
    hit = len({at for at in near if _FROM_S < at < worn.seconds - 10})
    return np.array(told) - np.array(near), hit / max(len(inside), 1)


def _rows(scores: list[Score], nobody: list[float]) -> list[Row]:
    settled, now = _shown([s.settled for s in scores]), _shown([s.now for s in scores])
    ends = np.concatenate([s.ends for s in scores])
    share = len(settled) / sum(len(s.settled.errors) for s in scores)
    share_now = len(now) / sum(len(s.now.errors) for s in scores)
    offsets = np.array([s.ends_offset for s in scores])
    offsets = offsets[~np.isnan(offsets)]
    name = "acceleration"
    return [
        Row(f"{name}, settled where shown: error", float(settled.mean()), 0.3, 0.1, unit="/min"),
        Row("  the same, median", float(np.median(settled)), 0.3, 0.1, unit="/min"),
        Row("  share of seconds shown", 100 * share, 70, 88, True, "%"),
        Row("  within 2/min", 100 * float((settled <= 2).mean()), 95, 98.5, True, "%"),
        Row(f"{name}, now (10 of its 20 s are to come): error", float(now.mean()), 0.6, 0.3, unit="/min"),
        Row("  share of seconds shown", 100 * share_now, 50, 70, True, "%"),
        Row(f"{name}, confidence: worst gap in bins 0.5-0.9", _gap(scores), 0.10, 0.04),
        Row(f"{name}, ends of in-breaths: SD", float(ends.std()), 0.4, 0.2, unit="s"),
        Row("  the same, robust (1.48 MAD)", 1.4826 * float(np.median(np.abs(ends))), 0.4, 0.2, unit="s"),
        Row("  wearers' own offsets: SD", float(offsets.std()), 0.4, 0.2, unit="s"),
        Row(
            "no breath (table, still chest, walking): shown", 100 * float(np.mean(nobody)), 2, 0.5, unit="%"
        ),
    ]


def _shown(parts: Iterable[Said]) -> FloatArray:
    return np.concatenate([part.shown for part in parts])


def _gap(scores: list[Score]) -> float:
    """Between said and true share within 1/min, bins of 0.1 from 0.5 to 0.9, now and settled."""
    gaps = [0.0]
    for parts in ([s.now for s in scores], [s.settled for s in scores]):
        said_, errors = (
            np.concatenate([p.confidence for p in parts]),
            np.concatenate([p.errors for p in parts]),
        )
        for low in (0.5, 0.6, 0.7, 0.8):
            inside = (said_ >= low) & (said_ < low + 0.1) & ~np.isnan(errors)
            if inside.sum() >= 100:
                gaps.append(abs(float(said_[inside].mean() - (errors[inside] <= 1).mean())))
    return max(gaps)


def _groups(scores: list[Score]) -> list[str]:
    lines = [
        "wearers: settled shown, error, within 1; now shown, error; ends of in-breaths told, SD, robust SD"
    ]
    for kind in dict.fromkeys(kind for s in sorted(scores, key=lambda s: s.seed) for kind in s.kinds):
        lines.append(_line(kind, [s for s in scores if kind in s.kinds]))
    worst = sorted(scores, key=lambda s: -float(s.settled.shown.sum()))[:5]
    return [*lines, *(_line(f"worst: seed {s.seed}", [s]) for s in worst)]


def _line(name: str, scores: list[Score]) -> str:
    settled, now = _shown([s.settled for s in scores]), _shown([s.now for s in scores])
    ends = np.concatenate([s.ends for s in scores])
    share = len(settled) / max(sum(len(s.settled.errors) for s in scores), 1)
    share_now = len(now) / max(sum(len(s.now.errors) for s in scores), 1)
    told = float(np.mean([s.ends_share for s in scores]))
    spread = float(ends.std()) if len(ends) else float("nan")
    robust = 1.4826 * float(np.median(np.abs(ends))) if len(ends) else float("nan")
    return (
        f"  {name:<20} n {len(scores):>3}: {share:.0%}, {_mean(settled):.2f}, {_mean(settled <= 1):.1%}; "
        f"{share_now:.0%}, {_mean(now):.2f}; {told:.0%}, {spread:.2f}, {robust:.2f}"
    )


def _mean(values: FloatArray | NDArray[np.bool_]) -> float:
    return float(np.mean(values)) if len(values) else float("nan")


# --- nobody, and all together ---


def _shown_to_nobody(seed: int) -> float:
    worn = breathless(seed, SECONDS)
    found = run(_only(worn.inputs, _is_acceleration))
    estimates = [e for _, e in found if isinstance(e, BreathEstimate)]
    return float(np.mean([e.confidence >= SHOWN for e in estimates]))


def _alone_and_together(seed: int) -> dict[str, tuple[Said, Said]]:
    """The same wearer by acceleration, RR, RR and ECG, and together."""
    worn = session(seed, SECONDS, ecg=True)
    kinds: dict[str, Callable[[Input], bool]] = {
        "acc": lambda e: not _is_rr(e) and not _is_ecg(e),
        "rr": lambda e: not _is_acceleration(e) and not _is_ecg(e),
        "rr+ecg": lambda e: not _is_acceleration(e),
        "rr+acc": lambda e: not _is_ecg(e),
        "rr+ecg+acc": lambda _: True,
    }
    said_: dict[str, tuple[Said, Said]] = {}
    for name, wanted in kinds.items():
        found = run(_only(worn.inputs, wanted))
        said_[name] = said(worn, found, False), said(worn, found, True)
    return said_


def _fusion(together: list[dict[str, tuple[Said, Said]]]) -> Report:
    report = Report([], ["alone and together: share shown, error, right less wrong (now; settled)"])
    net: dict[tuple[str, int], float] = {}
    for name in together[0]:
        texts = []
        for kind in (0, 1):
            parts = [by[name][kind] for by in together]
            net[name, kind] = float(np.mean([part.net_share() for part in parts]))
            shown = _shown(parts)
            share = len(shown) / sum(len(p.errors) for p in parts)
            texts.append(f"{share:.0%}, {_mean(shown):.2f}, {net[name, kind]:.3f}")
        report.details.append(f"  {name:<12} {'; '.join(texts)}")
    for fused, heart in (("rr+acc", "rr"), ("rr+ecg+acc", "rr+ecg")):
        for kind, when in enumerate(("now", "settled")):
            gain = 100 * (net[fused, kind] - max(net[heart, kind], net["acc", kind]))
            report.rows.append(
                Row(f"{fused}, {when}: right less wrong, against the better", gain, -1, 0, True, "%")
            )
    return report


def _only(inputs: Iterable[Input], wanted: Callable[[Input], bool]) -> list[Input]:
    return [e for e in inputs if not isinstance(e, Notification) or wanted(e)]


def _is_rr(event: Input) -> bool:
    return isinstance(event, Notification) and event.characteristic == heart_rate.CHARACTERISTIC


def _is_ecg(event: Input) -> bool:
    return _is_stream(event, polar.Measurement.ECG)


def _is_acceleration(event: Input) -> bool:
    return _is_stream(event, polar.Measurement.ACCELERATION)


def _is_stream(event: Input, measurement: polar.Measurement) -> bool:
    is_data = isinstance(event, Notification) and event.characteristic == polar.DATA
    return is_data and event.payload[:1] == bytes([measurement])  # type: ignore[attr-defined]
