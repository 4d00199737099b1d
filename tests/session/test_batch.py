"""Many recordings become one table: every recording once, whatever happens on the way."""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.helpers import connected, one_by_one

from breathsync.cli import main
from breathsync.events import StepStarted
from breathsync.session.batch.rows import COLUMNS, rows_of
from breathsync.session.batch.run import analyse_all, recordings_in
from breathsync.session.batch.table import TableWriter, whole_recordings
from breathsync.session.recorder import made_recording
from breathsync.session.recording import Header

RECORDINGS = Path(__file__).parents[2] / "recordings"


@pytest.fixture(scope="module")
def practice(tmp_path_factory):
    """Ten minutes of guided practice."""
    file = tmp_path_factory.mktemp("batch") / "practice.jsonl"
    assert main(["simulate", "-o", str(file), "--scenario", "steady-practice"]) == 0
    return file


@pytest.fixture
def folder(tmp_path):
    """Six short recordings, one of them unreadable, and a truth that is no recording."""
    place = tmp_path / "study"
    (place / "deeper").mkdir(parents=True)
    for name in ("a", "b", "c", "deeper/d"):
        shutil.copy(RECORDINGS / "teen.jsonl", place / f"{name}.jsonl")
    shutil.copy(RECORDINGS / "teen.truth.jsonl", place / "a.truth.jsonl")
    (place / "e.jsonl").write_text("no recording\n")
    with made_recording(place / "f.jsonl", Header()) as recorder:
        recorder.write(connected())
        recorder.end(60.0)
    return place


def table_of(file):
    with file.open(newline="") as handle:
        return list(csv.DictReader(handle))


def analysed(files, out, resume=False, **options):
    analyse_all(files, TableWriter(out, resume=resume), **{"jobs": 1, **options})
    return table_of(out)


def compiled():
    """An environment in which workers need not compile their libraries each time."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


# --- the rows ---


def test_each_step_has_a_row_with_its_measures_and_reasons(practice):
    rows = rows_of(practice)
    assert [row["step_kind"] for row in rows] == [
        "arrive",
        "notice",
        "slow_down",
        "steady",
        "let_go",
        "reflect",
    ]
    assert [row["row"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert all(0 < row["coverage"] <= 1 for row in rows), "a share of time"
    steady = rows[3]
    assert steady["guide_per_min"] == pytest.approx(6.0)
    assert steady["swing_bpm"] > 5 and 0 < steady["swing_error_bpm"] < 1
    assert steady["rmssd_ms"] > 20 and steady["sdnn_ms"] > steady["rmssd_ms"]
    assert steady["variability_withheld"] is None
    assert "no_run_long_enough: lf_ms2 lf_peak_hz" in steady["missing"]
    assert "no_guide: guide_per_min" in rows[1]["missing"] and "swing_bpm" not in rows[1]
    assert rows[0]["variability_withheld"] == "too_short" and rows[0]["rmssd_ms"] is None
    assert all(row["breathsync"] and row["python"] and row["numpy"] for row in rows)


@pytest.mark.parametrize(("language", "name"), [("en", "Soothing rhythm"), ("de", "Beruhigender Rhythmus")])
def test_practices_are_named_in_the_language_chosen(folder, tmp_path, language, name):
    out = tmp_path / "t.csv"
    file = str(folder / "a.jsonl")
    assert main(["--language", language, "analyze", file, "-o", str(out), "--jobs", "1"]) == 0
    rows = table_of(out)
    assert {row["practice"] for row in rows} == {name}


def test_a_step_knows_the_same_as_the_live_session(practice):
    """Over the steady step, the mean of clean breaths' swing is what the screen showed breath by breath."""
    from tests.helpers import heard, only

    from breathsync.events import RsaCycle, Synchrony
    from breathsync.session.replay import RecordingReader

    inputs = list(RecordingReader(practice).inputs())
    start = next(e.time for e in inputs if isinstance(e, StepStarted) and e.step_kind == "steady")
    end = next(e.time for e in inputs if isinstance(e, StepStarted) and e.step_kind == "let_go")
    cycles = [c for c in only(RsaCycle, heard(inputs[:-1])) if start < c.time <= end and c.clean]
    row = next(row for row in rows_of(practice) if row["step_kind"] == "steady")
    assert row["swing_bpm"] == pytest.approx(sum(c.swing_bpm for c in cycles) / len(cycles))
    assert row["breaths_clean"] == len(cycles)
    synchronies = [s for s in only(Synchrony, heard(inputs[:-1])) if start < s.time <= end]
    assert row["lag_turns"] == pytest.approx(synchronies[-1].lag_turns, abs=0.05)
    assert 0.9 < row["steadiness"] <= 1 and "lag_turns" not in row["missing"]


