"""The stage of the rhythm match: how much of the heart's rhythm lies at the guide's pace."""

from collections import deque
from collections.abc import Iterable, Iterator

import numpy as np

from breathsync.events import Beat, BreathPart, Event, Flaw, GuideShown, PacerStep, RhythmMatch, Tick
from breathsync.heart.quality import reason_to_withhold
from breathsync.heart.spectrum import rhythm_match
from breathsync.heart.window import KNOWN_WITHIN_S, BeatWindow

WINDOWS_S = (64, 120)
EVERY_S = 5
_SAME_PACE_PER_MIN = 0.5


class Rhythm:
    """Every five seconds while a guide is in sight: one `RhythmMatch` for each window."""

    def __init__(self) -> None:
        self._window = BeatWindow(max(WINDOWS_S))
        self._beats: deque[Beat] = deque()
        self._paces: deque[tuple[float, float]] = deque()  # start of a breath, breaths a minute
        self._shown_s: float | None = None

    def push(self, event: Event) -> Iterable[Event]:
        """Listen to beats and guide; measure on every fifth second."""
        match event:
            case Beat():
                self._window.add(event)
                self._keep(event)
            case GuideShown(time, shown):
                self._shown_s = time if shown else None
                self._paces.clear()
            case PacerStep(time, part=BreathPart.IN):
                self._paces.append((time, event.breaths_per_min))
            case Tick(time) if self._shown_s is not None and time % EVERY_S == 0:
                return self._measure(time)
        return ()

    def _keep(self, beat: Beat) -> None:
        if beat.flaw is Flaw.NONE:
            self._beats.append(beat)
        while self._beats and self._beats[0].time < beat.time - max(WINDOWS_S) - KNOWN_WITHIN_S:
            self._beats.popleft()

    def _measure(self, now: float) -> Iterator[Event]:
        for length in WINDOWS_S:
            reason = self._reason(now, length)
            share = None if reason else self._match(now, length)
            yield RhythmMatch(now, length, share, reason)

    def _reason(self, now: float, length: int) -> str | None:
        if self._shown_s is None or now - self._shown_s < length:
            return "too_short"
        while len(self._paces) > 1 and self._paces[1][0] < now - max(WINDOWS_S):
            self._paces.popleft()
        within = [pace for time, pace in self._paces if time > now - length]
        if not within or max(within) - min(within) > _SAME_PACE_PER_MIN:
            return "pace_changing"
        return reason_to_withhold(self._window.at(now, length))

    def _match(self, now: float, length: int) -> float | None:
        beats = [beat for beat in self._beats if now - length < beat.time <= now]
        guide_hz = self._paces[-1][1] / 60
        times, rr = np.array([b.time for b in beats]), np.array([b.rr_ms for b in beats])
        return rhythm_match(times, rr, guide_hz)
