"""Conversations with a Polar strap, line by line: what is sent, what comes back, what is told."""

from contextlib import contextmanager

import pytest

from breathsync.devices.polar import DATA, Frame, Measurement, encode
from breathsync.devices.polar_control import (
    ACCELERATION,
    ECG,
    PPI,
    PolarControl,
    Read,
    Subscribe,
    Wish,
    Write,
)
from breathsync.devices.polar_messages import CONTROL
from breathsync.events import StreamState, StreamStatus

H10 = "0f05000000000000000000000000000000"
VERITY = "0f6e000000000000000000000000000000"
ECG_SETTINGS = "f0010000000001820001010e00"
ACC_SETTINGS = "f0010200000004190032006400c800010110000203020004000800"
GET_ECG, GET_ACC = "0100", "0102"
START_ECG, START_ACC = "02000001820001010e00", "02020001c8000101100002010800"
STOP_ECG, STOP_ACC = "0300", "0302"


class Conversation:
    """Each line must be the next thing that happens."""

    def __init__(self, *wishes):
        self.machine = PolarControl("strap", wishes)
        self.now = 0.0
        self.steps = []

    def begins(self, features=H10):
        self.steps += self.machine.begin(self.now)
        self.does(Subscribe(CONTROL), Subscribe(DATA), Read(CONTROL))
        self.reads(features)

    def reads(self, payload):
        self.steps += self.machine.features(bytes.fromhex(payload), self.now)

    def receives(self, payload):
        self.steps += self.machine.indicated(bytes.fromhex(payload), self.now)

    def gets_frame(self, measurement=Measurement.ECG, taken=None):
        taken = self.now if taken is None else taken
        rows = ((1,) * (1 if measurement is Measurement.ECG else 3),)
        value = Frame(measurement, 10**18 + round(taken * 1e9), 0, samples=rows)
        self.steps += self.machine.data(encode(value), self.now)

    def waits(self, seconds):
        """So long, asked four times a second whether something is due, until something is."""
        for _ in range(int(seconds * 4)):
            self.now += 0.25
            self.steps += self.machine.tick(self.now)

    def sends(self, *payloads):
        self.does(*[Write(CONTROL, bytes.fromhex(payload)) for payload in payloads])

    def tells(self, stream, state, reason=None):
        step = self.steps.pop(0)
        assert isinstance(step, StreamStatus), step
        assert (step.stream, step.state, step.reason) == (stream, state, reason)

    def does(self, *expected):
        for step in expected:
            assert self.steps, f"nothing happens, and this should: {step}"
            assert self.steps.pop(0) == step


@contextmanager
def conversation(*wishes):
    """A conversation in which nothing more happens than is written."""
    talk = Conversation(*wishes)
    yield talk
    assert talk.steps == []


@contextmanager
def streaming():
    """One in which ECG streams already."""
    with conversation(ECG) as talk:
        talk.begins()
        talk.tells("ecg", StreamState.STARTING)
        talk.sends(GET_ECG)
        talk.receives(ECG_SETTINGS)
        talk.sends(START_ECG)
        talk.receives("f00200000000")
        talk.tells("ecg", StreamState.WAITING)
        talk.gets_frame()
        talk.tells("ecg", StreamState.STREAMING)
        yield talk


# --- as it should be ---


def test_ecg_and_acceleration_start_one_after_the_other():
    with conversation(ECG, ACCELERATION) as talk:
        talk.begins()
        talk.tells("ecg", StreamState.STARTING)
        talk.tells("acceleration", StreamState.STARTING)
        talk.sends(GET_ECG)
        talk.receives(ECG_SETTINGS)
        talk.sends(START_ECG)
        talk.receives("f00200000000")
        talk.tells("ecg", StreamState.WAITING)
        talk.sends(GET_ACC)
        talk.receives(ACC_SETTINGS)
        talk.sends(START_ACC)
        talk.receives("f00202000001")
        talk.tells("acceleration", StreamState.WAITING)
        talk.gets_frame()
        talk.tells("ecg", StreamState.STREAMING)
        talk.gets_frame(Measurement.ACCELERATION)
        talk.tells("acceleration", StreamState.STREAMING)


def test_intervals_between_pulses_need_no_settings():
    with conversation(PPI) as talk:
        talk.begins(VERITY)
        talk.tells("ppi", StreamState.STARTING)
        talk.sends("0203")
        talk.receives("f00203000000")
        talk.tells("ppi", StreamState.WAITING)


def test_of_the_settings_on_offer_the_nearest_are_taken():
    with conversation(Wish(Measurement.ACCELERATION, {"sample_rate_hz": 60, "range": 1})) as talk:
        talk.begins()
        talk.tells("acceleration", StreamState.STARTING)
        talk.sends(GET_ACC)
        talk.receives(ACC_SETTINGS)
        talk.sends("0202000132000101100002010200")


