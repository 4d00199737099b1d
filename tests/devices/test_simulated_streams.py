"""A simulated strap's ECG and acceleration: real frames, and in them the truth that stands beside them."""

import random
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from tests.helpers import heard, only

from breathsync.devices.chest import Chest, RestlessnessSettings
from breathsync.devices.decoder import Decoder
from breathsync.devices.person import Person, PersonSettings
from breathsync.devices.polar import DATA, Measurement, decode
from breathsync.devices.profiles import load_all
from breathsync.devices.simulated_ecg import LeadSettings
from breathsync.devices.simulated_motion import WearSettings
from breathsync.devices.simulated_streams import StreamSettings
from breathsync.devices.simulator import RadioSettings, SimulatedStrap, StrapSettings
from breathsync.events import (
    AccSamples,
    EcgSamples,
    FrameLeftOut,
    Notification,
    StreamState,
    StreamStatus,
)

STILL = RestlessnessSettings(fidgets_per_min=0, shifts_per_hour=0, sway_deg=0)
BOTH = StreamSettings(LeadSettings(), WearSettings(), STILL)
AT_SIX = PersonSettings(lapses_per_min=0.0, draw=0.4)


class Session:
    """A wearer with a guide of 6 breaths a minute, their strap, and what a decoder makes of it."""

    def __init__(self, seconds=120.0, streams=BOTH, person=AT_SIX, strap=None, radio=None, seed=1):
        worn = SimulatedStrap(
            person,
            strap or StrapSettings(),
            radio or RadioSettings(),
            lambda t: (t / 10, 6.0),
            seed,
            streams,
        )
        self.inputs = list(worn.until(seconds))
        self.truth = sorted((t for t in worn.truth if t.time <= seconds), key=lambda t: t.time)
        self.found = heard(self.inputs, Decoder(load_all()))

    def events(self, kind):
        return only(kind, self.found)

    def true(self, kind):
        return [t for t in self.truth if t.kind == kind]

    def signal(self, kind):
        """Times and values of all samples."""
        events = self.events(kind)
        rows = [e.microvolts if kind is EcgSamples else e.milli_g for e in events]
        times = [
            e.time - e.interval_s * np.arange(len(row))[::-1] for e, row in zip(events, rows, strict=True)
        ]
        return np.concatenate(times), np.concatenate([np.array(row, float) for row in rows])


@pytest.fixture(scope="module")
def session():
    return Session()


def true_breath(session, times):
    """How full the lungs truly were, from the ends of breaths and in-breaths."""
    marks = []
    for breath in session.true("breath"):
        marks += [(breath.time, 0.0), (breath.fields["in_breath_ends"], 1.0)]
    at, full = zip(*marks, strict=True)
    inside = (times > at[0]) & (times < at[-1])
    return inside, np.interp(times, at, full)


# --- frames ---


def test_frames_are_as_long_and_as_often_as_an_h10_sends_them(session):
    frames = [decode(e.payload) for e in session.inputs if getattr(e, "characteristic", "") == DATA]
    for measurement, size, pace in (
        (Measurement.ECG, 73, 73 / 130.16),
        (Measurement.ACCELERATION, 36, 0.18),
    ):
        own = [frame for frame in frames if frame.measurement is measurement]
        assert {len(frame.samples) for frame in own} == {size}
        assert {(frame.frame_type, frame.compressed) for frame in own} == {(int(size == 36), False)}
        steps = [(b.timestamp_ns - a.timestamp_ns) * 1e-9 for a, b in pairwise(own)]
        assert np.mean(steps) == pytest.approx(pace, rel=0.002)


def test_they_arrive_a_little_after_their_last_sample(session):
    late = [at - event.time for at, event in session.found if isinstance(event, EcgSamples)]
    assert 0 <= min(late) < max(late) < 0.2


def test_nothing_is_missing_and_every_frame_can_be_read(session):
    assert session.events(FrameLeftOut) == []
    for kind in (EcgSamples, AccSamples):
        assert [event.after_gap for event in session.events(kind)].count(True) == 1


def test_the_straps_clock_is_its_own(session):
    ecg = session.events(EcgSamples)
    assert np.mean([event.interval_s for event in ecg[1:]]) == pytest.approx(1 / 130.16, rel=1e-6)


def test_inputs_come_in_order(session):
    assert all(before.time <= after.time for before, after in pairwise(session.inputs))


@pytest.mark.parametrize("rate_hz", [25, 50, 100, 200])
def test_acceleration_comes_at_the_rates_of_an_h10(rate_hz):
    session = Session(20.0, StreamSettings(motion=WearSettings(rate_hz=rate_hz), restlessness=STILL))
    events = session.events(AccSamples)
    assert 1 / events[-1].interval_s == pytest.approx(rate_hz, rel=0.003)
    assert session.events(EcgSamples) == []


