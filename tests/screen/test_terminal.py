"""The quiet view in the terminal."""

import io

from rich.console import Console

from breathsync.events import BeatHeard, CueShown, GuideShown, PaceChanged, SwingMean
from breathsync.screen.state import ScreenModel
from breathsync.screen.terminal import TerminalView


def session():
    model = ScreenModel()
    for event in (
        PaceChanged(0.0, 10.0),
        GuideShown(0.0, shown=True),
        BeatHeard(11.0, 1000.0, "rr"),
        CueShown(11.0, "hello there"),
        SwingMean(11.0, 12.0, 1.0, 6),
    ):
        model.push(event.time, event)
    return model


def shown(*, terminal):
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=100, color_system=None)
    with TerminalView(console, session(), 600.0) as view:
        for tenth in range(110, 330):
            view.show(tenth / 10)
    return out.getvalue()


def test_it_shows_heart_guide_swing_signal_and_how_far_it_is():
    said = shown(terminal=True)
    for words in (
        "60 beats/min",
        "6.0 a minute",
        "12 beats/min with each breath",
        "resting",
        "10:00",
        "hello there",
    ):
        assert words in said


def test_a_session_that_is_over_at_once_leaves_a_line_in_a_pipe():
    out = io.StringIO()
    with TerminalView(Console(file=out, width=100), session(), 600.0) as view:
        view.show(0.0)
        view.show_last(12.0)
        view.show_last(12.0)
    (line,) = out.getvalue().strip().splitlines()
    assert line.startswith("00:12") and "60 beats/min" in line


def test_into_a_pipe_it_writes_a_line_every_ten_seconds():
    lines = shown(terminal=False).strip().splitlines()
    assert len(lines) == 3
    assert all("guide 6.0 a minute" in line for line in lines)
