"""`breathsync practice`: a guided session, with a strap, a recording's heart, or no strap at all."""

import argparse
import sys
from collections.abc import Callable
from typing import Any

from breathsync.breath.patterns import checked_rate
from breathsync.cli import with_strap
from breathsync.cli.consent import accept
from breathsync.cli.show import show
from breathsync.devices.person import Guide
from breathsync.devices.streaming import TELL_THE_BREATH
from breathsync.errors import UsageError
from breathsync.practice.conductor import Choices
from breathsync.practice.practice_file import DEFAULT, DEFAULT_TEEN, Practice, named
from breathsync.practice.safety import Participant, Profile
from breathsync.session.live import Source
from breathsync.session.players import LivePlayer
from breathsync.session.practice_player import NoStrap, PracticePlayer, RecordedStrap
from breathsync.session.replay import RecordingReader
from breathsync.session.simulation import SCENARIOS, origin_of, strap_of
from breathsync.settings import Settings
from breathsync.wording import text

_WHO, _SEED = "first-session", 1


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Lead through the practice."""
    _check(arguments)
    practice = _practice(arguments, settings)
    person, choices = _participant(arguments, practice), _choices(arguments, settings)
    if arguments.accept and person is not None:
        accept(person, settings)
    told: dict[str, Any] = {
        "choices": choices,
        "participant": person,
        "code_name": arguments.code_name,
        "file": arguments.output,
        "seconds": arguments.seconds,
    }
    print(text("practice.gently"), file=sys.stderr)
    if arguments.device and person is not None:
        return with_strap.lead(
            lambda strap: LivePlayer(strap, settings, practice=practice, **told),
            settings,
            device=arguments.device,
            streams=TELL_THE_BREATH,
            person=person,
            no_screen=arguments.no_screen,
        )
    strap, origin = _strap(arguments)
    player = PracticePlayer(practice, settings, strap, origin=origin, **told)
    return show(player, settings, [], no_screen=arguments.no_screen, quiet=False)


def _check(arguments: argparse.Namespace) -> None:
    chosen = [arguments.device, arguments.replay, arguments.none, arguments.demo]
    if sum(bool(one) for one in chosen) > 1:
        raise UsageError("one_source")
    if arguments.output is not None and arguments.output.exists():
        raise UsageError("file_exists", file=arguments.output)


def _practice(arguments: argparse.Namespace, settings: Settings) -> Practice:
    teen = arguments.profile == "teen"
    practice = named(arguments.name or (DEFAULT_TEEN if teen else DEFAULT), settings.practices_folder)
    practice = practice.leading_to(settings.target_per_min)
    if teen and practice.profile != "teen":
        practice = practice.for_teens()
    return practice if arguments.minutes is None else practice.lasting(arguments.minutes)


def _choices(arguments: argparse.Namespace, settings: Settings) -> Choices:
    own = arguments.own_rhythm
    return Choices(
        own_per_min=None if own is None else checked_rate(own, target=False),
        listens=False if arguments.no_listening or not settings.guide_listens else None,
        sound=arguments.sound,
        numbers=arguments.numbers or settings.show_numbers,
    )


def _participant(arguments: argparse.Namespace, practice: Practice) -> Participant | None:
    """The person in front of this machine; nobody where the heart is simulated, or a recording's."""
    if arguments.demo or arguments.replay is not None:
        return None
    return Participant(arguments.code_name, Profile(practice.profile))


def _strap(arguments: argparse.Namespace) -> tuple[Callable[[Guide], Source], dict[str, Any]]:
    """Where the heart comes from, if not from a strap, and what marks it where it is simulated."""
    if arguments.replay is not None:
        reader = RecordingReader(arguments.replay)
        return lambda _: RecordedStrap(reader), reader.header.origin()
    if arguments.demo:
        who = SCENARIOS[_WHO]
        return lambda guide: strap_of(who, guide, _SEED), origin_of(who, _SEED)
    if not arguments.none:
        print(text("cli.practice.alone"), file=sys.stderr)
    return lambda _: NoStrap(), {}
