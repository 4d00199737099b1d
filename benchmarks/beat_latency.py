"""One beat through the whole pipeline, in the first and the last hour, beside neurokit2."""

from benchmarks.row import Row, at_least, at_most, percentile
from benchmarks.sessions import recording
from breathsync.clock import stopwatch
from breathsync.devices import profiles
from breathsync.devices.decoder import Decoder
from breathsync.events import Beat, Event, Flaw, Notification, Tick
from breathsync.heart.beats import Beats
from breathsync.heart.metrics import Metrics
from breathsync.heart.quality import Quality
from breathsync.session.pipeline import Pipeline, pipeline
from breathsync.session.replay import RecordingReader
from breathsync.session.sitting import Sitting


class _Timed:
    """A pipeline that notes how long everything took from one heartbeat to the next."""

    def __init__(self, stages: Pipeline) -> None:
        self.hears = stages.hears
        self._pipeline = stages
        self._spent = 0.0
        self.beats: list[tuple[float, float]] = []  # session time, seconds of work
        self.rr_ms: list[float] = []

    def push(self, event: Event) -> list[Event]:
        """Push, and note the time of it."""
        start = stopwatch()
        found = self._pipeline.push(event)
        self._spent += stopwatch() - start
        beats = [b for b in found if isinstance(b, Beat) and b.flaw is Flaw.NONE]
        if beats and isinstance(event, Notification | Tick):
            self.beats += [(event.time, self._spent / len(beats))] * len(beats)
            self.rr_ms += [b.rr_ms or 0.0 for b in beats]
            self._spent = 0.0
        return found


def measures_alone() -> Pipeline:
    """The stages that give what neurokit2 is asked for: variability, without breath, swing and guide."""
    return Pipeline([Decoder(profiles.load_all()), Beats(), Quality(), Metrics()])


def timed(scenario: str, seconds: float | None = None, stages: Pipeline | None = None) -> _Timed:
    """A session with every beat timed."""
    stage = _Timed(stages or pipeline())
    sitting = Sitting(stage)
    for event in RecordingReader(recording(scenario, seconds)).inputs():
        sitting.push(event)
    return stage


def neurokit_seconds(rr_ms: list[float], times: int = 20) -> float:
    """Seconds a beat that neurokit2 takes for the time-domain measures over 60 and 300 s (median)."""
    import warnings

    import neurokit2
    import numpy as np

    took = []
    for k in range(times):
        beats = np.array(rr_ms[-420 + k :])
        start = stopwatch()
        for window_ms in (60_000, 300_000):
            window = beats[np.cumsum(beats[::-1])[::-1] <= window_ms]
            peaks = neurokit2.intervals_to_peaks(window, sampling_rate=1000)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                neurokit2.hrv_time(peaks, sampling_rate=1000)
        took.append(stopwatch() - start)
    return percentile(took, 0.5)


def least_disturbed(seconds: float, times: int) -> _Timed:
    """The same beats some times over: the pass during which the machine did the least besides."""
    passes = [timed("long-day", seconds) for _ in range(times)]
    return min(passes, key=lambda one: percentile([took for _, took in one.beats], 0.5))


class _Lived:
    """A session that has come to a moment, and goes on when told."""

    def __init__(self, scenario: str, until: float) -> None:
        self.stage = _Timed(pipeline())
        self._sitting = Sitting(self.stage)
        self._inputs = RecordingReader(recording(scenario)).inputs()
        self.go_on(until)
        self.stage.beats.clear()

    def go_on(self, until: float) -> None:
        """Live until then."""
        for event in self._inputs:
            self._sitting.push(event)
            if event.time >= until:
                return


def eighth_over_first(minutes: int = 60) -> float:
    """Median cost of a beat in the eighth hour over that in the first, lived minute by minute in turn.

    What else the machine does from one minute to the next falls on both alike.
    """
    first, eighth = _Lived("long-day", 0.0), _Lived("long-day", 7 * 3600.0)
    for minute in range(1, minutes + 1):
        first.go_on(60.0 * minute)
        eighth.go_on(7 * 3600.0 + 60.0 * minute)
    early, late = ([took for _, took in lived.stage.beats] for lived in (first, eighth))
    return percentile(late, 0.5) / percentile(early, 0.5)


def run(*, full: bool) -> list[Row]:
    """The rows of this benchmark."""
    ms = [1000 * took for _, took in least_disturbed(1800.0, 3).beats]
    rows = [
        at_most("one beat through all stages, median (aim 0.25)", percentile(ms, 0.5), 0.5, " ms"),
        at_most("one beat through all stages, p99 (aim 0.8)", percentile(ms, 0.99), 1.5, " ms"),
    ]
    if full:
        rows.append(at_most("eighth hour / first hour, median, in turn", eighth_over_first(), 1.05))
    same = timed("long-day", 1800.0, measures_alone())
    mean_s = sum(took for _, took in same.beats) / len(same.beats)
    times = neurokit_seconds(same.rr_ms) / mean_s
    rows.append(at_least("neurokit2 takes longer for the same measures by a factor of", times, 50))
    return rows
