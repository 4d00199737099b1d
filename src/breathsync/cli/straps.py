"""What `scan` and `live` share: this machine's radio, the strap that is meant, what is in the way."""

from collections.abc import Iterable

from breathsync.devices import bluetooth, profiles, remembered
from breathsync.devices.finding import ANY, KnownStrap, Return, Search
from breathsync.devices.held_strap import HeldStrap
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


def held_strap(words: str | None, settings: Settings, streams: Iterable[str] = ()) -> HeldStrap:
    """The strap that is meant by `words`; without words the last one, else the only one here."""
    known, last = profiles.load_all(settings.profiles_folder), last_strap()
    search: Search | Return
    if words is None and last is not None:
        search = Return(last, known)
    else:
        search = Search(words or ANY, known, remembered.load(straps_file()))

    def remember(strap: KnownStrap) -> None:
        remembered.remember(straps_file(), strap)

    return HeldStrap(bluetooth.Radio(), search, known, streams=streams, remember=remember)
