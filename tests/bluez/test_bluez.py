"""Every fault, and the command line, on the real Linux Bluetooth stack in a guest: `pytest -m bluez`.

Built once with `tests/bluez/guest/build.sh FOLDER`; `BREATHSYNC_GUEST` names that folder. One boot tells
all stories, which takes about ten minutes.
"""

import json
import os
import shutil
import statistics
import subprocess
from pathlib import Path

import pytest

pytest.importorskip("bumble", reason="bumble is not installed (extra `bumble`)")

from tests.air.faults import FAULTS

ROOT = Path(__file__).parents[2]
GUEST = Path(os.environ.get("BREATHSYNC_GUEST", ROOT / "build" / "guest"))
BOOT_AND_STORIES_S = 1800
ON_A_LINK = {"link loss", "strap hangs up", "out of range", "not advertising for 40 s"}
EXPECTED = {
    name: (1.5, 4.0) if name in ON_A_LINK else (f.median_s, f.worst_s) for name, f in FAULTS.items()
}

pytestmark = pytest.mark.bluez


@pytest.fixture(scope="session")
def told():
    """What became of each story."""
    if not (GUEST / "root.img").exists():
        pytest.skip(f"no guest at {GUEST}: tests/bluez/guest/build.sh {GUEST}")
    if shutil.which("qemu-system-x86_64") is None:
        pytest.skip("qemu-system-x86_64 is not installed")
    share = GUEST / "share"
    shutil.rmtree(share, ignore_errors=True)
    for folder in ("src", "devices", "tests/air", "tests/bluez"):
        shutil.copytree(ROOT / folder, share / folder)
    (share / "job.sh").write_text(
        "cp -r src devices tests /tmp/\n"
        "export PYTHONPATH=/tmp/src:/tmp RESULTS=$PWD/results.jsonl\n"
        "cd /tmp && python3 -m tests.bluez.in_guest\n"
    )
    run = [str(ROOT / "tests/bluez/guest/run.sh"), str(GUEST), str(BOOT_AND_STORIES_S)]
    said = subprocess.run(run, capture_output=True, text=True, check=False)
    (share / "console.log").write_text(said.stdout + said.stderr)
    results = share / "results.jsonl"
    assert results.exists(), said.stdout[-3000:]
    rows = [json.loads(line) for line in results.read_text().splitlines()]
    return {row["story"]: row for row in rows}


@pytest.fixture
def story(told, record_property):
    def tell(name):
        assert name in told, "the guest did not come so far"
        record_property(name, told[name])
        assert "problem" not in told[name], told[name]
        return told[name]

    return tell


def check_beats(result, *, unheard=0):
    """Each packet once and in order; all but those that the strap sent into a link that was dead."""
    assert result["in_order_and_once"]
    assert result["sent"] - result["kept"] <= unheard
    assert (result["beats_missing"], result["doubled"]) == (0, 0)


@pytest.mark.parametrize("name", FAULTS)
def test_after_a_fault_it_streams_again_in_time(name, story):
    result = story(name)
    median_s, worst_s = EXPECTED[name]
    assert statistics.median(result["took_s"]) <= median_s
    assert max(result["took_s"]) <= worst_s
    check_beats(result, unheard=len(result["took_s"]))  # what is on its way when a link ends


def test_a_killed_bluetooth_service_is_noticed_and_streams_again_when_it_is_back(story):
    result = story("bluetoothd killed")
    assert max(result["noticed_s"]) <= 7
    assert max(result["took_s"]) <= 15
    check_beats(result, unheard=10_000)  # what comes while nobody serves the link is lost


def test_ecg_and_acceleration_stream_over_a_lost_link_and_are_stopped_at_the_end(story):
    result = story("streams")
    assert result["ran"]
    assert result["left_running"] == 0
    check_beats(result)


def test_two_programs_can_have_one_strap(story):
    check_beats(story("two programs"))


def test_a_strap_that_is_taken_is_waited_for_and_held_when_it_is_free(story):
    result = story("taken by another program")
    assert result["waited"]
    assert max(result["took_s"]) <= 4
    check_beats(result)


@pytest.mark.parametrize("name", ["odd packets", "bursty radio"])
def test_whatever_arrives_is_recorded_as_it_came_and_the_link_stands(name, story):
    result = story(name)
    assert result["losses"] == 0
    check_beats(result)


def test_lost_packets_leave_gaps_and_every_delivered_one_counts_once(story):
    result = story("lossy radio")
    assert result["kept"] < result["sent"]
    check_beats(result, unheard=15)


def test_a_strap_that_wants_pairing_is_paired_where_an_agent_says_yes(story):
    check_beats(story("pairing with an agent"))


def test_scan_lists_the_strap(story):
    said = story("scan")["said"]
    assert "12345678" in said
    assert "fair (-67 dBm)" in said
    assert "rc 0" in said


def test_live_records_over_a_lost_link(story):
    result = story("live")
    assert "rc 0" in result["said"]
    assert "Traceback" not in result["said"]
    assert result["in_order_and_once"]
    assert result["missing_between"] <= 1  # what is on its way when the link ends
    assert result["links_left"] == 0
    assert "Willow" in result["info"]


def test_live_stops_streams_and_link_when_it_is_ended_by_a_signal(story):
    for code, recording_ended, streams, links in story("live, ended by Ctrl-C and by kill")["left"]:
        assert (code, recording_ended, streams, links) == (130, True, 0, 0)


def test_live_finds_a_strap_whose_link_a_killed_program_left_behind(story):
    result = story("live, killed with -9 and begun again")
    assert result["streaming_again"]
    assert result["packets"] > 10


def test_doctor_says_how_things_stand_and_what_to_do(story):
    said = story("doctor")["said"]
    assert "Bluetooth is ready" in said["ready"]
    assert "usermod -aG bluetooth" in said["not allowed"]
    assert "Bluetooth is not allowed" in said["not allowed, live"]
    assert "bluetoothctl power on" in said["off"]
    assert "Bluetooth is off" in said["off, live"]
    assert "No Bluetooth adapter here" in said["unplugged"]
    assert "systemctl" in said["no service"]
    assert [words.strip()[-4:] for words in said.values()] == ["rc 0"] + ["rc 2"] * 6