def test_a_factor_on_offer_is_not_asked_for():
    with conversation(ACCELERATION) as talk:
        talk.begins(VERITY)
        talk.tells("acceleration", StreamState.STARTING)
        talk.sends(GET_ACC)
        talk.receives("f001020000" + "00013400" + "050100002040")
        talk.sends("020200013400")


def test_settings_may_come_in_several_replies():
    with conversation(ECG) as talk:
        talk.begins()
        talk.tells("ecg", StreamState.STARTING)
        talk.sends(GET_ECG)
        talk.receives("f00100000100018200")
        talk.receives("f00100000001010e00")
        talk.sends(START_ECG)


def test_nothing_is_asked_of_a_strap_from_which_nothing_is_wanted():
    assert PolarControl("strap", ()).begin(0.0) == []


def test_a_stream_that_the_strap_does_not_have_is_told():
    with conversation(ECG, ACCELERATION) as talk:
        talk.begins("0f0400")
        talk.tells("ecg", StreamState.REFUSED, "not_offered")
        talk.tells("acceleration", StreamState.STARTING)
        talk.sends(GET_ACC)


@pytest.mark.parametrize("features", ["", "f001", "00"])
def test_a_strap_without_the_service_has_its_heart_rate_still(features):
    with conversation(ECG) as talk:
        talk.begins(features)
        talk.tells("ecg", StreamState.REFUSED, "not_offered")
        talk.waits(100)


# --- what straps and stacks do ---


def test_a_read_that_is_handed_to_the_subscriber_is_no_reply():
    with conversation(ECG) as talk:
        talk.steps += talk.machine.begin(0.0)
        talk.does(Subscribe(CONTROL), Subscribe(DATA), Read(CONTROL))
        talk.receives(H10)
        talk.reads(H10)
        talk.tells("ecg", StreamState.STARTING)
        talk.sends(GET_ECG)
        talk.receives(H10)
        talk.receives(ECG_SETTINGS)
        talk.sends(START_ECG)


def test_features_that_nobody_asked_for_start_nothing():
    with streaming() as talk:
        talk.reads(H10)


@pytest.mark.parametrize("payload", ["", "f0", "f002", "99", "f0020200", "f00300", "f00100000000", "0f05"])
def test_what_answers_nothing_is_ignored(payload):
    with conversation(ECG) as talk:
        talk.begins()
        talk.tells("ecg", StreamState.STARTING)
        talk.sends(GET_ECG)
        talk.receives(ECG_SETTINGS)
        talk.sends(START_ECG)
        talk.receives(payload)
        talk.receives("f00200000000")
        talk.tells("ecg", StreamState.WAITING)


def test_a_stream_that_a_crash_left_running_is_stopped_and_started():
    with conversation(ECG) as talk:
        talk.begins()
        talk.tells("ecg", StreamState.STARTING)
        talk.sends(GET_ECG)
        talk.receives(ECG_SETTINGS)
        talk.sends(START_ECG)
        talk.receives("f0020006")
        talk.sends(STOP_ECG)
        talk.receives("f003020000")  # the measurement in a stop's reply may be another
        talk.sends(START_ECG)
        talk.receives("f00200000000")
        talk.tells("ecg", StreamState.WAITING)


def test_one_that_cannot_be_stopped_is_refused_and_still_stopped_on_the_way_out():
    with conversation(ECG) as talk:
        talk.begins()
        talk.tells("ecg", StreamState.STARTING)
        talk.sends(GET_ECG)
        talk.receives(ECG_SETTINGS)
        talk.sends(START_ECG)
        talk.receives("f0020006")
        talk.sends(STOP_ECG)
        talk.receives("f003000c")
        talk.sends(START_ECG)
        talk.receives("f0020006")
        talk.tells("ecg", StreamState.REFUSED, "already_in_state")
        talk.steps += talk.machine.stop_all()
        talk.sends(STOP_ECG)


@pytest.mark.parametrize(
    ("error", "reason"),
    [("0a", "invalid_mtu"), ("0d", "in_charger"), ("03", "not_supported"), ("c8", "unknown_error_200")],
)
def test_what_a_strap_refuses_is_told_and_the_next_stream_is_asked_for(error, reason):
    with conversation(ECG, ACCELERATION) as talk:
        talk.begins()
        talk.tells("ecg", StreamState.STARTING)
        talk.tells("acceleration", StreamState.STARTING)
        talk.sends(GET_ECG)
        talk.receives(f"f00100{error}")
        talk.tells("ecg", StreamState.REFUSED, reason)
        talk.sends(GET_ACC)


