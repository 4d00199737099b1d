"""Where a session is in its steps: what was, what is on and how long still, what is to come. No Qt."""

from dataclasses import dataclass

from breathsync.events import Event, GuideShown, Paused, StepStarted
from breathsync.session.plan import Plan
from breathsync.session.story import REST_KINDS, UNMEASURED_KINDS


@dataclass(frozen=True, slots=True)
class Segment:
    """A step on the session's time. Without a title it stands for time that is not planned in steps."""

    start_s: float
    end_s: float
    kind: str = ""
    title: str = ""
    guided: bool = False


@dataclass(frozen=True, slots=True)
class Where:
    """Where the session is. `on` is the place of the step that is on; `None` is not known."""

    segments: tuple[Segment, ...]
    on: int | None
    length_s: float
    left_in_step_s: float | None
    left_s: float | None


@dataclass(slots=True)
class _Begun:
    """A step that has begun, and how long it was on hold."""

    event: StepStarted
    guided: bool = False
    held_s: float = 0.0


class Steps:
    """Follows the steps of a session."""

    def __init__(self) -> None:
        self._begun: list[_Begun] = []
        self._paused_at: float | None = None
        self._in_sight = False
        self.rest_since: float | None = None  # unguided, in steps that ask for nothing
        self._hidden: list[tuple[float, float]] = []

    def push(self, event: Event) -> None:
        """Take in what changed."""
        match event:
            case StepStarted(time, step_kind=kind):
                self._begin(time, kind)
                self._begun.append(_Begun(event, self._in_sight))
            case GuideShown(time, shown):
                self._in_sight = shown
                if self._begun and shown:
                    self._begun[-1].guided = True
                self._let_rest(time)
            case Paused(time, paused=True):
                self._paused_at = time
            case Paused(time) if self._paused_at is not None:
                if self._begun:
                    self._begun[-1].held_s += time - self._paused_at
                self._paused_at = None

    @property
    def unmeasured(self) -> bool:
        """Whether the step that is on is nobody's measurement: imagery, writing."""
        return bool(self._hidden) and self._hidden[-1][1] == float("inf")

    def hidden(self, time: float) -> bool:
        """Whether nothing measured is shown of a moment."""
        return any(start <= time < end for start, end in self._hidden)

    def at(self, now: float, plan: Plan) -> Where:
        """Where the session is at `now`. Steps that have not begun follow as planned."""
        found = [*self._seen(now, plan)]
        end = found[-1].end_s if found else 0.0
        for step in plan.steps[len(self._begun) :]:
            found.append(Segment(end, end + step.length_s, step.kind, step.title, step.guided))
            end = found[-1].end_s
        whole = max(end, plan.length_s or 0.0)
        if whole > end + 1:
            found.append(Segment(end, whole))
        on = len(self._begun) - 1 if self._begun else None
        ends = min(whole, plan.until_s or whole)
        return Where(
            tuple(found),
            on,
            max(whole, now),
            None if on is None else max(0.0, min(found[on].end_s, ends) - now),
            max(0.0, ends - now) if whole else None,
        )

    def _begin(self, time: float, kind: str) -> None:
        if self.unmeasured:
            self._hidden[-1] = (self._hidden[-1][0], time)
        if kind in UNMEASURED_KINDS:
            self._hidden.append((time, float("inf")))
        if kind not in REST_KINDS:
            self.rest_since = None
        elif self.rest_since is None and not self._in_sight:
            self.rest_since = time

    def _let_rest(self, time: float) -> None:
        """A guide in sight is no rest; where it leaves a step that is one, rest begins anew."""
        kind = self._begun[-1].event.step_kind if self._begun else ""
        if self._in_sight or kind not in REST_KINDS:
            self.rest_since = None
        elif self.rest_since is None:
            self.rest_since = time

    def _seen(self, now: float, plan: Plan) -> list[Segment]:
        """The steps that have begun, each to the beginning of the next; the last as long as it is to be."""
        ends = [following.event.time for following in self._begun[1:]]
        if self._begun:
            ends.append(max(now, self._expected_end(now, plan)))
        return [
            Segment(
                each.event.time,
                end,
                each.event.step_kind,
                each.event.title,
                each.guided or (place < len(plan.steps) and plan.steps[place].guided),
            )
            for place, (each, end) in enumerate(zip(self._begun, ends, strict=True))
        ]

    def _expected_end(self, now: float, plan: Plan) -> float:
        last, place = self._begun[-1], len(self._begun) - 1
        planned = plan.steps[place].length_s if place < len(plan.steps) else None
        length = last.event.length_s or planned or 0.0
        on_hold = now - self._paused_at if self._paused_at is not None else 0.0
        return last.event.time + length + last.held_s + on_hold
