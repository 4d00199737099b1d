"""The straps in `devices/`: every folder loads, says where its facts come from and keeps its word."""

import importlib.util
import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

from breathsync.devices import heart_rate
from breathsync.devices.about import BATTERY_LEVEL
from breathsync.devices.decoder import Decoder
from breathsync.devices.heart_rate import HeartRateValue
from breathsync.devices.profiles import (
    GENERIC,
    QUIRK_CODES,
    load,
    load_all,
    profile_named,
    shipped_folder,
)
from breathsync.errors import ProfileError
from breathsync.events import BatteryLevel, Notification, StrapKnown, StrapState, StrapStatus

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(folder for folder in shipped_folder().iterdir() if folder.is_dir())
PROFILES = load_all()

POLAR_DATA, POLAR_CONTROL = "fb005c82", "fb005c81"

# What straps call themselves (serials are made up; those of Polar fail its check digit), the profile that
# they get, the serial in the name.
NAMES = [
    ("Polar H10 12345678", "polar-h10", "12345678"),
    ("Polar H10 1234567", "polar-h10", "1234567"),
    ("Polar H9 12345678", "polar-h9", "12345678"),
    ("Polar H7 12345678", "polar-h7", "12345678"),
    ("Polar OH1 12345678", "polar-oh1", "12345678"),
    ("Polar Sense 12345678", "polar-verity-sense", "12345678"),
    ("Polar 360 12345678", "polar-360", "12345678"),
    ("HRM-Dual:123456", "garmin-hrm-dual", "123456"),
    ("HRM-Pro:123456", "garmin-hrm-pro", "123456"),
    ("HRMPro+:123456", "garmin-hrm-pro", "123456"),
    ("HRMPro+:mine", "garmin-hrm-pro", None),
    ("HRM 200", "garmin-hrm-200-600", None),
    ("HRM600:123456", "garmin-hrm-200-600", "123456"),
    ("HRM-Fit", "garmin-hrm-200-600", None),
    ("Forerunner 245", "garmin-watch", None),
    ("fēnix 7", "garmin-watch", None),
    ("TICKR 12AB", "wahoo-tickr", "12AB"),
    ("TICKR X 12AB", "wahoo-tickr", "12AB"),
    ("TICKR FIT 12AB", "wahoo-tickr-fit", "12AB"),
    ("TRACKR 12AB", "wahoo-trackr", "12AB"),
    ("Movesense 123456789012", "movesense", "123456789012"),
    ("808S 0001234", "coospo", "0001234"),
    ("H6 0001234", "coospo", "0001234"),
    ("HW9 0001234", "coospo", "0001234"),
    ("COOSPO H9Z", "coospo", None),
    ("CL800-0001234", "coospo-cl800", "0001234"),
    ("H64", "magene", None),
    ("Magene H303 1234", "magene", "1234"),
    ("Decathlon Dual HR", "decathlon-dual-hr", None),
    ("Suunto Smart Sensor", "suunto-smart-sensor", None),
    ("CorSense 1234", "elite-corsense", "1234"),
    ("WHOOP 4A0123456", "whoop", "4A0123456"),
    ("MZ-1234", "myzone", "1234"),
    ("RHYTHM+", "scosche-rhythm", None),
    ("Scosche Rhythm24", "scosche-rhythm", None),
    ("Aidlab 2", "aidlab", None),
    ("Polar", GENERIC, None),
    ("Polar H10", "polar-h10", None),  # a family's name will do: the strap need not be asked for by number
    ("Polar H10 123456789", GENERIC, None),
    ("polar two words 12345678", GENERIC, None),
    ("My Polar H10 12345678", GENERIC, None),
    ("HRM-Dual:", GENERIC, None),
    ("TICKR", GENERIC, None),
    ("H6", "coospo", None),
    ("Heart", GENERIC, None),
    ("", GENERIC, None),
    (None, GENERIC, None),
]


def frames(characteristic=None):
    return [
        pytest.param(frame, id=f"{folder.name}:{number}")
        for folder in FOLDERS
        for number, frame in enumerate(_lines(folder / "frames.jsonl"), 1)
        if characteristic in (None, frame["characteristic"])
    ]


def _lines(file):
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


# --- folders ---


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_folder_has_a_profile_frames_and_a_page_to_read(folder):
    assert {file.name for file in folder.iterdir()} == {"profile.toml", "frames.jsonl", "README.md"}
    assert 5 <= len((folder / "README.md").read_text(encoding="utf-8").splitlines()) <= 20
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", folder.name)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_profile_loads_and_says_where_its_facts_come_from(folder):
    profile = load(folder / "profile.toml")
    assert profile.id == folder.name
    assert profile.source
    assert profile.services[0] == "180D"
    assert "heart rate" in profile.streams
    assert profile.advertised_as or profile.id == GENERIC
    assert (profile.rr_latency_s is None) == (profile.rr_latency_source is None)
    assert all(quirk.says.endswith(".") and quirk.source for quirk in profile.quirks)
    assert all(note.endswith(".") for note in profile.notes)


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.id)
def test_intervals_are_promised_or_ruled_out_never_both(profile):
    assert ("rr" in profile.streams) != profile.has_quirk("no-rr")


