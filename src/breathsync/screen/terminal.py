"""The quiet view in the terminal: heart rate, breath guide, swing, signal, and how far the session is."""

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from breathsync.screen.shown import ScreenState
from breathsync.screen.state import ScreenModel, clock_words, part_word
from breathsync.wording import number, text

_GUIDE_WIDTH = 24
_PRINT_EVERY_S = 10.0
_BREATH, _HEART, _NOW, _QUIET = "#74C7B8", "#C9A7E8", "#F0CF9A", "#9DB0BD"


class TerminalView:
    """Draws a session into a console some times a second; into a file or a pipe once in ten seconds."""

    def __init__(self, console: Console, model: ScreenModel, length_s: float | None) -> None:
        self._console = console
        self._model = model
        self._length_s = length_s
        self._live = (
            Live(console=console, auto_refresh=False, transient=True) if console.is_terminal else None
        )
        self._printed_s = 1.0 - _PRINT_EVERY_S  # at the very first there is nothing to say
        self._cue = ""

    def __enter__(self) -> "TerminalView":
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def show(self, now: float) -> None:
        """Show how things stand."""
        if self._live is not None:
            self._live.update(self._picture(self._model.at(now)), refresh=True)
        elif now >= self._printed_s + _PRINT_EVERY_S:
            self._print(now)

    def show_last(self, now: float) -> None:
        """Leave in a file or a pipe how things stood at the end, also where all was over at once."""
        if self._live is None and now > self._printed_s:
            self._print(now)

    def _print(self, now: float) -> None:
        self._printed_s = now
        self._console.print(_line(self._model.at(now)), highlight=False, soft_wrap=True)

    def _picture(self, state: ScreenState) -> Group:
        rows = Table.grid(padding=(0, 3))
        for name, value in _rows(state):
            rows.add_row(Text(name, _QUIET), value)
        heading = Text(state.title, "bold") + Text(f"   {state.step}", _QUIET)
        return Group("", heading, Text(self._words(state), _NOW), "", rows, "", self._progress(state))

    def _words(self, state: ScreenState) -> str:
        """What is asked, with its keys; else the practice's words."""
        return state.cue if self._model.rhythm.asked is None else text("rhythm.question_keys")

    def _progress(self, state: ScreenState) -> Table:
        row = Table.grid(padding=(0, 2))
        time = Text(clock_words(state.now), _QUIET)
        if self._length_s is None:
            row.add_row(time)
        else:
            bar = ProgressBar(
                self._length_s, min(state.now, self._length_s), 40, style=_QUIET, complete_style=_BREATH
            )
            row.add_row(time, bar, Text(clock_words(self._length_s), _QUIET))
        return row


def _rows(state: ScreenState, *, bar: bool = True) -> list[tuple[str, Text]]:
    """What is shown, by name: what was measured only where it may be seen and there is a strap."""
    guide = text("terminal.guide"), _guide(state, bar=bar)
    strap = state.strap.notice or state.strap.words
    signal = text("terminal.strap"), Text(strap if state.heard else text("guidance.no_strap_line"))
    if state.numbers_visible < 0.5:
        return [guide, signal]
    measured = [(text("terminal.heart"), _heart(state)), (_breath_name(state), _breath(state))]
    return [*measured, guide, (text("terminal.swing"), _swing(state)), signal]


def _heart(state: ScreenState) -> Text:
    if state.heart_rate_bpm is None:
        return Text(text("window.no_value"))
    return Text(str(state.heart_rate_bpm), f"bold {_HEART}") + Text(f" {text('terminal.bpm')}", _QUIET)


def _breath_name(state: ScreenState) -> str:
    return text("terminal.breath" if state.breath_seen else "terminal.rhythm")


def _breath(state: ScreenState) -> Text:
    if state.breaths_per_min is None:
        return Text(text("window.no_value"))
    return Text(text("terminal.per_min", rate=number(state.breaths_per_min, 1)))


def _guide(state: ScreenState, *, bar: bool = True) -> Text:
    if state.guide is None or state.guide_visible < 0.5:
        return Text(text("terminal.natural"), _QUIET)
    full = round(state.guide.fullness * _GUIDE_WIDTH)
    rate = text("terminal.per_min", rate=number(state.guide.breaths_per_min, 1))
    if not bar:
        return Text(rate)
    line = Text("●" * full, _BREATH) + Text("·" * (_GUIDE_WIDTH - full), _QUIET)
    return line + Text(f"  {part_word(state.guide.part):<5}", _BREATH) + Text(rate, _QUIET)


def _swing(state: ScreenState) -> Text:
    if state.swing_bpm is None:
        return Text(text("window.no_value"))
    return Text(text("terminal.swing_value", swing=number(state.swing_bpm)))


def _line(state: ScreenState) -> str:
    """The same in one line, for a terminal that cannot redraw."""
    parts = [(name, value.plain) for name, value in _rows(state, bar=False)]
    return f"{clock_words(state.now)}  {state.step}  " + "  ".join(
        f"{name} {value}" for name, value in parts
    )
