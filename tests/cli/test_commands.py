"""The command line as its user meets it: what it does, and what it says when something is off."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from breathsync.cli import main
from breathsync.events import Marked
from breathsync.session.recorder import Recorder
from breathsync.session.recording import Header


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    file = tmp_path_factory.mktemp("cli") / "session.jsonl"
    assert main(["simulate", "-o", str(file), "--scenario", "steady-practice", "--seconds", "150"]) == 0
    return file


def run(*arguments, **options):
    """As in a shell: a process of its own, no display."""
    environment = {
        k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    command = [sys.executable, "-m", "breathsync", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, env=environment, **options
    )


def events(recording, tmp_path, *arguments):
    out = tmp_path / "events.jsonl"
    command = ["replay", str(recording), "--speed", "max", "--no-screen", "--events", str(out), *arguments]
    assert main(command) == 0
    return [json.loads(line) for line in out.read_text().splitlines()]


# --- what it does ---


def test_simulate_writes_a_recording_and_its_truth(recording, capsys):
    assert recording.exists() and recording.with_suffix(".truth.jsonl").exists()


def test_replay_writes_events_in_the_order_in_which_they_became_known(recording, tmp_path):
    found = events(recording, tmp_path)
    assert [e["at"] for e in found] == sorted(e["at"] for e in found)
    assert {"HeartRateMeasurement", "BeatHeard", "Beat", "HrvMetrics", "PacerStep", "RsaCycle"} <= {
        e["event"] for e in found
    }


def test_only_gives_only_what_was_asked_for(recording, tmp_path):
    assert {e["event"] for e in events(recording, tmp_path, "--only", "Beat,HrvMetrics")} == {
        "Beat",
        "HrvMetrics",
    }


def test_from_and_to_cut_the_output_and_compute_from_zero(recording, tmp_path):
    whole = events(recording, tmp_path)
    part = events(recording, tmp_path, "--from", "60", "--to", "90")
    assert [e for e in part if e["at"] < 90] == [e for e in whole if 60 <= e["at"] < 90]
    assert part[-1]["at"] == 90


def test_another_guide_can_be_laid_under_a_recording(recording, tmp_path):
    steps = events(recording, tmp_path, "--guide", "7.5", "--only", "PacerStep")
    assert {e["breaths_per_min"] for e in steps} == {7.5}
    paces = tmp_path / "guide.csv"
    paces.write_text("time_s,breaths_per_min\n0,10\n60,6\n")
    steps = events(recording, tmp_path, "--guide", str(paces), "--only", "PacerStep")
    assert {e["breaths_per_min"] for e in steps} == {10.0, 6.0}
    again = events(recording, tmp_path, "--guide", str(recording), "--only", "PacerStep")
    assert again == events(recording, tmp_path, "--only", "PacerStep")


def test_every_speed_gives_the_same_bytes(recording, tmp_path):
    """20 session seconds: at 10x they take two real ones."""
    outs = []
    for speed in ("10", "40", "max"):
        out = tmp_path / f"{speed}.jsonl"
        run("replay", recording, "--speed", speed, "--to", "20", "--no-screen", "--events", out)
        outs.append(out.read_bytes())
    assert len(outs[0].splitlines()) > 50
    assert outs[0] == outs[1] == outs[2]


def test_standard_output_holds_events_and_nothing_else(recording):
    done = run("replay", recording, "--speed", "max", "--events", "-", "--only", "Beat")
    assert done.returncode == 0
    assert {json.loads(line)["event"] for line in done.stdout.splitlines()} == {"Beat"}


def test_a_reader_that_has_seen_enough_ends_it_quietly(recording):
    replay = f"'{sys.executable}' -m breathsync replay '{recording}' --speed max --no-screen --events -"
    command = ["bash", "-c", f"{replay} | head -n 1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in done.stderr


def test_a_demo_goes_on_in_the_terminal_by_itself_and_says_how_to_get_the_window(empty_home):
    done = run("demo", "--seconds", "2")
    assert done.returncode == 0, done.stderr
    assert "no screen here" in done.stdout and "goes on in the terminal" in done.stdout
    assert "Kept:" in done.stdout
    kept = list(empty_home.rglob("*_demo.jsonl"))
    assert len(kept) == 1
    assert run("info", kept[0]).returncode == 0


def test_without_a_command_and_without_a_screen_the_manual_is_shown():
    done = run()
    assert done.returncode == 2
    assert "no screen here" in done.stderr and "goes on" not in done.stderr
    assert "simulate" in done.stdout


def test_info_says_what_is_in_a_recording(recording, capsys):
    assert main(["info", str(recording)]) == 0
    said = capsys.readouterr().out
    for words in ("02:30", "Polar H10 12345678", "heartbeats", "damaged lines", "steady-practice"):
        assert words in said


def test_info_alone_says_where_things_are(capsys):
    assert main(["info"]) == 0
    assert "recordings" in capsys.readouterr().out


def test_import_makes_a_recording_that_replays(tmp_path, capsys):
    source = tmp_path / "rr.txt"
    source.write_text("\n".join(str(800 + i % 40) for i in range(300)))
    out = tmp_path / "rr.jsonl"
    assert main(["import", str(source), "-o", str(out), "--code-name", "Willow"]) == 0
    said = capsys.readouterr().out
    assert "rr.txt: rr" in said and "300 heartbeats" in said
    found = events(out, tmp_path, "--only", "Beat")
    assert len(found) == 300
    assert {e["person"] for e in found} == {"Willow"}


def test_one_rr_a_second_is_pointed_out(tmp_path, capsys):
    source = tmp_path / "thin.csv"
    source.write_text("arrival_s,payload_hex\n" + "".join(f"{s},104b3303\n" for s in range(200)))
    assert main(["import", str(source), "-o", str(tmp_path / "thin.jsonl")]) == 0
    assert "some are missing" in capsys.readouterr().out


# --- help ---


@pytest.mark.parametrize("command", [[], ["demo"], ["simulate"], ["import"], ["replay"], ["info"]])
def test_help_reads_like_a_manual_page(command, capsys):
    with pytest.raises(SystemExit) as ended:
        main([*command, "--help"])
    said = capsys.readouterr().out
    assert ended.value.code == 0
    assert all(len(line) <= 110 for line in said.splitlines())
    assert "example" in said or not command


def test_every_scenario_is_in_the_manual(capsys):
    from breathsync.session.simulation import SCENARIOS

    with pytest.raises(SystemExit):
        main(["simulate", "--help"])
    said = capsys.readouterr().out
    assert all(f"  {name} " in said for name in SCENARIOS)


# --- what it says when something is off ---


def newer(tmp_path):
    file = tmp_path / "newer.jsonl"
    file.write_text('{"breathsync":"recording","format":99}\n')
    return file


def binary(tmp_path):
    file = tmp_path / "binary.jsonl"
    file.write_bytes(bytes(range(256)) * 20)
    return file


def empty(tmp_path):
    file = tmp_path / "empty.jsonl"
    file.touch()
    return file


def other(tmp_path):
    file = tmp_path / "other.csv"
    file.write_text("a,b\n1,2\n")
    return file


def seconds(tmp_path):
    file = tmp_path / "seconds.csv"
    file.write_text("rr_ms\n0.8\n0.81\n")
    return file


def negative(tmp_path):
    file = tmp_path / "negative.txt"
    file.write_text("800\n-5\n")
    return file


OFF = {
    "a missing file": (lambda d: ["replay", d / "no.jsonl"], "no such file"),
    "a folder": (lambda d: ["replay", d], "is a folder"),
    "an empty file": (lambda d: ["replay", empty(d)], "is empty"),
    "a binary file": (lambda d: ["info", binary(d)], "not a BreathSync recording"),
    "a newer format": (lambda d: ["info", newer(d)], "Update BreathSync"),
    "speed 0": (lambda d: ["replay", newer(d), "--speed", "0"], "not a speed"),
    "speed fast": (lambda d: ["replay", newer(d), "--speed", "fast"], "not a speed"),
    "speed nan": (lambda d: ["replay", newer(d), "--speed", "nan"], "not a speed"),
    "from -1": (lambda d: ["replay", newer(d), "--from", "-1"], "not a moment"),
    "from after to": (lambda d: ["replay", newer(d), "--from", "9", "--to", "3"], "lies after"),
    "an unknown event": (
        lambda d: ["replay", newer(d), "--events", d / "e", "--only", "Dance"],
        "no such event",
    ),
    "only without events": (lambda d: ["replay", newer(d), "--only", "Beat"], "--events"),
    "a recording to import": (lambda d: ["import", newer_ok(d), "-o", d / "x"], "already"),
    "a file twice": (lambda d: ["import", other(d), other(d), "-o", d / "x"], "given twice"),
    "seconds called milliseconds": (lambda d: ["import", seconds(d), "-o", d / "x"], "Add --unit s"),
    "a start beyond the end": (
        lambda d: ["replay", newer_ok(d), "--from", "99", "--speed", "max", "--no-screen"],
        "nothing would be left",
    ),
    "a seed in words": (lambda d: ["simulate", "-o", d / "x", "--seed", "seven"], "not a whole number"),
    "an unknown scenario": (lambda d: ["simulate", "-o", d / "x", "--scenario", "z"], "There are:"),
    "no seconds": (lambda d: ["demo", "--seconds", "0"], "above 0"),
    "endless seconds": (lambda d: ["simulate", "-o", d / "x", "--seconds", "inf"], "above 0"),
    "a full disk": (lambda d: ["simulate", "-o", "/dev/full", "--seconds", "5"], "disk is full"),
    "a folder as output": (lambda d: ["simulate", "-o", d], "is a folder"),
    "output below a file": (lambda d: ["simulate", "-o", empty(d) / "x"], "cannot be written"),
    "a negative RR": (lambda d: ["import", negative(d), "-o", d / "x"], "line 2: -5 ms is no RR"),
    "a missing column": (
        lambda d: ["import", other(d), "-o", d / "x", "--format", "rr"],
        "there is no column rr_ms",
    ),
    "too many formats": (
        lambda d: ["import", newer(d), "-o", d / "x", "--format", "rr", "--format", "ecg"],
        "Give it once",
    ),
    "an unknown format": (
        lambda d: ["import", newer(d), "-o", d / "x", "--format", "mp3"],
        "invalid choice",
    ),
    "no output": (lambda d: ["import", newer(d)], "required"),
    "an unknown command": (lambda d: ["dance"], "invalid choice"),
    "a guide that is none": (lambda d: ["replay", newer_ok(d), "--guide", "slowly"], "neither"),
    "a guide too quick": (lambda d: ["replay", newer_ok(d), "--guide", "60"], "outside"),
    "events over the recording": (
        lambda d: ["replay", newer_ok(d), "--events", d / "ok.jsonl", "--no-screen"],
        "both read and written",
    ),
    "events into a folder": (
        lambda d: ["replay", newer_ok(d), "--events", d, "--no-screen"],
        "cannot be written",
    ),
}


def newer_ok(tmp_path):
    file = tmp_path / "ok.jsonl"
    if not file.exists():
        recorder = Recorder(file, Header(made_by="import"))
        recorder.write(Marked(1.0))
        recorder.close()
    return file


@pytest.mark.parametrize(
    ("typed", "said", "manual"),
    [
        ("replay x --sped max", "not known here: --sped max", "breathsync replay"),
        ("words show --al", "not known here: --al", "breathsync words show"),
        ("--sped", "not known here: --sped", "breathsync"),
        ("repaly x", "there is no command repaly. Did you mean replay?", "breathsync"),
        ("sessions lst", "there is no command lst. Did you mean list?", "breathsync sessions"),
        ("--language de repaly x", "den Befehl repaly gibt es nicht. Meintest du replay?", "breathsync"),
        ("import x", "the following arguments are required: -o/--output", "breathsync import"),
        ("--language de import x", "es fehlt noch: -o/--output", "breathsync import"),
        ("--language de strap", "eins davon ist nötig: FILE --scenario", "breathsync strap"),
        (
            "--language de demo --no-screen --practitioner",
            "--practitioner: geht nicht zusammen mit --no-screen",
            "breathsync demo",
        ),
        ("--language de import x -o", "-o/--output: danach fehlt ein Wert", "breathsync import"),
        ("--language de demo --no-screen=1", "--no-screen: nimmt keinen Wert ('1')", "breathsync demo"),
        (
            "--language de practice --no",
            "--no kann jedes davon sein: --none, --no-listening, --no-screen",
            "breathsync practice",
        ),
        ("--language de replay x --sped", "hier nicht bekannt: --sped", "breathsync replay"),
    ],
)
def test_a_slip_is_answered_with_the_word_or_the_manual_that_was_meant(typed, said, manual, capsys):
    with pytest.raises(SystemExit) as ended:
        main(typed.split())
    assert ended.value.code == 2
    what, where = capsys.readouterr().err.splitlines()
    assert what == f"{manual}: {said}"
    assert where in (f"Try: {manual} --help", f"Versuch: {manual} --help")


@pytest.mark.parametrize("what", OFF)
@pytest.mark.skipif(sys.platform == "win32", reason="/dev/full is a device of Linux")
def test_what_is_off_is_said_in_a_line_or_two_with_exit_code_2(what, tmp_path, capsys):
    make, words = OFF[what]
    try:
        code = main([str(argument) for argument in make(tmp_path)])
    except SystemExit as ended:
        code = ended.code
    said = capsys.readouterr().err
    assert code == 2
    assert words in said
    assert 1 <= len(said.strip().splitlines()) <= 2
    assert "Traceback" not in said


@pytest.mark.parametrize("command", ["info", "replay --speed max --no-screen --events -"])
@pytest.mark.skipif(sys.platform == "win32", reason="/dev/full is a device of Linux")
def test_what_is_printed_onto_a_full_disk_is_said(command, recording):
    with Path("/dev/full").open("w") as full:
        program = [sys.executable, "-m", "breathsync", *command.split(), str(recording)]
        result = subprocess.run(program, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert result.returncode == 2
    assert "standard output cannot be written: the disk is full" in result.stderr
    assert "Traceback" not in result.stderr


def test_damaged_lines_are_said_and_the_rest_is_played(recording, tmp_path, capsys):
    damaged = tmp_path / "damaged.jsonl"
    lines = recording.read_bytes().splitlines(keepends=True)
    lines[10] = b"{torn\n"
    damaged.write_bytes(b"".join(lines))
    assert len(events(damaged, tmp_path)) > 100
    assert "Damaged lines left out: 1." in capsys.readouterr().err
    assert main(["info", str(damaged)]) == 0
    assert "the first in line 11" in capsys.readouterr().out


def lived(file, head=lambda line: line):
    """A recording as every session makes it, live, a practice or a demo; its first line changed."""
    recorder = Recorder(file, Header())
    recorder.write(Marked(1.0))
    recorder.close()
    first, rest = file.read_bytes().split(b"\n", 1)
    file.write_bytes(head(first) + b"\n" + rest)
    return file.read_bytes()


WAYS = {"simulate": ["simulate", "--seconds", "5"], "import": ["import", "rr.txt"]}


@pytest.mark.parametrize(
    "head",
    [
        lambda line: line,
        lambda line: line[:20] + b"\0\0" + line[22:],
        lambda line: line.replace(b'"format":1', b'"format":99'),
    ],
    ids=["whole", "damaged", "newer"],
)
@pytest.mark.parametrize("way", WAYS)
def test_a_recording_of_a_real_session_is_never_replaced(way, head, imported, capsys):
    before = lived(Path("live.jsonl"), head)
    for language, words in (("en", "stays"), ("de", "bleibt")):
        assert main(["--language", language, *WAYS[way], "-o", "live.jsonl"]) == 2
        assert words in capsys.readouterr().err
    assert Path("live.jsonl").read_bytes() == before
    assert not list(Path().glob("*.part"))


def test_nor_is_it_replaced_by_the_truth_of_a_simulation(imported, capsys):
    before = lived(Path("s.truth.jsonl"))
    assert main(["simulate", "--seconds", "5", "-o", "s.jsonl"]) == 2
    assert "s.truth.jsonl" in capsys.readouterr().err
    assert Path("s.truth.jsonl").read_bytes() == before and not Path("s.jsonl").exists()


@pytest.mark.parametrize("way", WAYS)
def test_what_can_be_made_again_in_the_same_way_is_replaced(way, imported, tmp_path):
    (tmp_path / "out.jsonl").write_bytes(b"")
    for _ in range(2):
        assert main([*WAYS[way], "-o", "out.jsonl"]) == 0


def test_an_import_that_breaks_off_leaves_what_was_there(tmp_path):
    out = tmp_path / "out.jsonl"
    assert main(["simulate", "-o", str(out), "--seconds", "5"]) == 0
    before = out.read_bytes()
    assert main(["import", str(negative(tmp_path)), "-o", str(out)]) == 2
    assert out.read_bytes() == before
    assert not list(tmp_path.glob("*.part"))


def test_settings_that_cannot_be_read_are_said(empty_home, capsys):
    from breathsync.settings import settings_file

    settings_file().parent.mkdir(parents=True)
    settings_file().write_text("theme = 3\n")
    assert main(["info"]) == 2
    assert "theme" in capsys.readouterr().err


def test_a_simulation_into_a_device_leaves_no_truth_beside_it(capsys):
    assert main(["simulate", "-o", os.devnull, "--seconds", "20"]) == 0
    assert "truth" not in capsys.readouterr().out


def test_a_folder_that_takes_no_recording_is_said_with_the_setting_that_changes_it(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    result = run("demo", "--no-screen", "--seconds", "2")
    assert result.returncode == 2
    assert "recordings_folder" in result.stderr and "Traceback" not in result.stderr


def test_intervals_cover_no_more_than_all_of_the_time(tmp_path, capsys):
    rows = "".join(f"{0.9 + 0.875 * n:.3f},900\n" for n in range(60))
    (tmp_path / "rr.csv").write_text("beat_time_s,rr_ms\n" + rows)
    made = str(tmp_path / "rr.jsonl")
    assert main(["import", str(tmp_path / "rr.csv"), "-o", made]) == 0
    capsys.readouterr()
    assert main(["info", made]) == 0
    assert "100 % of the time" in capsys.readouterr().out


WRITES = [
    "live", "practice", "find-rhythm", "simulate", "import rr.txt", "export rr.jsonl --to rr",
    "export rr.jsonl --to bids", "analyze .", "report rr.jsonl",
]  # fmt: skip


@pytest.mark.parametrize("command", [*(f"{words} -o" for words in WRITES), "replay rr.jsonl --events"])
def test_no_command_makes_a_folder_that_a_path_names_by_mistake(command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main([*command.split(), "mised/out.html"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "there is no folder mised. Make it first" in said
    assert not Path("mised").exists()


@pytest.mark.parametrize("typed", ["dance", "export x --to mp3", "sessions dance"])
def test_what_is_not_to_be_chosen_is_said_in_the_language_chosen(typed, capsys):
    with pytest.raises(SystemExit):
        main(["--language", "de", *typed.split()])
    said = capsys.readouterr().err.splitlines()[0]
    assert "steht nicht zur Wahl (möglich ist: " in said and "choice" not in said


# --- what is there already ---


@pytest.fixture
def imported(tmp_path, monkeypatch):
    """A person's own `rr.txt`, and the recording that it became, in the folder that one works in."""
    monkeypatch.chdir(tmp_path)
    Path("rr.txt").write_text("rr_ms\n" + "850\n" * 40)
    assert main(["import", "rr.txt", "-o", "rr.jsonl"]) == 0
    return Path("rr.jsonl")


