"""`breathsync practice`: a guided session, with a strap, a recording's heart, or no strap at all."""

import argparse
import sys
from collections.abc import Callable

from breathsync.breath.patterns import checked_rate
from breathsync.cli.show import show
from breathsync.devices.person import Guide
from breathsync.errors import UsageError
from breathsync.practice.conductor import Choices
from breathsync.practice.practice_file import DEFAULT, DEFAULT_TEEN, Practice, named
from breathsync.practice.safety import Participant, Profile
from breathsync.screen.available import why_no_window
from breathsync.session.live import Source
from breathsync.session.players import LivePlayer, Player
from breathsync.session.practice_player import NoStrap, PracticePlayer, RecordedStrap
from breathsync.session.replay import RecordingReader
from breathsync.session.simulation import SCENARIOS, strap_of
from breathsync.settings import Settings
from breathsync.sound.speaker import Speaker
from breathsync.wording import text

_WHO, _SEED = "first-session", 1
_STREAMS = ("hr", "ecg", "acc")  # what tells the breath, where the strap has it


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Lead through the practice."""
    _check(arguments)
    practice = _practice(arguments, settings)
    choices = _choices(arguments, settings)
    print(text("practice.gently"), file=sys.stderr)
    if arguments.device:
        return _with_strap(arguments, settings, practice, choices)
    player = PracticePlayer(
        practice,
        settings,
        _strap(arguments),
        choices=choices,
        file=arguments.output,
        participant=_participant(arguments, practice),
        code_name=arguments.code_name,
        seconds=arguments.seconds,
    )
    return _led(player, settings, no_screen=arguments.no_screen)


def _check(arguments: argparse.Namespace) -> None:
    chosen = [arguments.device, arguments.replay, arguments.none, arguments.demo]
    if sum(bool(one) for one in chosen) > 1:
        raise UsageError("one_source")
    if arguments.output is not None and arguments.output.exists():
        raise UsageError("file_exists", file=arguments.output)


def _practice(arguments: argparse.Namespace, settings: Settings) -> Practice:
    teen = arguments.profile == "teen"
    practice = named(arguments.name or (DEFAULT_TEEN if teen else DEFAULT), settings.practices_folder)
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


def _strap(arguments: argparse.Namespace) -> Callable[[Guide], Source]:
    """Where the heart comes from."""
    if arguments.replay is not None:
        reader = RecordingReader(arguments.replay)
        return lambda _: RecordedStrap(reader)
    if arguments.demo:
        return lambda guide: strap_of(SCENARIOS[_WHO], guide, _SEED)
    if not arguments.none:
        print(text("cli.practice.alone"), file=sys.stderr)
    return lambda _: NoStrap()


def _led(player: Player, settings: Settings, *, no_screen: bool) -> int:
    with Speaker(player.now) as speaker:
        code = show(player, settings, [speaker], no_screen=no_screen, quiet=False)
    if speaker.missing is not None:
        print(text("sound.missing", problem=speaker.missing), file=sys.stderr)
    return code


def _with_strap(
    arguments: argparse.Namespace, settings: Settings, practice: Practice, choices: Choices
) -> int:
    """With a strap over Bluetooth; in the window the session begins when the person is ready."""
    from breathsync.session import straps
    from breathsync.session.strap_player import StrapPlayer
    from breathsync.session.straps import Straps

    around, person = Straps(settings, _STREAMS), _participant(arguments, practice)

    def session(strap: Source) -> LivePlayer:
        return LivePlayer(
            strap,
            settings,
            file=arguments.output,
            participant=person,
            practice=practice,
            choices=choices,
            seconds=arguments.seconds,
            ready=straps.ready,
        )

    if not arguments.no_screen and why_no_window() is None:
        from breathsync.screen import app

        player = StrapPlayer(
            around,
            settings,
            session,
            device=arguments.device,
            participant=person,
            ready=straps.ready,
        )
        return app.show_strap(player, settings)
    return _led(session(around.held(arguments.device)), settings, no_screen=True)
