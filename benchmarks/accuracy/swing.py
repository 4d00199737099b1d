"""Score the swing fit on simulated hearts (no true swing of a person is known)."""

from itertools import pairwise

import numpy as np

from benchmarks.accuracy.simulated_hearts import breathing_heart
from benchmarks.accuracy.table import Report, Row
from benchmarks.accuracy.through import beats, run
from breathsync.breath.pacer import PacerSteps
from breathsync.events import GuideShown, Input, PaceChanged, RsaCycle
from breathsync.heart.beats import Beats
from breathsync.heart.hrv import FloatArray
from breathsync.heart.rsa import Swing
from breathsync.session.pipeline import Pipeline

RUNS = 6


def evaluate() -> Report:
    """All rows of this part."""
    rows = []
    for swing, (bias, bias_aim), (sd, sd_aim) in (
        (12.0, (1.0, 0.5), (3.0, 2.0)),
        (4.0, (4.0, 2.0), (10.0, 7.0)),
    ):
        ours, naive = _errors(6.0, swing, noise_ms=10.0)
        name = f"swing {swing:.0f} bpm at 6/min, 10 ms noise"
        rows += [
            Row(f"{name}: bias", ours[0], bias, bias_aim, unit="bias %", baselines={"max-min": naive[0]}),
            Row(f"{name}: SD per breath", ours[1], sd, sd_aim, unit="%", baselines={"max-min": naive[1]}),
        ]
    worst = max(
        abs(_errors(rate, 12.0, heart_rate_bpm=hr)[0][0])
        for rate in (4.0, 4.5, 6.0, 9.0, 12.0, 15.0)
        for hr in (55.0, 70.0, 90.0)
    )
    rows.append(Row("swing without noise, 4-15/min, HR 55-90: worst bias", worst, 1.0, 0.5, unit="bias %"))
    low, high = _reported_range()
    rows.append(Row("12 bpm at 6/min, HR 60-75: lowest reported", low, 11.3, 11.3, True, "bpm"))
    rows.append(Row("12 bpm at 6/min, HR 60-75: highest reported", high, 12.3, 12.3, False, "bpm"))
    return Report(rows, _details())


def _run(
    times: FloatArray, rr: FloatArray, period_s: float, start_s: float
) -> tuple[FloatArray, FloatArray]:
    """Swing per breath by the streaming fit, and by naive max - min of heart rate (bpm)."""
    edges = np.arange(start_s, times[-1], period_s)
    guide: list[Input] = [PaceChanged(start_s, period_s), GuideShown(start_s, shown=True)]
    inputs = sorted([*guide, *beats(times, rr)], key=lambda event: event.time)
    found = run(inputs, Pipeline([Beats(), PacerSteps(), Swing()]))
    fitted = [e.swing_bpm for _, e in found if isinstance(e, RsaCycle) and e.swing_bpm is not None]
    rate = 60000.0 / rr
    naive = [float(np.ptp(rate[(times > low) & (times <= high)])) for low, high in pairwise(edges[1:])]
    return np.array(fitted), np.array(naive)


def _errors(
    rate: float,
    swing: float,
    *,
    noise_ms: float = 0.0,
    heart_rate_bpm: float = 70.0,
    second_harmonic: float = 0.0,
    noise_in_rr: bool = False,
) -> tuple[tuple[float, float], tuple[float, float]]:
    """(bias %, SD per breath %) of the fit and of max - min."""
    rng = np.random.default_rng(7)
    runs = []
    for _ in range(RUNS):
        times, rr = breathing_heart(
            rng,
            breaths_per_min=rate,
            swing_bpm=swing,
            heart_rate_bpm=heart_rate_bpm,
            noise_ms=noise_ms,
            second_harmonic=second_harmonic,
            noise_in_rr=noise_in_rr,
        )
        runs.append(_run(times, rr, 60.0 / rate, float(rng.uniform(0.0, 60.0 / rate))))
    ours = np.concatenate([a for a, _ in runs])
    naive = np.concatenate([b for _, b in runs])
    return _bias_and_sd(ours, swing), _bias_and_sd(naive, swing)


def _bias_and_sd(values: FloatArray, truth: float) -> tuple[float, float]:
    return 100.0 * (float(values.mean()) / truth - 1.0), 100.0 * float(values.std()) / truth


def _reported_range() -> tuple[float, float]:
    """Over mean heart rates, and both ways to synthesise RR (integrated and sampled rate)."""
    reported: list[float] = []
    for hr in (60.0, 65.0, 70.0, 75.0):
        rng = np.random.default_rng(1)
        times, rr = breathing_heart(
            rng, breaths_per_min=6.0, swing_bpm=12.0, heart_rate_bpm=hr, drift_bpm=0.0
        )
        reported += _run(times, rr, 10.0, 3.0)[0].tolist()
        beats, now = [], 0.0
        while now < 200.0:
            now += 60.0 / (hr + 6.0 * np.sin(2.0 * np.pi * now / 10.0))
            beats.append(now)
        sampled = np.array(beats)
        reported += _run(sampled[1:], 1000.0 * np.diff(sampled), 10.0, 3.0)[0].tolist()
    return min(reported), max(reported)


def _details() -> list[str]:
    lines = ["swing, bias / SD per breath % (ours; max-min):"]
    cases = {
        "12 bpm at 4.5/min, 10 ms": _errors(4.5, 12.0, noise_ms=10.0),
        "12 bpm at 15/min, 10 ms": _errors(15.0, 12.0, noise_ms=10.0),
        "12 bpm at 15/min, 10 ms, HR 55": _errors(15.0, 12.0, noise_ms=10.0, heart_rate_bpm=55.0),
        "12 bpm at 6/min, 20 ms": _errors(6.0, 12.0, noise_ms=20.0),
        "4 bpm at 6/min, 20 ms": _errors(6.0, 4.0, noise_ms=20.0),
        "12 bpm at 6/min, 10 ms, 25 % overtone": _errors(6.0, 12.0, noise_ms=10.0, second_harmonic=0.25),
        "12 bpm at 6/min, 10 ms of the heart itself": _errors(6.0, 12.0, noise_ms=10.0, noise_in_rr=True),
    }
    for case, ((bias, sd), (naive_bias, naive_sd)) in cases.items():
        lines.append(f"  {case:<44} {bias:+.1f} / {sd:.1f}; {naive_bias:+.1f} / {naive_sd:.1f}")
    return lines
