"""`breathsync practices`: what there is to practise, what each step does, and whether a file can be led."""

import argparse
from pathlib import Path

from rich.console import Console
from rich.table import Table

from breathsync.errors import InputFileError, UsageError
from breathsync.practice.practice_file import Practice, Step, at_hand, named
from breathsync.practice.practice_reading import content, read, words_of
from breathsync.screen.state import clock_words
from breathsync.settings import Settings
from breathsync.wording import number, text, text_or_own


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Say it."""
    console = Console(highlight=False, markup=False)
    match arguments.words:
        case []:
            _list(console, settings)
        case ["check"]:
            return _check_own(console, settings.practices_folder)
        case ["check", file]:
            return _check(console, Path(file))
        case [name]:
            _show(console, named(name, settings.practices_folder))
        case _:
            raise UsageError("practices_words")
    return 0


def _list(console: Console, settings: Settings) -> None:
    table = Table.grid(padding=(0, 2))
    faulty = []
    for name, file in at_hand(settings.practices_folder):
        try:
            practice = named(name, settings.practices_folder)
        except InputFileError as problem:  # one's own; the others can be led all the same
            faulty.append(str(problem))
            continue
        title = text_or_own(practice.name)
        table.add_row(
            name,
            text("practices.minutes", length=number(practice.length_s / 60)),
            text_or_own(practice.about) or title,
            text("practices.own") if file is not None else "",
        )
    console.print(table)
    console.print(text("practices.folder", folder=settings.practices_folder), soft_wrap=True)
    for said in faulty:
        console.print(text("practices.faulty", problem=said), soft_wrap=True)


def _show(console: Console, practice: Practice) -> None:
    console.print(f"{text_or_own(practice.name)} · {clock_words(practice.length_s)}")
    if practice.about:
        console.print(text_or_own(practice.about))
    for count, step in enumerate(practice.steps, 1):
        console.print()
        console.print(text("practices.step", number=count, title=text_or_own(step.title)), style="bold")
        console.print("   " + " · ".join(_facts(practice, step)), style="dim", soft_wrap=True)
        for words in step.words:
            console.print(f"   {clock_words(words.at_s)}  {text_or_own(words.words)}", soft_wrap=True)


def _facts(practice: Practice, step: Step) -> list[str]:
    length = number(step.length_s)
    facts = [
        text("practices.seconds", length=length)
        if step.breaths is None
        else text("practices.breaths", breaths=step.breaths, length=length)
    ]
    if not step.guide:
        facts.append(text("practices.unguided"))
    elif step.pace_per_min is None:
        facts.append(text("practices.guided"))
    else:
        facts.append(text("practices.guided_to", pace=f"{step.pace_per_min:g}"))
    if not step.heart and not step.numbers:
        facts.append(text("practices.no_heart"))
    sound = step.sound or practice.sound
    if sound != "off":
        facts.append(text("practices.sound", sound=text(f"sound.{sound}")))
    return facts


def _check_own(console: Console, folder: Path) -> int:
    """Every practice of one's own: 0 where all can be led."""
    own = [file for _, file in at_hand(folder) if file is not None]
    if not own:
        console.print(text("practices.none_of_own", folder=folder), soft_wrap=True)
    ended = 0
    for file in own:
        try:
            ended = max(ended, _check(console, file))
        except InputFileError as problem:  # the others are looked at all the same
            console.print(str(problem), soft_wrap=True)
            ended = 2
    return ended


def _check(console: Console, file: Path) -> int:
    """0 where it can be led; 2 with a line for each thing that keeps it from it."""
    practice, problems = read(content(file), file.stem)
    if practice is not None:
        length = clock_words(practice.length_s)
        console.print(
            text("practices.whole", file=file, steps=len(practice.steps), length=length), soft_wrap=True
        )
        return 0
    console.print(text("practices.found", file=file, count=len(problems)), soft_wrap=True)
    for problem in problems:
        line = text("practices.line", line=problem.line, problem=words_of(problem))
        console.print(line, soft_wrap=True)
    return 2
