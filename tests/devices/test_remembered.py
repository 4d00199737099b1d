"""Straps are remembered for each machine; a file that cannot be read or written is done without."""

from breathsync.devices import remembered
from breathsync.devices.finding import KnownStrap

ONE, TWO = KnownStrap("AA", "Polar H10 12345678"), KnownStrap("BB", None)


def test_the_last_one_comes_first_and_each_stands_once(tmp_path):
    file = tmp_path / "new" / "straps.json"
    for strap in (ONE, TWO, ONE):
        remembered.remember(file, strap)
    assert remembered.load(file) == (ONE, TWO)


def test_what_cannot_be_read_is_nothing_remembered(tmp_path):
    file = tmp_path / "straps.json"
    for words in ("", "[1]", '{"straps": [1]}', '{"straps": [{"name": "x"}]}', "\x00"):
        file.write_text(words)
        assert remembered.load(file) == ()
    assert remembered.load(tmp_path) == ()


def test_what_cannot_be_written_harms_nothing(tmp_path):
    (tmp_path / "file").write_text("")
    remembered.remember(tmp_path / "file" / "straps.json", ONE)


def test_twenty_are_enough(tmp_path):
    file = tmp_path / "straps.json"
    for number in range(30):
        remembered.remember(file, KnownStrap(str(number)))
    assert len(remembered.load(file)) == 20
    assert remembered.load(file)[0].address == "29"
