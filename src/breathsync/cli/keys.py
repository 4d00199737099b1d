"""Single keys in the terminal while a session runs, where the terminal can give them (not on Windows)."""

import asyncio
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


@contextmanager
def keys(loop: asyncio.AbstractEventLoop, pressed: Callable[[str], None]) -> Iterator[None]:
    """Call `pressed` with each key, at once and unseen, until it is left. Ctrl-C stays what it is.

    Where there is no terminal to read from nothing happens.
    """
    try:
        import termios
        import tty

        handle = sys.stdin.fileno()
        if os.getpgrp() != os.tcgetpgrp(handle):  # in the background the terminal is not ours
            raise OSError
    except (ImportError, OSError, ValueError, AttributeError):
        yield
        return
    before = termios.tcgetattr(handle)
    tty.setcbreak(handle)
    loop.add_reader(handle, lambda: pressed(_read(handle)))
    try:
        yield
    finally:
        loop.remove_reader(handle)
        termios.tcsetattr(handle, termios.TCSADRAIN, before)


def _read(handle: int) -> str:
    with suppress(OSError):
        return os.read(handle, 1).decode("ascii", "replace")
    return ""
