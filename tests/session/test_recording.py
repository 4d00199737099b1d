"""The recording format: what goes in comes out, and what is damaged is said and skipped."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breathsync import events
from breathsync.errors import RecordingError
from breathsync.session import recording
from breathsync.session.recording import (
    KINDS,
    DamagedLineError,
    Header,
    header_line,
    line,
    parse_header,
    parse_line,
)

times = st.floats(0, 1e5).map(lambda t: round(t, 6))
words = st.text(max_size=30)
numbers = st.floats(-1e9, 1e9)
inputs = st.one_of(
    st.builds(
        events.StrapStatus,
        times,
        words,
        st.sampled_from(events.StrapState),
        st.none() | words,
        st.none() | words,
    ),
    st.builds(events.Notification, times, words, words, st.binary(max_size=40)),
    st.builds(
        events.StreamStatus, times, words, words, st.sampled_from(events.StreamState), st.none() | words
    ),
    st.builds(
        events.RrIntervals,
        times,
        words,
        st.lists(numbers, max_size=4).map(tuple),
        st.sampled_from(events.Stamp),
    ),
    st.builds(
        events.Samples, times, words, words, numbers, words, st.lists(numbers, max_size=5).map(tuple)
    ),
    st.builds(
        events.Samples,
        times,
        words,
        words,
        numbers,
        words,
        st.lists(st.tuples(numbers, numbers, numbers), max_size=3).map(tuple),
    ),
    st.builds(
        events.PaceChanged, times, numbers, numbers, until_period_s=st.none() | numbers, anew=st.booleans()
    ),
    st.builds(events.GuideShown, times, st.booleans()),
    st.builds(events.StepStarted, times, words, st.integers(0, 9), st.integers(0, 9), words, words),
    st.builds(events.CueShown, times, words),
    st.builds(events.Softened, times),
    st.builds(events.Paused, times, st.booleans()),
    st.builds(events.Marked, times, words),
    st.builds(events.Noted, times, words),
    st.builds(events.SessionEnded, times),
)


@given(inputs)
def test_every_input_comes_back_as_it_went_in(event):
    assert parse_line(line(event).encode()) == event


@given(inputs)
def test_every_input_is_one_line(event):
    assert "\n" not in line(event)


def test_every_kind_of_input_has_a_line():
    every = {
        cls for cls in vars(events).values() if isinstance(cls, type) and issubclass(cls, events.Input)
    }
    assert set(KINDS.values()) == every - {events.Input}


def test_no_field_of_an_input_hides_the_lines_own_keys():
    for cls in KINDS.values():
        assert not {"t", "kind"} & set(cls.__dataclass_fields__), cls


def test_the_header_comes_back():
    header = Header("2026-11-22T10:00:00+01:00", "live", "Willow", "0.1.0", {"seed": 7})
    assert parse_header(header_line(header).encode()) == header


@pytest.mark.parametrize(
    "first_line", [b"", b"hello", b"[]", b"{}", b'{"breathsync":"truth"}', b"\xff\xfe", b"1" * 9000]
)
def test_anything_else_is_no_recording(first_line):
    with pytest.raises(RecordingError) as caught:
        parse_header(first_line)
    assert caught.value.code == "not_a_recording"


def test_a_recording_of_a_newer_format_asks_for_an_update():
    newer = json.dumps({"breathsync": "recording", "format": recording.FORMAT + 1}).encode()
    with pytest.raises(RecordingError) as caught:
        parse_header(newer)
    assert caught.value.code == "newer_format"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"{", "not_json"),
        (b"null", "not_json"),
        (b"[" * 5000, "not_json"),
        (b'{"t":1,"kind":"dance"}', "unknown_kind"),
        (b'{"t":1,"kind":["mark"]}', "unknown_kind"),
        (b'{"kind":"mark"}', "wrong_field"),
        (b'{"t":"1","kind":"mark"}', "wrong_field"),
        (b'{"t":NaN,"kind":"mark"}', "wrong_field"),
        (b'{"t":1e999,"kind":"mark"}', "wrong_field"),
        (b'{"t":true,"kind":"mark"}', "wrong_field"),
        (b'{"t":1,"kind":"mark","label":3}', "wrong_field"),
        (b'{"t":1,"kind":"notification","source":"a","characteristic":"2a37"}', "wrong_field"),
        (
            b'{"t":1,"kind":"notification","source":"a","characteristic":"2a37","payload":"?"}',
            "wrong_field",
        ),
        (b'{"t":1,"kind":"rr","source":"a","rr_ms":["x"],"stamp":"beat"}', "wrong_field"),
        (b'{"t":1,"kind":"rr","source":"a","rr_ms":[800],"stamp":"sometimes"}', "wrong_field"),
        (b'{"t":1,"kind":"strap","source":"a","state":"flying"}', "wrong_field"),
    ],
)
def test_a_damaged_line_says_why(text, code):
    with pytest.raises(DamagedLineError, match=code):
        parse_line(text)


@given(st.binary(max_size=200))
def test_any_bytes_at_all_are_a_line_or_damage(data):
    with contextlib.suppress(DamagedLineError):
        parse_line(data)


def test_fields_of_later_versions_are_let_be():
    assert parse_line(b'{"t":1,"kind":"mark","label":"x","colour":"blue"}') == events.Marked(1.0, "x")
