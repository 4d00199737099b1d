"""A session goes out live: another process hears all of it, at its true time, and can tell what it is."""

import math
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from benchmarks.live_out import figures, streams_of
from tests.helpers import heard, only

from breathsync.cli import main
from breathsync.errors import UsageError
from breathsync.events import Beat, EcgSamples, Flaw, Noted, Samples, Sealed
from breathsync.session.outlets import KINDS, Outlets
from breathsync.session.replay import RecordingReader

ECG = Path(__file__).parents[2] / "recordings" / "ecg-practice.jsonl"


def liblsl():
    try:
        import pylsl  # noqa: F401
    except (ImportError, RuntimeError) as problem:
        pytest.skip(f"liblsl cannot be loaded: {problem}")


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    """A minute with ECG and acceleration, fifteen times as fast, to another process over the loopback."""
    liblsl()
    return streams_of(ECG, 15.0, tmp_path_factory.mktemp("lsl"))


def test_another_process_hears_every_sample_once(sent):
    pushed, found = sent
    count, lost, _ = figures(pushed, found)
    assert count > 15_000 and lost == 0
    assert sum(len(stream["heard"]) for stream in found.values()) == sum(
        len(times) for _, times, _ in pushed
    )


def test_beats_and_ecg_bear_their_true_times_and_values(sent):
    """What is heard lies on one line with the session's own times, however fast it was sent."""
    _, found = sent
    events = heard(list(RecordingReader(ECG).inputs())[:-1])
    beats = [b for b in only(Beat, events) if b.flaw is not Flaw.DUPLICATE]
    rows = found["BreathSync RR bench"]["heard"]
    assert len(rows) == len(beats)
    zero = rows[0][0] - beats[0].time
    assert [t - zero for t, _, _ in rows] == pytest.approx([b.time for b in beats], abs=1e-6)
    for (_, _, (rr, good)), beat in zip(rows, beats, strict=True):
        assert (math.isnan(rr) and beat.rr_ms is None) or rr == beat.rr_ms
        assert good == (beat.flaw is Flaw.NONE)
    samples = [v for e in only(EcgSamples, events) for v in e.microvolts]
    assert [values[0] for _, _, values in found["BreathSync ECG bench"]["heard"]] == samples


@pytest.mark.parametrize("name", ["RR", "HR", "Breath", "ECG", "ACC", "Pacer", "Markers"])
def test_each_stream_says_what_it_is(sent, name):
    stream, kind = sent[1][f"BreathSync {name} bench"], KINDS[name]
    info = ET.fromstring(stream["xml"])
    channels = [(c.findtext("label"), c.findtext("unit"), c.findtext("type")) for c in info.iter("channel")]
    assert (stream["type"], stream["channels"]) == (kind.type, len(kind.channels))
    assert stream["rate"] == kind.rate_hz
    assert tuple(channels) == kind.channels
    assert info.findtext("source_id") == f"breathsync-bench-{name.lower()}"
    assert info.findtext("desc/acquisition/manufacturer") == "BreathSync"


def test_markers_tell_the_steps(sent):
    words = [values[0] for _, _, values in sent[1]["BreathSync Markers bench"]["heard"]]
    assert "step: Arriving" in words and words[-1] == "ended"


# --- without a network ---


class Pushed:
    """What is sent, without sending it."""

    def __init__(self):
        self.sent = {}

    cf_string = cf_double64 = 0

    def local_clock(self):
        return 100.0

    class StreamInfo:
        def __init__(self, name, *_):
            self.name = name

        def desc(self):
            return self

        def append_child(self, _):
            return self

        def append_child_value(self, *_):
            return self

    def StreamOutlet(self, info, **_):  # noqa: N802
        rows = self.sent.setdefault(info.name.split()[1], [])

        class Outlet:
            def push_sample(self, values, time):
                rows.append((time, values))

            def push_chunk(self, values, times):
                rows.extend(zip(times, [list(v) for v in values], strict=True))

        return Outlet()


def test_what_somebody_wrote_goes_nowhere():
    lsl = Pushed()
    outlets = Outlets(lambda: 0.0, lsl=lsl)
    outlets(1.0, Noted(1.0, "my sister"))
    outlets(1.0, Sealed(1.0, "note", b"box", b"words"))
    assert lsl.sent["Markers"] == [] and "sister" not in str(lsl.sent)


def test_a_stream_that_was_not_foreseen_opens_when_it_comes():
    lsl = Pushed()
    outlets = Outlets(lambda: 5.0, lsl=lsl)
    outlets(5.0, Samples(4.96, "s", "resp", 25.0, "1", (1.0, 2.0)))
    assert lsl.sent["Respiration"] == [(pytest.approx(99.92), [1.0]), (pytest.approx(99.96), [2.0])]


def test_the_guide_goes_out_on_an_even_grid_and_only_while_it_is_seen():
    from breathsync.events import GuideShown, PaceChanged

    lsl = Pushed()
    outlets = Outlets(lambda: 0.0, lsl=lsl)
    outlets(0.0, PaceChanged(0.0, 10.0))
    outlets(0.0, GuideShown(0.0, shown=True))
    outlets(5.0, GuideShown(5.0, shown=False))
    outlets(6.0, Noted(6.0, ""))
    rows = lsl.sent["Pacer"]
    assert [round(t - 100, 6) for t, _ in rows] == [i / 10 for i in range(1, 61)]
    assert all(math.isnan(full) for _, (full, _) in rows[50:])


@pytest.mark.parametrize("problem", [ImportError, RuntimeError])
def test_without_the_extra_it_is_named(monkeypatch, problem):
    class Broken:
        def find_spec(self, name, *_):
            if name == "pylsl":
                raise problem("no liblsl here")

    monkeypatch.delitem(sys.modules, "pylsl", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Broken(), *sys.meta_path])
    with pytest.raises(UsageError) as caught:
        Outlets(lambda: 0.0)
    assert caught.value.code in ("needs_lsl", "no_liblsl")


def test_it_says_what_to_send(capsys):
    assert main(["stream"]) == 2
    assert "Say what to send" in capsys.readouterr().err
