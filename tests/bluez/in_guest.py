"""Runs inside the guest: every fault on real BlueZ, then the command line. A line of JSON for each."""

import asyncio
import json
import os
import signal
import sys
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from tests.air.faults import FAULTS
from tests.bluez.machine import Machine, machine, shell, until

from breathsync.clock import stopwatch
from breathsync.devices import heart_rate
from breathsync.devices.polar import Measurement
from breathsync.events import Notification, StrapState
from breathsync.session.replay import RecordingReader

STRAP = "Polar H10 12345678"
TIMES = 3
_LOCKED_OUT = (
    """<busconfig><policy user="nobody"><deny send_destination="org.bluez"/></policy></busconfig>"""
)
_CLI = f"{sys.executable} -m breathsync"

Story = Callable[[Machine], Awaitable[dict[str, Any]]]
STORIES: dict[str, Story] = {}


def story(name: str) -> Callable[[Story], Story]:
    def keep(told: Story) -> Story:
        STORIES[name] = told
        return told

    return keep


def held(there: Machine, **options: Any) -> Any:
    return there.hold(STRAP, Path(f"/tmp/{len(there.sessions)}-{stopwatch()}.jsonl"), **options)


async def tally(there: Machine) -> dict[str, Any]:
    """End the session; what the strap sent on a link, what was kept, what became beats."""
    await there.be_quiet()
    await asyncio.sleep(0.3)
    session = there.sessions[-1]
    await session.end()
    kept, sent = session.kept(), list(there.strap.on_the_link)
    rest = iter(sent)
    in_order = all(any(packet == one for one in rest) for packet in kept)
    intervals = sum(len(heart_rate.decode(packet).rr_ticks) for packet in kept)
    for strap in there.straps:
        strap.silent = False
    return {
        "sent": len(sent),
        "kept": len(kept),
        "in_order_and_once": in_order,
        "beats_missing": intervals - len(session.beats),
        "doubled": session.doubled(),
    }


def _fault_story(name: str) -> Story:
    async def told(there: Machine) -> dict[str, Any]:
        await there.bring(every_s=0.2)
        session = held(there)
        took = []
        for _ in range(TIMES):
            await session.streaming()
            await asyncio.sleep(0.5)
            took.append(round(await FAULTS[name].story(there), 2))
        return {"took_s": took, **await tally(there)}

    return told


for _name in FAULTS:
    STORIES[_name] = _fault_story(_name)


@story("bluetoothd killed")
async def killed(there: Machine) -> dict[str, Any]:
    await there.bring(every_s=0.2)
    session, took, noticed = held(there), [], []
    for _ in range(2):
        await session.streaming()
        began, losses = stopwatch(), session.count(StrapState.LOST)
        await there.kill_service()
        await until(lambda losses=losses: session.count(StrapState.LOST) > losses)
        noticed.append(round(stopwatch() - began, 2))
        await asyncio.sleep(3)
        back = stopwatch()
        await there.start_service()
        await session.streaming()
        took.append(round(stopwatch() - back, 2))
    return {"took_s": took, "noticed_s": noticed, "reasons": session.reasons, **await tally(there)}


@story("streams")
async def streams(there: Machine) -> dict[str, Any]:
    strap = await there.bring()
    session = held(there, streams=("ecg", "acc"))
    await session.streaming()
    await until(lambda: len(session.packets("fb005c82")) > 20)
    there.air.end_links(strap.controller)
    frames = len(session.packets("fb005c82"))
    await until(lambda: len(session.packets("fb005c82")) > frames + 20)
    ran = strap.peripheral.polar.running == {Measurement.ECG, Measurement.ACCELERATION}
    result = await tally(there)
    return {"ran": ran, "left_running": len(strap.peripheral.polar.running), **result}


@story("two programs")
async def two(there: Machine) -> dict[str, Any]:
    from tests.air.others import another_program

    strap = await there.bring()
    other = await another_program(there.air)
    await other.connect(strap.peripheral.address)
    await strap.peripheral.advertise()
    session = held(there)
    await session.streaming()
    await asyncio.sleep(5)
    return await tally(there)


@story("taken by another program")
async def taken(there: Machine) -> dict[str, Any]:
    """It does not advertise while somebody has it; it is held as soon as it is free."""
    from tests.air.others import another_program

    strap = await there.bring(every_s=0.2)
    other = await another_program(there.air)
    theirs = await other.connect(strap.peripheral.address)
    session = held(there)
    await asyncio.sleep(25)
    waiting = session.state is StrapState.SEARCHING
    there.air.watch_for(strap.controller)
    await theirs.disconnect()
    again = await session.streaming()
    took = again - there.air.first_advertised[strap.controller]
    return {"waited": waiting, "took_s": [round(took, 2)], **await tally(there)}


