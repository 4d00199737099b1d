"""Sealed words: only the passphrase opens them, only in their own session, and the rest stays readable."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("cryptography", reason="cryptography is not installed")

from breathsync.errors import WordsError
from breathsync.session.letterbox import Letterbox, changed, made, unlocked

PASSPHRASE = "four words of mine"


@pytest.fixture(scope="module")
def letterbox():
    return made(PASSPHRASE)


@pytest.fixture(scope="module")
def key(letterbox):
    return unlocked(letterbox, PASSPHRASE)


@given(words=st.text(), session=st.text(), what=st.sampled_from(["note", "letter", "reflection"]))
@settings(max_examples=50)
def test_what_is_sealed_opens_as_it_was(letterbox, key, words, session, what):
    assert key.open(letterbox.seal(words, session, what), session, what) == words


def test_nothing_of_the_words_is_in_the_box(letterbox):
    box = letterbox.seal("shoulders dropped", "s", "note")
    assert b"shoulders" not in box and b"dropped" not in box


def test_the_same_words_never_look_the_same(letterbox):
    boxes = {letterbox.seal("again", "s", "note") for _ in range(20)}
    assert len(boxes) == 20
    assert made(PASSPHRASE).salt != letterbox.salt


@pytest.mark.parametrize(
    ("session", "what"), [("other", "note"), ("s", "letter"), ("", "note"), ("s\0", "note")]
)
def test_a_box_opens_in_its_own_session_alone(letterbox, key, session, what):
    box = letterbox.seal("mine", "s", "note")
    with pytest.raises(WordsError, match="another session"):
        key.open(box, session, what)


def test_another_passphrase_is_told_calmly(letterbox):
    with pytest.raises(WordsError) as told:
        unlocked(letterbox, "four words of hers")
    assert str(told.value).startswith("This passphrase does not open these words. They stay as they are")


def test_every_changed_byte_of_a_box_is_noticed(letterbox, key):
    box = letterbox.seal("mine", "s", "note")
    for place in range(len(box)):
        spoilt = box[:place] + bytes([box[place] ^ 1]) + box[place + 1 :]
        with pytest.raises(WordsError):
            key.open(spoilt, "s", "note")


def test_a_changed_letterbox_is_noticed_and_asks_no_more_of_the_machine_than_it_may(letterbox):
    whole = bytes(letterbox)
    assert Letterbox.read(whole) == letterbox and len(whole) == 121
    for strange in (
        replace(letterbox, memory_kib=1 << 30),
        replace(letterbox, passes=10_000),
        b"x" * 121,
        b"",
    ):
        with pytest.raises(WordsError):
            Letterbox.read(bytes(strange))
    other = made("somebody else's words").public
    with pytest.raises(WordsError):  # the open half of another: its boxes would open for them
        unlocked(replace(letterbox, public=other), PASSPHRASE)


def test_a_changed_passphrase_opens_what_was_sealed_before(letterbox):
    box = letterbox.seal("from before", "s", "note")
    moved = changed(letterbox, PASSPHRASE, "five new words of mine")
    assert unlocked(moved, "five new words of mine").open(box, "s", "note") == "from before"
    with pytest.raises(WordsError):
        unlocked(moved, PASSPHRASE)


def test_the_way_a_keyboard_writes_an_accent_does_not_matter():
    composed, apart = "caf\u00e9 f\u00fcr mich", "cafe\u0301 fu\u0308r mich"
    assert unlocked(made(composed), apart)


def test_a_short_passphrase_is_not_taken():
    with pytest.raises(WordsError, match="8 characters"):
        made("sevenxx")


def test_a_guess_costs_what_rfc_9106_recommends(full_cost, monkeypatch):
    monkeypatch.setattr("breathsync.session.letterbox.COST", full_cost)
    shipped = made(PASSPHRASE)
    assert (shipped.memory_kib, shipped.passes, shipped.lanes) == (65536, 3, 4)
    box = shipped.seal("mine", "s", "note")
    assert unlocked(shipped, PASSPHRASE).open(box, "s", "note") == "mine"
    with pytest.raises(WordsError):
        unlocked(shipped, "four words of hers")
