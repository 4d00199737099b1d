"""`breathsync words`: a passphrase set, changed, forgotten; words read again, or calmly not."""

import io
import sys
from pathlib import Path

import pytest

pytest.importorskip("cryptography", reason="cryptography is not installed")

from breathsync import settings
from breathsync.cli import main
from breathsync.clock import wall_time
from breathsync.events import Noted
from breathsync.practice.safety import Acceptance, Participant, Viewer
from breathsync.session import keeping, library, told
from breathsync.session.consents import Consents
from breathsync.session.recording import Header
from breathsync.wording import text


@pytest.fixture
def folder():
    return settings.load().recordings_folder


@pytest.fixture
def answers(monkeypatch):
    def give(*lines):
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))

    return give


def recording(folder, words="my shoulders dropped", *, sealed=True):
    recorder = library.new_recording(folder, wall_time(), "live", Header())
    recorder.write(
        told.sealed(Noted(3.0, words), told.letterbox_of(folder) if sealed else None, recorder.header)
    )
    recorder.end(10.0)
    recorder.close()
    return str(recorder.file)


def test_words_are_sealed_and_read_again(folder, answers, capsys):
    answers("four words of mine", "four words of mine")
    assert main(["words", "set-passphrase"]) == 0
    said = capsys.readouterr()
    assert text("writing.final") in said.err and text("cli.words.set") in said.out
    file = recording(folder)
    answers("four words of mine")
    assert main(["words", "show", file]) == 0
    assert capsys.readouterr().out == "00:03  note: my shoulders dropped\n"


def test_another_passphrase_is_answered_calmly_and_changes_nothing(folder, answers, capsys):
    answers("four words of mine", "four words of mine")
    main(["words", "set-passphrase"])
    file = recording(folder)
    answers("somebody's guess")
    assert main(["words", "show", file]) == 2
    err = capsys.readouterr().err
    assert "They stay as they are" in err and "Traceback" not in err
    before = (folder / "letterbox").read_bytes()
    answers("somebody's guess", "her own words", "her own words")
    assert main(["words", "set-passphrase"]) == 2
    assert (folder / "letterbox").read_bytes() == before


def test_a_passphrase_can_be_changed_and_opens_what_was_before(folder, answers, capsys):
    answers("four words of mine", "four words of mine")
    main(["words", "set-passphrase"])
    file = recording(folder)
    answers("four words of mine", "five new words of mine", "five new words of mine")
    assert main(["words", "set-passphrase"]) == 0
    capsys.readouterr()
    for passphrase in ("five new words of mine", "four words of mine"):
        answers(passphrase)
        assert main(["words", "show", file]) == 0
        assert "shoulders" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("lines", "said"),
    [(("short", "short"), "8 characters"), (("eight or more", "eight or so"), "not the same")],
)
def test_a_passphrase_that_cannot_be_taken_says_why(folder, answers, capsys, lines, said):
    answers(*lines)
    assert main(["words", "set-passphrase"]) == 2
    assert said in capsys.readouterr().err
    assert not (folder / "letterbox").exists()


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def typed(monkeypatch):
    """A person at the terminal who types these, and then Ctrl-D; what they were asked."""

    def give(*lines):
        asked, waiting = [], list(lines)

        def getpass(question):
            asked.append(question)
            if not waiting:
                raise EOFError
            return waiting.pop(0)

        monkeypatch.setattr(sys, "stdin", Terminal())
        monkeypatch.setattr("getpass.getpass", getpass)
        return asked

    return give


@pytest.mark.parametrize("lines", [(), ("four words of mine",)])
@pytest.mark.parametrize(("language", "said"), [("en", "Stopped."), ("de", "Beendet.")])
def test_the_end_of_input_stops_and_changes_nothing(folder, typed, capsys, lines, language, said):
    asked = typed(*lines)
    assert main(["--language", language, "words", "set-passphrase"]) == 130
    assert len(asked) == len(lines) + 1
    final = text("writing.final")
    assert capsys.readouterr().err == f"{final}\n\n{said}\n"
    assert not (folder / "letterbox").exists()


