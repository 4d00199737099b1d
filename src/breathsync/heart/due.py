"""When a measure of the last seconds can be taken: not at its moment, but once all its beats are known.

Beats become final some seconds after they happened. A measure that speaks about a moment waits until a
beat beyond that moment is final, or so long that none can come any more.
"""

from collections import deque
from collections.abc import Sequence

from breathsync.events import Beat, Event, SessionEnded, Tick

KNOWN_WITHIN_S = 8.0  # a strap's delay, a packet and two beats


class Due:
    """Moments on a grid of whole seconds, each given once, when its beats are known."""

    def __init__(self, every_s: int) -> None:
        self._every_s = every_s
        self._waiting: deque[float] = deque()
        self._known_s = float("-inf")

    def after(self, event: Event) -> Sequence[float]:
        """The moments that can be spoken about after this event."""
        match event:
            case Tick(time):
                if time % self._every_s == 0:
                    self._waiting.append(time)
                self._known_s = max(self._known_s, time - KNOWN_WITHIN_S)
            case Beat(time):
                self._known_s = max(self._known_s, time)
            case SessionEnded():
                self._known_s = float("inf")
            case _:
                return ()
        moments = []
        while self._waiting and self._waiting[0] <= self._known_s:
            moments.append(self._waiting.popleft())
        return moments
