"""The stage of heartbeats: from RR, from ECG, and where both are there the better of the two.

`Beat` is the chosen stream, each heartbeat once; the other stands beside it as `BeatAlternative`. ECG is
chosen where it is good: it is exact and half a second old, while RR comes late by the strap's delay. At a
switch the two streams are laid over each other; where they do not fit, and the next interval does not begin
with the last heartbeat either, a gap is marked.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace

from breathsync.events import (
    Beat,
    BeatAlternative,
    BeatHeard,
    EcgSamples,
    EcgSignal,
    Event,
    Flaw,
    HeartRateMeasurement,
    RrIntervals,
    SessionEnded,
    StrapKnown,
    StrapStatus,
    Tick,
)
from breathsync.heart.alignment import offset_s
from breathsync.heart.ecg_beats import EcgBeats
from breathsync.heart.rr_beats import RrBeats

ECG, RR = "ecg", "rr"
_KEPT = 24
_GOOD = 0.5
_GOOD_VERDICTS = 3  # in a row, two seconds each
_LOST_S = 4.0
_SAME_BEAT_S = 0.1


class Beats:
    """Listens to both streams and gives each heartbeat once."""

    hears = frozenset(
        {HeartRateMeasurement, RrIntervals, EcgSamples, StrapKnown, StrapStatus, Tick, SessionEnded}
    )

    def __init__(self) -> None:
        self._streams = (EcgBeats(), RrBeats())
        self._recent: dict[str, deque[Beat]] = {ECG: deque(maxlen=_KEPT), RR: deque(maxlen=_KEPT)}
        self._chosen: str | None = None
        self._shift_s = {ECG: 0.0, RR: 0.0}
        self._after_switch = False
        self._unmatched = False
        self._last: Beat | None = None
        self._good_verdicts = 0
        self._ecg_heard_s = float("-inf")
        self._now = 0.0

    def push(self, event: Event) -> Iterable[Event]:
        """Beats heard and beats that became final."""
        self._now = max(self._now, event.time)
        found: list[Event] = []
        for stream in self._streams:
            for said in stream.push(event):
                found += self._said(said)
        if isinstance(event, Tick) and self._chosen == ECG and self._ecg_lost():
            found += self._switch(RR)
        return found

    def _said(self, event: Event) -> Iterable[Event]:
        match event:
            case BeatHeard(source=source):
                if source == ECG:
                    self._ecg_heard_s = self._now
                if source == self._chosen or self._chosen is None:
                    shifted = min(event.time + self._shift_s[source], self._now)
                    return (replace(event, time=shifted) if self._shift_s[source] else event,)
                return ()
            case Beat():
                return self._final(event)
            case EcgSignal(quality=quality):
                self._good_verdicts = self._good_verdicts + 1 if quality >= _GOOD else 0
        return (event,)

    def _final(self, beat: Beat) -> Iterator[Event]:
        self._recent[beat.source].append(beat)
        if self._chosen is None:
            self._chosen = beat.source
        if beat.source == self._chosen:
            yield from self._tell(beat)
            return
        yield BeatAlternative(beat.time, beat.rr_ms, beat.flaw, beat.source)
        if beat.source == ECG and self._good_verdicts >= _GOOD_VERDICTS:
            yield from self._switch(ECG)

    def _tell(self, beat: Beat) -> Iterator[Event]:
        """Give a beat of the chosen stream, unless it is a heartbeat that was given already."""
        shift = self._shift_s[beat.source]
        time = min(beat.time + shift, self._now) if shift else beat.time
        last = self._last
        if last is not None:
            if self._after_switch and not self._is_after(beat, last):
                yield BeatAlternative(beat.time, beat.rr_ms, beat.flaw, beat.source)
                return
            time = max(time, last.time)
        flaw = beat.flaw
        if self._after_switch and self._unmatched and flaw is Flaw.NONE and not _touch(last, time, beat):
            flaw = Flaw.GAP
        self._after_switch = False
        same = time == beat.time and flaw is beat.flaw
        self._last = beat if same else replace(beat, time=time, flaw=flaw)
        yield self._last

    # --- switching ---

    def _is_after(self, beat: Beat, last: Beat) -> bool:
        """Whether this is a later heartbeat than the last one that was given."""
        return beat.time + self._shift_s[beat.source] > last.time + 0.4 * (beat.rr_ms or 500.0) / 1000

    def _ecg_lost(self) -> bool:
        """No beat from the ECG for some seconds, while the strap goes on counting."""
        newest = self._recent[RR][-1].time if self._recent[RR] else float("-inf")
        silent = self._now - self._ecg_heard_s > _LOST_S
        return silent and self._last is not None and newest > self._last.time

    def _switch(self, to: str) -> Iterator[Event]:
        other = RR if to == ECG else ECG
        later = offset_s(list(self._recent[other]), list(self._recent[to]))
        self._unmatched = later is None
        # RR is laid onto the ECG, which is where the heartbeats truly were.
        self._shift_s = {ECG: 0.0, RR: (later or 0.0) if to == RR else 0.0}
        ahead = 0.0 if to == RR or later is None else later
        if self._last is not None and ahead:
            self._last = replace(self._last, time=self._last.time - ahead)
        self._chosen, self._after_switch, self._good_verdicts = to, True, 0
        for beat in list(self._recent[to]):
            if self._last is None or self._is_after(beat, self._last):
                yield from self._tell(beat)


def _touch(last: Beat | None, time: float, beat: Beat) -> bool:
    """Whether the interval of `beat`, which ends at `time`, begins with the last heartbeat given."""
    begins = None if beat.rr_ms is None else time - beat.rr_ms / 1000
    return last is not None and begins is not None and abs(begins - last.time) < _SAME_BEAT_S
