"""The table of measures: each with the window that it needs, or a reason why it is not given. No Qt.

Variability is given at rest alone and from a minute on, as the same swing reads otherwise at every pace;
swing breath by breath while a guide leads. What needs a whole session (LF and HF power) is never here.
What each measure is stands in docs/measures.md.
"""

from dataclasses import dataclass
from math import ceil
from typing import TypeVar

from breathsync.events import (
    Beat,
    BreathEstimate,
    BreathSource,
    Event,
    Flaw,
    GuideFollowed,
    HrvMetrics,
    RhythmMatch,
    RsaCycle,
    SignalQuality,
    StrapKnown,
    SwingMean,
    Synchrony,
)
from breathsync.heart.due import KNOWN_WITHIN_S
from breathsync.wording import number, text

_Event = TypeVar("_Event", bound=Event)

REST_S, MATCH_S = 60, 64
_FRESH_S = 45.0
_SETTLED_S = 5.0  # what is said of the guide's following so long afterwards is the settled word
_SURE = 0.7  # a breathing rate is given if it is that likely to be within 1/min
_STEADY = 0.75
_BREATHS = 6


@dataclass(frozen=True, slots=True)
class Row:
    """One measure in words; `beside` is its window, or while there is a dash the reason for that."""

    name: str
    value: str
    beside: str


