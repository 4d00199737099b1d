"""Eight hours of streaming with a fault every few minutes, in clockwork time."""

import pytest

pytest.importorskip("bumble", reason="bumble is not installed (extra `bumble`)")

from tests.air.clockwork import run
from tests.air.soak import soak


def test_eight_hours_of_faults_lose_nothing_double_nothing_and_leave_nothing_behind(
    tmp_path, record_property
):
    done = run(soak(8 * 3600.0, tmp_path / "soak.jsonl"))
    record_property("soak", str(done))  # plain values only travel between workers
    assert done.faults > 80
    assert done.packets > 25_000
    assert (done.lost, done.beats_missing, done.doubled) == (0, 0, 0)
    assert done.late.tasks <= done.early.tasks + 1
    assert done.late.handles <= done.early.handles
    assert done.late.threads == done.early.threads
    assert done.late.memory_kb < done.early.memory_kb + 8_000