def test_without_steps_the_whole_recording_is_one_row(tmp_path):
    file = tmp_path / "r.jsonl"
    with made_recording(file, Header(code_name="Heron", made_by="import")) as recorder:
        for event in [connected(), *one_by_one([850 + i % 40 for i in range(400)])]:
            recorder.write(event)
        recorder.end(360.0)
    (row,) = rows_of(file)
    assert row["code_name"] == "Heron" and row["strap"] == "Polar H10"
    assert row["beats"] == 400 and row["rmssd_ms"] and row["lf_ms2"] is not None
    assert row["missing"].startswith("no_guide")


def test_a_row_of_a_simulated_person_says_so_however_it_was_recorded(tmp_path):
    file = tmp_path / "demo.jsonl"
    with made_recording(file, Header(details={"scenario": "first-session", "seed": 1})) as recorder:
        recorder.end(1.0)
    assert [row["made_by"] for row in rows_of(file)] == ["simulator"]


def test_what_is_too_irregular_is_withheld_with_the_reason(tmp_path):
    import random

    rng = random.Random(4)
    file = tmp_path / "r.jsonl"
    with made_recording(file, Header(made_by="import")) as recorder:
        for event in one_by_one([rng.randint(420, 1250) for _ in range(300)]):
            recorder.write(event)
        recorder.end(300.0)
    (row,) = rows_of(file)
    assert row["rmssd_ms"] is None and row["variability_withheld"]
    assert row["heart_rate_bpm"] is not None


# --- the run ---


def test_folders_are_searched_and_truths_left_out(folder):
    names = [str(file.relative_to(folder)) for file in recordings_in([folder, folder / "a.jsonl"])]
    assert names == ["a.jsonl", "b.jsonl", "c.jsonl", "e.jsonl", "f.jsonl", "deeper/d.jsonl"]


def test_an_unreadable_recording_costs_one_row(folder, tmp_path, capsys):
    out = tmp_path / "t.csv"
    assert main(["analyze", str(folder), "-o", str(out), "--jobs", "1"]) == 0
    assert "could not be measured: 2" in capsys.readouterr().out
    problems = {Path(row["recording"]).name: row["problem"] for row in table_of(out) if row["problem"]}
    assert problems == {"e.jsonl": "not_a_recording", "f.jsonl": "no_heartbeats"}
    assert main(["analyze", str(folder), "-o", str(out), "--jobs", "1", "--resume"]) == 0
    said = capsys.readouterr().out
    assert "0 new rows" in said and "could not be measured: 2" in said


@pytest.mark.parametrize("cut", [0, 1, 40, 400, 1500, 2500])
def test_a_table_that_was_cut_off_is_gone_on_with(folder, tmp_path, cut):
    out, files = tmp_path / "t.csv", recordings_in([folder])
    whole = analysed(files, out)
    data = out.read_bytes()
    header = data.index(b"\n") + 1
    out.write_bytes(data[: max(header, len(data) - cut)])
    measured = []
    table = TableWriter(out, resume=True)
    assert len(table.done) < len(files) or cut == 0
    analyse_all(files, table, jobs=1, progress=measured.append)
    assert len(measured) == len(files) - len(table.done)
    assert sorted(map(str, table_of(out))) == sorted(map(str, whole))


