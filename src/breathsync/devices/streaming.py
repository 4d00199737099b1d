"""Does what a control point machine asks of a link, for one connection, and tells it what came of it.

ECG and acceleration beside the heart rate: the machine (`polar_control.py`) says what to subscribe to, read
and write; whatever the strap answers is recorded as it came.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from breathsync.devices import polar, polar_control
from breathsync.devices.air import Air, Link
from breathsync.devices.polar_control import PolarControl, Read, Step, Subscribe, Write
from breathsync.events import StreamStatus

WISHES = {
    "ecg": polar_control.ECG,
    "acc": polar_control.ACCELERATION,
    "ppi": polar_control.PPI,
}
"""What a person can wish for beside the heart rate."""

TELL_THE_BREATH = ("ecg", "acc")
"""What a practice wishes for, where the strap has it: without it the guide cannot listen."""

_SERVICE = "fb005c80"
_TICK_S = 1.0
_STOP_S = 2.0


@dataclass(frozen=True, slots=True)
class Ears:
    """Who is told: of notifications (characteristic, payload), and of how a stream stands; and the time."""

    notified: Callable[[str, bytes], None]
    stands: Callable[[StreamStatus], None]
    now: Callable[[], float]


class Streaming:
    """The streams of one strap over one connection."""

    def __init__(self, control: PolarControl, link: Link, air: Air, ears: Ears) -> None:
        self._control, self._link, self._air, self._ears = control, link, air, ears
        self._steps: deque[Step] = deque()
        self._asked = asyncio.Event()
        self._over = False

    async def run(self) -> None:
        """Until it is cancelled."""
        self._do_soon(self._control.begin(self._ears.now()))
        while True:
            while self._steps:
                await self._do(self._steps.popleft())
            self._asked.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(_TICK_S):
                    await self._asked.wait()
            self._do_soon(self._control.tick(self._ears.now()))

    async def end(self, *, link_stands: bool) -> None:
        """Stop what streams: a strap that streams stays on until its battery is empty."""
        self._over = True
        if not link_stands:
            self._tell(self._control.lost(self._ears.now()))
            return
        with suppress(Exception):  # the link is left in any case
            async with asyncio.timeout(_STOP_S):
                for write in self._control.stop_all():
                    await self._link.write(_SERVICE, write.characteristic, write.payload)

    async def _do(self, step: Step) -> None:
        if isinstance(step, StreamStatus):
            self._ears.stands(step)
            return
        if not self._link.offers(_SERVICE, step.characteristic):
            if isinstance(step, Read):
                self._do_soon(self._control.features(b"", self._ears.now()))
            return
        try:
            await self._ask(step)
        except Exception as problem:  # the heart rate goes on without
            self._do_soon(self._control.failed(self._air.trouble_of(problem), self._ears.now()))

    async def _ask(self, step: Subscribe | Read | Write) -> None:
        match step:
            case Subscribe(characteristic):
                await self._link.subscribe(_SERVICE, characteristic, self._listener(characteristic))
            case Read(characteristic):
                value = await self._link.read(_SERVICE, characteristic)
                self._do_soon(self._control.features(value, self._ears.now()))
            case Write(characteristic, payload):
                await self._link.write(_SERVICE, characteristic, payload)

    def _listener(self, characteristic: str) -> Callable[[bytes], None]:
        hear = self._control.data if characteristic == polar.DATA else self._control.indicated

        def listen(payload: bytes) -> None:
            self._ears.notified(characteristic, payload)
            if not self._over and (steps := hear(payload, self._ears.now())):
                self._do_soon(steps)

        return listen

    def _do_soon(self, steps: Iterable[Step]) -> None:
        self._steps.extend(steps)
        if self._steps:
            self._asked.set()

    def _tell(self, steps: Iterable[Step]) -> None:
        for step in steps:
            if isinstance(step, StreamStatus):
                self._ears.stands(step)


def control_of(source: str, streams: Iterable[str]) -> PolarControl | None:
    """The machine for what is wished beside the heart rate; `None` where that is nothing."""
    wishes = [WISHES[name] for name in streams if name in WISHES]
    return PolarControl(source, wishes) if wishes else None
