"""`breathsync scan`: the straps that are here now."""

import argparse
import asyncio
from contextlib import suppress

from rich.console import Console
from rich.live import Live
from rich.table import Table

from breathsync.cli import straps
from breathsync.clock import stopwatch
from breathsync.devices import bluetooth, profiles, remembered
from breathsync.devices.finding import KnownStrap, Sighting, is_strap
from breathsync.devices.profiles import GENERIC, Profile, profile_named
from breathsync.settings import Settings, straps_file
from breathsync.wording import text

_REDRAW_S = 0.5
_STRONG_DBM, _FAIR_DBM = -65, -80


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Look for straps and show what is heard."""
    console = Console(highlight=False)
    found = _Found(remembered.load(straps_file()), profiles.load_all(settings.profiles_folder))
    asyncio.run(_look(found, console, arguments.seconds))
    console.print(found.table())
    console.print(text("cli.scan.hint" if found.seen else "cli.scan.nothing"), soft_wrap=True)
    return 0


class _Found:
    """What was heard so far, by address."""

    def __init__(self, known: tuple[KnownStrap, ...], profiles: tuple[Profile, ...]) -> None:
        self._known, self._profiles = known, profiles
        self.seen: dict[str, Sighting] = {}

    def accepts(self, seen: Sighting) -> bool:
        """Take note; a search that ends with time takes none of them."""
        before = self.seen.get(seen.address)
        if before is not None and seen.name is None:
            seen = Sighting(seen.address, before.name, seen.rssi_dbm, seen.services, seen.connected_here)
        if before is not None or is_strap(seen, self._known):
            self.seen[seen.address] = seen
        return False

    def table(self) -> Table:
        """One row a strap: the strongest first, then those that are remembered and not heard."""
        table = Table(*(text(f"cli.scan.{column}") for column in ("name", "model", "signal", "can", "use")))
        for seen in sorted(self.seen.values(), key=lambda s: s.rssi_dbm or -200, reverse=True):
            model, can = self._about(seen.name)
            use = text("cli.scan.connected_here" if seen.connected_here else "cli.scan.free")
            table.add_row(seen.name or seen.address, model, _strength(seen.rssi_dbm), can, use)
        for strap in self._known:
            if strap.address not in self.seen:
                model, can = self._about(strap.name)
                dash = text("window.no_value")
                table.add_row(strap.name or strap.address, model, dash, can, text("cli.scan.not_heard"))
        return table

    def _about(self, name: str | None) -> tuple[str, str]:
        profile = profile_named(name, self._profiles)
        model = text("cli.scan.unknown") if profile.id == GENERIC else profile.name
        return model, ", ".join(profile.streams)


def _strength(dbm: int | None) -> str:
    if dbm is None:
        return text("window.no_value")
    key = "strong" if dbm >= _STRONG_DBM else "fair" if dbm >= _FAIR_DBM else "weak"
    return text("cli.scan.strength", words=text(f"cli.scan.{key}"), dbm=dbm)


async def _look(found: _Found, console: Console, seconds: float) -> None:
    await straps.ready()
    looking = asyncio.create_task(bluetooth.Radio().find(found.accepts, lambda: None))
    end = stopwatch() + seconds
    try:
        with Live(console=console, auto_refresh=False, transient=True) as live:
            while stopwatch() < end and not looking.done():
                live.update(found.table(), refresh=console.is_terminal)
                await asyncio.wait({looking}, timeout=min(_REDRAW_S, max(0.0, end - stopwatch())))
        if looking.done():
            looking.result()
    finally:
        looking.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await looking