def test_a_delay_is_known_for_the_four_straps_that_were_measured():
    delays = {profile.id: profile.rr_latency_s for profile in PROFILES if profile.rr_latency_s is not None}
    assert delays == {
        "movesense": 0.4,
        "garmin-hrm-dual": 0.7,
        "wahoo-trackr": 2.1,
        "polar-h10": 2.6,
    }


def test_the_quirk_codes_are_one_closed_list_explained_and_used():
    readme = (shipped_folder() / "README.md").read_text(encoding="utf-8")
    table = readme.partition("## Quirks")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE)) == QUIRK_CODES
    assert {quirk.code for profile in PROFILES for quirk in profile.quirks} == QUIRK_CODES


# --- names ---


@pytest.mark.parametrize(("name", "identity", "serial"), NAMES)
def test_a_strap_is_known_by_the_name_it_advertises(name, identity, serial):
    profile = profile_named(name, PROFILES)
    assert profile.id == identity
    matches = [match for pattern in profile.advertised_as if (match := pattern.fullmatch(name))]
    assert [match["serial"] for match in matches if match.groupdict().get("serial")] == [serial] * bool(
        serial
    )


@pytest.mark.parametrize("name", [name for name, _, _ in NAMES if name])
def test_no_name_is_claimed_by_two_families(name):
    assert len([profile for profile in PROFILES if profile.answers_to(name)]) <= 1


def test_every_family_has_an_example_of_its_name():
    assert {identity for _, identity, _ in NAMES} == {profile.id for profile in PROFILES}


def test_a_family_can_also_be_named_by_its_folder():
    for profile in PROFILES:
        assert profile_named(profile.id.upper(), PROFILES) is profile


def test_a_strap_that_connects_is_known_with_its_delay():
    decoder = Decoder(PROFILES)
    connected = StrapStatus(3.0, "strap", StrapState.CONNECTED, "HRM-Dual:123456")
    assert list(decoder.push(connected)) == [StrapKnown(3.0, "strap", "garmin-hrm-dual", 0.7)]


def test_nobodys_serial_number_is_in_the_folders():
    """A Polar serial whose check digit is right could be somebody's."""
    texts = [file.read_text(encoding="utf-8") for file in shipped_folder().rglob("*.*")]
    serials = [serial for text in texts for serial in re.findall(r"Polar \w+ ([0-9A-F]{8})\b", text)]
    assert not [serial for serial in serials if _check_digit(serial) == int(serial[-1], 16)]
    assert _check_digit("12345678") != 8


def _check_digit(serial):
    digits = [int(digit, 16) for digit in reversed(serial)]
    return (3 * sum(digits[1::2]) + sum(digits[2::2])) % 16


# --- frames ---


@pytest.mark.parametrize("frame", frames())
def test_every_frame_says_what_to_expect_and_where_it_comes_from(frame):
    assert frame.keys() <= {"characteristic", "hex", "canonical", "part", "expect", "source"}
    assert frame["hex"] == bytes.fromhex(frame["hex"]).hex()
    assert frame["expect"]
    assert frame["source"]


@pytest.mark.parametrize("frame", frames(heart_rate.CHARACTERISTIC))
def test_every_heart_rate_frame_decodes_to_what_is_written(frame):
    assert heart_rate.decode(bytes.fromhex(frame["hex"])) == _heart_rate(frame)


@pytest.mark.parametrize("frame", frames(heart_rate.CHARACTERISTIC))
def test_every_canonical_heart_rate_frame_is_written_back_to_its_bytes(frame):
    payload, value = bytes.fromhex(frame["hex"]), _heart_rate(frame)
    if frame.get("canonical", True):
        assert heart_rate.encode(value, wide=bool(payload[0] & 0x01)) == payload
    else:
        assert value.heart_rate_bpm is None or heart_rate.encode(value) != payload


def _heart_rate(frame):
    expected = dict(frame["expect"])
    assert expected.keys() <= {field.name for field in fields(HeartRateValue)}
    return HeartRateValue(**expected | {"rr_ticks": tuple(expected.get("rr_ticks", ()))})


@pytest.mark.parametrize("frame", frames(BATTERY_LEVEL))
def test_every_battery_frame_decodes_to_what_is_written(frame):
    notification = Notification(1.0, "strap", BATTERY_LEVEL, bytes.fromhex(frame["hex"]))
    percent = frame["expect"]["percent"]
    assert list(Decoder(PROFILES).push(notification)) == (
        [] if percent is None else [BatteryLevel(1.0, "strap", percent)]
    )


