"""Files of other programs, as those programs write them; and files that are almost right."""

import gzip

import numpy as np
import pytest

from breathsync.cli import main
from breathsync.errors import InputFileError
from breathsync.events import RrIntervals, Samples, Stamp
from breathsync.session.imports.recognise import inputs_of, recognise

RR = [812, 830, 845, 838, 820, 805, 799, 810, 826, 841, 850, 836]
ENDS = np.cumsum(RR) / 1000


def file_of(tmp_path, text, name="file.txt"):
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


TIMED = list(zip(ENDS, RR, strict=True))


def read(tmp_path, text, name="file.txt", **options):
    source = recognise(file_of(tmp_path, text, name))
    return source, list(inputs_of([source], **options))[1:]


def rr_of(inputs):
    return [rr for e in inputs if isinstance(e, RrIntervals) for rr in e.rr_ms]


def lines(rows, header=""):
    return header + "".join(f"{row}\n" for row in rows)


HRV_LOGGER = lines(
    (f"2025-03-15 09:00:{int(10 + t):02d}.000,{rr},{round(1000 * t) - 812}" for t, rr in TIMED),
    "date,rr,since start\n",
)
POLAR_RR = lines(
    (f"2026-04-01T09:00:{t:06.3f};{rr}" for t, rr in TIMED),
    "Phone timestamp;RR-interval [ms]\n",
)
POLAR_ECG = lines(
    (f"2026-04-01T09:00:01.000;{10**17 + i * 7692307};{i * 7.692307:.1f};{i % 50}" for i in range(260)),
    "Phone timestamp;sensor timestamp [ns];timestamp [ms];ecg [uV]\n",
)
POLAR_ACC = lines(
    (f"2026-04-01T09:00:01.000;{10**17 + i * 5000000};{i % 9};{-i % 7};990" for i in range(400)),
    "Phone timestamp;sensor timestamp [ns];X [mg];Y [mg];Z [mg]\n",
)
HRM = "[Params]\r\nVersion=106\r\nInterval=238\r\nDate=20261122\r\n\r\n[Note]\r\nrest\r\n\r\n[HRData]\r\n"
NEW_HRV_LOGGER = HRV_LOGGER.replace("date", "timestamp").replace("since start", "since_start")
KUBIOS = "# SIGNAL/SERIES EXPORT - KUBIOS\n# File: n/a\n" + lines(f"{rr:.3f}" for rr in RR)
PLAIN = lines(RR)


@pytest.mark.parametrize(
    ("text", "name", "format_", "program"),
    [
        (PLAIN, "elite.txt", "rr", None),
        (HRV_LOGGER, "2025-03-15_RR_x.csv", "rr", "HRV Logger"),
        (NEW_HRV_LOGGER, "new.csv", "rr", "HRV Logger"),
        (POLAR_RR, "x_RR.txt", "rr", "Polar Sensor Logger"),
        (POLAR_RR.replace(";", ","), "x_RR.csv", "rr", "Polar Sensor Logger"),
        (lines(f"{t:.3f}\t{rr}" for t, rr in TIMED), "flow.txt", "rr", None),
        (HRM + lines(RR).replace("\n", "\r\n"), "x.hrm", "rr", "Polar .hrm"),
        (KUBIOS, "k.txt", "rr", None),
        (lines(f"{t:.3f}   {rr / 1000:.3f}" for t, rr in TIMED), "k2.txt", "rr", None),
    ],
)  # fmt: skip
def test_rr_of_other_programs_comes_in_exactly(tmp_path, text, name, format_, program):
    source, inputs = read(tmp_path, text, name)
    assert (source.format, source.program) == (format_, program)
    assert rr_of(inputs) == pytest.approx(RR)


def test_times_on_a_phone_are_arrivals_and_those_of_beats_are_beats(tmp_path):
    assert {e.stamp for e in read(tmp_path, POLAR_RR)[1]} == {Stamp.ARRIVAL}
    flow = lines(f"{t:.3f}\t{rr}" for t, rr in TIMED)
    assert {e.stamp for e in read(tmp_path, flow)[1]} == {Stamp.BEAT}


