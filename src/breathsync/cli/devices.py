"""`breathsync devices`: the straps that are known, and what each can do."""

import argparse

from rich.console import Console
from rich.table import Table

from breathsync.devices import profiles
from breathsync.devices.profiles import GENERIC, STREAMS, Profile, profile_named
from breathsync.errors import UsageError
from breathsync.settings import Settings
from breathsync.wording import text


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """List them, or say all that is known of one."""
    known = profiles.load_all(settings.profiles_folder)
    console = Console(highlight=False, markup=False)
    if arguments.name is None:
        console.print(_list(known))
        console.print(text("cli.devices.own", folder=settings.profiles_folder), soft_wrap=True)
        return 0
    meant = _meant(arguments.name, known)
    if len(meant) == 1:
        _describe(meant[0], console)
    else:
        console.print(_list(meant))
    return 0


def _meant(name: str, known: tuple[Profile, ...]) -> tuple[Profile, ...]:
    """The profile of that name, or those whose name has it in it. UsageError where there is none."""
    profile, part = profile_named(name, known), name.strip().casefold()
    if profile.id != GENERIC or part == GENERIC:
        return (profile,)
    partly = tuple(p for p in known if part and (part in p.id or part in p.name.casefold()))
    if not partly:
        raise UsageError("device", name=name)
    return partly


def _list(known: tuple[Profile, ...]) -> Table:
    columns = ("id", "strap", "can", "delay", "links")
    table = Table(*(text(f"cli.devices.{name}") for name in columns))
    table.columns[0].no_wrap = True
    table.columns[2].min_width = max(len(stream) for stream in STREAMS) + 1  # a word is never cut in two
    for profile in known:
        table.add_row(
            profile.id, profile.name, ", ".join(profile.streams), _delay(profile), _links(profile)
        )
    return table


def _describe(profile: Profile, console: Console) -> None:
    rows = Table.grid(padding=(0, 2))
    rows.add_row(text("cli.devices.can"), ", ".join(profile.streams))
    rows.add_row(text("cli.devices.read"), ", ".join(profile.read_here))
    rows.add_row(text("cli.devices.delay"), _delay(profile))
    rows.add_row(text("cli.devices.links"), _links(profile))
    rows.add_row(text("cli.devices.source"), profile.source)
    console.print(profile.name)
    console.print(rows)
    for heading, lines in (
        ("notes", profile.notes),
        ("quirks", tuple(f"{q.says} ({q.source})" for q in profile.quirks)),
    ):
        points = Table.grid(padding=(0, 1))
        for line in lines:
            points.add_row(" ·", line)
        if lines:
            console.print("\n" + text(f"cli.devices.{heading}"))
            console.print(points)


def _delay(profile: Profile) -> str:
    if profile.rr_latency_s is None:
        return text("cli.devices.unknown")
    return text("cli.devices.seconds", seconds=profile.rr_latency_s)


def _links(profile: Profile) -> str:
    return text("cli.devices.unknown") if profile.links is None else str(profile.links)
