"""The command line: arguments in, a session or a file out, errors in a sentence or two."""

import sys
from collections.abc import Sequence

from breathsync import settings, wording
from breathsync.errors import BreathSyncError


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command. 0 when done, 2 where something has to be done differently, 130 after Ctrl-C."""
    from breathsync.cli.arguments import parser  # the words of the help are only needed here

    try:
        chosen = settings.load()
        wording.use(chosen.language)
        arguments = parser().parse_args(argv)
        return int(arguments.run(arguments, chosen))
    except BreathSyncError as problem:
        print(f"breathsync: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(wording.text("terminal.interrupted"), file=sys.stderr)
        return 130
    except BrokenPipeError:  # whoever read our output has seen enough
        sys.stderr.close()
        return 0
