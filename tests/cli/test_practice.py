"""The commands `practice` and `practices`, as a practitioner types them."""

import pytest

from breathsync.cli import main
from breathsync.events import PaceChanged, SessionEnded, StepStarted
from breathsync.practice.practice_file import shipped_names
from breathsync.session.replay import RecordingReader


@pytest.fixture(autouse=True)
def no_window(monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)


def inputs(file, kind):
    return [event for event in RecordingReader(file).inputs() if isinstance(event, kind)]


def refused(capsys, *arguments):
    """What is said about arguments that cannot be used: a line or two, no traceback, exit code 2."""
    assert main(list(arguments)) == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return said


def test_practices_lists_what_there_is(capsys):
    assert main(["practices"]) == 0
    said = capsys.readouterr().out
    assert all(name in said for name in shipped_names())
    assert "Your own practices:" in said


@pytest.mark.parametrize("name", shipped_names())
def test_practices_says_what_each_step_does(name, capsys):
    assert main(["practices", name]) == 0
    said = capsys.readouterr().out
    assert "1. " in said and " s · " in said


def test_a_persons_own_practice_is_listed_first_and_led_by_its_name(capsys, tmp_path, empty_home):
    folder = empty_home / "xdg_config_home" / "breathsync" / "practices"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text('name = "My own"\n[[steps]]\nkind = "rest"\nlength = 60\n')
    assert main(["practices"]) == 0
    assert capsys.readouterr().out.split()[0] == "mine"
    file = tmp_path / "s.jsonl"
    assert main(["practice", "mine", "--demo", "--no-screen", "--seconds", "1", "-o", str(file)]) == 0
    assert inputs(file, StepStarted)[0].practice == "My own"


@pytest.mark.parametrize(("language", "said"), [("en", "Cannot be led yet"), ("de", "Noch nicht bereit")])
def test_a_faulty_practice_of_ones_own_stands_at_the_end(capsys, tmp_path, empty_home, language, said):
    folder = empty_home / "xdg_config_home" / "breathsync" / "practices"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text('name = "My own"\n[[steps]]\nkind = "rest"\nlength = 60\n')
    faulty, unread = folder / "half.toml", folder / "odd.toml"
    faulty.write_text('name = "Half"\n[[steps]]\nkind = "arive"\nlength = "soon"\n')
    unread.write_bytes(b"\xff\xfe\x00")
    assert main(["--language", language, "practices"]) == 0
    first, *lines = capsys.readouterr().out.rstrip().splitlines()
    assert first.split()[0] == "mine"
    assert [line.startswith(said) for line in lines[-3:]] == [False, True, True]
    assert f"{faulty}, " in lines[-2] and "arrive" in lines[-2] and str(unread) in lines[-1]
    assert all(any(line.startswith(name) for line in lines) for name in shipped_names())
    file = tmp_path / "s.jsonl"
    assert main(["practice", "mine", "--demo", "--no-screen", "--seconds", "1", "-o", str(file)]) == 0
    assert "arrive" in refused(capsys, "practice", "half", "--demo", "--no-screen")


def test_check_says_line_by_line_what_is_to_be_changed(capsys, tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text('name = "Mine"\n[[steps]]\nkind = "arive"\nlength = "soon"\n')
    assert main(["practices", "check", str(file)]) == 2
    assert capsys.readouterr().out.splitlines() == [
        f"{file}: 2 to look at.",
        "  line 3: step 1: there is no kind arive. Did you mean arrive?",
        '  line 4: step 1: soon is no length. Write seconds, as in 60, or "2 min", or "12 breaths"',
    ]


def test_check_alone_looks_at_all_of_ones_own(capsys, empty_home):
    folder = empty_home / "xdg_config_home" / "breathsync" / "practices"
    assert main(["practices", "check"]) == 0
    assert str(folder) in capsys.readouterr().out
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text('name = "Mine"\n[[steps]]\nkind = "rest"\nlength = 90\n')
    assert main(["practices", "check"]) == 0
    assert capsys.readouterr().out.count("can be led") == 1
    (folder / "half.toml").write_text('name = "Half"\n[[steps]]\nkind = "arive"\nlength = "soon"\n')
    (folder / "odd.toml").write_bytes(b"\xff\xfe\x00")
    assert main(["practices", "check"]) == 2
    lines = capsys.readouterr().out.splitlines()
    assert [line.startswith(str(folder)) for line in lines] == [True, False, False, True, True]
    assert "half.toml: 2 to look at" in lines[0] and "mine.toml: this practice can be led" in lines[3]
    assert "odd.toml" in lines[4]


def test_check_says_when_a_practice_can_be_led(capsys, tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text('name = "Mine"\n[[steps]]\nkind = "rest"\nlength = 90\n')
    assert main(["practices", "check", str(file)]) == 0
    assert "this practice can be led. Steps: 1. Length: 01:30." in capsys.readouterr().out


def test_requirement_6_no_deeper_than_easy_is_said_before_a_practice(capsys):
    assert main(["practice", "a-minute", "--demo", "--no-screen", "--seconds", "1"]) == 0
    assert "Breathe gently, no deeper than feels easy." in capsys.readouterr().err


def test_requirement_7_without_consent_nothing_of_a_person_is_recorded(capsys, tmp_path):
    file = tmp_path / "s.jsonl"
    refused(capsys, "practice", "--none", "--no-screen", "--seconds", "1", "-o", str(file))
    assert not file.exists()


def test_a_recordings_heart_is_led_by_a_fresh_guide(tmp_path):
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    assert main(["simulate", "-o", str(first), "--seconds", "10"]) == 0
    options = ["--replay", str(first), "--no-screen", "--seconds", "2", "--own-rhythm", "15"]
    assert main(["practice", "a-minute", *options, "-o", str(second)]) == 0
    assert inputs(second, PaceChanged)[0].period_s == 4.0
    assert inputs(second, SessionEnded)
    assert RecordingReader(second).header.details["practice"] == "a-minute"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["practice", "teem"], "There is no practice teem. There are: soothing-rhythm, first-time"),
        (["practice", "no.toml"], "no.toml: there is no such file."),
        (["practice", "--demo", "--none"], "Choose one of --device, --replay, --none and --demo."),
        (["practice", "--demo", "--minutes", "45"], "cannot be 45 minutes long. Choose between 1 and 20."),
        (["practice", "--demo", "--minutes", "soon"], "--minutes soon is not a number above 0."),
        (["practice", "--demo", "--own-rhythm", "40"], "40.0 breaths a minute is outside"),
        (["practice", "--replay", "no.jsonl"], "no.jsonl: there is no such file."),
        (["practices", "a", "b", "c"], "Say either nothing, a NAME, or: check FILE."),
        (["practices", "check", "no.toml"], "no.toml: there is no such file."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_done_is_said_with_what_can(arguments, said, capsys):
    more = ["--no-screen", "--seconds", "1"] if arguments[0] == "practice" else []
    assert said in refused(capsys, *arguments, *more)


def test_a_file_that_is_there_is_not_written_over(capsys, tmp_path):
    file = tmp_path / "s.jsonl"
    file.write_text("mine")
    said = refused(capsys, "practice", "--demo", "--no-screen", "--seconds", "1", "-o", str(file))
    assert "is there already" in said
    assert file.read_text() == "mine"
