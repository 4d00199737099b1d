"""What one heartbeat costs through all stages, and whether it costs as much after eight hours."""

from benchmarks.accuracy.table import Report, Row
from benchmarks.beat_latency import eighth_over_first, least_disturbed
from benchmarks.row import percentile


def evaluate() -> Report:
    """All rows of this part."""
    ms = [1000 * took for _, took in least_disturbed(1800.0, 3).beats]
    return Report(
        [
            Row("one beat through all stages, median", percentile(ms, 0.5), 0.5, 0.25, unit="ms"),
            Row("one beat through all stages, p99", percentile(ms, 0.99), 1.5, 0.8, unit="ms"),
            Row("  ... median in the eighth hour / in the first, in turn", eighth_over_first(), 1.05, 1.02),
        ]
    )