def test_a_run_that_was_stopped_keeps_what_it_had(folder, tmp_path):
    out, files = tmp_path / "t.csv", recordings_in([folder])

    def stop_after_three(_rows, seen=[]):  # noqa: B006
        seen.append(1)
        if len(seen) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        analysed(files, out, progress=stop_after_three)
    assert len(list(whole_recordings(out))) == 3
    rows = analysed(files, out, resume=True)
    assert {row["recording"] for row in rows} == set(map(str, files))
    assert len({(row["recording"], row["row"]) for row in rows}) == len(rows)


def test_parquet_keeps_the_types(folder, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    out = tmp_path / "t.parquet"
    assert main(["analyze", str(folder), "-o", str(out), "--jobs", "1"]) == 0
    table = parquet.read_table(out)
    assert tuple(table.column_names) == COLUMNS
    assert str(table.schema.field("rmssd_ms").type) == "double"
    assert str(table.schema.field("beats").type) == "int64"
    assert {Path(name).name for name in table.column("recording").to_pylist()} == {
        f"{letter}.jsonl" for letter in "abcdef"
    }
    assert not list(tmp_path.glob("*.rows.csv"))


def test_pandas_reads_the_table(practice, tmp_path):
    pandas = pytest.importorskip("pandas")
    analysed([practice], tmp_path / "t.csv")
    frame = pandas.read_csv(tmp_path / "t.csv")
    assert frame.set_index("step_kind").swing_bpm.notna().to_dict()["steady"]


CLUSTER = """
import json, os, signal, sys
from pathlib import Path
from distributed import LocalCluster
from breathsync.session.batch.run import analyse_all, recordings_in
from breathsync.session.batch.table import TableWriter

def main():
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    files = recordings_in([folder])
    quiet = {"dashboard_address": None, "silence_logs": 50}
    with LocalCluster(n_workers=2, threads_per_worker=1, **quiet) as cluster:
        first = next(iter(cluster.workers.values())).pid
        seen = []
        def kill_half_way(rows):
            seen.append(rows)
            if len(seen) == len(files) // 2:
                os.kill(first, signal.SIGKILL)
        analyse_all(files, TableWriter(out, resume=False), jobs=2, cluster=cluster.scheduler_address,
                    progress=kill_half_way)
        print(json.dumps({"rows": len(seen), "files": len(files)}))

if __name__ == "__main__":
    main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a signal that kills")
def test_on_a_cluster_every_recording_comes_once_though_a_worker_is_killed(tmp_path):
    pytest.importorskip("distributed")
    folder, script = tmp_path / "study", tmp_path / "run.py"
    folder.mkdir()
    for number in range(16):
        shutil.copy(RECORDINGS / "teen.jsonl", folder / f"{number:02}.jsonl")
    script.write_text(CLUSTER)
    out = tmp_path / "t.csv"
    command = [sys.executable, str(script), str(folder), str(out)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=compiled())
    assert run.returncode == 0, run.stderr[-2000:]
    assert json.loads(run.stdout) == {"rows": 16, "files": 16}
    rows = table_of(out)
    assert sorted({row["recording"] for row in rows}) == sorted(map(str, folder.iterdir()))
    assert len({(row["recording"], row["row"]) for row in rows}) == len(rows)
    assert not any(row["problem"] for row in rows)


# --- what is off ---


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["{d}"], "there are no recordings"),
        (["{d}/nix"], "there is no such file"),
        (["{r}", "{d}/nix.jsonl"], "nix.jsonl: there is no such file"),
        (["{d}/no.jsonl", "--jobs", "none"], "not a number of jobs"),
        (["{r}", "--cluster", "nowhere"], "no scheduler answers"),
        (["{r}", "-o", "{d}/other.csv", "--resume"], "is another table"),
        (["{r}", "-o", "{d}"], "is a folder"),
    ],
)
def test_what_is_off_is_said(tmp_path, capsys, arguments, words):
    pytest.importorskip("distributed")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    filled = [a.format(d=tmp_path, r=RECORDINGS / "teen.jsonl") for a in arguments]
    if "-o" not in filled:
        filled += ["-o", str(tmp_path / "out.csv")]
    assert main(["analyze", *filled]) == 2
    said = capsys.readouterr().err
    assert words in said and len(said.strip().splitlines()) <= 2
