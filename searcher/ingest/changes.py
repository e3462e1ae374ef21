"""Decide which files a run reads and which articles it removes: changes since the last run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from searcher.article import Article
from searcher.errors import ReadError
from searcher.ingest.paths import Stamp, below_any, digest_and_stamp
from searcher.ingest.pipeline import FINAL_VERSIONS, TIMED_OUT, ReadTask, process
from searcher.ingest.report import Failure, Problem, ProblemKind
from searcher.ingest.run import Run
from searcher.ingest.settings import Settings
from searcher.ingest.sources import Source, Sources

#: Maximum share of the index to prune, unless the caller lifts the limit.
MAX_SHARE = 0.1


def prune(run: Run, paths: Sequence[Path], present: Collection[Path], *, limited: bool = True) -> None:
    """Delete the articles of files below ``paths`` that no longer exist. ``present``: the files that do.

    If ``limited``, delete nothing if that would remove more than MAX_SHARE of the index, or everything from
    one of the paths: that looks like an unmounted disk. The report then says how many articles were affected.
    """
    with run.sources.store.reading():
        missing = set(_gone_files(run.sources, paths))
        missing_ids = {
            id for path in missing for id in run.sources.ids(path) if run.sources.paths(id) <= missing
        }
    if (
        limited
        and missing_ids
        and (len(missing_ids) > MAX_SHARE * run.engine.count() or _is_emptied(paths, missing, present))
    ):
        run.tally["prune_refused"] += len(missing_ids)
        return
    if missing_ids:
        # Commit first: after a crash between the two, the next run only repeats this.
        with run.records.writer(run.engine) as writer:
            for id in sorted(missing_ids):
                writer.delete(id)
    with run.sources.store.transaction():
        for path in missing:
            run.sources.forget(path)
    run.tally["removed"] += len(missing_ids)


def mark_survivors_changed(run: Run, paths: Sequence[Path]) -> None:
    """Have files read again whose articles were also in deleted files: the index may hold those versions."""
    sources = run.sources
    with sources.store.transaction():
        run.pages.lost = _gone_files(sources, paths)
        for missing in run.pages.lost:
            for path in {path for id in sources.ids(missing) for path in sources.paths(id)}:
                sources.mark_changed(path)


def _gone_files(sources: Sources, roots: Sequence[Path]) -> list[str]:
    is_under = below_any(roots)
    return [s.path for s in sources.all() if is_under(path := Path(s.path)) and not path.exists()]


def _is_emptied(roots: Iterable[Path], lost: Iterable[str], present: Collection[Path]) -> bool:
    """Return True if every file of a folder is gone. Files named explicitly do not count."""
    for root in roots:
        is_under, itself = below_any([root]), str(root.absolute())
        had_files = any(is_under(Path(path)) for path in lost if path != itself)
        if had_files and not any(map(is_under, present)):
            return True
    return False


#: Number of files looked up in one transaction.
GROUP_FILES = 500


def changed_sources(run: Run, files: Iterable[Path], source: Source) -> Iterator[tuple[Source, Stamp]]:
    """Yield the files to read, with digest and stamp, and count the others.

    ``source`` holds the mapping and settings of the run, if any. A file with problems is read again once the
    readers have a new version, or on every run if the problem may be temporary.
    """
    for path, (recorded, count, copies, problems) in _recorded_files(run.sources, files):
        before = recorded or source
        mapping, settings = source.mapping or before.mapping, source.settings or before.settings
        current = current_source(run, Source(str(path), "", mapping, settings))
        if current is None:
            continue
        if recorded != current[0] or any(problem.version not in FINAL_VERSIONS for problem in problems):
            yield current
            continue
        run.tally["files"] += 1
        run.tally["unchanged"] += count - copies
        run.tally["copies"] += copies
        run.tally.failed.extend(
            Failure(problem.origin, problem.reason) for problem in problems if problem.version in TIMED_OUT
        )
        kinds = {problem.kind for problem in problems}
        if ProblemKind.FILE in kinds:
            run.tally["files_failed_before"] += 1
        else:
            run.tally["files_unchanged"] += 1
            run.tally["files_partial_before"] += ProblemKind.PART in kinds


def current_source(run: Run, source: Source) -> tuple[Source, Stamp] | None:
    """Return the source with its current digest and stamp, or count the failure and return None."""
    path = Path(source.path)
    try:
        digest, stamp = digest_and_stamp(path)
        return replace(source, digest=digest), stamp
    except OSError as error:
        run.fail(path, f"It cannot be opened ({error.strerror or error}).")
    except ReadError as error:
        run.fail(path, str(error))
    return None


def accept_files(
    run: Run,
    sources: Iterable[tuple[Source, Stamp]],
    known: Callable[[Article], bool],
    workers: int | None,
    *,
    text_first: bool = False,
) -> Iterator[None]:
    """Read files and let the run accept what they give, chunk by chunk. The caller may commit after each."""
    reading: dict[Path, Source] = {}

    def tasks() -> Iterator[ReadTask]:
        for source, stamp in sources:
            path = Path(source.path)
            reading[path] = source
            yield ReadTask(path, split_mapping(source.mapping), Settings.from_text(source.settings), stamp)

    repeats = not run.records.shared  # On a cluster, another machine may take the id of a repeated article.
    for chunk in process(tasks(), known, workers, repeats=repeats, text_first=text_first):
        run.accept(chunk, reading[chunk.path])
        if chunk.done or chunk.failed:
            del reading[chunk.path]
        yield


def write_mapping(mapping: Mapping[str, str] | None) -> str:
    """Serialise a mapping as ``"title=headline,…"``."""
    return ",".join(f"{name}={column}" for name, column in sorted((mapping or {}).items()))


def split_mapping(written: str) -> dict[str, str] | None:
    return dict(pair.split("=", 1) for pair in written.split(",") if pair) or None


def _recorded_files(
    sources: Sources, files: Iterable[Path]
) -> Iterator[tuple[Path, tuple[Source | None, int, int, Sequence[Problem]]]]:
    """Yield each file with its last source, number of articles, number of copies, and problems."""
    remaining = iter(files)
    while group := list(islice(remaining, GROUP_FILES)):
        with sources.store.reading():
            known = [
                (sources.get(path), sources.count(path), sources.count_copies(path), sources.problems(path))
                for path in map(str, group)
            ]
        yield from zip(group, known)
