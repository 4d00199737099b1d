"""What every stage promises (CONTRIBUTING.md), tried on every stage and on all of them in a row."""

import gc
import heapq
import random
import sys
from functools import cache
from types import FunctionType, ModuleType

import numpy as np
import pytest
from tests.helpers import connected, heard, only, packet, placed

from breathsync.breath.pacer import PacerSteps
from breathsync.breath.respiration import Respiration
from breathsync.breath.rhythm_finding import FIND, RhythmFinding
from breathsync.devices import profiles
from breathsync.devices.decoder import Decoder
from breathsync.devices.notices import Notices
from breathsync.devices.polar import DATA, Frame, Measurement, encode
from breathsync.events import (
    AccSamples,
    Beat,
    EcgSamples,
    Event,
    GuideShown,
    Notification,
    PaceChanged,
    SessionEnded,
    StepStarted,
    Tick,
)
from breathsync.heart.beats import Beats
from breathsync.heart.metrics import Metrics
from breathsync.heart.quality import Quality
from breathsync.heart.rhythm import Rhythm
from breathsync.heart.rsa import Swing
from breathsync.session.pipeline import EVERYTHING, Pipeline, pipeline
from breathsync.session.sitting import Sitting

STAGES = {
    "decoder": lambda: Decoder(profiles.load_all()),
    "beats": Beats,
    "notices": Notices,
    "quality": Quality,
    "metrics": Metrics,
    "pacer": PacerSteps,
    "respiration": Respiration,
    "swing": Swing,
    "rhythm": Rhythm,
    "rhythm_finding": RhythmFinding,
    "pipeline": pipeline,
}


def upstream_of(name: str) -> list:
    """The stages before this one, so that it hears what it would hear."""
    if name == "pipeline":
        return []
    before = []
    for other, make in STAGES.items():
        if other == name:
            break
        before.append(make())
    return before


def session(minutes: float, seed: int = 1) -> list:
    """A strap's packets with every oddity in it, and a guide."""
    rng = random.Random(seed)
    finding = StepStarted(0.0, "rhythm.name", 1, 1, FIND, "rhythm.step")
    inputs, arrival = [connected(), PaceChanged(0.0, 10.0), GuideShown(0.0, shown=True), finding], 0.0
    while arrival < minutes * 60:
        arrival += rng.choice([1.0, 1.0, 1.0, 1.0, 0.5, 1.5, 0.001])
        ticks = [
            rng.choice([rng.randint(700, 900)] * 30 + [0, 200, 60000]) for _ in range(rng.randint(0, 2))
        ]
        inputs.append(packet(arrival, ticks))
        if rng.random() < 0.01:
            inputs.append(
                Notification(round(arrival, 6), "strap", "2a37", rng.randbytes(rng.randint(0, 20)))
            )
        if rng.random() < 0.003:
            inputs.append(connected(round(arrival, 6)))
    return inputs


@cache
def whole_session(minutes: float, seed: int = 1) -> tuple:
    """The same with ECG and acceleration."""
    both = heapq.merge(session(minutes, seed), frames(minutes, seed), key=lambda event: event.time)
    return tuple(both)


class Listening:
    """In place of a stage: keeps all that it would be given, with when that was."""

    hears = EVERYTHING

    def __init__(self):
        self.given, self.sitting = [], None

    def push(self, event):
        self.given.append((self.sitting.now, event))
        return ()


@cache
def given_in_five_minutes() -> dict:
    """What reaches each stage in such a session: inputs, ticks, and what the stages before it say."""
    before = {name: Listening() for name in STAGES if name != "pipeline"}
    row = [stage for name, listening in before.items() for stage in (listening, STAGES[name]())]
    sitting = Sitting(Pipeline(row))
    for listening in before.values():
        listening.sitting = sitting
    inputs = whole_session(5)
    for event in inputs:
        sitting.push(event)
    sitting.end(inputs[-1].time)
    given = {name: listening.given for name, listening in before.items()}
    return given | {"pipeline": given["decoder"]}


def said_by(stage, name: str) -> list:
    """What it says of what it is given of that, each with when it was said."""
    given = given_in_five_minutes()[name]
    return [(at, said) for at, event in given if type(event) in stage.hears for said in stage.push(event)]


@cache
def said_in_five_minutes(name: str) -> list:
    """What a fresh stage says of such a session."""
    return said_by(STAGES[name](), name)