@pytest.mark.parametrize("language", ["en", "de"])
def test_an_export_leaves_the_file_that_a_recording_came_from(imported, capsys, language):
    before = Path("rr.txt").read_bytes()
    assert main(["--language", language, "export", "rr.jsonl", "--to", "rr"]) == 2
    assert Path("rr.txt").read_bytes() == before
    said = capsys.readouterr().err
    assert {"en": "is there already", "de": "gibt es schon"}[language] in said and "-o" in said
    assert len(said.splitlines()) == 1


def test_an_export_goes_over_a_file_that_was_named(imported):
    assert main(["export", "rr.jsonl", "--to", "rr", "-o", "mine.txt"]) == 0
    Path("mine.txt").write_text("older\n")
    assert main(["export", "rr.jsonl", "--to", "rr", "-o", "mine.txt"]) == 0
    assert Path("mine.txt").read_text().splitlines()[-1] == "850"


@pytest.mark.parametrize("to", ["csv", "bids", "hrvlogger"])
@pytest.mark.parametrize("named", [[], ["-o", "study"]])
def test_two_exports_are_never_mixed_in_a_folder(imported, capsys, to, named):
    export = ["export", "rr.jsonl", "--to", to, "--deidentified", *named]
    place = Path("study" if named else f"deidentified_{to}")
    place.mkdir()
    assert main(export) == 0  # an empty folder is free
    before = {file: file.read_bytes() for file in place.rglob("*") if file.is_file()}
    assert before
    capsys.readouterr()
    assert main(export) == 2
    assert "is there already" in capsys.readouterr().err
    assert {file: file.read_bytes() for file in place.rglob("*") if file.is_file()} == before
