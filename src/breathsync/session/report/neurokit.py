"""The same measures by neurokit2, where it is installed: so that everybody can compare.

It is asked for NN intervals with their times, over at most an hour (it needs minutes for a night).
"""

import importlib.util
import warnings
from collections.abc import Sequence

import numpy as np

from breathsync.events import Beat, Flaw

LONGEST_S = 3600.0
_LEAST_BEATS = 20
OURS = {
    "mean_nn_ms": "HRV_MeanNN",
    "sdnn_ms": "HRV_SDNN",
    "rmssd_ms": "HRV_RMSSD",
    "pnn50": "HRV_pNN50",
    "lf_ms2": "HRV_LF",
    "hf_ms2": "HRV_HF",
    "sd1_ms": "HRV_SD1",
    "sd2_ms": "HRV_SD2",
    "dfa_alpha1": "HRV_DFA_alpha1",
    "sample_entropy": "HRV_SampEn",
}
"""Our names and theirs, where both mean the same measure (docs/measures.md names the differences)."""


def installed() -> bool:
    """Whether neurokit2 is there."""
    return importlib.util.find_spec("neurokit2") is not None


def by_neurokit(beats: Sequence[Beat]) -> dict[str, float]:
    """What neurokit2 says of a stretch, under our names; what it cannot say is left out."""
    nn = [(b.time, b.rr_ms) for b in beats if b.flaw is Flaw.NONE and b.rr_ms is not None]
    if len(nn) < _LEAST_BEATS or nn[-1][0] - nn[0][0] > LONGEST_S or not installed():
        return {}
    times, rr = np.array(nn).T
    found = _asked({"RRI": rr, "RRI_Time": times})
    return {ours: found[theirs] for ours, theirs in OURS.items() if np.isfinite(found.get(theirs, np.nan))}


def _asked(intervals: dict[str, object]) -> dict[str, float]:
    import neurokit2 as nk  # 1.7 s and 200 MB, only when a report is made

    found: dict[str, float] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of every stretch that is short
        for ask in (
            lambda: nk.hrv_time(intervals, sampling_rate=1000).iloc[0].to_dict(),
            lambda: nk.hrv_frequency(intervals, sampling_rate=1000, normalize=False).iloc[0].to_dict(),
            lambda: _nonlinear(intervals),
        ):
            try:
                found |= ask()
            except (ValueError, IndexError, ZeroDivisionError, np.linalg.LinAlgError):
                continue  # too short for it
    return found


def _nonlinear(intervals: dict[str, object]) -> dict[str, float]:
    """What is shown of `hrv_nonlinear`, called as it calls them (neurokit2 0.2.13).

    Asked itself, it takes minutes for an hour of beats: for entropies of many scales that no report shows.
    """
    import neurokit2 as nk

    try:
        from neurokit2.hrv.hrv_nonlinear import _hrv_format_input, _hrv_nonlinear_poincare
    except ImportError:  # another version, with other inner parts: the long way
        whole: dict[str, float] = nk.hrv_nonlinear(intervals, sampling_rate=1000).iloc[0].to_dict()
        return whole
    rri, times, missing = _hrv_format_input(intervals, sampling_rate=1000)
    poincare = _hrv_nonlinear_poincare(rri, rri_time=times, rri_missing=missing, out={})
    tolerance = 0.2 * np.std(rri, ddof=1)
    return {
        "HRV_SD1": poincare["SD1"],
        "HRV_SD2": poincare["SD2"],
        "HRV_DFA_alpha1": nk.fractal_dfa(rri, multifractal=False, scale=np.arange(4, 12))[0],
        "HRV_SampEn": nk.entropy_sample(rri, delay=1, dimension=2, tolerance=tolerance)[0],
    }
