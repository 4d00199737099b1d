"""Imported samples as the events that a strap's streams give: one unit, and gaps marked."""

from collections.abc import Iterator

from breathsync.events import AccSamples, EcgSamples, Event, FrameLeftOut, Samples

_MICROVOLTS = {"v": 1e6, "mv": 1e3, "uv": 1.0, "µv": 1.0, "μv": 1.0, "nv": 1e-3}
_MILLI_G = {"g": 1e3, "mg": 1.0, "m/s2": 1e3 / 9.80665, "m/s^2": 1e3 / 9.80665, "m/s²": 1e3 / 9.80665}
_UNITS = {"ecg": _MICROVOLTS, "acc": _MILLI_G}
_GAP_SAMPLES = 1.5


class ImportedSamples:
    """Turns `Samples` of ECG and acceleration into events; other channels are left as they are."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, str], tuple[float, float]] = {}  # time and rate of the last sample

    def push(self, event: Samples) -> Iterator[Event]:
        """The samples in microvolts or milli-g."""
        if event.channel not in _UNITS or not event.values:
            return
        factor = _UNITS[event.channel].get(event.unit.strip().casefold())
        if factor is None or not 1 <= event.rate_hz <= 1e5:
            problem = "unknown unit" if factor is None else "no rate"
            yield FrameLeftOut(event.time, event.source, event.channel, problem)
            return
        try:
            yield self._converted(event, factor)
        except (TypeError, ValueError):
            yield FrameLeftOut(event.time, event.source, event.channel, "wrong values")

    def _converted(self, event: Samples, factor: float) -> Event:
        interval_s, gap = 1 / event.rate_hz, self._after_gap(event)
        if event.channel == "ecg":
            microvolts = tuple([value * factor for value in map(_number, event.values)])
            return EcgSamples(event.time, event.source, event.time, interval_s, microvolts, gap)
        rows = [(_number(x), _number(y), _number(z)) for x, y, z in event.values]  # type: ignore[misc]
        milli_g = tuple([(x * factor, y * factor, z * factor) for x, y, z in rows])
        return AccSamples(event.time, event.source, event.time, interval_s, milli_g, gap)

    def _after_gap(self, event: Samples) -> bool:
        key = event.source, event.channel
        last, rate_hz = self._last.get(key, (0.0, 0.0))
        self._last[key] = event.time, event.rate_hz
        expected = last + len(event.values) / event.rate_hz
        return rate_hz != event.rate_hz or abs(event.time - expected) > _GAP_SAMPLES / event.rate_hz


def _number(value: object) -> float:
    if not isinstance(value, int | float):
        raise TypeError("no number")
    return value
