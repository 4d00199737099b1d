"""What is done on the way out is done to its end, also where whoever waits for it is told to stop."""

import asyncio
from collections.abc import Coroutine


async def to_its_end(leaving: Coroutine[object, object, None]) -> None:
    """A strap that streams on, or a link that stands on, is nobody's any more: nothing would end it."""
    doing = asyncio.ensure_future(leaving)
    try:
        await asyncio.shield(doing)
    except asyncio.CancelledError:
        await asyncio.wait({doing})
        raise
