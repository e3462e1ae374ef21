"""Dropping the articles of files that are gone, unless it may be the disk that is gone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from searcher.ingest.paths import is_under
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
    with run.sources.transaction():
        lost = {s.path for s in run.sources.all() if _is_gone(Path(s.path), paths)}
        gone = {id for path in lost for id in run.sources.ids(path) if run.sources.paths(id) <= lost}
        if (
            limited
            and gone
            and (len(gone) > MAX_SHARE * run.engine.count() or _emptied(paths, lost, present))
        ):
            run.tally.add("prune_refused", len(gone))
            return
        for path in lost:
            run.sources.forget(path)
        if gone:
            with run.engine.writer() as writer:  # committed first: a crash between the two costs only time
                for id in sorted(gone):
                    writer.delete(id)
    run.tally.add("removed", len(gone))


def read_survivors_again(sources: Sources, paths: Sequence[Path]) -> None:
    """Let the files be read again that give articles of files that are gone from ``paths``: the index may
    hold the version of the file that is gone, and its name."""
    with sources.transaction():
        for source in sources.all():
            if _is_gone(Path(source.path), paths):
                for path in {path for id in sources.ids(source.path) for path in sources.paths(id)}:
                    sources.mark_changed(path)


def _is_gone(path: Path, roots: Sequence[Path]) -> bool:
    return is_under(path, roots) and not path.exists()


def _emptied(roots: Iterable[Path], lost: Iterable[str], present: Collection[Path]) -> bool:
    """Whether of one of the folders every file is gone; a file that was named itself may be."""
    for root in roots:
        had_files = any(is_under(Path(path), [root]) for path in lost if Path(path) != root.absolute())
        if had_files and not any(is_under(path, [root]) for path in present):
            return True
    return False
