"""Which features the scorers look at: rows of the filter bank, their past, and past beliefs.

A feature is (row, offset): the value of that row `offset` steps of the grid above the candidate
rate; an octave is double the rate, a twelfth three times (harmonics and subharmonics).
"row@8" is what the row was 8 s ago.
Changing a list here asks for new weights (`python -m training.breath`).
"""

from breathsync.breath.filter_bank import RAMP, STEPS_PER_OCTAVE
from breathsync.breath.rate_scorer import Feature

BELIEF_PAST_S = 28
OCTAVE = STEPS_PER_OCTAVE
TWELFTH = round(1.585 * STEPS_PER_OCTAVE)
ASIDE = 4  # steps, 15 %: how the candidate stands out of its surroundings
LN2 = 0.6931471805599453
STEPS_PER_SECOND = RAMP * STEPS_PER_OCTAVE / LN2  # how far a ramp moves within 1 s, grid steps

SHARED: tuple[Feature, ...] = (("log_rate", 0), ("log_rate_squared", 0))


def _ramp_steps(seconds: float) -> int:
    return round(STEPS_PER_SECOND * seconds)


def _here(*rows: str) -> tuple[Feature, ...]:
    return tuple((row, 0) for row in rows)


def _harmonics(row: str) -> tuple[Feature, ...]:
    return ((row, -OCTAVE), (row, OCTAVE))


RR_NOW: tuple[Feature, ...] = (
    *_here("rr.n12", "rr.n20", "rr.n20u", "rr.n20d", "rr.n32", "rr.n32u", "rr.n32d"),
    *_here("rr.n48u", "rr.n48d", "rr.n64"),
    *_harmonics("rr.n20"),
    *_harmonics("rr.n32"),
    ("rr.n64", -OCTAVE),
    ("rr.n32", TWELFTH),
    ("rr.n32", -TWELFTH),
    *((row, side) for row in ("rr.n20", "rr.n32") for side in (-ASIDE, ASIDE)),
    *_here("past.n20@8", "past.n20@16", "past.n20@24"),
    *SHARED,
    ("nyquist", 0),
)
RR_SETTLED: tuple[Feature, ...] = (
    *_here("rr.s12", "rr.s20", "rr.s20u", "rr.s20d", "rr.s32", "rr.s32u", "rr.s32d"),
    *_here("rr.s48u", "rr.s48d", "rr.n64", "rr.n32", "rr.n20", "rr.n12"),
    *_harmonics("rr.s20"),
    *_harmonics("rr.s32"),
    ("rr.n64", -OCTAVE),
    ("rr.s32", TWELFTH),
    ("rr.s32", -TWELFTH),
    *((row, side) for row in ("rr.s20", "rr.s32") for side in (-ASIDE, ASIDE)),
    *_here("past.s20@6", "past.s20@16"),
    *SHARED,
    ("nyquist", 0),
)


def _both(*rows: str) -> tuple[Feature, ...]:
    return tuple((f"{part}.{row}", 0) for row in rows for part in ("ecg_mean", "ecg_max"))


ECG_NOW: tuple[Feature, ...] = (
    *_both("n12", "n20", "n20u", "n20d", "n32", "n64"),
    *_harmonics("ecg_mean.n20"),
    *_harmonics("ecg_mean.n32"),
    *SHARED,
    ("nyquist", 0),
)
ECG_SETTLED: tuple[Feature, ...] = (
    *_both("s20", "s20u", "s20d", "s32", "n64", "n32", "n20"),
    *_harmonics("ecg_mean.s20"),
    *_harmonics("ecg_mean.s32"),
    *SHARED,
    ("nyquist", 0),
)


def _now_beliefs(source: str) -> tuple[Feature, ...]:
    """Beliefs about now: today's, and yesterday's along a steady rate and along both ramps."""
    now, settled = f"{source}.now", f"{source}.settled"
    out: list[Feature] = [(f"{now}@0", 0)]
    for lag in (4, 8, 12, 16, 20, 24):
        step = _ramp_steps(lag)
        out += [(f"{now}@{lag}", 0), (f"{now}@{lag}", -step), (f"{now}@{lag}", step)]
    step = _ramp_steps(10)
    out += [(f"{settled}@0", 0), (f"{settled}@0", -step), (f"{settled}@0", step)]
    return (*out, (f"{settled}@8", 0))


def _settled_beliefs(source: str) -> tuple[Feature, ...]:
    """Beliefs about 10 s ago: settled ones, those of now with 10 s more to come, and then."""
    now, settled = f"{source}.now", f"{source}.settled"
    out: list[Feature] = [(f"{settled}@0", 0)]
    for lag in (4, 8, 12, 16, 24):
        step = _ramp_steps(lag)
        out += [(f"{settled}@{lag}", 0), (f"{settled}@{lag}", -step), (f"{settled}@{lag}", step)]
    for lag in (0, 4):
        step = _ramp_steps(10 - lag)
        out += [(f"{now}@{lag}", 0), (f"{now}@{lag}", step), (f"{now}@{lag}", -step)]
    return (*out, (f"{now}@8", 0), (f"{now}@12", 0))


FINAL_RR_NOW = (*_now_beliefs("rr"), *_here("rr.n12", "rr.n20", "rr.n32"), *SHARED)
FINAL_RR_SETTLED = (*_settled_beliefs("rr"), *_here("rr.s12", "rr.s20"), *SHARED)
FINAL_ECG_NOW = (*_now_beliefs("rr"), *_now_beliefs("ecg"), *SHARED)
FINAL_ECG_SETTLED = (*_settled_beliefs("rr"), *_settled_beliefs("ecg"), *SHARED)

PAST_ROWS = ("past.n20", "past.s20")
BELIEFS = ("rr.now", "rr.settled", "ecg.now", "ecg.settled")

OF_SCORER: dict[str, tuple[Feature, ...]] = {
    "rr.now": RR_NOW,
    "rr.settled": RR_SETTLED,
    "ecg.now": ECG_NOW,
    "ecg.settled": ECG_SETTLED,
    "final.rr.now": FINAL_RR_NOW,
    "final.rr.settled": FINAL_RR_SETTLED,
    "final.rr+ecg.now": FINAL_ECG_NOW,
    "final.rr+ecg.settled": FINAL_ECG_SETTLED,
}
