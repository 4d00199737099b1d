"""Straps of this machine: its radio, the strap that is meant, what is in the way."""

from collections.abc import Iterable

from breathsync.devices import bluetooth, profiles, remembered
from breathsync.devices.finding import ANY, KnownStrap, Return, Search
from breathsync.devices.held_strap import HeldStrap
from breathsync.devices.nearby import Nearby
from breathsync.errors import BluetoothError
from breathsync.settings import Settings, straps_file


async def ready() -> None:
    """BluetoothError where this machine cannot hear straps now."""
    code = await bluetooth.why_not()
    if code is not None:
        raise BluetoothError(code)


def last_strap() -> KnownStrap | None:
    """The strap that this machine held last."""
    return next(iter(remembered.load(straps_file())), None)


class Straps:
    """The straps around this machine, heard by one radio."""

    def __init__(self, settings: Settings, streams: Iterable[str] = ()) -> None:
        self._radio = bluetooth.Radio()
        self._profiles = profiles.load_all(settings.profiles_folder)
        self._streams = tuple(streams)

    def nearby(self) -> Nearby:
        """What is heard from now on, if `listen` lets it; what is remembered."""
        return Nearby(remembered.load(straps_file()), self._profiles)

    async def listen(self, nearby: Nearby) -> None:
        """Let it hear, until it is cancelled. Raises what keeps this machine from hearing."""
        await self._radio.find(nearby.accepts, lambda: None)

    def held(self, words: str | None) -> HeldStrap:
        """The strap that is meant by `words`; without words the last one, else the only one here."""
        last = last_strap()
        search: Search | Return
        if words is None and last is not None:
            search = Return(last, self._profiles)
        else:
            search = Search(words or ANY, self._profiles, remembered.load(straps_file()))
        return HeldStrap(self._radio, search, self._profiles, streams=self._streams, remember=_remember)


def _remember(strap: KnownStrap) -> None:
    remembered.remember(straps_file(), strap)