def frames(minutes: float, seed: int = 1) -> list:
    """ECG and acceleration: late, lost, odd, and with a clock that is set now and then."""
    rng = random.Random(seed)
    lanes = [(Measurement.ECG, 0, 73, 130.16), (Measurement.ACCELERATION, 1, 36, 25.1)]
    due = [
        ((k + 1) * size / rate_hz, measurement, kind, size)
        for measurement, kind, size, rate_hz in lanes
        for k in range(int(minutes * 60 * rate_hz / size))
    ]
    sent, clock_ns, arrived = [], 10**18, 0.0
    for taken, measurement, kind, size in sorted(due):
        arrived = round(max(arrived, taken + rng.expovariate(30)), 6)
        clock_ns += rng.choice([0] * 500 + [10**12, -(10**11)])
        row = (int(taken) % 500,) * (1 if kind == 0 else 3)
        payload = encode(Frame(measurement, clock_ns + int(taken * 1e9), kind, samples=(row,) * size))
        oddity = rng.random()
        if oddity < 0.01:
            payload = payload[: rng.randrange(len(payload))]
        elif oddity < 0.02:
            payload = rng.randbytes(rng.randrange(250))
        if oddity < 0.99:
            sent.append(Notification(arrived, "strap", DATA, payload))
    return sent


@pytest.fixture(params=STAGES)
def name(request):
    return request.param


class Unknown(Event):
    """Nothing that any stage has heard of."""


class Hearing:
    """A stage that is given everything."""

    hears = EVERYTHING

    def __init__(self, stage):
        self.push = stage.push


def test_a_stage_ignores_what_it_does_not_know(name):
    assert list(STAGES[name]().push(Unknown(1.0))) == []


def test_a_stage_names_all_that_it_acts_on(name):
    assert said_in_five_minutes(name) == said_by(Hearing(STAGES[name]()), name)


def test_nothing_at_all_harms_no_stage(name):
    stage = STAGES[name]()
    found = [event for quarter in range(400) for event in stage.push(Tick(quarter / 4))]
    found += stage.push(SessionEnded(100.0))
    assert all(event.time <= 100.0 for event in found)


def test_a_packet_without_anything_in_it_harms_no_stage(name):
    stage = Pipeline([*upstream_of(name), STAGES[name]()])
    plain = heard([connected(), packet(1.0, [1000]), packet(2.0, [1000])], stage)
    stage = Pipeline([*upstream_of(name), STAGES[name]()])
    empty = Notification(1.5, "strap", "2a37", b"")
    mixed = heard([connected(), packet(1.0, [1000]), empty, packet(2.0, [1000])], stage)
    assert only(Beat, mixed) == only(Beat, plain)


def test_frames_without_anything_in_them_harm_no_stage(name):
    given = whole_session(1)
    at = given[-1].time
    empty = [Notification(at, "strap", DATA, b"\x00" * n) for n in (0, 9, 10)]
    plain = heard(given, Pipeline([*upstream_of(name), STAGES[name]()]))
    mixed = heard([*given, *empty], Pipeline([*upstream_of(name), STAGES[name]()]))
    for kind in (EcgSamples, AccSamples, Beat):
        assert only(kind, mixed) == only(kind, plain)


def test_a_fresh_copy_says_the_same_again(name):
    assert said_in_five_minutes(name) == said_by(STAGES[name](), name)
    assert said_in_five_minutes(name)


def test_no_event_speaks_about_the_future(name):
    assert all(event.time <= at + 1e-6 for at, event in said_in_five_minutes(name))


def loads_what_is_loaded_on_first_use():
    """Two minutes of a clean, guided breath: libraries that come late are no growth."""
    seconds = np.cumsum(0.85 + 0.05 * np.sin(np.arange(170) / 2))
    guide = [PaceChanged(0.0, 10.0), GuideShown(0.0, shown=True)]
    heard([*guide, *placed(seconds[1:], 1000 * np.diff(seconds))])


def held_bytes(stage) -> int:
    """Of all that a stage reaches, but for code: quicker by far than tracing every allocation."""
    seen, waiting, found = set(), [stage], 0
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, type | ModuleType):
            continue
        seen.add(id(one))
        if isinstance(one, np.ndarray):
            waiting.append(one.base)
            found += one.nbytes if one.base is None else 0
        elif isinstance(one, FunctionType):
            waiting += one.__closure__ or ()
        else:
            found += sys.getsizeof(one)
            waiting += gc.get_referents(one)
    return found


def test_what_grows_is_seen_to_grow():
    stage, more = pipeline(), np.zeros(50_000)
    before = held_bytes(stage)
    for hold in (lambda: more[10:], lambda: [bytes(1000)] * 2 + [str(n) for n in range(8000)]):
        stage.held = hold()
        assert held_bytes(stage) > before + 300_000
    assert before > 100_000


def test_memory_stays_bounded():
    """After a while all stages hold no more than with their windows full (eight hours: benchmarks)."""
    loads_what_is_loaded_on_first_use()
    stage, inputs = pipeline(), iter(whole_session(24))
    ticks = 0

    def live_until(moment: float) -> tuple[int, int]:
        nonlocal ticks
        for event in inputs:
            while ticks / 4 <= event.time:
                stage.push(Tick(ticks / 4))
                ticks += 1
            stage.push(event)
            if event.time >= moment:
                break
        gc.collect()
        return held_bytes(stage), sys.getallocatedblocks()

    (early, early_blocks), (late, late_blocks) = live_until(12 * 60), live_until(24 * 60)
    assert late < early + 100_000
    assert late_blocks < early_blocks + 1000  # also what a module would keep for all stages
