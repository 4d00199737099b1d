"""Plays what a recording's strap sent through a virtual strap, packet by packet, at its own pace."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from breathsync.clock import Clock
from breathsync.events import Input, Notification, SessionEnded, StrapState, StrapStatus

_HEART_RATE, _FRAMES, _BATTERY = "2a37", "fb005c82", "2a19"


class Strap(Protocol):
    """What a virtual strap can do: `devices/peripheral.py` is one."""

    @property
    def links(self) -> list[object]:
        """Connections that stand."""

    async def send(self, payload: bytes) -> None:
        """Notify a heart-rate measurement."""

    async def send_frame(self, payload: bytes) -> None:
        """Notify a frame of samples, where its stream was started."""

    async def set_battery(self, percent: int) -> None:
        """The battery has changed."""

    async def hang_up(self) -> None:
        """End each connection."""


@dataclass(slots=True)
class Played:
    """How many packets were played, and how many of them nobody could hear."""

    packets: int = 0
    unheard: int = 0


def sent_by_strap(inputs: Iterable[Input]) -> Iterator[Input]:
    """What a strap sent, and when its link was lost; the rest of a session is left out."""
    return (event for event in inputs if isinstance(event, Notification | StrapStatus | SessionEnded))


@dataclass(slots=True)
class Content:
    """What is in a recording for a strap to play: its name, whether frames are there, how long it lasts."""

    name: str | None = None
    packets: int = 0
    frames: int = 0
    length_s: float = 0.0


def content(inputs: Iterable[Input]) -> Content:
    """Look through a recording."""
    found = Content()
    for event in sent_by_strap(inputs):
        found.length_s = event.time
        if isinstance(event, StrapStatus):
            found.name = found.name or event.name
        elif isinstance(event, Notification):
            found.packets += 1
            found.frames += event.characteristic == _FRAMES
    return found


async def play(inputs: Iterable[Input], strap: Strap, clock: Clock, seconds: float | None = None) -> Played:
    """Until the recording is over, or for so many seconds. A link that was lost then is lost now."""
    played = Played()
    for event in sent_by_strap(inputs):
        if seconds is not None and event.time > seconds:
            break
        await clock.sleep_until(event.time)
        match event:
            case StrapStatus(state=StrapState.LOST):
                await strap.hang_up()
            case Notification(characteristic=characteristic, payload=payload):
                played.packets += 1
                played.unheard += not strap.links
                await _send(strap, characteristic, payload)
    return played


async def _send(strap: Strap, characteristic: str, payload: bytes) -> None:
    if characteristic == _HEART_RATE:
        await strap.send(payload)
    elif characteristic == _FRAMES:
        await strap.send_frame(payload)
    elif characteristic == _BATTERY and len(payload) == 1:
        await strap.set_battery(payload[0])
