"""`breathsync import`: other programs' files become a recording."""

import argparse

from rich.console import Console

from breathsync.devices import profiles
from breathsync.errors import UsageError
from breathsync.events import Flaw
from breathsync.heart.gate import GateSettings
from breathsync.screen.state import clock_words
from breathsync.session.imports.recognise import Foreign, inputs_of, recognise
from breathsync.session.imports.rr import read_intervals
from breathsync.session.imports.sample_doubts import FlatTime
from breathsync.session.recorder import made_recording
from breathsync.session.recording import Header
from breathsync.session.summary import Summary, summarise
from breathsync.settings import Settings
from breathsync.wording import number, text

_SAY_EVERY = 1000
_MOST_LETTERS = 80


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Read the sources, write the recording, and say what is in it."""
    _check_files(arguments)
    sources = _recognised(arguments)
    for source in sources:
        _say_format(source, arguments.unit)
    _check_strap(arguments.strap, settings)
    header = Header(made_by="import", code_name=arguments.code_name)
    inputs = inputs_of(sources, arguments.unit, arguments.rate, arguments.strap)
    with Console(stderr=True).status("") as status:  # shows itself on a terminal only
        with made_recording(arguments.output, header) as recorder:
            last_s, flat = 0.0, FlatTime()
            for number, event in enumerate(inputs):
                recorder.write(event)
                flat.hear(event)
                last_s = event.time
                if number % _SAY_EVERY == 0:
                    status.update(text("cli.import.reading", time=clock_words(last_s)))
            recorder.end(last_s)
        summary = summarise(arguments.output, settings.profiles_folder)
    _say(arguments, summary)
    if flat.seconds:
        print(text("cli.import.flat", seconds=round(flat.seconds)))
    return 0


def _recognised(arguments: argparse.Namespace) -> list[Foreign]:
    told = arguments.format
    if len(told) not in (0, 1, len(arguments.sources)):
        raise UsageError("formats", count=len(told), sources=len(arguments.sources))
    if len(told) <= 1:
        told = (told or [None]) * len(arguments.sources)
    return [recognise(file, kind) for file, kind in zip(arguments.sources, told, strict=True)]


def _check_files(arguments: argparse.Namespace) -> None:
    seen = set()
    for file in arguments.sources:
        if file.resolve() == arguments.output.resolve():
            raise UsageError("same_file", file=file, option="-o")
        if file.resolve() in seen:
            raise UsageError("same_source", file=file)
        seen.add(file.resolve())


def _say_format(source: Foreign, told: str | None) -> None:
    """What it was recognised as, and whatever was unusual about it: nothing is guessed in silence."""
    what = f"{source.format} ({source.program})" if source.program else source.format
    if source.format != "rr" or source.table is None:
        said = [text("cli.import.recognised", file=source.file, format=what)]
        remarks = source.table.remarks if source.table else ()
    else:
        found = read_intervals(source.table, told)
        said = [text("cli.import.recognised_rr", file=source.file, format=what, unit=found.unit)]
        if not found.column.startswith("rr") or found.time_column or found.unused:
            said.append(text("cli.import.column", column=found.column))
        if found.time_column:
            said.append(text("cli.import.time_column", column=found.time_column))
        if found.unused:
            said.append(
                text("cli.import.remark.columns_left", names=", ".join(found.unused)[:_MOST_LETTERS])
            )
        remarks = found.remarks
    said += [text(f"cli.import.remark.{code}") for code in remarks]
    print("; ".join(said))


def _check_strap(strap: str | None, settings: Settings) -> None:
    known = profiles.load_all(settings.profiles_folder)
    if strap is not None and profiles.profile_named(strap, known).id == profiles.GENERIC:
        print(text("cli.import.unknown_strap", strap=strap or '""'))


def _say(arguments: argparse.Namespace, summary: Summary) -> None:
    marked = summary.beats - summary.flaws[Flaw.NONE]
    print(
        text(
            "cli.import.done",
            file=arguments.output,
            length=clock_words(summary.duration_s),
            beats=summary.beats,
            gaps=len(summary.gaps),
            marked=number(100 * marked / max(1, summary.beats), 1),
        )
    )
    if summary.beats and summary.coverage < GateSettings().least_coverage:
        print(text("cli.import.coverage", percent=round(100 * summary.coverage)))
