"""How fast many recordings are analysed over all cores, and what a part of it costs."""

import shutil
from collections.abc import Callable
from pathlib import Path

from benchmarks.row import Row, at_least, at_most
from benchmarks.sessions import folder, recording
from breathsync.breath.pacer import PacerSteps
from breathsync.clock import stopwatch
from breathsync.devices import profiles
from breathsync.devices.decoder import Decoder
from breathsync.events import Beat, Event
from breathsync.heart.analysis import analyse
from breathsync.heart.beats import Beats
from breathsync.heart.rsa import Swing
from breathsync.session.batch.rows import rows_of
from breathsync.session.batch.run import analyse_all, recordings_in
from breathsync.session.batch.table import TableWriter, whole_recordings
from breathsync.session.pipeline import Pipeline, Stage
from breathsync.session.replay import RecordingReader
from breathsync.session.sitting import Sitting

CORES = 2
_PEOPLE = 20
_LENGTH_S = 1200.0
_KINDS = ("first-session", "steady-practice", "restless", "patchy-signal", "ectopic")


def many(count: int) -> Path:
    """A folder of so many heart-rate recordings of twenty minutes: copies of twenty people's."""
    place = folder() / f"many-{count}"
    place.mkdir(exist_ok=True)
    for number in range(count):
        kind = _KINDS[number % len(_KINDS)]
        person = recording(kind, _LENGTH_S, seed=number % _PEOPLE // len(_KINDS) + 1)
        shutil.copy(person, place / f"{number:05}.jsonl")
    return place


def seconds_for(place: Path) -> float:
    """How long all cores take, from the first file to the last row."""
    files, table = recordings_in([place]), place.with_suffix(".csv")
    start = stopwatch()
    analyse_all(files, TableWriter(table, resume=False), jobs=CORES)
    took = stopwatch() - start
    assert sorted(rows[0]["recording"] for rows in whole_recordings(table)) == sorted(map(str, files))
    return took


def costs() -> str:
    """Milliseconds that each part takes of one recording of twenty minutes, on one core."""
    file, known = recording("steady-practice", _LENGTH_S), profiles.load_all(None)
    beats: list[Beat] = []

    def play(*stages: Stage) -> None:
        sitting = Sitting(Pipeline(stages), [keep])
        for event in RecordingReader(file).inputs():
            sitting.push(event)

    def keep(_at: float, event: Event) -> None:
        if isinstance(event, Beat):
            beats.append(event)

    def best(work: Callable[[], object]) -> float:
        times = []
        for _ in range(3):
            start = stopwatch()
            work()
            times.append(1000 * (stopwatch() - start))
        return min(times)

    steps: list[tuple[str, Callable[[], object]]] = [
        ("reading", lambda: sum(1 for _ in RecordingReader(file).inputs())),
        ("ticks", play),
        ("decoding", lambda: play(Decoder(known))),
        ("beats", lambda: play(Decoder(known), Beats())),
        ("pacer", lambda: play(Decoder(known), Beats(), PacerSteps())),
        ("swing", lambda: play(Decoder(known), Beats(), PacerSteps(), Swing())),
    ]
    whole = [(name, best(work)) for name, work in steps]
    before = [0.0, *(ms for _, ms in whole)]
    parts = [(name, ms - less) for (name, ms), less in zip(whole, before, strict=False)]
    once = beats[: len(beats) // 9]
    parts.append(("measures", best(lambda: analyse(once))))
    parts.append(("a recording's rows", best(lambda: rows_of(file))))
    return ", ".join(f"{name} {ms:.0f}" for name, ms in parts)


def run(*, full: bool) -> list[Row]:
    """The rows of this benchmark."""
    count = 2000 if full else 200
    half, whole = many(count // 2), many(count)
    seconds_for(many(4))  # the workers start and import once
    before, twice, after = seconds_for(half), seconds_for(whole), seconds_for(half)
    once = (before + after) / 2  # on both sides: a machine's speed drifts meanwhile
    speed = count * _LENGTH_S / twice
    return [
        at_least(f"{count:,} recordings of 20 min, x real time over two cores (aim 8,000)", speed, 3000),
        at_most("twice the files take", twice / once, 2.1, " times as long"),
        Row("a recording of 20 min on one core, ms", costs()),
    ]