class Measures:
    """Keeps the newest of each."""

    def __init__(self) -> None:
        self._minute: HrvMetrics | None = None
        self._quality: SignalQuality | None = None
        self._cycle: RsaCycle | None = None
        self._mean: SwingMean | None = None
        self._breath: BreathEstimate | None = None
        self._followed: GuideFollowed | None = None
        self._synchrony: Synchrony | None = None
        self._match: RhythmMatch | None = None
        self._strap: StrapKnown | None = None
        self._clean_breaths = 0
        self._beats = self._marked = 0
        self._from_ecg = False

    def push(self, at: float, event: Event) -> None:
        """Take in what became known at `at`."""
        match event:
            case Beat(flaw=flaw, source=source):
                self._count(flaw, source)
            case HrvMetrics(window_s=window) if window == REST_S:
                self._minute = event
            case RhythmMatch(window_s=window) if window == MATCH_S:
                self._match = event
            case RsaCycle(clean=clean):
                self._cycle = event
                self._clean_breaths = self._clean_breaths + 1 if clean else 0
            case BreathEstimate(settled=True):
                self._breath = event
            case GuideFollowed(time) if at - time > _SETTLED_S:
                self._followed = event
            case SignalQuality():
                self._quality = event
            case SwingMean():
                self._mean = event
            case Synchrony():
                self._synchrony = event
            case StrapKnown():
                self._strap = event

    def rows(self, now: float, *, rest_since: float | None, unmeasured: bool) -> tuple[Row, ...]:
        """The table at `now`. In a step that is nobody's measurement only the signal is spoken of."""
        about_signal = (self._usable(now), self._marks(), self._delay())
        measured: tuple[Row, ...] = (
            self._heart_rate(now),
            *self._variability(now, rest_since),
            self._last_swing(now),
            self._mean_swing(now),
            self._breath_rate(now),
            self._following(now),
            self._lag(now),
            self._at_the_pace(now),
        )
        if unmeasured:
            reason = text("practitioner.not_in_this_step")
            measured = tuple(_withheld(row.name, reason) for row in measured)
        return (*measured, *about_signal)

    def _count(self, flaw: Flaw, source: str) -> None:
        if flaw is Flaw.DUPLICATE:
            return
        self._beats += 1
        self._marked += flaw not in (Flaw.NONE, Flaw.GAP)
        self._from_ecg = source == "ecg"

    # --- one row each ---

    def _heart_rate(self, now: float) -> Row:
        minute = _fresh(self._minute, now)
        rate = minute.heart_rate_bpm if minute else None
        value = None if rate is None else _per_min(number(rate, 1))
        return _row("heart_rate", value, text("practitioner.seconds", seconds=REST_S), "needs_beats")

    def _variability(self, now: float, rest_since: float | None) -> tuple[Row, Row]:
        """At rest, with the whole minute in it, or not at all."""
        window = text("practitioner.rest_window", seconds=REST_S)
        minute = _fresh(self._minute, now)
        reason = None
        if rest_since is None:
            reason = text("practitioner.rest_only")
        elif minute is None or minute.time - REST_S < rest_since - 1:
            soon = max(1, ceil(rest_since + REST_S + KNOWN_WITHIN_S - now))
            reason = text("practitioner.needs_more", seconds=soon)
        elif minute.rmssd_ms is None or minute.sdnn_ms is None:
            reason = text(f"reason.{minute.withheld}") if minute.withheld else text("reason.too_short")
        if reason is not None or minute is None:
            return _withheld(_name("rmssd"), reason or ""), _withheld(_name("sdnn"), reason or "")
        values = (("rmssd", minute.rmssd_ms), ("sdnn", minute.sdnn_ms))
        rmssd, sdnn = (
            Row(_name(key), text("practitioner.ms", value=number(value)), window) for key, value in values
        )
        return rmssd, sdnn

    def _last_swing(self, now: float) -> Row:
        cycle = _fresh(self._cycle, now)
        clean = cycle is not None and cycle.clean and cycle.swing_bpm is not None
        value = _per_min(number(cycle.swing_bpm, 1)) if cycle and clean else None
        reason = "guided_breaths" if cycle is None else "uncertain_breath"
        return _row("swing", value, text("practitioner.one_breath"), reason)

    def _mean_swing(self, now: float) -> Row:
        mean, value = _fresh(self._mean, now), None
        if mean is not None:
            swing, error = number(mean.swing_bpm, 1), number(mean.standard_error_bpm, 1)
            value = _per_min(f"{swing} ± {error}")
        return _row("mean_swing", value, text("practitioner.six_breaths"), "needs_six")

    def _breath_rate(self, now: float) -> Row:
        """Breath where ECG or movement tell it; from RR alone it may be something else."""
        breath = _fresh(self._breath, now)
        if breath is None or breath.breaths_per_min is None:
            return _row("rhythm", None, "", "needs_beats")
        seen = breath.source is not BreathSource.RR
        percent = _percent(breath.confidence)
        source = text(f"practitioner.source_{'seen' if seen else 'rr'}", percent=percent)
        rate = _per_min(number(breath.breaths_per_min, 1))
        value = rate if breath.confidence >= _SURE else None
        return _row("breath" if seen else "rhythm", value, source, "not_sure")

    def _following(self, now: float) -> Row:
        followed, breath = _fresh(self._followed, now), _fresh(self._breath, now)
        if breath is None or breath.source is BreathSource.RR:
            return _row("followed", None, "", "ecg_or_movement")
        value = None
        if followed is not None:
            value = text("practitioner.percent", percent=_percent(followed.probability))
        return _row("followed", value, text("practitioner.how_likely"), "no_guide")

    def _lag(self, now: float) -> Row:
        """How much later than the guide's in-breath the heart rate is highest, where that is steady."""
        together = _fresh(self._synchrony, now)
        if together is None:
            return _row("lag", None, "", "needs_six")
        if together.lag_turns is None:
            return _row("lag", None, "", "delay_unknown")
        if together.steadiness is None or together.steadiness < _STEADY:
            return _row("lag", None, "", "differs")
        side = "later" if together.lag_turns >= 0 else "sooner"
        value = text(f"practitioner.{side}", degrees=number(abs(360 * together.lag_turns)))
        return _row("lag", value, text("practitioner.six_breaths"), "")

    def _at_the_pace(self, now: float) -> Row:
        match = _fresh(self._match, now)
        if match is None:
            return _row("match", None, "", "no_guide")
        value = None if match.match is None else number(match.match, 2)
        window = text("practitioner.one_pace", seconds=MATCH_S)
        if value is None and match.withheld:
            return _withheld(_name("match"), text(f"reason.{match.withheld}"))
        return _row("match", value, window, "needs_beats")

    def _usable(self, now: float) -> Row:
        quality = _fresh(self._quality, now)
        value = None
        if quality is not None:
            value = text("practitioner.percent", percent=number(100 * quality.usable_share))
        return _row("usable", value, text("practitioner.seconds", seconds=REST_S), "needs_beats")

    def _marks(self) -> Row:
        counted = text("practitioner.of", count=self._marked, all=self._beats)
        return _row(
            "marked", counted if self._beats else None, text("practitioner.whole_session"), "needs_beats"
        )

    def _delay(self) -> Row:
        """The delay that is taken off what is drawn; beats from the ECG stand at their own time."""
        if self._from_ecg:
            return _row("delay", None, "", "from_ecg")
        delay = self._strap.rr_latency_s if self._strap else None
        value = None if delay is None else text("practitioner.delay_s", seconds=number(delay, 1))
        return _row("delay", value, text("practitioner.taken_off"), "delay_unknown")


def _name(key: str) -> str:
    return text(f"practitioner.measure.{key}")


def _row(key: str, value: str | None, window: str, reason: str) -> Row:
    """With its value and window, or the reason (a key) why there is none."""
    if value is None:
        return _withheld(_name(key), text(f"practitioner.{reason}"))
    return Row(_name(key), value, window)


def _withheld(name: str, reason: str) -> Row:
    return Row(name, text("window.no_value"), reason)


def _percent(chance: float) -> str:
    """A chance is never all of it."""
    return number(min(99.0, 100 * chance))


def _per_min(rate: str) -> str:
    return text("practitioner.per_min", rate=rate)


def _fresh(event: _Event | None, now: float) -> _Event | None:
    """What was said long ago is over."""
    return event if event is not None and now - event.time < _FRESH_S else None
