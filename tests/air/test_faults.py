"""Every fault of a link: streaming again in time, no beat lost on the link, none counted twice."""

import asyncio
import statistics
from collections.abc import Sequence
from typing import Any

import pytest

pytest.importorskip("bumble", reason="bumble is not installed (extra `bumble`)")

from tests.air.clockwork import run
from tests.air.faults import FAULTS
from tests.air.room import Room, room

from breathsync.devices import heart_rate

TIMES = 10
STRAP = "Polar H10 12345678"


def figures(there: Room, took_s: Sequence[float] = ()) -> dict[str, Any]:
    """What a fault did to a session that has ended: how long it took, what was lost and what doubled."""
    session, delivered = there.session, [p for uuid, p in there.adapter.delivered if uuid == "2a37"]
    sent = sum(len(heart_rate.decode(packet).rr_ticks) for packet in delivered)
    return {
        "streaming_again_s": [round(seconds, 3) for seconds in took_s],
        "packets_on_the_link": len(there.strap.on_the_link),
        "packets_lost": max(0, len(there.strap.on_the_link) - len(delivered)),
        "beats": len(session.beats),
        "beats_lost": max(0, sent - len(session.beats)),
        "beats_doubled": max(0, len(session.beats) - sent) + session.doubled(),
    }


def check_that_no_packet_is_lost_or_doubled(there: Room) -> None:
    """What the strap sent on a link was delivered and recorded, each packet exactly once."""
    session, delivered = there.session, [p for uuid, p in there.adapter.delivered if uuid == "2a37"]
    assert delivered == there.strap.on_the_link
    assert session.packets() == delivered
    assert session.kept() == delivered
    assert there.adapter.most_scanners == 1
    assert not there.adapter.scanned_while_connecting


def check_that_nothing_is_lost_or_doubled(there: Room) -> None:
    """And every interval in those packets became a beat, once."""
    check_that_no_packet_is_lost_or_doubled(there)
    sent = [ticks for packet in there.session.kept() for ticks in heart_rate.decode(packet).rr_ticks]
    assert [beat.rr_ms for beat in there.session.beats] == [t * heart_rate.RR_MS_PER_TICK for t in sent]
    assert there.session.doubled() == 0


@pytest.mark.parametrize("name", FAULTS)
def test_after_a_fault_it_streams_again_and_no_beat_is_lost_or_doubled(name, tmp_path, record_property):
    fault, took, told = FAULTS[name], [], []

    async def story():
        async with room() as there:
            await there.bring(every_s=0.1)
            session = there.hold(STRAP, tmp_path / "session.jsonl")
            for number in range(TIMES):
                await session.streaming()
                # Some beats, and not always at the same moment of an advertising interval.
                await asyncio.sleep(1.5 + 0.037 * number)
                took.append(await fault.story(there))
            await there.be_quiet()
            await session.end()
            check_that_nothing_is_lost_or_doubled(there)
            told.append(figures(there, took))

    run(story())
    record_property("figures", {"fault": name, **told[0]})
    assert statistics.median(took) <= fault.median_s
    assert max(took) <= fault.worst_s
