"""What the practitioner's window knows: rhythm, swings, breath, marks, and what was told."""

from math import pi, sin

import numpy as np
import pytest
from tests.screen.practitioner.events import model, step

from breathsync.events import (
    Beat,
    BreathWave,
    CheckedIn,
    Flaw,
    Marked,
    Noted,
    RsaCycle,
    Sealed,
)
from breathsync.heart.spectrum import swing_by_rate
from breathsync.screen.practitioner.rhythm import RhythmNow


def beats(seconds, swing_bpm=12.0, per_min=6.0, start=0.0, mean=65.0):
    """A heart whose rate swings as a sinusoid."""
    time = start
    while time < start + seconds:
        rate = mean + swing_bpm / 2 * sin(2 * pi * per_min / 60 * time)
        time += 60 / rate
        yield Beat(time, 60000 / rate, Flaw.NONE, "rr")


def rhythm(found):
    made, last = RhythmNow(), 0.0
    for beat in found:
        made.push(beat)
        last = beat.time
    return made.at(last)


@pytest.mark.parametrize("per_min", [4.5, 6.0, 9.0])
def test_a_swing_reads_at_its_rate_as_wide_as_it_is(per_min):
    found = list(beats(150, per_min=per_min))[-130:]
    times, rr = (np.array([getattr(b, name) for b in found]) for name in ("time", "rr_ms"))
    rates, swings = swing_by_rate(times, rr)
    assert rates[swings.argmax()] == pytest.approx(per_min, abs=0.1)
    assert swings.max() == pytest.approx(12.0, rel=0.07)
    assert swings[np.abs(rates - per_min) > 1.5].max() < 1.5


def test_the_rhythm_is_of_the_last_two_minutes():
    seen = rhythm([*beats(140, per_min=12.0), *beats(130, per_min=6.0, start=141.0)])
    assert (seen.window_s, seen.reason) == (120, "")
    assert seen.strongest_per_min == pytest.approx(6.0, abs=0.15)


def test_from_a_minute_on_it_is_of_what_there_is():
    assert rhythm(beats(90)).window_s == 64


def test_before_a_minute_it_says_how_long_still():
    seen = rhythm(beats(40))
    assert seen.per_min.size == 0 and seen.strongest_per_min is None
    assert seen.reason in ("needs 25 s more", "needs 24 s more")


def test_too_many_doubtful_beats_are_a_reason():
    found = [
        Beat(b.time, b.rr_ms, Flaw.SHORT if n % 12 == 0 else Flaw.NONE, "rr")
        for n, b in enumerate(beats(130))
    ]
    assert rhythm(found).reason == "too many beats are uncertain"


def test_it_is_looked_at_anew_every_fifth_second_alone():
    made = RhythmNow()
    for beat in beats(130):
        made.push(beat)
    seen = [made.at(130.0 + tenth / 10) for tenth in range(100)]
    assert len({id(each) for each in seen}) == 2


def test_requirement_25_beats_of_an_image_are_in_no_rhythm():
    made = model(step(0.0, 1), *beats(130), step(131.0, 4), *beats(120, start=131.0), step(252.0, 5))
    assert made.practitioner.rhythm.at(252.0).per_min.size == 0


def test_only_clean_breaths_of_measured_steps_are_drawn():
    made = model(
        step(0.0, 3),
        RsaCycle(10.0, 12.0, 6.0, True),
        RsaCycle(20.0, 30.0, 6.0, False),
        step(25.0, 4),
        RsaCycle(30.0, 13.0, 6.0, True),
    )
    assert list(made.practitioner.swings) == [(10.0, 12.0)]


def test_the_breath_of_the_chest_comes_in_pieces_and_is_one_curve():
    made = model(
        BreathWave(9.75, 0.25, (0.1, 0.2, 0.3, 0.4), False),
        BreathWave(10.75, 0.25, (0.5, None, 0.3, 0.2), True),
    )
    curve = list(made.practitioner.breath)
    assert [time for time, _ in curve] == pytest.approx([9.0 + 0.25 * k for k in range(8)])
    assert curve[5][1] is None and made.practitioner.breath_direction_known


def test_what_is_long_ago_is_not_kept():
    made = model(*(BreathWave(float(s), 0.25, (0.0,) * 4, True) for s in range(1, 400)))
    assert len(made.practitioner.breath) <= 4 * 101
    made = model(*(Beat(float(s), 900.0, Flaw.SHORT, "rr") for s in range(1, 400)))
    assert len(made.practitioner.doubtful) <= 101


def test_requirement_27_marks_stand_with_their_words_and_notes_without():
    made = model(
        Marked(10.0, "shoulders dropped"),
        Marked(20.0),
        Noted(30.0, "my own"),
        Sealed(40.0, "note", b"", b""),
    )
    assert list(made.practitioner.marks) == [
        (10.0, "shoulders dropped"),
        (20.0, ""),
        (30.0, "note"),
        (40.0, "note"),
    ]


def test_requirement_16_what_was_told_stands_as_it_was_told_whatever_is_measured():
    told = CheckedIn(0.0, "before", "en 1", 6, 3, 2)
    calm, wild = model(told, *beats(60, swing_bpm=2.0)), model(told, *beats(60, swing_bpm=25.0, mean=95.0))
    assert calm.practitioner.told == wild.practitioner.told == told
