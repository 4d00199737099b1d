"""`breathsync simulate`: a recording of a simulated person, with its truth beside it."""

import argparse
from collections import Counter

from breathsync.events import Beat, Event
from breathsync.screen.state import clock_words
from breathsync.session import simulation
from breathsync.session.pipeline import pipeline
from breathsync.session.recorder import made_recording, spare_recording
from breathsync.session.sitting import Sitting
from breathsync.settings import Settings
from breathsync.wording import text


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write the recording and its truth."""
    scenario, seed = simulation.scenario_named(arguments.scenario), arguments.seed
    counts = Counter[str]()

    def count(_at: float, event: Event) -> None:
        counts[type(event).__name__] += 1

    beside = simulation.truth_file(arguments.output)
    spare_recording(beside)
    sitting = Sitting(pipeline(settings.profiles_folder), [count])
    with made_recording(arguments.output, simulation.header_of(scenario, seed)) as recorder:
        truth = simulation.simulate(scenario, seed, sitting, recorder, arguments.seconds)
    values = {"length": clock_words(sitting.now), "beats": counts[Beat.__name__]}
    print(text("cli.simulate.done", file=arguments.output, **values))
    if arguments.output.is_file():  # beside a device such as /dev/null nothing can lie
        simulation.write_truth(beside, scenario, seed, truth)
        print(text("cli.simulate.truth", truth=beside))
    return 0
