"""Which of the straps in the air is the one that is looked for. Pure: no radio is touched here.

A strap is found by the heart-rate service, or because its address or name is remembered; names are labels
and no list of makers is asked. The service alone will not do: BlueZ reports for a device that it knows
what an earlier connection found, not what is advertised now. In a room full of straps none is ever taken
because it was first: a strap is chosen by address, name or serial, or because it is the only one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from breathsync.devices.profiles import Profile, profile_named
from breathsync.errors import UsageError

HEART_RATE_SERVICE = "180d"
SETTLE_S = 3.0  # straps advertise once a second or more often: by then each has been heard
ANY = "any"

_BASE = "-0000-1000-8000-00805f9b34fb"


@dataclass(frozen=True, slots=True)
class Sighting:
    """What was heard of a device: an advertisement, or that it is connected to this machine already.

    `services` are short: `180d`, or the first eight digits of a UUID that is no number of the SIG's.
    """

    address: str
    name: str | None = None
    rssi_dbm: int | None = None
    services: frozenset[str] = frozenset()
    connected_here: bool = False


@dataclass(frozen=True, slots=True)
class KnownStrap:
    """A strap that was connected before, by what this machine calls its address, and its name."""

    address: str
    name: str | None = None


def short(uuid: str) -> str:
    """A UUID as it stands in recordings and profiles: `2a37`, or `fb005c82` for one of a maker's own."""
    uuid = uuid.lower()
    if uuid.startswith("0000") and uuid.endswith(_BASE):
        return uuid[4:8]
    return uuid.partition("-")[0]


def bears_serial(name: str | None, profiles: tuple[Profile, ...]) -> bool:
    """Whether a name tells this strap from all others, because its family puts the serial there."""
    return serial_of(name, profiles) is not None


def serial_of(name: str | None, profiles: tuple[Profile, ...]) -> str | None:
    """The serial in an advertised name, where its family puts one there."""
    return profile_named(name, profiles).serial_in(name or "")


def is_strap(seen: Sighting, known: Iterable[KnownStrap] = ()) -> bool:
    """Whether this is a heart-rate strap: by service, remembered address or remembered name."""
    if HEART_RATE_SERVICE in seen.services:
        return True
    return any(seen.address == k.address or (seen.name and seen.name == k.name) for k in known)


class SeveralStrapsError(UsageError):
    """More than one strap could be meant; `found` are they."""

    def __init__(self, found: list[Sighting]) -> None:
        names = ", ".join(sorted(seen.name or seen.address for seen in found))
        super().__init__("several_straps", names=names)
        self.found = found


class Search:
    """Says of each sighting whether it is the strap that is looked for.

    `words` are an address, a name, a serial, or a part of a name; `any` is whichever strap is alone here.
    What fits exactly is taken at once, what fits in part when nothing else does for some seconds.
    """

    def __init__(self, words: str, profiles: tuple[Profile, ...], known: Iterable[KnownStrap] = ()) -> None:
        self._words = words.strip().casefold()
        self._profiles = profiles
        self._known = tuple(known)
        self._could_be: dict[str, Sighting] = {}
        self._first_s: float | None = None

    def accepts(self, seen: Sighting, now: float) -> bool:
        """Whether to take this one. SeveralStrapsError if it cannot be said which one is meant."""
        if self._is_meant(seen):
            return True
        if not self._could_mean(seen):
            return False
        self._note(seen)
        self._first_s = now if self._first_s is None else self._first_s
        if now - self._first_s < SETTLE_S:
            return False
        if len(self._could_be) > 1:
            raise SeveralStrapsError(list(self._could_be.values()))
        return True

    def _is_meant(self, seen: Sighting) -> bool:
        name = (seen.name or "").casefold()
        serial = (serial_of(seen.name, self._profiles) or "").casefold()
        if self._words == seen.address.casefold() or (serial and self._words == serial):
            return True
        return self._words == name and bears_serial(seen.name, self._profiles)

    def _could_mean(self, seen: Sighting) -> bool:
        if self._words == ANY:
            return is_strap(seen, self._known)
        return bool(self._words) and self._words in (seen.name or "").casefold()

    def _note(self, seen: Sighting) -> None:
        before = self._could_be.get(seen.address)
        if before is not None and seen.name is None:
            seen = replace(seen, name=before.name)
        self._could_be[seen.address] = seen


class Return:
    """Knows a strap that was held before when it comes back: by address, or by a name with its serial."""

    def __init__(self, strap: KnownStrap, profiles: tuple[Profile, ...]) -> None:
        self._strap = strap
        self.name = strap.name
        self._by_name = bears_serial(strap.name, profiles)

    def accepts(self, seen: Sighting, now: float) -> bool:  # noqa: ARG002 - as a search is asked
        """Whether this is the same strap."""
        return seen.address == self._strap.address or (self._by_name and seen.name == self._strap.name)
