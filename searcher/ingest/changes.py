"""Which files of a run are read: those whose bytes, mapping or settings are not those of the last time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from searcher.errors import ReadError
from searcher.ingest.paths import Stamp, digest_of
from searcher.ingest.pipeline import LASTING, ReadTask
from searcher.ingest.report import Problem, ProblemKind
from searcher.ingest.run import Run
from searcher.ingest.settings import Settings
from searcher.ingest.sources import Source, Sources

__all__ = ["changed", "hashed", "read_task", "split_mapping", "write_mapping"]

#: Files that the list of sources is asked for in one transaction.
GROUP = 500


def changed(run: Run, files: Iterable[Path], source: Source) -> Iterator[tuple[Source, Stamp]]:
    """The files that are to be read, each with its digest and stamp; the others are counted.

    ``source`` has the mapping and settings of the run; where it has none, a file is read with those that it
    was read with before. A file of which something could not be read is read
    again once the readers are newer, and at every run where that may help (a package was missing).
    """
    for path, (known, count, copies, problems) in _recorded(run.sources, files):
        before = known or source
        mapping, settings = source.mapping or before.mapping, source.settings or before.settings
        found = hashed(run, Source(str(path), "", mapping, settings))
        if found is None:
            continue
        if known != found[0] or any(problem.version not in LASTING for problem in problems):
            yield found
            continue
        run.tally.add("files")
        run.tally.add("unchanged", count - copies)
        run.tally.add("copies", copies)
        kinds = {problem.kind for problem in problems}
        if ProblemKind.FILE in kinds:
            run.tally.add("files_failed_before")
        else:
            run.tally.add("files_unchanged")
            run.tally.add("files_partial_before", ProblemKind.PART in kinds)


def hashed(run: Run, source: Source) -> tuple[Source, Stamp] | None:
    """The source with the digest and the stamp that its file has now; None, and counted, where they cannot be
    told."""
    path = Path(source.path)
    try:
        digest, stamp = digest_of(path)
        return replace(source, digest=digest), stamp
    except OSError as error:
        run.fail(path, f"It cannot be opened ({error.strerror or error}).")
    except ReadError as error:
        run.fail(path, str(error))
    return None


def read_task(source: Source, stamp: Stamp) -> ReadTask:
    """How a file is read."""
    mapping, settings = split_mapping(source.mapping), Settings.from_text(source.settings)
    return ReadTask(Path(source.path), mapping, settings, stamp)


def write_mapping(mapping: Mapping[str, str] | None) -> str:
    """A mapping as it is recorded: ``"title=headline,…"``."""
    return ",".join(f"{name}={column}" for name, column in sorted((mapping or {}).items()))


def split_mapping(written: str) -> dict[str, str] | None:
    """A mapping as :func:`write_mapping` writes it; None where there is none."""
    return dict(pair.split("=", 1) for pair in written.split(",") if pair) or None


_Known = tuple[Source | None, int, int, Sequence[Problem]]


def _recorded(sources: Sources, files: Iterable[Path]) -> Iterator[tuple[Path, _Known]]:
    """Each file with what is known of it: how it was last read, how many articles it gave, how many of these
    are copies, and what of it could not be read."""
    remaining = iter(files)
    while group := list(islice(remaining, GROUP)):
        with sources.store.reading():
            known = [
                (sources.get(path), sources.count(path), sources.count_copies(path), sources.problems(path))
                for path in map(str, group)
            ]
        yield from zip(group, known)
