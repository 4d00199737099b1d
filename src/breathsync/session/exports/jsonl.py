"""A recording as BreathSync keeps it: the file itself, or with everything personal taken out."""

from pathlib import Path

from breathsync.devices.profiles import load_all
from breathsync.session.exports.deidentify import deidentified_header, deidentified_inputs
from breathsync.session.exports.output import new_file
from breathsync.session.recording import header_line, line
from breathsync.session.replay import RecordingReader

_PIECE = 1 << 20


def write_jsonl(
    recording: Path, file: Path, profiles_folder: Path | None = None, *, deidentify: bool = False
) -> list[Path]:
    """A copy, byte for byte; or the inputs that may pass. What is sealed stays sealed."""
    reader = RecordingReader(recording)
    with new_file(file, made_by=reader.header.made_by) as out:
        if not deidentify:
            with recording.open("rb") as whole:
                while piece := whole.read(_PIECE):
                    out.write(piece)
            return [file]
        out.write(header_line(deidentified_header(reader.header)).encode() + b"\n")
        for event in deidentified_inputs(reader.with_later(), load_all(profiles_folder)):
            out.write(line(event).encode() + b"\n")
    return [file]
