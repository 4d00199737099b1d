"""The commands for what comes after a session: report, review, history."""

import pytest
from tests.session.sessions import kept, simulated, told
from tests.session.test_history import lived

from breathsync.cli import main
from breathsync.session import library
from breathsync.session.history import past_session
from breathsync.session.replay import RecordingReader
from breathsync.settings import cache_folder, defaults
from breathsync.wording import text


@pytest.fixture(scope="module")
def inputs():
    return told(simulated(seconds=330))


@pytest.fixture
def file(tmp_path, inputs):
    return kept(tmp_path / "session.jsonl", inputs)


def test_a_report_is_written_beside_you_under_the_recordings_name(file, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["report", str(file)]) == 0
    assert capsys.readouterr().out == "session.html\n"
    made = (tmp_path / "session.html").read_text(encoding="utf-8")
    assert made.startswith("<!DOCTYPE html>") and text("report.limits") in made


@pytest.mark.usefixtures("without_neurokit")
def test_a_report_can_be_a_pdf(file, tmp_path, qapp):
    out = tmp_path / "page.pdf"
    assert main(["report", str(file), "-o", str(out)]) == 0
    assert out.read_bytes().startswith(b"%PDF")


@pytest.mark.usefixtures("without_neurokit")
def test_a_recording_is_found_by_its_id(inputs, tmp_path):
    made = lived(defaults().recordings_folder, "02T19:00:00+01:00", inputs)
    out = tmp_path / "x.html"
    assert main(["report", library.session_id(made), "-o", str(out)]) == 0
    assert out.exists()


@pytest.mark.parametrize("command", ["report", "review"])
def test_what_is_no_recording_is_said_in_a_sentence(command, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("breathsync.cli.review.why_no_window", lambda: None)
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    for named in ("nothing.jsonl", str(tmp_path / "other.csv"), "abc123", str(tmp_path)):
        assert main([command, named]) == 2
        said = capsys.readouterr().err
        assert said.startswith("breathsync: ") and said.count("\n") == 1 and "Traceback" not in said


@pytest.mark.usefixtures("without_neurokit")
@pytest.mark.parametrize("name", ["report.docx", "report", "no/such/folder/report.html"])
def test_a_place_where_it_cannot_be_written_is_said(file, tmp_path, capsys, name):
    assert main(["report", str(file), "-o", str(tmp_path / name)]) == 2
    assert "report" in capsys.readouterr().err
    assert [f.name for f in tmp_path.iterdir()] == ["home", "session.jsonl"] or not (
        tmp_path / name
    ).exists()


@pytest.mark.usefixtures("without_neurokit")
def test_a_report_is_for_its_owner_alone(file, tmp_path):
    out = tmp_path / "r.html"
    main(["report", str(file), "-o", str(out)])
    assert out.stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("without_neurokit")
def test_a_report_never_takes_the_place_of_a_recording(file, tmp_path, inputs, capsys):
    session = kept(tmp_path / "lived.html", inputs)
    before = session.read_bytes()
    assert main(["report", str(file), "-o", str(session)]) == 2
    assert "is the recording of a real session and stays" in capsys.readouterr().err
    assert session.read_bytes() == before


def test_review_without_a_screen_says_so(file, capsys, monkeypatch):
    monkeypatch.setattr("breathsync.cli.review.why_no_window", lambda: "no screen here")
    assert main(["review", str(file)]) == 2
    assert capsys.readouterr().err == "no screen here\n"


def test_history_shows_weeks_with_their_uncertainty(inputs, capsys):
    folder = defaults().recordings_folder
    lived(folder, "02T19:00:00+01:00", inputs, name="Willow-17")
    lived(folder, "10T19:00:00+01:00", inputs, name="Willow-17")
    assert main(["history", "Willow-17"]) == 0
    said = capsys.readouterr().out
    assert said.count(" ± ") == 2
    assert "2 Nov" in said and "9 Nov" in said
    assert "7.0 → 4.0" in said
    assert list(cache_folder().glob("*.npz"))


def test_history_of_nobody_yet_is_said_kindly(capsys):
    assert main(["history"]) == 0
    assert "yet" in capsys.readouterr().out


def test_history_asks_whose_where_there_are_several(capsys):
    lived(defaults().recordings_folder, "02T19:00:00+01:00", name="Willow-17")
    lived(defaults().recordings_folder, "03T19:00:00+01:00", name="Fern-4")
    assert main(["history"]) == 2
    assert "Fern-4, Willow-17" in capsys.readouterr().err


SIMULATED = (["practice", "--demo"], ["find-rhythm"], ["find-rhythm", "--demo"], ["demo"])


@pytest.mark.parametrize("command", SIMULATED, ids=" ".join)
def test_every_simulated_session_says_so_and_is_nobodys_practice(command, capsys, tmp_path):
    assert main([*command, "--no-screen", "--seconds", "1"]) == 0
    (file,) = library.kept(defaults().recordings_folder)
    origin = {"scenario": "first-session", "seed": 1}
    assert origin.items() <= RecordingReader(file).header.details.items()
    capsys.readouterr()
    assert main(["sessions"]) == 0
    assert "(simulated)" in " ".join(capsys.readouterr().out.split())
    for shown in (["info", str(file)], ["sessions", "show", library.session_id(file)]):
        assert main(shown) == 0
        assert "a simulated person, scenario first-session, seed 1" in capsys.readouterr().out
    page = tmp_path / "report.html"
    assert main(["report", str(file), "-o", str(page)]) == 0
    assert "a simulated person" in page.read_text(encoding="utf-8")
    assert main(["sessions", "rename", library.session_id(file), "Heron"]) == 0
    capsys.readouterr()
    assert main(["history"]) == 0
    assert "There is no practice of a person" in capsys.readouterr().out
    assert main(["history", "Heron"]) == 2
    assert "only sessions of simulated people bear this code name" in capsys.readouterr().err


def test_a_practice_on_a_simulated_heart_that_was_recorded_is_simulated_too(tmp_path):
    heart, file = tmp_path / "heart.jsonl", tmp_path / "practice.jsonl"
    assert main(["simulate", "-o", str(heart), "--seconds", "5"]) == 0
    assert main(["practice", "--replay", str(heart), "--no-screen", "--seconds", "1", "-o", str(file)]) == 0
    assert RecordingReader(file).header.simulated


def test_a_practice_that_a_person_does_alone_is_theirs(tmp_path):
    file = tmp_path / "practice.jsonl"
    options = ["--no-screen", "--seconds", "1", "--accept", "-o", str(file)]
    assert main(["practice", "--none", *options]) == 0
    assert not RecordingReader(file).header.simulated
    assert past_session(file) is not None
