"""The stage of the rhythm match: how much of the heart's rhythm lies at the guide's pace."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from breathsync.events import (
    Beat,
    BreathPart,
    Event,
    GuideShown,
    PacerStep,
    RhythmMatch,
    SessionEnded,
    Tick,
)
from breathsync.heart.due import KNOWN_WITHIN_S, Due
from breathsync.heart.gate import Gate
from breathsync.heart.spectrum import rhythm_match
from breathsync.heart.window import BeatWindow, Usable

WINDOWS_S = (64, 120)
EVERY_S = 5
_SAME_PACE_PER_MIN = 0.5


class Rhythm:
    """For every fifth second with a guide in sight: one `RhythmMatch` for each window."""

    hears = frozenset({Beat, GuideShown, PacerStep, Tick, SessionEnded})

    def __init__(self) -> None:
        self._window = BeatWindow(max(WINDOWS_S))
        self._gate = Gate()
        self._due = Due(EVERY_S)
        self._paces: deque[tuple[float, float]] = deque()  # start of a breath, breaths a minute
        self._shown: list[tuple[float, float]] = []  # from, until

    def push(self, event: Event) -> Iterable[Event]:
        """Listen to beats and guide; measure when a moment's beats are known."""
        match event:
            case Beat():
                self._window.add(event)
                self._gate.hear(event)
            case GuideShown(time, shown):
                self._show(time, shown)
            case PacerStep(time, part=BreathPart.IN):
                self._paces.append((time, event.breaths_per_min))
                while self._paces[0][0] < time - max(WINDOWS_S) - 4 * KNOWN_WITHIN_S:
                    self._paces.popleft()
        moments = self._due.after(event)
        return self._measure(moments) if moments else ()

    def _show(self, time: float, shown: bool) -> None:
        if shown:
            self._shown = [*self._shown[-1:], (time, float("inf"))]
        elif self._shown:
            self._shown[-1] = (self._shown[-1][0], time)

    def _measure(self, moments: Sequence[float]) -> Iterator[Event]:
        for moment in moments:
            since = next((start for start, end in self._shown if start <= moment < end), None)
            if since is None:
                continue
            for length in WINDOWS_S:
                window = self._window.at(moment, length)
                reason = self._reason(moment, length, since, window)
                share = self._match(moment, window) if window and not reason else None
                yield RhythmMatch(moment, length, share, reason)

    def _reason(self, moment: float, length: int, since: float, window: Usable | None) -> str | None:
        if moment - since < length:
            return "too_short"
        within = [pace for time, pace in self._paces if moment - length < time <= moment]
        if not within or max(within) - min(within) > _SAME_PACE_PER_MIN:
            return "pace_changing"
        return self._gate.reason(window)

    def _match(self, moment: float, window: Usable) -> float | None:
        pace = [pace for time, pace in self._paces if time <= moment][-1]
        return rhythm_match(window.times_s[window.good], window.nn_ms, pace / 60)
