"""Dropping the articles of files that are gone, unless it may be the disk that is gone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from searcher.ingest.paths import under
from searcher.ingest.run import Run
from searcher.ingest.sources import Sources

__all__ = ["MAX_SHARE", "prune", "read_survivors_again"]

#: The share of the index that is dropped unasked.
MAX_SHARE = 0.1


def prune(run: Run, paths: Sequence[Path], present: Collection[Path], *, limited: bool = True) -> None:
    """Drop what files below ``paths`` gave that are gone. Files elsewhere may be on a disk that is away.

    ``limited``: nothing is dropped, and the report says how much would have been, where it is more than
    MAX_SHARE of the index or all that one of the paths gave: a disk that is not mounted looks like that.
    ``present`` are the files that are there.
    """
    with run.sources.store.reading():
        lost = set(_gone(run.sources, paths))
        gone = {id for path in lost for id in run.sources.ids(path) if run.sources.paths(id) <= lost}
    if limited and gone and (len(gone) > MAX_SHARE * run.engine.count() or _emptied(paths, lost, present)):
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


def read_survivors_again(sources: Sources, paths: Sequence[Path]) -> None:
    """Let the files be read again that give articles of files that are gone from ``paths``: the index may
    hold the version of the file that is gone, and its name."""
    with sources.store.transaction():
        for lost in _gone(sources, paths):
            for path in {path for id in sources.ids(lost) for path in sources.paths(id)}:
                sources.mark_changed(path)


def _gone(sources: Sources, roots: Sequence[Path]) -> list[str]:
    """The files that were read from there and are gone."""
    is_under = under(roots)
    return [s.path for s in sources.all() if is_under(path := Path(s.path)) and not path.exists()]


def _emptied(roots: Iterable[Path], lost: Iterable[str], present: Collection[Path]) -> bool:
    """Whether of one of the folders every file is gone; a file that was named itself may be."""
    for root in roots:
        is_under, itself = under([root]), str(root.absolute())
        had_files = any(is_under(Path(path)) for path in lost if path != itself)
        if had_files and not any(map(is_under, present)):
            return True
    return False
