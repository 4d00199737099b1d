"""How a strap is held: states, watchdogs and pauses. Pure: time is an argument, nothing waits here.

A link may die without a word (a service that crashed never says so), so data is watched, stream by stream.
Pauses come after connects that came to nothing and nowhere else: a strap that was lost is looked for at
once, for as long as its wearer wants.
"""

from dataclasses import dataclass, field

from breathsync.events import StrapState

CONNECT_S = 30.0  # an H10 on BlueZ takes up to 20 s to be discovered (bleak #1841)
DISCONNECT_S = 3.0  # BlueZ takes 2; a dead service would take 10
READ_S = 5.0
FIRST_PACKET_S = 30.0
SILENT_S = 5.0
NO_RADIO_PAUSE_S = 0.5
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 10.0
MOST_LAG_S = 3.0
_CLOCKS_DIFFER = 0.005

HEART_RATE = "2a37"


@dataclass(frozen=True, slots=True)
class Change:
    """How the strap stands to us now, and why if there is a reason."""

    state: StrapState
    reason: str | None = None


class Holding:
    """Follows one strap through its connections and says what to tell of it, each change once."""

    def __init__(self) -> None:
        self.pause_s = 0.0
        self._failed = 0
        self.told = Change(StrapState.SEARCHING)

    def looking(self, reason: str | None = None) -> Change | None:
        """The strap is looked for; with a reason, it cannot be."""
        return self._tell(Change(StrapState.SEARCHING, reason))

    def connecting(self) -> Change | None:
        """It was seen and is being connected."""
        return self._tell(Change(StrapState.CONNECTING))

    def connected(self) -> Change | None:
        """The link stands."""
        return self._tell(Change(StrapState.CONNECTED))

    def heard(self) -> None:
        """Data came: this connect was not in vain."""
        self._failed = 0
        self.pause_s = 0.0

    def over(self, reason: str) -> Change | None:
        """The link is gone, or never stood. `pause_s` says how long to wait before the next connect."""
        if self.told.state is StrapState.LOST:
            return None
        stood = self.told.state is StrapState.CONNECTED
        return self._tell(Change(StrapState.LOST if stood else StrapState.SEARCHING, reason))

    def attempt(self) -> None:
        """A connect begins: until data comes it counts as one that failed."""
        self._failed += 1
        self.pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** (self._failed - 1))

    def _tell(self, change: Change) -> Change | None:
        if change == self.told:
            return None
        self.told = change
        return change


@dataclass(slots=True)
class _Stream:
    heard_s: float
    allowed_s: float
    then_s: float


@dataclass(slots=True)
class Watchdog:
    """Notices streams that fell silent: up to half a minute to the first packet, then five seconds."""

    _streams: dict[str, _Stream] = field(default_factory=dict)

    def expect(self, stream: str, now: float, then_s: float = SILENT_S) -> None:
        """From now on packets of this stream are due."""
        self._streams[stream] = _Stream(now, FIRST_PACKET_S, then_s)

    def heard(self, stream: str, now: float) -> None:
        """A packet came."""
        if (watched := self._streams.get(stream)) is not None:
            watched.heard_s = now
            watched.allowed_s = watched.then_s

    def forget(self, stream: str) -> None:
        """No packets are due any more."""
        self._streams.pop(stream, None)

    def silent(self, now: float) -> list[str]:
        """Streams whose next packet is overdue."""
        return [name for name, s in self._streams.items() if now >= s.heard_s + s.allowed_s]

    def look_again_s(self, now: float) -> float:
        """Seconds until it is time to look again; a first packet makes the next one due sooner."""
        due = (min(s.heard_s + s.allowed_s - now, s.then_s) for s in self._streams.values())
        return max(0.0, min(due, default=SILENT_S))


class LagWatch:
    """Notices a stream that falls behind, by what its own clock says of its samples.

    Clocks of straps start anywhere and run up to half a percent wide of ours, so the least
    (arrival - sample time) counts as in time, and may rise that slowly.
    """

    def __init__(self) -> None:
        self._in_time_s: float | None = None
        self._arrived_s = 0.0

    def lags(self, arrival_s: float, sample_s: float) -> bool:
        """Whether this packet lies so far behind that the stream should be started anew."""
        behind_s = arrival_s - sample_s
        if self._in_time_s is None:
            self._in_time_s = behind_s
        rise_s = _CLOCKS_DIFFER * (arrival_s - self._arrived_s)
        self._in_time_s = min(behind_s, self._in_time_s + rise_s)
        self._arrived_s = arrival_s
        return behind_s - self._in_time_s > MOST_LAG_S
