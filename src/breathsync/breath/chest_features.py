"""What speaks for and against a second's breath, in numbers; and the rates that it proposes."""

import math

import numpy as np

from breathsync.breath.chest_bins import Floats
from breathsync.breath.chest_breath import ChestMoment
from breathsync.breath.chest_marks import counted
from breathsync.breath.chest_spectrum import peak

NAMES = (
    *("explained 12 s", "explained 20 s", "explained 32 s"),
    *("off 12 s", "off 20 s", "off 32 s"),
    *("cover 12 s", "cover 20 s", "cover 32 s"),
    *("contrast", "counted 20 s", "counted 10 s", "last", "marked 20 s", "changed", "unsteady"),
    *("amplitude", "rate", "late", "round"),
)
_ELSEWHERE = 6  # grid steps: rates further than a quarter octave away compete
_MOST_OFF = 0.7
_APART = 0.12  # of a rate: beyond it the phase has glided over a rest, and marks are nearer the truth
SLOWEST, FASTEST = 2.0, 45.0


def proposals(moment: ChestMoment) -> tuple[float, float, float, float]:
    """Breaths/min: counted over the last 20 s and 10 s, the last breath's, and the one explaining most."""
    twenty, _ = _counted(moment, 20.0)
    ten, _ = _counted(moment, 10.0)
    return twenty, ten, _sane(60 * moment.phase.rate_hz), _sane(60 * moment.rate_hz)


def _counted(moment: ChestMoment, seconds: float) -> tuple[float, float]:
    """Breaths/min over the last seconds by the phase, or by marks where they differ much; and how much."""
    late = moment.late_s
    by_phase = _sane(moment.phase.mean_rate(late - seconds, late))
    by_marks = counted(moment.marks, late - seconds, late)
    apart = 0.0 if by_marks is None else _off(_sane(by_marks), by_phase)
    return (_sane(by_marks) if by_marks is not None and apart > _APART else by_phase), apart


def _sane(rate: float) -> float:
    return min(max(rate, SLOWEST), FASTEST)


def features(moment: ChestMoment, rates: tuple[float, float, float, float]) -> Floats:
    """One number for each of `NAMES`."""
    twenty, ten, last, best = rates
    explained, off, cover = [], [], []
    for fit in moment.fits:
        share = 0.0 if fit is None else float(fit.share[moment.best])
        explained.append(-math.log(1 - share))
        off.append(0.0 if fit is None else _off(peak(fit.share)[1], best))
        cover.append(0.0 if fit is None else fit.cover)
    differ = _off(twenty, best), _off(ten, twenty), _off(last, best), _counted(moment, 20.0)[1]
    changed = _off(moment.before_hz, moment.rate_hz)
    amplitude = math.log(max(moment.amplitude_deg, 1e-3))
    steady = _contrast(moment), *differ, changed, _unsteady(moment)
    rest = amplitude, math.log(best / 12), moment.late_s, moment.roundness
    return np.array([*explained, *off, *cover, *steady, *rest])


def _off(one: float, other: float) -> float:
    return min(abs(math.log(one / other)), _MOST_OFF)


def _contrast(moment: ChestMoment) -> float:
    """The best rate's score against the best elsewhere."""
    here = float(moment.score[moment.best])
    low, high = max(moment.best - _ELSEWHERE, 0), moment.best + _ELSEWHERE + 1
    others = [float(part.max()) for part in (moment.score[:low], moment.score[high:]) if len(part)]
    return math.log((here + 0.01) / (max(others) + 0.01))


def _unsteady(moment: ChestMoment) -> float:
    """How far the phase of the last 20 s leaves a straight line, turns."""
    recent = moment.phase.turns[-20 * 4 :]
    place = np.arange(len(recent)) - (len(recent) - 1) / 2
    away = recent - recent.mean()
    away = away - place * (place @ away) / max(float(place @ place), 1.0)
    return min(math.sqrt(float(away @ away) / len(away)), 0.5)