@story("odd packets")
async def odd(there: Machine) -> dict[str, Any]:
    """Malformed ones, some without RR, four alike in 16 ms, contact, battery: all arrive as they are."""
    strap = await there.bring()
    session = held(there)
    await session.streaming()
    for payload in (b"", b"\x10", b"\x10\x3c\x01", b"\x01\x3c", bytes(19) + b"\xff", b"\xff" * 20):
        await strap.send(payload)
    strap.silent = True
    await asyncio.sleep(3.6)
    for _ in range(4):
        await strap.send_beats([920])
        await asyncio.sleep(0.004)
    strap.silent = False
    for strap.contact in (True, False, None):
        await session.streaming()
    strap.with_rr = False
    await asyncio.sleep(8)
    strap.with_rr = True
    await strap.peripheral.set_battery(7)
    await until(lambda: b"\x07" in session.packets("2a19"))
    return {"losses": session.count(StrapState.LOST), **await tally(there)}


@story("bursty radio")
async def bursty(there: Machine) -> dict[str, Any]:
    await there.bring(every_s=0.5)
    session = held(there)
    await session.streaming()
    there.air.late_s, there.air.jitter_s = 0.05, 0.3
    await asyncio.sleep(20)
    there.air.late_s = there.air.jitter_s = 0.0
    await asyncio.sleep(1)
    return {"losses": session.count(StrapState.LOST), **await tally(there)}


@story("lossy radio")
async def lossy(there: Machine) -> dict[str, Any]:
    """One packet in ten is lost for good, of connects and reads as well: harsher than a real link."""
    await there.bring(every_s=0.5)
    session = held(there)
    await session.streaming()
    there.air.lost_share = 0.1
    await asyncio.sleep(20)
    there.air.lost_share = 0.0
    await session.streaming()
    return await tally(there)


@story("scan")
async def scan(there: Machine) -> dict[str, Any]:
    await there.bring(strength_dbm=-67)
    return {"said": await shell(f"{_CLI} scan --seconds 3; echo rc $?")}


async def _program(*arguments: str) -> asyncio.subprocess.Process:
    """`breathsync` running beside the story; nobody watches what it draws."""
    nobody = asyncio.subprocess.DEVNULL
    command = [sys.executable, "-m", "breathsync", *arguments]
    return await asyncio.create_subprocess_exec(*command, stdin=nobody, stdout=nobody)


def _packets(file: Path) -> list[bytes]:
    inputs = RecordingReader(file).inputs()
    return [n.payload for n in inputs if isinstance(n, Notification) and n.characteristic == "2a37"]


def _places(kept: list[bytes], sent: list[bytes]) -> list[int]:
    """Where each packet that was kept stands among those that were sent, in order and once."""
    places, place = [], -1
    for packet in kept:
        if packet not in sent[place + 1 :]:
            break
        place = sent.index(packet, place + 1)
        places.append(place)
    return places


@story("live")
async def live(there: Machine) -> dict[str, Any]:
    """The command line for twenty seconds, with a lost link in it."""
    strap, file = await there.bring(every_s=0.2), Path(f"/tmp/live-{stopwatch()}.jsonl")
    options = f"--no-screen --accept --seconds 20 --device '{STRAP}' --code-name Willow -o {file}"
    command = f"{_CLI} live {options}; echo rc $?"
    running = asyncio.create_task(shell(command))
    await until(lambda: len(strap.on_the_link) > 30)
    there.air.end_links(strap.controller)
    said = await running
    kept, rest = _packets(file), list(strap.on_the_link)
    places = _places(kept, rest)
    return {
        "said": said,
        "sent": len(rest),
        "kept": len(kept),
        "in_order_and_once": len(places) == len(kept),
        "missing_between": places[-1] - places[0] + 1 - len(places),
        "links_left": len(strap.peripheral.links),
        "info": await shell(f"{_CLI} info {file}"),
    }