@pytest.mark.parametrize("frame", frames(POLAR_DATA))
def test_the_header_of_every_polar_frame_says_what_is_written(frame):
    payload, expected = bytes.fromhex(frame["hex"]), frame["expect"]
    assert (len(payload) < 10) == (expected.get("problem") == "truncated")
    if len(payload) < 10:
        return
    measurements = {0: "ecg", 1: "ppg", 2: "acceleration", 3: "ppi", 5: "gyroscope", 6: "magnetometer"}
    assert expected["measurement"] == measurements[payload[0]]
    assert expected["timestamp_ns"] == int.from_bytes(payload[1:9], "little")
    assert expected["frame_type"] == payload[9] & 0x7F
    assert expected["compressed"] == bool(payload[9] & 0x80)
    assert len({"samples", "sample_count", "problem"} & expected.keys()) == 1


@pytest.mark.parametrize("frame", frames(POLAR_CONTROL))
def test_every_polar_control_point_frame_is_of_the_kind_that_is_written(frame):
    if "part" in frame:
        assert frame["part"] in {"settings", "status"}
        return
    first, expected = bytes.fromhex(frame["hex"])[0], frame["expect"]
    operations = {1: "get settings", 2: "start", 3: "stop"}
    match expected["kind"]:
        case "response":
            assert first == 0xF0
            assert expected["operation"] == operations[bytes.fromhex(frame["hex"])[1]]
        case "features":
            assert first == 0x0F
        case "request":
            assert expected["operation"] == operations[first]
        case kind:
            assert kind == "stopped"
            assert first == 0x01


# --- profiles that are not right, and a person's own ---

RIGHT = """
name = "Mine"
advertised_as = ['Mine \\d+']
services = ["180D"]
streams = ["heart rate", "rr"]
source = "I measured it"
"""


def own(folder, identity, text):
    (folder / identity).mkdir(parents=True)
    (folder / identity / "profile.toml").write_text(text, encoding="utf-8")
    return folder / identity / "profile.toml"


@pytest.mark.parametrize(
    "wrong",
    [
        "name = 'Mine'",
        RIGHT.replace("['Mine \\d+']", "'Mine'"),
        RIGHT.replace("Mine \\d+", "Mine ("),
        RIGHT.replace('["180D"]', '"180D"'),
        RIGHT.replace('"rr"', '"RR"'),
        RIGHT + "notes = 'a line alone'",
        RIGHT + "rr_latncy = 2.6",
        RIGHT + "rr_latency = 2.6",
        RIGHT + "[rr_latency]\nseconds = 2.6",
        RIGHT + "[rr_latency]\nseconds = -1\nsource = 'me'",
        RIGHT + "links = 'two'",
        RIGHT + "order = 'first'",
        RIGHT.replace("name = ", "name = 3 #"),
        RIGHT + "[[quirks]]\ncode = 'odd'\nsays = 'It is odd.'\nsource = 'I saw it'",
        RIGHT + "[[quirks]]\ncode = 'no-rr'\nsays = 'It has none.'",
        RIGHT + "[[",
    ],
)
def test_a_profile_that_is_not_right_is_refused(wrong, tmp_path):
    with pytest.raises(ProfileError) as refusal:
        load(own(tmp_path, "mine", wrong))
    assert "profile.toml" in str(refusal.value)


def test_a_persons_own_profiles_are_tried_first(tmp_path):
    own(tmp_path, "late", RIGHT.replace("Mine \\d+", "Polar .*") + "order = 5")
    own(tmp_path, "early", RIGHT.replace("Mine \\d+", "Polar H10 .*") + "order = -5")
    profiles = load_all(tmp_path)
    assert profile_named("Polar H10 12345678", profiles).id == "early"
    assert profile_named("Polar H9 12345678", profiles).id == "late"
    assert profile_named("HRM-Dual:123456", profiles).id == "garmin-hrm-dual"
    assert profiles[-1].id == GENERIC


def test_a_persons_own_profile_replaces_the_one_of_the_same_name(tmp_path):
    own(
        tmp_path,
        "polar-h9",
        RIGHT.replace("Mine \\d+", "Polar H9 .*") + "[rr_latency]\nseconds = 2\nsource = 'me'",
    )
    profiles = load_all(tmp_path)
    assert len(profiles) == len(PROFILES)
    assert profile_named("Polar H9 12345678", profiles).rr_latency_s == 2.0


def test_a_folder_that_is_not_there_adds_nothing(tmp_path):
    assert load_all(tmp_path / "nowhere") == PROFILES


def test_the_page_about_straps_says_what_the_profiles_say():
    page = (ROOT / "docs" / "straps.md").read_text(encoding="utf-8")
    spec = importlib.util.spec_from_file_location("make_straps", ROOT / "docs" / "make_straps.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    assert page == made.page(page), "uv run python docs/make_straps.py"
