"""Swing against pace as a small plot of characters, for the terminal."""

from rich.text import Text

from breathsync.breath.rhythm_choice import RhythmChoice
from breathsync.events import SwingByPace
from breathsync.session.rhythm_words import pace_words
from breathsync.wording import number, text

_ROWS = 9
_HEART, _RANGE, _QUIET = "#C9A7E8", "#F0CF9A", "#9DB0BD"


def plot(found: SwingByPace, choice: RhythmChoice) -> list[Text]:
    """Lines from top to bottom: the curve `●` in its band `░`, what was measured `○`, the range below."""
    top = max(1.0, *(s + e for s, e in zip(found.swings_bpm, found.errors_bpm, strict=True)))
    top = max(top, *found.seen_swings_bpm)
    lines = [Text(f"  {text('rhythm.axis_swing')}", _QUIET)]
    for row in range(_ROWS, -1, -1):
        label = f"{number(top * row / _ROWS):>5} " if row % 3 == 0 else "      "
        lines.append(Text(label + "│ ", _QUIET) + _row(found, row, top))
    return [
        *lines,
        _axis(found, choice),
        _numbers(found),
        Text(f"        {text('rhythm.axis_pace')}", _QUIET),
    ]


def _row(found: SwingByPace, row: int, top: float) -> Text:
    def at(swing: float) -> int:
        return round(swing / top * _ROWS)

    seen = dict(zip(found.seen_paces, found.seen_swings_bpm, strict=True))
    line = Text()
    for pace, swing, error in zip(found.paces, found.swings_bpm, found.errors_bpm, strict=True):
        if pace in seen and at(seen[pace]) == row:
            line += Text("○ ", _HEART)
        elif at(swing) == row:
            line += Text("● ", _HEART)
        elif at(swing - error) <= row <= at(swing + error):
            line += Text("░ ", _QUIET)
        else:
            line += Text("  ")
    return line


def _axis(found: SwingByPace, choice: RhythmChoice) -> Text:
    line = Text("      └─", _QUIET)
    for pace in found.paces:
        inside = choice.low is not None and choice.high is not None
        inside = inside and (choice.low or 0) - 0.06 <= pace <= (choice.high or 0) + 0.06
        line += Text("━━", _RANGE) if inside else Text("──", _QUIET)
    return line


def _numbers(found: SwingByPace) -> Text:
    places = [pace_words(pace) if pace * 2 == int(pace * 2) else "" for pace in found.paces]
    line = [" "] * (2 * len(places) + 4)
    for index, words in enumerate(places):
        line[2 * index : 2 * index + len(words)] = words
    return Text("        " + "".join(line).rstrip(), _QUIET)
