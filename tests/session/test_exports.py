"""What goes out comes back the same, and tools that others wrote read it."""

import csv
import gzip
import json
import warnings
from pathlib import Path

import numpy as np
import pytest
from tests.helpers import connected, heard, one_by_one, only, placed

from breathsync.cli import main
from breathsync.devices import profiles
from breathsync.devices.decoder import Decoder
from breathsync.errors import OutputFileError
from breathsync.events import EcgSamples, Flaw, HeartRateMeasurement, Noted, RrIntervals, Samples
from breathsync.session.exports.content import read_content
from breathsync.session.exports.export import FORMATS, default_output, export
from breathsync.session.imports.recognise import inputs_of, recognise
from breathsync.session.pipeline import Pipeline
from breathsync.session.recorder import MadeRecording, made_recording
from breathsync.session.recording import Header
from breathsync.session.replay import RecordingReader

RECORDINGS = Path(__file__).parents[2] / "recordings"
ECG = RECORDINGS / "ecg-practice.jsonl"
PATCHY = RECORDINGS / "patchy-signal.jsonl"
TICK_MS = 1000 / 1024


def recorded(file, inputs, **header) -> Path:
    with made_recording(file, Header(made_by="import", **header)) as recorder:
        assert isinstance(recorder, MadeRecording)
        last_s = 0.0
        for event in inputs:
            recorder.write(event)
            last_s = event.time
        recorder.end(last_s)
    return file


def decoded(recording) -> list:
    stage = Pipeline([Decoder(profiles.load_all())])
    return heard(list(RecordingReader(recording).inputs())[:-1], stage)


def sent_rr(recording) -> list[float]:
    """The intervals that the strap sent, each as often as it came."""
    found = decoded(recording)
    return [rr for event in only(HeartRateMeasurement, found) for rr in event.rr_ms]


def sent_ecg(recording) -> list[float]:
    found = decoded(recording)
    return [value for event in only(EcgSamples, found) for value in event.microvolts]


def imported(file, **options):
    return list(inputs_of([recognise(file)], **options))


def rr_of(inputs) -> list[float]:
    return [rr for event in inputs if isinstance(event, RrIntervals) for rr in event.rr_ms]


def ecg_of(inputs) -> list[float]:
    return [v for e in inputs if isinstance(e, Samples) and e.channel == "ecg" for v in e.values]


def ticks(rr_ms) -> list[int]:
    found = [rr / TICK_MS for rr in rr_ms]
    assert np.allclose(found, np.rint(found), atol=1e-6)
    return np.rint(found).astype(int).tolist()


# --- there and back ---


@pytest.mark.parametrize("to", ["rr", "kubios", "csv", "hrvlogger", "edf"])
def test_rr_comes_back_to_the_tick(to, tmp_path):
    if to == "edf":
        pytest.importorskip("edfio")
    files = export(RECORDINGS / "steady-practice.jsonl", to, tmp_path / "out")
    back = rr_of(imported(files[0]))
    assert ticks(back) == ticks(sent_rr(RECORDINGS / "steady-practice.jsonl"))


def test_what_was_delivered_twice_goes_out_once_and_gaps_come_back(tmp_path):
    packets = one_by_one([850] * 60)
    twice = [*packets[:20], packets[19], *packets[20:]]
    lost = [*twice[:25], *twice[28:]]
    recording = recorded(tmp_path / "r.jsonl", [connected(name=None), *lost])
    table = export(recording, "csv", tmp_path / "out")[0]
    flaws = [row["flaw"] for row in csv.DictReader(table.read_text().splitlines())]
    assert flaws.count("DUPLICATE") == 1
    back = imported(table)
    assert len(rr_of(back)) == 57
    beats = read_content(recorded(tmp_path / "back.jsonl", back)).beats
    assert [beat.flaw for beat in beats].count(Flaw.GAP) == 1


