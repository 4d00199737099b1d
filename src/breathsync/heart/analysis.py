"""Every measure of one stretch of beats, for reports and batch analysis: what is said, and what is not.

Time-domain measures stand on all NN intervals and on differences of neighbours; the others need one
unbroken run of beats, so they use the longest one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from breathsync.events import Beat, Flaw
from breathsync.heart import hrv, nonlinear, spectrum
from breathsync.heart.hrv import FloatArray

_LEAST_LF_S = 250.0  # ten waves of the lowest frequency (Task Force 1996)
_LEAST_HF_S = 67.0
_LEAST_ENTROPY_BEATS = 100
_LEAST_ALPHA_BEATS = 100


@dataclass(frozen=True, slots=True)
class Analysis:
    """Measures of one stretch; `None` where it is too short, or has no unbroken run that is long enough."""

    beats: int
    seconds: float
    heart_rate_bpm: float | None = None
    sdnn_ms: float | None = None
    rmssd_ms: float | None = None
    pnn50: float | None = None
    lf_ms2: float | None = None
    lf_peak_hz: float | None = None
    hf_ms2: float | None = None
    hf_peak_hz: float | None = None
    sd1_ms: float | None = None
    sd2_ms: float | None = None
    dfa_alpha1: float | None = None
    sample_entropy: float | None = None


def longest_run(beats: Sequence[Beat]) -> list[Beat]:
    """The longest stretch of neighbouring beats without a flaw."""
    best, start = (0, 0), 0
    for place, beat in enumerate(beats):
        if beat.flaw is not Flaw.NONE:
            start = place + 1
        elif place + 1 - start > best[1] - best[0]:
            best = start, place + 1
    return list(beats[best[0] : best[1]])


def analyse(beats: Sequence[Beat]) -> Analysis:
    """All measures of a stretch of final beats, duplicates left out."""
    counted = [beat for beat in beats if beat.flaw is not Flaw.DUPLICATE]
    good = np.array([beat.flaw is Flaw.NONE for beat in counted], dtype=bool)
    rr = np.array([beat.rr_ms or 0.0 for beat in counted])
    nn = rr[good]
    differences = np.diff(rr)[good[1:] & good[:-1]] if rr.size else nn
    if differences.size < 2:
        return Analysis(nn.size, float(nn.sum()) / 1000)
    run = longest_run(counted)
    return Analysis(
        beats=nn.size,
        seconds=float(nn.sum()) / 1000,
        heart_rate_bpm=hrv.mean_heart_rate(nn),
        sdnn_ms=hrv.sdnn(nn),
        rmssd_ms=hrv.rmssd(differences),
        pnn50=hrv.pnn50(differences),
        **_of_run(np.array([b.time for b in run]), np.array([b.rr_ms or 0.0 for b in run])),
    )


def _of_run(times_s: FloatArray, nn_ms: FloatArray) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    if nn_ms.size >= _LEAST_ENTROPY_BEATS:
        found["sd1_ms"], found["sd2_ms"] = nonlinear.poincare(nn_ms)
        found["sample_entropy"] = nonlinear.sample_entropy(nn_ms)
    if nn_ms.size >= _LEAST_ALPHA_BEATS:
        found["dfa_alpha1"] = nonlinear.dfa(nn_ms)
    lasts_s = float(times_s[-1] - times_s[0]) if times_s.size else 0.0
    if lasts_s >= _LEAST_HF_S:
        density = spectrum.density(spectrum.tachogram(times_s, nn_ms))
        high = spectrum.band_power(*density, spectrum.HF_HZ)
        found["hf_ms2"], found["hf_peak_hz"] = high.power_ms2, high.peak_hz
        if lasts_s >= _LEAST_LF_S:
            low = spectrum.band_power(*density, spectrum.LF_HZ)
            found["lf_ms2"], found["lf_peak_hz"] = low.power_ms2, low.peak_hz
    return found
