"""Reads a recording back: its inputs in order, and what could not be read."""

from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from breathsync.errors import RecordingError
from breathsync.events import Input, SessionEnded
from breathsync.session.recording import (
    LONGEST_PAUSE_S,
    DamagedLineError,
    Header,
    is_later_line,
    is_stream_line,
    parse_header,
    parse_line,
)

_LONGEST_LINE = 4_000_000
_TAIL = 1 << 17


@dataclass(slots=True)
class Damage:
    """Lines that could not be read, by the code for why; `first` is the number of the first one."""

    counts: Counter[str] = field(default_factory=Counter)
    first: int | None = None

    def add(self, number: int, code: str) -> None:
        """Note that line `number` could not be read."""
        self.counts[code] += 1
        self.first = self.first or number

    @property
    def lines(self) -> int:
        """How many lines could not be read."""
        return self.counts.total()


class RecordingReader:
    """One recording, read line by line: as long as it may be, it needs little memory.

    After `inputs` has run, `damage` holds what was skipped, `ended` whether the recording was finished,
    and `last_s` the time of the last input. `later` gives the marks and notes that somebody added to the
    finished recording; they stand behind all inputs, and no replay of those changes.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.damage = Damage()
        self.ended = False
        self.last_s = 0.0
        with self._open() as handle:
            first = handle.readline(_LONGEST_LINE)
        if not first:
            raise RecordingError("empty_file", file=file)
        if first.startswith(b'{"breathsync":"truth"'):
            raise RecordingError("is_a_truth", file=file)
        try:
            self.header: Header = parse_header(first)
        except RecordingError as problem:
            raise RecordingError(problem.code, **problem.values, file=file) from None

    def inputs(self) -> Iterator[Input]:
        """Every input that can be read, in order, closed by a `SessionEnded`."""
        return self._read(lambda _raw: True)

    def without_streams(self) -> Iterator[Input]:
        """The same without the frames of ECG and acceleration, which are most of a long recording."""
        return self._read(lambda raw: not is_stream_line(raw))

    def _read(self, wanted: Callable[[bytes], bool]) -> Iterator[Input]:
        self.damage, self.ended, self.last_s = Damage(), False, 0.0
        for number, raw in self._lines():
            if is_later_line(raw) or not wanted(raw):
                continue
            try:
                event = parse_line(raw)
                self._check_time(event)
            except DamagedLineError as problem:
                torn = not raw.endswith(b"\n")
                self.damage.add(number, "torn" if torn else str(problem))
                continue
            self.last_s = event.time
            yield event
            if isinstance(event, SessionEnded):
                self.ended = True
                return
        yield SessionEnded(self.last_s)

    def with_later(self) -> Iterator[Input]:
        """`inputs` with what was added afterwards in its place among them; the end stays the end."""
        waiting = deque(self.later())
        for event in self.inputs():
            over = isinstance(event, SessionEnded)
            while waiting and (over or waiting[0].time < event.time):
                later = waiting.popleft()
                yield replace(later, time=min(later.time, event.time))
            yield event

    def length_s(self) -> float:
        """The time of the last input that can be read, found from the end of the file."""
        with self._open() as handle:
            size = handle.seek(0, 2)
            handle.seek(max(0, size - _TAIL))
            tail = handle.read().split(b"\n")
        for raw in reversed(tail):
            if not is_later_line(raw + b"\n"):
                with suppress(DamagedLineError):
                    return parse_line(raw).time
        return 0.0

    def later(self) -> list[Input]:
        """Marks and notes that were added afterwards, in order of the moment that they speak of."""
        found = []
        for _, raw in self._lines():
            if is_later_line(raw):
                with suppress(DamagedLineError):
                    found.append(parse_line(raw))
        return sorted(found, key=lambda event: event.time)

    def _check_time(self, event: Input) -> None:
        if event.time < self.last_s:
            raise DamagedLineError("time_backwards")
        if event.time > self.last_s + LONGEST_PAUSE_S:
            raise DamagedLineError("time_leaps")

    def _open(self) -> BinaryIO:
        try:
            return self.file.open("rb")
        except FileNotFoundError:
            raise RecordingError("no_such_file", file=self.file) from None
        except IsADirectoryError:
            raise RecordingError("is_a_folder", file=self.file) from None
        except OSError as problem:
            raise RecordingError("cannot_read", file=self.file, problem=problem.strerror) from None

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        with self._open() as handle:
            handle.readline(_LONGEST_LINE)
            number = 1
            while raw := handle.readline(_LONGEST_LINE):
                number += 1
                if raw.strip():
                    yield number, raw


def header_in(file: Path) -> Header | None:
    """What a recording says of itself; nothing where it is none that can be read."""
    try:
        return RecordingReader(file).header
    except RecordingError:
        return None
