"""Which of the straps in the air is looked for, and how it is held: decisions without a radio."""

import pytest

from breathsync.devices import profiles
from breathsync.devices.finding import KnownStrap, Return, Search, SeveralStrapsError, Sighting, short
from breathsync.devices.holding import Holding, Watchdog
from breathsync.devices.nearby import Nearby
from breathsync.events import StrapState

KNOWN = profiles.load_all()
H10, OTHER = "Polar H10 12345678", "Polar H10 12345679"


def seen(name, address="C4:00:00:00:00:01", services=("180d",), rssi=-60):
    return Sighting(address, name, rssi, frozenset(services))


@pytest.mark.parametrize("words", [H10, "12345678", "polar h10 12345678", "c4:00:00:00:00:01"])
def test_a_strap_is_taken_at_once_by_name_serial_or_address(words):
    assert Search(words, KNOWN).accepts(seen(H10), 0.0)


def test_by_a_part_of_its_name_only_when_no_other_has_it():
    search = Search("polar", KNOWN)
    assert not search.accepts(seen(H10), 0.0)
    assert search.accepts(seen(H10), 3.5)
    search = Search("polar", KNOWN)
    assert not search.accepts(seen(H10), 0.0)
    assert not search.accepts(seen(OTHER, "C4:00:00:00:00:02"), 1.0)
    with pytest.raises(SeveralStrapsError, match="12345678, Polar H10 12345679"):
        search.accepts(seen(H10), 3.5)


def test_any_is_not_the_first_but_the_only_one():
    search = Search("any", KNOWN)
    assert not search.accepts(seen("No strap", services=()), 0.0)
    assert not search.accepts(seen("Unheard of 7"), 0.0)
    assert search.accepts(seen("Unheard of 7"), 3.0)


def test_names_of_makers_are_no_ground_to_take_a_device():
    search = Search("any", KNOWN)
    assert not any(search.accepts(seen(H10, services=()), second) for second in (0.0, 4.0, 8.0))


def test_a_name_without_serial_is_never_taken_at_once():
    assert not Search("HUAWEI WATCH", KNOWN).accepts(seen("HUAWEI WATCH"), 0.0)


def test_a_strap_that_was_held_is_known_by_address_or_by_a_name_with_its_serial():
    back = Return(KnownStrap("C4:00:00:00:00:01", H10), KNOWN)
    assert back.accepts(seen(None, services=()), 0.0)
    assert back.accepts(seen(H10, "C4:00:00:00:00:99", services=()), 0.0)
    assert not back.accepts(seen(OTHER, "C4:00:00:00:00:02"), 0.0)
    nameless = Return(KnownStrap("C4:00:00:00:00:01", "Aidlab"), KNOWN)
    assert not nameless.accepts(seen("Aidlab", "C4:00:00:00:00:02"), 0.0)


def test_uuids_are_shortened_as_recordings_have_them():
    assert short("00002A37-0000-1000-8000-00805F9B34FB") == "2a37"
    assert short("FB005C82-02E7-F387-1CAD-8ACD2D8DF0C8") == "fb005c82"


def test_pauses_grow_to_ten_seconds_after_connects_that_came_to_nothing_and_only_then():
    holding, pauses = Holding(), []
    for _ in range(7):
        holding.attempt()
        holding.over("no_answer")
        pauses.append(holding.pause_s)
    assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0, 10.0, 10.0]
    holding.attempt()
    holding.connected()
    holding.heard()
    assert holding.over("link_lost").state is StrapState.LOST
    assert holding.pause_s == 0.0


def test_each_change_is_told_once():
    holding = Holding()
    assert holding.looking() is None
    assert holding.looking("bluetooth_off").reason == "bluetooth_off"
    assert holding.looking("bluetooth_off") is None


def test_the_watchdog_gives_half_a_minute_to_the_first_packet_and_five_seconds_to_each_other():
    watchdog = Watchdog(100.0)
    assert not watchdog.is_silent(129.9)
    assert watchdog.is_silent(130.0)
    watchdog.heard(110.0)
    assert not watchdog.is_silent(114.9)
    assert watchdog.is_silent(115.0)


def test_nearby_lists_the_strongest_first_and_remembered_ones_that_were_not_heard_last():
    nearby = Nearby([KnownStrap("AA", "HRM-Dual:123456")], KNOWN)
    assert not nearby.accepts(seen(H10, "C1", rssi=-80))
    assert not nearby.accepts(seen("Movesense 123456789012", "C2", rssi=-50))
    assert not nearby.accepts(seen(None, "C1", rssi=-40))
    assert not nearby.accepts(seen("A lamp", "C3", services=()))
    rows = nearby.rows()
    assert [(row.name, row.seen is None) for row in rows] == [
        (H10, False),
        ("Movesense 123456789012", False),
        ("HRM-Dual:123456", True),
    ]
    assert rows[0].streams == ("heart rate", "rr", "ecg", "acceleration")
    assert rows[1].streams == ("heart rate", "rr")  # its own streams are not read here
