"""Runs the benchmarks and prints one table; exit code 1 if a bar is not met."""

import argparse
import importlib
import sys

from rich.console import Console
from rich.table import Table

NAMES = (
    "replay_speed",
    "beat_latency",
    "window",
    "review",
    "conversion",
    "kills",
    "fuzz",
    "streams",
    "damages",
    "batch",
    "live_out",
    "real_data",
    "straps",
    "real_input",
    "find_rhythm",
    "listening",
    "sound",
)


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], help="which (default: all)")
    parser.add_argument("--full", action="store_true", help="the long forms")
    arguments = parser.parse_args()
    table = Table("measured", "reached", "bar", "", title="BreathSync")
    missed = 0
    console = Console()
    for name in arguments.names or NAMES:
        console.print(f"{name} …", style="dim")
        for row in importlib.import_module(f"benchmarks.{name}").run(full=arguments.full):
            table.add_row(
                row.what, row.figure, row.bar, "" if row.met is None else ("ok" if row.met else "short")
            )
            missed += row.met is False
    console.print(table)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
