"""Other programs' files: recognised and said, or refused with what to add."""

import pytest

from breathsync.errors import InputFileError
from breathsync.events import Notification, RrIntervals, Samples, Stamp
from breathsync.session.imports.recognise import inputs_of, recognise
from breathsync.session.imports.rr import read_intervals


def write(tmp_path, text, name="file.csv"):
    file = tmp_path / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def imported(tmp_path, text, told=None, **options):
    source = recognise(write(tmp_path, text), told)
    return source.format, list(inputs_of([source], **options))[1:]


def test_notifications_start_with_the_first_arrival(tmp_path):
    kind, inputs = imported(
        tmp_path, "arrival_s,hr,payload_hex\n100.5,75,104b6003\n101.489,75,10 4b 79 03\n"
    )
    assert kind == "notifications"
    assert inputs == [
        Notification(0.0, "strap", "2a37", bytes.fromhex("104b6003")),
        Notification(0.989, "strap", "2a37", bytes.fromhex("104b7903")),
    ]


def test_one_rr_a_line_starts_at_the_beginning_of_the_first(tmp_path):
    kind, inputs = imported(tmp_path, "812.5\n800\n\n790.25\n")
    assert kind == "rr"
    assert [(e.time, e.rr_ms, e.stamp) for e in inputs] == [
        (0.8125, (812.5,), Stamp.BEAT),
        (1.6125, (800.0,), Stamp.BEAT),
        (2.40275, (790.25,), Stamp.BEAT),
    ]


@pytest.mark.parametrize(
    ("text", "unit", "rr_ms"),
    [
        ("0.8125\n", "s", 812.5),
        ("832\n", "ticks", 812.5),
        ("rr\n812.5\n", "ms", 812.5),
        ("rr_s\n0.8125\n", None, 812.5),
        ("rr_ticks\n832\n", None, 812.5),
        ("time;rr_ms\n1;812.5\n", None, 812.5),
        ("\ufeffrr_ms\r\n812.5\r\n", None, 812.5),
        ("rr_ms\n812,5\n", None, 812.5),
        ("time;rr_ms\n0,81;812,5\n", None, 812.5),
        ("# somebody's export\n812.5\n", None, 812.5),
    ],
)
def test_units_and_separators_as_others_write_them(tmp_path, text, unit, rr_ms):
    _, inputs = imported(tmp_path, text, told="rr", unit=unit)
    assert inputs[0].rr_ms == (pytest.approx(rr_ms, abs=1e-9),)


def test_times_of_beats_are_used_so_that_a_missing_interval_shows(tmp_path):
    _, inputs = imported(tmp_path, "beat_time_s,rr_ms\n10.8,800\n11.6,800\n13.2,800\n")
    assert [e.time for e in inputs] == pytest.approx([0.8, 1.6, 3.2])
    assert {e.stamp for e in inputs} == {Stamp.BEAT}


def test_times_of_arrival_are_arrivals(tmp_path):
    _, inputs = imported(tmp_path, "arrival_time_s,rr_ms\n0.221,936\n1.257,1020\n")
    assert [(e.time, e.stamp) for e in inputs] == [(0.936, Stamp.ARRIVAL), (1.972, Stamp.ARRIVAL)]


def test_ecg_and_acceleration_come_in_pieces_known_at_their_last_sample(tmp_path):
    rows = "".join(f"{i / 100}\n" for i in range(130))
    kind, inputs = imported(tmp_path, "ecg_mv\n" + rows, rate_hz=130.0)
    assert kind == "ecg"
    assert [len(e.values) for e in inputs] == [65, 65]
    assert [e.time for e in inputs] == pytest.approx([64 / 130, 129 / 130], abs=1e-6)
    kind, inputs = imported(tmp_path, "x_mg,y_mg,z_mg\n1,2,3\n4,5,6\n", rate_hz=50.0)
    assert (kind, inputs[0].values) == ("acc", ((1, 2, 3), (4, 5, 6)))


def test_edf_gives_its_ecg_with_its_own_rate(tmp_path):
    edfio = pytest.importorskip("edfio")
    import numpy as np

    wave = np.sin(np.arange(2560) / 20)
    signals = [
        edfio.EdfSignal(wave, 128, label="Resp chest", physical_dimension="mV"),
        edfio.EdfSignal(wave, 256, label="ECG I", physical_dimension="mV"),
    ]
    file = tmp_path / "night.edf"
    edfio.Edf([signals[1], edfio.EdfSignal(wave[:1280], 128, label="Resp chest")]).write(file)
    source = recognise(file)
    inputs = list(inputs_of([source]))[1:]
    ecg = [v for e in inputs if isinstance(e, Samples) and e.channel == "ecg" for v in e.values]
    assert source.format == "ecg"
    assert {e.rate_hz for e in inputs if e.channel == "ecg"} == {256.0}
    assert ecg == pytest.approx(wave.tolist(), abs=1e-4)
    assert {e.channel for e in inputs} == {"ecg", "resp"}
    assert [e.time for e in inputs] == sorted(e.time for e in inputs)