def test_the_state_of_each_stream_is_told():
    told = [(e.stream, e.state, e.time) for e in Session(5.0).inputs if isinstance(e, StreamStatus)]
    assert [state for stream, state, _ in told if stream == "ecg"] == [
        StreamState.WAITING,
        StreamState.STREAMING,
    ]
    assert 1.5 < next(time for _, state, time in told if state is StreamState.STREAMING) < 3.0


def test_the_same_seed_gives_the_same_bytes_however_often_it_is_asked():
    at_once = Session(30.0).inputs
    worn = SimulatedStrap(AT_SIX, StrapSettings(), RadioSettings(), lambda t: (t / 10, 6.0), 1, BOTH)
    bit_by_bit = [event for k in range(301) for event in worn.until(k / 10)]
    assert bit_by_bit == at_once


def test_heartbeats_are_the_same_with_and_without_a_chest():
    """The chest has a generator of its own; a person breathes and beats as they would without it."""
    alone = Person(PersonSettings(), random.Random(1))
    seen = Person(PersonSettings(), random.Random(1))
    chest = Chest(RestlessnessSettings(), seen.keep_turns().pop(), random.Random(2))
    for moment in range(1, 60):
        alone.live_until(float(moment), lambda _: None)
        seen.live_until(float(moment), lambda _: None)
        chest.breathe(0.1)
    assert alone.beats == seen.beats


# --- what is in the ECG ---


def r_peaks(times, ecg):
    """Parabolic tops above half of the usual height."""
    high = np.percentile(ecg, 99.5) / 2
    tops = [k for k in range(1, len(ecg) - 1) if ecg[k] > high and ecg[k - 1] < ecg[k] >= ecg[k + 1]]
    found = []
    for k in tops:
        before, top, after = ecg[k - 1 : k + 2]
        share = 0.5 * (before - after) / (before - 2 * top + after)
        found.append((times[k] + share * (times[k] - times[k - 1]), top - 0.25 * (before - after) * share))
    return np.array(found)


def test_every_r_peak_is_a_heartbeat_to_the_millisecond(session):
    times, ecg = session.signal(EcgSamples)
    peaks = r_peaks(times, ecg)[:, 0]
    true = np.array([beat.time for beat in session.true("beat")])
    true = true[(true > times[0] + 0.2) & (true < times[-1] - 0.2)]
    peaks = peaks[(peaks > true[0] - 0.3) & (peaks < true[-1] + 0.3)]
    assert len(peaks) == len(true)
    off = peaks - true
    assert np.std(off) < 0.001
    assert 0.0 <= np.mean(off) < 0.05  # what the radio takes at least


def test_r_peaks_are_lower_when_the_lungs_are_full(session):
    peaks = r_peaks(*session.signal(EcgSamples))
    inside, full = true_breath(session, peaks[:, 0])
    assert np.corrcoef(peaks[inside, 1], full[inside])[0, 1] < -0.8


def test_t_waves_may_be_nearly_as_high_as_the_qrs():
    lead = LeadSettings(r_uv=800, t_uv=700)
    times, ecg = Session(30.0, StreamSettings(lead, None, STILL)).signal(EcgSamples)
    assert len(r_peaks(times, ecg)) > 1.8 * np.ptp(times) * 60 / 68 / 60


def test_early_beats_are_broad_and_have_no_p():
    person = replace(AT_SIX, ectopic_share=0.1)
    session = Session(120.0, person=person)
    times, ecg = session.signal(EcgSamples)

    def width(moment):
        near = np.abs(times - moment - 0.02) < 0.12
        return np.sum(ecg[near] > 0.5 * ecg[near].max())

    beats = [b for b in session.true("beat") if times[0] + 1 < b.time < times[-1] - 1]
    early = [width(b.time) for b in beats if b.fields["label"] == "ectopic"]
    normal = [width(b.time) for b in beats if b.fields["label"] == "normal"]
    assert len(early) >= 4
    assert min(early) > np.median(normal)


def test_an_electrode_without_contact_shows_noise_and_no_heart():
    strap = StrapSettings(contact_losses_per_hour=120, contact_loss_s=6)
    session = Session(240.0, strap=strap)
    times, ecg = session.signal(EcgSamples)
    lost = session.true("contact_lost")
    assert len(lost) >= 3
    for loss in lost:
        loose = (times > loss.time + 0.1) & (times < loss.fields["until"])
        if loose.sum() > 130:
            assert np.std(ecg[loose]) > 500


