"""The straps that are here now, one row each, as they are heard. Pure: no radio is touched here."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from breathsync.devices.finding import KnownStrap, Sighting, is_strap
from breathsync.devices.profiles import GENERIC, Profile, profile_named


@dataclass(frozen=True, slots=True)
class NearbyStrap:
    """One strap. `model` is `None` where no profile answers to its name, `seen` where it was not heard."""

    address: str
    name: str | None
    model: str | None
    streams: tuple[str, ...]
    seen: Sighting | None


class Nearby:
    """What was heard so far, by address; remembered straps that were not heard come last."""

    def __init__(self, known: Iterable[KnownStrap], profiles: tuple[Profile, ...]) -> None:
        self._known, self._profiles = tuple(known), profiles
        self._seen: dict[str, Sighting] = {}

    def accepts(self, seen: Sighting) -> bool:
        """Take note; to be heard is not yet to be chosen."""
        before = self._seen.get(seen.address)
        if before is not None and seen.name is None:
            seen = replace(seen, name=before.name)
        if before is not None or is_strap(seen, self._known):
            self._seen[seen.address] = seen
        return False

    def rows(self) -> tuple[NearbyStrap, ...]:
        """The strongest first."""
        heard = sorted(self._seen.values(), key=lambda s: s.rssi_dbm or -200, reverse=True)
        silent = [known for known in self._known if known.address not in self._seen]
        return (
            *(self._row(seen.address, seen.name, seen) for seen in heard),
            *(self._row(known.address, known.name, None) for known in silent),
        )

    def _row(self, address: str, name: str | None, seen: Sighting | None) -> NearbyStrap:
        profile = profile_named(name, self._profiles)
        model = None if profile.id == GENERIC else profile.name
        return NearbyStrap(address, name, model, profile.read_here, seen)
