"""`breathsync info`: what is in a recording, and where recordings are kept."""

import argparse

from rich.console import Console
from rich.table import Table

from breathsync.events import Flaw
from breathsync.heart.gate import GateSettings
from breathsync.screen.state import clock_words
from breathsync.session import library
from breathsync.session.summary import Summary, summarise
from breathsync.settings import Settings, settings_file
from breathsync.wording import number, text


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Say what is there."""
    console = Console(highlight=False)
    if arguments.file is None:
        _places(console, settings)
    else:
        file = library.find(str(arguments.file), settings.recordings_folder)
        summary = summarise(file, settings.profiles_folder)
        console.print(text("info.title", file=file), soft_wrap=True)
        table = Table.grid(padding=(0, 2))
        for name, words in _rows(summary):
            table.add_row(text(f"info.{name}"), words)
        console.print(table)
    return 0


def _places(console: Console, settings: Settings) -> None:
    console.print(text("info.folder", folder=settings.recordings_folder), soft_wrap=True)
    console.print(text("info.settings", file=settings_file()), soft_wrap=True, markup=False)
    for file in library.kept(settings.recordings_folder):
        console.print(f"  {file.name}")
    if not library.kept(settings.recordings_folder):
        console.print(text("info.nothing_kept"))


def _rows(summary: Summary) -> list[tuple[str, str]]:
    header, length = summary.header, clock_words(summary.duration_s)
    rows = [("made_by", _maker(summary))]
    if header.started_at:
        rows.append(("started", header.started_at))
    if header.code_name:
        rows.append(("code_name", header.code_name))
    rows += [
        ("duration", length if summary.ended else text("info.unfinished", length=length)),
        ("strap", ", ".join(summary.straps) or text("info.no_strap")),
    ]
    rows += _signal_rows(summary)
    rows.append(("damage", _damage(summary)))
    return rows


def _maker(summary: Summary) -> str:
    if summary.header.simulated and not summary.header.details.get("scenario"):  # de-identified
        return text("report.simulated")
    key = {"import": "made_import", "simulator": "made_simulator"}.get(summary.header.maker, "made_live")
    return text(f"info.{key}", **summary.header.origin())


def _signal_rows(summary: Summary) -> list[tuple[str, str]]:
    rows = []
    if count := summary.counts["notifications"]:
        odd = summary.odd_notifications
        rows.append(("notifications", text("info.odd", count=count, odd=odd) if odd else str(count)))
    rows.append(("beats", str(summary.beats)))
    if summary.beats:
        rows += [
            ("flaws", _flaws(summary)),
            ("links", str(summary.counts["lost"])),
            ("gaps", _gaps(summary)),
        ]
        whole = summary.coverage >= GateSettings().least_coverage
        key = "info.coverage_all" if whole else "info.coverage_missing"
        rows.append(("coverage", text(key, percent=round(100 * summary.coverage))))
    if summary.samples:
        rows.append(("samples", ", ".join(f"{name} {count}" for name, count in summary.samples.items())))
    return rows


def _flaws(summary: Summary) -> str:
    marked = {flaw: count for flaw, count in summary.flaws.items() if flaw is not Flaw.NONE}
    return ", ".join(f"{flaw.value} {count}" for flaw, count in sorted(marked.items())) or text("info.none")


def _gaps(summary: Summary) -> str:
    if not summary.gaps:
        return text("info.none")
    start, end = max(summary.gaps, key=lambda gap: gap[1] - gap[0])
    values = {"longest": number(end - start, 1), "at": clock_words(start)}
    return text("info.gap", count=len(summary.gaps), **values)


def _damage(summary: Summary) -> str:
    damage = summary.damage
    if not damage.lines:
        return text("info.none")
    kinds = ", ".join(f"{count} {text(f'damage.{code}')}" for code, count in damage.counts.items())
    return text("info.damage_found", count=damage.lines, first=damage.first, kinds=kinds)