@pytest.mark.parametrize("to", ["csv", "edf"])
def test_ecg_comes_back_without_loss(to, tmp_path):
    if to == "edf":
        pytest.importorskip("edfio")
    files = export(ECG, to, tmp_path / "out")
    file = next(f for f in files if f.name in ("ecg.csv", "out"))
    back = imported(file)
    assert ecg_of(back) == sent_ecg(ECG)
    first = next(e for e in back if isinstance(e, Samples) and e.channel == "ecg")
    assert first.rate_hz == pytest.approx(130.16, rel=1e-3)


def holed_ecg() -> list[Samples]:
    """Ten seconds of ECG, three seconds of nothing, ten more."""
    wave = [round(700 * np.exp(-(((i % 100) - 40) ** 2) / 20)) + i % 7 for i in range(1000)]
    frames = []
    for start, offset in ((0, 0.0), (500, 3.0)):
        for i in range(start, start + 500, 50):
            frames.append(
                Samples(round((i + 49) / 50 + offset, 6), "s", "ecg", 50.0, "uV", tuple(wave[i : i + 50]))
            )
    return frames


@pytest.mark.parametrize("to", ["csv", "edf"])
def test_a_hole_in_the_ecg_is_still_one(to, tmp_path):
    if to == "edf":
        pytest.importorskip("edfio")
    recording = recorded(tmp_path / "r.jsonl", holed_ecg())
    files = export(recording, to, tmp_path / "out")
    back = imported(next(f for f in files if f.name in ("ecg.csv", "out")))
    values = [v for e in holed_ecg() for v in e.values]
    assert ecg_of(back) == values
    found = heard(back)
    assert [round(e.time) for e in only(EcgSamples, found) if e.after_gap] == [0, 13]


def test_ecg_of_any_scale_keeps_every_level(tmp_path):
    pytest.importorskip("edfio")
    levels = np.random.default_rng(1).integers(-2000, 2000, 1500)
    wave = tuple((levels * 0.0031 + 0.4).tolist())  # mV
    recording = recorded(tmp_path / "r.jsonl", [Samples(5.996, "s", "ecg", 250.0, "mV", wave)])
    back = np.array(ecg_of(imported(export(recording, "edf", tmp_path / "out.edf")[0])))
    assert np.abs(back - np.array(wave) * 1000).max() < 0.05 * 3.1  # a twentieth of a level


def test_a_copy_is_the_recording_byte_for_byte(tmp_path):
    copy = export(PATCHY, "jsonl", tmp_path / "copy.jsonl")[0]
    assert copy.read_bytes() == PATCHY.read_bytes()


# --- other people's tools ---


def test_pandas_reads_every_table(tmp_path):
    pandas = pytest.importorskip("pandas")
    files = export(ECG, "csv", tmp_path / "out")
    tables = {file.stem: pandas.read_csv(file) for file in files}
    assert set(tables) == {"rr", "beats", "ecg", "acc", "events"}
    assert tables["rr"].rr_ms.tolist() == pytest.approx(sent_rr(ECG))
    assert tables["ecg"].ecg_uv.tolist() == sent_ecg(ECG)
    steps = np.diff(tables["ecg"].time_s)
    assert np.abs(steps - 1 / 130.16).max() < 2e-5
    assert list(tables["acc"].columns) == ["time_s", "x_mg", "y_mg", "z_mg"]


