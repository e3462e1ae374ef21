"""Which files of a run are read and which are gone: what has changed since the last time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from searcher.errors import ReadError
from searcher.ingest.paths import Stamp, digest_of, under
from searcher.ingest.pipeline import LASTING, TIMED_OUT, ReadTask
from searcher.ingest.report import Failure, Problem, ProblemKind
from searcher.ingest.run import Run
from searcher.ingest.settings import Settings
from searcher.ingest.sources import Source, Sources

#: The share of the index that is dropped unasked.
MAX_SHARE = 0.1


def prune(run: Run, paths: Sequence[Path], present: Collection[Path], *, limited: bool = True) -> None:
    """Drop what files below ``paths`` gave that are gone; ``present`` are those that are there.

    ``limited``: the report says how much would have been dropped, and nothing is, where it is more than
    MAX_SHARE of the index or all that one of the paths gave: a disk that is not mounted looks like that.
    """
    with run.sources.store.reading():
        lost = set(_gone_files(run.sources, paths))
        gone = {id for path in lost for id in run.sources.ids(path) if run.sources.paths(id) <= lost}
    if limited and gone and (len(gone) > MAX_SHARE * run.engine.count() or _is_emptied(paths, lost, present)):
        run.tally.add("prune_refused", len(gone))
        return
    if gone:
        # Committed first: a crash between the two costs only time.
        with run.records.writer(run.engine) as writer:
            for id in sorted(gone):
                writer.delete(id)
    with run.sources.store.transaction():
        for path in lost:
            run.sources.forget(path)
    run.tally.add("removed", len(gone))


def read_survivors_again(run: Run, paths: Sequence[Path]) -> None:
    """Let the files be read again that give articles of gone ones: the index may hold the gone version."""
    sources = run.sources
    with sources.store.transaction():
        run.pages.lost = _gone_files(sources, paths)
        for lost in run.pages.lost:
            for path in {path for id in sources.ids(lost) for path in sources.paths(id)}:
                sources.mark_changed(path)


def _gone_files(sources: Sources, roots: Sequence[Path]) -> list[str]:
    """The files that were read from there and are gone."""
    is_under = under(roots)
    return [s.path for s in sources.all() if is_under(path := Path(s.path)) and not path.exists()]


def _is_emptied(roots: Iterable[Path], lost: Iterable[str], present: Collection[Path]) -> bool:
    """Whether of one of the folders every file is gone; a file that was named itself may be."""
    for root in roots:
        is_under, itself = under([root]), str(root.absolute())
        had_files = any(is_under(Path(path)) for path in lost if path != itself)
        if had_files and not any(map(is_under, present)):
            return True
    return False


#: Files that the list of sources is asked for in one transaction.
GROUP_FILES = 500


def changed_sources(run: Run, files: Iterable[Path], source: Source) -> Iterator[tuple[Source, Stamp]]:
    """The files that are to be read, each with its digest and stamp; the others are counted.

    ``source`` has the mapping and settings of the run, if it has any. A file of which something could not be
    read is read again once the readers are newer, or at every run where that may help.
    """
    for path, (known, count, copies, problems) in _known_files(run.sources, files):
        before = known or source
        mapping, settings = source.mapping or before.mapping, source.settings or before.settings
        found = source_as_is(run, Source(str(path), "", mapping, settings))
        if found is None:
            continue
        if known != found[0] or any(problem.version not in LASTING for problem in problems):
            yield found
            continue
        run.tally.add("files")
        run.tally.add("unchanged", count - copies)
        run.tally.add("copies", copies)
        run.tally.fail(Failure(one.origin, one.reason) for one in problems if one.version in TIMED_OUT)
        kinds = {problem.kind for problem in problems}
        if ProblemKind.FILE in kinds:
            run.tally.add("files_failed_before")
        else:
            run.tally.add("files_unchanged")
            run.tally.add("files_partial_before", ProblemKind.PART in kinds)


def source_as_is(run: Run, source: Source) -> tuple[Source, Stamp] | None:
    """The source with its file's digest and stamp now; None, and counted, where they cannot be told."""
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


def _known_files(sources: Sources, files: Iterable[Path]) -> Iterator[tuple[Path, _Known]]:
    """Each file with how it was last read, its articles, its copies, and what could not be read."""
    remaining = iter(files)
    while group := list(islice(remaining, GROUP_FILES)):
        with sources.store.reading():
            known = [
                (sources.get(path), sources.count(path), sources.count_copies(path), sources.problems(path))
                for path in map(str, group)
            ]
        yield from zip(group, known)
