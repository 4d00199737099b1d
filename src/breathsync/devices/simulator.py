"""A strap on a simulated person: their beats become bytes through the real encoder, as straps send them.

The strap measures RR in whole ticks, holds each back for its delay and sends what it has about once a
second; the radio adds lateness, bursts, lost packets and lost links. What was done where is the truth,
kept beside the recording.
"""

import math
import random
from collections import deque
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

from breathsync.clock import Clock
from breathsync.devices.heart_rate import CHARACTERISTIC, TICKS_PER_SECOND, HeartRateValue, encode, most_rr
from breathsync.devices.person import Guide, Person, PersonSettings, TrueBeat
from breathsync.devices.simulated_streams import AHEAD_S, SimulatedStreams, StreamSettings
from breathsync.events import Input, Notification, StrapState, StrapStatus

SOURCE = "strap"
_POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class StrapSettings:
    """How the strap measures and sends. The name's serial fails Polar's check digit: nobody's strap."""

    name: str = "Polar H10 12345678"
    rr_latency_s: float = 2.6
    reports_contact: bool = False
    missed_share: float = 0.0
    extra_share: float = 0.0
    contact_losses_per_hour: float = 0.0
    contact_loss_s: float = 4.0


@dataclass(frozen=True, slots=True)
class RadioSettings:
    """What the air does to packets."""

    late_s: float = 0.02
    lost_share: float = 0.0
    stalls_per_hour: float = 0.0
    stall_s: float = 2.0
    link_losses_per_hour: float = 0.0
    link_loss_s: float = 15.0


@dataclass(frozen=True, slots=True)
class Truth:
    """Something that happened at `time`, for the file beside the recording."""

    time: float
    kind: str
    fields: dict[str, Any]


