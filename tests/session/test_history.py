"""Practice over weeks: whose, when, how long, and how sure."""

from datetime import date
from math import sqrt

import pytest
from tests.session.sessions import simulated

from breathsync.errors import InputFileError
from breathsync.events import CheckedIn, Paused, SessionEnded
from breathsync.session.derived import derive
from breathsync.session.history import PastSession, past_session, past_sessions, weeks
from breathsync.session.recorder import Recorder
from breathsync.session.recording import Header
from breathsync.session.report.findings import SwingFound
from breathsync.session.story import Story


def lived(folder, day, inputs=(), name=None, **details):
    """A session of a day (and hour) in November."""
    started = f"2026-11-{day}"
    file = folder / f"{started.replace(':', '')}_session.jsonl"
    recorder = Recorder(file, Header(started_at=started, code_name=name, details=details))
    for event in inputs or [SessionEnded(600.0)]:
        recorder.write(event)
    recorder.close()
    return file


def swing(value, error=0.5, pace=6.0):
    return SwingFound(value, error, 20, pace, pace)


def past(day, minutes=10.0, found=None, said=()):
    from datetime import datetime
    from pathlib import Path

    story = Story(check_ins=list(said))
    started = datetime.fromisoformat(f"2026-11-{day}T19:00:00+01:00")
    return PastSession(Path(f"{day}.jsonl"), started, None, "", minutes, story, found)


def test_minutes_are_those_of_practice_without_the_pauses(tmp_path):
    inputs = [Paused(100.0, paused=True), Paused(220.0, paused=False), SessionEnded(600.0)]
    assert past_session(lived(tmp_path, "02T19:00:00+01:00", inputs)).minutes == 8.0


def test_simulated_sessions_and_damaged_files_are_nobodys_practice(tmp_path):
    lived(tmp_path, "02T19:00:00+01:00", scenario="first-session", practice="find-rhythm")
    (tmp_path / "2026-11-03_broken.jsonl").write_text("not a recording\n")
    (tmp_path / "2026-11-04_empty.jsonl").write_text("")
    assert past_sessions(tmp_path, None) == []


def test_two_people_are_never_mixed(tmp_path):
    lived(tmp_path, "02T19:00:00+01:00", name="Willow-17")
    lived(tmp_path, "03T19:00:00+01:00", name="Fern-4")
    with pytest.raises(InputFileError, match="Fern-4, Willow-17"):
        past_sessions(tmp_path, None)
    assert [s.code_name for s in past_sessions(tmp_path, "Fern-4")] == ["Fern-4"]
    with pytest.raises(InputFileError, match="Moss-9"):
        past_sessions(tmp_path, "Moss-9")


def test_a_name_that_only_simulated_sessions_bear_is_said_to_be_one(tmp_path):
    lived(tmp_path, "02T19:00:00+01:00", name="Heron", scenario="first-session")
    (tmp_path / "2026-11-04_empty.jsonl").write_text("")
    with pytest.raises(InputFileError, match=r"Heron: .* only sessions of simulated people"):
        past_sessions(tmp_path, "Heron")
    lived(tmp_path, "03T19:00:00+01:00", name="Heron")
    assert len(past_sessions(tmp_path, "Heron")) == 1


def test_a_day_is_the_persons_own(tmp_path):
    lived(tmp_path, "02T23:50:00-08:00")
    lived(tmp_path, "03T00:20:00+09:00")
    assert [s.day for s in past_sessions(tmp_path, None)] == [date(2026, 11, 3), date(2026, 11, 2)]


def test_a_week_counts_days_once_and_adds_minutes():
    (week,) = weeks([past("03"), past("03", 5.0), past("08")])
    assert (week.monday, week.days, week.minutes, week.sessions) == (date(2026, 11, 2), 2, 25.0, 3)


def test_weeks_without_practice_are_not_counted_against_anybody():
    assert [w.monday.day for w in weeks([past("02"), past("29")])] == [2, 23]


def test_the_error_of_a_week_comes_from_how_its_sessions_differ():
    (week,) = weeks([past("02", found=swing(10.0)), past("03", found=swing(14.0)), past("04")])
    assert (week.swing_bpm, week.swing_sessions) == (12.0, 2)
    assert week.swing_error_bpm == pytest.approx(2.0)


def test_it_is_never_less_than_the_sessions_own_errors_say():
    (week,) = weeks([past("02", found=swing(12.0, 0.6)), past("03", found=swing(12.0, 0.8))])
    assert week.swing_error_bpm == pytest.approx(sqrt((0.36 + 0.64) / 2 / 2))
    (alone,) = weeks([past("02", found=swing(12.0, 0.6))])
    assert alone.swing_error_bpm == pytest.approx(0.6)


def test_a_week_without_swing_says_none():
    (week,) = weeks([past("02")])
    assert (week.swing_bpm, week.swing_error_bpm, week.paces_per_min, week.before) == (None, None, None, {})


def test_what_was_said_is_averaged_apart_before_and_after():
    said = [
        CheckedIn(0.0, "before", "en 1", threat=6),
        CheckedIn(9.0, "after", "en 1", threat=3, soothing=8),
    ]
    more = [CheckedIn(0.0, "before", "en 1", threat=4)]
    (week,) = weeks([past("02", said=said), past("03", said=more)])
    assert (week.before, week.after) == ({"threat": 5.0}, {"threat": 3.0, "soothing": 8.0})


def test_the_swing_of_a_session_is_that_of_its_steady_guide(tmp_path):
    inputs = simulated()
    session = past_session(lived(tmp_path, "02T19:00:00+01:00", inputs))
    with_swing = session.with_swing(derive(inputs))
    assert 13 < with_swing.swing.swing_bpm < 15
    assert with_swing.swing.slowest_per_min == pytest.approx(6.0)
