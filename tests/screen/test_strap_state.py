"""The strap in one clear state and one line of words."""

import pytest

from breathsync.events import (
    BatteryLevel,
    BeatHeard,
    HeartRateMeasurement,
    SignalState,
    StrapNotice,
    StrapState,
    StrapStatus,
)
from breathsync.screen.strap_state import StrapModel

H10 = "Polar H10 12345678"


def status(time, state, reason=None, name=H10):
    return StrapStatus(time, "strap", state, name, reason)


def beats(time, contact=None):
    return HeartRateMeasurement(time, "strap", 70, contact, None, (850.0,))


LOOKING = status(0.0, StrapState.SEARCHING, name=None)
CONNECTED = status(2.0, StrapState.CONNECTED)
LOST = status(9.0, StrapState.LOST, "link_lost")
AGAIN = status(10.0, StrapState.SEARCHING)


@pytest.mark.parametrize(
    ("events", "now", "signal", "state"),
    [
        ([LOOKING], 5.0, "resting", "looking"),
        ([LOOKING], 25.0, "resting", "asleep_or_taken"),
        ([LOOKING, status(1.0, StrapState.CONNECTING)], 2.0, "resting", "connecting"),
        ([CONNECTED], 3.0, "resting", "waiting"),
        ([CONNECTED, beats(3.0)], 4.0, "steady", "steady"),
        ([CONNECTED, BeatHeard(3.0, 850.0, "rr")], 4.0, "steady", "steady"),  # imported: no packets
        ([CONNECTED, beats(3.0)], 4.0, "patchy", "patchy"),
        ([CONNECTED, beats(3.0)], 9.0, "resting", "resting"),
        ([CONNECTED, beats(3.0), LOST], 9.5, "resting", "lost"),
        ([CONNECTED, beats(3.0), LOST, AGAIN], 12.0, "resting", "lost"),
        ([CONNECTED, beats(3.0), LOST, AGAIN], 30.0, "resting", "asleep_or_taken"),
        ([status(1.0, StrapState.SEARCHING, "bluetooth_off")], 2.0, "resting", "bluetooth_off"),
        ([status(1.0, StrapState.SEARCHING, "needs_pairing")], 2.0, "resting", "needs_pairing"),
        ([CONNECTED, status(5.0, StrapState.ENDED)], 6.0, "resting", "ended"),
        ([], 1.0, "steady", "steady"),
    ],
)
def test_there_is_one_state_at_each_moment(events, now, signal, state):
    model = StrapModel()
    for event in events:
        model.push(event)
    assert model.at(now, SignalState(signal)).state == state


def test_name_battery_and_contact_stand_in_the_line():
    model = StrapModel()
    for event in (CONNECTED, BatteryLevel(2.0, "strap", 87), beats(3.0, contact=False)):
        model.push(event)
    assert model.at(4.0, SignalState.PATCHY).words == (
        f"{H10} · signal patchy · no contact with the skin · battery 87 %"
    )
    assert model.at(4.0, SignalState.STEADY).words == f"{H10} · signal steady · battery 87 %"


def test_a_lost_link_is_told_apart_from_a_resting_signal():
    model = StrapModel()
    for event in (CONNECTED, beats(3.0), LOST):
        model.push(event)
    line = model.at(9.5, SignalState.RESTING)
    assert not line.linked
    assert line.words == f"{H10} · link lost · looking for the strap again"


def test_a_notice_stands_long_enough_to_be_read_and_goes():
    model = StrapModel()
    model.push(CONNECTED)
    model.push(StrapNotice(5.0, "strap", "no_rr"))
    assert "without the intervals" in model.at(10.0, SignalState.STEADY).notice
    assert model.at(30.0, SignalState.STEADY).notice == ""


def test_a_session_with_a_strap_is_told_apart_from_one_without_before_the_first_beat():
    model = StrapModel()
    assert not model.at(0.0, SignalState.RESTING).wished
    model.push(LOOKING)
    assert model.at(1.0, SignalState.RESTING).wished
