"""Between two threads: what the window asks of a session arrives, however early it asks."""

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="Qt cannot be imported", exc_type=ImportError)

from tests.session.sessions import kept, simulated, told

from breathsync import settings
from breathsync.practice.conductor import Wish
from breathsync.screen.bridge import SessionBridge
from breathsync.session.players import DemoPlayer, ReplayPlayer
from breathsync.session.replay import RecordingReader
from breathsync.session.simulation import SCENARIOS

SOON_S = 5.0  # sessions that heard nothing of it would last for minutes


@pytest.fixture
def chosen(tmp_path):
    return settings.Settings(tmp_path / "recordings", tmp_path / "profiles")


def a_demo(chosen, _tmp_path):
    return DemoPlayer(SCENARIOS["first-session"], 1, chosen)


def a_replay(chosen, tmp_path):
    file = kept(tmp_path / "session.jsonl", told(simulated()))
    return ReplayPlayer(RecordingReader(file), chosen, start=100.0)


@pytest.mark.parametrize("player_of", [a_demo, a_replay])
def test_a_session_that_is_left_before_its_thread_runs_ends_at_once(qapp, chosen, tmp_path, player_of):
    bridge = SessionBridge(player_of(chosen, tmp_path))
    bridge.wish(Wish.FINISH)
    bridge.start()
    bridge._thread.join(SOON_S)
    assert not bridge._thread.is_alive()
    if bridge.player.recording is not None:
        reader = RecordingReader(bridge.player.recording)
        list(reader.inputs())
        assert reader.ended


def test_what_is_asked_of_a_session_that_is_over_harms_nobody(qapp, chosen, tmp_path):
    bridge = SessionBridge(a_demo(chosen, tmp_path))
    bridge.wish(Wish.FINISH)
    bridge.start()
    bridge._thread.join(SOON_S)
    bridge.wish(Wish.PAUSE)
    bridge.stop()
    assert bridge.problem is None


def test_who_goes_on_to_another_moment_need_not_wait_for_what_lies_before_the_last_one(
    qapp, chosen, tmp_path
):
    """A replay from far on computes all before it: whole hours, where nobody asks for them any more."""
    file = kept(tmp_path / "session.jsonl", told(simulated()))
    player = ReplayPlayer(RecordingReader(file), chosen, start=580.0)
    heard = []
    bridge = SessionBridge(player, [lambda at, event: heard.append(at)])
    bridge.start()
    while not heard:
        pass
    bridge.stop()
    assert not bridge._thread.is_alive()
    assert heard[-1] < 500.0
