"""What of the screen is there at a moment, and what is on its way in or out. No Qt, no clock."""

from dataclasses import dataclass

from breathsync.events import CueShown, Event, GuideShown, NumbersShown, Softened, StepStarted

FADE_S = 2.0
SOFTEN_FADE_S = 0.6
CUE_FADE_S = 4.0
_AT_ONCE_S = 1e-6


@dataclass(frozen=True, slots=True)
class Fade:
    """Something that comes or goes over some seconds: 0 is gone, 1 is there."""

    since: float = float("-inf")
    start: float = 0.0
    end: float = 0.0
    lasts_s: float = FADE_S

    def at(self, now: float) -> float:
        """How much of it is there."""
        done = min(1.0, max(0.0, (now - self.since) / self.lasts_s))
        return self.start + (self.end - self.start) * done

    def to(self, now: float, end: float, lasts_s: float = FADE_S) -> "Fade":
        """From where it is now to `end`."""
        return Fade(now, self.at(now), end, lasts_s)


_THERE = Fade(start=1.0, end=1.0)


class Visible:
    """Guide, numbers, the heart's rhythm and words, as the session shows them.

    `numbers_wanted`: the person wants numbers, where the step allows them.
    """

    def __init__(self) -> None:
        self.guide, self.numbers, self.heart = Fade(), _THERE, _THERE
        self.numbers_wanted = True
        self._heart_allowed = self._numbers_allowed = True
        self._softened = False
        self._cue_fades_s: float | None = None

    def push(self, event: Event) -> None:
        """Take in what was shown or hidden."""
        match event:
            case GuideShown(time, shown, reason, fade_s):
                softened = reason == "softened"
                self.guide = self.guide.to(time, float(shown), SOFTEN_FADE_S if softened else fade_s)
            case StepStarted(time, heart=heart, numbers=numbers):
                self._heart_allowed, self._numbers_allowed = heart, numbers
                self._let_measured(time)
            case NumbersShown(time, shown):
                self.numbers_wanted = shown
                self._let_measured(time)
            case Softened(time, softened):
                self._softened = softened
                self._let_measured(time, SOFTEN_FADE_S)
            case CueShown(time, lasts_s=lasts_s):
                self._cue_fades_s = None if lasts_s is None else time + lasts_s

    def cue(self, now: float) -> float:
        """How much of the words is there."""
        if self._cue_fades_s is None:
            return 1.0
        return 1.0 - min(1.0, max(0.0, (now - self._cue_fades_s) / CUE_FADE_S))

    def _let_measured(self, now: float, lasts_s: float = FADE_S) -> None:
        """What was measured is seen where the step allows it and nothing was softened.

        What is not to be seen from the beginning does not fade: it never was there.
        """
        lasts_s = lasts_s if now > 0 else _AT_ONCE_S
        heart = self._heart_allowed and not self._softened
        numbers = self._numbers_allowed and self.numbers_wanted and not self._softened
        if self.heart.end != float(heart):
            self.heart = self.heart.to(now, float(heart), lasts_s)
        if self.numbers.end != float(numbers):
            self.numbers = self.numbers.to(now, float(numbers), lasts_s)
