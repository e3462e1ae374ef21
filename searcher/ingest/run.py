"""What a run of loading has done so far, and the batch that waits to be committed."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from searcher.article import Article
from searcher.engines.base import Engine, Writer
from searcher.ingest.duplicates.stories import link
from searcher.ingest.duplicates.versions import Version
from searcher.ingest.pipeline import Piece, Problem
from searcher.ingest.sources import Ledger, Source

__all__ = ["Progress", "Report", "Run"]

#: A batch is committed at this many articles, or after so many seconds with anything in it: what a crash
#: may cost is at most that.
BATCH_ARTICLES, BATCH_SECONDS = 5000, 10.0


@dataclass(frozen=True, slots=True)
class Progress:
    """``files`` of ``total`` files are done and have given ``articles`` articles; ``path`` is the last."""

    files: int
    total: int
    articles: int
    path: Path


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did, in articles; ``failed`` lists ``(origin, reason)``.

    ``unchanged`` were in the index already, just so or in a fuller version from another file.
    ``removed`` are gone because their file, or their place in it, is. ``kept`` articles were carried over
    by a rebuild because no file gives them any more.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    kept: int = 0
    files: int = 0
    failed: tuple[Problem, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "added": self.added,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "removed": self.removed,
            "kept": self.kept,
            "files": self.files,
            "failed": [{"origin": origin, "error": error} for origin, error in self.failed],
        }


@dataclass(slots=True)
class Run:
    """What has happened so far, and the batch that waits to be committed."""

    engine: Engine
    ledger: Ledger
    total: int
    progress: Callable[[Progress], None] | None
    anew: bool = False  # what the index holds is to be replaced
    report: Report = field(default_factory=Report)
    waiting: list[Article] = field(default_factory=list)
    finished: list[tuple[Source, tuple[str, ...]]] = field(default_factory=list)
    pending: dict[str, Version] = field(default_factory=dict)  # what the ledger does not know yet, by id
    given: dict[Path, list[str]] = field(default_factory=dict)  # ids of files not yet read to their end
    since: float = field(default_factory=time.monotonic)

    def take(self, piece: Piece, source: Source, deleted: frozenset[str]) -> None:
        """Note what a piece says; the caller commits when the batch is full."""
        ids = self.given.setdefault(piece.path, [])
        with self.ledger.together():
            ids += [
                self.settle(article, piece.path) for article in piece.articles if article.id not in deleted
            ]
        ids += piece.unchanged
        self.count(unchanged=len(piece.unchanged), failed=piece.problems)
        if piece.done:
            self.finished.append((source, tuple(self.given.pop(piece.path))))
        if piece.done or piece.failed:
            self.count(files=1)
        if self.progress:
            done = self.report
            articles_so_far = done.added + done.updated + done.unchanged + len(self.waiting)
            self.progress(Progress(done.files, self.total, articles_so_far, piece.path))

    def settle(self, article: Article, path: Path) -> str:
        """Have the article wait for the next commit, and return its id: one of its own where another file
        gives another article that id (both may number their records from 1). The same article in two
        files stays one, in its fuller version."""
        own, read = Version.of(article), self.pending.get(article.id)
        other = read or self.indexed(article.id, path)
        if other is not None and other.origin != own.origin:
            if not own.same_article(other):
                digest = hashlib.sha256(os.fsencode(path)).hexdigest()
                article = replace(article, id=f"{article.id}-{digest[:6]}")
            elif other.fuller_than(own) and (read or not self.anew):
                self.count(unchanged=1)
                return article.id
        self.pending[article.id] = own
        self.waiting.append(article)
        return article.id

    def indexed(self, id: str, path: Path) -> Version | None:
        """The article of that id as another file gave it to the index."""
        held = self.engine.get(id) if self.ledger.others(id, str(path)) else None
        return Version.of(held) if held else None

    def count(self, *, failed: tuple[Problem, ...] = (), **more: int) -> None:
        sums = {name: getattr(self.report, name) + number for name, number in more.items()}
        self.report = replace(self.report, failed=self.report.failed + failed, **sums)

    @property
    def full(self) -> bool:
        late = time.monotonic() - self.since > BATCH_SECONDS
        return len(self.waiting) >= BATCH_ARTICLES or (late and bool(self.waiting or self.finished))

    def commit(self) -> None:
        """Put the batch into the index, then into the ledger: a crash between the two costs only time."""
        with self.ledger.together():
            gone = frozenset().union(
                *(self.ledger.orphans(source.path, ids) for source, ids in self.finished)
            )
        self._write(gone)
        with self.ledger.together():
            for source, ids in self.finished:
                self.ledger.record(source, ids)
        self.waiting, self.finished, self.since = [], [], time.monotonic()
        self.pending = {
            id: self.pending[id] for ids in self.given.values() for id in ids if id in self.pending
        }

    def _write(self, gone: frozenset[str]) -> None:
        ids = {article.id for article in self.waiting}
        gone -= ids
        if not ids and not gone:
            return
        old = sum(map(self.engine.contains, ids))
        with self.engine.writer() as writer:
            self.write(writer)
            for id in sorted(gone):
                writer.delete(id)
        self.count(added=len(ids) - old, updated=old, removed=len(gone))

    def write(self, writer: Writer, *, fresh: bool = False) -> frozenset[str]:
        """Hand what waits to the writer, each article linked to its story. Returns the ids."""
        for article in link(self.ledger.folder, self.waiting, fresh=fresh):
            writer.add(article)
        ids = frozenset(article.id for article in self.waiting)
        self.waiting.clear()
        return ids