def test_polar_sensor_loggers_signals_bring_their_own_rate(tmp_path):
    source, ecg = read(tmp_path, POLAR_ECG, "x_ECG.txt")
    assert (source.format, source.program) == ("ecg", "Polar Sensor Logger")
    assert {(e.unit, e.rate_hz) for e in ecg} == {("uV", 130.0)}
    assert [v for e in ecg for v in e.values] == [float(i % 50) for i in range(260)]
    source, acc = read(tmp_path, POLAR_ACC, "x_ACC.txt")
    assert (source.format, {(e.unit, e.rate_hz) for e in acc}) == ("acc", {("mG", 200.0)})
    assert acc[0].values[1] == (1.0, 6.0, 990.0)


def test_beats_given_by_their_times_become_intervals(tmp_path):
    for text in (lines(f"{t:.4f}" for t in ENDS), lines((f"{t:.4f}" for t in ENDS), "r_peak_s\n")):
        source, inputs = read(tmp_path, text)
        assert source.format == "beats"
        assert rr_of(inputs) == pytest.approx(RR[1:], abs=0.1)


def test_wfdb_records_and_annotations_are_read_as_their_own_library_writes_them(tmp_path):
    wfdb = pytest.importorskip("wfdb")
    wave = np.stack([np.sin(np.arange(1280) / 9), np.cos(np.arange(1280) / 50)], axis=1)
    wave[500:600, 0] = np.nan
    for fmt in ("16", "212"):
        wfdb.wrsamp(
            f"r{fmt}", fs=128, units=["mV", "NU"], sig_name=["MLII", "RESP"], p_signal=wave,
            fmt=[fmt, fmt], write_dir=str(tmp_path),
        )  # fmt: skip
        source = recognise(tmp_path / f"r{fmt}.hea")
        inputs = list(inputs_of([source]))[1:]
        ecg = [v for e in inputs if e.channel == "ecg" for v in e.values]
        assert source.program == "WFDB"
        assert ecg == pytest.approx(wave[np.isfinite(wave[:, 0]), 0].tolist(), abs=0.002)
        assert {e.channel for e in inputs} == {"ecg", "resp"}
    samples = np.rint(ENDS * 128).astype(int)
    wfdb.wrann("r16", "atr", samples, symbol=["N"] * 11 + ["~"], fs=128, write_dir=str(tmp_path))
    source = recognise(tmp_path / "r16.atr")
    assert source.format == "beats"
    assert rr_of(inputs_of([source])) == pytest.approx((np.diff(samples[:-1]) / 0.128).tolist(), abs=1e-4)


def test_fit_files_give_the_intervals_that_a_watch_kept(tmp_path):
    pytest.importorskip("fitdecode")
    builder = pytest.importorskip("fit_tool.fit_file_builder")
    from fit_tool.profile.messages.file_id_message import FileIdMessage
    from fit_tool.profile.messages.hrv_message import HrvMessage

    fit = builder.FitFileBuilder(auto_define=True)
    fit.add(FileIdMessage())
    for start in range(0, len(RR), 4):
        message = HrvMessage()
        message.time = [rr / 1000 for rr in RR[start : start + 4]]
        fit.add(message)
    file = tmp_path / "ride.fit"
    fit.build().to_file(str(file))
    source = recognise(file)
    assert (source.format, source.program) == ("rr", "FIT")
    assert rr_of(inputs_of([source])) == pytest.approx(RR)


# --- almost right: said in a sentence ---


def ecg(height, column):
    """Ten seconds with a sharp wave each second."""
    return f"time_s,{column}\n" + lines(f"{i / 50:.2f},{height * (i % 50 == 0)}" for i in range(500))


