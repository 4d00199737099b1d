"""Hours of streaming with a fault every few minutes: is anything lost, counted twice, or left behind?

In clockwork time in the test suite; in real time with `python -m tests.air.soak SECONDS`.
"""

import asyncio
import gc
import hashlib
import random
import sys
import tempfile
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.air.faults import FAULTS
from tests.air.room import Room, room

from breathsync.devices import heart_rate
from breathsync.events import Flaw

STRAP = "Polar H10 12345678"
KINDS = (
    "link loss",
    "strap hangs up",
    "out of range",
    "reboot with moved handles",
    "silent stall",
    "adapter off",
    "adapter unplugged",
    "not advertising for 40 s",
)


@dataclass(frozen=True, slots=True)
class Held:
    """What this process holds at a moment."""

    tasks: int
    handles: int
    threads: int
    memory_kb: int

    @classmethod
    def now(cls) -> "Held":
        gc.collect()
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        tasks, threads = len(asyncio.all_tasks()), threading.active_count()
        return cls(tasks, len(list(Path("/proc/self/fd").iterdir())), threads, pages * 4)


@dataclass(slots=True)
class Soaked:
    """What came of it."""

    seconds: float
    faults: int = 0
    packets: int = 0
    lost: int = 0
    beats: int = 0
    beats_missing: int = 0
    doubled: int = 0
    early: Held | None = None
    late: Held | None = None


async def soak(seconds: float, recording: Path, seed: int = 1, every_s: float = 240.0) -> Soaked:
    """Stream for so long, with a fault every `every_s` on average."""
    loop, rng = asyncio.get_running_loop(), random.Random(seed)
    done, sent = Soaked(seconds), hashlib.sha256()
    async with room(seed) as there:
        await there.bring()
        session = there.hold(STRAP, recording)
        began = loop.time()
        while (passed := loop.time() - began) < seconds:
            await asyncio.sleep(every_s * (0.5 + rng.random()))
            await FAULTS[rng.choice(KINDS)].story(there)
            done.faults += 1
            if done.early is None and passed > min(seconds / 4, 3600):
                done.early = Held.now()
            _count(there, done, sent)
        await asyncio.sleep(2)
        done.late = Held.now()
        await there.be_quiet()
        await session.end()
        _count(there, done, sent)
        kept = session.kept()
    done.lost += done.packets - len(kept)
    assert hashlib.sha256(b"".join(kept)).digest() == sent.digest()
    intervals = sum(len(heart_rate.decode(packet).rr_ticks) for packet in kept)
    done.beats_missing = intervals - done.beats
    return done


def _count(there: Room, done: Soaked, sent: "hashlib._Hash") -> None:
    """What the strap sent on a link, what was delivered and what the session heard; then begin anew."""
    session, strap = there.session, there.strap
    delivered = [payload for uuid, payload in there.adapter.delivered if uuid == "2a37"]
    done.packets += len(strap.on_the_link)
    done.lost += len(strap.on_the_link) - len(delivered)
    assert session.packets() == delivered == strap.on_the_link
    sent.update(b"".join(delivered))
    done.beats += len(session.beats)
    done.doubled += sum(beat.flaw is Flaw.DUPLICATE for beat in session.beats)
    for heard in (there.adapter.delivered, strap.on_the_link, session.arrived, session.beats):
        heard.clear()
    session.statuses[:-2] = []


def main() -> None:
    """In real time, for so many seconds."""
    with tempfile.TemporaryDirectory() as place:
        done = asyncio.run(soak(float(sys.argv[1]), Path(place) / "soak.jsonl", every_s=120.0))
    for name, value in asdict(done).items():
        print(f"{name:20} {value}", flush=True)  # noqa: T201 - a command line


if __name__ == "__main__":
    main()
