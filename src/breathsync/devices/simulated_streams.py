"""A simulated strap's ECG and acceleration: sampled by its own clock, sent by the real encoder."""

import math
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from breathsync.devices.chest import Chest, RestlessnessSettings
from breathsync.devices.person import STEP_S, Person, TrueBeat
from breathsync.devices.polar import DATA, Frame, Measurement, encode
from breathsync.devices.polar_messages import CONTROL, Operation, Response
from breathsync.devices.polar_messages import encode as encode_message
from breathsync.devices.simulated_ecg import LeadSettings, SimulatedEcg
from breathsync.devices.simulated_motion import SimulatedMotion, WearSettings
from breathsync.events import Input, Notification, StreamState, StreamStatus

AHEAD_S = 1.0
"""How far the person must have lived when a frame is sent: a P wave comes before its beat, and of an early
beat is known only when the beat in whose place it came is due."""

_EPOCH_NS = 599_616_000_000_000_000  # 2019-01-01, where an H10's clock begins after a change of battery
_ON_FOR_S = 40.0  # before the session began
_REPLY_S = 0.3


@dataclass(frozen=True, slots=True)
class StreamSettings:
    """Which streams a strap sends, and how. `None`: not that one."""

    ecg: LeadSettings | None = None
    motion: WearSettings | None = None
    restlessness: RestlessnessSettings = field(default_factory=RestlessnessSettings)
    first_data_s: float = 1.5  # after the start
    ready_s: float = 0.02  # from a frame's last sample to its sending
    late_s: float = 0.02
    clock_off: float = 12e-6  # the strap's clock runs so much faster


class _Sampler(Protocol):
    """A signal that gives its samples in order."""

    def beat(self, beat: TrueBeat) -> None:
        """The heart beats."""

    def take(self, count: int) -> list[int] | list[tuple[int, int, int]]:
        """The next samples."""


@dataclass(slots=True)
class _Lane:
    """One stream: frames are cut from the row of samples from wherever it was started."""

    measurement: Measurement
    frame_type: int
    size: int
    interval_s: float
    sampler: _Sampler
    taken: int = 0
    starts: int = 0
    streaming: bool = False

    @property
    def last_sample_s(self) -> float:
        """When the last sample of the next frame is taken."""
        return (max(self.taken, self.starts) + self.size - 1) * self.interval_s


class SimulatedStreams:
    """The streams of one strap on one person."""

    def __init__(self, settings: StreamSettings, person: Person, rng: random.Random, source: str) -> None:
        self.settings = settings
        self._source, self._rng = source, rng
        self._turns = person.keep_turns()
        self.chest = Chest(settings.restlessness, self._turns.pop(), rng)
        self._ecg: SimulatedEcg | None = None
        self._lanes = list(self._make_lanes())

    def connected(self, now: float) -> Iterator[Input]:
        """The program at the other end starts every stream; samples before that are nobody's."""
        for number, lane in enumerate(self._lanes, 1):
            at = round(now + number * _REPLY_S / len(self._lanes), 6)
            response = Response(Operation.START, lane.measurement, rest=bytes([number - 1]))
            yield Notification(at, self._source, CONTROL, encode_message(response))
            yield self._status(at, lane, StreamState.WAITING)
            lane.starts = math.ceil((at + self.settings.first_data_s) / lane.interval_s)
            lane.streaming = False

    def worn(self) -> dict[str, Any]:
        """What a truth says of the wearer: how the strap sits, and what the breath does to its signals."""
        parts = {"ecg": self.settings.ecg, "acceleration": self.settings.motion}
        return {name: asdict(part) for name, part in parts.items() if part is not None}

    def lived(self) -> None:
        """The person has lived on: the chest has moved with their breath."""
        for turns in self._turns:
            self.chest.breathe(turns)
        self._turns.clear()

    def beat(self, beat: TrueBeat) -> None:
        """The heart beats."""
        for lane in self._lanes:
            lane.sampler.beat(beat)

    def no_contact(self, began: float, until: float) -> None:
        """An electrode is loose for a while."""
        if self._ecg is not None:
            self._ecg.no_contact(began, until)

    def next_frame_s(self) -> float:
        """When the next frame is sent."""
        return min(lane.last_sample_s for lane in self._lanes) + self.settings.ready_s

    def late_s(self) -> float:
        """How late the radio brings a frame."""
        return -self.settings.late_s * math.log(1.0 - self._rng.random())

    def lost(self, share: float) -> bool:
        """Whether the radio loses a frame."""
        return self._rng.random() < share

    def next_frame(self) -> tuple[_Lane, bytes]:
        """The frame that is due, with its stream."""
        lane = min(self._lanes, key=lambda lane: lane.last_sample_s)
        taken_s = lane.last_sample_s
        if lane.starts > lane.taken:
            lane.sampler.take(lane.starts - lane.taken)
            lane.taken = lane.starts
        rows = lane.sampler.take(lane.size)
        lane.taken += lane.size
        ticks = round((_ON_FOR_S + taken_s * (1 + self.settings.clock_off)) * 1e9)
        samples = tuple([row if isinstance(row, tuple) else (row,) for row in rows])
        frame = Frame(lane.measurement, _EPOCH_NS + ticks, lane.frame_type, samples=samples)
        self._forget()
        return lane, encode(frame)

    def arrived(self, lane: _Lane, payload: bytes, at: float) -> Iterator[Input]:
        """The frame as it reaches the program; the first one is told."""
        if not lane.streaming:
            yield self._status(at, lane, StreamState.STREAMING)
        lane.streaming = True
        yield Notification(at, self._source, DATA, payload)

    def _make_lanes(self) -> Iterator[_Lane]:
        lead, wear, fast = self.settings.ecg, self.settings.motion, 1 + self.settings.clock_off
        if lead is not None:
            interval = 1 / (lead.rate_hz * fast)
            self._ecg = SimulatedEcg(lead, interval, self.chest, self._rng)
            yield _Lane(Measurement.ECG, 0, 73, interval, self._ecg)
        if wear is not None:
            interval = 1 / (wear.rate_hz * (1 + wear.rate_off) * fast)
            motion = SimulatedMotion(wear, interval, self.chest, self._rng)
            yield _Lane(Measurement.ACCELERATION, 1, 36, interval, motion)

    def _status(self, at: float, lane: _Lane, state: StreamState) -> StreamStatus:
        return StreamStatus(at, self._source, lane.measurement.name.lower(), state)

    def _forget(self) -> None:
        oldest_s = min(lane.taken * lane.interval_s for lane in self._lanes)
        self.chest.forget_before(max(0, int(oldest_s / STEP_S) - 2))
