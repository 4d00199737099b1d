"""Put known faults into clean RR series: missed, extra and premature beats."""

from typing import NamedTuple

import numpy as np

from benchmarks.accuracy.recordings import BeatSeries, Bools
from breathsync.heart.hrv import FloatArray

KINDS = ("missed", "extra", "ectopic")


class Injected(NamedTuple):
    rr_ms: FloatArray
    bad: Bools
    kind: list[str]  # "" where nothing was done


def longest_clean(series: BeatSeries) -> FloatArray:
    """The longest run of beats without a bad one, two beats away from its ends."""
    edges = np.concatenate(([-1], np.flatnonzero(series.bad), [len(series.bad)]))
    longest = int(np.argmax(np.diff(edges)))
    return series.rr_ms[edges[longest] + 2 : edges[longest + 1] - 2]


def inject(rr_ms: FloatArray, share: float, rng: np.random.Generator) -> Injected:
    """`share` of the beats get a fault of random kind, at least three beats apart.

    missed: two intervals become one; extra: one interval is split 20:80 to 80:20; ectopic: a
    beat comes 18-45 % early, with a full or a partly compensating pause.
    """
    chosen = _places(len(rr_ms), share, rng)
    values: list[float] = []
    kinds: list[str] = []
    bad: list[bool] = []

    def put(rr: float, kind: str, is_bad: bool) -> None:
        values.append(rr)
        kinds.append(kind)
        bad.append(is_bad)

    i = 0
    while i < len(rr_ms):
        rr = float(rr_ms[i])
        kind = chosen.get(i, "")
        if kind == "missed":
            put(rr + float(rr_ms[i + 1]), kind, True)
            i += 1
        elif kind == "extra":
            part = rng.uniform(0.2, 0.8)
            put(rr * part, kind, True)
            put(rr * (1.0 - part), kind, True)
        elif kind == "ectopic":
            early = rr * (1.0 - rng.uniform(0.55, 0.82))
            pause = rng.choice([1.0, rng.uniform(0.0, 1.0)])
            put(rr - early, kind, True)
            put(float(rr_ms[i + 1]) + early * pause, "", False)
            i += 1
        else:
            put(rr, "", False)
        i += 1
    return Injected(np.array(values), np.array(bad), kinds)


def _places(n: int, share: float, rng: np.random.Generator) -> dict[int, str]:
    wanted = max(1, round(share * n))
    chosen: dict[int, str] = {}
    for i in rng.permutation(np.arange(12, n - 6)).tolist():
        if len(chosen) == wanted:
            break
        if not any(j in chosen for j in range(i - 3, i + 4)):
            chosen[i] = str(rng.choice(KINDS))
    return chosen
