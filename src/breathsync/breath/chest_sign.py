"""Which way along its axis the chest turns when the lungs fill.

Three things tell, and their log odds add up:
* one calibration breath: who marks a moment as `in-breath` begins to breathe in there (nearly certain);
* the guide, while the breath keeps step with it for three breaths or more: people breathe in with it;
* the heart rate, which is highest about the end of an in-breath. People differ by up to two seconds either
  way (SD 1.2 s in MARSH, breaths of 7 s and more), which at six seconds a breath and more leaves the half
  that is meant clear about nine times in ten; at quicker breaths it says nothing here.
Nobody is asked and nothing is said while the odds are low.
"""

import cmath
import math
from collections import deque

import numpy as np

from breathsync.breath.chest_breath import ChestMoment

IN_BREATH = "in-breath"
"""The label of a `Marked` that begins the calibration breath."""

KNOWN = 0.85
_CALIBRATED = 5.0  # log odds
_CALIBRATION_S = 2.0
_LEAST_TURN = 0.5  # of the breath's amplitude
_GUIDE_BREATHS = 6
_GUIDE_LEAST = 3
_IN_STEP = 0.75  # mean resultant length
_PER_GUIDED_BREATH = 1.2
_HEART = 2.2
_HEART_SPAN_S = 32.0
_HEART_SLOWEST_HZ, _HEART_QUICKEST_HZ = 0.05, 1 / 6
_HEART_EXPLAINS = 0.4
_FIRM_S = 1.0


class BreathSign:
    """Gathers what tells; positive log odds mean that the axis points to full lungs."""

    def __init__(self) -> None:
        self._beats: deque[tuple[float, float]] = deque(maxlen=120)
        self._marked_s: float | None = None
        self._guide_full: deque[float] = deque(maxlen=8)
        self.forget()

    def forget(self) -> None:
        """The axis is another one."""
        self._calibrated = self._heart = 0.0
        self._lags: deque[complex] = deque(maxlen=_GUIDE_BREATHS)

    def mark(self, time: float) -> None:
        """An in-breath for calibration begins."""
        self._marked_s = time

    def guide_is_full(self, time: float) -> None:
        """The guide's in-breath ends."""
        self._guide_full.append(time)

    def beat(self, time: float, rr_ms: float) -> None:
        """A heartbeat that counts."""
        self._beats.append((time - rr_ms / 2000, 60000 / rr_ms))

    def known(self) -> int | None:
        """1 or -1, `None` while it is not known."""
        if self.chance() < KNOWN:
            return None
        return 1 if self._odds() > 0 else -1

    def chance(self) -> float:
        """That the likelier sign is right."""
        return 1 / (1 + math.exp(-abs(self._odds())))

    def _odds(self) -> float:
        if self._calibrated:
            return self._calibrated
        return self._heart + self._guide()

    def _guide(self) -> float:
        if len(self._lags) < _GUIDE_LEAST:
            return 0.0
        mean = sum(self._lags) / len(self._lags)
        return _PER_GUIDED_BREATH * len(self._lags) * mean.real if abs(mean) >= _IN_STEP else 0.0

    def look(self, moment: ChestMoment, full_turns: float) -> None:
        """Once a second while there is a breath. `full_turns`: its phase when full, were the sign +."""
        self._calibrate(moment)
        self._hear_guide(moment, full_turns)
        if round(moment.end_s + moment.late_s) % 5 == 0:
            self._hear_heart(moment, full_turns)

    def _calibrate(self, moment: ChestMoment) -> None:
        if self._marked_s is None or moment.end_s < self._marked_s + _CALIBRATION_S:
            return
        marked, self._marked_s = self._marked_s, None
        last = len(moment.steps) - round((moment.end_s - marked - _CALIBRATION_S) * 4)
        low, high = last - round(_CALIBRATION_S * 4), last
        if low < 0 or not moment.known[low:high].all():
            return
        turned = float(np.add.reduce(moment.steps[low:high]))
        if abs(turned) >= _LEAST_TURN * moment.amplitude_deg:
            self._calibrated = math.copysign(_CALIBRATED, turned)

    def _hear_guide(self, moment: ChestMoment, full_turns: float) -> None:
        while self._guide_full and moment.end_s - self._guide_full[0] > max(_FIRM_S, 0.25 / moment.rate_hz):
            before = self._guide_full.popleft() - moment.end_s
            if before > moment.phase.times_s[0]:
                self._lags.append(cmath.exp(2j * math.pi * (moment.phase.at(before) - full_turns)))

    def _hear_heart(self, moment: ChestMoment, full_turns: float) -> None:
        if not _HEART_SLOWEST_HZ < moment.rate_hz < _HEART_QUICKEST_HZ:
            return
        began_s = moment.end_s - _HEART_SPAN_S
        points = [(t - moment.end_s, bpm) for t, bpm in self._beats if began_s < t <= moment.end_s]
        if len(points) < 15:
            return
        times, bpm = np.array(points).T
        angle = 2 * math.pi * np.array([moment.phase.at(t) for t in times.tolist()])
        parts = np.stack([np.ones(len(angle)), np.cos(angle), np.sin(angle), times], 1)
        fitted, left, rank, _ = np.linalg.lstsq(parts, bpm, rcond=None)
        spread = float(np.var(bpm)) * len(bpm)
        if rank < 4 or spread <= 0 or 1 - float(left[0]) / spread < _HEART_EXPLAINS:
            return
        peak_turns = math.atan2(fitted[2], fitted[1]) / (2 * math.pi)
        self._heart += 0.3 * (_HEART * math.cos(2 * math.pi * (peak_turns - full_turns)) - self._heart)
