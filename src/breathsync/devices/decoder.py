"""The stage that turns what a strap sent into events: one row per characteristic."""

from collections.abc import Callable, Iterable

from breathsync.devices import about, heart_rate, polar, polar_messages
from breathsync.devices.imported_samples import ImportedSamples
from breathsync.devices.polar_streams import PolarStreams
from breathsync.devices.profiles import Profile, profile_named
from breathsync.events import (
    BatteryLevel,
    BodyLocation,
    DeviceInformation,
    Event,
    HeartRateMeasurement,
    Notification,
    Samples,
    StrapKnown,
    StrapNotice,
    StrapState,
    StrapStatus,
)


class Decoder:
    """Decodes notifications, and names the profile that a strap goes by."""

    hears = frozenset({Notification, StrapStatus, Samples})

    def __init__(self, profiles: tuple[Profile, ...]) -> None:
        self._profiles = profiles
        self._last_payload: dict[str, bytes] = {}
        self._polar = PolarStreams()
        self._imported = ImportedSamples()
        self._decode: dict[str, Callable[[Notification], Iterable[Event]]] = {
            heart_rate.CHARACTERISTIC: self._heart_rate,
            about.BATTERY_LEVEL: _battery,
            about.BODY_LOCATION: _body_location,
            polar.DATA: self._polar.data,
            polar_messages.CONTROL: self._polar.control,
            **dict.fromkeys(about.INFORMATION, _information),
        }
        self._energy_is_status: set[str] = set()
        self._status_told: set[str] = set()

    def push(self, event: Event) -> Iterable[Event]:
        """Decoded events for a notification; the profile for a strap that has connected."""
        if isinstance(event, Notification):
            decode = self._decode.get(event.characteristic)
            return decode(event) if decode else ()
        if isinstance(event, StrapStatus) and event.state is StrapState.CONNECTED:
            self._last_payload.pop(event.source, None)
            self._polar.connected(event.source)
            profile = profile_named(event.name, self._profiles)
            if profile.has_quirk("energy-is-status"):
                self._energy_is_status.add(event.source)
            return (StrapKnown(event.time, event.source, profile.id, profile.rr_latency_s),)
        if isinstance(event, Samples):
            return self._imported.push(event)
        return ()

    def _heart_rate(self, event: Notification) -> Iterable[Event]:
        value = heart_rate.decode(event.payload)
        repeats = self._last_payload.get(event.source) == event.payload
        self._last_payload[event.source] = event.payload
        is_status = event.source in self._energy_is_status
        if is_status and value.energy_kj is not None and event.source not in self._status_told:
            self._status_told.add(event.source)
            yield StrapNotice(event.time, event.source, "energy_not_energy")
        yield HeartRateMeasurement(
            event.time,
            event.source,
            value.heart_rate_bpm or None,  # 0 is how a strap says that it has none
            value.contact,
            None if is_status else value.energy_kj,
            tuple(ticks * heart_rate.RR_MS_PER_TICK for ticks in value.rr_ticks),
            value.problem,
            repeats,
        )


def _battery(event: Notification) -> Iterable[Event]:
    if (percent := about.battery_percent(event.payload)) is not None:
        yield BatteryLevel(event.time, event.source, percent)


def _body_location(event: Notification) -> Iterable[Event]:
    if (place := about.body_location(event.payload)) is not None:
        yield BodyLocation(event.time, event.source, place)


def _information(event: Notification) -> Iterable[Event]:
    if (words := about.words(event.payload)) is not None:
        yield DeviceInformation(event.time, event.source, about.INFORMATION[event.characteristic], words)
