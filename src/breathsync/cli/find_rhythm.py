"""`breathsync find-rhythm`: at which pace a heart swings widest, and which is comfortable."""

import argparse
import sys
from collections.abc import Callable
from typing import Any

from rich.console import Console

from breathsync.breath.rhythm_choice import choose
from breathsync.cli import with_strap
from breathsync.cli.consent import accept
from breathsync.cli.show import show
from breathsync.devices.held_strap import HeldStrap
from breathsync.devices.person import Guide
from breathsync.devices.streaming import TELL_THE_BREATH
from breathsync.errors import UsageError
from breathsync.events import Event, PaceFelt, SwingByPace
from breathsync.practice.rhythm_protocols import PROTOCOLS
from breathsync.practice.safety import Participant
from breathsync.screen.rhythm_text import plot
from breathsync.session.live import Source
from breathsync.session.players import Player, ReplayPlayer
from breathsync.session.replay import RecordingReader
from breathsync.session.rhythm_player import RhythmPlayer
from breathsync.session.rhythm_words import answer_words
from breathsync.session.simulation import SCENARIOS, origin_of, strap_of
from breathsync.settings import Settings
from breathsync.wording import text

_WHO = "first-session"


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Look for the rhythm, or work it out again."""
    if sum(map(bool, (arguments.device, arguments.replay, arguments.demo))) > 1:
        raise UsageError("one_source")
    if arguments.output is not None and arguments.output.exists():
        raise UsageError("file_exists", file=arguments.output)
    if arguments.device:
        return _worn(arguments, settings)
    if not arguments.demo and arguments.replay is None:
        print(text("cli.find-rhythm.simulated"), file=sys.stderr)
    answer = _Answer()
    player = _replayed(arguments, settings) if arguments.replay is not None else _demo(arguments, settings)
    code = show(player, settings, [answer], no_screen=arguments.no_screen, quiet=False)
    answer.say()
    return code


def _worn(arguments: argparse.Namespace, settings: Settings) -> int:
    person, answer = Participant(arguments.code_name), _Answer()
    if arguments.accept:
        accept(person, settings)

    def session(strap: HeldStrap) -> RhythmPlayer:
        return _search(arguments, settings, lambda _: strap, person)

    code = with_strap.lead(
        session,
        settings,
        device=arguments.device,
        streams=TELL_THE_BREATH,
        person=person,
        no_screen=arguments.no_screen,
        listeners=[answer],
    )
    answer.say()
    return code


def _demo(arguments: argparse.Namespace, settings: Settings) -> Player:
    who, seed = SCENARIOS[_WHO], arguments.seed
    origin = origin_of(who, seed)
    return _search(arguments, settings, lambda guide: strap_of(who, guide, seed), origin=origin)


def _search(
    arguments: argparse.Namespace,
    settings: Settings,
    strap: Callable[[Guide], Source],
    person: Participant | None = None,
    origin: dict[str, Any] | None = None,
) -> RhythmPlayer:
    return RhythmPlayer(
        PROTOCOLS[arguments.protocol],
        settings,
        strap,
        file=arguments.output,
        participant=person,
        code_name=arguments.code_name,
        seconds=arguments.seconds,
        origin=origin,
    )


def _replayed(arguments: argparse.Namespace, settings: Settings) -> Player:
    reader = RecordingReader(arguments.replay)
    if reader.header.details.get("practice") != "find-rhythm":
        raise UsageError("not_a_search", file=arguments.replay)
    return ReplayPlayer(reader, settings, rate=None)


class _Answer:
    """A listener that keeps what was found, and says it at the end in the terminal."""

    def __init__(self) -> None:
        self._begun = False
        self._found: SwingByPace | None = None
        self._felt: list[PaceFelt] = []

    def __call__(self, _at: float, event: Event) -> None:
        self._begun = True
        if isinstance(event, SwingByPace):
            self._found = event
        elif isinstance(event, PaceFelt):
            self._felt.append(event)

    def say(self) -> None:
        """The picture in characters, and the words; nothing where no search has begun."""
        if not self._begun:
            return
        console = Console(highlight=False)
        choice = choose(self._found, self._felt)
        if self._found is not None:
            for line in plot(self._found, choice):
                console.print(line)
        for words in answer_words(choice, self._found):
            console.print(words, soft_wrap=True)