def test_a_passphrase_that_is_too_short_is_said_before_it_is_asked_again(folder, typed, capsys):
    asked = typed("short")
    assert main(["words", "set-passphrase"]) == 2
    assert asked == [text("cli.words.new")]
    assert "8 characters" in capsys.readouterr().err


@pytest.mark.parametrize("typed", [["delete", "abc123"], ["forget", "nobody"]])
def test_nobody_is_asked_about_what_is_not_there(folder, monkeypatch, capsys, typed):
    recording(folder, sealed=False)
    monkeypatch.setattr("builtins.input", lambda _: pytest.fail("asked"))
    monkeypatch.setattr(sys, "stdin", Terminal())
    assert main(["sessions", *typed]) == (2 if typed[0] == "delete" else 0)
    said = capsys.readouterr()
    assert typed[1] in said.out + said.err


@pytest.mark.parametrize("what", ["delete", "forget"])
def test_the_end_of_input_deletes_nothing(folder, monkeypatch, capsys, what):
    file = Path(recording(folder, sealed=False))
    keeping.rename(file, "Heron")
    monkeypatch.setattr(sys, "stdin", Terminal())
    assert main(["sessions", what, "heron" if what == "forget" else str(file)]) == 130
    assert capsys.readouterr().err == "\nStopped.\n"
    assert file.exists()


def test_open_words_need_no_passphrase_and_no_words_are_no_problem(folder, capsys):
    assert main(["words", "show", recording(folder, sealed=False)]) == 0
    assert "shoulders" in capsys.readouterr().out
    recorder = library.new_recording(folder, wall_time(), "live", Header())
    recorder.close()
    assert main(["words", "show", str(recorder.file)]) == 0
    assert text("cli.words.nothing", file=recorder.file) in capsys.readouterr().out
    assert main(["words", "show", "nowhere.jsonl"]) == 2


def test_without_a_file_it_shows_what_was_accepted(folder, answers, capsys):
    assert main(["words", "show"]) == 0
    assert text("cli.words.nothing_accepted") in capsys.readouterr().out
    answers("four words of mine", "four words of mine")
    main(["words", "set-passphrase"])
    Consents(folder).keep(Acceptance("1", "2026-11-22T10:00:00", Participant("heron"), (Viewer.GUIDE,)))
    answers("four words of mine")
    capsys.readouterr()
    assert main(["words", "show"]) == 0
    out = capsys.readouterr().out
    assert "heron" in out and text("consent.viewer_guide") in out


@pytest.fixture
def memory_keyring():
    keyring = pytest.importorskip("keyring", reason="keyring is not installed")
    from keyring.backend import KeyringBackend

    class Memory(KeyringBackend):
        priority = 1

        def __init__(self):
            super().__init__()
            self.held = {}

        def get_password(self, service, username):
            return self.held.get((service, username))

        def set_password(self, service, username, password):
            self.held[service, username] = password

    before = keyring.get_keyring()
    keyring.set_keyring(Memory())
    yield keyring.get_keyring()
    keyring.set_keyring(before)


def test_the_systems_keyring_can_hold_the_passphrase(folder, answers, capsys, memory_keyring):
    answers("four words of mine", "four words of mine")
    assert main(["words", "set-passphrase", "--keyring"]) == 0
    assert memory_keyring.held == {("breathsync", "words"): "four words of mine"}
    file = recording(folder)
    answers()
    assert main(["words", "show", file]) == 0
    assert "shoulders" in capsys.readouterr().out


def test_without_a_keyring_it_is_said_before_anything_is_asked(folder, answers, capsys):
    keyring = pytest.importorskip("keyring", reason="keyring is not installed")
    from keyring.backends.fail import Keyring

    before = keyring.get_keyring()
    keyring.set_keyring(Keyring())
    try:
        answers()
        assert main(["words", "set-passphrase", "--keyring"]) == 2
    finally:
        keyring.set_keyring(before)
    assert "no keyring" in capsys.readouterr().err
    assert not (folder / "letterbox").exists()
