"""Every fault of a link: streaming again in time, no beat lost on the link, none counted twice."""

import statistics

import pytest
from tests.air.clockwork import run
from tests.air.faults import FAULTS
from tests.air.room import Room, room

from breathsync.devices import heart_rate
from breathsync.events import Flaw

TIMES = 5
STRAP = "Polar H10 12345678"


def check_that_nothing_is_lost_or_doubled(there: Room) -> None:
    """What the strap sent on a link was delivered, recorded, and became beats: each exactly once."""
    session, delivered = there.session, [p for uuid, p in there.adapter.delivered if uuid == "2a37"]
    assert delivered == there.strap.on_the_link
    assert session.packets() == delivered
    assert session.kept() == delivered
    sent_rr = [
        ticks * heart_rate.RR_MS_PER_TICK for p in delivered for ticks in heart_rate.decode(p).rr_ticks
    ]
    assert [beat.rr_ms for beat in session.beats] == sent_rr
    assert not [beat for beat in session.beats if beat.flaw is Flaw.DUPLICATE]
    assert there.adapter.most_scanners == 1
    assert not there.adapter.scanned_while_connecting


@pytest.mark.parametrize("name", FAULTS)
def test_after_a_fault_it_streams_again_and_no_beat_is_lost_or_doubled(name, tmp_path, record_property):
    fault, took = FAULTS[name], []

    async def story():
        async with room() as there:
            await there.bring(every_s=0.1)
            session = there.hold(STRAP, tmp_path / "session.jsonl")
            for _ in range(TIMES):
                await session.streaming()
                took.append(await fault.story(there))
            await session.end()
            check_that_nothing_is_lost_or_doubled(there)

    run(story())
    record_property("streaming_again_s", took)
    assert statistics.median(took) <= fault.median_s
    assert max(took) <= fault.worst_s
