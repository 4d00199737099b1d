"""`breathsync history`: practice over weeks."""

import argparse
from collections.abc import Iterable

from rich.console import Console
from rich.progress import track
from rich.table import Table

from breathsync.session import derived_store
from breathsync.session.history import PastSession, Week, in_a_sentence, past_sessions, weeks
from breathsync.settings import Settings, cache_folder
from breathsync.wording import day_words, number, text

_SAID = ("threat", "drive", "soothing")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Show it."""
    console = Console(highlight=False)
    sessions = past_sessions(settings.recordings_folder, arguments.code_name)
    if not sessions:
        console.print(text("history.nothing", folder=settings.recordings_folder), soft_wrap=True)
        return 0
    told = [_derived(session, settings) for session in _shown(sessions, console)]
    found = weeks(told)
    console.print(_heading(told, arguments.code_name))
    console.print(_table(found))
    console.print(text("history.words"), soft_wrap=False)
    return 0


def _shown(sessions: list[PastSession], console: Console) -> Iterable[PastSession]:
    """The sessions one by one, with a bar in a terminal: the first time each takes a moment."""
    if not console.is_terminal:
        return sessions
    return track(sessions, text("review.deriving"), console=console, transient=True)


def _derived(session: PastSession, settings: Settings) -> PastSession:
    derived = derived_store.kept_or_derived(session.file, cache_folder(), settings.profiles_folder)
    return session.with_swing(derived)


def _heading(sessions: list[PastSession], code_name: str | None) -> str:
    line = in_a_sentence(sessions)
    return f"{code_name}: {line}" if code_name else line


def _table(found: list[Week]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column(text("history.week"), no_wrap=True)
    for name in ("days", "minutes", "swing", "pace", *_SAID):
        table.add_column(text(f"history.{name}"), justify="right", no_wrap=True)
    for week in found:
        said = [_said(week, name) for name in _SAID]
        table.add_row(
            day_words(week.monday), str(week.days), number(week.minutes), _swing(week), _pace(week), *said
        )
    return table


def _swing(week: Week) -> str:
    if week.swing_bpm is None:
        return number(None)
    return f"{number(week.swing_bpm, 1)} ± {number(week.swing_error_bpm, 1)}"


def _pace(week: Week) -> str:
    if week.paces_per_min is None:
        return number(None)
    slow, quick = (number(pace, 1) for pace in week.paces_per_min)
    return slow if slow == quick else text("report.times", start=slow, end=quick)


def _said(week: Week, name: str) -> str:
    before, after = week.before.get(name), week.after.get(name)
    if before is None and after is None:
        return number(None)
    return f"{number(before, 1)} → {number(after, 1)}"
