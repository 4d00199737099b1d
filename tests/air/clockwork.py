"""An event loop whose time jumps to whatever is waited for: hours of Bluetooth in seconds."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any


class _Jump(selectors.SelectSelector):
    """Waits for nothing: tells the loop how far its time may jump instead."""

    loop: "Clockwork"

    def select(self, timeout: float | None = None) -> list[Any]:
        ready = super().select(0)
        if not ready and timeout:
            self.loop.ahead += timeout
        if not ready and timeout is None:
            raise RuntimeError("everybody waits, and nothing will ever happen")
        return ready


class Clockwork(asyncio.SelectorEventLoop):
    """Time stands still while anything runs, and jumps when all wait."""

    def __init__(self) -> None:
        self.ahead = 0.0
        selector = _Jump()
        selector.loop = self
        super().__init__(selector)

    def time(self) -> float:
        return self.ahead


def run(story: Coroutine[Any, Any, Any]) -> Any:
    """Run it to its end in clockwork time."""
    with asyncio.Runner(loop_factory=Clockwork) as runner:
        return runner.run(story)