def test_neurokit_takes_our_rr(tmp_path):
    nk = pytest.importorskip("neurokit2")
    from breathsync.heart import hrv

    rr = np.loadtxt(export(RECORDINGS / "steady-practice.jsonl", "rr", tmp_path / "rr.txt")[0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = nk.hrv_time(nk.intervals_to_peaks(rr, sampling_rate=1000), sampling_rate=1000)
    assert float(theirs.HRV_RMSSD.iloc[0]) == pytest.approx(hrv.rmssd(np.diff(rr)), rel=0.01)


def test_pyedflib_and_mne_read_our_edf(tmp_path):
    pyedflib = pytest.importorskip("pyedflib")
    mne = pytest.importorskip("mne")
    pytest.importorskip("edfio")
    file = export(ECG, "edf", tmp_path / "out.edf")[0]
    ours = sent_ecg(ECG)
    with pyedflib.EdfReader(str(file)) as edf:
        assert edf.getSignalLabels()[:2] == ["ECG", "Acc X"]
        values = edf.readSignal(0)
        words = edf.readAnnotations()[2]
        first = round(edf.getSampleFrequency(0) * read_content(ECG).signals[0].pieces[0].start_s)
    assert values[first : first + len(ours)].tolist() == ours
    assert sum(w.startswith("beat rr_ms=") for w in words) == len(sent_rr(ECG))
    raw = mne.io.read_raw_edf(file, include=["ECG"], verbose="error")
    micro = 1e6 * raw.get_data()[0]
    assert len(raw.annotations) == len(words)
    assert np.abs(micro[first : first + len(ours)] - ours).max() < 1e-6


def test_a_bids_folder_has_names_and_tables_after_the_standard(tmp_path):
    validator = pytest.importorskip("bids_validator").BIDSValidator()
    pandas = pytest.importorskip("pandas")
    folder = tmp_path / "study"
    files = export(ECG, "bids", folder)
    assert all(validator.is_bids(f"/{file.relative_to(folder).as_posix()}") for file in files)
    physio = next(f for f in files if f.name.endswith("recording-ecg_physio.tsv.gz"))
    about = json.loads(physio.with_name(physio.name.replace(".tsv.gz", ".json")).read_text())
    table = pandas.read_csv(physio, sep="\t", header=None, names=about["Columns"])
    assert table.ecg_uv.tolist() == sent_ecg(ECG)
    assert about["SamplingFrequency"] == pytest.approx(130.16, rel=1e-3)
    events = pandas.read_csv(next(f for f in files if f.name.endswith("_events.tsv")), sep="\t")
    assert events[events.trial_type == "beat"].rr_ms.tolist() == pytest.approx(sent_rr(ECG))
    assert events.onset.is_monotonic_increasing


# --- what nobody is to read ---

SECRETS = (
    "Rosalind",
    "AB12CD34",
    "Ada",
    "Quill",
    "St Mary",
    "2026-11",
    "20261122",
    "NOV",
    "AA:BB:CC",
    "10:04",
)
ADDRESS = bytes.fromhex("aabbccddeeff")


def telling_recording(tmp_path) -> Path:
    """An ECG session in which everything that could tell whose it is stands somewhere."""
    from dataclasses import replace

    from breathsync.devices import polar
    from breathsync.events import CueShown, Marked, Notification, StepStarted, StrapStatus

    stamp = 849_000_000_000_000_000  # ns since 2000: in November 2026
    inputs = []
    for event in list(RecordingReader(ECG).inputs())[:-1]:
        if isinstance(event, StrapStatus):
            event = replace(event, name="Polar H10 AB12CD34", reason="AA:BB:CC:DD:EE:FF")
        if isinstance(event, Notification) and event.characteristic == polar.DATA:
            frame = event.payload
            moved = int.from_bytes(frame[1:9], "little") + stamp
            event = replace(event, payload=frame[:1] + moved.to_bytes(8, "little") + frame[9:])
        if hasattr(event, "source"):
            event = replace(event, source="AA:BB:CC:DD:EE:FF")
        inputs.append(event)
    inputs += [
        Notification(59.0, "AA:BB:CC:DD:EE:FF", "2a25", b"AB12CD34"),
        Notification(59.0, "AA:BB:CC:DD:EE:FF", "2a23", ADDRESS),
        StepStarted(59.0, "Dr Quill's practice", 0, 1, "steady", "With Dr Quill"),
        CueShown(59.1, "Breathe, Ada"),
        Marked(59.2, "Ada laughed"),
        Noted(59.3, "I thought of St Mary's on 22-NOV-2026, 20261122"),
    ]
    return recorded(
        tmp_path / "2026-11-22_100400_Rosalind.jsonl",
        sorted(inputs, key=lambda e: e.time),
        started_at="2026-11-22T10:04:05+01:00",
        code_name="Rosalind",
        details={"address": "AA:BB:CC:DD:EE:FF"},
    )


def every_byte(place: Path) -> bytes:
    """Names and contents of all files, also of what is packed or written in base64."""
    found = b""
    for file in sorted(place.rglob("*")):
        found += str(file.relative_to(place)).encode() + b"\n"
        if file.is_file():
            data = file.read_bytes()
            found += gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    return found


@pytest.mark.parametrize("to", FORMATS)
def test_deidentified_not_one_byte_tells_who_it_was(to, tmp_path, monkeypatch):
    if to == "edf":
        pytest.importorskip("edfio")
    recording = telling_recording(tmp_path)
    out = tmp_path / "out"
    out.mkdir()
    monkeypatch.chdir(out)
    export(recording, to, default_output(recording, to, deidentify=True), deidentify=True)
    data = every_byte(out)
    assert len(data) > 500
    if to == "jsonl":
        payloads = [getattr(e, "payload", b"") for e in RecordingReader(next(out.iterdir())).inputs()]
        data += b"\n".join(payloads)
        stamps = [int.from_bytes(p[1:9], "little") for p in payloads if p[:1] in (b"\x00", b"\x02")]
        assert max(stamps) < 200e9, "the strap's clock tells the date"
    for secret in SECRETS:
        for encoded in (secret.encode(), secret.encode("utf-16-le"), secret.lower().encode()):
            assert encoded not in data, secret
    assert ADDRESS not in data and ADDRESS[::-1] not in data
    if to not in ("rr", "csv", "hrvlogger"):
        assert b"Polar H10" in data or b"Polar_H10" in data, "the kind of strap may be known"


def test_the_same_secrets_are_found_where_nothing_was_taken_out(tmp_path):
    """The test above could not be passed by looking in the wrong place."""
    recording = telling_recording(tmp_path)
    export(recording, "jsonl", tmp_path / "out" / "copy.jsonl")
    data = every_byte(tmp_path / "out")
    assert all(secret.encode() in data for secret in SECRETS if secret != "AB12CD34")


def test_deidentified_says_the_same_of_the_heart(tmp_path):
    recording = telling_recording(tmp_path)
    clean = export(recording, "jsonl", tmp_path / "clean.jsonl", deidentify=True)[0]
    before, after = read_content(recording), read_content(clean)
    assert [b.flaw for b in after.beats] == [b.flaw for b in before.beats]
    assert [b.time for b in after.beats] == pytest.approx([b.time for b in before.beats], abs=1e-6)
    assert after.intervals == before.intervals
    assert np.array_equal(after.signals[0].pieces[0].values, before.signals[0].pieces[0].values)


# --- what is in the way ---


def test_a_recording_without_heartbeats_has_no_rr_to_write(tmp_path):
    recording = recorded(tmp_path / "r.jsonl", [connected()])
    with pytest.raises(OutputFileError) as caught:
        export(recording, "rr", tmp_path / "rr.txt")
    assert caught.value.code == "nothing_to_export"
    assert not (tmp_path / "rr.txt").exists()
    export(recording, "csv", tmp_path / "out")


def test_an_export_never_replaces_a_real_session(tmp_path):
    lived = tmp_path / "lived.jsonl"
    lived.write_text('{"breathsync":"recording","format":1,"made_by":"live"}\n')
    recording = recorded(tmp_path / "r.jsonl", placed([1.0, 1.8], [800, 800]))
    with pytest.raises(OutputFileError) as caught:
        export(recording, "rr", lived)
    assert caught.value.code == "would_replace_session"
    assert lived.read_text().startswith('{"breathsync"')


def test_exports_are_for_their_owner_alone(tmp_path):
    for file in export(ECG, "csv", tmp_path / "out"):
        assert file.stat().st_mode & 0o077 == 0
    assert (tmp_path / "out").stat().st_mode & 0o077 == 0


def test_deidentified_a_simulated_session_still_says_that_it_is_one(tmp_path, capsys):
    beats = one_by_one([870] * 40)
    demo = recorded(tmp_path / "demo.jsonl", beats, details={"scenario": "first-session", "seed": 1})
    clean = export(demo, "jsonl", tmp_path / "clean.jsonl", deidentify=True)[0]
    assert RecordingReader(clean).header.simulated
    assert main(["info", str(clean)]) == 0
    assert capsys.readouterr().out.splitlines()[1].split(maxsplit=2)[2].strip() == "a simulated person"