def test_the_first_data_may_take_half_a_minute():
    with conversation(ECG) as talk:
        talk.begins()
        talk.tells("ecg", StreamState.STARTING)
        talk.sends(GET_ECG)
        talk.receives(ECG_SETTINGS)
        talk.sends(START_ECG)
        talk.waits(29.5)
        talk.receives("f00200000000")
        talk.tells("ecg", StreamState.WAITING)
        talk.waits(29.5)
        talk.gets_frame()
        talk.tells("ecg", StreamState.STREAMING)


def test_after_that_the_stream_is_started_anew():
    with conversation(ECG) as talk:
        talk.begins()
        talk.tells("ecg", StreamState.STARTING)
        talk.sends(GET_ECG)
        talk.receives(ECG_SETTINGS)
        talk.sends(START_ECG)
        talk.receives("f00200000000")
        talk.tells("ecg", StreamState.WAITING)
        talk.waits(30.0)
        talk.tells("ecg", StreamState.STARTING, "no_data")
        talk.sends(STOP_ECG)
        talk.receives("f003000000")
        talk.sends(START_ECG)


def test_a_reply_that_does_not_come_is_asked_for_once_more():
    with conversation(ECG) as talk:
        talk.begins()
        talk.tells("ecg", StreamState.STARTING)
        talk.sends(GET_ECG)
        talk.waits(30)
        talk.sends(GET_ECG)
        talk.waits(30)
        talk.tells("ecg", StreamState.REFUSED, "no_answer")
        talk.receives(ECG_SETTINGS)
        talk.waits(60)


def test_a_read_that_gives_nothing_for_half_a_minute_is_told():
    with conversation(ECG) as talk:
        talk.steps += talk.machine.begin(0.0)
        talk.does(Subscribe(CONTROL), Subscribe(DATA), Read(CONTROL))
        talk.waits(30)
        talk.tells("ecg", StreamState.REFUSED, "no_answer")


def test_a_stop_that_nobody_answers_counts_as_done():
    with streaming() as talk:
        talk.waits(5)
        talk.tells("ecg", StreamState.STARTING, "silent")
        talk.sends(STOP_ECG)
        talk.waits(30)
        talk.sends(START_ECG)


def test_a_stream_that_falls_silent_is_started_anew():
    with streaming() as talk:
        talk.waits(4.75)
        talk.gets_frame()
        talk.waits(5)
        talk.tells("ecg", StreamState.STARTING, "silent")
        talk.sends(STOP_ECG)
        talk.receives("f003000000")
        talk.sends(START_ECG)
        talk.gets_frame()  # one that was still on its way
        talk.receives("f00200000000")
        talk.tells("ecg", StreamState.WAITING)
        talk.gets_frame()
        talk.tells("ecg", StreamState.STREAMING)


def test_a_stream_that_lags_by_more_than_three_seconds_is_started_anew():
    with streaming() as talk:
        behind = 0.0
        while not talk.steps:
            talk.waits(0.5)
            behind += 0.05
            talk.gets_frame(taken=talk.now - behind)
        assert 3.0 <= talk.machine.lag_s(Measurement.ECG) < 3.6
        talk.tells("ecg", StreamState.STARTING, "lag")
        talk.sends(STOP_ECG)
        talk.receives("f003000000")
        talk.sends(START_ECG)
        talk.receives("f00200000000")
        talk.tells("ecg", StreamState.WAITING)
        for _ in range(100):  # as late as before, but no later: 15 s throughout have been seen
            talk.waits(0.5)
            talk.gets_frame(taken=talk.now - behind)
        talk.tells("ecg", StreamState.STREAMING)


def test_a_stall_of_the_radio_is_no_lag():
    with streaming() as talk:
        began = talk.now
        talk.waits(4.5)
        for k in range(1, 9):
            talk.gets_frame(taken=began + 0.56 * k)
        for _ in range(20):
            talk.waits(0.5)
            talk.gets_frame()


def test_a_strap_that_ends_a_stream_is_asked_again_after_a_while():
    with streaming() as talk:
        talk.receives("010002")
        talk.tells("ecg", StreamState.STOPPED, "strap")
        talk.waits(9.75)
        talk.waits(0.25)
        talk.tells("ecg", StreamState.STARTING)
        talk.sends(START_ECG)


def test_a_stop_that_lists_nothing_is_ignored():
    with streaming() as talk:
        talk.receives("01")


@pytest.mark.parametrize("payload", ["", "00", "02" + "00" * 20, "2a" + "00" * 20])
def test_frames_that_nobody_waits_for_are_ignored(payload):
    with streaming() as talk:
        talk.steps += talk.machine.data(bytes.fromhex(payload), talk.now)


# --- links ---


