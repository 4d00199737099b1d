"""Sessions made by hand: beats into packets, packets through the pipeline."""

from collections.abc import Iterable

from breathsync.devices.heart_rate import HeartRateValue, encode
from breathsync.events import Event, Input, Notification, RrIntervals, Stamp, StrapState, StrapStatus
from breathsync.session.pipeline import Stage, pipeline
from breathsync.session.sitting import Sitting

STRAP = "Polar H10 12345678"


def connected(time: float = 0.0, name: str | None = STRAP) -> StrapStatus:
    return StrapStatus(time, "strap", StrapState.CONNECTED, name)


def packet(arrival: float, rr_ticks: Iterable[int] = (), rate: int = 70) -> Notification:
    payload = encode(HeartRateValue(rate, rr_ticks=tuple(rr_ticks)))
    return Notification(round(arrival, 6), "strap", "2a37", payload)


def one_by_one(rr_ticks: Iterable[int], delay_s: float = 0.0, start_s: float = 0.0) -> list[Notification]:
    """Each interval in a packet of its own that arrives `delay_s` after its heartbeat."""
    packets, end = [], start_s
    for ticks in rr_ticks:
        end += ticks / 1024
        packets.append(packet(end + delay_s, [ticks]))
    return packets


def placed(ends_s: Iterable[float], rr_ms: Iterable[float]) -> list[RrIntervals]:
    """Imported beats that carry their own times."""
    both = zip(ends_s, rr_ms, strict=True)
    return [RrIntervals(round(float(end), 6), "strap", (float(rr),), Stamp.BEAT) for end, rr in both]


def heard(inputs: Iterable[Input], stage: Stage | None = None) -> list[tuple[float, Event]]:
    """Everything that follows from the inputs, with the time at which it became known."""
    found: list[tuple[float, Event]] = []
    sitting = Sitting(stage or pipeline(), [lambda at, event: found.append((at, event))])
    last = 0.0
    for event in inputs:
        sitting.push(event)
        last = event.time
    sitting.end(last)
    return [(at, event) for at, event in found if not isinstance(event, Input)]


def only(kind: type[Event], found: Iterable[tuple[float, Event]]) -> list:
    return [event for _, event in found if isinstance(event, kind)]
