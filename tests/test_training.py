"""What is learnt is made by a command, from simulated people alone; here with very few of them."""

import json

import numpy as np
import pytest
from training.breath import as_text, isotonic, orders
from training.fusion import left_out, weights_of
from training.people import NEGATIVES, breathing_person, breathless_person

from breathsync.breath.chest_confidence import WEIGHTS_FILE as CHEST_WEIGHTS_FILE
from breathsync.breath.chest_features import NAMES
from breathsync.breath.respiration_rate import WEIGHTS_FILE


def test_the_weights_file_is_written_as_the_command_writes_it():
    text = WEIGHTS_FILE.read_text(encoding="utf-8")
    assert as_text(json.loads(text)) + "\n" == text


def test_the_weights_of_the_chest_are_for_the_features_that_there_are():
    weights = json.loads(CHEST_WEIGHTS_FILE.read_text(encoding="utf-8"))
    assert weights["features"] == list(NAMES)
    assert np.shape(weights["net"]["hidden"])[0] == len(NAMES)
    assert sum(weights["now"]) == pytest.approx(1.0, abs=0.01)
    assert set(weights["fusion"]) == {"rr.now", "rr.settled", "rr+ecg.now", "rr+ecg.settled"}


def test_the_weights_of_chest_heart_and_age_are_found_though_a_doubtful_chest_has_little_support():
    rng = np.random.default_rng(1)
    odds = rng.normal(1, 1, 8000)
    said = np.column_stack([odds, odds + rng.normal(0, 1, 8000), np.minimum(rng.normal(0, 0.6, 8000), 0)])
    chance = 1 / (1 + np.exp(-(0.3 + said @ [0.8, 0.4, 1.2])))
    hit = (rng.random(8000) < chance).astype(float)
    assert weights_of(said, hit) == pytest.approx([0.3, 0.8, 0.4, 1.2], abs=0.15)
    bins = left_out(said, hit, np.arange(8000.0) % 40)
    assert len(bins) == 4
    for told, true, _ in bins:
        assert told == pytest.approx(true, abs=0.06)


def test_the_same_seed_is_the_same_person():
    one, same, other = (breathing_person(seed) for seed in (7, 7, 8))
    assert np.array_equal(one.rr_ms, same.rr_ms) and np.array_equal(one.ecg, same.ecg)
    assert not np.array_equal(one.rr_ms[:50], other.rr_ms[:50])


def test_a_simulated_person_breathes_at_rates_that_people_breathe_at():
    person = breathing_person(7)
    known = person.reference[person.weight > 0]
    assert known.size > 200 and known.min() > 2 and known.max() < 45
    assert 40 < np.median(60000 / person.rr_ms) < 130


@pytest.mark.parametrize("kind", NEGATIVES)
def test_in_some_people_there_is_no_breath_to_find(kind):
    person = breathless_person(7, kind)
    assert np.isnan(person.reference).all() and (np.diff(person.beat_s) > 0).all()


def test_of_every_kind_there_are_some():
    kinds = {order.kind for order in orders(24, 0)}
    assert kinds == {"breathing", "mayer+ecg", *NEGATIVES}


def test_a_calibration_never_falls():
    rng = np.random.default_rng(1)
    mass = rng.random(4000)
    hit = (rng.random(4000) < mass**2).astype(float)
    table = isotonic(mass, hit, np.ones(4000))
    assert table["share"] == sorted(table["share"])
    assert np.interp(0.7, table["mass"], table["share"]) == pytest.approx(0.49, abs=0.06)