def said(tmp_path, capsys, text, *options, name="file.csv"):
    """What the command says of a file, on either stream, and how it ends."""
    file = file_of(tmp_path, text, name)
    code = main(["import", str(file), "-o", str(tmp_path / "out.jsonl"), *options])
    out = capsys.readouterr()
    return code, (out.out + out.err).replace(str(file), name)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rr_ms\n" + lines(rr / 1000 for rr in RR), "looks like s. Add --unit s"),
        ("rr_s\n" + lines(RR), "looks like ms. Add --unit ms"),
        (lines([72, 73, 74, 71] * 5), "looks like heart rates, not RR intervals"),
        ("Herzschläge;Wert\n1;812\n2;830\n", "Name the column of RR intervals rr_ms"),
        ("time_s,rr_ms\n" + lines(f"{rr},{t}" for t, rr in TIMED), "have changed places"),
        (lines([0] * 3600), "3600 of 3600 intervals are 0"),
        (lines(RR * 100 + [0] * 3600), "3600 of 4800 intervals are 0, the first in line 1201"),
        ("time_s,ecg_uv\n" + lines(f"{i / 130:.6f},0" for i in range(500)), "all 500 values are 0"),
        ("time_s,ecg_uv\n" + lines(f"5,{i}" for i in range(500)), "do not say how many samples"),
        ("[Params]\nInterval=5\n[HRData]\n72\n73\n", "heart rates (Interval=5), not RR intervals"),
        (b"\x0e\x10\x6c\x08\x00\x00\x00\x00.FIT\x00\x00", "FIT file cannot be read"),
        (gzip.compress(PLAIN.encode(), mtime=0)[:40], "damaged or cut short"),
        ("rr_ms,note\n0,812,5\n", "put semicolons between the columns"),
        ("Phone timestamp;RR-interval [ms]\nyesterday;812\n", "yesterday is no date and time"),
        (lines(round(250 * t) for t in ENDS), "If they count samples, divide them"),
        ("time_s,rr_ms\n" + lines(f"{1000 * t:.0f},{rr}" for t, rr in TIMED), "column time_s are not in s"),
        ("time_ms,rr_ms\n" + lines(f"{t:.3f},{rr}" for t, rr in TIMED), "column time_ms are not in ms"),
        ("beat_time_s\n" + lines(f"{1000 * t:.0f}" for t in ENDS), "it looks like ms"),
        (lines([*RR, *(rr / 1000 for rr in RR)]), "12 of 24 intervals look like s, the others like ms"),
        ("rr_ms\n" + lines(['"1,012"', 998, 987] * 5), "take out what divides thousands"),
        (lines(1000 * rr for rr in RR), "looks like us. Add --unit us"),
        (lines(f"{rr / 1000:.3f}".replace(".", ",") for rr in RR), "looks like s. Add --unit s"),
        (lines(f"{rr / 1000:.1f}" for rr in RR), "looks like s. Add --unit s"),
        ("time_s,heart_rate\n" + lines(f"{t:.3f},72" for t in ENDS), "heart_rate holds heart rates"),
        ("Name,Sport\nA,OTHER\nRate,Time,HR (bpm)\n" + lines(",00:00:01,72" for _ in RR), "hr (bpm) holds"),
        (ecg(1000.0, "ecg_mv"), "looks like uV. Put the right unit"),
        (ecg(1.0, "ecg_uv"), "looks like mV. Put the right unit"),
        ("time_s,x_mg,y_mg,z_mg\n" + lines(f"{i / 50},{i % 3 / 99},0,1" for i in range(200)), "like g."),
        ("rr_ms\n" + "9" * 200_000 + "\n", "file.csv"),
        ("rr_ms\n" + lines(RR) + "Mean RR: 826 ms\n", "line 14: Mean RR: 826 ms is not a number"),
    ],
)  # fmt: skip
def test_what_is_almost_right_is_refused_in_a_sentence_that_helps(tmp_path, capsys, text, words):
    pytest.importorskip("fitdecode")
    name = "file.hrm" if str(text).startswith("[Params]") else "file.csv"
    code, told = said(tmp_path, capsys, text, name=name)
    assert code == 2
    assert words in told
    assert len(told.strip().splitlines()) <= 2 and "Traceback" not in told
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\ufeffrr_ms\r\n" + lines(RR).replace("\n", "\r\n"), "byte-order mark; Windows line ends"),
        ("rr_ms\n" + lines(f"{rr},5" for rr in RR), "decimal commas"),
        (gzip.compress(PLAIN.encode(), mtime=0), "unpacked (gzip)"),
        ("Zeit (s);RR-Intervall (ms)\n" + lines(f"{t:.3f};{rr}" for t, rr in TIMED),
         "column rr-intervall (ms); times from column zeit (s)"),
        ("Temps;Intervalle RR (ms)\n" + lines(f"{t:.3f};{rr}" for t, rr in TIMED),
         "times from column temps"),
        ("Tempo,RR\n" + lines(f"{7 * i * i},{rr}" for i, rr in enumerate(RR)), "times are left out"),
        (lines(f"{rr}\t{t:.3f}" for t, rr in TIMED), "intervals from column 1; times from column 2"),
        ("time_s,rr_ms\n" + lines(f"{i},{800 + i % 9}" for i in range(60)), "one interval a second"),
        ("Datum/Uhrzeit;RR (ms)\n" + lines(f"01.02.2026 10:00:{i:02d};{800 + i % 9}" for i in range(60)),
         "times from column datum/uhrzeit; one interval a second"),
        ("time,rr_ms\n" + lines(f"10:00:{t:06.3f},{rr}" for t, rr in TIMED), "times from column time"),
        ("Zeit (s);RR-Abstände (ms);Güte\n".encode("cp1252")
         + lines(f"{t:.3f};{rr};5" for t, rr in TIMED).encode(),
         "not used: güte; letters as Windows wrote them"),
        (("Time (s)\tRR (ms)\r\n" + lines(f"{t:.3f}\t{rr}" for t, rr in TIMED)).encode("utf-16-le"),
         "intervals from column rr (ms); times from column time (s)"),
        ("sep=;\nTime (s);RR (ms)\n" + lines(f"{t:.3f};{rr}" for t, rr in TIMED), "column time (s)"),
        ("Patient: 7\nMade: today\n\ntime_s,rr_ms\n" + lines(f"{t:.3f},{rr}" for t, rr in TIMED),
         "the lines above the names of the columns are left out"),
        ("Tiempo;Intervalos R-R\n" + lines(f"{t:.3f};{rr}".replace(".", ",") for t, rr in TIMED),
         "column intervalos r-r; times from column tiempo; decimal commas"),
        ("rr_ms\n" + lines(f"{rr}  # sitting" for rr in RR), "rr, in ms"),
        ("rr_ms,rr_ms_corrected,subject\n" + lines(f"{rr},{rr},7" for rr in RR),
         "intervals from column rr_ms; not used: rr_ms_corrected, subject"),
        (", ".join(map(str, RR)), "12 heartbeats"),
        ("time_s,ecg_mv\n" + lines(f"{i / 50:.2f},{0 if i > 100 else i % 9}" for i in range(600)),
         "of the ECG no value changes"),
    ],
)  # fmt: skip
def test_what_is_unusual_is_read_and_said(tmp_path, capsys, text, words):
    code, told = said(tmp_path, capsys, text)
    assert code == 0
    assert words in told


@pytest.mark.parametrize("extra", ["fitdecode", "wfdb"])
def test_a_missing_extra_is_named(tmp_path, monkeypatch, extra):
    monkeypatch.setitem(__import__("sys").modules, extra, None)
    name, text = (
        ("x.fit", b"\x0e\x10\x6c\x08\x00\x00\x00\x00.FIT")
        if extra == "fitdecode"
        else ("x.hea", b"x 1 128 10")
    )
    with pytest.raises(InputFileError) as caught:
        list(inputs_of([recognise(file_of(tmp_path, text, name))]))
    assert caught.value.code == "needs_extra" and "pip install" in str(caught.value)


def test_breath_in_a_table_becomes_a_channel(tmp_path):
    source, inputs = read(tmp_path, "time_s,resp\n" + lines(f"{i / 25:.3f},{i % 40}" for i in range(100)))
    assert source.format == "resp"
    assert all(isinstance(e, Samples) and e.channel == "resp" and e.rate_hz == 25.0 for e in inputs)
