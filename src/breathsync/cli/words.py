"""`breathsync words`: seal one's own words with a passphrase, and read them again."""

import argparse
import getpass
import sys
from pathlib import Path

from breathsync.cli import keyring_passphrase
from breathsync.cli.asking import answered
from breathsync.errors import WordsError
from breathsync.practice.safety import Acceptance
from breathsync.screen.state import clock_words
from breathsync.session import letterbox as letterboxes
from breathsync.session import told
from breathsync.session.consents import Consents
from breathsync.session.letterbox import Letterbox
from breathsync.session.told import Keys
from breathsync.settings import Settings
from breathsync.wording import text


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Do what was asked for."""
    folder = settings.recordings_folder
    own = told.letterbox_of(folder)
    if arguments.do == "set-passphrase":
        return _set(folder, own, keyring=arguments.keyring)
    if not arguments.files:
        return _show_accepted(Consents(folder), own)
    keys = None
    for file in arguments.files:
        if keys is None and told.has_sealed(file):
            keys = Keys(_asked_or_remembered(), own)
        _show(file, keys)
    return 0


def _set(folder: Path, own: Letterbox | None, *, keyring: bool) -> int:
    if keyring:
        keyring_passphrase.check()
    print(text("writing.final"), file=sys.stderr)
    old = None if own is None else _ask("cli.words.old")
    if own is not None and old is not None:
        letterboxes.unlocked(own, old)  # before the new one is asked for
    new = _ask("cli.words.new")
    letterboxes.check_length(new)  # before it is asked for once more
    if _ask("cli.words.again") != new:
        raise WordsError("passphrases_differ")
    if own is None or old is None:
        told.keep_letterbox(folder, letterboxes.made(new))
    else:
        told.keep_letterbox(folder, letterboxes.changed(own, old, new))
    print(text("cli.words.set" if own is None else "cli.words.changed"))
    if keyring:
        keyring_passphrase.remember(new)
        print(text("cli.words.remembered"))
    return 0


def _show(file: Path, keys: Keys | None) -> None:
    found = told.written(file, keys)
    for at, what, words in found:
        print(text("cli.words.line", at=clock_words(at), what=text(f"writing.what_{what}"), words=words))
    if not found:
        print(text("cli.words.nothing", file=file))


def _show_accepted(consents: Consents, own: Letterbox | None) -> int:
    keys = Keys(_asked_or_remembered(), own) if consents.has_sealed else None
    rows = consents.all(keys)
    for acceptance in rows:
        print(_row(acceptance))
    if not rows:
        print(text("cli.words.nothing_accepted"))
    return 0


def _row(acceptance: Acceptance) -> str:
    viewers = [text(f"consent.viewer_{viewer.value}") for viewer in acceptance.may_see]
    return text(
        "consent.row",
        when=acceptance.accepted_at,
        version=acceptance.version,
        who=acceptance.participant.code_name or text("consent.no_name"),
        viewers=", ".join(viewers) or text("consent.nobody"),
    )


def _asked_or_remembered() -> str:
    return keyring_passphrase.remembered() or _ask("cli.words.ask")


def _ask(key: str) -> str:
    if sys.stdin.isatty():
        return answered(getpass.getpass, text(key))
    return sys.stdin.readline().rstrip("\r\n")