class SimulatedStrap:
    """A source of inputs: a person with a strap on, from session time zero."""

    def __init__(
        self,
        person: PersonSettings,
        strap: StrapSettings,
        radio: RadioSettings,
        guide: Guide,
        seed: int,
        streams: StreamSettings | None = None,
    ) -> None:
        self._rng = random.Random(seed)
        self.person = Person(person, self._rng)
        self._strap, self._radio, self._guide = strap, radio, guide
        self.truth: list[Truth] = []
        self._seen_s: float | None = None
        self._ready: list[tuple[float, int]] = []  # beat's end, its RR in ticks
        self._last_tick: int | None = None
        self._recent_rr: list[int] = []
        self._next_send = 0.5 + 0.5 * self._rng.random()
        self._contact_back = 0.0
        self._stalled_until = 0.0
        self._away_until = 0.0
        self._arrived = 0.0
        self._on_the_way: deque[Input] = deque()
        self._on_the_way.append(StrapStatus(0.0, SOURCE, StrapState.CONNECTED, strap.name))
        self._streams: SimulatedStreams | None = None
        if streams is not None:
            own_rng = random.Random(f"{seed} streams")  # what a seed means without streams stays as it is
            self._streams = SimulatedStreams(streams, self.person, own_rng, SOURCE)
            self._note(0.0, "wearer", **self._streams.worn())
            self._on_the_way.extend(self._streams.connected(0.0))

    async def inputs(self, clock: Clock) -> AsyncIterator[Input]:
        """Inputs as they happen, for ever."""
        while True:
            for event in self.until(clock.now()):
                yield event
            await clock.sleep_until(clock.now() + _POLL_S)

    def until(self, now: float) -> Iterator[Input]:
        """Every input that arrives by `now` and was not given yet."""
        while self._due_s() <= now:
            self._on_the_way.extend(
                self._send() if self._due_s() == self._next_send else self._send_frame()
            )
        while self._on_the_way and self._on_the_way[0].time <= now:
            yield self._on_the_way.popleft()

    def _send(self) -> Iterator[Input]:
        """Live up to the next packet: when it, or what became of the link, will arrive."""
        sent = self._next_send
        self._next_send += 1.0 - 0.01 * self._rng.random()
        self._live_until(sent)
        value = self._measure(sent)
        if sent < self._away_until:
            return
        if self._happens(self._radio.link_losses_per_hour):
            yield from self._lose_link(sent)
            return
        if self._happens(self._radio.stalls_per_hour):
            self._stalled_until = sent + self._radio.stall_s
            self._note(sent, "stall", until=self._stalled_until)
        if self._rng.random() < self._radio.lost_share:
            self._note(sent, "packet_lost", rr=len(value.rr_ticks))
            return
        late = -self._radio.late_s * math.log(1.0 - self._rng.random())
        self._arrived = round(max(self._arrived, sent + late, self._stalled_until), 6)
        yield Notification(self._arrived, SOURCE, CHARACTERISTIC, encode(value))

    def _send_frame(self) -> Iterator[Input]:
        """The next frame of samples, if the strap streams and the radio does not lose it."""
        streams = self._streams
        if streams is None:
            return
        sent = streams.next_frame_s()
        self._live_until(sent)
        lane, payload = streams.next_frame()
        if streams.lost(self._radio.lost_share):
            self._note(sent, "frame_lost", stream=lane.measurement.name.lower())
            return
        self._arrived = round(max(self._arrived, sent + streams.late_s(), self._stalled_until), 6)
        yield from streams.arrived(lane, payload, self._arrived)

    def _due_s(self) -> float:
        """When the strap next sends something."""
        return min(self._next_send, self._streams.next_frame_s() if self._streams else self._next_send)

    def _live_until(self, sent: float) -> None:
        """Let the person live as far as what is sent then needs to know them."""
        self.person.live_until(sent + (AHEAD_S if self._streams else 0.0), self._guide)
        if self._streams is not None:
            self._streams.lived()
            for time, kind, says in self._streams.chest.happened:
                self._note(time, kind, **says)
            self._streams.chest.happened.clear()
        self._watch_beats()

    def _lose_link(self, sent: float) -> Iterator[Input]:
        self._away_until = sent + self._radio.link_loss_s * (0.5 + self._rng.random())
        self._note(sent, "link_lost", until=self._away_until)
        lost = round(max(self._arrived, sent), 6)
        yield StrapStatus(lost, SOURCE, StrapState.LOST, self._strap.name, "link_lost")
        self._arrived = round(self._away_until, 6)
        yield StrapStatus(self._arrived, SOURCE, StrapState.CONNECTED, self._strap.name)
        if self._streams is not None:
            for event in self._streams.connected(self._arrived):
                self._arrived = event.time
                yield event

    # --- the strap ---

    def _watch_beats(self) -> None:
        """Take the person's new beats as this strap sees them: some missed, some imagined."""
        for breath in self.person.breaths:
            ends = {"in_breath_ends": breath.in_breath_ends, "ends": breath.ends}
            self._note(breath.time, "breath", **ends, swing_bpm=breath.swing_bpm)
        self.person.breaths.clear()
        for beat in self.person.beats:
            self._see(beat)
        self.person.beats.clear()

    def _see(self, beat: TrueBeat) -> None:
        if self._streams is not None:
            self._streams.beat(beat)
        if beat.time < self._contact_back:
            self._note(beat.time, "beat", label=beat.label, seen=False)
            return
        if self._happens(self._strap.contact_losses_per_hour):
            self._contact_back = beat.time + self._strap.contact_loss_s * (0.5 + self._rng.random())
            self._note(beat.time, "contact_lost", until=self._contact_back)
            if self._streams is not None:
                self._streams.no_contact(beat.time, self._contact_back)
        missed = self._rng.random() < self._strap.missed_share
        self._note(beat.time, "beat", label=beat.label, seen=not missed)
        if missed:
            return
        if self._seen_s is not None and self._rng.random() < self._strap.extra_share:
            share = 0.25 + 0.5 * self._rng.random()
            extra = self._seen_s + share * (beat.time - self._seen_s)
            self._note(extra, "beat", label="extra", seen=True)
            self._count(extra)
        self._count(beat.time)
        self._seen_s = beat.time

    def _count(self, moment: float) -> None:
        tick = round(moment * TICKS_PER_SECOND)
        if self._last_tick is not None and 0 < tick - self._last_tick <= 0xFFFF:
            self._ready.append((moment, tick - self._last_tick))
        self._last_tick = tick

    def _measure(self, sent: float) -> HeartRateValue:
        known = sent - self._strap.rr_latency_s
        count = min(sum(end <= known for end, _ in self._ready), most_rr())
        rr_ticks = tuple(ticks for _, ticks in self._ready[:count])
        del self._ready[:count]
        self._recent_rr = [*self._recent_rr, *rr_ticks][-6:]
        mean_ticks = sum(self._recent_rr) / len(self._recent_rr) if self._recent_rr else 0
        rate = round(60 * TICKS_PER_SECOND / mean_ticks) if mean_ticks else 0
        contact = sent >= self._contact_back if self._strap.reports_contact else None
        return HeartRateValue(min(rate, 255), contact, rr_ticks=rr_ticks)

    def _happens(self, per_hour: float) -> bool:
        """Whether something that comes `per_hour` times comes in this second."""
        return self._rng.random() < per_hour / 3600

    def _note(self, time: float, kind: str, **values: Any) -> None:
        self.truth.append(Truth(time, kind, values))
