"""Real files go in, are analysed, come out again the same; all of them in `benchmarks real_data --full`."""

import pytest
from benchmarks.real_data import sources, there_and_back

WANTED = {
    "hrvfilter_polar01.csv": 685,
    "marsh_0005_rr.csv": 1283,
    "crnl_1_rr.csv": 407,
    "bartels_rest.csv": 910,
    "100_atr.csv.gz": 2272,
    "gudb_subject_00-sitting-cs.csv": None,
}


@pytest.fixture(scope="module")
def real(shared_data):
    return dict(sources(full=False))


@pytest.mark.parametrize(("name", "intervals"), WANTED.items(), ids=WANTED)
def test_a_real_file_comes_back_to_the_last_digit(real, name, intervals):
    found = there_and_back(name, real[name])
    assert found.problem is None
    assert found.not_back == 0
    assert found.intervals > 100
    assert intervals is None or abs(found.intervals - intervals) <= 1


def test_every_kind_of_real_file_is_known(real):
    assert len(real) > 150
    assert {name.rpartition(".")[2] for name in real} == {"csv", "txt", "gz", "npz"}
