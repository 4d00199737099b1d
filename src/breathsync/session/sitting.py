"""One person's session as a plain function of its inputs: ticks between them, events out.

Live, replay and simulation all push into this. An input that carries a time first lets every tick up to
that time pass, then enters the pipeline; so the same inputs give the same events, however fast they come.
"""

from collections.abc import Callable, Iterable

from breathsync.events import Event, Input, SessionEnded, Tick
from breathsync.session.pipeline import Stage

TICKS_PER_SECOND = 4

Listener = Callable[[float, Event], None]
"""Called with the session time at which an event became known, and the event: an input, or derived."""


class Sitting:
    """Pushes inputs and ticks through a pipeline, and tells listeners what follows."""

    def __init__(self, pipeline: Stage, listeners: Iterable[Listener] = ()) -> None:
        self._pipeline = pipeline
        self._listeners = list(listeners)
        self._ticks = 0
        self.now = 0.0

    def add_listener(self, listener: Listener) -> None:
        """Tell one more of what follows from now on."""
        self._listeners.append(listener)

    def push(self, event: Input) -> None:
        """Take an input, at its time or (for what a guide plans ahead or behind) as soon as known."""
        self.advance(event.time)
        self.tell(event)
        self._pass_on(event)

    def advance(self, now: float) -> None:
        """Let session time come to `now`."""
        while self._ticks / TICKS_PER_SECOND <= now:
            self.now = max(self.now, self._ticks / TICKS_PER_SECOND)
            self._ticks += 1
            self._pass_on(Tick(self.now))
        self.now = max(self.now, now)

    def end(self, now: float) -> None:
        """Nothing more will come after `now`."""
        self.push(SessionEnded(now))

    def tell(self, event: Event) -> None:
        """Let the listeners know of something that does not enter the pipeline."""
        for listener in self._listeners:
            listener(self.now, event)

    def _pass_on(self, event: Event) -> None:
        for derived in self._pipeline.push(event):
            self.tell(derived)
