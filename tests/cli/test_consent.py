"""Consent in the terminal: asked once, before anything is recorded; where nobody can answer, said."""

import io
import sys

import pytest
from rich.console import Console

from breathsync import settings, wording
from breathsync.cli import consent
from breathsync.cli.show import _keep_or_discard, show
from breathsync.errors import UsageError
from breathsync.practice.safety import Participant, Profile, Viewer
from breathsync.session.consents import Consents
from breathsync.session.players import DemoPlayer
from breathsync.session.simulation import SCENARIOS
from breathsync.wording import text

HERON, TEEN = Participant("heron"), Participant("wren", Profile.TEEN)


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def chosen(tmp_path):
    return settings.Settings(tmp_path / "recordings", tmp_path / "profiles")


def ask(monkeypatch, chosen, person, *lines):
    monkeypatch.setattr(sys, "stdin", Terminal("".join(f"{line}\n" for line in lines)))
    out = io.StringIO()
    return consent.asked(person, chosen, Console(file=out, width=500)), out.getvalue()


def test_who_says_yes_is_asked_once(monkeypatch, chosen):
    begins, said = ask(monkeypatch, chosen, HERON, "yes", "n")
    assert begins and text("disclaimer.full") in said
    kept = Consents(chosen.recordings_folder).all(None)
    assert [(a.participant, a.may_see, a.version) for a in kept] == [(HERON, (), text("consent.version"))]
    assert ask(monkeypatch, chosen, HERON) == (True, "")


@pytest.mark.parametrize("answer", ["", "no", "j", "n", "yes please"])
def test_anything_but_yes_is_no(monkeypatch, chosen, answer):
    begins, said = ask(monkeypatch, chosen, HERON, answer)
    assert not begins and text("consent.not_now") in said
    assert not chosen.recordings_folder.exists()


@pytest.mark.parametrize(
    ("language", "answer"),
    [("en", "y"), ("en", "Y"), ("en", " YES "), ("de", "j"), ("de", "J"), ("de", "Ja")],
)
def test_the_first_letter_of_yes_is_yes(monkeypatch, chosen, language, answer):
    wording.use(language)
    assert ask(monkeypatch, chosen, HERON, answer, "n")[0]
    assert len(Consents(chosen.recordings_folder).all(None)) == 1


@pytest.mark.parametrize("lines", [(), ("yes",)])
def test_the_end_of_input_stops_and_keeps_nothing(monkeypatch, chosen, lines):
    with pytest.raises(KeyboardInterrupt):
        ask(monkeypatch, chosen, HERON, *lines)
    assert not chosen.recordings_folder.exists()


def test_requirement_32_a_teen_is_asked_for_assent_and_who_may_see(monkeypatch, chosen):
    begins, said = ask(monkeypatch, chosen, TEEN, "yes", "n", "y", "y")
    assert begins and text("consent.freely_teen") in said
    (kept,) = Consents(chosen.recordings_folder).all(None)
    assert kept.may_see == (Viewer.CARER,) and kept.carer_knows


def test_where_nobody_can_answer_nothing_is_recorded(monkeypatch, chosen):
    monkeypatch.setattr(sys, "stdin", io.StringIO("yes\n"))
    player = DemoPlayer(SCENARIOS["first-session"], 1, chosen, 1.0)
    player.participant = HERON
    with pytest.raises(UsageError, match="asked"):
        show(player, chosen, [], no_screen=True, quiet=False)
    assert not chosen.recordings_folder.exists()


def test_a_simulated_person_is_asked_nothing(monkeypatch, chosen):
    assert ask(monkeypatch, chosen, None) == (True, "")


def test_the_end_of_input_throws_no_recording_away(monkeypatch, chosen):
    monkeypatch.setattr(sys, "stdin", Terminal())
    out = io.StringIO()
    player = DemoPlayer(SCENARIOS["first-session"], 1, chosen, 1.0)
    player.recording = chosen.recordings_folder.with_suffix(".jsonl")
    player.recording.touch()
    _keep_or_discard(player, Console(file=out, width=500, force_terminal=True))
    assert player.recording.exists()
    assert text("terminal.kept", file="X").partition("X")[0].strip() in out.getvalue()
