"""The stage that says how far the signal can be used: the gate of each minute, the state in three words."""

from collections import deque
from collections.abc import Iterable

from breathsync.events import (
    Beat,
    BeatHeard,
    Event,
    Flaw,
    HeartRateMeasurement,
    RrIntervals,
    SessionEnded,
    SignalChanged,
    SignalQuality,
    SignalState,
    StrapState,
    StrapStatus,
    Tick,
)
from breathsync.heart.due import Due
from breathsync.heart.gate import Gate
from breathsync.heart.window import BeatWindow

GATE_S = 60
EVERY_S = 5
_STALE_S = 5.0
_RECENT_S = 30.0


class Quality:
    """`SignalQuality` for every fifth second, `SignalChanged` when the state changes."""

    hears = frozenset({HeartRateMeasurement, RrIntervals, BeatHeard, Beat, StrapStatus, Tick, SessionEnded})

    def __init__(self) -> None:
        self._window = BeatWindow(GATE_S)
        self._gate = Gate()
        self._due = Due(EVERY_S)
        self._state = SignalState.RESTING
        self._heard_s: float | None = None
        self._doubts: deque[tuple[float, bool]] = deque()
        self._doubtful = 0

    def push(self, event: Event) -> Iterable[Event]:
        """Listen to what arrives and to final beats."""
        match event:
            case HeartRateMeasurement(time, rr_ms=rr_ms) | RrIntervals(time, rr_ms=rr_ms):
                if rr_ms:
                    self._heard_s = time
            case BeatHeard(time, source="ecg"):
                self._heard_s = time
            case Beat():
                self._window.add(event)
                self._gate.hear(event)
                self._doubt(event)
                return self._judge(event)
            case StrapStatus(time, state=StrapState.LOST):
                self._heard_s = None
                return self._changed(time)
            case Tick(time):
                return [*self._changed(time), *self._judge(event)]
            case SessionEnded():
                return self._judge(event)
        return ()

    def _judge(self, event: Event) -> list[Event]:
        found: list[Event] = []
        for moment in self._due.after(event):
            window = self._window.at(moment, GATE_S)
            if window is not None:
                reason = self._gate.reason(window)
                found.append(SignalQuality(moment, GATE_S, window.usable_share, reason is not None, reason))
        return found

    def _changed(self, now: float) -> list[Event]:
        state = self._state_at(now)
        if state is self._state:
            return []
        self._state = state
        return [SignalChanged(now, state)]

    def _state_at(self, now: float) -> SignalState:
        if self._heard_s is None or now - self._heard_s > _STALE_S:
            return SignalState.RESTING
        while self._doubts and self._doubts[0][0] < now - _RECENT_S:
            self._doubtful -= self._doubts.popleft()[1]
        patchy = self._doubtful > max(1, 0.1 * len(self._doubts))
        return SignalState.PATCHY if patchy else SignalState.STEADY

    def _doubt(self, beat: Beat) -> None:
        doubtful = beat.flaw not in {Flaw.NONE, Flaw.DUPLICATE}
        self._doubts.append((beat.time, doubtful))
        self._doubtful += doubtful