@story("live, ended by Ctrl-C and by kill")
async def interrupted(there: Machine) -> dict[str, Any]:
    strap, left = await there.bring(every_s=0.2), []
    for way_out in (signal.SIGINT, signal.SIGTERM):
        file = Path(f"/tmp/out-{stopwatch()}.jsonl")
        arguments = [
            "live",
            "--no-screen",
            "--accept",
            "--streams",
            "hr,ecg,acc",
            "--device",
            STRAP,
            "-o",
            str(file),
        ]
        program = await _program(*arguments)
        await until(lambda: len(strap.peripheral.polar.running) == 2)
        await asyncio.sleep(1)
        program.send_signal(way_out)
        code = await program.wait()
        reader = RecordingReader(file)
        list(reader.inputs())
        streams = len(strap.peripheral.polar.running)
        left.append([code, reader.ended, streams, len(strap.peripheral.links)])
    return {"left": left}


@story("live, killed with -9 and begun again")
async def crashed(there: Machine) -> dict[str, Any]:
    """BlueZ keeps the link of a program that died: the strap does not advertise, and is found."""
    strap = await there.bring(every_s=0.2)
    arguments = ["live", "--no-screen", "--accept", "--streams", "hr,ecg", "--device", STRAP, "-o"]
    first = await _program(*arguments, f"/tmp/a-{stopwatch()}.jsonl")
    await until(lambda: strap.peripheral.polar.running)
    await asyncio.sleep(2)
    first.kill()
    await first.wait()
    await asyncio.sleep(1)
    links, file = len(strap.peripheral.links), Path(f"/tmp/b-{stopwatch()}.jsonl")
    second = await _program(*arguments, str(file))
    await until(lambda: file.exists() and len(_packets(file)) > 10, 90)
    streaming = bool(strap.peripheral.polar.running)
    second.send_signal(signal.SIGINT)
    await second.wait()
    return {"links_after_crash": links, "streaming_again": streaming, "packets": len(_packets(file))}


@story("doctor")
async def doctor(there: Machine) -> dict[str, Any]:
    """Ready; not allowed, as another user; off; no adapter; no service."""
    said = {"ready": await shell(f"{_CLI} doctor; echo rc $?")}
    await shell(
        f"echo '{_LOCKED_OUT}' > /etc/dbus-1/system.d/locked-out.conf; kill -HUP $(pidof dbus-daemon)"
    )
    other = "setpriv --reuid nobody --clear-groups env HOME=/tmp"
    said["not allowed"] = await shell(f"{other} {_CLI} doctor; echo rc $?")
    said["not allowed, live"] = await shell(f"{other} {_CLI} live --no-screen; echo rc $?")
    await there.bluetooth_off()
    said["off"] = await shell(f"{_CLI} doctor; echo rc $?")
    said["off, live"] = await shell(f"{_CLI} live --no-screen; echo rc $?")
    await there.unplug()
    await asyncio.sleep(1)
    said["unplugged"] = await shell(f"{_CLI} doctor; echo rc $?")
    await there.kill_service()
    said["no service"] = await shell(f"{_CLI} doctor; echo rc $?")
    await there.wake_service()
    await there.plug()
    return {"said": said}


@story("pairing with an agent")
async def paired(there: Machine) -> dict[str, Any]:
    """The last one: Debian's kernel 6.1.0-56 falls over (hci_chan_del) when such a link is put away."""
    await there.bring(needs_pairing=True)
    agent = await asyncio.create_subprocess_shell(
        "(sleep 1; echo default-agent; while sleep 1; do echo yes; done) | bluetoothctl -a NoInputNoOutput",
        stdout=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    await asyncio.sleep(2)
    began = stopwatch()
    session = held(there)
    await session.streaming()
    took = round(stopwatch() - began, 2)
    os.killpg(agent.pid, signal.SIGKILL)
    return {"took_s": [took], **await tally(there)}


async def tell(name: str) -> dict[str, Any]:
    began, there = stopwatch(), None
    try:
        async with machine() as there:
            result = await asyncio.wait_for(STORIES[name](there), 240)
    except BaseException as problem:  # the next story is told all the same
        traceback.print_exc()
        for session in there.sessions if there else ():
            print(*session.statuses[-12:], sep="\n")
        result = {"problem": repr(problem)[:500]}
    return {"story": name, "seconds": round(stopwatch() - began, 1), **result}


def main() -> None:
    """Tell every story, or those that are named."""
    for name in sys.argv[1:] or STORIES:
        result = asyncio.run(tell(name))
        print(json.dumps(result)[:1500], flush=True)
        with Path(os.environ.get("RESULTS", "results.jsonl")).open("a", encoding="utf-8") as out:
            out.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
