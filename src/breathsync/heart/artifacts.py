"""Mark doubtful beats in a stream of RR intervals: mark, don't mend.

Every interval gets one `Flaw`, final at most two beats later. Values are never changed.

Three physiological facts carry the rules:

* A real artefact or ectopic beat always contains a SHORT interval, or one near twice its
  neighbours. Sudden lengthening alone is normal sinus arrhythmia (747 806 1155 1089 ms is real),
  so nothing is ever flagged for being long alone below about 1.5 times both neighbours.
* A premature beat is one beat time moved forward: it shortens one interval and lengthens the
  next. How far the beat would have to move to make four intervals smooth (a third difference)
  separates it from the smooth swings of slow breathing, however deep those are.
* Ectopy comes in clusters. Unmistakable premature beats make further, late-coupled ones
  likely, so proven ectopy makes the marker STRICTER. It never makes it more tolerant: the only
  tolerance that follows the wearer is learnt from unflagged beats and is tightly clipped.
"""

from collections import deque
from dataclasses import dataclass
from typing import NamedTuple

from breathsync.events import Flaw


@dataclass(frozen=True, slots=True)
class MarkerSettings:
    """Frozen limits; shares are relative to the local RR unless a unit is given."""

    lowest_ms: float = 300.0
    highest_ms: float = 2200.0
    history: int = 8  # good beats remembered: about one slow breath
    stale_after: int = 12  # flagged in a row: the remembered level no longer counts

    # MISSED: the interval against the geometric mean of its neighbours and the longer one.
    # sqrt(2) is the point where "one long beat" and "two beats" are equally far off.
    missed_mean_ratio: float = 1.5
    missed_max_ratio: float = 1.3
    next_missed_sum: float = 2.3  # with its own length, in multiples of its longer neighbour
    next_missed_ratio: float = 1.5
    two_missed_first: float = 1.6  # of the interval before
    two_missed_second: float = 1.4  # of the base

    # EXTRA: two parts, each clearly shorter than the beat they add up to.
    extra_part: float = 0.85
    extra_sum_error: float = 0.15
    extra_half: float = 0.75  # both parts this short: the sum may differ more (steep RSA)
    extra_half_error: float = 0.35

    # Every beat counted twice (R and T wave): uneven pairs, each as long as a good beat was.
    pair_part: float = 0.85
    pair_uneven: float = 1.15
    pair_range: float = 0.15
    pair_sum: float = 1.25

    # SHORT: dip below both neighbours, displacement of the beat, novelty against good beats.
    dip: float = 0.06
    couplet: float = 0.72  # the next one is this short too: look behind it
    shift_base: float = 0.04
    shift_per_roughness: float = 4.0
    shift_most: float = 0.125
    novelty: float = 0.09
    novelty_scale: float = 0.14
    novelty_most: float = 0.16

    # LONG: the interval after a premature beat, if longer than the last good one.
    pause: float = 1.05
    pause_after_parts: float = 1.25
    longest_pause: float = 1.75  # of the base; longer is a missed beat

    # Unmistakable premature beats, their running share, and what it does to the limits.
    sure_dip: float = 0.2
    sure_novelty: float = 0.05
    sure_pause: float = 0.97
    proof_memory_beats: float = 140.0
    proof_half_share: float = 0.032
    proof_dip: float = 0.0
    proof_shift_factor: float = 0.06
    proof_rebound: float = 0.6

    # Rule of bigeminy (Langendorf 1955), in proven ectopy only.
    bigeminy_share: float = 0.03
    bigeminy_pause: float = 1.04
    bigeminy_dip: float = 0.95

    # Roughness: beat-to-beat irregularity of unflagged beats.
    roughness_start: float = 0.03
    roughness_most: float = 0.06
    roughness_memory_beats: float = 30.0


FROZEN = MarkerSettings()


class _Scene(NamedTuple):
    """One interval among its neighbours (ms)."""

    rr: float
    before: float  # the interval before, or the last good one where that is flagged
    heard_before: float  # the interval before, as it came
    flaw_before: Flaw
    next1: float
    next2: float
    base: float  # median of the good history
    lowest: float  # of the good history
    highest: float


