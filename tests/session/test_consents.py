"""Acceptances: kept before anything is recorded, found again by version and person, sealed where wished."""

import pytest

from breathsync.errors import InputFileError, UsageError
from breathsync.practice.safety import Acceptance, Participant, Profile, Viewer, found, viewers
from breathsync.session import told
from breathsync.session.consents import Consents

HERON, TEEN = Participant("heron"), Participant("wren", Profile.TEEN)


def acceptance(who=HERON, version="1", when="2026-11-22T10:00:00+01:00", **values):
    return Acceptance(version, when, who, **values)


def test_requirement_7_version_date_and_code_name_are_kept(tmp_path):
    consents = Consents(tmp_path / "recordings")
    with pytest.raises(UsageError, match="asked"):
        consents.require(HERON, "1")
    consents.keep(acceptance())
    consents.require(HERON, "1")
    assert Consents(tmp_path / "recordings").all(None) == [acceptance()]
    assert consents.file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("who", "version"),
    [
        (Participant("wren"), "1"),
        (HERON, "2"),
        (Participant("heron", Profile.TEEN), "1"),
        (Participant(), "1"),
    ],
)
def test_another_person_profile_or_version_is_asked_anew(tmp_path, who, version):
    consents = Consents(tmp_path)
    consents.keep(acceptance())
    assert not consents.given(who, version)


def test_requirement_32_nobody_may_see_a_teens_recordings_by_default(tmp_path):
    assert acceptance(TEEN).may_see == ()
    assert Viewer.CARER in viewers(Profile.TEEN) and Viewer.CARER not in viewers(Profile.ADULT)


def test_the_newest_one_counts():
    old, new = acceptance(when="2026-01-01"), acceptance(when="2026-02-01", may_see=(Viewer.GUIDE,))
    assert found([new, old], HERON, "1") is new
    assert found([], HERON, "1") is None


def test_choices_are_sealed_where_a_passphrase_is_set_and_the_rest_is_found_without_it(tmp_path):
    letterbox = pytest.importorskip("breathsync.session.letterbox")
    pytest.importorskip("cryptography", reason="cryptography is not installed")
    told.keep_letterbox(tmp_path, letterbox.made("four words of mine"))
    consents, given = Consents(tmp_path), acceptance(TEEN, may_see=(Viewer.CARER,), carer_knows=True)
    consents.keep(given)
    assert "carer" not in consents.file.read_text()
    assert consents.given(TEEN, "1") and consents.has_sealed
    assert consents.all(told.Keys("four words of mine", None)) == [given]


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"version": "1"}', '[{"nothing": 1}]', "\xff"])
def test_a_file_that_is_not_ours_is_said_and_not_replaced(tmp_path, text):
    consents = Consents(tmp_path)
    consents.file.write_text(text, encoding="latin-1")
    with pytest.raises(InputFileError, match="Move it away"):
        consents.given(HERON, "1")
    with pytest.raises(InputFileError):
        consents.keep(acceptance())
    assert consents.file.read_text(encoding="latin-1") == text


def test_requirement_32_whom_a_person_let_see_is_found_again(tmp_path):
    consents = Consents(tmp_path)
    assert consents.may_see(HERON, "1") == ()
    consents.keep(acceptance(may_see=(Viewer.GUIDE,)))
    assert consents.may_see(HERON, "1") == (Viewer.GUIDE,)
    assert consents.may_see(Participant("wren"), "1") == ()
    consents.keep(acceptance(when="2026-11-23T10:00:00+01:00"))
    assert consents.may_see(HERON, "1") == ()  # the newest word holds


def test_requirement_32_what_is_sealed_lets_nobody_see_without_being_asked(tmp_path):
    letterbox = pytest.importorskip("breathsync.session.letterbox")
    told.keep_letterbox(tmp_path, letterbox.made("four plain words here"))
    consents = Consents(tmp_path)
    consents.keep(acceptance(may_see=(Viewer.GUIDE,)))
    assert consents.may_see(HERON, "1") == ()