def test_a_write_that_the_link_does_not_take_refuses_its_stream_alone():
    with conversation(ECG, ACCELERATION) as talk:
        talk.begins()
        talk.tells("ecg", StreamState.STARTING)
        talk.tells("acceleration", StreamState.STARTING)
        talk.sends(GET_ECG)
        talk.steps += talk.machine.failed("not_paired", talk.now)
        talk.tells("ecg", StreamState.REFUSED, "not_paired")
        talk.sends(GET_ACC)


def test_a_read_that_the_link_does_not_take_refuses_all():
    with conversation(ECG, ACCELERATION) as talk:
        talk.steps += talk.machine.begin(0.0)
        talk.does(Subscribe(CONTROL), Subscribe(DATA), Read(CONTROL))
        talk.steps += talk.machine.failed("not_paired", talk.now)
        talk.tells("ecg", StreamState.REFUSED, "not_paired")
        talk.tells("acceleration", StreamState.REFUSED, "not_paired")


def test_with_the_next_link_the_streams_are_started_again_with_known_settings():
    with streaming() as talk:
        talk.steps += talk.machine.lost(talk.now)
        talk.tells("ecg", StreamState.STOPPED, "link_lost")
        talk.waits(100)
        talk.begins()
        talk.tells("ecg", StreamState.STARTING)
        talk.sends(START_ECG)


def test_streams_that_cost_the_link_three_times_in_a_row_are_done_without_for_ten_minutes():
    """Heart rates alone are worth more than a link that ends again and again (bleakheart #5, #12)."""

    def link(talk, lasts_s):
        talk.begins()
        talk.tells("ecg", StreamState.STARTING)
        talk.sends(START_ECG)
        talk.now += lasts_s
        talk.steps += talk.machine.lost(talk.now)
        talk.tells("ecg", StreamState.STOPPED, "link_lost")

    with streaming() as talk:
        talk.steps += talk.machine.lost(talk.now)
        talk.tells("ecg", StreamState.STOPPED, "link_lost")
        link(talk, 30)
        link(talk, 60)  # it held: the count begins anew
        for _ in range(3):
            link(talk, 30)
        for _ in range(2):
            talk.steps += talk.machine.begin(talk.now)
            talk.tells("ecg", StreamState.REFUSED, "costs_link")
            talk.steps += talk.machine.lost(talk.now)
        talk.now += 600
        link(talk, 30)
        talk.steps += talk.machine.begin(talk.now)
        talk.tells("ecg", StreamState.REFUSED, "costs_link")


def test_a_link_lost_in_the_middle_of_a_request_leaves_nothing_behind():
    with conversation(ECG) as talk:
        talk.begins()
        talk.tells("ecg", StreamState.STARTING)
        talk.sends(GET_ECG)
        talk.steps += talk.machine.lost(talk.now)
        talk.tells("ecg", StreamState.STOPPED, "link_lost")
        talk.receives(ECG_SETTINGS)
        talk.waits(60)
        talk.begins()
        talk.tells("ecg", StreamState.STARTING)
        talk.sends(GET_ECG)


# --- ways out ---


def test_every_stream_that_runs_is_stopped_on_the_way_out():
    with conversation(ECG, ACCELERATION) as talk:
        talk.begins()
        talk.tells("ecg", StreamState.STARTING)
        talk.tells("acceleration", StreamState.STARTING)
        talk.sends(GET_ECG)
        talk.receives(ECG_SETTINGS)
        talk.sends(START_ECG)
        talk.receives("f00200000000")
        talk.tells("ecg", StreamState.WAITING)
        talk.sends(GET_ACC)
        talk.receives(ACC_SETTINGS)
        talk.sends(START_ACC)
        talk.receives("f00202000001")
        talk.tells("acceleration", StreamState.WAITING)
        talk.steps += talk.machine.stop_all()
        talk.sends(STOP_ECG, STOP_ACC)
        assert talk.machine.stop_all() == []


def test_one_whose_start_was_not_answered_yet_is_stopped_too():
    with conversation(ECG) as talk:
        talk.begins()
        talk.tells("ecg", StreamState.STARTING)
        talk.sends(GET_ECG)
        talk.receives(ECG_SETTINGS)
        talk.sends(START_ECG)
        talk.steps += talk.machine.stop_all()
        talk.sends(STOP_ECG)
        talk.receives("f00200000000")
        talk.waits(100)
        assert talk.machine.state_of(Measurement.ECG) is StreamState.STOPPED


def test_where_nothing_runs_nothing_is_stopped():
    with conversation(ECG) as talk:
        assert talk.machine.stop_all() == []
        talk.begins()
        talk.tells("ecg", StreamState.STARTING)
        talk.sends(GET_ECG)
        assert talk.machine.stop_all() == []
