"""ECG and acceleration: what a frame costs, also hours later, and how fast they are simulated."""

from benchmarks.row import Row, at_most, percentile
from benchmarks.sessions import recording
from breathsync.clock import stopwatch
from breathsync.devices import profiles
from breathsync.devices.decoder import Decoder
from breathsync.devices.polar import DATA, Measurement, peek
from breathsync.events import Input, Notification
from breathsync.session import simulation
from breathsync.session.pipeline import Pipeline
from breathsync.session.replay import RecordingReader
from breathsync.session.sitting import Sitting


def frame_costs(inputs: list[Input]) -> dict[Measurement, list[float]]:
    """Seconds that the decoder takes for each frame, by measurement."""
    decoder = Decoder(profiles.load_all())
    took: dict[Measurement, list[float]] = {}
    for event in inputs:
        header = peek(event.payload) if isinstance(event, Notification) else None
        start = stopwatch()
        for _ in decoder.push(event):
            pass
        spent = stopwatch() - start
        if header and isinstance(event, Notification) and event.characteristic == DATA:
            took.setdefault(header[0], []).append(spent)
    return took


def simulation_seconds(minutes: float) -> float:
    """How long it takes to simulate so many minutes of a wearer, without any pipeline."""
    start = stopwatch()
    simulation.simulate(
        simulation.scenario_named("ecg-practice"), 1, Sitting(Pipeline([])), None, minutes * 60
    )
    return stopwatch() - start


def run(*, full: bool) -> list[Row]:
    """The rows of this benchmark."""
    hours = 8 if full else 1
    whole = list(RecordingReader(recording("ecg-practice", hours * 3600.0)).inputs())
    costs = frame_costs(whole)
    ecg, acceleration = costs[Measurement.ECG], costs[Measurement.ACCELERATION]
    part = len(ecg) // 8
    first, last = percentile(ecg[:part], 0.5), percentile(ecg[-part:], 0.5)
    return [
        at_most("an ECG frame (73 samples), mean", 1e3 * sum(ecg) / len(ecg), 0.1, " ms"),
        at_most("  99th percentile", 1e3 * percentile(ecg, 0.99), 0.5, " ms"),
        at_most(
            "an acceleration frame (36 samples), mean",
            1e3 * sum(acceleration) / len(acceleration),
            0.1,
            " ms",
        ),
        at_most(f"ECG frame, last eighth of {hours} h against the first", last / first, 1.05),
        at_most(
            "10 minutes with ECG and 200 Hz acceleration simulated in", simulation_seconds(10), 10, " s"
        ),
    ]
