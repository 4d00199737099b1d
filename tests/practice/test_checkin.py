"""Requirement 16: threat, drive and soothing come from a person alone; no sensor can reach them."""

import ast
from dataclasses import fields
from pathlib import Path

import pytest
from tests.helpers import connected, heard, one_by_one

import breathsync
from breathsync import events, wording
from breathsync.events import CheckedIn, Event, Input
from breathsync.practice.checkin import CIRCLES, SLIDERS, CheckIn, Moment, blank
from breathsync.screen.shown import ScreenState
from breathsync.screen.state import ScreenModel
from breathsync.session.event_log import DERIVED
from breathsync.session.told import checked_in

SOURCE = Path(breathsync.__file__).parent
SAID = set(CIRCLES + SLIDERS)


def test_nothing_is_said_until_somebody_says_it():
    assert blank(Moment.BEFORE).is_empty
    assert not blank(Moment.BEFORE).saying("threat", 0).is_empty


@pytest.mark.parametrize("value", [-1, 11])
def test_a_value_that_is_no_answer_is_not_taken(value):
    with pytest.raises(ValueError, match=str(value)):
        blank(Moment.BEFORE).saying("threat", value)
    with pytest.raises(KeyError):
        blank(Moment.BEFORE).saying("heart_rate", 5)


def test_an_answer_can_be_taken_back():
    assert blank(Moment.AFTER).saying("drive", 4).saying("drive", None) == blank(Moment.AFTER)


def test_requirement_26_the_version_of_the_words_goes_with_the_answers():
    wording.use("de")
    assert blank(Moment.BEFORE).wording == f"de {wording.text('checkin.version')}"
    said = blank(Moment.BEFORE).saying("soothing", 7)
    assert checked_in(said) == CheckedIn(0.0, "before", said.wording, soothing=7)


def test_requirement_16_no_event_from_a_sensor_carries_them():
    holding = {
        cls
        for cls in vars(events).values()
        if isinstance(cls, type) and issubclass(cls, Event) and SAID & {f.name for f in fields(cls)}
    }
    assert holding == {CheckedIn}
    assert issubclass(CheckedIn, Input) and "CheckedIn" not in DERIVED
    assert not SAID & {f.name for f in fields(ScreenState)}


def test_requirement_16_whatever_a_strap_sends_nothing_is_said():
    """A racing, a flat and a torn heart: no check-in follows, and one that is there changes nothing."""
    for ticks in ([400] * 200, [1024] * 60, [700, 1500, 200] * 40):
        inputs = [connected(), *one_by_one(ticks)]
        without = heard(inputs)
        assert not [event for _, event in without if isinstance(event, CheckedIn)]
        with_one = heard([inputs[0], CheckedIn(0.0, "before", "en 1", threat=10), *inputs[1:]])
        assert with_one == without
        model = ScreenModel()
        said = blank(Moment.BEFORE).saying("threat", 3)
        for at, event in without:
            model.push(at, event)
        assert said == CheckIn(Moment.BEFORE, "en 1", threat=3)


def constructions(name):
    """Files in which `name(...)` is called."""
    found = set()
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and name in (
                getattr(node.func, "id", None),
                getattr(node.func, "attr", None),
            ):
                found.add(file.relative_to(SOURCE).as_posix())
    return found


def test_requirement_16_one_place_alone_makes_them_and_it_takes_a_check_in():
    assert constructions("CheckedIn") == {"session/told.py"}
    assert constructions("CheckIn") == {"practice/checkin.py"}
    assert constructions("checked_in") == {"screen/around.py"}
