"""Scores the program on every real recording at hand, and on simulated people where there is none."""

import argparse
import importlib
import os
import sys
import warnings
from pathlib import Path

from benchmarks.accuracy.table import Report
from benchmarks.real_input import data_folder
from breathsync.clock import stopwatch

PARTS = ("beats", "gate", "swing", "r_peaks", "breath", "vessel_wave", "guide", "cost", "published", "acc")
SIMULATED = ("swing", "acc")


def main() -> int:
    """Run the parts asked for; 1 if a floor is not reached, 2 without data."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="which (default: all)")
    parser.add_argument("--data", type=Path, help="the folder of real recordings")
    parser.add_argument(
        "--pictures", type=Path, metavar="DIR", help="draw the worst ten stretches of breath"
    )
    arguments = parser.parse_args()
    if arguments.data is not None:
        os.environ["BREATHSYNC_DATA"] = str(arguments.data.resolve())
    needs_data = not arguments.parts or not set(arguments.parts) <= set(SIMULATED)
    if needs_data and not data_folder().is_dir():
        print(f"There are no real recordings at {data_folder()}. Say where with --data.", file=sys.stderr)
        return 2
    warnings.simplefilter("ignore")  # neurokit2 and pandas, of each other
    began, report = stopwatch(), Report()
    for part in arguments.parts or PARTS:
        print(f"{part} …", file=sys.stderr)
        report += importlib.import_module(f"benchmarks.accuracy.{part}").evaluate()
    print(report.text())
    if arguments.pictures is not None:
        from benchmarks.accuracy.breath_pictures import draw

        print("\nworst stretches of breath:", *draw(arguments.pictures), sep="\n  ")
    print(f"\n{stopwatch() - began:.0f} s")
    return int(any(row.verdict == "BELOW" for row in report.rows))


if __name__ == "__main__":
    sys.exit(main())
