"""Asks a question in the terminal."""

import sys
from collections.abc import Callable


def answered(ask: Callable[[str], str], question: str) -> str:
    """The answer that `ask` gets. The end of what is typed (Ctrl-D) stops, as Ctrl-C does."""
    try:
        return ask(question)
    except EOFError:
        print(file=sys.stderr)  # the question's line is still open
        raise KeyboardInterrupt from None
