"""RR intervals convert without bias, and no beat is lost or doubled for any packing."""

import random

from benchmarks.row import Row, at_most
from breathsync.devices.heart_rate import RR_MS_PER_TICK, HeartRateValue, encode
from breathsync.events import Beat, Event, Flaw, Notification
from breathsync.session.pipeline import pipeline
from breathsync.session.sitting import Sitting


def bias_ms() -> float:
    """Mean error over every interval that a strap can express."""
    errors = [ticks * RR_MS_PER_TICK - ticks * 1000 / 1024 for ticks in range(0x10000)]
    return abs(sum(errors) / len(errors))


def miscounted(sessions: int, beats: int = 200) -> int:
    """Beats lost or doubled over so many sessions, each packed at random, bursts included."""
    off = 0
    for seed in range(sessions):
        rng = random.Random(seed)
        ticks = [rng.randint(700, 900) for _ in range(beats)]
        found: list[Event] = []
        sitting = Sitting(pipeline(), [lambda _at, event, found=found: found.append(event)])  # type: ignore[misc]
        end = arrival = 0.0
        while ticks:
            size = rng.choice([1, 1, 1, 2, 3, 4])
            part, ticks = ticks[:size], ticks[size:]
            end += sum(part) / 1024
            held_back = rng.random() < 0.05  # a stall: packets of several seconds come in one instant
            arrival = max(arrival, end + (3.0 if held_back else 0.02 * rng.random()))
            payload = encode(HeartRateValue(70, rr_ticks=tuple(part)))
            sitting.push(Notification(round(arrival, 6), "strap", "2a37", payload))
        sitting.end(arrival)
        counted = [e for e in found if isinstance(e, Beat) and e.flaw is not Flaw.DUPLICATE]
        off += abs(len(counted) - beats)
    return off


def run(*, full: bool) -> list[Row]:
    """The rows of this benchmark."""
    sessions = 1000 if full else 100
    return [
        at_most("RR conversion, mean error", bias_ms(), 0.001, " ms"),
        at_most(f"beats lost or doubled in {sessions} random packings", miscounted(sessions), 0),
    ]
