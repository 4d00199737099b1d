"""The stage that says what is odd about a strap's data: each code once, in a line of words for its wearer.

It marks nothing and mends nothing: beats are marked by `heart`. What is recognised here is known from real
straps; `docs/straps.md` has the sources.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from breathsync.events import (
    AccSamples,
    Beat,
    Event,
    Flaw,
    HeartRateMeasurement,
    StrapNotice,
    StreamState,
    StreamStatus,
)

_PACKETS = 60
_MADE_UP_MS = 2.0  # 60000 / heart rate, both rounded; a true interval lies so near about one time in five
_MADE_UP_PACKETS = 30
_FROZEN_PACKETS = 15
_STUCK_S = 10.0  # a sensor that works is never so still: its last digits waver
_NO_HEARTBEAT_MS = 250.0  # 240 beats a minute
_REFUSED = {"ecg": "ecg_refused", "acceleration": "acc_refused", "ppi": "ppi_refused"}


@dataclass(frozen=True, slots=True)
class _Packet:
    time: float
    rate_bpm: int
    rr_ms: tuple[float, ...]


class Notices:
    """`StrapNotice` when enough has come to say so."""

    hears = frozenset({HeartRateMeasurement, Beat, StreamStatus, AccSamples})

    def __init__(self) -> None:
        self._packets: dict[str, deque[_Packet]] = {}
        self._seen: Counter[tuple[str, str]] = Counter()
        self._energy: dict[str, int] = {}
        self._axes: dict[str, list[tuple[float, float]]] = {}  # of each its value, and since when
        self._said: set[tuple[str, str]] = set()

    def push(self, event: Event) -> Iterable[Event]:
        """Listen to packets, to beats that came twice, and to streams that a strap does not give."""
        match event:
            case HeartRateMeasurement():
                return self._measured(event)
            case Beat(flaw=Flaw.DUPLICATE):
                return self._counted(event, "", "doubled", 5)
            case StreamStatus(source=source, state=StreamState.REFUSED) if event.stream in _REFUSED:
                return self._say(event, source, _REFUSED[event.stream])
            case AccSamples() if event.milli_g and (event.source, "acc_stuck") not in self._said:
                return self._moved(event)
        return ()

    def _moved(self, event: AccSamples) -> list[Event]:
        """An H10 was seen whose z stood at -2000 for good (every-breath-you-take #25)."""
        before = self._axes.get(event.source)
        now = [
            (values[0], then[1] if then and {then[0]} == set(values) else event.time)
            for values, then in zip(zip(*event.milli_g, strict=True), before or (None,) * 3, strict=True)
        ]
        self._axes[event.source] = now
        stuck = any(event.time - since >= _STUCK_S for _, since in now)
        return self._say(event, event.source, "acc_stuck") if stuck else []

    def _measured(self, event: HeartRateMeasurement) -> list[Event]:
        found: list[Event] = []
        if event.problem is not None:
            found += self._counted(event, event.source, "malformed", 3)
        for rr_ms in event.rr_ms:
            if 0 < rr_ms < _NO_HEARTBEAT_MS:
                found += self._counted(event, event.source, "short_rr", 5)
        found += self._energy_falls(event)
        if event.heart_rate_bpm and event.contact is not False:
            packets = self._packets.setdefault(event.source, deque(maxlen=_PACKETS))
            packets.append(_Packet(event.time, event.heart_rate_bpm, event.rr_ms))
            for code, shows in _SHOWS.items():
                if (event.source, code) not in self._said and shows(packets):
                    found += self._say(event, event.source, code)
        return found

    def _energy_falls(self, event: HeartRateMeasurement) -> list[Event]:
        """Energy is a sum: where it falls again and again, something else stands there."""
        if event.energy_kj is None:
            return []
        fell = 0 < event.energy_kj < self._energy.get(event.source, 0)
        self._energy[event.source] = event.energy_kj
        return self._counted(event, event.source, "energy_not_energy", 3) if fell else []

    def _counted(self, event: Event, source: str, code: str, enough: int) -> list[Event]:
        self._seen[source, code] += 1
        return self._say(event, source, code) if self._seen[source, code] >= enough else []

    def _say(self, event: Event, source: str, code: str) -> list[Event]:
        if (source, code) in self._said:
            return []
        self._said.add((source, code))
        return [StrapNotice(event.time, source, code)]


def _near(packet: _Packet) -> int:
    """How many of its intervals its heart rate could have been turned into."""
    return sum(abs(rr - 60000 / packet.rate_bpm) <= _MADE_UP_MS for rr in packet.rr_ms)


def _made_up(packets: deque[_Packet]) -> bool:
    """Intervals computed from the heart rate: a Decathlon belt does that (guyrutenberg.com, 2026)."""
    if not _near(packets[-1]):
        return False  # the newest says so at little cost
    with_rr = [packet for packet in packets if packet.rr_ms]
    if len(with_rr) < _MADE_UP_PACKETS or len({packet.rate_bpm for packet in with_rr}) < 2:
        return False
    return sum(map(_near, with_rr)) >= 0.95 * sum(len(packet.rr_ms) for packet in with_rr)


def _frozen(packets: deque[_Packet]) -> bool:
    """The same intervals again and again: no heart does that."""
    newest = packets[-1].rr_ms
    last = islice(reversed(packets), _FROZEN_PACKETS)
    same = all(packet.rr_ms == newest for packet in last)
    return same and bool(newest) and len(packets) >= _FROZEN_PACKETS


def _one_a_second(packets: deque[_Packet]) -> bool:
    """One interval in each packet, though more beats ended in that time."""
    if len(packets) < _PACKETS or any(len(packet.rr_ms) != 1 for packet in packets):
        return False
    took_s = packets[-1].time - packets[0].time
    return sum(packet.rr_ms[0] for packet in islice(packets, 1, None)) / 1000 < 0.9 * took_s


def _no_rr(packets: deque[_Packet]) -> bool:
    """A minute of heart rates without one interval."""
    return len(packets) == _PACKETS and not any(packet.rr_ms for packet in packets)


_SHOWS: dict[str, Callable[[deque[_Packet]], bool]] = {
    "made_up_rr": _made_up,
    "frozen": _frozen,
    "one_rr_a_second": _one_a_second,
    "no_rr": _no_rr,
}