def test_fidgeting_shows_in_both_signals():
    restless = RestlessnessSettings(fidgets_per_min=4, shifts_per_hour=0, sway_deg=0)
    session = Session(120.0, replace(BOTH, restlessness=restless))
    times, acc = session.signal(AccSamples)
    ecg_times, ecg = session.signal(EcgSamples)
    fidgets = [f for f in session.true("fidget") if times[0] + 1 < f.time < times[-1] - 4]
    assert fidgets

    def roughness(at, values, low, high):
        inside = (at > low) & (at < high)
        return np.std(np.diff(values[inside]))

    quiet_acc = np.median(np.abs(np.diff(acc[:, 2])))
    for fidget in fidgets:
        assert roughness(times, acc[:, 2], fidget.time, fidget.fields["until"]) > 3 * quiet_acc
    quiet = np.median(np.abs(np.diff(ecg)))
    first = fidgets[0]
    assert roughness(ecg_times, ecg, first.time, first.fields["until"]) > quiet


# --- what is in the acceleration ---


def slow(values, size=100):
    return np.convolve(values, np.ones(size) / size, "same")


def test_gravity_is_one_g(session):
    _, acc = session.signal(AccSamples)
    assert np.median(np.linalg.norm(acc, axis=1)) == pytest.approx(1000, abs=5)


def test_breath_turns_gravity(session):
    times, acc = session.signal(AccSamples)
    inside, full = true_breath(session, times)
    z = slow(acc[:, 2])[inside]
    assert np.corrcoef(z, full[inside])[0, 1] > 0.85
    assert 10 < np.percentile(z, 97) - np.percentile(z, 3) < 50


def test_the_heart_thumps_after_each_beat(session):
    times, acc = session.signal(AccSamples)
    rough = acc[:, 2] - slow(acc[:, 2], 20)
    beats = [b.time for b in session.true("beat") if times[0] + 1 < b.time < times[-1] - 1]
    after = np.concatenate([rough[(times > b + 0.05) & (times < b + 0.15)] for b in beats])
    before = np.concatenate([rough[(times > b - 0.15) & (times < b - 0.02)] for b in beats])
    assert np.std(after) > 1.2 * np.std(before)


@pytest.mark.parametrize(
    ("recline_deg", "belt_deg", "axis", "milli_g"),
    [(0, 0, 1, 1000), (90, 0, 2, 1000), (0, 30, 0, 500), (-30, 0, 2, -500)],
)
def test_posture_and_belt_say_where_down_is(recline_deg, belt_deg, axis, milli_g):
    wear = WearSettings(recline_deg=recline_deg, belt_deg=belt_deg)
    _, acc = Session(15.0, StreamSettings(motion=wear, restlessness=STILL)).signal(AccSamples)
    assert np.median(acc[:, axis]) == pytest.approx(milli_g, abs=20)


def test_a_change_of_posture_lasts():
    restless = RestlessnessSettings(fidgets_per_min=0, shifts_per_hour=60, shift_deg=10, sway_deg=0)
    session = Session(240.0, replace(BOTH, restlessness=restless))
    times, acc = session.signal(AccSamples)
    shifts = session.true("posture")
    assert len(shifts) >= 2
    shift = shifts[0]
    later = shifts[1].time if len(shifts) > 1 else 240.0
    settled = (times > shift.fields["until"] + 2) & (times < later)
    reclined = 15 + shift.fields["recline_deg"]
    expected = 1000 * np.sin(np.radians(reclined))
    assert np.median(acc[settled, 2]) == pytest.approx(expected, abs=20)


def test_the_truth_says_how_the_strap_was_worn(session):
    (worn,) = session.true("wearer")
    assert worn.fields["acceleration"]["belt_deg"] == 5.0
    assert worn.fields["ecg"]["breath_r"] == -0.16


# --- links ---


def test_lost_frames_are_gaps_and_in_the_truth():
    session = Session(120.0, radio=RadioSettings(lost_share=0.03))
    lost = [t.fields["stream"] for t in session.true("frame_lost")]
    gaps = [event.after_gap for event in session.events(EcgSamples)].count(True)
    assert lost.count("ecg") >= 2
    assert 2 <= gaps <= 1 + lost.count("ecg")


def test_streams_start_again_with_the_link():
    session = Session(300.0, radio=RadioSettings(link_losses_per_hour=60, link_loss_s=10))
    losses = session.true("link_lost")
    assert len(losses) >= 2
    for loss in losses:
        away = (loss.time, min(loss.fields["until"], 300.0))
        assert not [e for e in session.inputs if isinstance(e, Notification) and away[0] < e.time < away[1]]
    began = [e for e in session.inputs if isinstance(e, StreamStatus) and e.state is StreamState.STREAMING]
    assert len(began) >= 2 * len(losses)
    ecg = session.events(EcgSamples)
    assert [event.after_gap for event in ecg].count(True) == 1 + len(
        [loss for loss in losses if loss.fields["until"] < 295]
    )
    assert all(before.strap_s < after.strap_s for before, after in pairwise(ecg))
