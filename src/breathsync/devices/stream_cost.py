"""Whether streams cost the link: with some straps and computers it ends as soon as ECG begins.

On Windows at once, elsewhere within half a minute (fsmeraldi/bleakheart #5, #12), again and again: then the
heart rate alone is worth more.
"""

SHORT_S = 45.0
TIMES = 3  # in a row
REST_S = 600.0


class StreamCost:
    """Counts links that were lost soon after their streams had begun."""

    def __init__(self) -> None:
        self._began_s: float | None = None
        self._short = 0
        self._rests_until_s = float("-inf")

    def began(self, now: float) -> None:
        """A stream is asked for over this link."""
        if self._began_s is None:
            self._began_s = now

    def left(self) -> None:
        """We left the link: that says nothing."""
        self._began_s = None

    def lost(self, now: float) -> None:
        """The link is gone."""
        began_s, self._began_s = self._began_s, None
        if began_s is None:
            return
        self._short = self._short + 1 if now - began_s < SHORT_S else 0
        if self._short >= TIMES:
            self._rests_until_s = now + REST_S

    def too_much(self, now: float) -> bool:
        """Whether to do without streams for now."""
        return now < self._rests_until_s
