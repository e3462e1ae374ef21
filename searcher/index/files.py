"""The files that were loaded into an index: their articles, what could not be read, and what was deleted."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from searcher.index.session import Session
from searcher.query.arguments import as_list, check_workers

if TYPE_CHECKING:
    # Searches do not need these.
    from searcher.ingest.loader import LoadArguments
    from searcher.ingest.report import Problem, Progress, Report


class Files:
    """The files of an index (:attr:`Index.files`)."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def paths_of(self, id: str) -> frozenset[str]:
        """Return the paths of the files that contain an article."""
        return self._session.records().sources.paths(id)

    def ids_of(self, path: str | Path) -> frozenset[str]:
        """Return the ids of the articles in a file. Give its path as it was loaded."""
        return self._session.records().sources.ids(str(path))

    def problems(self, *, repeated: bool = False) -> tuple[Problem, ...]:
        """Return what is missing from the index, and why: unreadable files and parts of files, files that no
        reader supports, and articles whose text is doubtful. Files that no longer exist are left out.

        With ``repeated``, return the articles that were taken for copies of others instead.
        """
        problems = self._session.records().sources.problems()
        selected = (problem for problem in problems if problem.kind.names_another_article is repeated)
        return tuple(problem for problem in selected if os.path.lexists(problem.path))

    def resume_load(
        self,
        *,
        prune_all: bool = False,
        workers: int | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> Report | None:
        """Continue the last :meth:`Index.load` if it was interrupted. Return None if it was not.

        Articles that were committed are not read or annotated again. Raises IndexLocked.
        """
        from searcher.ingest import loader

        arguments: LoadArguments = {
            "prune_all": prune_all, "workers": check_workers(workers), "progress": progress
        }  # fmt: skip
        return loader.resume(self._session.engine, self._session.records(), arguments)

    def deleted_ids(self) -> frozenset[str]:
        """Return the ids of deleted articles, which loading and rebuilding leave out."""
        return self._session.records().sources.deleted()

    def restore(self, ids: str | Iterable[str]) -> int:
        """Allow deleted articles in the index again and return their number.

        :meth:`Index.rebuild` then adds those whose file still exists.
        """
        from searcher.records.log import ARTICLE, Log, LogEntry

        records = self._session.records()
        restored = records.sources.deleted().intersection(as_list(ids))
        with records.store.transaction():
            records.sources.undelete(restored)
            entries = (LogEntry(ARTICLE, id, "deleted", added=False) for id in sorted(restored))
            Log(records.store).record(entries)
        records.push()
        return len(restored)
