"""Heart and chest are weighed by what each is worth at that moment."""

import numpy as np
import pytest

from breathsync.breath.filter_bank import RATES
from breathsync.breath.fusion import LEAST_CHANCE, fused, support
from breathsync.breath.respiration_rate import RateEstimate


def belief(rate, sure):
    """A heart's belief: `sure` about one rate, the rest even, nothing on "none"."""
    p = np.full(RATES.size + 1, (1 - sure) / RATES.size, np.float32)
    p[-1] = 0.0
    p[int(np.abs(RATES - rate).argmin())] += sure
    return p


def heart(rate, sure, source="rr+ecg"):
    return RateEstimate(100.0, rate, sure, source)


@pytest.fixture(params=["now", "settled"])
def settled(request):
    return request.param == "settled"


def test_a_chest_that_is_worth_nothing_changes_nothing(settled):
    alone = heart(6.0, 0.4)
    assert fused(alone, belief(6.0, 0.4), 12.0, LEAST_CHANCE - 0.01, settled=settled) is alone


def test_a_chest_speaks_alone_where_the_heart_has_nothing_to_say(settled):
    said = fused(RateEstimate(100.0, None, 0.0, "rr"), None, 6.1, 0.8, settled=settled)
    assert said == RateEstimate(100.0, 6.1, 0.8, "rr+acc")


@pytest.mark.parametrize("source", ["rr", "rr+ecg"])
def test_both_of_one_mind_are_surer_than_with_a_heart_that_knows_nothing(source, settled):
    said = fused(heart(6.0, 0.9, source), belief(6.0, 0.9), 6.2, 0.8, settled=settled)
    silent = fused(heart(6.0, 0.0, source), belief(6.0, 0.0), 6.2, 0.8, settled=settled)
    assert said.breaths_per_min == silent.breaths_per_min == 6.2
    assert said.confidence > silent.confidence + 0.03
    assert said.source == source + "+acc"


@pytest.mark.parametrize("source", ["rr", "rr+ecg"])
def test_contradiction_makes_less_sure(source, settled):
    said = fused(heart(6.0, 0.9, source), belief(6.0, 0.9), 12.0, 0.9, settled=settled)
    assert said.confidence < 0.85


def test_the_ecg_counts_for_more_than_rr_alone(settled):
    with_ecg = fused(heart(6.0, 0.9), belief(6.0, 0.9), 12.0, 0.9, settled=settled)
    alone = fused(heart(6.0, 0.9, "rr"), belief(6.0, 0.9), 12.0, 0.9, settled=settled)
    assert alone.breaths_per_min == 12.0
    assert alone.confidence > with_ecg.confidence or with_ecg.breaths_per_min == 6.0


def test_a_sure_heart_stands_against_a_doubtful_chest(settled):
    said = fused(heart(6.0, 0.95), belief(6.0, 0.95), 12.0, 0.35, settled=settled)
    assert said.breaths_per_min == 6.0
    assert 0.7 < said.confidence <= 0.95


def test_a_heart_that_believes_in_nothing_neither_supports_nor_denies():
    p = np.zeros(RATES.size + 1, np.float32)
    p[-1] = 1.0
    assert support(p, 7.0) == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize("source", ["rr", "rr+ecg"])
def test_a_chest_of_the_first_half_minute_is_less_sure_of_what_has_settled(source):
    early, later, known = (
        fused(heart(6.0, 0.9, source), belief(6.0, 0.9), 6.2, 0.8, settled=True, seen_s=seen).confidence
        for seen in (10.0, 30.0, 50.0)
    )
    assert early < later < known
    long = fused(heart(6.0, 0.9, source), belief(6.0, 0.9), 6.2, 0.8, settled=True, seen_s=5000.0)
    assert long.confidence == known
