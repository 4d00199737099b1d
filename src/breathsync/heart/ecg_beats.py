"""ECG samples -> heartbeats: R peaks, marked two beats later, with the shape that breathing modulates."""

from collections import deque
from collections.abc import Iterable, Iterator

from breathsync.events import (
    Beat,
    BeatHeard,
    EcgSamples,
    EcgSignal,
    Event,
    Flaw,
    QrsShape,
    SessionEnded,
    StrapState,
    StrapStatus,
    Tick,
)
from breathsync.heart.artifacts import BeatMarker
from breathsync.heart.ecg.detector import RPeak, RPeakDetector, ShapedPeak

_SILENCE_S = 4.0
_SAME_RATE = 0.05
_CLOCK_JUMP_S = 1.0


class EcgBeats:
    """Heartbeats as the ECG shows them.

    Peaks are found on the strap's own clock, which runs evenly; the offset to session time is added
    afterwards. So the jitter of arrivals never gets into an interval.
    """

    def __init__(self) -> None:
        self._detector: RPeakDetector | None = None
        self._rate_hz = 0.0
        self._strap_s = float("-inf")
        self._set_back_s = 0.0  # what is added to a strap's clock after it was set back
        self._offset_s = 0.0
        self._marker = BeatMarker()
        self._waiting: deque[tuple[float, float | None, Flaw | None]] = deque()
        self._unshaped: deque[tuple[float, float]] = deque(maxlen=8)  # strap's and session time of peaks
        self._last_peak_s: float | None = None
        self._last_time = float("-inf")
        self._samples_until = float("-inf")

    def push(self, event: Event) -> Iterable[Event]:
        """Beats heard, beats that became final, their shapes, and how good the ECG is."""
        match event:
            case EcgSamples():
                return self._samples(event)
            case Tick(time) if self._waiting and time - self._samples_until > _SILENCE_S:
                return self._end_stretch()
            case SessionEnded() | StrapStatus(state=StrapState.LOST):
                return self._end_stretch()
        return ()

    def _samples(self, event: EcgSamples) -> Iterator[Event]:
        detector = self._detector_for(1 / event.interval_s)
        count = len(event.microvolts)
        length_s = (count - 1) * event.interval_s
        if event.strap_s + self._set_back_s < self._strap_s - _CLOCK_JUMP_S:
            self._set_back_s = self._strap_s + event.interval_s + length_s - event.strap_s
        self._strap_s = event.strap_s + self._set_back_s
        first_s = self._strap_s - length_s
        self._samples_until = event.time
        self._offset_s = event.time - self._strap_s
        for found in detector.push(first_s, event.interval_s, event.microvolts):
            yield from self._heard(found) if isinstance(found, RPeak) else self._shaped(found)
        for verdict in detector.take_quality():
            yield EcgSignal(min(verdict.time_s + self._offset_s, event.time), verdict.quality)

    def _detector_for(self, rate_hz: float) -> RPeakDetector:
        if self._detector is None or abs(rate_hz - self._rate_hz) > _SAME_RATE * self._rate_hz:
            self._detector, self._rate_hz = RPeakDetector(rate_hz), rate_hz
            self._last_peak_s = None
        return self._detector

    def _heard(self, peak: RPeak) -> Iterator[Event]:
        time = max(self._last_time, peak.time_s + self._offset_s)
        self._last_time = time
        self._unshaped.append((peak.time_s, time))
        before, self._last_peak_s = self._last_peak_s, peak.time_s
        if before is None or peak.after_gap:
            yield from self._finals(self._marker.begin_anew())
            self._waiting.append((time, None, Flaw.GAP))
            yield from self._finals([])
            return
        rr_ms = 1000 * (peak.time_s - before)
        yield BeatHeard(time, rr_ms, "ecg")
        self._waiting.append((time, rr_ms, None))
        yield from self._finals(self._marker.push(rr_ms))

    def _shaped(self, peak: ShapedPeak) -> Iterator[Event]:
        """Given with the same time as the beat, and before it is final: two beats take longer."""
        while self._unshaped and self._unshaped[0][0] < peak.time_s:
            self._unshaped.popleft()  # samples were missing before its T wave was over
        if self._unshaped and self._unshaped[0][0] == peak.time_s:
            shape = peak.shape
            yield QrsShape(
                self._unshaped.popleft()[1],
                shape.r_height,
                shape.s_depth,
                shape.up_slope,
                shape.down_slope,
                shape.qrs_mean,
                shape.t_range,
            )

    def _end_stretch(self) -> Iterator[Event]:
        self._last_peak_s = None
        return self._finals(self._marker.begin_anew())

    def _finals(self, flaws: list[Flaw]) -> Iterator[Event]:
        decided = iter(flaws)
        while self._waiting:
            time, rr_ms, flaw = self._waiting[0]
            flaw = flaw or next(decided, None)
            if flaw is None:
                return
            self._waiting.popleft()
            yield Beat(time, rr_ms, flaw, "ecg")
