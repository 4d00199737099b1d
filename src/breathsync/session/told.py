"""What a person tells: check-ins and words, sealed, into a recording, also when it is over already."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path

from breathsync.errors import WordsError
from breathsync.events import CheckedIn, Input, Noted, Sealed, SessionEnded
from breathsync.practice.checkin import CheckIn
from breathsync.session.letterbox import Key, Letterbox, unlocked
from breathsync.session.recorder import add_later, cannot_write
from breathsync.session.recording import DamagedLineError, Header, identity, is_later_line, line, parse_line
from breathsync.session.replay import RecordingReader

LETTER, REFLECTION, NOTE = "letter", "reflection", "note"
_LETTERBOX_FILE = "letterbox"
_TAIL = 1 << 16


def checked_in(checkin: CheckIn, time: float = 0.0) -> CheckedIn:
    """A check-in as an input of the session: the only place where one arises."""
    return CheckedIn(time, **asdict(checkin))


def sealed(event: Input, letterbox: Letterbox | None, header: Header) -> Input:
    """A note as it is recorded: sealed where there is a letterbox. Everything else stays as it is."""
    if letterbox is None or not isinstance(event, Noted):
        return event
    return seal(event.words, letterbox, header, NOTE, event.time)


def seal(words: str, letterbox: Letterbox, header: Header, what: str, time: float = 0.0) -> Sealed:
    """Somebody's words as an input of the session with this header."""
    return Sealed(time, what, bytes(letterbox), letterbox.seal(words, identity(header), what))


def has_sealed(file: Path) -> bool:
    """Whether a passphrase is needed to read all words in a recording."""
    reader = RecordingReader(file)
    return any(isinstance(event, Sealed) for event in reader.with_later())


def written(file: Path, key_for: "Keys | None") -> list[tuple[float, str, str]]:
    """All words in a recording: session time, what they are, and the words. Without keys the open ones."""
    reader = RecordingReader(file)
    found = []
    for event in reader.with_later():
        if isinstance(event, Noted):
            found.append((event.time, NOTE, event.words))
        elif isinstance(event, Sealed) and key_for is not None:
            key = key_for(Letterbox.read(event.letterbox))
            found.append((event.time, event.what, key.open(event.box, identity(reader.header), event.what)))
    return found


class Keys:
    """Unlocks letterboxes with one passphrase, each once: this takes a while by design.

    A recording made before the passphrase was changed opens with the new one too, where `own`, this
    machine's letterbox, has the same open half.
    """

    def __init__(self, passphrase: str, own: Letterbox | None) -> None:
        self._passphrase, self._own = passphrase, own
        self._known: dict[bytes, Key] = {}

    def __call__(self, letterbox: Letterbox) -> Key:
        """The key. WordsError if the passphrase is another one."""
        if letterbox.public not in self._known:
            self._known[letterbox.public] = self._unlocked(letterbox)
        return self._known[letterbox.public]

    def _unlocked(self, letterbox: Letterbox) -> Key:
        if self._own is not None and self._own.public == letterbox.public:
            try:
                return unlocked(self._own, self._passphrase)
            except WordsError:
                pass  # the passphrase of that day is as good
        return unlocked(letterbox, self._passphrase)


def letterbox_of(folder: Path) -> Letterbox | None:
    """The letterbox of this machine, beside its recordings, if a passphrase was set."""
    file = folder / _LETTERBOX_FILE
    try:
        return Letterbox.read(file.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise WordsError("cannot_read", file=file, problem=problem.strerror) from problem


def keep_letterbox(folder: Path, letterbox: Letterbox) -> None:
    """Keep it: whole, or the old one stays."""
    file = folder / _LETTERBOX_FILE
    part = file.with_name(file.name + ".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part.touch(mode=0o600)
        part.write_bytes(bytes(letterbox))
        part.replace(file)
    except OSError as problem:
        raise cannot_write(file, problem) from problem


def add(file: Path, inputs: Iterable[Input]) -> None:
    """Lay what was told afterwards into a recording that is over, at its last moment.

    It is written over the line that says the end, which follows it anew: the recording stays in order,
    and a crash meanwhile can cost no more than that line.
    """
    try:
        with file.open("r+b") as handle:
            handle.seek(max(0, file.stat().st_size - _TAIL))
            before, last = handle.tell(), handle.read()
            start = last.rfind(b"\n", 0, len(last) - 1) + 1
            if is_later_line(last[start:]):  # somebody added to it since: so is this
                return _add_behind(file, inputs)
            end = _ended(last[start:])
            handle.seek(before + (start if end else len(last)))
            moment = end.time if end else _last_moment(file)
            lines = [line(replace(event, time=moment)) for event in inputs]
            if end is None and not last.endswith(b"\n"):
                lines.insert(0, "")
            lines.append(line(SessionEnded(moment)))
            handle.write("\n".join(lines).encode() + b"\n")
    except OSError as problem:
        raise cannot_write(file, problem) from problem


def _add_behind(file: Path, inputs: Iterable[Input]) -> None:
    moment = RecordingReader(file).length_s()
    for event in inputs:
        add_later(file, replace(event, time=moment))


def _ended(last: bytes) -> SessionEnded | None:
    try:
        event = parse_line(last)
    except DamagedLineError:
        return None
    return event if isinstance(event, SessionEnded) else None


def _last_moment(file: Path) -> float:
    reader = RecordingReader(file)
    for _ in reader.inputs():
        pass
    return reader.last_s
