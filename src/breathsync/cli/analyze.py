"""`breathsync analyze`: many recordings, one table."""

import argparse
import os
import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from breathsync.clock import stopwatch
from breathsync.session.batch.rows import Row
from breathsync.session.batch.run import analyse_all, recordings_in
from breathsync.session.batch.table import TableWriter
from breathsync.settings import Settings
from breathsync.wording import number, text


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Analyse them, and say how many, how fast, and where the table is."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # each core has a recording of its own
    files = recordings_in(arguments.places)
    table = TableWriter(arguments.output, resume=arguments.resume)
    counts = {"done": len(table.done), "unread": len(table.unread), "rows": 0}
    lasted, began = 0.0, stopwatch()
    with _progress() as bar:
        task = bar.add_task("", total=len(files), completed=len(table.done & {str(f) for f in files}))

        def progress(rows: list[Row]) -> None:
            nonlocal lasted
            counts["rows"] += len(rows)
            counts["unread"] += any(row.get("problem") for row in rows)
            lasted += sum(float(row.get("length_s") or 0) for row in rows)
            bar.advance(task)

        jobs = arguments.jobs or os.cpu_count() or 1
        analyse_all(
            files,
            table,
            jobs=jobs,
            cluster=arguments.cluster,
            profiles_folder=settings.profiles_folder,
            progress=progress,
        )
    _say(arguments, counts, len(files), lasted / max(1e-9, stopwatch() - began))
    return 0


def _progress() -> Progress:
    columns = (
        TextColumn(text("cli.analyze.bar")),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty())


def _say(arguments: argparse.Namespace, counts: dict[str, int], files: int, speed: float) -> None:
    values = {"file": arguments.output, "files": files, "rows": counts["rows"], "speed": number(speed)}
    print(text("cli.analyze.done", **values))
    if counts["done"]:
        print(text("cli.analyze.resumed", count=counts["done"]))
    if counts["unread"]:
        print(text("cli.analyze.unread", count=counts["unread"]))
