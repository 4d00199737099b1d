"""The loudspeaker: in step with the guide, and no trouble where there is none."""

import builtins
import sys
import threading

import numpy as np
import pytest

from breathsync.breath.pacer import Pacer
from breathsync.events import GuideShown, PaceChanged, SessionEnded, SoundChanged, StepStarted
from breathsync.sound.speaker import Speaker
from breathsync.sound.voice import RATE_HZ, Voice

PIECE = 1764  # forty milliseconds
GUIDE = (PaceChanged(0.0, 10.0), GuideShown(0.0, shown=True))


class Noted(Voice):
    def __init__(self):
        super().__init__()
        self.starts = []
        self.strikes = 0
        self.asked = threading.Event()

    def piece(self, at, start, samples, *, shown):
        self.starts.append(start)
        self.asked.set()
        return super().piece(at, start, samples, shown=shown)

    def strike(self):
        self.strikes += 1
        super().strike()


class Counting(Noted):
    """Notes what is asked for, and makes no sound of it."""

    def piece(self, at, start, samples, *, shown):
        self.starts.append(start)
        return np.zeros(samples)


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def told(speaker, *events):
    for event in events:
        speaker(event.time, event)


def silent(monkeypatch, speaker):
    """Without a device: pieces are asked for by hand."""
    monkeypatch.setattr(speaker, "_open", lambda: None)
    return speaker


def test_pieces_follow_each_other_without_a_gap_while_the_clock_goes_evenly(monkeypatch, clock):
    voice = Counting()
    speaker = silent(monkeypatch, Speaker(clock, voice=voice))
    told(speaker, *GUIDE, SoundChanged(0.0, "tone"))
    for piece in range(200):
        clock.now = piece * PIECE / RATE_HZ
        speaker.next_piece(PIECE)
    assert np.diff(voice.starts) == pytest.approx(PIECE / RATE_HZ, abs=1e-9)


def test_requirement_33_a_clock_that_trembles_moves_the_sound_by_a_fraction_of_it(monkeypatch, clock):
    voice, rng = Counting(), np.random.default_rng(1)
    speaker = silent(monkeypatch, Speaker(clock, voice=voice))
    told(speaker, *GUIDE, SoundChanged(0.0, "tone"))
    for piece in range(2000):
        clock.now = piece * PIECE / RATE_HZ + rng.uniform(-0.02, 0.02)
        speaker.next_piece(PIECE)
    even = np.array(voice.starts[100:]) - PIECE / RATE_HZ * np.arange(100, 2000)
    assert np.ptp(even) < 0.012


def test_a_device_whose_rate_is_off_never_drifts_from_the_guide(monkeypatch, clock):
    voice = Counting()
    speaker = silent(monkeypatch, Speaker(clock, voice=voice))
    told(speaker, *GUIDE, SoundChanged(0.0, "tone"))
    for piece in range(20_000):  # a quarter of an hour; a thousandth off is a second by then
        clock.now = 1.001 * piece * PIECE / RATE_HZ
        speaker.next_piece(PIECE)
        assert abs(voice.starts[-1] - (clock.now + 0.04)) < 0.005 or piece < 5


def test_after_a_pause_of_the_machine_it_goes_straight_to_where_the_guide_is(monkeypatch, clock):
    voice = Counting()
    speaker = silent(monkeypatch, Speaker(clock, voice=voice))
    told(speaker, *GUIDE, SoundChanged(0.0, "tone"))
    speaker.next_piece(PIECE)
    clock.now = 5.0
    speaker.next_piece(PIECE)
    assert voice.starts[-1] == pytest.approx(5.04)


def test_a_bell_marks_each_step_but_the_first_and_only_where_there_is_sound(monkeypatch, clock):
    voice = Noted()
    speaker = silent(monkeypatch, Speaker(clock, voice=voice))
    steps = [StepStarted(0.0, "p", step, 4, "rest", "t") for step in (1, 2, 3, 4)]
    told(speaker, SoundChanged(0.0, "tone"), steps[0], steps[1], SoundChanged(0.0, "off"), steps[2])
    speaker.next_piece(PIECE)
    assert voice.strikes == 1


def test_the_end_of_the_session_ends_the_sound(monkeypatch, clock):
    speaker = silent(monkeypatch, Speaker(clock))
    told(speaker, *GUIDE, SoundChanged(0.0, "tone"))
    for piece in range(150):
        clock.now = piece * PIECE / RATE_HZ
        speaker.next_piece(PIECE)
    told(speaker, SessionEnded(6.0))
    last = b""
    for piece in range(150, 200):
        clock.now = piece * PIECE / RATE_HZ
        last = speaker.next_piece(PIECE)
    assert not np.frombuffer(last, "<f4").any()


def test_without_sound_no_device_is_opened_and_no_library_loaded(clock):
    with Speaker(clock) as speaker:
        told(speaker, *GUIDE, SoundChanged(0.0, "off"), SessionEnded(1.0))
        assert speaker._opening is None


def test_without_the_library_the_practice_goes_on(monkeypatch, clock):
    real = builtins.__import__

    def refuse(name, *rest):
        if name == "miniaudio":
            raise ImportError("no miniaudio here")
        return real(name, *rest)

    monkeypatch.delitem(sys.modules, "miniaudio", raising=False)
    monkeypatch.setattr(builtins, "__import__", refuse)
    with Speaker(clock) as speaker:
        told(speaker, *GUIDE, SoundChanged(0.0, "tone"))
        speaker._opening.join(5.0)
    assert "no miniaudio here" in speaker.missing


def test_a_device_that_does_not_open_is_said_and_nothing_else_happens(clock):
    pytest.importorskip("miniaudio", reason="miniaudio is not installed", exc_type=ImportError)
    with Speaker(clock, backends=[]) as speaker:
        told(speaker, SoundChanged(0.0, "tone"))
        speaker._opening.join(5.0)
    assert speaker.missing in (None, "no sound card")  # None: this machine has one


def test_it_plays_into_nothing_where_that_is_asked_for(clock):
    miniaudio = pytest.importorskip("miniaudio", reason="miniaudio is not installed", exc_type=ImportError)
    voice = Noted()
    with Speaker(clock, backends=[miniaudio.Backend.NULL], voice=voice) as speaker:
        told(speaker, *GUIDE, SoundChanged(0.0, "tone"))
        speaker._opening.join(5.0)
        assert voice.asked.wait(10.0)
    assert speaker.missing is None


def test_what_is_heard_is_the_same_pacer_that_is_seen(monkeypatch, clock):
    speaker = silent(monkeypatch, Speaker(clock))
    changes = [*GUIDE, PaceChanged(13.0, 8.0, next_breath=True)]
    told(speaker, *changes)
    speaker.next_piece(PIECE)
    seen = Pacer()
    for change in changes:
        if isinstance(change, PaceChanged):
            seen.change(change)
    for time in (1.0, 14.0, 21.0, 50.0):
        assert speaker._pacer.at(time) == seen.at(time)
