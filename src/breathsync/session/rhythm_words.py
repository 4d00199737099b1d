"""What is said at the end of a search for a rhythm: the same words in the window and in the terminal."""

from breathsync.breath.rhythm_choice import RhythmChoice
from breathsync.events import SwingByPace
from breathsync.wording import number, text


def answer_words(choice: RhythmChoice, found: SwingByPace | None) -> list[str]:
    """Where the heart swung widest, or that there is no clear difference; then what was comfortable."""
    words = [_where(choice, found)]
    if choice.offered is not None:
        words.append(_offer(choice))
    if found is not None:
        words.append(text("rhythm.today"))
    return words


def pace_words(per_min: float) -> str:
    """A pace with one decimal."""
    return number(per_min, 1)


def _where(choice: RhythmChoice, found: SwingByPace | None) -> str:
    if choice.low is None or choice.high is None:
        return text("rhythm.nothing" if found is None else "rhythm.no_difference")
    low, high = pace_words(choice.low), pace_words(choice.high)
    return text("rhythm.widest_at" if low == high else "rhythm.widest", low=low, high=high)


def _offer(choice: RhythmChoice) -> str:
    pace = pace_words(choice.offered or 0.0)
    if choice.felt is None:
        return text("rhythm.offered", pace=pace)
    felt = text(f"rhythm.answered_{choice.felt.value}")
    return text("rhythm.comfort" if choice.low is None else "rhythm.offered_felt", pace=pace, felt=felt)
