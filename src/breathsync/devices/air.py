"""What holding a strap asks of a radio: to hear, to connect, to talk. `bluetooth.py` has one that does."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from breathsync.devices.finding import Sighting


@dataclass(frozen=True, slots=True)
class Heard:
    """A sighting, and the handle by which the radio that heard it can connect."""

    seen: Sighting
    handle: object


class Link(Protocol):
    """One connection; services and characteristics are short (`180d`, `2a37`)."""

    def offers(self, service: str, characteristic: str) -> bool:
        """Whether the strap has it."""

    async def subscribe(self, service: str, characteristic: str, take: Callable[[bytes], None]) -> None:
        """Be told of every notification or indication: once for a connection, no more."""

    async def read(self, service: str, characteristic: str) -> bytes:
        """Ask for a value."""

    async def write(self, service: str, characteristic: str, payload: bytes) -> None:
        """Write a value and wait until the strap has it."""


class Air(Protocol):
    """Who hears straps and connects to them."""

    async def find(self, accepts: Callable[[Sighting], bool], began: Callable[[], None]) -> Heard:
        """Wait for a device that is accepted, for ever; `began` is called when it can be heard.

        Raises what keeps this machine from hearing, and what `accepts` raises.
        """

    def connect(self, heard: Heard, gone: Callable[[], None]) -> AbstractAsyncContextManager[Link]:
        """A connection, ended in every case; `gone` is called when the link is lost."""

    def trouble_of(self, problem: BaseException) -> str:
        """A code for what went otherwise than hoped."""
