"""Analyses recordings over cores, or over a cluster: the same function for each file, in any order."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from breathsync import wording
from breathsync.errors import InputFileError, UsageError
from breathsync.session.batch.rows import Row, rows_of
from breathsync.session.batch.table import TableWriter
from breathsync.session.library import SUFFIX, kept


def recordings_in(places: Iterable[Path]) -> list[Path]:
    """The files named, and the recordings in the folders named and below, each once, in order of name.

    InputFileError for what is not there, UsageError where there is no recording at all.
    """
    found: dict[Path, None] = {}
    for place in places:
        if not place.exists():
            raise InputFileError("no_such_file", file=place)
        folders = [place, *(p for p in sorted(place.rglob("*")) if p.is_dir())] if place.is_dir() else []
        for file in [place] if not folders else [f for folder in folders for f in sorted(kept(folder))]:
            found.setdefault(file, None)
    if not found:
        raise UsageError("no_recordings", places=", ".join(map(str, places)), ending=SUFFIX)
    return list(found)


def analyse_all(
    files: Sequence[Path],
    table: TableWriter,
    *,
    jobs: int,
    cluster: str | None = None,
    profiles_folder: Path | None = None,
    progress: Callable[[list[Row]], None] = lambda _: None,
) -> None:
    """Append the rows of every file that is not in the table yet."""
    waiting = [file for file in files if str(file) not in table.done]
    finished = False
    try:
        work = partial(_rows, language=wording.used(), profiles_folder=profiles_folder)
        for rows in _each(waiting, work, jobs, cluster):
            table.add(rows)
            progress(rows)
        finished = True
    finally:
        table.close(finished=finished)


def _rows(file: Path, *, language: str, profiles_folder: Path | None) -> list[Row]:
    """Another process begins in English; names are to be in one language, wherever they are worked out."""
    wording.use(language)
    return rows_of(file, profiles_folder)


def _each(
    files: Sequence[Path], work: Callable[[Path], list[Row]], jobs: int, cluster: str | None
) -> Iterator[list[Row]]:
    """The rows of each file as they come; files are handed out bit by bit, so memory stays flat."""
    if cluster is None and (jobs == 1 or len(files) == 1):
        yield from map(work, files)
        return
    joblib = _joblib()
    with _on(joblib, cluster) as options:
        parallel = joblib.Parallel(
            return_as="generator_unordered", pre_dispatch="8 * n_jobs", **options(jobs)
        )
        yield from parallel(joblib.delayed(work)(file) for file in files)


@contextmanager
def _on(joblib: Any, cluster: str | None) -> Iterator[Callable[[int], dict[str, Any]]]:
    """The cores of a machine, or a Dask scheduler: where a worker dies, its files go to another."""
    if cluster is None:
        yield lambda jobs: {"n_jobs": jobs}
        return
    distributed = _distributed()
    try:
        client = distributed.Client(cluster, timeout=10, set_as_default=True)
    except (OSError, ValueError) as problem:
        raise UsageError("cluster", address=cluster, problem=problem) from None
    with client, joblib.parallel_config(backend="dask"):
        yield lambda _: {"batch_size": 1}


def _joblib() -> Any:
    try:
        import joblib  # an extra, and only needed here
    except ImportError:
        raise UsageError("needs_analysis", extra="analysis", what="--jobs") from None
    return joblib


def _distributed() -> Any:
    try:
        import distributed  # an extra, and only needed here
    except ImportError:
        raise UsageError("needs_analysis", extra="cluster", what="--cluster") from None
    return distributed
