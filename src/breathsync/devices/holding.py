"""How a strap is held: states, watchdogs and pauses. Pure: time is an argument, nothing waits here.

A link may die without a word (a service that crashed never says so), so the heart rate is watched; ECG and
acceleration are watched by whoever talks to their control point.
Pauses come after connects that came to nothing and nowhere else: a strap that was lost is looked for at
once, for as long as its wearer wants.
"""

from dataclasses import dataclass

from breathsync.events import StrapState

CONNECT_S = 30.0  # an H10 on BlueZ takes up to 20 s to be discovered (bleak #1841)
DISCONNECT_S = 3.0  # BlueZ takes 2; a dead service would take 10
READ_S = 5.0
FIRST_PACKET_S = 30.0
SILENT_S = 5.0
NO_RADIO_PAUSE_S = 0.5
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 10.0

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


class Watchdog:
    """Notices that a stream fell silent: half a minute to its first packet, then five seconds."""

    def __init__(self, now: float) -> None:
        self._heard_s = now
        self._allowed_s = FIRST_PACKET_S

    def heard(self, now: float) -> None:
        """A packet came."""
        self._heard_s, self._allowed_s = now, SILENT_S

    def is_silent(self, now: float) -> bool:
        """Whether the next packet is overdue."""
        return now >= self._heard_s + self._allowed_s

    def look_again_s(self, now: float) -> float:
        """Seconds until it is time to look again; a first packet makes the next one due sooner."""
        return max(0.0, min(self._heard_s + self._allowed_s - now, SILENT_S))
