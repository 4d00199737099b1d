"""The conversation with a Polar strap about its streams, as a state machine: no I/O and no clock in it.

The connection makes what each call returns happen, in that order, and tells the machine what came of it:

    begin(now)            a link is there: subscribe to both characteristics, then read the control point
    features(value, now)  what that read gave; nothing (b"") where the strap has no such service
    indicated(value, now) an indication of the control point; anything but a reply or a stop is ignored, as
                          BlueZ hands a *read* to the subscriber too
    data(value, now)      a notification of the data characteristic
    tick(now)             about once a second: time-outs, silence
    failed(reason, now)   the link did not take a write, for example before pairing
    lost(now)             the link is gone; `begin` comes with the next one
    stop_all()            the writes that end what may run, on every way out: a strap that streams stays on
                          until its battery is empty

One request is under way at a time. Sources: Polar BLE SDK, documentation and issues #222, #319, #414, #569.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from breathsync.devices import polar, polar_messages
from breathsync.devices.polar import Measurement
from breathsync.devices.polar_messages import (
    CONTROL,
    Features,
    Operation,
    Request,
    Response,
    Settings,
    StoppedBySelf,
)
from breathsync.devices.strap_clock import Lag
from breathsync.devices.stream_cost import StreamCost
from breathsync.events import StreamState, StreamStatus

REPLY_S = 30.0  # Polar's own patience
FIRST_DATA_S = 30.0  # an H10 on a desktop takes up to that long
SILENCE_S = 5.0
_AGAIN_S = 10.0  # after a strap ended a stream by itself
_ALREADY_IN_STATE = 6
_NEVER_SENT = ("factor",)  # the strap names it, it is not asked for


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Ask for indications or notifications of a characteristic."""

    characteristic: str


@dataclass(frozen=True, slots=True)
class Read:
    """Read a characteristic, and hand what it gives to `features`."""

    characteristic: str


@dataclass(frozen=True, slots=True)
class Write:
    """Write these bytes, with response."""

    characteristic: str
    payload: bytes


Step = Subscribe | Read | Write | StreamStatus
"""Something to do, or to tell."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A stream that is wanted, with the settings that matter; the nearest on offer are taken."""

    measurement: Measurement
    settings: Mapping[str, float] = field(default_factory=dict)


ECG = Wish(Measurement.ECG, {"sample_rate_hz": 130})
ACCELERATION = Wish(Measurement.ACCELERATION, {"sample_rate_hz": 200, "range": 8})
PPI = Wish(Measurement.PPI)
BY_STREAM = {"ecg": ECG, "acceleration": ACCELERATION, "ppi": PPI}
"""The usual wish for each stream that a profile can name."""

_WITHOUT_SETTINGS = frozenset({Measurement.PPI})


@dataclass(slots=True)
class _Stream:
    wish: Wish
    state: StreamState = StreamState.STOPPED
    settings: Settings = field(default_factory=dict)
    may_run: bool = False
    tried_again: bool = False
    since_s: float = 0.0  # in this state, or since the last frame
    frame_s: float = float("-inf")
    again_s: float = float("inf")
    lag: Lag = field(default_factory=Lag)


@dataclass(frozen=True, slots=True)
class _Command:
    operation: Operation
    measurement: Measurement


