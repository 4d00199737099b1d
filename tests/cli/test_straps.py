"""scan, live, doctor, devices: what they say, also where there is no Bluetooth."""

import asyncio
import sys
import threading

import pytest
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakError,
)

from breathsync import settings
from breathsync.cli import doctor, main
from breathsync.devices import bluetooth
from breathsync.errors import BluetoothError
from breathsync.wording import language, text

Reason = BleakBluetoothNotAvailableReason
TROUBLES = [
    (BleakBluetoothNotAvailableError("", Reason.NO_BLUETOOTH), "no_adapter"),
    (BleakBluetoothNotAvailableError("", Reason.NO_BLE_CENTRAL_ROLE), "adapter_too_old"),
    (BleakBluetoothNotAvailableError("", Reason.POWERED_OFF), "bluetooth_off"),
    (BleakBluetoothNotAvailableError("", Reason.DENIED_BY_USER), "not_allowed"),
    (BleakBluetoothNotAvailableError("", Reason.UNKNOWN), "bluetooth_unknown"),
    (BleakDBusError("org.freedesktop.DBus.Error.ServiceUnknown", []), "service_stopped"),
    (BleakDBusError("org.freedesktop.DBus.Error.Spawn.ChildExited", []), "service_stopped"),
    (BleakDBusError("org.freedesktop.DBus.Error.AccessDenied", []), "not_allowed"),
    (BleakDBusError("org.bluez.Error.NotReady", []), "bluetooth_off"),
    (FileNotFoundError(2, "/run/dbus/system_bus_socket"), "no_dbus"),
    (PermissionError(13, "/run/dbus/system_bus_socket"), "not_allowed"),
    (BleakError("whatever a stack may say"), "bluetooth_unknown"),
    (TimeoutError(), "bluetooth_unknown"),
]


@pytest.fixture
def broken(monkeypatch):
    """A machine whose Bluetooth answers a scan with this."""

    def break_with(problem):
        class Scanner:
            def __init__(self, *_):
                pass

            async def start(self):
                raise problem

            async def stop(self):
                raise problem

        monkeypatch.setattr(bluetooth, "BleakScanner", Scanner)

    return break_with


@pytest.mark.parametrize(("problem", "code"), TROUBLES, ids=lambda v: getattr(v, "dbus_error", str(v)))
def test_live_and_scan_say_what_is_in_the_way_in_a_line_and_end_with_2(problem, code, broken, capsys):
    broken(problem)
    for command in (["live", "--no-screen"], ["scan", "--seconds", "1"]):
        assert main(command) == 2
        said = capsys.readouterr().err.splitlines()
        assert said == [f"breathsync: {text(f'errors.{code}')}"]
    assert not settings.load().recordings_folder.exists()


@pytest.mark.parametrize(("problem", "code"), TROUBLES, ids=lambda v: getattr(v, "dbus_error", str(v)))
def test_doctor_says_what_to_do_in_order(problem, code, broken, capsys, monkeypatch, tmp_path):
    broken(problem)
    monkeypatch.setattr(doctor, "_SYS", tmp_path)
    for platform, system in (("linux", "linux"), ("darwin", "macos"), ("win32", "windows")):
        monkeypatch.setattr(sys, "platform", platform)
        assert main(["doctor"]) == 2
        said = capsys.readouterr().out
        assert text(f"strap.{code}")[1:] + "." in said
        assert text(f"doctor.{system}.{code}") in said


def test_every_system_has_advice_for_every_trouble():
    words = language("en")
    for code in {code for _, code in TROUBLES}:
        for system in ("linux", "macos", "windows"):
            assert "What to do" in words[f"doctor.{system}.{code}"]
        assert f"strap.{code}" in words
        assert str(BluetoothError(code)) == words[f"errors.{code}"]


def test_doctor_knows_a_switch_that_holds_bluetooth_off(tmp_path):
    for name, kind, soft, hard in (("rfkill0", "wlan", 1, 1), ("rfkill1", "bluetooth", 1, 0)):
        switch = tmp_path / "rfkill" / name
        switch.mkdir(parents=True)
        for file, value in (("type", kind), ("soft", soft), ("hard", hard)):
            (switch / file).write_text(f"{value}\n")
    assert doctor.blocks(tmp_path) == "soft"
    assert doctor.advice_for("bluetooth_off", tmp_path) == "blocked_soft"
    (tmp_path / "rfkill" / "rfkill1" / "hard").write_text("1\n")
    assert doctor.blocks(tmp_path) == "hard"
    assert doctor.blocks(tmp_path / "none") is None


def test_bluetooth_is_first_asked_in_a_thread_that_shows_no_window(monkeypatch):
    asked_in = []

    async def why_not():
        asked_in.append(threading.current_thread())
        return "no_adapter"

    monkeypatch.setattr(bluetooth, "why_not", why_not)
    assert main(["live"]) == 2
    assert threading.main_thread() not in asked_in and len(asked_in) == 1


def test_doctor_is_content_where_straps_can_be_heard(monkeypatch, capsys):
    async def nothing():
        return None

    monkeypatch.setattr(bluetooth, "why_not", nothing)
    assert main(["doctor"]) == 0
    assert "breathsync scan" in capsys.readouterr().out


def test_devices_lists_all_and_describes_one_with_its_sources(capsys):
    assert main(["devices"]) == 0
    assert "polar-h10" in capsys.readouterr().out
    for name in ("polar-h10", "Polar H10 12345678", "Polar H10"):
        assert main(["devices", name]) == 0, name
        said = capsys.readouterr().out
        assert "2.6 s" in said
        assert "Polar Flow" in said
        assert "polar-ble-sdk" in said


def test_devices_takes_a_part_of_a_name(capsys):
    assert main(["devices", "h10"]) == 0
    assert "Polar Flow" in capsys.readouterr().out
    assert main(["devices", "polar"]) == 0
    said = capsys.readouterr().out
    assert "polar-h10" in said and "polar-oh1" in said and "movesense" not in said


def test_the_table_of_devices_cuts_no_word(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["devices"]) == 0
    said = capsys.readouterr().out
    assert "…" not in said and "acceleration" in said


def test_devices_says_that_any_other_strap_works_too(capsys):
    assert main(["devices", "Toaster 3000"]) == 2
    assert "heart-rate service work as well" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["live", "--streams", "hr,eeg", "--no-screen"], "no such stream"),
        (["live", "--seconds", "-3", "--no-screen"], "--seconds"),
        (["live", "--no-screen", "-o", "there.jsonl"], "there already"),
        (["scan", "--seconds", "soon"], "--seconds"),
        (["strap", "none.jsonl"], "no such file"),
        (["strap", "--scenario", "nobody"], "no scenario"),
    ],
)
def test_arguments_that_cannot_be_used_are_said_in_a_line(arguments, words, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.jsonl").write_text("")
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert words in said
    assert len(said.splitlines()) <= 2
    assert (tmp_path / "there.jsonl").read_text() == ""


def test_why_not_always_stops_its_scanner(monkeypatch):
    stopped = []

    class Scanner:
        async def start(self):
            pass

        async def stop(self):
            stopped.append(True)

    monkeypatch.setattr(bluetooth, "BleakScanner", Scanner)
    assert asyncio.run(bluetooth.why_not()) is None
    assert stopped == [True]


def test_delay_and_links_that_nobody_knows_are_said_to_be_unknown(capsys):
    assert main(["devices", "generic"]) == 0
    assert capsys.readouterr().out.count("not known") >= 2
