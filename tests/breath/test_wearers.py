"""A slice of `python -m benchmarks.accuracy acc`: simulated wearers through the installed pipeline."""

import numpy as np
import pytest
from benchmarks.accuracy.acc import SHOWN, said, score_of
from benchmarks.accuracy.simulated_wearers import breathless, session
from benchmarks.accuracy.through import run

from breathsync.devices import polar
from breathsync.events import BreathEstimate, Notification


@pytest.fixture(scope="module")
def scores():
    return [score_of(seed, 90.0) for seed in range(8000, 8008)]


def test_the_settled_rate_of_wearers_is_near_the_truth_where_it_is_shown(scores):
    shown = np.concatenate([score.settled.shown for score in scores])
    assert len(shown) > 0.7 * sum(len(score.settled.errors) for score in scores)
    assert shown.mean() < 0.3
    assert (shown <= 2).mean() > 0.95


def test_ends_of_in_breaths_keep_their_distance_to_the_true_ones(scores):
    ends = np.concatenate([score.ends for score in scores])
    assert len(ends) >= 15
    assert 1.4826 * np.median(np.abs(ends)) < 0.4


def test_nobody_is_seen_breathing_on_a_table():
    worn = breathless(8100, 60.0)
    assert "table" in worn.kinds
    found = run(e for e in worn.inputs if not (isinstance(e, Notification) and e.characteristic == "2a37"))
    assert all(e.confidence < SHOWN for _, e in found if isinstance(e, BreathEstimate))


def test_acceleration_does_not_make_worse_what_the_heart_knows():
    worn = session(8009, 90.0)
    both = said(worn, run(worn.inputs), True)
    heart = said(worn, run(_without_acceleration(worn.inputs)), True)
    assert both.net_share() >= heart.net_share() - 0.02


def _without_acceleration(inputs):
    return [e for e in inputs if not (isinstance(e, Notification) and e.characteristic == polar.DATA)]
