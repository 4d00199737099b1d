"""Being a strap: what a recording's strap sent goes over the air, and is heard and recorded alike."""

import socket
import subprocess
import sys

import pytest

pytest.importorskip("bumble", reason="bumble is not installed (extra `bumble`)")

from bumble.transport import open_transport
from tests.air.backend import virtual_bluetooth
from tests.air.clockwork import run
from tests.air.room import Session, room, until

from breathsync.clock import LoopClock
from breathsync.devices.bluetooth import Radio
from breathsync.devices.peripheral import Peripheral, PeripheralSettings
from breathsync.devices.virtual_air import VirtualController
from breathsync.events import EcgSamples, Notification, StrapState
from breathsync.session import on_the_air, simulation
from breathsync.session.pipeline import Pipeline
from breathsync.session.recorder import made_recording
from breathsync.session.replay import RecordingReader
from breathsync.session.sitting import Sitting


def recording(folder, scenario, seconds):
    file, what = folder / f"{scenario}.jsonl", simulation.scenario_named(scenario)
    with made_recording(file, simulation.header_of(what, 1)) as recorder:
        simulation.simulate(what, 1, Sitting(Pipeline([])), recorder, seconds)
    return file


def payloads(file, characteristic="2a37"):
    inputs = RecordingReader(file).inputs()
    return [n.payload for n in inputs if isinstance(n, Notification) and n.characteristic == characteristic]


def play(folder, scenario, seconds, streams=()):
    """Played in a room and heard by a session: what was to be sent, the session, its ECG."""
    source = recording(folder, scenario, seconds)

    async def story():
        async with room() as there:
            there_is = on_the_air.content(RecordingReader(source).inputs())
            strap = Peripheral(VirtualController("strap", there.air), PeripheralSettings(there_is.name))
            await strap.power_on()
            session = there.hold("any", folder / "heard.jsonl", streams=streams)
            ecg = []
            hear = session.live._sitting._listeners
            session.live._sitting._listeners = (
                *hear,
                lambda at, event: ecg.append(event) if isinstance(event, EcgSamples) else None,
            )
            await until(lambda: session.count(StrapState.CONNECTED))
            await until(lambda: len(strap.polar.running) == len(streams))
            played = await on_the_air.play(RecordingReader(source).inputs(), strap, LoopClock())
            await session.end()
            return session, played, ecg

    return payloads(source), *run(story())


def test_every_packet_of_a_recording_is_heard_byte_for_byte(tmp_path):
    sent, session, played, _ = play(tmp_path, "steady-practice", 60.0)
    assert len(sent) > 58
    assert session.kept() == sent
    assert (played.packets, played.unheard) == (len(sent), 0)


def test_ecg_and_acceleration_go_over_the_air_as_real_frames(tmp_path):
    _, session, _, ecg = play(tmp_path, "ecg-practice", 30.0, streams=("ecg", "acc"))
    assert session.packets("fb005c82") == payloads(tmp_path / "ecg-practice.jsonl", "fb005c82")
    assert sum(len(event.microvolts) for event in ecg) > 25 * 130


def test_a_link_that_was_lost_in_the_recording_is_lost_again(tmp_path):
    _, session, _, _ = play(tmp_path, "patchy-signal", 300.0)
    lost = RecordingReader(tmp_path / "patchy-signal.jsonl").inputs()
    times = sum(getattr(event, "state", None) is StrapState.LOST for event in lost)
    assert times >= 1
    assert session.count(StrapState.LOST) == times


@pytest.mark.parametrize("words", [["--dongle", "usb:99"], ["--virtual", "nothing:1"]])
def test_a_dongle_that_is_not_there_is_said_in_a_line(tmp_path, words):
    file = recording(tmp_path, "steady-practice", 5.0)
    command = [sys.executable, "-m", "breathsync", "strap", str(file), *words]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert "cannot be opened" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_another_process_hears_the_command_over_a_virtual_link(tmp_path):
    """The command in a process of its own; this one hears it through HCI over TCP, in real time."""
    import asyncio

    file = recording(tmp_path, "steady-practice", 4.0)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "breathsync", "strap", str(file), "--name", "HRM-Dual:123456"]
    command += ["--virtual", f"tcp-server:127.0.0.1:{port}"]
    strap = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert "HRM-Dual:123456 is here" in strap.stdout.readline()

    async def listen():
        async with await open_transport(f"tcp-client:127.0.0.1:{port}") as link:
            with virtual_bluetooth(link.source, link.sink):
                session = Session(Radio(), "HRM-Dual:123456", tmp_path / "heard.jsonl")
                await until(lambda: session.packets() == payloads(file), 30)
                await session.end()
                assert session.kept() == payloads(file)

    asyncio.run(listen())
    said, _ = strap.communicate(timeout=20)
    assert strap.returncode == 0
    assert f"{len(payloads(file))} packets sent, 0 of them" in said
