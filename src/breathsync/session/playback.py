"""Plays a recording into a sitting: as it was, faster, or as fast as the machine can."""

import heapq
from collections.abc import Iterable, Iterator

from breathsync.clock import Clock, give_way
from breathsync.events import GuideShown, Input, PaceChanged, SessionEnded
from breathsync.session.sitting import TICKS_PER_SECOND, Sitting

_GIVE_WAY_EVERY = 1000
_GUIDE = (PaceChanged, GuideShown)


def up_to(inputs: Iterable[Input], last_s: float | None) -> Iterator[Input]:
    """The inputs until `last_s`, closed there if the session went on."""
    for event in inputs:
        if last_s is not None and event.time > last_s:
            yield SessionEnded(last_s)
            return
        yield event


def with_guide(inputs: Iterable[Input], guide: Iterable[Input]) -> Iterator[Input]:
    """The inputs with another guide in place of the one that was shown, ending when they end."""
    others = (event for event in inputs if not isinstance(event, _GUIDE))
    for event in heapq.merge(guide, others, key=lambda event: event.time):
        yield event
        if isinstance(event, SessionEnded):
            return


async def play(inputs: Iterable[Input], sitting: Sitting, last_s: float | None = None) -> None:
    """Everything as fast as can be, until `last_s`."""
    for count, event in enumerate(up_to(inputs, last_s)):
        sitting.push(event)
        if count % _GIVE_WAY_EVERY == 0:
            await give_way()


async def play_at_pace(
    inputs: Iterable[Input], sitting: Sitting, clock: Clock, last_s: float | None = None
) -> None:
    """The same at the clock's pace: what the sitting says does not depend on it."""
    for event in up_to(inputs, last_s):
        await _advance(sitting, clock, event.time)
        sitting.push(event)


async def _advance(sitting: Sitting, clock: Clock, moment: float) -> None:
    while (tick := min(moment, sitting.now + 1 / TICKS_PER_SECOND)) < moment:
        await clock.sleep_until(tick)
        sitting.advance(tick)
    await clock.sleep_until(moment)
