"""Whether what came can be used: the quality gate of each minute, and the signal in three words."""

from collections.abc import Iterable, Iterator

from breathsync.events import (
    Beat,
    Event,
    Flaw,
    HeartRateMeasurement,
    RrIntervals,
    SignalChanged,
    SignalQuality,
    SignalState,
    Tick,
)
from breathsync.heart.window import BeatWindow, Usable

GATE_S = 60
EVERY_S = 5
MOST_DOUBTFUL = 0.05
LEAST_COVERAGE = 0.9
_STALE_S = 5.0
_RECENT_S = 30.0


def reason_to_withhold(window: Usable | None) -> str | None:
    """Why variability of this window is not said: a code, or `None` where it can be."""
    if window is None or not window.full or window.differences_ms.size < 2:
        return "too_short"
    if window.coverage < LEAST_COVERAGE:
        return "intervals_missing"
    if window.doubtful_share > MOST_DOUBTFUL:
        return "too_many_doubtful"
    return None


class Quality:
    """The stage that says how far the signal can be used, every five seconds, and when it changes."""

    def __init__(self) -> None:
        self._window = BeatWindow(GATE_S)
        self._state = SignalState.RESTING
        self._heard_s: float | None = None
        self._doubts: list[tuple[float, bool]] = []

    def push(self, event: Event) -> Iterable[Event]:
        """`SignalChanged` when the state changes, `SignalQuality` every five seconds."""
        match event:
            case HeartRateMeasurement(time, rr_ms=rr_ms) | RrIntervals(time, rr_ms=rr_ms):
                if rr_ms:
                    self._heard_s = time
            case Beat(time, _, flaw):
                self._window.add(event)
                self._doubts.append((time, flaw not in {Flaw.NONE, Flaw.DUPLICATE}))
            case Tick(time):
                return self._ticked(time)
        return ()

    def _ticked(self, now: float) -> Iterator[Event]:
        state = self._state_at(now)
        if state is not self._state:
            self._state = state
            yield SignalChanged(now, state)
        if now % EVERY_S == 0 and self._heard_s is not None:
            window = self._window.at(now, GATE_S)
            reason = reason_to_withhold(window)
            share = window.usable_share if window else 0.0
            yield SignalQuality(now, GATE_S, share, reason is not None, reason)

    def _state_at(self, now: float) -> SignalState:
        if self._heard_s is None or now - self._heard_s > _STALE_S:
            return SignalState.RESTING
        if now % 1 == 0:
            self._doubts = [d for d in self._doubts if d[0] > now - _RECENT_S]
        doubtful = sum(doubt for _, doubt in self._doubts)
        patchy = doubtful > max(1, 0.1 * len(self._doubts))
        return SignalState.PATCHY if patchy else SignalState.STEADY
