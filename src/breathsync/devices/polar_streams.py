"""Frames of Polar's streams as events: samples placed in session time, in microvolts and milli-g."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from breathsync.devices import polar, polar_messages
from breathsync.devices.polar import Frame, Measurement
from breathsync.devices.polar_messages import Operation, Response
from breathsync.devices.strap_clock import Placed, StreamClock
from breathsync.events import AccSamples, EcgSamples, Event, FrameLeftOut, Notification, PulseIntervals

_NOMINAL_HZ = {Measurement.ECG: 130.0}


@dataclass(slots=True)
class _Stream:
    """One stream of one strap; `held` waits for the rate to be known."""

    clock: StreamClock
    held: Frame | None = None


@dataclass(slots=True)
class PolarStreams:
    """The streams of all straps. They begin anew when a strap connects."""

    _streams: dict[tuple[str, Measurement], _Stream] = field(default_factory=dict)
    _factors: dict[tuple[str, Measurement], float] = field(default_factory=dict)

    def connected(self, source: str) -> None:
        """Forget: the strap's clock may have changed, and so may its rates."""
        for key in [key for key in self._streams if key[0] == source]:
            del self._streams[key]

    def control(self, event: Notification) -> Iterator[Event]:
        """A start response may name the factor of what follows."""
        said = polar_messages.decode(event.payload)
        if isinstance(said, Response) and said.operation is Operation.START and not said.error:
            factor = said.settings.get("factor")
            if factor and said.measurement is not None:
                self._factors[event.source, said.measurement] = factor[0]
        return iter(())

    def data(self, event: Notification) -> Iterator[Event]:
        """The samples in a frame; those of the first frame may come with the second."""
        frame = polar.decode(event.payload)
        measurement, problem = frame.measurement, frame.problem or self._cannot_scale(event, frame)
        if problem or measurement is None:
            name = measurement.name.lower() if measurement is not None else None
            yield FrameLeftOut(event.time, event.source, name, problem or "unsupported")
        elif measurement is Measurement.PPI:
            yield _pulses(event, frame)
        elif measurement in (Measurement.ECG, Measurement.ACCELERATION) and frame.samples:
            yield from self._placed(event, frame, measurement)

    def _cannot_scale(self, event: Notification, frame: Frame) -> str | None:
        """Acceleration in g means something with its factor alone."""
        key = event.source, Measurement.ACCELERATION
        return "no factor" if _in_g(frame) and key not in self._factors else None

    def _placed(self, event: Notification, frame: Frame, measurement: Measurement) -> Iterator[Event]:
        key = event.source, measurement
        if key not in self._streams:
            self._streams[key] = _Stream(StreamClock(_NOMINAL_HZ.get(measurement)))
        stream, count = self._streams[key], len(frame.samples)
        placed = stream.clock.place(frame.timestamp_ns, count, event.time)
        if placed is None:
            stream.held = frame
            return
        if stream.held is not None:
            began = placed.time - count * placed.interval_s
            yield self._samples(event.source, stream.held, replace(placed, time=began, after_gap=True))
            stream.held = None
        yield self._samples(event.source, frame, placed)

    def _samples(self, source: str, frame: Frame, placed: Placed) -> Event:
        time, interval_s, gap = placed.time, placed.interval_s, placed.after_gap
        strap_s = frame.timestamp_ns * 1e-9
        if frame.measurement is Measurement.ECG:
            return EcgSamples(
                time, source, strap_s, interval_s, tuple([row[0] for row in frame.samples]), gap
            )
        factor = self._factors.get((source, Measurement.ACCELERATION), 1.0) * (1e3 if _in_g(frame) else 1.0)
        rows = frame.samples
        if factor != 1.0:
            rows = tuple((x * factor, y * factor, z * factor) for x, y, z in rows)
        return AccSamples(time, source, strap_s, interval_s, rows, gap)  # type: ignore[arg-type]  # three by layout


def _in_g(frame: Frame) -> bool:
    """All other acceleration is in milli-g."""
    return frame.measurement is Measurement.ACCELERATION and frame.compressed and frame.frame_type == 0


def _pulses(event: Notification, frame: Frame) -> PulseIntervals:
    """The sensor's own words for "do not use": movement, or skin contact supported and not there."""
    return PulseIntervals(
        event.time,
        event.source,
        tuple(interval for _, interval, _ in frame.samples),
        tuple(error for _, _, error in frame.samples),
        tuple(not blocker and bool(contact or not known) for blocker, contact, known in frame.flags),
    )
