"""The guide as sound: rising and falling, soft at its turns, and never a click."""

import numpy as np
import pytest

from breathsync.breath.pacer import Pacer
from breathsync.events import PaceChanged
from breathsync.sound.voice import FADE_IN_S, RATE_HZ, Voice


@pytest.fixture
def guide():
    pacer = Pacer()
    pacer.change(PaceChanged(0.0, 10.0))
    return pacer.at


def sounding(voice, guide, seconds, *, start=0.0, shown=True, piece=1764):
    out, now = [], start
    while now < start + seconds:
        out.append(voice.piece(guide, now, piece, shown=shown))
        now += piece / RATE_HZ
    return np.concatenate(out)


def made(sound):
    voice = Voice()
    voice.sound = sound
    return voice


def loudness(samples, at_s, over_s=0.2):
    return float(np.sqrt(np.mean(samples[int(at_s * RATE_HZ) : int((at_s + over_s) * RATE_HZ)] ** 2)))


def pitch(samples, at_s, over_s=0.4):
    part = samples[int(at_s * RATE_HZ) : int((at_s + over_s) * RATE_HZ)]
    spectrum = np.abs(np.fft.rfft(part * np.hanning(part.size), 16 * part.size))
    return np.fft.rfftfreq(16 * part.size, 1 / RATE_HZ)[int(spectrum.argmax())]


def test_the_tone_rises_with_the_in_breath_and_falls_with_the_out_breath(guide):
    tone = sounding(made("tone"), guide, 20.0)
    inward = [pitch(tone, 10 + t) for t in (1.0, 2.0, 3.0, 4.0)]
    outward = [pitch(tone, 15 + t) for t in (0.6, 1.6, 2.6, 3.6)]
    assert inward == sorted(inward) and inward[-1] > 1.2 * inward[0]
    assert outward == sorted(outward, reverse=True)


@pytest.mark.parametrize("sound", ["tone", "breath"])
def test_it_is_silent_where_the_breath_turns_and_heard_between(guide, sound):
    samples = sounding(made(sound), guide, 20.0)
    for turn in (10.0, 15.0):
        assert loudness(samples, turn - 0.01, 0.02) < 0.1 * loudness(samples, turn + 2.4)


@pytest.mark.parametrize("sound", ["tone", "breath"])
def test_requirement_33_the_volume_fades_in_over_two_seconds_and_more(guide, sound):
    samples = sounding(made(sound), lambda _: guide(2.5), 6.0)  # a breath held open: only the volume moves
    assert FADE_IN_S >= 2.0
    assert loudness(samples, 0.0) < 0.02 * loudness(samples, 4.0)
    assert loudness(samples, 1.0) < 0.3 * loudness(samples, 4.0)
    assert loudness(samples, 2.0) < 0.7 * loudness(samples, 4.0)


@pytest.mark.parametrize("sound", ["tone", "breath"])
def test_no_sample_jumps_not_even_when_it_leaves_or_the_guide_leaps(guide, sound):
    steady = np.abs(np.diff(sounding(made(sound), guide, 9.0))).max()
    voice = made(sound)
    parts = [sounding(voice, guide, 7.0), sounding(voice, guide, 1.0, start=9.0)]
    parts.append(sounding(voice, guide, 2.0, start=10.0, shown=False))
    samples = np.concatenate(parts)
    assert np.abs(np.diff(samples)).max() < 1.2 * steady
    assert np.abs(samples).max() < 0.5


@pytest.mark.parametrize("sound", ["tone", "breath"])
def test_requirement_5_within_a_second_of_softening_nothing_is_heard(guide, sound):
    voice = made(sound)
    sounding(voice, guide, 12.0)
    voice.sound = "off"
    assert loudness(sounding(voice, guide, 2.0, start=12.0, shown=False), 0.9) == 0.0


def test_without_a_guide_in_sight_there_is_no_sound(guide):
    assert not sounding(made("tone"), guide, 5.0, shown=False).any()


def test_pieces_of_any_length_make_the_same_sound(guide):
    one, other = (sounding(made("tone"), guide, 3.0, piece=piece) for piece in (441, 4410))
    length = min(one.size, other.size)
    assert np.abs(one[:length] - other[:length]).max() < 5e-3


def test_a_bell_is_soft_at_first_and_dies_away(guide):
    voice = made("off")
    voice.strike()
    bell = sounding(voice, guide, 6.0)
    assert np.abs(bell[:20]).max() < 0.02
    assert loudness(bell, 0.05) > 0.02
    assert loudness(bell, 3.0) < 0.2 * loudness(bell, 0.05)
    assert not bell[int(5.2 * RATE_HZ) :].any()
