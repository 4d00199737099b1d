"""`breathsync scan`: the straps that are here now."""

import argparse
import asyncio

from rich.console import Console
from rich.live import Live
from rich.table import Table

from breathsync.clock import stopwatch
from breathsync.devices.leaving import until_ended
from breathsync.devices.nearby import Nearby
from breathsync.screen.strap_state import strength_words, use_words
from breathsync.session import straps
from breathsync.session.straps import Straps
from breathsync.settings import Settings
from breathsync.wording import text

_REDRAW_S = 0.5


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Look for straps and show what is heard."""
    console = Console(highlight=False)
    around = Straps(settings)
    nearby = around.nearby()
    asyncio.run(_look(around, nearby, console, arguments.seconds))
    console.print(_table(nearby))
    heard = any(strap.seen for strap in nearby.rows())
    console.print(text("cli.scan.hint" if heard else "cli.scan.nothing"), soft_wrap=True)
    return 0


def _table(nearby: Nearby) -> Table:
    table = Table(*(text(f"cli.scan.{column}") for column in ("name", "model", "signal", "can", "use")))
    for strap in nearby.rows():
        table.add_row(
            strap.name or strap.address,
            strap.model or text("strap.unknown_model"),
            strength_words(strap),
            ", ".join(strap.streams),
            use_words(strap),
        )
    return table


async def _look(around: Straps, nearby: Nearby, console: Console, seconds: float) -> None:
    await straps.ready()
    looking = asyncio.create_task(around.listen(nearby))
    end = stopwatch() + seconds
    try:
        with Live(console=console, auto_refresh=False, transient=True) as live:
            while stopwatch() < end and not looking.done():
                live.update(_table(nearby), refresh=console.is_terminal)
                await asyncio.wait({looking}, timeout=min(_REDRAW_S, max(0.0, end - stopwatch())))
        if looking.done():
            looking.result()
    finally:
        await until_ended(looking)
