"""RR intervals for other HRV tools: plain, for Kubios, and as HRV Logger writes them.

Each interval is written as exactly as the strap sent it: 1/1024 s is 0.9765625 ms, so a tick comes back.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from breathsync.events import Beat
from breathsync.session.exports.content import Content
from breathsync.session.exports.output import exact, write_lines

_NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)  # time zero of a file that says no date


def write_rr(content: Content, file: Path) -> list[Path]:
    """One interval in ms a line: what Elite HRV writes, and what nearly every tool reads."""
    write_lines(file, (exact(beat.rr_ms or 0.0) for beat in content.heartbeats()))
    return [file]


def write_kubios(content: Content, file: Path) -> list[Path]:
    """Two columns in seconds under a header: when the interval ended, and the interval (Kubios, type 2)."""
    write_lines(file, _kubios(content))
    return [file]


def _kubios(content: Content) -> Iterator[str]:
    yield "# SIGNAL/SERIES EXPORT - KUBIOS"
    yield f"# Device: {content.model or 'n/a'}"
    yield "# Comment: column 1 time (s), column 2 RR interval (s); written by BreathSync"
    for beat in content.heartbeats():
        yield f"{exact(round(beat.time, 6))}\t{exact((beat.rr_ms or 0.0) / 1000)}"


def write_hrvlogger(content: Content, folder: Path) -> list[Path]:
    """HRV Logger's pair: `*_RR.csv` (date, rr and ms since start) and `*_Events.csv`."""
    stem = folder.name.removesuffix("_hrvlogger")
    began = content.started_at or _NO_DATE
    files = [folder / f"{stem}_RR.csv", folder / f"{stem}_Events.csv"]
    write_lines(files[0], ["date,rr,since start", *(_logged(b, began) for b in content.heartbeats())])
    write_lines(files[1], _events(content, began))
    return files


def _logged(beat: Beat, began: datetime) -> str:
    since = exact(round(1000 * beat.time, 3))
    return f"{_date(began, beat.time)},{exact(beat.rr_ms or 0.0)},{since}"


def _events(content: Content, began: datetime) -> Iterator[str]:
    yield "date,timestamp,annotation,manual"
    for event in content.happenings:
        words = f"{event.kind}: {event.words}" if event.words else event.kind
        quoted = '"' + words.replace('"', '""').replace("\n", " ") + '"'
        manual = "true" if event.kind == "mark" else "false"
        yield f"{_date(began, event.time_s)},{round(1000 * event.time_s)},{quoted},{manual}"


def _date(began: datetime, after_s: float) -> str:
    moment = began + timedelta(seconds=after_s)
    return f"{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03d}"
