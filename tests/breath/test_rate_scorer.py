"""The tables that the breathing rate is read from."""

import numpy as np
import pytest

from breathsync.breath.filter_bank import RATES
from breathsync.breath.rate_scorer import Decoder, Rows

FINE = np.arange(3.0, 40.01, 0.1)


def expected_loss(belief, cap, rates):
    """Of each of the rates, if min(|error|, cap) is lost."""
    return np.minimum(np.abs(RATES - rates[:, None]), cap) @ (belief / belief.sum())


@pytest.mark.parametrize("seed", range(40))
def test_the_rate_that_is_said_loses_the_least_of_all_rates(seed):
    rng = np.random.default_rng(seed)
    beliefs = rng.dirichlet(np.full(RATES.size + 1, rng.choice([0.02, 0.1, 1.0])), 2).astype(np.float32)
    caps = (40.0, 6.0)
    said = Decoder(caps, (0.0, 0.0)).decode(beliefs)
    for belief, cap, (rate, _) in zip(beliefs[:, :-1], caps, said, strict=True):
        steps = expected_loss(belief, cap, FINE)
        assert steps.min() >= expected_loss(belief, cap, RATES).min() - 1e-6  # none between two candidates
        assert expected_loss(belief, cap, np.array([rate]))[0] <= steps.min() + 0.05


def test_a_belief_in_one_rate_is_said_as_that_rate():
    beliefs = np.zeros((2, RATES.size + 1), np.float32)
    beliefs[:, 20] = 1.0
    (now, mass), (settled, _) = Decoder((40.0, 6.0), (0.8, 0.0)).decode(beliefs)
    assert now == pytest.approx(RATES[20], abs=0.1) == settled
    assert mass == pytest.approx(1.0, abs=1e-6)


def rows():
    made = Rows(["plain", "beside"], ("told",), 3)
    made.rows[made.place("plain")] = np.arange(1, RATES.size + 1)
    made.rows[made.place("beside")] = 1000.0
    return made


def read(made, *features):
    return made.read(made.starts(features))


def test_a_feature_is_its_row_moved_aside_and_nought_beyond_the_range_of_rates():
    here, above, below = read(rows(), ("plain", 0), ("plain", 3), ("plain", -3))
    assert here.tolist() == list(range(1, RATES.size + 1))
    assert above.tolist() == [*here[3:], 0, 0, 0]
    assert below.tolist() == [0, 0, 0, *here[:-3]]


def test_what_is_remembered_grows_older_and_what_was_never_told_is_held():
    made = rows()
    made.remember("told", np.full(RATES.size, 5.0))
    ages = [(f"told@{lag}", 0) for lag in range(4)]
    assert read(made, *ages)[:, 0].tolist() == [5, 5, 5, 5]
    made.pass_on(2)
    made.remember("told", np.full(RATES.size, 7.0))
    assert read(made, *ages)[:, 0].tolist() == [7, 5, 5, 5]
    made.pass_on(1)
    made.remember("told", np.full(RATES.size, 8.0))
    assert read(made, *ages)[:, 0].tolist() == [8, 7, 5, 5]
    made.forget()
    made.remember("told", np.full(RATES.size, 9.0))
    assert read(made, *ages)[:, 0].tolist() == [9, 9, 9, 9]
