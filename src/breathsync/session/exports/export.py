"""One recording into one format: the table of formats, and where a file goes if nobody says."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from breathsync.errors import OutputFileError
from breathsync.session.exports.bids import write_bids
from breathsync.session.exports.content import Content, read_content
from breathsync.session.exports.edf import write_edf
from breathsync.session.exports.intervals import write_hrvlogger, write_kubios, write_rr
from breathsync.session.exports.jsonl import write_jsonl
from breathsync.session.exports.tables import write_tables

_Writer = Callable[[Content, Path], list[Path]]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: the ending of its file or folder, and its writer; `jsonl` has no writer of content."""

    ending: str
    write: _Writer | None
    needs_beats: bool = False
    folder: bool = False


FORMATS: dict[str, Format] = {
    "rr": Format(".txt", write_rr, needs_beats=True),
    "kubios": Format("_kubios.txt", write_kubios, needs_beats=True),
    "csv": Format("_csv", write_tables, folder=True),
    "edf": Format(".edf", write_edf),
    "bids": Format("_bids", write_bids, folder=True),
    "hrvlogger": Format("_hrvlogger", write_hrvlogger, needs_beats=True, folder=True),
    "jsonl": Format(".jsonl", None),
}


def default_output(recording: Path, to: str, *, deidentify: bool) -> Path:
    """Where an export goes: in the current folder, under the recording's name, which may hold a date."""
    stem = "deidentified" if deidentify else recording.name.removesuffix(".jsonl")
    output = Path(stem + FORMATS[to].ending)
    return output if to != "jsonl" or deidentify else Path(f"{stem}-copy.jsonl")


def check_free(output: Path, to: str, *, chosen: bool) -> None:
    """OutputFileError where an export would be mixed with another, or replace a file that nobody named.

    The name that an export gets by itself may be that of the file which the recording was imported from.
    """
    if FORMATS[to].folder and output.is_dir():
        if any(output.iterdir()):
            raise OutputFileError("export_folder_used", folder=output)
    elif not chosen and output.exists():
        raise OutputFileError("export_exists", file=output)


def export(
    recording: Path, to: str, output: Path, profiles_folder: Path | None = None, *, deidentify: bool = False
) -> list[Path]:
    """Write the recording in the format `to`; the files that were written."""
    chosen = FORMATS[to]
    if chosen.write is None:
        return write_jsonl(recording, output, profiles_folder, deidentify=deidentify)
    content = read_content(recording, profiles_folder, deidentify=deidentify)
    if chosen.needs_beats and not content.heartbeats():
        raise OutputFileError("nothing_to_export", file=recording, to=to)
    return chosen.write(content, output)