class BeatMarker:
    """Streaming marker, O(1) memory: `push` one interval, get the flaws that became final, oldest first."""

    def __init__(self, settings: MarkerSettings = FROZEN) -> None:
        self._s = settings
        self._waiting: deque[tuple[float, bool]] = deque()
        self._roughness = settings.roughness_start
        self._proof = 0.0  # recent share of unmistakable premature beats
        self._restart()

    def push(self, rr_ms: float, *, after_gap: bool = False) -> list[Flaw]:
        """Take the next interval; the flaws that became final by it, one a beat, in order."""
        finals = self.begin_anew() if after_gap else []
        self._waiting.append((rr_ms, after_gap))
        if len(self._waiting) == 3:
            finals.append(self._decide())
        return finals

    def begin_anew(self) -> list[Flaw]:
        """Decide what still waits, and forget the level of the heart: beats may be missing now."""
        finals = self.flush()
        self._restart()
        return finals

    def flush(self) -> list[Flaw]:
        """Decide what still waits, without the beats that would have followed."""
        return [self._decide() for _ in range(len(self._waiting))]

    def _restart(self) -> None:
        """Forget the level of the heart; its roughness and proven ectopy outlive a gap."""
        self._good: deque[float] = deque(maxlen=self._s.history)
        self._before: tuple[float, Flaw] | None = None
        self._before_that: tuple[float, Flaw] | None = None
        self._flagged_in_a_row = 0
        self._whole: float | None = None  # what an interval and the part before it add up to

    def _decide(self) -> Flaw:
        rr, after_gap = self._waiting.popleft()
        flaw = Flaw.GAP if after_gap else self._judge(rr)
        self._remember(rr, flaw)
        return flaw

    def _judge(self, rr: float) -> Flaw:
        scene = self._scene(rr)
        part = self._is_of_a_pair(scene)
        if not self._in_range(rr):
            return Flaw.RANGE
        if part:
            return Flaw.EXTRA
        after_premature = scene.flaw_before is Flaw.SHORT or scene.heard_before < self._s.lowest_ms
        if self._is_missed(scene):
            pause = after_premature and rr < self._s.longest_pause * scene.base
            return Flaw.LONG if pause else Flaw.MISSED
        if self._is_part(scene):
            return Flaw.EXTRA
        if self._is_premature(scene):
            return Flaw.SHORT
        if after_premature and rr > self._s.pause * scene.before:
            return Flaw.LONG
        if scene.flaw_before is Flaw.EXTRA and rr > self._s.pause_after_parts * scene.before:
            return Flaw.LONG  # the two parts were a couplet
        if self._is_pause_between_ectopics(scene):
            return Flaw.LONG
        return Flaw.NONE

    def _in_range(self, rr: float) -> bool:
        return self._s.lowest_ms <= rr <= self._s.highest_ms

    def _scene(self, rr: float) -> _Scene:
        ahead = [value for value, _ in self._waiting]
        # At a start there is no history: the level is taken from the beats at hand.
        levels = sorted(self._good or [rr, *filter(self._in_range, ahead)])
        base = levels[len(levels) // 2]
        heard, flaw = self._before or (base, Flaw.GAP)
        before = heard
        if flaw is not Flaw.NONE:
            before = self._good[-1] if self._good else base
        next1 = ahead[0] if ahead else rr
        next2 = ahead[1] if len(ahead) > 1 else next1
        s = self._s
        if rr + next1 > s.next_missed_sum * max(before, next2) and next1 > s.next_missed_ratio * max(
            rr, next2
        ):
            next1 = next2  # the next interval spans a missed beat and says nothing about this one
        return _Scene(rr, before, heard, flaw, next1, next2, base, levels[0], levels[-1])

    def _is_missed(self, x: _Scene) -> bool:
        """About twice its neighbours, and it falls straight back."""
        s = self._s
        first = x.rr > s.two_missed_first * x.before
        two_missed = first and x.next1 > s.two_missed_second * x.base
        after = min(x.next1, x.next2) if two_missed else x.next1
        return (
            x.rr > s.missed_max_ratio * max(x.before, after)
            and x.rr * x.rr > s.missed_mean_ratio * s.missed_mean_ratio * x.before * after
        )

    def _is_part(self, x: _Scene) -> bool:
        """One of two neighbouring parts which add up to one beat of the surrounding length."""
        s = self._s
        beyond = min(x.next2, s.missed_mean_ratio * x.before)  # may itself span a missed beat
        whole = 0.5 * (x.before + beyond)
        longer, error = max(x.rr, x.next1), abs(x.rr + x.next1 - whole)
        if longer < s.extra_part * min(x.before, whole) and error < s.extra_sum_error * whole:
            return True
        if longer < s.extra_half * min(x.before, beyond) and error < s.extra_half_error * whole:
            return True
        whole = 0.5 * (x.before + x.next1)
        return (
            x.flaw_before in (Flaw.EXTRA, Flaw.RANGE)
            and max(x.rr, x.heard_before) < s.extra_part * whole
            and abs(x.rr + x.heard_before - whole) < s.extra_sum_error * whole
        )

    def _is_of_a_pair(self, x: _Scene) -> bool:
        """A part of a beat that was counted twice, as the one before it and the next one may be too.

        Their sums keep the level of the heart: without it the parts would become the usual rhythm, in
        which every second beat is early, and the true one would be odd when it comes back.
        """
        s, whole, self._whole = self._s, self._whole, None
        if whole is not None:
            self._good.append(whole)
            self._flagged_in_a_row = 0
            return True
        if len(self._good) < s.history:
            return False
        shorter, longer, whole = min(x.rr, x.next1), max(x.rr, x.next1), x.rr + x.next1
        most = min((1.0 + s.pair_range) * x.highest, s.pair_sum * x.base)
        found = (
            longer < s.pair_part * x.base
            and longer > s.pair_uneven * shorter
            and (1.0 - s.pair_range) * x.lowest < whole < most
        )
        self._whole = whole if found else None
        return found

    def _is_premature(self, x: _Scene) -> bool:
        s = self._s
        couplet = x.next1 <= s.couplet * x.base
        after = max(x.next1, x.next2) if couplet else x.next1
        dip = (min(x.before, after) - x.rr) / x.base
        novelty = (x.lowest - x.rr) / x.base
        paused = x.next1 > s.sure_pause * x.before
        if dip > s.sure_dip and novelty > s.sure_novelty and paused:
            self._proof += 1.0 / s.proof_memory_beats
        proof = self._proof / (self._proof + s.proof_half_share)  # 0: no ectopy seen ... 1
        if dip < s.dip + (s.proof_dip - s.dip) * proof:
            return False
        # A beat moved by d makes this third difference 6 d; slow swings leave it near zero.
        shift = (x.before - 3.0 * x.rr + 3.0 * x.next1 - x.next2) / (6.0 * x.base)
        rebound = (x.next1 - x.rr) / x.base
        evidence = max(shift, proof * s.proof_rebound * rebound)
        limit = min(s.shift_base + s.shift_per_roughness * self._roughness, s.shift_most)
        limit *= 1.0 + (s.proof_shift_factor - 1.0) * proof
        unusual = (novelty - s.novelty) / s.novelty_scale
        unusual = min(max(unusual, -s.novelty_most), s.novelty_most) * (1.0 - proof)
        return evidence / limit + unusual > 1.0

    def _is_pause_between_ectopics(self, x: _Scene) -> bool:
        """Rule of bigeminy (Langendorf 1955).

        In proven ectopy a lengthened interval before a premature beat is itself the pause after a beat
        that came too late in its cycle to be seen as premature.
        """
        s = self._s
        return (
            self._proof > s.bigeminy_share
            and x.rr > s.bigeminy_pause * x.before
            and x.next1 < s.bigeminy_dip * min(x.rr, x.next2)
        )

    def _remember(self, rr: float, flaw: Flaw) -> None:
        self._proof -= self._proof / self._s.proof_memory_beats
        if flaw is Flaw.NONE:
            self._flagged_in_a_row = 0
            self._good.append(rr)
            self._learn_roughness(rr)
        else:
            self._flagged_in_a_row += 1
            if self._flagged_in_a_row > self._s.stale_after:
                self._good.clear()
        self._before_that, self._before = self._before, (rr, flaw)

    def _learn_roughness(self, rr: float) -> None:
        """Running mean of the bend of three good intervals, each capped."""
        if self._before is None or self._before_that is None:
            return
        (rr1, flaw1), (rr2, flaw2) = self._before, self._before_that
        if flaw1 is Flaw.NONE and flaw2 is Flaw.NONE:
            bend = min(abs(rr2 - 2.0 * rr1 + rr) / (4.0 * rr), self._s.roughness_most)
            self._roughness += (bend - self._roughness) / self._s.roughness_memory_beats
