"""What one heartbeat costs through all stages, over eight hours."""

from benchmarks.accuracy.table import Report, Row
from benchmarks.beat_latency import timed
from benchmarks.row import percentile


def evaluate() -> Report:
    """All rows of this part."""
    stage = timed("long-day")
    ms = [1000 * took for _, took in stage.beats]
    first, eighth = (
        percentile([1000 * took for at, took in stage.beats if 3600 * hour <= at < 3600 * (hour + 1)], 0.5)
        for hour in (0, 7)
    )
    return Report(
        [
            Row("one beat through all stages, median", percentile(ms, 0.5), 0.5, 0.25, unit="ms"),
            Row("one beat through all stages, p99", percentile(ms, 0.99), 1.5, 0.8, unit="ms"),
            Row("  ... median in the eighth hour / in the first", eighth / first, 1.05, 1.02),
        ]
    )
