"""Three ways to look for a rhythm: fixed steps, a slow slide, or the next pace by what was seen so far.

Stepped: 6.5, 6.0, 5.5, 5.0, 4.5 breaths a minute, two minutes each (Lehrer, Vaschillo & Vaschillo 2000),
then 7.0 or 4.0 where the widest swing is at that end. Sliding: 78 breaths from 6.75 to 4.25, each 67.04 ms
longer (Fisher & Lehrer 2022). Adaptive: fifteen minutes, each at the pace that is expected to tell most
(`breath/next_pace.py`), our own. The answer comes from the same fit in all three.
"""

from collections.abc import Callable
from dataclasses import dataclass

from breathsync.events import SwingByPace

STEPS = (6.5, 6.0, 5.5, 5.0, 4.5)
STEP_MIN = 2.0
BEYOND = {6.5: 7.0, 4.5: 4.0}
SLIDING_FROM_PER_MIN, SLIDING_TO_PER_MIN = 6.75, 4.25
SLIDING_LONGER_S = 0.06704
SLIDING_BREATHS = 78
ADAPTIVE_MIN = 15.0
FIRST = STEPS  # a minute each: the whole curve once, before anything is chosen
_PARTS_OF_SLIDE = 3  # after each of them the person is asked how it felt
_QUICKLY_S = 1.5  # how much each breath changes on the way to another pace


@dataclass(frozen=True, slots=True)
class Stretch:
    """So many breaths on the way to, and at, one pace; each `lengthen_s` longer or shorter on the way."""

    per_min: float
    breaths: int
    lengthen_s: float = _QUICKLY_S


@dataclass(frozen=True, slots=True)
class Protocol:
    """A way to look. `following` gives the stretch after so many, `None` when it is over.

    It is asked with the seconds that stretches took so far, and what their swings say.
    """

    name: str
    first_per_min: float
    minutes: float
    stretches: int  # about how many
    following: Callable[[int, float, SwingByPace | None], Stretch | None]


def _stepped(done: int, _passed_s: float, seen: SwingByPace | None) -> Stretch | None:
    if done < len(STEPS):
        return Stretch(STEPS[done], round(STEPS[done] * STEP_MIN))
    beyond = BEYOND.get(_widest(seen)) if seen is not None and done == len(STEPS) else None
    return Stretch(beyond, round(beyond * STEP_MIN)) if beyond is not None else None


def _widest(seen: SwingByPace) -> float:
    means = dict(zip(seen.seen_paces, seen.seen_swings_bpm, strict=True))
    return max((pace for pace in means if pace in STEPS), key=means.__getitem__, default=0.0)


def _sliding(done: int, _passed_s: float, _seen: SwingByPace | None) -> Stretch | None:
    if done == _PARTS_OF_SLIDE:
        return None
    return Stretch(SLIDING_TO_PER_MIN, SLIDING_BREATHS // _PARTS_OF_SLIDE, SLIDING_LONGER_S)


def _adaptive(done: int, passed_s: float, seen: SwingByPace | None) -> Stretch | None:
    if passed_s >= 60 * ADAPTIVE_MIN - 30:
        return None
    pace = FIRST[done % len(FIRST)] if done < len(FIRST) or seen is None else seen.next_per_min
    return Stretch(pace, round(pace))


PROTOCOLS = {
    protocol.name: protocol
    for protocol in (
        Protocol("adaptive", FIRST[0], ADAPTIVE_MIN, 15, _adaptive),
        Protocol("stepped", STEPS[0], len(STEPS) * STEP_MIN, len(STEPS), _stepped),
        Protocol("sliding", SLIDING_FROM_PER_MIN, 15.0, _PARTS_OF_SLIDE, _sliding),
    )
}
DEFAULT = "adaptive"
