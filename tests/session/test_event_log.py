"""The lines that other tools build on."""

import io
import json
from pathlib import Path

import pytest

from breathsync.cli import main
from breathsync.events import Beat, BeatHeard, Flaw, HrvMetrics, Marked, Tick
from breathsync.session.event_log import DERIVED, SHOWN, EventLog

RECORDINGS = Path(__file__).parents[2] / "recordings"
BEAT = Beat(9.6341121, 834.9609375, Flaw.NONE, "rr")


def logged(*events, **options):
    out = io.StringIO()
    log = EventLog(out, **options)
    for at, event in events:
        log(at, event)
    return out.getvalue()


def test_a_line_has_event_at_time_and_the_events_own_fields():
    line = logged((12.25, BEAT))
    assert line == (
        '{"event":"Beat","at":12.250000,"time":9.634112,"rr_ms":834.960938,"flaw":"NONE","source":"rr"}\n'
    )


def test_unknown_is_null():
    metrics = HrvMetrics(60.0, 60, 3, None, None, None, None, "too_short")
    assert json.loads(logged((60.0, metrics)))["rmssd_ms"] is None


def test_inputs_and_ticks_are_not_derived():
    assert logged((1.0, Marked(1.0)), (1.0, Tick(1.0))) == ""


def test_what_the_person_saw_and_did_is_written_where_it_is_asked_for():
    assert json.loads(logged((1.0, Marked(1.0, "here")), only=["Marked"]))["label"] == "here"
    assert "Noted" not in SHOWN


def test_only_what_is_asked_for_is_written():
    assert '"Beat"' not in logged((1.0, BEAT), (1.0, BeatHeard(1.0, 800.0, "rr")), only=["BeatHeard"])


def test_from_some_moment_on():
    assert logged((1.0, BEAT), (2.0, BEAT), since=2.0).count("\n") == 1


def test_a_line_can_name_its_person():
    assert json.loads(logged((1.0, BEAT), person="Wïllow"))["person"] == "Wïllow"


class _Flushed(io.StringIO):
    flushes = 0

    def flush(self):
        self.flushes += 1


def test_it_is_flushed_once_a_session_second():
    out = _Flushed()
    log = EventLog(out)
    for quarter in range(40):
        log(quarter / 4, BEAT)
    assert out.flushes == 9


def test_what_is_rare_is_flushed_within_a_second_too():
    out = _Flushed()
    log = EventLog(out, only=["HrvMetrics"])
    log(0.5, HrvMetrics(0.5, 60, 3, None, None, None, None, "too_short"))
    log(1.0, BEAT)
    assert out.flushes == 1


@pytest.mark.parametrize("name", DERIVED)
def test_every_derived_event_can_be_written(name):
    cls = DERIVED[name]
    fields = dict.fromkeys(cls.__dataclass_fields__, 1)
    line = json.loads(logged((1.0, cls(**fields))))
    assert list(line) == ["event", "at", *cls.__dataclass_fields__]


@pytest.mark.parametrize(
    ("name", "hears"), [("ecg-practice", "BreathWave"), ("steady-practice", "GuideFollowed")]
)
def test_lines_stand_in_order_of_at_and_within_one_class_of_time(tmp_path, name, hears):
    out, file = tmp_path / "events.jsonl", RECORDINGS / f"{name}.jsonl"
    assert main(["replay", str(file), "--speed", "max", "--no-screen", "--events", str(out)]) == 0
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert {"Beat", "BreathEstimate", hears} <= {line["event"] for line in lines}
    known = [line["at"] for line in lines]
    assert known == sorted(known)
    for name in {line["event"] for line in lines}:
        moments = [(line["at"], line["time"]) for line in lines if line["event"] == name]
        assert moments == sorted(moments), name
