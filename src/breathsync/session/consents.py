"""Where acceptances of the first-use text are kept: a file beside the recordings, this machine's alone.

That a version was accepted, when and by which code name stands in plain words, as it has to be found
before each session. What the person chose (who may see their recordings) is sealed where a passphrase
is set.
"""

import json
import os
from pathlib import Path
from typing import Any

from breathsync.errors import InputFileError, UsageError
from breathsync.practice.safety import Acceptance, Participant, Profile, Viewer, found
from breathsync.session.letterbox import Letterbox
from breathsync.session.recorder import cannot_write
from breathsync.session.told import Keys, letterbox_of

_FILE = "consent.json"
_WHAT = "consent"


class Consents:
    """The acceptances kept in a folder of recordings."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / _FILE
        self._folder = folder

    def given(self, participant: Participant, version: str) -> bool:
        """Whether this person accepted this version of the text."""
        rows = [_acceptance(row, {}) for row in self._rows()]
        return found(rows, participant, version) is not None

    def may_see(self, participant: Participant, version: str) -> tuple[Viewer, ...]:
        """Whom this person let see; nobody where that is sealed: it is not for this to open."""
        acceptance = found([_acceptance(row, row) for row in self._rows()], participant, version)
        return acceptance.may_see if acceptance else ()

    def require(self, participant: Participant, version: str) -> None:
        """UsageError unless they did: nothing is recorded of a person who was not asked."""
        if not self.given(participant, version):
            raise UsageError("consent_first")

    def keep(self, acceptance: Acceptance) -> None:
        """Keep one, on the disk before this returns; OutputFileError where it cannot be."""
        self._write([*self._rows(), _row(acceptance, letterbox_of(self._folder))])

    def knows(self, code_name: str) -> bool:
        """Whether this code name accepted anything."""
        return any(same_name(row.get("code_name"), code_name) for row in self._rows())

    def forget(self, code_name: str) -> int:
        """Take out all that this code name accepted; how many there were."""
        rows = self._rows()
        others = [row for row in rows if not same_name(row.get("code_name"), code_name)]
        if len(others) < len(rows):
            self._write(others)
        return len(rows) - len(others)

    def _write(self, rows: list[dict[str, Any]]) -> None:
        part = self.file.with_name(self.file.name + ".part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                json.dump(rows, out, ensure_ascii=False, indent=1)
                out.flush()
                os.fsync(handle)
            part.replace(self.file)
        except OSError as problem:
            raise cannot_write(self.file, problem) from problem

    def all(self, keys: Keys | None) -> list[Acceptance]:
        """Every acceptance whole. `keys` opens what is sealed."""
        return [_acceptance(row, _choices(row, keys)) for row in self._rows()]

    @property
    def has_sealed(self) -> bool:
        """Whether a passphrase is needed to read all of it."""
        return any("sealed" in row for row in self._rows())

    def _rows(self) -> list[dict[str, Any]]:
        try:
            rows = json.loads(self.file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return []
        except (OSError, ValueError) as problem:
            raise InputFileError("consent_unreadable", file=self.file) from problem
        if not isinstance(rows, list) or not all(isinstance(r, dict) and "version" in r for r in rows):
            raise InputFileError("consent_unreadable", file=self.file)
        return rows


def same_name(name: object, code_name: str) -> bool:
    """Whether a name that was kept is this code name, however it is capitalised."""
    return isinstance(name, str) and name.casefold() == code_name.casefold()


def _row(acceptance: Acceptance, letterbox: Letterbox | None) -> dict[str, Any]:
    person = acceptance.participant
    row: dict[str, Any] = {
        "version": acceptance.version,
        "accepted_at": acceptance.accepted_at,
        "code_name": person.code_name,
        "profile": person.profile.value,
    }
    choices = {"may_see": list(acceptance.may_see), "carer_knows": acceptance.carer_knows}
    if letterbox is None:
        return {**row, **choices}
    box = letterbox.seal(json.dumps(choices), acceptance.accepted_at, _WHAT)
    return {**row, "letterbox": bytes(letterbox).hex(), "sealed": box.hex()}


def _choices(row: dict[str, Any], keys: Keys | None) -> dict[str, Any]:
    if "sealed" not in row or keys is None:
        return row
    key = keys(Letterbox.read(bytes.fromhex(row["letterbox"])))
    opened: dict[str, Any] = json.loads(key.open(bytes.fromhex(row["sealed"]), row["accepted_at"], _WHAT))
    return opened


def _acceptance(row: dict[str, Any], choices: dict[str, Any]) -> Acceptance:
    return Acceptance(
        version=str(row["version"]),
        accepted_at=str(row.get("accepted_at")),
        participant=Participant(row.get("code_name"), Profile(row.get("profile", Profile.ADULT))),
        may_see=tuple(Viewer(viewer) for viewer in choices.get("may_see", ())),
        carer_knows=choices.get("carer_knows"),
    )
