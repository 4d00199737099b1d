"""The stage that finds where a heart swings widest, while a session looks for it.

It takes each guided breath's swing (`RsaCycle`) where the beats were clean and the person breathed with the
guide (`GuideFollowed`). A swing is measured over two breaths, so every second one is new; the others, and
those that do not count, are breaths all the same, and the heart's response goes on through them.
"""

from collections.abc import Iterable, Iterator

import numpy as np

from breathsync.breath.next_pace import next_pace
from breathsync.breath.resonance import SwingAndPace
from breathsync.events import Event, GuideFollowed, RsaCycle, StepStarted, SwingByPace

SETTLE, FIND = "find_settle", "find_rhythm"  # kinds of steps: on the way to the first pace, and looking
LEAST_FOLLOWED = 0.5  # mean probability that the guide was followed over the two breaths
_KEPT_S = 60.0
_CURVE = np.round(np.arange(4.0, 7.01, 0.125), 6)
_BIN_PER_MIN = 0.25


class RhythmFinding:
    """`SwingByPace` after each breath that counts, while a step looks for the rhythm."""

    hears = frozenset({StepStarted, GuideFollowed, RsaCycle})

    def __init__(self) -> None:
        self._looking = False
        self._begin(None)

    def _begin(self, fit: SwingAndPace | None) -> None:
        self._fit = fit
        self._stretches = 0
        self._fresh_breaths = 0  # since the last one that counted
        self._followed: dict[float, float] = {}
        self._seen: dict[float, tuple[int, float]] = {}  # near a pace: how many swings, and their mean

    def push(self, event: Event) -> Iterable[Event]:
        """What the swings say so far."""
        match event:
            case StepStarted(step_kind=kind):
                self._step(kind)
            case GuideFollowed(time, probability) if self._fit is not None:
                self._followed[time] = probability  # what is settled replaces what was said at once
            case RsaCycle() if self._fit is not None:
                return self._breath(self._fit, event)
        return ()

    def _step(self, kind: str) -> None:
        self._looking = kind == FIND
        if kind == SETTLE or (self._looking and self._fit is None):
            self._begin(SwingAndPace())
        self._stretches += self._looking

    def _breath(self, fit: SwingAndPace, cycle: RsaCycle) -> Iterator[SwingByPace]:
        fit.breathe(cycle.breaths_per_min)
        self._fresh_breaths += 1
        counts = cycle.clean and cycle.swing_bpm is not None and self._went_along(cycle)
        if not (self._looking and counts and self._fresh_breaths >= 2):
            return
        assert cycle.swing_bpm is not None
        self._fresh_breaths = 0
        fit.observe(cycle.swing_bpm, breaths=2)
        near = round(cycle.breaths_per_min / _BIN_PER_MIN) * _BIN_PER_MIN
        count, mean = self._seen.get(near, (0, 0.0))
        self._seen[near] = count + 1, mean + (cycle.swing_bpm - mean) / (count + 1)
        yield self._said(fit, cycle.time)

    def _went_along(self, cycle: RsaCycle) -> bool:
        since = cycle.time - 120 / cycle.breaths_per_min
        self._followed = {t: p for t, p in self._followed.items() if t > cycle.time - _KEPT_S}
        within = [p for t, p in self._followed.items() if since <= t <= cycle.time]
        return bool(within) and sum(within) / len(within) >= LEAST_FOLLOWED

    def _said(self, fit: SwingAndPace, time: float) -> SwingByPace:
        answer = fit.answer()
        swings, errors = fit.swing_at(_CURVE)
        seen = sorted(self._seen)
        return SwingByPace(
            time,
            widest_per_min=float(answer.best[0]),
            low_per_min=float(answer.low[0]),
            high_per_min=float(answer.high[0]),
            clear=bool(answer.clear[0]),
            evidence=float(answer.evidence[0]),
            observations=fit.observations,
            next_per_min=float(next_pace(fit, self._stretches)[0]),
            paces=tuple(_CURVE.tolist()),
            swings_bpm=tuple(swings[:, 0].tolist()),
            errors_bpm=tuple(errors[:, 0].tolist()),
            seen_paces=tuple(seen),
            seen_swings_bpm=tuple(self._seen[pace][1] for pace in seen),
        )
