"""How the strap stands, in one clear state and a line of words. No Qt, no clock."""

from dataclasses import dataclass

from breathsync.devices.nearby import NearbyStrap
from breathsync.events import (
    BatteryLevel,
    BeatHeard,
    Event,
    HeartRateMeasurement,
    SignalState,
    StrapNotice,
    StrapState,
    StrapStatus,
)
from breathsync.wording import known, text

NOT_HEARD_S = 20.0  # every strap that is awake and free advertises far more often
NOTICE_S = 20.0  # how long a line about the strap's data stands
_STRONG_DBM, _FAIR_DBM = -65, -80
BLUETOOTH_TROUBLES = frozenset(
    {
        "no_dbus",
        "service_stopped",
        "no_adapter",
        "adapter_too_old",
        "bluetooth_off",
        "not_allowed",
        "bluetooth_unknown",
    }
)
_AWAY = (StrapState.SEARCHING, StrapState.LOST)


@dataclass(frozen=True, slots=True)
class StrapLine:
    """`state` is a key of `[strap]` in the wording; `words` say it all in one line."""

    state: str
    name: str | None
    battery_percent: int | None
    contact: bool | None
    words: str
    linked: bool = False  # whether the link stands
    wished: bool = False  # whether a strap belongs to this session, heard or not
    notice: str = ""  # what is odd about its data, for as long as it is to be read


class StrapModel:
    """Follows a strap for whoever shows it."""

    def __init__(self) -> None:
        self._name: str | None = None
        self._status: StrapStatus | None = None
        self._held_before = False
        self._looking_since_s = 0.0
        self._beats_came = False
        self._contact: bool | None = None
        self._battery: int | None = None
        self._notice: tuple[float, str] | None = None

    def push(self, event: Event) -> None:
        """Take in what became known."""
        match event:
            case StrapStatus():
                self._changed(event)
            case BatteryLevel(percent=percent):
                self._battery = percent
            case HeartRateMeasurement(contact=contact, rr_ms=rr_ms):
                self._contact = contact
                self._beats_came = self._beats_came or bool(rr_ms)
            case BeatHeard():
                self._beats_came = True  # an import holds no packets of a strap
            case StrapNotice(time, code=code):
                self._notice = (time, code)

    def at(self, now: float, signal: SignalState) -> StrapLine:
        """How it stands at `now`."""
        state = self._state(now, signal)
        words = [self._name or "", text(f"strap.{state}")]
        if state in (SignalState.PATCHY, SignalState.RESTING, "waiting") and self._contact is False:
            words.append(text("strap.no_contact"))
        if self._battery is not None:
            words.append(text("strap.battery", percent=self._battery))
        line = " · ".join(part for part in words if part)
        linked = self._status is None or self._status.state is StrapState.CONNECTED
        wished, notice = self._status is not None, self._notice_at(now)
        return StrapLine(state, self._name, self._battery, self._contact, line, linked, wished, notice)

    def _notice_at(self, now: float) -> str:
        fresh = self._notice is not None and now - self._notice[0] < NOTICE_S
        return text(f"notice.{self._notice[1]}") if self._notice and fresh else ""

    def _changed(self, event: StrapStatus) -> None:
        before = self._status
        self._status = event
        self._name = event.name or self._name
        if before is None or before.state not in _AWAY:
            self._looking_since_s = event.time
        if event.state is StrapState.CONNECTED:
            self._held_before, self._beats_came, self._contact = True, False, None

    def _state(self, now: float, signal: SignalState) -> str:
        match self._status:
            case None:
                return signal.value  # an imported recording names no strap
            case StrapStatus(state=StrapState.CONNECTING):
                return "connecting"
            case StrapStatus(state=StrapState.CONNECTED):
                return signal.value if self._beats_came else "waiting"
            case StrapStatus(state=StrapState.ENDED):
                return "ended"
            case StrapStatus(reason=reason) if reason and known(f"strap.{reason}"):
                return reason
        if now - self._looking_since_s > NOT_HEARD_S:
            return "asleep_or_taken"
        return "lost" if self._held_before else "looking"


def strength_words(strap: NearbyStrap) -> str:
    """How strong a strap is heard."""
    dbm = strap.seen.rssi_dbm if strap.seen else None
    if dbm is None:
        return text("window.no_value")
    key = "strong" if dbm >= _STRONG_DBM else "fair" if dbm >= _FAIR_DBM else "weak"
    return text("strap.strength", words=text(f"strap.{key}"), dbm=dbm)


def use_words(strap: NearbyStrap) -> str:
    """Whether a strap is free, as far as can be known: one in use elsewhere is mostly not heard."""
    if strap.seen is None:
        return text("strap.asleep_or_taken")
    return text("strap.connected_here" if strap.seen.connected_here else "strap.free")
