"""The command line: arguments in, a session or a file out, errors in a sentence or two."""

import io
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from breathsync import settings, wording
from breathsync.errors import BreathSyncError, FaultError


def _end_as_by_ctrl_c() -> None:
    """Being told to end, also when somebody logs off, ends a session as Ctrl-C does: saved and closed."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command. 0 when done, 2 where something has to be done differently, 130 after Ctrl-C.

    1 is a fault of BreathSync's own.
    """
    from breathsync.cli import language
    from breathsync.cli.arguments import parser  # the words of the help are only needed here

    _end_as_by_ctrl_c()
    told = sys.argv[1:] if argv is None else argv
    try:
        wording.use(language.chosen(told, language.SYSTEM))  # also for what is said of the settings
        chosen = settings.load()
        wording.use(language.chosen(told, chosen.language))
        arguments = parser().parse_args(told)
        if getattr(arguments, "practitioner", False):
            chosen = replace(chosen, practitioner_window=True)
        code = int(arguments.run(arguments, chosen))
        sys.stdout.flush()
        return code
    except BreathSyncError as problem:
        print(f"breathsync: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(wording.text("terminal.interrupted"), file=sys.stderr)
        return 130
    except BrokenPipeError:  # whoever read our output has seen enough
        sys.stderr.close()
        return 0
    except OSError as problem:
        return _not_written(problem)
    except Exception as fault:  # ours: nobody else's to read
        print(f"breathsync: {FaultError.of(fault)}", file=sys.stderr)
        return 1


def _not_written(problem: OSError) -> int:
    """Say that a file, or what is printed, does not reach where it should: the disk is full, most often."""
    from breathsync.session.recorder import cannot_write

    if problem.filename is None:
        sys.stdout = io.StringIO()  # what still waits in the old one cannot be written either
    file = Path(problem.filename or wording.text("terminal.standard_output"))
    print(f"breathsync: {cannot_write(file, problem)}", file=sys.stderr)
    return 2