class PolarControl:
    """The streams of one strap, over all its links."""

    def __init__(self, source: str, wishes: Iterable[Wish]) -> None:
        self._source = source
        self._streams = {wish.measurement: _Stream(wish) for wish in wishes}
        self._queue: deque[_Command] = deque()
        self._pending: _Command | None = None
        self._reading = False
        self._asked_s: float | None = None  # when the request under way was made, or the read
        self._offered: dict[str, tuple[float, ...]] = {}
        self._cost = StreamCost()

    def begin(self, now: float) -> list[Step]:
        """A link is there."""
        self._forget()
        if not self._streams:
            return []
        if self._cost.too_much(now):
            return [
                step
                for stream in self._streams.values()
                for step in self._refuse(stream, now, "costs_link")
            ]
        self._reading, self._asked_s = True, now
        return [Subscribe(CONTROL), Subscribe(polar.DATA), Read(CONTROL)]

    def features(self, payload: bytes, now: float) -> list[Step]:
        """What the strap can measure."""
        if not self._reading:
            return []
        said = polar_messages.decode(payload)
        offered = said.measurements if isinstance(said, Features) else ()
        self._reading, self._asked_s = False, None
        steps: list[Step] = []
        for measurement, stream in self._streams.items():
            if measurement in offered:
                steps += self._start(stream, now)
            else:
                steps += self._becomes(stream, StreamState.REFUSED, now, "not_offered")
        return steps + self._next(now)

    def indicated(self, payload: bytes, now: float) -> list[Step]:
        """The strap answers, or ends a stream by itself."""
        said = polar_messages.decode(payload)
        steps: list[Step] = []
        if isinstance(said, StoppedBySelf):
            for measurement in said.measurements:
                steps += self._ended_by_strap(measurement, now)
        elif isinstance(said, Response) and self._answers(said):
            steps += self._answered(said, now)
        return steps + self._next(now)

    def data(self, payload: bytes, now: float) -> list[Step]:
        """A frame has come: the first one is told, one that lags too much restarts its stream."""
        header = polar.peek(payload)
        stream = self._streams.get(header[0]) if header else None
        if header is None or stream is None:
            return []
        stream.frame_s = now
        if stream.state is StreamState.WAITING:
            return self._becomes(stream, StreamState.STREAMING, now)
        if stream.state is StreamState.STREAMING and stream.lag.grew(header[1], now):
            return self._restart(stream, now, "lag") + self._next(now)
        return []

    def tick(self, now: float) -> list[Step]:
        """Time has passed."""
        steps: list[Step] = []
        if self._asked_s is not None and now - self._asked_s >= REPLY_S:
            steps += self._no_answer(now)
        for stream in self._streams.values():
            quiet_s = now - max(stream.since_s, stream.frame_s)
            if stream.state is StreamState.WAITING and now - stream.since_s >= FIRST_DATA_S:
                steps += self._restart(stream, now, "no_data")
            elif stream.state is StreamState.STREAMING and quiet_s >= SILENCE_S:
                steps += self._restart(stream, now, "silent")
            elif stream.state is StreamState.STOPPED and now >= stream.again_s:
                steps += self._start(stream, now)
        return steps + self._next(now)

    def failed(self, reason: str, now: float) -> list[Step]:
        """The link did not take the write that was under way, or the read."""
        command = self._pending
        reading, self._pending, self._reading, self._asked_s = self._reading, None, False, None
        refused = list(self._streams.values()) if reading else []
        refused += [self._streams[command.measurement]] if command else []
        steps: list[Step] = []
        for stream in refused:
            steps += self._refuse(stream, now, reason)
        return steps + self._next(now)

    def lost(self, now: float) -> list[Step]:
        """The link is gone."""
        self._forget()
        self._cost.lost(now)
        ran = (StreamState.STARTING, StreamState.WAITING, StreamState.STREAMING)
        steps: list[Step] = []
        for stream in self._streams.values():
            if stream.state in ran:
                steps += self._becomes(stream, StreamState.STOPPED, now, "link_lost")
            stream.may_run, stream.again_s = False, float("inf")
        return steps

    def stop_all(self) -> list[Write]:
        """What ends every stream that may run. The link needs no reply to these before it is closed."""
        running = [measurement for measurement, stream in self._streams.items() if stream.may_run]
        self._forget()
        self._cost.left()
        for stream in self._streams.values():
            stream.state, stream.may_run, stream.again_s = StreamState.STOPPED, False, float("inf")
        return [_write(Request(Operation.STOP, measurement)) for measurement in running]

    def state_of(self, measurement: Measurement) -> StreamState:
        """How a wanted stream stands."""
        return self._streams[measurement].state

    def lag_s(self, measurement: Measurement) -> float:
        """How far a wanted stream has fallen behind since it began."""
        return self._streams[measurement].lag.now_s

    # --- requests, one after the other ---

    def _next(self, now: float) -> list[Step]:
        if self._asked_s is not None or not self._queue:
            return []
        command = self._queue.popleft()
        self._pending, self._asked_s, self._offered = command, now, {}
        stream = self._streams[command.measurement]
        starts = command.operation is Operation.START
        if starts:
            self._cost.began(now)
        stream.may_run = stream.may_run or starts
        return [_write(Request(command.operation, command.measurement, stream.settings if starts else {}))]

    def _answers(self, said: Response) -> bool:
        """Whether this replies to what was asked; a stop's reply may name another measurement."""
        asked = self._pending
        if asked is None or said.operation is not asked.operation:
            return False
        return said.operation is Operation.STOP or said.measurement is asked.measurement

    def _answered(self, said: Response, now: float) -> list[Step]:
        if self._pending is None:
            return []
        stream = self._streams[self._pending.measurement]
        self._offered |= said.settings
        if said.more and not said.error:
            return []
        self._pending, self._asked_s = None, None
        match said.operation:
            case Operation.GET_SETTINGS if not said.error:
                stream.settings = _chosen(self._offered, stream.wish)
                self._queue.appendleft(_Command(Operation.START, stream.wish.measurement))
            case Operation.START if not said.error:
                return self._started(stream, now)
            case Operation.START if said.error == _ALREADY_IN_STATE and not stream.tried_again:
                stream.tried_again = True
                self._stop_and_start(stream)
            case Operation.STOP:
                stream.may_run = False
            case _:
                return self._refuse(stream, now, said.error_name)
        return []

    def _no_answer(self, now: float) -> list[Step]:
        """Ask once more; then do without. A stop that nobody answers counts as done."""
        command = self._pending
        if command is None:
            return self.failed("no_answer", now)
        stream = self._streams[command.measurement]
        self._pending, self._asked_s = None, None
        if command.operation is Operation.STOP:
            return []
        if stream.tried_again:
            return self._refuse(stream, now, "no_answer")
        stream.tried_again = True
        self._queue.appendleft(command)
        return []

    # --- streams ---

    def _start(self, stream: _Stream, now: float) -> list[Step]:
        measurement = stream.wish.measurement
        known = stream.settings or measurement in _WITHOUT_SETTINGS
        operation = Operation.START if known else Operation.GET_SETTINGS
        self._queue.append(_Command(operation, measurement))
        stream.tried_again, stream.again_s = False, float("inf")
        return self._becomes(stream, StreamState.STARTING, now)

    def _started(self, stream: _Stream, now: float) -> list[Step]:
        stream.tried_again, stream.lag = False, Lag()
        return self._becomes(stream, StreamState.WAITING, now)

    def _restart(self, stream: _Stream, now: float, reason: str) -> list[Step]:
        self._stop_and_start(stream)
        stream.tried_again = False
        return self._becomes(stream, StreamState.STARTING, now, reason)

    def _stop_and_start(self, stream: _Stream) -> None:
        for operation in (Operation.STOP, Operation.START):
            self._queue.append(_Command(operation, stream.wish.measurement))

    def _ended_by_strap(self, measurement: Measurement, now: float) -> list[Step]:
        stream = self._streams.get(measurement)
        if stream is None or stream.state in (StreamState.STOPPED, StreamState.REFUSED):
            return []
        stream.may_run, stream.again_s = False, now + _AGAIN_S
        return self._becomes(stream, StreamState.STOPPED, now, "strap")

    def _refuse(self, stream: _Stream, now: float, reason: str) -> list[Step]:
        return self._becomes(stream, StreamState.REFUSED, now, reason)

    def _becomes(
        self, stream: _Stream, state: StreamState, now: float, reason: str | None = None
    ) -> list[Step]:
        stream.state, stream.since_s = state, now
        name = stream.wish.measurement.name.lower()
        return [StreamStatus(now, self._source, name, state, reason)]

    def _forget(self) -> None:
        self._queue.clear()
        self._reading, self._pending, self._asked_s, self._offered = False, None, None, {}


def _chosen(offered: Settings, wish: Wish) -> Settings:
    """One of each setting that the strap offers: the nearest to the wish, the most where there is none."""
    return {
        name: (min(values, key=lambda v: abs(v - wish.settings[name])),)
        if name in wish.settings
        else (max(values),)
        for name, values in offered.items()
        if values and name not in _NEVER_SENT
    }


def _write(request: Request) -> Write:
    return Write(CONTROL, polar_messages.encode(request))
