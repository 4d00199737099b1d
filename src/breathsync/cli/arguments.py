"""The commands and their arguments, as one table of a manual: the words stand in the wording."""

import argparse
import sys
import textwrap
from collections.abc import Callable
from difflib import get_close_matches
from importlib import import_module, resources
from pathlib import Path
from typing import Any, NoReturn

from breathsync import __version__
from breathsync.cli import slips
from breathsync.cli.values import count, events_output, moment, output, seconds, seed, speed
from breathsync.practice.practice_file import PROFILES, SOUNDS
from breathsync.practice.rhythm_protocols import DEFAULT as DEFAULT_PROTOCOL
from breathsync.practice.rhythm_protocols import PROTOCOLS
from breathsync.session.event_log import DERIVED, SHOWN
from breathsync.settings import Settings
from breathsync.wording import languages, text

_UNITS = ("ms", "s", "us", "ticks")
_EXPORTS = ("rr", "kubios", "csv", "edf", "bids", "hrvlogger", "jsonl")
_FORMATS = ("notifications", "rr", "beats", "ecg", "acc", "resp")


class _Parser(argparse.ArgumentParser):
    """Says what is not right in two lines: what, and where the manual of this command is."""

    def __init__(self, **options: Any) -> None:
        super().__init__(add_help=False, **options)
        self._positionals.title, self._optionals.title = text("cli.arguments"), text("cli.options")
        self.add_argument("-h", "--help", action="help", help=text("cli.help"))

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse does, but each command itself says what it does not know."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(text("cli.unknown_arguments", arguments=" ".join(unknown)))
        return found, unknown

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """A word that is nearly a command is answered with that command."""
        known = list(action.choices or ()) if isinstance(action, argparse._SubParsersAction) else []
        near = get_close_matches(str(value), known, 1)
        if near and value not in known:
            self.error(text("cli.command_near", name=value, near=near[0]))
        super()._check_value(action, value)

    def error(self, message: str) -> NoReturn:
        sys.stderr.write(f"{self.prog}: {slips.said(message)}\n{text('cli.try_help', command=self.prog)}\n")
        sys.exit(2)


