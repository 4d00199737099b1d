"""How a guided breath is shaped, and the limits within which a guide may breathe.

Limits: targets of 4 to 12 breaths a minute, rests of a second at most; the way there may start as
quick as 24 a minute, where an own rhythm may lie.
"""

from dataclasses import dataclass

from breathsync.errors import UsageError

SLOWEST_PER_MIN = 4.0
QUICKEST_TARGET_PER_MIN = 12.0
QUICKEST_PER_MIN = 24.0
LONGEST_REST_S = 1.0


@dataclass(frozen=True, slots=True)
class Pattern:
    """The shape of a breath: the in-breath's share of in and out, and short rests between them."""

    inhale_share: float = 0.5
    rest_full_s: float = 0.0
    rest_empty_s: float = 0.0

    def __post_init__(self) -> None:
        if not 0.2 <= self.inhale_share <= 0.8:
            raise UsageError("inhale_share", share=self.inhale_share)
        for rest in (self.rest_full_s, self.rest_empty_s):
            if not 0 <= rest <= LONGEST_REST_S:
                raise UsageError("rest", rest=rest, longest=LONGEST_REST_S)

    def parts_s(self, period_s: float) -> tuple[float, float, float, float]:
        """Seconds of in, full, out and empty in a breath of `period_s`."""
        moving = period_s - self.rest_full_s - self.rest_empty_s
        inhale = moving * self.inhale_share
        return inhale, self.rest_full_s, moving - inhale, self.rest_empty_s


EVEN = Pattern()
LONGER_OUT = Pattern(inhale_share=0.4)
PATTERNS = {"5:5": EVEN, "4:6": LONGER_OUT}


def checked_rate(breaths_per_min: float, *, target: bool = True) -> float:
    """The rate itself, or UsageError where no guide should breathe like that."""
    quickest = QUICKEST_TARGET_PER_MIN if target else QUICKEST_PER_MIN
    if not SLOWEST_PER_MIN <= breaths_per_min <= quickest:
        raise UsageError("rate", rate=breaths_per_min, slowest=SLOWEST_PER_MIN, quickest=quickest)
    return breaths_per_min
