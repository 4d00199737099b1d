"""The only file that reads a clock or waits.

Everything else gets time as an argument or an event. A clock counts session seconds from zero.
"""

import asyncio
import time
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Session seconds, and a way to wait for one of them."""

    def now(self) -> float:
        """Session time in seconds."""

    async def sleep_until(self, moment: float) -> None:
        """Return when session time has reached `moment`; at once if it is past."""


def _running() -> float:
    """Seconds that only go forward, also while the machine sleeps and whatever is done to its date."""
    if hasattr(time, "CLOCK_BOOTTIME"):  # Linux, where the monotonic clock stops in sleep
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if hasattr(time, "clock_gettime"):  # macOS, where time.monotonic() does
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.monotonic()


class SessionClock:
    """Session time that runs `rate` times as fast as real time, starting at `start`."""

    def __init__(self, rate: float = 1.0, start: float = 0.0) -> None:
        self.rate = rate
        self._zero = _running() - start / rate

    def now(self) -> float:
        """Session time in seconds."""
        return (_running() - self._zero) * self.rate

    async def sleep_until(self, moment: float) -> None:
        """Return when session time has reached `moment`; at once if it is past."""
        await asyncio.sleep(max(0.0, (moment - self.now()) / self.rate))


class ReplayClock(SessionClock):
    """A session clock that can be held, let go on, and hurried to its end, from any thread."""

    _STEP_S = 0.1

    def __init__(self, rate: float = 1.0, start: float = 0.0, *, held: bool = False) -> None:
        super().__init__(rate, start)
        self._held_at = start if held else None
        self._hurried = False

    @property
    def held(self) -> bool:
        """Whether it stands still."""
        return self._held_at is not None

    def now(self) -> float:
        """Session time in seconds."""
        held = self._held_at
        return super().now() if held is None else held

    def hold(self) -> None:
        """Stand still."""
        self._held_at = self.now()

    def go_on(self) -> None:
        """Go on from where it stands."""
        if self._held_at is not None:
            self._zero = _running() - self._held_at / self.rate
            self._held_at = None

    def hurry(self) -> None:
        """Wait for nothing any more."""
        self._hurried = True

    async def sleep_until(self, moment: float) -> None:
        """Return when session time has reached `moment`, or when nobody wants to wait any more."""
        # In steps, as an asyncio.Event could not be set from another thread.
        while not self._hurried and (left := (moment - self.now()) / self.rate) > 0:  # noqa: ASYNC110
            await asyncio.sleep(min(left, self._STEP_S))
        await asyncio.sleep(0)


class ManualClock:
    """A clock that only moves when told to, or straight to whatever is waited for."""

    def __init__(self, start: float = 0.0) -> None:
        self.moment = start

    def now(self) -> float:
        """Session time in seconds."""
        return self.moment

    async def sleep_until(self, moment: float) -> None:
        """Go straight to `moment`, letting other tasks run once."""
        self.moment = max(self.moment, moment)
        await asyncio.sleep(0)


class LoopClock:
    """Session time by the running event loop's own clock: its timers and ours agree."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._zero = self._loop.time()

    def now(self) -> float:
        """Session time in seconds."""
        return self._loop.time() - self._zero

    async def sleep_until(self, moment: float) -> None:
        """Return when session time has reached `moment`; at once if it is past."""
        await asyncio.sleep(max(0.0, moment - self.now()))


async def pause(seconds: float) -> None:
    """Wait so long."""
    await asyncio.sleep(seconds)


async def give_way() -> None:
    """Let other tasks run, taking no time."""
    await asyncio.sleep(0)


def wall_time() -> datetime:
    """The date and time of day, with its zone. Stands once in a recording: in its header."""
    return datetime.now().astimezone()


def stopwatch() -> float:
    """Seconds on a clock that only measures durations."""
    return time.perf_counter()