def test_sources_of_one_session_share_their_clock(tmp_path):
    rr = write(tmp_path, "beat_time_s,rr_ms\n1.5,800\n2.3,800\n", "rr.csv")
    ecg = write(tmp_path, "ecg_uv\n" + "10\n20\n" * 130, "ecg.csv")
    inputs = list(inputs_of([recognise(ecg), recognise(rr)], rate_hz=130.0))[1:]
    assert [e.time for e in inputs if isinstance(e, RrIntervals)] == [1.5, 2.3]
    assert [e.time for e in inputs] == sorted(e.time for e in inputs)


def test_a_rate_is_for_the_file_without_times_where_another_has_its_own(tmp_path):
    ecg = write(tmp_path, "ecg_uv\n" + "10\n200\n" * 130, "ecg.csv")
    breath = write(
        tmp_path, "time_s,resp\n" + "".join(f"{i / 25},{i % 9}\n" for i in range(50)), "resp.csv"
    )
    inputs = list(inputs_of([recognise(ecg), recognise(breath)], rate_hz=130.0))[1:]
    assert {(e.channel, e.rate_hz) for e in inputs} == {("ecg", 130.0), ("resp", 25.0)}


@pytest.mark.parametrize("form", ["{}", "{}.000", "{},000"])
def test_times_of_day_go_on_over_midnight(tmp_path, form):
    clock = ["23:59:58", "23:59:59", "00:00:00", "00:00:01", "12:00:00", "23:59:59", "00:00:00"]
    rows = "".join(f"{form.format(time)};900\n" for time in clock)
    file = write(tmp_path, "uhrzeit;rr_ms\n" + rows)
    ends = [event.time for event in inputs_of([recognise(file)]) if isinstance(event, RrIntervals)]
    noon, night = 12 * 3600, 24 * 3600
    steps = [0, 1, 2, 3, noon + 2, night + 1, night + 2]
    assert ends == pytest.approx([0.9 + step for step in steps])
    assert "over_midnight" in read_intervals(recognise(file).table, None).remarks


@pytest.mark.parametrize(
    ("text", "told", "options", "code"),
    [
        ("", None, {}, "empty_file"),
        (b"\x00\x01\x02\xff", None, {}, "not_text"),
        ("a,b\n1,2\n", None, {}, "format_unsure"),
        ("rr_ms,flag\n812,5,1\n", None, {}, "row_too_long"),
        ('{"breathsync":"recording","format":1}\n', None, {}, "is_a_recording"),
        ("1,2\n3,4\n", None, {}, "format_unsure"),
        ("0.8\n0.81\n", None, {}, "unit_looks_like"),
        ("5000\n5000\n", None, {}, "unit_unsure"),
        ("a,b\n1,2\n", "rr", {}, "no_column"),
        ("a,b\n1,2\n", "notifications", {}, "no_column"),
        ("a,b\n1,2\n", "ecg", {"rate_hz": 100.0}, "no_column"),
        ("x_mg,y_mg\n1,2\n", "acc", {"rate_hz": 100.0}, "no_column"),
        ("ecg_mv\n1\n", None, {}, "needs_rate"),
        ("rr_ms\n", None, {}, "no_rows"),
        ("800\n-790\n", None, {}, "no_rr"),
        ("800\n0\n", None, {}, "no_rr"),
        ("800\n99999999\n", None, {}, "no_rr"),
        ("800\nnan\n", None, {}, "not_a_number"),
        ("800\neight hundred\n", None, {}, "not_a_number"),
        ("beat_time_s,rr_ms\n2,800\n1,800\n", None, {}, "time_backwards"),
        ("time,rr_ms\n23:59:59,800\n23:59:58,800\n", None, {}, "time_backwards"),
        ("time,rr_ms\n2026-11-02 23:59:59,800\n2026-11-02 00:00:00,800\n", None, {}, "time_backwards"),
        ("beat_time_s,rr_ms\n2,800\n3\n", None, {}, "row_too_short"),
        ("beat_time_s,rr_ms\n2,800\n,800\n", None, {}, "columns_differ"),
        ("arrival_s,payload_hex\n1,104b\n2,zz\n", None, {}, "not_hex"),
        ("arrival_s,payload_hex\n2,104b\n1,104b\n", None, {}, "time_backwards"),
        ("0       not really edf", None, {}, "not_edf"),
        ("0       not really edf", "rr", {}, "is_edf"),
    ],
)
def test_what_cannot_be_read_is_said_with_the_place(tmp_path, text, told, options, code):
    with pytest.raises(InputFileError) as caught:
        imported(tmp_path, text, told, **options)
    assert caught.value.code == code
    assert "file.csv" in str(caught.value)


def test_a_missing_file_and_a_folder_are_said(tmp_path):
    for place, code in ((tmp_path / "no.csv", "no_such_file"), (tmp_path, "is_a_folder")):
        with pytest.raises(InputFileError) as caught:
            recognise(place)
        assert caught.value.code == code