class _Manual(argparse.RawDescriptionHelpFormatter):
    """Wraps what is prose and leaves alone what is set in lines: indented, or short enough."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """Its first word in the language of all others."""
        super().add_usage(usage, actions, groups, text("cli.usage") if prefix is None else prefix)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        lines = text.splitlines()
        return "\n".join(
            textwrap.fill(line, width, initial_indent=indent) if line[:1].strip() else line
            for line in lines
        )


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = _Parser(
        prog="breathsync",
        description=text("cli.description"),
        epilog=text("cli.epilog"),
        formatter_class=_Manual,
    )
    top.add_argument("--version", action="version", version=__version__, help=text("cli.version"))
    names = ", ".join(languages())
    top.add_argument("--language", metavar="CODE", help=text("cli.language", names=names))
    top.set_defaults(run=_command("window"))
    commands = top.add_subparsers(title=text("cli.commands"), metavar="COMMAND")
    _live(_add(commands, "live"))
    _scan(_add(commands, "scan"))
    _demo(_add(commands, "demo"))
    _practice(_add(commands, "practice"))
    _practices(_add(commands, "practices", folder=_practices_folder()))
    _find_rhythm(_add(commands, "find-rhythm"))
    _simulate(_add(commands, "simulate"))
    _import(_add(commands, "import"))
    _export(_add(commands, "export"))
    _sessions(_add(commands, "sessions"))
    _analyze(_add(commands, "analyze"))
    _stream(_add(commands, "stream"))
    _replay(_add(commands, "replay", events=", ".join(DERIVED), shown=", ".join(SHOWN)))
    _info(_add(commands, "info"))
    _report(_add(commands, "report"))
    _review(_add(commands, "review"))
    _history(_add(commands, "history"))
    _devices(_add(commands, "devices"))
    _add(commands, "doctor")
    _strap(_add(commands, "strap"))
    _words(_add(commands, "words"))
    return top


def _live(add: argparse.ArgumentParser) -> None:
    add.add_argument("--device", metavar="NAME|ADDRESS|any", help=text("cli.live.device"))
    add.add_argument("--streams", metavar="hr,ecg,acc", default="hr", help=text("cli.live.streams"))
    add.add_argument("--code-name", metavar="NAME", help=text("cli.live.code_name"))
    add.add_argument("--accept", action="store_true", help=text("cli.accept"))
    add.add_argument("--seconds", metavar="N", type=seconds("--seconds"), help=text("cli.seconds"))
    _screen(add)
    add.add_argument("-o", "--output", metavar="FILE", type=output, help=text("cli.live.output"))


def _screen(add: argparse.ArgumentParser) -> None:
    """Which windows there are to be."""
    windows = add.add_mutually_exclusive_group()
    windows.add_argument("--no-screen", action="store_true", help=text("cli.no_screen"))
    windows.add_argument("--practitioner", action="store_true", help=text("practitioner.cli"))


def _scan(add: argparse.ArgumentParser) -> None:
    add.add_argument(
        "--seconds", metavar="N", type=seconds("--seconds"), default=10.0, help=text("cli.scan.seconds")
    )


def _devices(add: argparse.ArgumentParser) -> None:
    add.add_argument("name", metavar="NAME", nargs="?", help=text("cli.devices.name"))


def _strap(add: argparse.ArgumentParser) -> None:
    what = add.add_mutually_exclusive_group(required=True)
    what.add_argument("file", metavar="FILE", type=Path, nargs="?", help=text("cli.strap.file"))
    what.add_argument("--scenario", metavar="NAME", help=text("cli.strap.scenario"))
    add.add_argument("--name", metavar="NAME", help=text("cli.strap.name"))
    where = add.add_mutually_exclusive_group()
    where.add_argument("--dongle", metavar="usb:N", default="usb:0", help=text("cli.strap.dongle"))
    where.add_argument("--virtual", metavar="LINK", help=text("cli.strap.virtual"))
    add.add_argument("--seed", metavar="N", type=seed, default=1, help=text("cli.seed"))
    add.add_argument("--seconds", metavar="N", type=seconds("--seconds"), help=text("cli.seconds"))


def _demo(add: argparse.ArgumentParser) -> None:
    add.add_argument("--seconds", metavar="N", type=seconds("--seconds"), help=text("cli.seconds"))
    _screen(add)
    add.add_argument("--seed", metavar="N", type=seed, default=1, help=text("cli.seed"))


def _practice(add: argparse.ArgumentParser) -> None:
    def number(option: str) -> Callable[[str], float]:
        return seconds(option, "number_above_0")

    add.add_argument("name", metavar="NAME|FILE", nargs="?", help=text("cli.practice.name"))
    heart = add.add_argument_group()
    heart.add_argument("--device", metavar="NAME|ADDRESS|any", help=text("cli.practice.device"))
    heart.add_argument("--replay", metavar="FILE", type=Path, help=text("cli.practice.replay"))
    heart.add_argument("--none", action="store_true", help=text("cli.practice.none"))
    heart.add_argument("--demo", action="store_true", help=text("cli.practice.demo"))
    add.add_argument("--minutes", metavar="N", type=number("--minutes"), help=text("cli.practice.minutes"))
    add.add_argument("--profile", choices=PROFILES, default=PROFILES[0], help=text("cli.practice.profile"))
    add.add_argument("--code-name", metavar="NAME", help=text("cli.practice.code_name"))
    add.add_argument("--accept", action="store_true", help=text("cli.accept"))
    own = number("--own-rhythm")
    add.add_argument("--own-rhythm", metavar="RATE", type=own, help=text("cli.practice.own_rhythm"))
    add.add_argument("--sound", choices=SOUNDS, help=text("cli.practice.sound"))
    add.add_argument("--numbers", action="store_true", help=text("cli.practice.numbers"))
    add.add_argument("--no-listening", action="store_true", help=text("cli.practice.no_listening"))
    add.add_argument("--seconds", metavar="N", type=seconds("--seconds"), help=text("cli.seconds"))
    _screen(add)
    add.add_argument("-o", "--output", metavar="FILE", type=output, help=text("cli.practice.output"))


def _find_rhythm(add: argparse.ArgumentParser) -> None:
    protocol = text("cli.find-rhythm.protocol")
    add.add_argument("--protocol", choices=list(PROTOCOLS), default=DEFAULT_PROTOCOL, help=protocol)
    add.add_argument("--device", metavar="NAME|ADDRESS|any", help=text("cli.practice.device"))
    add.add_argument("--replay", metavar="FILE", type=Path, help=text("cli.find-rhythm.replay"))
    add.add_argument("--demo", action="store_true", help=text("cli.find-rhythm.demo"))
    add.add_argument("--accept", action="store_true", help=text("cli.accept"))
    add.add_argument("--seed", metavar="N", type=seed, default=1, help=text("cli.seed"))
    add.add_argument("--seconds", metavar="N", type=seconds("--seconds"), help=text("cli.seconds"))
    _screen(add)
    add.add_argument("-o", "--output", metavar="FILE", type=output, help=text("cli.practice.output"))
    add.add_argument("--code-name", metavar="NAME", help=text("cli.practice.code_name"))


def _practices(add: argparse.ArgumentParser) -> None:
    add.add_argument("words", metavar="NAME | check [FILE]", nargs="*", help=text("cli.practices.words"))


def _practices_folder() -> str:
    """Where the shipped practices lie, for whoever wants to copy one."""
    return str(resources.files("breathsync.practice") / "practices")


def _simulate(add: argparse.ArgumentParser) -> None:
    add.add_argument(
        "-o", "--output", metavar="FILE", type=output, required=True, help=text("cli.simulate.output")
    )
    add.add_argument(
        "--scenario", metavar="NAME", default="first-session", help=text("cli.simulate.scenario")
    )
    add.add_argument("--seconds", metavar="N", type=seconds("--seconds"), help=text("cli.seconds"))
    add.add_argument("--seed", metavar="N", type=seed, default=1, help=text("cli.seed"))


def _import(add: argparse.ArgumentParser) -> None:
    add.add_argument("sources", metavar="SOURCE", type=Path, nargs="+", help=text("cli.import.sources"))
    add.add_argument(
        "-o", "--output", metavar="FILE", type=output, required=True, help=text("cli.import.output")
    )
    add.add_argument(
        "--format", choices=_FORMATS, action="append", default=[], help=text("cli.import.format")
    )
    add.add_argument("--unit", choices=_UNITS, help=text("cli.import.unit"))
    add.add_argument(
        "--rate", metavar="HZ", type=seconds("--rate", "rate_hz"), help=text("cli.import.rate")
    )
    add.add_argument("--strap", metavar="NAME", help=text("cli.import.strap"))
    add.add_argument("--code-name", metavar="NAME", help=text("cli.import.code_name"))


def _export(add: argparse.ArgumentParser) -> None:
    add.add_argument("recording", metavar="FILE|ID", help=text("cli.recording"))
    add.add_argument("--to", choices=_EXPORTS, required=True, help=text("cli.export.to"))
    add.add_argument("--deidentified", action="store_true", help=text("cli.export.deidentified"))
    add.add_argument("-o", "--output", metavar="OUT", type=output, help=text("cli.export.output"))


def _sessions(add: argparse.ArgumentParser) -> None:
    does = add.add_subparsers(dest="do", title=text("cli.commands"), metavar="WHAT")
    takes = {
        "list": (), "show": ("session",), "rename": ("session", "code_name"), "note": ("session", "words"),
        "delete": ("session",), "forget": ("code_name",), "repair": ("session",), "reindex": (),
    }  # fmt: skip
    for name, arguments in takes.items():
        one = does.add_parser(name, help=text(f"cli.sessions.{name}"), formatter_class=_Manual)
        for argument in arguments:
            shown = {"session": "ID", "code_name": "CODE_NAME", "words": "WORDS"}[argument]
            many: dict[str, Any] = {"nargs": "+"} if argument == "words" else {}
            one.add_argument(argument, metavar=shown, help=text(f"cli.sessions.{argument}"), **many)
        if name in ("delete", "forget"):
            one.add_argument("--yes", action="store_true", help=text("cli.sessions.yes"))


def _stream(add: argparse.ArgumentParser) -> None:
    add.add_argument("recording", metavar="FILE|ID", nargs="?", help=text("cli.recording"))
    add.add_argument("--device", metavar="NAME|ADDRESS|any", help=text("cli.live.device"))
    add.add_argument("--demo", action="store_true", help=text("cli.stream.demo"))
    add.add_argument("--code-name", metavar="NAME", help=text("cli.live.code_name"))
    add.add_argument("--seconds", metavar="N", type=seconds("--seconds"), help=text("cli.seconds"))
    add.add_argument("--seed", metavar="N", type=seed, default=1, help=text("cli.seed"))


def _analyze(add: argparse.ArgumentParser) -> None:
    add.add_argument("places", metavar="FILE|FOLDER", type=Path, nargs="+", help=text("cli.analyze.places"))
    add.add_argument(
        "-o",
        "--output",
        metavar="TABLE",
        type=output,
        default=Path("table.csv"),
        help=text("cli.analyze.output"),
    )
    add.add_argument("--jobs", metavar="N", type=count, help=text("cli.analyze.jobs"))
    add.add_argument("--cluster", metavar="ADDRESS", help=text("cli.analyze.cluster"))
    add.add_argument("--resume", action="store_true", help=text("cli.analyze.resume"))


def _replay(add: argparse.ArgumentParser) -> None:
    add.add_argument("file", metavar="FILE", type=Path, help=text("cli.replay.file"))
    add.add_argument("--speed", metavar="1|10|max", type=speed, default=1.0, help=text("cli.replay.speed"))
    add.add_argument(
        "--from",
        dest="start",
        metavar="T",
        type=moment("--from"),
        default=0.0,
        help=text("cli.replay.from"),
    )
    add.add_argument("--to", dest="end", metavar="T", type=moment("--to"), help=text("cli.replay.to"))
    add.add_argument("--guide", metavar="RATE|FILE", help=text("cli.replay.guide"))
    _screen(add)
    add.add_argument("--events", metavar="OUT.jsonl", type=events_output, help=text("cli.replay.events"))
    add.add_argument("--only", metavar="EVENT,...", help=text("cli.replay.only"))


def _info(add: argparse.ArgumentParser) -> None:
    add.add_argument("file", metavar="FILE", type=Path, nargs="?", help=text("cli.info.file"))


def _report(add: argparse.ArgumentParser) -> None:
    add.add_argument("recording", metavar="FILE|ID", help=text("cli.recording"))
    add.add_argument("-o", "--output", metavar="OUT", type=output, help=text("cli.report.output"))


def _review(add: argparse.ArgumentParser) -> None:
    add.add_argument("recording", metavar="FILE|ID", help=text("cli.recording"))


def _history(add: argparse.ArgumentParser) -> None:
    add.add_argument("code_name", metavar="CODE_NAME", nargs="?", help=text("cli.history.code_name"))


def _words(add: argparse.ArgumentParser) -> None:
    do = add.add_subparsers(title=text("cli.words.do"), metavar="DO", dest="do", required=True)
    passphrase = do.add_parser("set-passphrase", help=text("cli.words.set_passphrase"))
    passphrase.add_argument("--keyring", action="store_true", help=text("cli.words.keyring"))
    show = do.add_parser("show", help=text("cli.words.show"))
    show.add_argument("files", metavar="FILE", type=Path, nargs="*", help=text("cli.words.files"))


def _add(commands: Any, name: str, **values: str) -> argparse.ArgumentParser:
    added: argparse.ArgumentParser = commands.add_parser(
        name,
        help=text(f"cli.{name}.summary"),
        description=text(f"cli.{name}.description"),
        epilog=text(f"cli.{name}.epilog", **values),
        formatter_class=_Manual,
    )
    added.set_defaults(run=_command(name))
    return added


def _command(name: str) -> Callable[[argparse.Namespace, Settings], int]:
    """The command's own file, read only when it is run: a session's libraries are heavy."""
    module = "import_files" if name == "import" else name.replace("-", "_")  # a word of Python's own

    def run(arguments: argparse.Namespace, settings: Settings) -> int:
        return int(import_module(f"breathsync.cli.{module}").run(arguments, settings))

    return run
