"""What is done on the way out is done to its end, also where whoever waits for it is told to stop."""

import asyncio
from collections.abc import Coroutine
from typing import Any


async def to_its_end(leaving: Coroutine[object, object, None]) -> None:
    """A strap that streams on, or a link that stands on, is nobody's any more: nothing would end it."""
    doing = asyncio.ensure_future(leaving)
    try:
        await asyncio.shield(doing)
    except asyncio.CancelledError:
        await asyncio.wait({doing})
        raise


AGAIN_S = 6.0  # more than orderly leaving takes: streams stop within 2 s, the link ends within 3


async def until_ended(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks and wait for them; asked again where a library swallows the wish.

    `asyncio.wait_for` does before Python 3.12, where what it waits for comes at the same moment (gh-86296).
    """
    while waiting := {task for task in tasks if not task.done()}:
        for task in waiting:
            task.cancel()
        await asyncio.wait(waiting, timeout=AGAIN_S)
    for task in tasks:
        if not task.cancelled():
            task.exception()  # it was said before, or nobody is there to hear it
